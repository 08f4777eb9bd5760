"""Signing up: the same answer whoever has the address, and one account however often the button is pressed."""

from dataclasses import dataclass
from datetime import timedelta

from elearn import clock, mail, throttle
from elearn.accounts import account_queries, address_service, institution_service, letters, queries, service
from elearn.accounts.credentials import password_matches
from elearn.accounts.models import Person
from elearn.accounts.permissions import Role
from elearn.db import db
from elearn.errors import TooMany

#: A second press of the same button comes so soon after the first.
SAME_PRESS = timedelta(minutes=2)
#: So many accounts of the last two minutes are tried for the same password.
MOST_TRIED = 3


@dataclass(frozen=True)
class NewInstitution:
    """What a professor says of an institution that is not listed."""

    name: str
    country: str
    kind: str


@dataclass(frozen=True)
class Wish:
    """What somebody asks for who signs up; with an institution, to teach there."""

    name: str
    address: str
    institution_id: int | None = None
    unlisted: NewInstitution | None = None


def known_person(address: str, password: str, *, remote: str) -> Person | None:
    """Return who has an account with this address and password already: they sign in instead; raise TooMany as at sign-in.

    Signing up is no second door for guesses: past what an address may fail at sign-in, it finds nobody any more. Every try counts there,
    known and unknown alike, so that the count tells nobody who is here.
    """
    try:
        throttle.spend("sign-up-match", remote, limit=service.TRIES_PER_ADDRESS, window=service.TRIES_WINDOW)
        may_match = True
    except TooMany:
        may_match = False
    return service.person_with_password(address, password, may_match=may_match)


def sign_up_once(wish: Wish, password: str, password_hash: str) -> Person:
    """Return the new person, or the one whom the same form made a moment ago; the address is told.

    An account is made whether or not somebody has the address. Then its reader is asked to confirm it, or, if it is somebody's, told
    that they have an account.
    """
    address = service.kept_address(wish.address)
    may_write = address_service.may_write_to(address, "sign-up")
    address_service.lock_address(address)
    for person in account_queries.recent_claimants(address, clock.now() - SAME_PRESS, MOST_TRIED):
        # Hashing here holds others up: but it is done only where the same address signed up just now.
        if password_matches(password, person.password_hash):
            return person
    person = service.sign_up(name=wish.name, email=address, password_hash=password_hash, role=None, institution_id=None)
    institution_id = wish.institution_id
    if wish.unlisted is not None:
        asked = wish.unlisted
        institution_id = institution_service.request_institution(
            person_id=person.id, name=asked.name, country=asked.country, kind=asked.kind
        ).id
    if institution_id is not None:
        service.add_membership(person.id, Role.PROFESSOR, institution_id=institution_id, state="requested")
    if may_write:
        _tell(person, address)
    return person


def _tell(person: Person, address: str) -> None:
    owner = queries.verified_owner(address)
    if owner is None:
        address_service.send_confirmation(person.id, address)
    else:
        mail.post([letters.already_here(address, person_id=owner.id, language=owner.language)], about="sign-up")
    db.session.flush()
