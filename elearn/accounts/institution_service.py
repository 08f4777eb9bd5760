"""What changes the registry of institutions: adding, changing, asking for one that is not listed, and deciding on that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts import institution_queries as queries
from elearn.accounts.access import locked
from elearn.accounts.acts import InstitutionListed, InstitutionsMerged
from elearn.accounts.labels import role_names
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.notices import tell, with_word
from elearn.accounts.permissions import Role, Visitor
from elearn.accounts.service import check_institution_code
from elearn.countries import countries
from elearn.db import db, note
from elearn.errors import Conflict, Invalid

LONGEST_NAME = 200
#: Of which a change moves people's figures to another place.
PLACE = ("country", "parent_id")


def request_institution(*, person_id: int, name: str, country: str, kind: str = "university") -> Institution:
    """Return an institution that ``person_id`` asks to have listed; it is shown to nobody else until the programme adds it."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        message = _("Enter the name of your institution, with at most %(most)d characters.", most=LONGEST_NAME)
        raise Invalid(message, {"institution_name": message})
    if country not in countries():
        message = _("Choose the country of your institution.")
        raise Invalid(message, {"institution_country": message})
    institution = Institution(
        # Until the programme gives it one: unique, and nobody types it.
        code=f"requested-{person_id}-{clock.now():%Y%m%d%H%M%S%f}",
        name=name,
        kind=kind,
        country=country,
        state="requested",
        requested_by_id=person_id,
        created_at=clock.now(),
    )
    db.session.add(institution)
    db.session.flush()
    return institution


def add_listed(visitor: Visitor, attributes: Mapping[str, Any]) -> Institution:
    """Return a new institution of the registry with these attributes (``parent_code`` names its parent)."""
    institution = Institution(created_at=clock.now(), state="confirmed")
    _set(institution, attributes)
    db.session.add(institution)
    db.session.flush()
    details = {"code": institution.code}
    audit.record("add-institution", "institution", institution.id, actor_id=visitor.id, institution_id=institution.id, details=details)
    return institution


def change_institution(institution: Institution, visitor: Visitor, attributes: Mapping[str, Any]) -> bool:
    """Give an institution these attributes; return whether figures have to be counted again, since it moved to another place."""
    before = _shown(institution)
    place = [getattr(institution, name) for name in PLACE]
    _set(institution, attributes)
    changed = {name: [before[name], now] for name, now in _shown(institution).items() if now != before[name]}
    if changed:
        audit.record(
            "change-institution", "institution", institution.id, actor_id=visitor.id, institution_id=institution.id, details=changed
        )
    return place != [getattr(institution, name) for name in PLACE]


def _shown(institution: Institution) -> dict[str, Any]:
    """Return what can be changed of an institution, as the audit keeps it."""
    names = ("code", "name", "local_name", "kind", "country", "timezone", "ror_id", "domains", "parent_id", "opened_on", "closed_on")
    values = ((name, getattr(institution, name)) for name in names)
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values}


def _set(institution: Institution, attributes: Mapping[str, Any]) -> None:
    """Set the attributes given; raise Invalid, naming the field, where a code is taken or a parent cannot be one."""
    given = dict(attributes)
    if "code" in given and given["code"] != institution.code:
        check_institution_code(given["code"])
        other = queries.with_code(given["code"])
        if other is not None and other.id != institution.id:
            message = _("There is an institution with the code %(code)s.", code=given["code"])
            raise Invalid(message, {"code": message})
    if "parent_code" in given:
        given["parent_id"] = _parent(institution, given.pop("parent_code"))
    for name, value in given.items():
        setattr(institution, name, value)


def _parent(institution: Institution, code: str) -> int | None:
    """Return the number of the parent with this code, None for none; raise Invalid where it is not listed or stands under this one."""
    if not code:
        return None
    parent = queries.listed_with_code(code)
    if parent is None:
        message = _("There is no institution with the code %(code)s in the list.", code=code)
        raise Invalid(message, {"parent_code": message})
    if institution.id is not None and institution.id in queries.ancestors_of(parent.id):
        message = _("%(name)s is this institution, or stands under it: it cannot also stand above it.", name=parent.name)
        raise Invalid(message, {"parent_code": message})
    return parent.id


def list_requested(institution: Institution, visitor: Visitor, attributes: Mapping[str, Any], *, confirm: bool, word: str) -> bool:
    """Put an institution that somebody asked for into the registry; return whether they are told by mail.

    ``confirm``: with it, whoever asked is confirmed there in the role they asked for.
    """
    check_undecided(institution)
    _set(institution, attributes)
    at = _decide(institution, visitor, "confirmed", word)
    for membership in _asking(institution):
        membership.note = word
        if confirm and membership.person_id != visitor.id:
            _confirm(membership, visitor, at)
    db.session.flush()
    note(InstitutionListed(institution.id, institution.code))
    details = {"code": institution.code}
    audit.record("list-institution", "institution", institution.id, actor_id=visitor.id, institution_id=institution.id, details=details)
    return _tell(institution, visitor, _("%(name)s is listed now", name=institution.name), _closing(institution, institution))


