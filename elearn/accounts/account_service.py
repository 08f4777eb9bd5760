"""What changes one's own profile and sign-ins."""

import unicodedata
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from elearn import audit, clock, throttle
from elearn.accounts import account_queries, service
from elearn.accounts.models import Person, SignIn
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Invalid

SHORTEST_SIGN_IN_NAME = 3
LONGEST_SIGN_IN_NAME = 80
#: Sign-in names are everybody's to try: whether one is taken cannot be hidden, only asked slowly.
NAMES_PER_PERSON = 20


def kept_name(typed: str | None) -> str:
    """Return a person's name as it is kept: one space between words, no control characters; empty where nothing of it can be seen."""
    name = " ".join("".join(c for c in typed or "" if unicodedata.category(c) != "Cc" or c.isspace()).split())
    return name if any(unicodedata.category(c)[0] not in "CZM" for c in name) else ""


def kept_sign_in_name(typed: str | None) -> str:
    """Return a sign-in name as it is kept; raise Invalid, naming the field, where it cannot be one."""
    name = service.kept_address(typed)
    fits = SHORTEST_SIGN_IN_NAME <= len(name) <= LONGEST_SIGN_IN_NAME
    if not fits or not all(c.isalnum() or c in ".-_" for c in name) or not any(c.isalnum() for c in name):
        message = _(
            "Use %(least)d to %(most)d letters, digits, dots, hyphens and underscores, without spaces.",
            least=SHORTEST_SIGN_IN_NAME,
            most=LONGEST_SIGN_IN_NAME,
        )
        raise Invalid(message, {"sign_in_name": message})
    return name


def kept_timezone(typed: str | None) -> str:
    """Return an IANA time zone by its own name, however it was typed; empty stays so; raise Invalid where there is none."""
    wanted = "_".join((typed or "").split()).casefold()
    if not wanted:
        return ""
    for zone in available_timezones():
        if zone.casefold() == wanted:
            return zone
    message = _("There is no time zone of this name. Choose one from the list, such as Africa/Lagos or America/Lima.")
    raise Invalid(message, {"timezone": message})


def change_profile(visitor: Visitor, *, name: str, sign_in_name: str, language: str, timezone: str) -> None:
    """Leave the visitor with this profile; raise Invalid, naming the field, where something cannot be taken."""
    wanted = kept_sign_in_name(sign_in_name) if sign_in_name.strip() else None
    zone = kept_timezone(timezone)
    if wanted and wanted != db.session.get_one(Person, visitor.id).sign_in_name:
        throttle.spend("sign-in-name", str(visitor.id), limit=NAMES_PER_PERSON, window=service.TRIES_WINDOW)
    person = db.session.scalars(select(Person).where(Person.id == visitor.id).with_for_update(key_share=True)).one()
    if wanted is None and person.sign_in_name and not account_queries.claims_of(person.id):
        message = _("You have no address: without a sign-in name you could not sign in any more.")
        raise Invalid(message, {"sign_in_name": message})
    before = (person.name, person.sign_in_name, person.language, person.timezone)
    person.name, person.language, person.timezone = name, language, zone
    _name(person, wanted)
    fields = ("name", "sign_in_name", "language", "timezone")
    changed = [field for field, was in zip(fields, before, strict=True) if getattr(person, field) != was]
    if changed:
        audit.record("change-profile", "person", person.id, actor_id=person.id, details={"fields": changed})


def _name(person: Person, wanted: str | None) -> None:
    if wanted == person.sign_in_name:
        return
    if wanted and db.session.scalar(select(Person.id).where(Person.sign_in_name == wanted, Person.id != person.id)):
        raise _name_is_taken()
    db.session.flush()
    try:
        with db.session.begin_nested():
            person.sign_in_name = wanted
    except IntegrityError as error:
        # Somebody was faster since we looked.
        raise _name_is_taken() from error


def _name_is_taken() -> Invalid:
    message = _("Somebody has this sign-in name. Choose another one.")
    return Invalid(message, {"sign_in_name": message})


def end_sign_in(visitor: Visitor, sign_in: SignIn) -> None:
    """End one sign-in of the visitor's."""
    sign_in.ended_at = clock.now()
    audit.record("end-sign-in", "sign-in", sign_in.id, actor_id=visitor.id)
