"""What changes people, memberships and sign-ins."""

import re
import unicodedata
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from elearn import audit, cache, clock, mail, throttle
from elearn.accounts import account_queries, letters, queries
from elearn.accounts.credentials import digest_of_token, hash_password, needs_rehash, new_token, password_matches
from elearn.accounts.models import (
    EmailAddress,
    InstallationMark,
    Institution,
    Membership,
    OneTimeLink,
    Person,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from elearn.accounts.permissions import AT_AN_INSTITUTION, Role, Visitor
from elearn.db import after_commit, db, insert
from elearn.errors import Conflict, Invalid

INSTITUTION_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
LONGEST_ADDRESS = 254
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
#: Somebody who walks away from a shared computer is signed out the same day.
SIGNED_IN_FOR = timedelta(hours=12)
REMEMBERED_FOR = timedelta(days=30)
LINK_LASTS = timedelta(days=7)

TRIES_PER_ACCOUNT = 10
#: Only failures count: a lecture hall, or a country's mobile network, has one address.
TRIES_PER_ADDRESS = 100
SIGN_UPS_PER_ADDRESS = 2000
TRIES_WINDOW = timedelta(minutes=10)


def authenticate(name_or_address: str, password: str, *, remote: str) -> Person:
    """Return the person who signs in with these; raise Invalid (the same for unknown and wrong) or TooMany.

    Every try is counted for the account named, and every failure for the address it comes from. The address is judged first, so that
    one which guesses cannot lock people out of their accounts. Nothing is written but the counts.
    """
    throttle.check("sign-in-from", remote, limit=TRIES_PER_ADDRESS, window=TRIES_WINDOW)
    person = person_with_password(name_or_address, password)
    if person is None:
        throttle.spend("sign-in-from", remote, limit=TRIES_PER_ADDRESS, window=TRIES_WINDOW)
        message = _("The name or the password is not right.")
        raise Invalid(message, {"password": message})
    return person


def person_with_password(name_or_address: str, password: str, *, may_match: bool = True) -> Person | None:
    """Return the person who signs in with these; one try is counted for the account, by whichever of its names; raise TooMany.

    The work is the same for known and unknown names; ``may_match``: False does it in vain.
    """
    name = kept_address(name_or_address)
    person = queries.person_to_sign_in(name)
    person_id, hashed = (person.id, person.password_hash) if person else (None, "")
    throttle.spend("sign-in", str(person_id or name), limit=TRIES_PER_ACCOUNT, window=TRIES_WINDOW)
    # Hashing takes a tenth of a second of processor time: no one else's writing waits for it.
    db.session.rollback()
    is_right = password_matches(password, hashed if may_match else "")
    return db.session.get_one(Person, person_id) if person_id and is_right else None


def begin_sign_in(person: Person, *, user_agent: str, remember: bool, second_factor: bool = False) -> Visitor:
    """Return the visitor whose token, kept in the cookie, is a new sign-in of ``person``; ``second_factor``: it was shown."""
    at = clock.now()
    token = new_token()
    db.session.add(
        SignIn(
            person_id=person.id,
            token_digest=digest_of_token(token),
            user_agent=user_agent[:200],
            began_at=at,
            expires_at=at + (REMEMBERED_FOR if remember else SIGNED_IN_FOR),
            second_factor_at=at if second_factor else None,
        ),
    )
    db.session.flush()
    return Visitor(person.id, person.name, person.language, person.timezone, token=token)


def rehash_if_weak(person: Person, password: str) -> None:
    """Leave ``person`` with a hash of today's strength."""
    if needs_rehash(person.password_hash):
        person.password_hash = hash_password(password)


def end_sign_in(visitor: Visitor) -> None:
    """End this sign-in on the server."""
    db.session.execute(update(SignIn).where(SignIn.id == visitor.sign_in_id).values(ended_at=clock.now()))


def check_password(password: str) -> None:
    """Raise Invalid, naming the field, where ``password`` is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = _("Use %(least)d to %(most)d characters.", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
        raise Invalid(message, {"password": message})


def kept_address(typed: str | None) -> str:
    """Return an address or sign-in name as it is kept and looked for."""
    return unicodedata.normalize("NFC", (typed or "").strip().lower())


def sign_up(
    *,
    name: str,
    email: str,
    password_hash: str,
    role: Role | None,
    institution_id: int | None,
    at: datetime | None = None,
    is_demonstration: bool = False,
    is_verified: bool = False,
) -> Person:
    """Return a new person; a role at an institution is asked for, and waits there for a coordinator.

    A student needs no confirmation: a class's code says enough. The address is a claim until its reader shows that it is theirs; an
    account is made whether or not somebody has it, so that nobody learns who is here by signing up. ``is_verified``: an operator vouches
    for the address, and then it may not be somebody's.
    """
    at = at or clock.now()
    address = kept_address(email)
    if len(address) > LONGEST_ADDRESS:
        message = _("Use an address of at most %(most)d characters.", most=LONGEST_ADDRESS)
        raise Invalid(message, {"email": message})
    if is_verified and queries.verified_owner(address):
        raise _address_is_taken()
    person = Person(name=" ".join(name.split()), password_hash=password_hash, created_at=at, is_demonstration=is_demonstration)
    db.session.add(person)
    db.session.flush()
    claim = insert(EmailAddress).values(person_id=person.id, address=address, verified_at=at if is_verified else None)
    if db.session.scalar(claim.on_conflict_do_nothing().returning(EmailAddress.id)) is None:
        # Somebody was faster since we looked.
        raise _address_is_taken()
    if role is not None:
        if role not in AT_AN_INSTITUTION or institution_id is None:
            message = _("Choose an institution.")
            raise Invalid(message, {"institution": message})
        add_membership(person.id, role, institution_id=institution_id, state="requested", at=at)
    db.session.flush()
    return person


def _address_is_taken() -> Invalid:
    message = _("There is an account with this address. Sign in, or use another address.")
    return Invalid(message, {"email": message})


def add_membership(
    person_id: int,
    role: Role,
    *,
    institution_id: int | None = None,
    region: str | None = None,
    state: str = "confirmed",
    decided_by_id: int | None = None,
    at: datetime | None = None,
) -> Membership:
    """Return a new membership, begun now."""
    at = at or clock.now()
    membership = Membership(
        person_id=person_id,
        institution_id=institution_id,
        role=role.value,
        region=region,
        state=state,
        began_at=at,
        decided_by_id=decided_by_id,
        decided_at=at if state == "confirmed" else None,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def make_one_time_link(person_id: int, *, purpose: str = "set-password", address: str | None = None, lasts: timedelta = LINK_LASTS) -> str:
    """Return the token of a link that works once: for its ``purpose``, and to show that the ``address`` it goes to is the person's."""
    at = clock.now()
    token = new_token()
    db.session.add(
        OneTimeLink(
            person_id=person_id,
            purpose=purpose,
            address=address,
            token_digest=digest_of_token(token),
            made_at=at,
            expires_at=at + lasts,
        ),
    )
    return token


def take_one_time_link(token: str, purpose: str) -> tuple[int, str | None]:
    """Return the person of the link and the address it was sent to, once; raise Invalid where it is used, expired or unknown."""
    link = account_queries.open_link(token, purpose)
    link_id, person_id, address = (link.id, link.person_id, link.address) if link else (None, 0, None)
    used = update(OneTimeLink).where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None)).values(used_at=clock.now())
    # Of two at once, one changes the row.
    if db.session.execute(used.returning(OneTimeLink.id)).scalar() is None:
        raise Invalid(_("This link has been used, or it is too old. Ask for a new one."))
    return person_id, address


