"""What changes passwords: a link by mail, one's own choice; each ends the sign-ins and links that were open."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from elearn import audit, clock, mail, throttle
from elearn.accounts import account_queries, address_service, letters, queries, service
from elearn.accounts.credentials import password_matches
from elearn.accounts.models import OneTimeLink, Person, SignIn
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Invalid

#: A link sent by mail: long enough for a slow mail server, short enough for a mailbox that is left open.
RESET_LASTS = timedelta(hours=6)
#: Asking for a link, by whichever name, and from one remote address.
ASKS_PER_NAME = 3
ASKS_PER_REMOTE = 100
#: Typing the present password again while signed in.
PASSWORDS_PER_PERSON = 10


def ask_for_link(name_or_address: str, *, remote: str) -> None:
    """Have a link to choose a new password mailed to who has this name or address; unknown ones are answered alike, after as much work.

    An address gets it itself: it is its verified owner's, else that of whoever claimed it first. For a sign-in name it goes to the
    person's first verified address, else to the first they gave.
    """
    name = service.kept_address(name_or_address)
    throttle.spend("forgotten-from", remote, limit=ASKS_PER_REMOTE, window=service.TRIES_WINDOW)
    throttle.spend("forgotten", name, limit=ASKS_PER_NAME, window=service.TRIES_WINDOW)
    person = queries.person_to_sign_in(name)
    claims = account_queries.claims_of(person.id if person else 0)
    address = next((claim.address for claim in claims if "@" not in name or claim.address == name), None)
    if any(claim.verified_at for claim in claims) and not any(claim.verified_at for claim in claims if claim.address == address):
        # Who has shown one address to be theirs gets no link at another: its reader would share the account with them.
        address = None
    person_id, language = (person.id, person.language) if person else (0, "")
    if not address_service.may_write_to(address or name, "set-password") or address is None:
        # A link is one durable write: so is this.
        throttle.spend("forgotten-in-vain", name, limit=ASKS_PER_NAME * 2, window=service.TRIES_WINDOW)
        return
    token = service.make_one_time_link(person_id, address=address, lasts=RESET_LASTS)
    hours = int(RESET_LASTS.total_seconds()) // 3600
    mail.post([letters.set_password(address, token, hours, person_id=person_id, language=language)], about="set-password")


def set_password_by_link(token: str, password_hash: str) -> Person:
    """Return the person whose password is now the one hashed; the address that the link was sent to is theirs with it.

    Raise Invalid where the link is used, expired or unknown, and Conflict where the address has become somebody else's.
    """
    person_id, address = service.take_one_time_link(token, "set-password")
    if address is not None:
        address_service.confirm_address(person_id, address)
    person = db.session.get_one(Person, person_id)
    _set(person, password_hash)
    db.session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=clock.now()))
    audit.record("set-password", "person", person_id, actor_id=person_id)
    return person


def check_current_password(visitor: Visitor, password: str, field: str) -> None:
    """Raise Invalid, naming ``field``, where this is not the visitor's password; every try is counted."""
    throttle.spend("password-again", str(visitor.id), limit=PASSWORDS_PER_PERSON, window=service.TRIES_WINDOW)
    hashed = db.session.get_one(Person, visitor.id).password_hash
    # Nobody else's writing waits for the hashing.
    db.session.rollback()
    if not password_matches(password, hashed):
        message = _("This is not your present password.")
        raise Invalid(message, {field: message})


def change_password(visitor: Visitor, password_hash: str) -> None:
    """Leave the visitor with a new password, signed in here and nowhere else."""
    _set(db.session.get_one(Person, visitor.id), password_hash)
    end_other_sign_ins(visitor)
    audit.record("change-password", "person", visitor.id, actor_id=visitor.id)


def _set(person: Person, password_hash: str) -> None:
    at = clock.now()
    person.password_hash = password_hash
    db.session.execute(update(OneTimeLink).where(OneTimeLink.person_id == person.id, OneTimeLink.used_at.is_(None)).values(used_at=at))
    mail.post(
        letters.password_changed(address, person_id=person.id, language=person.language)
        for address in account_queries.verified_addresses_of(person.id)
    )


def end_other_sign_ins(visitor: Visitor) -> int:
    """End every sign-in of the visitor but this one; return how many there were."""
    theirs = update(SignIn).where(SignIn.person_id == visitor.id, SignIn.id != visitor.sign_in_id, account_queries.is_open())
    return len(db.session.execute(theirs.values(ended_at=clock.now()).returning(SignIn.id)).all())
