"""The doors of rosters and slips."""

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import clock
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.db import db
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import TaughtClass, class_for_running
from elearn.learning.models import Enrolment, RosterUpload
from elearn.learning.roster_queries import UPLOAD_WAITS


def class_for_rosters(visitor: Visitor, class_id: int) -> TaughtClass:
    """Return the class if ``visitor`` is a professor of it and confirmed at its institution.

    Whoever is not confirmed may make a class, and neither write to people in its name nor put them into it.
    """
    taught = class_for_running(visitor, class_id)
    if not is_confirmed_for(visitor, taught):
        raise NotAllowed(_("A coordinator of your institution has to confirm you first. You need not do anything."))
    return taught


def is_confirmed_for(visitor: Visitor, taught: TaughtClass) -> bool:
    """Return whether ``visitor`` may have students in this class."""
    return may(visitor, Permission.TEACH, taught.institution.id)


def upload_for_importing(taught: TaughtClass, upload_id: int) -> RosterUpload:
    """Return the upload if it was sent to this class and still waits; not there and no longer there are the same."""
    upload = db.session.scalar(
        select(RosterUpload).where(
            RosterUpload.id == upload_id,
            RosterUpload.class_id == taught.course_class.id,
            RosterUpload.content.is_not(None),
            RosterUpload.imported_at.is_(None),
            RosterUpload.sent_at > clock.now() - UPLOAD_WAITS,
        ),
    )
    if upload is None:
        raise NotFound(_("This roster has been imported or thrown away, or it waited for more than a day. Send it again."))
    return upload


def line_for_slips(taught: TaughtClass, enrolment_id: int) -> Enrolment:
    """Return the line of the class's roster if nobody has claimed it."""
    line = db.session.scalar(
        select(Enrolment).where(
            Enrolment.id == enrolment_id,
            Enrolment.class_id == taught.course_class.id,
            Enrolment.person_id.is_(None),
            Enrolment.ended_at.is_(None),
        ),
    )
    if line is None:
        raise NotFound
    return line


def student_for_slips(taught: TaughtClass, enrolment_id: int) -> Enrolment:
    """Return the place in the class if a student has it now."""
    place = db.session.scalar(
        select(Enrolment).where(
            Enrolment.id == enrolment_id,
            Enrolment.class_id == taught.course_class.id,
            Enrolment.role == "student",
            Enrolment.person_id.is_not(None),
            Enrolment.ended_at.is_(None),
        ),
    )
    if place is None:
        raise NotFound
    return place
