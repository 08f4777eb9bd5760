"""What changes a person's addresses: claims, and the confirmations that make them theirs."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update

from elearn import audit, clock, mail, throttle
from elearn.accounts import account_queries, letters, queries, service
from elearn.accounts.acts import AddressVerified
from elearn.accounts.models import EmailAddress, Person
from elearn.db import db, dialect, note
from elearn.errors import Conflict, Invalid, TooMany

MOST_ADDRESSES = 5
#: Mails that strangers can have us send to one address: by signing up, by asking for a confirmation or a new password.
MAILS_PER_ADDRESS = 5
MAILS_WINDOW = timedelta(hours=1)
#: Namespace of our advisory locks.
ADDRESSES = 7201


def lock_address(address: str) -> None:
    """Have everybody else who claims or confirms ``address`` wait until this unit of work ends; SQLite has one writer anyway."""
    if dialect() == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ADDRESSES, func.hashtext(address))))


def may_write_to(address: str, about: str) -> bool:
    """Count one mail to ``address`` and return whether it is within what one address gets; call it before anything is changed."""
    try:
        throttle.spend("mail-to", f"{about}:{address}", limit=MAILS_PER_ADDRESS, window=MAILS_WINDOW)
    except TooMany:
        return False
    return True


def send_confirmation(person_id: int, address: str) -> bool:
    """Have the link that confirms ``address`` sent to it; return False where no mail leaves."""
    if not mail.is_set_up():
        return False
    token = service.make_one_time_link(person_id, purpose="verify-address", address=address)
    language = db.session.get_one(Person, person_id).language
    mail.post([letters.confirm_address(address, token, person_id=person_id, language=language)], about="verify-address")
    return True


def add_address(person_id: int, address: str) -> None:
    """Leave ``address`` among the person's as a claim; raise Invalid where it is there already, or they are too many."""
    _lock_person(person_id)
    theirs = account_queries.claims_of(person_id)
    if any(claim.address == address for claim in theirs):
        message = _("This address stands in your list already.")
        raise Invalid(message, {"email": message})
    if len(theirs) >= MOST_ADDRESSES:
        message = _("You can have at most %(most)d addresses. Remove one first.", most=MOST_ADDRESSES)
        raise Invalid(message, {"email": message})
    db.session.add(EmailAddress(person_id=person_id, address=address))
    db.session.flush()
    audit.record("add-address", "person", person_id, actor_id=person_id)


def _lock_person(person_id: int) -> Person:
    """Return the person, locked, so that what is counted of theirs stays so."""
    return db.session.scalars(select(Person).where(Person.id == person_id).with_for_update(key_share=True)).one()


def remove_address(claim: EmailAddress) -> None:
    """Take an address from its person; raise Conflict where they could no longer sign in, or choose a new password, without it."""
    person = _lock_person(claim.person_id)
    others = [other for other in account_queries.claims_of(person.id) if other.id != claim.id]
    if claim.verified_at:
        others = [other for other in others if other.verified_at]
    if not others and not person.sign_in_name:
        raise Conflict(
            _("You need this address to sign in. Add another one and confirm it, or choose a sign-in name, before you remove this one."),
        )
    if claim.verified_at:
        _tell(person, removed=claim.address)
    db.session.execute(delete(EmailAddress).where(EmailAddress.id == claim.id))
    audit.record("remove-address", "person", person.id, actor_id=person.id)


def restore_address(person_id: int, address: str, verified_at: datetime | None) -> None:
    """Put an address back that was just removed, confirmed as it was; raise Conflict where somebody else has it now."""
    lock_address(address)
    add_address(person_id, address)
    if verified_at:
        _make_theirs(person_id, address, verified_at)


def confirm_address(person_id: int, address: str) -> None:
    """Leave ``address`` the person's alone; raise Conflict where it is somebody else's, or no longer among the person's."""
    lock_address(address)
    if _make_theirs(person_id, address, clock.now()):
        _tell(db.session.get_one(Person, person_id), added=address)
        note(AddressVerified(person_id, address))
        audit.record("verify-address", "person", person_id, actor_id=person_id)


def _make_theirs(person_id: int, address: str, at: datetime) -> bool:
    """Return whether the address was not the person's before; call it with the address locked."""
    owner = queries.verified_owner(address)
    if owner is not None and owner.id != person_id:
        raise Conflict(_("This address has been confirmed for another account. Sign in to that one, or use another address here."))
    if owner is not None:
        return False
    theirs = update(EmailAddress).where(EmailAddress.person_id == person_id, EmailAddress.address == address).values(verified_at=at)
    if db.session.execute(theirs.returning(EmailAddress.id)).scalar() is None:
        raise Conflict(_("This address is no longer in your account. Add it again on the page of your addresses."))
    db.session.execute(delete(EmailAddress).where(EmailAddress.address == address, EmailAddress.person_id != person_id))
    return True


def _tell(person: Person, *, added: str = "", removed: str = "") -> None:
    """Have the person's confirmed addresses, save one that was just added, told of a change."""
    told = [address for address in account_queries.verified_addresses_of(person.id) if address != added]
    mail.post(letters.addresses_changed(address, added, removed, person_id=person.id, language=person.language) for address in told)
