"""What changes a person's second factor, and what takes its codes. Removing it is in ``service``: others may, too."""

from datetime import timedelta
from typing import NoReturn

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select, update

from elearn import audit, clock, mail, throttle
from elearn.accounts import account_queries, letters, second_factor, service
from elearn.accounts.models import Person, RecoveryCode, SecondFactor, SignIn
from elearn.accounts.permissions import Visitor
from elearn.db import db, insert
from elearn.errors import Conflict, Invalid

#: Six digits of which three count at any time: a day's tries guess right once in 6,000 such days.
CODES_PER_PERSON = 10
CODES_PER_DAY = 50
A_DAY = timedelta(days=1)


def secret(held: SecondFactor) -> str:
    """Return what an app and we share."""
    return second_factor.secret_of(held.nonce, current_app.config["SECRET_KEY"])


def begin_second_factor(person_id: int) -> None:
    """Leave a new authenticator to be set up; raise Conflict where one is in use."""
    held = account_queries.second_factor_of(person_id)
    if held is not None and held.confirmed_at:
        raise Conflict(_("You have set up a second factor already."))
    begun = {"nonce": second_factor.new_nonce(), "begun_at": clock.now()}
    statement = insert(SecondFactor).values(person_id=person_id, **begun)
    # Somebody may confirm theirs at this moment, in another window: that one stays.
    again = statement.on_conflict_do_update(index_elements=["person_id"], set_=begun, where=SecondFactor.confirmed_at.is_(None))
    db.session.execute(again)


def confirm_second_factor(visitor: Visitor, code: str, *, remote: str) -> list[str]:
    """Have sign-ins ask for codes from now on, this one having shown one; return the recovery codes, which are shown once."""
    _count(visitor.id, remote)
    held = account_queries.second_factor_of(visitor.id)
    if held is None or held.confirmed_at:
        raise Conflict(_("There is nothing to confirm. Begin again on the page of your second factor."))
    at = clock.now()
    step = second_factor.step_of(second_factor.typed_code(code), secret(held), at, None)
    if step is None:
        _refuse(remote)
    confirmed = (
        update(SecondFactor)
        .where(SecondFactor.person_id == visitor.id, SecondFactor.nonce == held.nonce, SecondFactor.confirmed_at.is_(None))
        .values(confirmed_at=at, last_step=step)
    )
    if db.session.execute(confirmed.returning(SecondFactor.person_id)).scalar() is None:
        raise Conflict(_("You have set up a second factor already."))
    _mark_shown(visitor.sign_in_id)
    audit.record("set-up-second-factor", "person", visitor.id, actor_id=visitor.id)
    language = db.session.get_one(Person, visitor.id).language
    mail.post(
        letters.second_factor_changed(address, is_on=True, person_id=visitor.id, language=language)
        for address in account_queries.verified_addresses_of(visitor.id)
    )
    return make_recovery_codes(visitor.id)


def make_recovery_codes(person_id: int) -> list[str]:
    """Return new recovery codes, to be shown once; earlier ones are worth nothing any more."""
    # Of two who make new ones at once, the second one's stay.
    db.session.execute(select(SecondFactor.person_id).where(SecondFactor.person_id == person_id).with_for_update())
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes, at = second_factor.new_recovery_codes(), clock.now()
    digests = [second_factor.digest_of_recovery_code(person_id, code) for code in codes]
    db.session.add_all(RecoveryCode(person_id=person_id, code_digest=digest, made_at=at) for digest in digests)
    db.session.flush()
    audit.record("make-recovery-codes", "person", person_id, actor_id=person_id)
    return codes


def take_code(person_id: int, code: str, *, remote: str) -> None:
    """Take a code of the person's authenticator, or one of their recovery codes, for good; raise Invalid where it is neither.

    Every try is counted for the person, every failure for the address it comes from.
    """
    _count(person_id, remote)
    typed = second_factor.typed_code(code)
    taken = _take_step(person_id, typed) if len(typed) == second_factor.DIGITS else _take_recovery_code(person_id, typed)
    if not taken:
        _refuse(remote)


def show_second_factor(visitor: Visitor, code: str, *, remote: str) -> None:
    """Have this sign-in, which began without a code, count as one that showed it."""
    take_code(visitor.id, code, remote=remote)
    _mark_shown(visitor.sign_in_id)


def _count(person_id: int, remote: str) -> None:
    throttle.check("second-factor-from", remote, limit=service.TRIES_PER_ADDRESS, window=service.TRIES_WINDOW)
    throttle.spend("second-factor", str(person_id), limit=CODES_PER_PERSON, window=service.TRIES_WINDOW)
    throttle.spend("second-factor-day", str(person_id), limit=CODES_PER_DAY, window=A_DAY)


def _refuse(remote: str) -> NoReturn:
    throttle.spend("second-factor-from", remote, limit=service.TRIES_PER_ADDRESS, window=service.TRIES_WINDOW)
    message = _("This code is not right, or it was used already. Wait until your app shows the next one, and look at your device's clock.")
    raise Invalid(message, {"code": message})


def _take_step(person_id: int, typed: str) -> bool:
    held = account_queries.second_factor_of(person_id)
    if held is None or not held.confirmed_at:
        return False
    step = second_factor.step_of(typed, secret(held), clock.now(), held.last_step)
    if step is None:
        return False
    later = or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step)
    # Of two who show the same code at the same moment, one has it.
    taken = update(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.nonce == held.nonce, later).values(last_step=step)
    return db.session.execute(taken.returning(SecondFactor.person_id)).scalar() is not None


def _take_recovery_code(person_id: int, typed: str) -> bool:
    digest = second_factor.digest_of_recovery_code(person_id, typed)
    unused = (RecoveryCode.person_id == person_id) & (RecoveryCode.code_digest == digest) & RecoveryCode.used_at.is_(None)
    used = update(RecoveryCode).where(unused).values(used_at=clock.now()).returning(RecoveryCode.id)
    if db.session.execute(used).scalar() is None:
        return False
    audit.record("use-recovery-code", "person", person_id, actor_id=person_id)
    return True


def _mark_shown(sign_in_id: int | None) -> None:
    db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(second_factor_at=clock.now()))