def merge_requested(institution: Institution, into: Institution, visitor: Visitor, *, confirm: bool, word: str) -> bool:
    """Say that an institution that somebody asked for is one of the registry; return whether they are told by mail.

    Their membership, and (by the act noted) the courses and classes they prepared, belong to that one from now on.
    """
    check_undecided(institution)
    into = locked(into)
    if into.state != "confirmed" or into.id == institution.id:
        raise Conflict(_("The institution chosen is not in the list any more."))
    at = _decide(institution, visitor, "merged", word)
    institution.merged_into_id = into.id
    for membership in _asking(institution):
        kept = _moved(membership, into.id, visitor, at)
        kept.note = word
        if confirm and kept.state == "requested" and kept.person_id != visitor.id:
            _confirm(kept, visitor, at)
    db.session.flush()
    note(InstitutionsMerged(institution.id, into.id))
    audit.record("merge-institution", "institution", institution.id, actor_id=visitor.id, institution_id=into.id, details={"into": into.id})
    subject = _("%(name)s is in the list already", name=institution.name)
    listed = _("It is listed as %(name)s. What you have prepared belongs to it now.", name=into.name)
    return _tell(institution, visitor, subject, f"{listed} {_closing(institution, into)}")


def _moved(membership: Membership, into_id: int, visitor: Visitor, at: datetime) -> Membership:
    """Return the membership that stands at the other institution: this one, or the one that the person has there already."""
    known = db.session.scalars(
        select(Membership)
        .where(
            Membership.person_id == membership.person_id,
            Membership.institution_id == into_id,
            Membership.role == membership.role,
            Membership.ended_at.is_(None),
        )
        .with_for_update(),
    ).first()
    if known is None:
        membership.institution_id = into_id
        return membership
    membership.state, membership.ended_at, membership.ended_by_id = "declined", at, visitor.id
    membership.decided_by_id, membership.decided_at = visitor.id, at
    return known


def decline_requested(institution: Institution, visitor: Visitor, *, word: str) -> bool:
    """Say no to an institution that somebody asked for, with a word; return whether they are told by mail."""
    check_undecided(institution)
    if not word:
        message = _("Say why: the person who asked reads it.")
        raise Invalid(message, {"word": message})
    at = _decide(institution, visitor, "declined", word)
    for membership in _asking(institution):
        membership.state, membership.ended_at, membership.ended_by_id = "declined", at, visitor.id
        membership.decided_by_id, membership.decided_at, membership.note = visitor.id, at, word
    audit.record("decline-institution", "institution", institution.id, actor_id=visitor.id, institution_id=institution.id)
    subject = _("%(name)s was not listed", name=institution.name)
    return _tell(institution, visitor, subject, _("The institution that you asked for, %(name)s, was not listed.", name=institution.name))


def check_undecided(institution: Institution) -> None:
    """Raise Conflict, saying what was decided and by whom, where somebody decided already."""
    if institution.state == "requested":
        return
    by = db.session.scalar(select(Person.name).where(Person.id == institution.decided_by_id)) or _("somebody")
    into = db.session.get(Institution, institution.merged_into_id) if institution.merged_into_id else None
    said = {
        "confirmed": _("%(by)s has added it to the list, as %(code)s.", by=by, code=institution.code),
        "merged": _("%(by)s has merged it with %(name)s.", by=by, name=into.name if into else ""),
        "declined": _("%(by)s has declined it.", by=by),
    }
    raise Conflict(_("This is decided already. %(what)s", what=said[institution.state]))


def _decide(institution: Institution, visitor: Visitor, state: str, word: str) -> datetime:
    at = clock.now()
    institution.state, institution.decided_by_id, institution.decided_at, institution.decision_note = state, visitor.id, at, word
    return at


def _asking(institution: Institution) -> list[Membership]:
    """Return the memberships asked for at an institution that is not listed, locked."""
    asked = select(Membership).where(Membership.institution_id == institution.id, Membership.ended_at.is_(None))
    return list(db.session.scalars(asked.order_by(Membership.id).with_for_update().execution_options(populate_existing=True)))


def _confirm(membership: Membership, visitor: Visitor, at: datetime) -> None:
    membership.state, membership.decided_by_id, membership.decided_at = "confirmed", visitor.id, at
    audit.record(
        "confirm-membership",
        "membership",
        membership.id,
        actor_id=visitor.id,
        institution_id=membership.institution_id,
        details={"person": membership.person_id, "role": membership.role},
    )


def _closing(institution: Institution, place: Institution) -> str:
    """Return what a mail says of the role of whoever asked for ``institution``, now that it is ``place``."""
    held = db.session.scalars(
        select(Membership).where(
            Membership.person_id == institution.requested_by_id, Membership.institution_id == place.id, Membership.ended_at.is_(None)
        ),
    ).first()
    if held is not None and held.state == "confirmed":
        role = role_names()[Role(held.role)]
        return _("You are confirmed there as: %(role)s. Students can join your classes.", role=role)
    return _("You still have to be confirmed there. Until then you can prepare a class; students can join it afterwards.")


def _tell(institution: Institution, visitor: Visitor, subject: str, words: str) -> bool:
    if institution.requested_by_id is None:
        return False
    return tell(
        institution.requested_by_id,
        subject,
        words,
        with_word(institution.decision_note, visitor.name),
        about="institution",
        about_id=institution.id,
    )