def remove_second_factor(person_id: int, by: int | None, *, institution_id: int | None = None) -> None:
    """Leave the person without a second factor; roles that want one give nothing until there is a new one. ``by`` None: the operator."""
    removed = delete(SecondFactor).where(SecondFactor.person_id == person_id).returning(SecondFactor.person_id)
    if db.session.execute(removed).scalar() is None:
        raise Conflict(_("There is no second factor to remove."))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.execute(update(SignIn).where(SignIn.person_id == person_id).values(second_factor_at=None))
    audit.record("remove-second-factor", "person", person_id, actor_id=by, institution_id=institution_id)
    language = db.session.get_one(Person, person_id).language
    mail.post(
        letters.second_factor_changed(address, is_on=False, person_id=person_id, language=language)
        for address in account_queries.verified_addresses_of(person_id)
    )


def check_institution_code(code: str) -> None:
    """Raise Invalid, naming the field, where ``code`` could not stand in addresses, file names and headers."""
    if not INSTITUTION_CODE.fullmatch(code):
        message = _("A code is made of at most 40 letters from A to Z, digits and hyphens.")
        raise Invalid(message, {"code": message})


def add_institution(**attributes: object) -> Institution:
    """Return a new institution with these attributes; raise Invalid when its code is taken or cannot be one."""
    check_institution_code(str(attributes["code"]))
    if queries.institution_with_code(str(attributes["code"])):
        raise Invalid(_("There is an institution with the code %(code)s.", code=attributes["code"]))
    institution = Institution(created_at=clock.now(), **attributes)
    db.session.add(institution)
    db.session.flush()
    return institution


def mark_as_demonstration() -> None:
    """Leave the database marked: every page, export and report says so from now on."""
    db.session.add(InstallationMark(key=queries.DEMONSTRATION, value="1"))
    after_commit(lambda: cache.forget_recent(queries.DEMONSTRATION))


def is_demonstration() -> bool:
    """Return whether this database is marked as a demonstration, as it was at most a minute ago."""
    return queries.recent_demonstration()
