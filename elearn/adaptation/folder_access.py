"""The doors to what is brought into a course and taken away as files, for those who may change it."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.folder_models import UPLOAD_WAITS, CourseUpload
from elearn.adaptation.models import Course
from elearn.clock import now
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


def course_for_files(visitor: Visitor, course_id: int, *, writing: bool = False) -> Course:
    """Return a course whose files the visitor may bring and take away, for ``writing`` locked; not there and not theirs are the same."""
    course = course_for_editing(visitor, course_id, writing=writing)
    if not may(visitor, Permission.READ_TEACHER_SECTIONS):
        raise NotAllowed(_("You can do this once your institution has confirmed you as a professor."))
    return course


def upload_for_using(visitor: Visitor, course_id: int, upload_id: int) -> tuple[Course, CourseUpload]:
    """Return a folder that was sent back for a course, while it waits; not there, not theirs and used are the same."""
    course = course_for_files(visitor, course_id)
    upload = db.session.get(CourseUpload, upload_id)
    if upload is None or upload.course_id != course_id or upload.content is None or upload.sent_at <= now() - UPLOAD_WAITS:
        raise NotFound
    return course, upload
