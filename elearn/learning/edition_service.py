"""Classes move to another edition of their course when their professor says so; what was done in them stays."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update

from elearn import audit, clock
from elearn.adaptation.models import Edition
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment
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
    if moved:
        db.session.execute(update(CourseClass).where(CourseClass.id.in_([each.id for each in moved])).values(edition_id=edition_id))
    for each in moved:
        audit.record(
            "move-class", "class", each.id, actor_id=person_id, institution_id=each.institution_id, details={"edition": edition_id}
        )
    return len(moved)
