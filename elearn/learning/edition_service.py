"""Classes move to another edition of their course when their professor says so; what was done in them stays."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Edition
from elearn.adaptation.queries import edition
from elearn.db import db
from elearn.errors import Conflict
from elearn.learning.class_service import lock
from elearn.learning.edition_progress_service import carry_progress
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.service import is_over
from elearn.learning.terms import day_in


def classes_on_course(person_id: int, course_id: int) -> Sequence[Any]:
    """Return the classes on a course (id, title, institution_id) that are not over and that the person runs."""
    rows = db.session.execute(
        select(CourseClass.id, CourseClass.title, CourseClass.institution_id, CourseClass.timezone, CourseClass.ends_on)
        .join(Edition, Edition.id == CourseClass.edition_id)
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(
            Edition.course_id == course_id,
            Enrolment.person_id == person_id,
            Enrolment.role == "professor",
            Enrolment.ended_at.is_(None),
        )
        .order_by(CourseClass.title, CourseClass.id),
    )
    return [row for row in rows if day_in(row.timezone, clock.now()) <= row.ends_on]


def move_classes(person_id: int, course_id: int, class_ids: Collection[int], edition_id: int) -> int:
    """Have those of these classes that the person runs on the course be taught on this edition of it; return how many."""
    moved = [each for each in classes_on_course(person_id, course_id) if each.id in class_ids]
    for each in moved:
        course_class = db.session.get_one(CourseClass, each.id)
        lock(course_class)
        _move(course_class, edition_id, person_id)
    return len(moved)


def move_class(visitor: Visitor, course_class: CourseClass, edition_id: int, *, seen: int) -> None:
    """Have a class be taught on another edition of its course; raise Conflict where it is not on the edition that was ``seen`` any more.

    What its students did is kept, and attempts go on with the questions that they began with.
    """
    lock(course_class)
    if course_class.edition_id != seen:
        raise Conflict(_("Somebody moved this class to another edition meanwhile. Nothing was changed. Please look at it again."))
    if is_over(course_class):
        raise Conflict(_("This class is over: it stays as it was taught."))
    if course_class.edition_id != edition_id:
        _move(course_class, edition_id, visitor.id)


def _move(course_class: CourseClass, edition_id: int, person_id: int) -> None:
    former, course_class.edition_id = course_class.edition_id, edition_id
    db.session.flush()
    carry_progress(course_class.id, edition(former), edition(edition_id), clock.now())
    audit.record(
        "move-class",
        "class",
        course_class.id,
        actor_id=person_id,
        institution_id=course_class.institution_id,
        details={"edition": edition_id, "from": former},
    )
