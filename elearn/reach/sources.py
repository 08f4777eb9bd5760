"""What can be counted for periods that no counter keeps: whole months from what is kept by month, part months from the acts themselves."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, exists, or_, select, union, union_all
from sqlalchemy.orm import aliased

from elearn.accounts.models import Person
from elearn.adaptation.models import Course, Edition
from elearn.assessment.models import Attempt
from elearn.learning.models import Activity, CourseClass, Enrolment, Result, SectionMark
from elearn.reach.models import ProfessorActivity
from elearn.reach.people import counts_here, was_confirmed
from elearn.reach.periods import Period

Rows = Select[*tuple[Any, ...]]


def learners(period: Period) -> Subquery:
    """Return who learned in the period: ``who``, ``class_id``, ``institution_id``, ``module_id``, ``language``; rows may repeat."""
    months, edges = period.split()
    parts: list[Rows] = []
    if months is not None:
        parts.append(
            select(
                Activity.person_id.label("who"),
                Activity.class_id,
                Activity.institution_id,
                Activity.module_id,
                Activity.language,
            )
            .join(Person, Person.id == Activity.person_id)
            .where(Activity.month.between(months.first_day, months.last_day), counts_here()),
        )
    for edge in edges:
        acts = acts_in(edge)
        parts.append(select(acts.c.who, acts.c.class_id, acts.c.institution_id, acts.c.module_id, acts.c.language))
    return union_all(*parts).subquery("learners")


def acts_in(period: Period) -> Subquery:
    """Return every counted act of a student in the period, from the acts themselves, with the instant ``at``."""
    marks = (
        select(
            Enrolment.person_id.label("who"),
            Enrolment.class_id,
            CourseClass.institution_id,
            SectionMark.module_id,
            Edition.language,
            SectionMark.at,
        )
        .join(Enrolment, Enrolment.id == SectionMark.enrolment_id)
        .join(Edition, Edition.id == SectionMark.edition_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(SectionMark.done, Enrolment.role == "student", counts_here())
        .where(SectionMark.at >= period.starts_at, SectionMark.at < period.ends_at)
    )
    results = (
        select(
            Enrolment.person_id.label("who"),
            Enrolment.class_id,
            CourseClass.institution_id,
            Result.module_id,
            Edition.language,
            Result.at,
        )
        .join(Enrolment, Enrolment.id == Result.enrolment_id)
        .join(Attempt, Attempt.id == Result.attempt_id)
        .join(Edition, Edition.id == Attempt.edition_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.role == "student", counts_here())
        .where(Result.at >= period.starts_at, Result.at < period.ends_at)
    )
    return union_all(marks, results).subquery()


def professors(period: Period) -> Subquery:
    """Return who was equipped in the period: ``who``, ``institution_id``; rows may repeat."""
    months, edges = period.split()
    parts: list[Rows] = []
    if months is not None:
        parts.append(
            select(ProfessorActivity.person_id.label("who"), ProfessorActivity.institution_id)
            .join(Person, Person.id == ProfessorActivity.person_id)
            .where(ProfessorActivity.month.between(months.first_day, months.last_day), counts_here()),
        )
    for edge in edges:
        parts += [_published_in(edge), _taught_in(edge)]
    return union(*parts).subquery("professors")


def _published_in(period: Period) -> Rows:
    return (
        select(Edition.published_by_id.label("who"), Course.institution_id)
        .join(Course, Course.id == Edition.course_id)
        .join(Person, Person.id == Edition.published_by_id)
        .where(Edition.published_at >= period.starts_at, Edition.published_at < period.ends_at, counts_here())
        .where(was_confirmed(Edition.published_by_id, Course.institution_id, Edition.published_at))
    )


def _taught_in(part_of_month: Period) -> Rows:
    """Return who was professor of a class at an act in it, or came to it after the act within the same part of a month."""
    acts = acts_in(part_of_month)
    current = and_(Enrolment.enrolled_at <= acts.c.at, or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > acts.c.at))
    came_after = and_(Enrolment.enrolled_at >= acts.c.at, Enrolment.enrolled_at < part_of_month.ends_at)
    return (
        select(Enrolment.person_id.label("who"), acts.c.institution_id)
        .join(acts, acts.c.class_id == Enrolment.class_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.role == "professor", or_(current, came_after), counts_here())
    )


def seats(period: Period) -> Subquery:
    """Return the seats taken in the period: ``who`` (the enrolment), ``class_id``, ``institution_id``; each person's first in a class."""
    earlier = aliased(Enrolment)
    is_later = exists().where(
        earlier.class_id == Enrolment.class_id,
        earlier.person_id == Enrolment.person_id,
        earlier.role == "student",
        _stands(earlier),
        or_(
            earlier.enrolled_at < Enrolment.enrolled_at,
            and_(earlier.enrolled_at == Enrolment.enrolled_at, earlier.id < Enrolment.id),
        ),
    )
    return (
        select(Enrolment.id.label("who"), Enrolment.class_id, CourseClass.institution_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        # A line of a roster that nobody has claimed is no seat.
        .where(Enrolment.role == "student", Enrolment.person_id.is_not(None), _stands(Enrolment), ~is_later)
        .where(Enrolment.enrolled_at >= period.starts_at, Enrolment.enrolled_at < period.ends_at)
        .subquery("seats")
    )


def _stands(enrolment: type[Enrolment]) -> ColumnElement[bool]:
    return or_(enrolment.end_reason.is_(None), enrolment.end_reason != "error")
