"""Questions about classes and the editions that they are taught on."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from elearn import clock
from elearn.adaptation.course_classes import ClassOnCourse
from elearn.adaptation.models import Edition
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.terms import day_in


def classes_on_courses(person_id: int, course_ids: Collection[int]) -> Mapping[int, list[ClassOnCourse]]:
    """Return by course the classes on it that the person runs, those first that are not over."""
    rows = db.session.execute(
        select(
            CourseClass.id,
            CourseClass.title,
            CourseClass.timezone,
            CourseClass.ends_on,
            Edition.id.label("edition_id"),
            Edition.course_id,
            Edition.number,
        )
        .join(Edition, Edition.id == CourseClass.edition_id)
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(
            Edition.course_id.in_(course_ids),
            Enrolment.person_id == person_id,
            Enrolment.role == "professor",
            Enrolment.ended_at.is_(None),
        )
        .order_by(CourseClass.ends_on.desc(), CourseClass.id.desc()),
    )
    now, found = clock.now(), dict[int, list[ClassOnCourse]]()
    for row in rows:
        over = day_in(row.timezone, now) > row.ends_on
        found.setdefault(row.course_id, []).append(ClassOnCourse(row.id, row.title, row.edition_id, row.number, over))
    return found
