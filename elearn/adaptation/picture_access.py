"""The door to the pictures of a course, for those who may change it."""

from elearn.accounts.permissions import Visitor
from elearn.adaptation.folder_access import course_for_files
from elearn.adaptation.models import Course
from elearn.adaptation.picture_models import CoursePicture
from elearn.db import db
from elearn.errors import NotFound


def picture_for_editing(visitor: Visitor, course_id: int, picture_id: int, *, writing: bool = False) -> tuple[Course, CoursePicture]:
    """Return a picture with its course, for ``writing`` both locked; not there and not theirs are the same."""
    course = course_for_files(visitor, course_id, writing=writing)
    picture = db.session.get(CoursePicture, picture_id, with_for_update=writing or None)
    if picture is None or picture.course_id != course_id:
        raise NotFound
    return course, picture
