"""The doors to courses, for those who may change them."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.course_queries import AdaptedModule, adapted_module
from elearn.adaptation.models import Course, CourseProfessor
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


def courses_for_editing(visitor: Visitor) -> Sequence[Course]:
    """Return the courses that the visitor may change, the newest first."""
    theirs = select(CourseProfessor.course_id).where(CourseProfessor.person_id == visitor.id)
    return db.session.scalars(select(Course).where(Course.id.in_(theirs)).order_by(Course.id.desc())).all()


def course_for_editing(visitor: Visitor, course_id: int, *, writing: bool = False) -> Course:
    """Return a course that the visitor may change, for ``writing`` locked; not there and not theirs are the same."""
    course = db.session.get(Course, course_id, with_for_update={"key_share": True} if writing else None)
    if course is None or db.session.get(CourseProfessor, (course_id, visitor.id)) is None:
        raise NotFound
    if not may(visitor, Permission.PREPARE_CLASSES):
        raise NotAllowed(_("Courses are changed by professors."))
    return course


def module_for_editing(visitor: Visitor, course_id: int, slug: str, *, writing: bool = False) -> tuple[Course, AdaptedModule]:
    """Return a course that the visitor may change, with one of its modules."""
    course = course_for_editing(visitor, course_id, writing=writing)
    module = adapted_module(course, slug)
    if module is None:
        raise NotFound
    return course, module


def institutions_for_courses(visitor: Visitor) -> Sequence[Institution]:
    """Return the institutions at which the visitor may make courses."""
    ids = list(visitor.institutions(Permission.PREPARE_CLASSES))
    return db.session.scalars(select(Institution).where(Institution.id.in_(ids)).order_by(Institution.name_key)).all()


def check_may_read(visitor: Visitor, audience: str) -> None:
    """Raise NotAllowed where a section is for teachers and nobody has confirmed the visitor as one."""
    if audience == "teacher" and not may(visitor, Permission.READ_TEACHER_SECTIONS):
        raise NotAllowed(_("You can read this once your institution has confirmed you as a professor."))
