"""The doors of the accounts room: objects come only to those who may have them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, true

from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.permissions import Permission, Role, Visitor, may
from elearn.countries import countries
from elearn.db import db, writing
from elearn.errors import Conflict, NotAllowed, NotFound


def institutions_for_confirming(visitor: Visitor) -> list[int] | None:
    """Return where ``visitor`` may confirm people; None: everywhere."""
    if may(visitor, Permission.CONFIRM_ALL_PEOPLE):
        return None
    return sorted(set(visitor.institutions(Permission.CONFIRM_PEOPLE)))


def institutions_for_auditing(visitor: Visitor) -> list[int] | None:
    """Return of which institutions ``visitor`` may read who did what; None: of all, and what concerns none."""
    if may(visitor, Permission.READ_ALL_AUDIT):
        return None
    return sorted(set(visitor.institutions(Permission.READ_AUDIT)))


def membership_for_reading(visitor: Visitor, membership_id: int) -> Membership:
    """Return the membership if ``visitor`` confirms people at its institution; not there and not theirs are the same."""
    membership = db.session.get(Membership, membership_id)
    places = institutions_for_confirming(visitor)
    if membership is None or not _is_theirs(membership, places):
        raise NotFound
    if db.session.get_one(Person, membership.person_id).erased_at is not None:
        raise NotFound
    return membership


def _is_theirs(membership: Membership, places: list[int] | None) -> bool:
    """Return whether who confirms people at ``places`` (None: everywhere) looks after this role; students they do not see."""
    return places is None or (membership.institution_id in places and membership.role != Role.STUDENT)


def membership_for_deciding(visitor: Visitor, membership_id: int) -> Membership:
    """Return the same, with all that a decision on it looks at locked: who decides at the same time waits, and then sees ours."""
    place = membership_for_reading(visitor, membership_id).institution_id
    lock_place(place)
    membership = db.session.scalars(
        select(Membership).where(Membership.id == membership_id).with_for_update().execution_options(populate_existing=True),
    ).one()
    if membership.institution_id != place:
        raise Conflict(_("Somebody has decided this already: the institution is listed under another name."))
    return membership


def lock_place(institution_id: int | None) -> None:
    """Have nobody else decide on roles at this institution (None: of the programme) until this unit of work ends.

    People who study there do not wait: the lock leaves the row's number alone.
    """
    if institution_id is not None:
        db.session.execute(select(Institution.id).where(Institution.id == institution_id).with_for_update(key_share=True))
        return
    held = select(Membership.id).where(Membership.role == Role.PROGRAMME_COORDINATOR, Membership.ended_at.is_(None))
    db.session.execute(held.order_by(Membership.id).with_for_update())


def person_for_account_care(visitor: Visitor, person_id: int) -> Person:
    """Return the person if ``visitor`` looks after accounts; one who deleted their account is not there."""
    person = db.session.get(Person, person_id)
    if person is None or person.erased_at is not None or not may(visitor, Permission.MANAGE_ACCOUNTS):
        raise NotFound
    return person


@dataclass(frozen=True)
class Registry:
    """What of the registry of institutions a person may read."""

    #: All, also those that people ask for.
    everything: bool
    countries: frozenset[str]
    institutions: frozenset[int]

    @property
    def condition(self) -> ColumnElement[bool]:
        """The condition on ``Institution`` that it may be read."""
        if self.everything:
            return true()
        held = or_(Institution.country.in_(sorted(self.countries)), Institution.id.in_(sorted(self.institutions)))
        return (Institution.state == "confirmed") & held

    def holds(self, institution: Institution) -> bool:
        """Return the same of one institution."""
        if self.everything:
            return True
        return institution.state == "confirmed" and (institution.country in self.countries or institution.id in self.institutions)


def registry_for_reading(visitor: Visitor) -> Registry:
    """Return what of the registry ``visitor`` may read: one's own institutions, those of one's region, or all."""
    areas = {held.region for held in visitor.memberships if held.region and Permission.READ_INSTITUTIONS in held.permissions}
    return Registry(
        may(visitor, Permission.MANAGE_INSTITUTIONS),
        frozenset(c.alpha2 for c in countries().values() if areas & {c.region_m49, c.subregion_m49}),
        frozenset(visitor.institutions(Permission.READ_INSTITUTIONS)),
    )


def institution_for_reading(visitor: Visitor, institution_id: int) -> Institution:
    """Return the institution if ``visitor`` may read it in the registry; not there and not theirs are the same."""
    institution = db.session.get(Institution, institution_id)
    if institution is None or not registry_for_reading(visitor).holds(institution):
        raise NotFound
    return institution


def may_correct(visitor: Visitor, institution: Institution) -> bool:
    """Return whether ``visitor`` may correct what its own people know best of a listed institution."""
    if institution.state != "confirmed":
        return False
    if may(visitor, Permission.MANAGE_INSTITUTIONS):
        return True
    return institution.id in set(visitor.institutions(Permission.CORRECT_INSTITUTIONS))


def institution_for_correcting(visitor: Visitor, institution_id: int) -> Institution:
    """Return the institution, locked, if ``visitor`` may correct it; one they may only read is refused with words."""
    institution = institution_for_reading(visitor, institution_id)
    if not may_correct(visitor, institution):
        raise NotAllowed(_("You may read this entry, but not change it."))
    return locked(institution)


def request_for_deciding(visitor: Visitor, institution_id: int) -> Institution:
    """Return an institution that somebody asks or asked for, locked, if ``visitor`` decides on those; the decision may be made already."""
    institution = db.session.get(Institution, institution_id)
    if institution is None or institution.requested_by_id is None or not may(visitor, Permission.MANAGE_INSTITUTIONS):
        raise NotFound
    return locked(institution)


def locked(institution: Institution) -> Institution:
    """Return the institution as it is now that, in a request that writes, nobody else can change it."""
    if not writing.get():
        return institution
    lock_place(institution.id)
    db.session.refresh(institution)
    return institution
