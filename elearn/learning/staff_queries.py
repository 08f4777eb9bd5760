"""Questions about those who teach a class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, Row, func, select

from elearn.accounts.models import EmailAddress, Membership, Person
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment


def confirmed_here() -> Exists:
    """Return the condition that whoever has this place in a class is confirmed as professor of its institution, and may sign in."""
    return (
        select(Membership.id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.person_id == Enrolment.person_id,
            Membership.institution_id == CourseClass.institution_id,
            Membership.role == "professor",
            Membership.state == "confirmed",
            Membership.ended_at.is_(None),
            Person.deactivated_at.is_(None),
            Person.erased_at.is_(None),
        )
        .correlate(Enrolment, CourseClass)
        .exists()
    )


def is_confirmed_professor(person_id: int, institution_id: int) -> bool:
    """Return whether this person may have students join a class at this institution."""
    return (
        db.session.scalar(
            select(Membership.id)
            .where(
                Membership.person_id == person_id,
                Membership.institution_id == institution_id,
                Membership.role == "professor",
                Membership.state == "confirmed",
                Membership.ended_at.is_(None),
            )
            .limit(1),
        )
        is not None
    )


@dataclass(frozen=True)
class StaffLine:
    """One who teaches a class, as those who run it see them."""

    enrolment_id: int
    person_id: int
    name: str
    role: str
    since: datetime
    #: Whether the person is confirmed as professor of the class's institution.
    is_confirmed: bool
    #: Whether the account may still sign in.
    is_active: bool


def staff_lines(class_id: int) -> list[StaffLine]:
    """Return who teaches a class now, professors first."""
    active = Person.deactivated_at.is_(None) & Person.erased_at.is_(None)
    rows = db.session.execute(
        select(Enrolment.id, Person.id, Person.name, Enrolment.role, Enrolment.enrolled_at, confirmed_here(), active)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .where(Enrolment.class_id == class_id, Enrolment.role != "student", Enrolment.ended_at.is_(None))
        .order_by(Enrolment.role.desc(), Enrolment.id),
    )
    return [StaffLine(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6])) for row in rows]


def addresses_for_mail(person_ids: Iterable[int]) -> list[tuple[int, str]]:
    """Return of these people, who can still sign in, each with the first address that they verified."""
    return [(row.person_id, row.address) for row in _with_address(Person.id.in_(list(person_ids)))]


def addresses_in_class(class_id: int, group_id: int | None) -> list[tuple[int, str]]:
    """Return the same of the staff of a class and of its students, or of those in one group; one statement however many there are."""
    wanted = select(Enrolment.person_id).where(
        Enrolment.class_id == class_id,
        Enrolment.ended_at.is_(None),
        Enrolment.person_id.is_not(None),
    )
    if group_id is not None:
        wanted = wanted.where((Enrolment.group_id == group_id) | (Enrolment.role != "student"))
    return [(row.person_id, row.address) for row in _with_address(Person.id.in_(wanted))]


def _with_address(condition: Any) -> Sequence[Row[*tuple[Any, ...]]]:
    first = (
        select(func.min(EmailAddress.id))
        .join(Person, Person.id == EmailAddress.person_id)
        .where(condition, EmailAddress.verified_at.is_not(None), Person.deactivated_at.is_(None), Person.erased_at.is_(None))
        .group_by(EmailAddress.person_id)
    )
    return db.session.execute(
        select(EmailAddress.person_id, EmailAddress.address).where(EmailAddress.id.in_(first)).order_by(EmailAddress.person_id),
    ).all()


def students_with_address(class_id: int, group_id: int | None) -> tuple[int, int]:
    """Return how many students of a class (or of a group) have a verified address, and how many there are."""
    verified = (
        select(EmailAddress.id)
        .where(EmailAddress.person_id == Enrolment.person_id, EmailAddress.verified_at.is_not(None))
        .correlate(Enrolment)
        .exists()
    )
    question = select(func.count().filter(verified), func.count()).where(
        Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None)
    )
    if group_id is not None:
        question = question.where(Enrolment.group_id == group_id)
    row = db.session.execute(question.select_from(Enrolment)).one()
    return row[0], row[1]
