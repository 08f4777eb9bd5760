"""A little life in the class of a demonstration's sample student: groups, an announcement, a student who left."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.demo.history import DAY, Term
from elearn.learning.announcement_service import announce
from elearn.learning.enrolment_service import end_place, places_of, put_in_groups
from elearn.learning.group_service import add_group
from elearn.learning.models import CourseClass, Enrolment
from elearn.text import render_personal

GROUPS = ("Tuesday seminar", "Thursday seminar")
TITLE = "Room change on Thursday"
BODY = "The Thursday seminar meets in **room 214** this week. Please read the case study before you come: we discuss it in groups of four."


def enliven(course_class: CourseClass, term: Term, professor: Visitor, leaver_id: int | None) -> None:
    """Leave the class with two groups, an announcement, and one student gone, after all that was done in it."""
    end = min(term.until, datetime.combine(term.ends_on + DAY, time(), term.zone).astimezone(UTC))
    students = (Enrolment.class_id == course_class.id, Enrolment.role == "student")
    ids = list(db.session.scalars(select(Enrolment.id).where(*students).order_by(Enrolment.id)))
    announce(
        course_class,
        professor,
        title=TITLE,
        body=BODY,
        body_html=str(render_personal(BODY)),
        group=None,
        by_mail=False,
        at=end - timedelta(hours=3),
    )
    groups = [add_group(course_class, name, by_id=professor.id) for name in GROUPS]
    wanted: dict[int, int | None] = {id_: groups[place % len(groups)] for place, id_ in enumerate(ids)}
    put_in_groups(course_class, wanted, by_id=professor.id, at=end - timedelta(hours=2))
    if leaver_id is not None:
        (place,) = places_of(course_class.id, leaver_id)
        end_place(course_class, place, "left", by_id=leaver_id, at=end - timedelta(hours=1))
