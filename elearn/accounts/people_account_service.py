"""What those who look after accounts change of other people's: deactivating, reactivating, and ways back in."""

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from elearn import audit, clock, mail
from elearn.accounts import people_queries as queries
from elearn.accounts.credentials import digest_of_token, new_token
from elearn.accounts.models import EmailAddress, Membership, OneTimeLink, Person, SignIn
from elearn.accounts.notices import body, tell
from elearn.accounts.people_service import check_can_leave
from elearn.accounts.permissions import Visitor
from elearn.accounts.service import LINK_LASTS, sign_up
from elearn.accounts.service import remove_second_factor as take_second_factor
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotAllowed


def deactivate(person: Person, visitor: Visitor) -> None:
    """Keep the person out from now on: their sign-ins end, their roles stay as they are; never the last coordinator of a place."""
    _check_other(person, visitor)
    check_can_leave(person.id)
    _lock(person)
    if person.deactivated_at is not None:
        raise Conflict(_("The account is deactivated already."))
    person.deactivated_at = clock.now()
    end_sign_ins(person.id)
    _record("deactivate-account", person, visitor)


def reactivate(person: Person, visitor: Visitor) -> None:
    """Let the person sign in again, with the password and the roles they had."""
    _lock(person)
    if person.deactivated_at is None:
        raise Conflict(_("The account works: it is not deactivated."))
    person.deactivated_at = None
    _record("reactivate-account", person, visitor)
    _tell(person, _("Your account works again"), _("%(name)s has reactivated your account. You can sign in again.", name=visitor.name))


def make_link(person: Person, visitor: Visitor) -> str:
    """Return the token of a link with which the person chooses a password, once; told by mail to them, and not for somebody above."""
    _check_other(person, visitor)
    _check_works(person)
    if queries.rank_of(person.id) > queries.rank_of(visitor.id):
        raise NotAllowed(_("This person holds a higher role than you. Somebody who holds that role too can help them."))
    token = _new_link(person.id, None)
    _record("make-password-link", person, visitor)
    words = _(
        "%(name)s made a one-time link with which you can choose a new password, and will hand it to you. "
        "If you did not ask for it, tell them at once.",
        name=visitor.name,
    )
    _tell(person, _("A link to choose a new password was made"), words)
    return token


def remove_second_factor(person: Person, visitor: Visitor) -> None:
    """Take away the second factor of somebody who lost it; they sign in with their password and set a new one up."""
    _check_other(person, visitor)
    if queries.rank_of(person.id) > queries.rank_of(visitor.id):
        raise NotAllowed(_("This person holds a higher role than you. Somebody who holds that role too can help them."))
    take_second_factor(person.id, visitor.id, institution_id=_places(person)[0])
    # Whoever found the lost device may be signed in on it.
    end_sign_ins(person.id)


def invite(name: str, address: str) -> tuple[Person, str, bool]:
    """Return a new person, the token of a link with which they choose their password, and whether it goes out by mail to the address.

    Using a link that was mailed shows that the address is theirs; one that is handed over shows nothing.
    """
    person = sign_up(name=name, email=address, password_hash="", role=None, institution_id=None)
    token = _new_link(person.id, address if mail.is_set_up() else None)
    return person, token, mail.is_set_up()


def send_invitation(person: Person, address: str, token: str, words: str) -> bool:
    """Write the link of a new account to its address; return whether a mail goes out."""
    subject = _("Your account at %(site)s", site=current_app.config["SITE_NAME"])
    days = _("This link lets you choose your password. It works once, for %(days)d days.", days=LINK_LASTS.days)
    text = body(person.name, words, days, path=f"/set-password/{token}")
    return mail.post([mail.Letter(address, subject, text, person.id)], about="invitation", about_id=person.id) > 0


def end_sign_ins(person_id: int) -> None:
    """End every sign-in of the person."""
    db.session.execute(update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=clock.now()))


def owner_of(address: str) -> Person | None:
    """Return the verified owner of an address, locked; raise Invalid where their account does not work."""
    person = db.session.scalars(
        select(Person)
        .join(EmailAddress, EmailAddress.person_id == Person.id)
        .where(EmailAddress.address == address, EmailAddress.verified_at.is_not(None))
        .with_for_update(key_share=True, of=Person),
    ).first()
    if person is not None and person.deactivated_at is not None:
        message = _("The account with this address is deactivated; the programme can reactivate it.")
        raise Invalid(message, {"email": message})
    return person


def _new_link(person_id: int, address: str | None) -> str:
    at, token = clock.now(), new_token()
    db.session.add(
        OneTimeLink(person_id=person_id, address=address, token_digest=digest_of_token(token), made_at=at, expires_at=at + LINK_LASTS),
    )
    db.session.flush()
    return token


def _lock(person: Person) -> None:
    db.session.refresh(person, with_for_update={"key_share": True})


def _check_other(person: Person, visitor: Visitor) -> None:
    if person.id == visitor.id:
        raise NotAllowed(_("This is your own account: see “Your account”, or ask another programme coordinator."))


def _check_works(person: Person) -> None:
    if person.deactivated_at is not None:
        raise Conflict(_("The account is deactivated; it has to be reactivated first."))


def _places(person: Person) -> list[int | None]:
    """Return the institutions at which the person holds a role, whose coordinators may read what is done to the account; none: [None]."""
    held = select(Membership.institution_id).where(Membership.person_id == person.id, Membership.state == "confirmed")
    found = db.session.scalars(held.where(Membership.ended_at.is_(None), Membership.institution_id.is_not(None)).distinct())
    return [*found] or [None]


def _record(action: str, person: Person, visitor: Visitor) -> None:
    """Write an entry for each of these institutions."""
    for place in _places(person):
        audit.record(action, "person", person.id, actor_id=visitor.id, institution_id=place)


def _tell(person: Person, subject: str, words: str) -> bool:
    return tell(person.id, subject, words, about="person", about_id=person.id, path="/account")
