"""Questions about the courses that somebody may change, and about who else may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from elearn.accounts.models import Institution, Membership, Person
from elearn.adaptation.course_classes import ClassOnCourse, classes_on
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, Edition, Overlay
from elearn.adaptation.publication_queries import Unpublished, unpublished_of
from elearn.db import db


@dataclass(frozen=True)
class CourseLine:
    """A course in the list of those who may change it."""

    course: Course
    institution: str
    modules: int
    unpublished: Unpublished
    classes: Sequence[ClassOnCourse]


def count_of_courses(person_id: int) -> int:
    """Return how many courses the person may change."""
    return db.session.scalar(select(func.count()).select_from(CourseProfessor).where(CourseProfessor.person_id == person_id)) or 0


def course_lines(person_id: int, limit: int, offset: int) -> list[CourseLine]:
    """Return some of the courses that the person may change, the newest first; seven statements at most."""
    modules = select(func.count()).select_from(CourseModule).where(CourseModule.course_id == Course.id).correlate(Course)
    rows = db.session.execute(
        select(Course, Institution.name, modules.scalar_subquery().label("modules"))
        .join(CourseProfessor, CourseProfessor.course_id == Course.id)
        .join(Institution, Institution.id == Course.institution_id)
        .where(CourseProfessor.person_id == person_id)
        .order_by(Course.id.desc())
        .limit(limit)
        .offset(offset),
    ).all()
    unpublished = unpublished_of([row.Course for row in rows])
    classes = classes_on(person_id, [row.Course.id for row in rows])
    return [
        CourseLine(row.Course, row.name, row.modules, unpublished[row.Course.id], tuple(classes.get(row.Course.id, ()))) for row in rows
    ]


@dataclass(frozen=True)
class Colleague:
    """One who may change a course."""

    person_id: int
    name: str
    is_active: bool
    #: Whether the institution has confirmed them as a professor.
    is_confirmed: bool


def colleagues_of(course: Course) -> list[Colleague]:
    """Return who may change a course, by name."""
    confirmed = (
        select(Membership.id)
        .where(
            Membership.person_id == Person.id,
            Membership.institution_id == course.institution_id,
            Membership.role == "professor",
            Membership.state == "confirmed",
            Membership.ended_at.is_(None),
        )
        .correlate(Person)
        .exists()
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.deactivated_at, Person.erased_at, confirmed.label("is_confirmed"))
        .join(CourseProfessor, CourseProfessor.person_id == Person.id)
        .where(CourseProfessor.course_id == course.id)
        .order_by(Person.name_key, Person.id),
    )
    return [
        Colleague(row.id, row.name, row.deactivated_at is None and row.erased_at is None, bool(row.is_confirmed)) for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class EditionLine:
    """An edition in the list of a course's."""

    id: int
    number: int
    title: str
    published_at: datetime
    by: str


def count_of_editions(course_id: int) -> int:
    """Return how many editions a course has."""
    return db.session.scalar(select(func.count()).select_from(Edition).where(Edition.course_id == course_id)) or 0


def edition_lines(course_id: int, limit: int, offset: int) -> list[EditionLine]:
    """Return some of a course's editions, the newest first."""
    rows = db.session.execute(
        select(Edition.id, Edition.number, Edition.title, Edition.published_at, Person.name)
        .join(Person, Person.id == Edition.published_by_id)
        .where(Edition.course_id == course_id)
        .order_by(Edition.number.desc())
        .limit(limit)
        .offset(offset),
    )
    return [EditionLine(*row) for row in rows]


@dataclass(frozen=True)
class ChangeLine:
    """A state of a module of a course, in its history."""

    number: int
    act: str
    made_at: datetime
    by: str
    overlay: Overlay


def count_of_changes(course_id: int, module_id: int) -> int:
    """Return how many states a module of a course has had."""
    here = (Overlay.course_id == course_id, Overlay.module_id == module_id)
    return db.session.scalar(select(func.count()).select_from(Overlay).where(*here)) or 0


def change_lines(course_id: int, module_id: int, limit: int, offset: int) -> list[ChangeLine]:
    """Return some of the states that a module of a course has had, the newest first."""
    rows = db.session.execute(
        select(Overlay, Person.name)
        .join(Person, Person.id == Overlay.made_by_id)
        .where(Overlay.course_id == course_id, Overlay.module_id == module_id)
        .order_by(Overlay.number.desc())
        .limit(limit)
        .offset(offset),
    )
    return [ChangeLine(row.Overlay.number, row.Overlay.act, row.Overlay.made_at, row.name, row.Overlay) for row in rows]
