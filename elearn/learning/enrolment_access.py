"""The doors to what belongs to a class: its students' places, its groups, its staff, its announcements."""

from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import Select, select

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Conflict, NotAllowed, NotFound
from elearn.learning.access import STAFF, TaughtClass, class_for_running, class_for_teaching
from elearn.learning.models import Announcement, ClassGroup, CourseClass, Enrolment
from elearn.learning.terms import UNDO_FOR

Found = TypeVar("Found")


def _one(question: Select[Found]) -> Found:
    """Return what the question finds, locked; not there and not of this class are the same."""
    found = db.session.scalars(question.with_for_update().execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def _place(class_id: int, enrolment_id: int, *, is_staff: bool) -> Select[Enrolment]:
    role = Enrolment.role.in_(STAFF) if is_staff else Enrolment.role == "student"
    return select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.class_id == class_id, role)


def student_for_seeing(visitor: Visitor, class_id: int, enrolment_id: int) -> tuple[TaughtClass, Enrolment]:
    """Return a class that ``visitor`` teaches, and a student's place in it, a former one too."""
    taught = class_for_teaching(visitor, class_id)
    enrolment = db.session.scalars(_place(class_id, enrolment_id, is_staff=False)).first()
    if enrolment is None:
        raise NotFound
    return taught, enrolment


def student_for_changing(visitor: Visitor, class_id: int, enrolment_id: int) -> tuple[TaughtClass, Enrolment]:
    """Return the same, the place locked, to a professor of the class."""
    taught = class_for_running(visitor, class_id)
    return taught, _one(_place(class_id, enrolment_id, is_staff=False))


def group_for_changing(visitor: Visitor, class_id: int, group_id: int) -> tuple[TaughtClass, ClassGroup]:
    """Return a class of which ``visitor`` is professor, and a group of it, locked; a removed one too, since that can be undone."""
    taught = class_for_running(visitor, class_id)
    return taught, _one(select(ClassGroup).where(ClassGroup.id == group_id, ClassGroup.class_id == class_id))


def group_in_class(class_id: int, group_id: int | None) -> ClassGroup | None:
    """Return a group that a class has now; None where none is asked for. Another class's is not there."""
    if group_id is None:
        return None
    there = (ClassGroup.id == group_id, ClassGroup.class_id == class_id, ClassGroup.removed_at.is_(None))
    return _one(select(ClassGroup).where(*there))


def staff_for_removing(visitor: Visitor, class_id: int, enrolment_id: int) -> tuple[TaughtClass, Enrolment]:
    """Return a class and a place among its staff: anyone's to a professor of it, one's own to whoever has it."""
    taught = class_for_teaching(visitor, class_id)
    place = db.session.scalars(_place(class_id, enrolment_id, is_staff=True)).first()
    if place is None:
        raise NotFound
    if place.person_id != visitor.id:
        class_for_running(visitor, class_id)
    return taught, place


def staff_for_bringing_back(visitor: Visitor, class_id: int, enrolment_id: int) -> tuple[CourseClass, Enrolment]:
    """Return a class and a place among its staff that has ended: to a professor of it, and for a while to whoever left it themselves."""
    question = _place(class_id, enrolment_id, is_staff=True)
    place = db.session.scalars(question).first()
    own = place is not None and place.person_id == visitor.id and place.end_reason == "left"
    if own and place is not None and place.ended_at is not None and clock.now() <= place.ended_at + UNDO_FOR:
        return db.session.get_one(CourseClass, class_id), _one(question)
    taught = class_for_running(visitor, class_id)
    return taught.course_class, _one(question)


def announcement_for_changing(visitor: Visitor, class_id: int, announcement_id: int) -> tuple[TaughtClass, Announcement]:
    """Return a class that ``visitor`` teaches and an announcement made to it, locked; an assistant changes only what they wrote."""
    taught = class_for_teaching(visitor, class_id)
    found = _one(select(Announcement).where(Announcement.id == announcement_id, Announcement.class_id == class_id))
    if taught.role != "professor" and found.author_id != visitor.id:
        raise NotAllowed(_("Only its author, or a professor of this class, can withdraw an announcement."))
    return taught, found


def own_place_for_leaving(visitor: Visitor, class_id: int, *, writing: bool = False) -> tuple[CourseClass, Enrolment]:
    """Return a class in which ``visitor`` is a student now, and their place."""
    own = _own_places(visitor, class_id).where(Enrolment.ended_at.is_(None))
    place = _one(own) if writing else db.session.scalars(own).first()
    if place is None:
        raise NotFound
    return db.session.get_one(CourseClass, class_id), place


def own_place_for_return(visitor: Visitor, class_id: int) -> tuple[CourseClass, Enrolment]:
    """Return a class that ``visitor`` left a moment ago as a student, and the place they had, locked."""
    place = _one(_own_places(visitor, class_id).order_by(Enrolment.id.desc()).limit(1))
    if place.ended_at is not None and (place.end_reason != "left" or clock.now() > place.ended_at + UNDO_FOR):
        raise Conflict(_("It is too late to undo this. Join the class again with its code."))
    return db.session.get_one(CourseClass, class_id), place


def _own_places(visitor: Visitor, class_id: int) -> Select[Any]:
    return select(Enrolment).where(Enrolment.class_id == class_id, Enrolment.person_id == visitor.id, Enrolment.role == "student")
