"""The door to the pictures of a course, for those who may change it."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.models import Course, CourseProfessor
from elearn.adaptation.picture_models import CoursePicture
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


def course_for_pictures(visitor: Visitor, course_id: int, *, writing: bool = False) -> Course:
    """Return the course whose pictures one may change, for ``writing`` locked; not there and not theirs are the same."""
    course = db.session.get(Course, course_id, with_for_update=writing or None)
    if course is None or db.session.get(CourseProfessor, (course_id, visitor.id)) is None:
        raise NotFound
    if not may(visitor, Permission.READ_TEACHER_SECTIONS):
        raise NotAllowed(_("You can do this once your institution has confirmed you as a professor."))
    return course


def picture_for_editing(visitor: Visitor, course_id: int, picture_id: int, *, writing: bool = False) -> tuple[Course, CoursePicture]:
    """Return a picture with its course, for ``writing`` both locked; not there and not theirs are the same."""
    course = course_for_pictures(visitor, course_id, writing=writing)
    picture = db.session.get(CoursePicture, picture_id, with_for_update=writing or None)
    if picture is None or picture.course_id != course_id:
        raise NotFound
    return course, picture
