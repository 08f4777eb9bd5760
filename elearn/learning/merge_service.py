"""Classes follow their institution where it is listed at last, or turns out to be another one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.acts import InstitutionListed, InstitutionsMerged
from elearn.accounts.models import Institution
from elearn.db import db, note
from elearn.errors import Conflict
from elearn.learning.acts import SeatTaken, SeatVoided
from elearn.learning.models import Activity, CourseClass, Enrolment


def follow_institutions(acts: Iterable[object]) -> None:
    """Leave the classes of institutions listed or merged by ``acts`` where they belong now; a listener that runs before each commit."""
    for act in acts:
        if isinstance(act, InstitutionListed):
            _rename(_classes_at(act.institution_id), act.code)
        elif isinstance(act, InstitutionsMerged):
            _move(act)


def _classes_at(institution_id: int) -> Sequence[CourseClass]:
    at = select(CourseClass).where(CourseClass.institution_id == institution_id).order_by(CourseClass.id)
    return db.session.scalars(at.with_for_update()).all()


def _rename(classes: Iterable[CourseClass], code: str) -> None:
    """Give the classes codes that begin with that of their institution, as all others have them."""
    for course_class in classes:
        course_class.code = f"{code}-{course_class.id}"


def _move(act: InstitutionsMerged) -> None:
    classes = _classes_at(act.from_id)
    ids = [course_class.id for course_class in classes]
    if db.session.scalar(select(Activity.id).where(Activity.class_id.in_(ids)).limit(1)) is not None:
        # Nobody learns in a class before a professor is confirmed at its institution, and nobody is where it is not listed.
        raise Conflict(_("Students have learned in a class there. Add the institution to the list instead."))
    for class_id, enrolled_at in _seats(ids):
        note(SeatVoided(class_id, act.from_id, enrolled_at))
        note(SeatTaken(class_id, act.into_id, enrolled_at))
    for course_class in classes:
        course_class.institution_id = act.into_id
    _rename(classes, db.session.scalars(select(Institution.code).where(Institution.id == act.into_id)).one())
    db.session.flush()


def _seats(class_ids: Sequence[int]) -> list[tuple[int, datetime]]:
    """Return class and moment of each seat taken: lines of a roster too, and of somebody who came back the first."""
    rows = db.session.execute(
        select(Enrolment.class_id, Enrolment.person_id, Enrolment.enrolled_at)
        .where(
            Enrolment.class_id.in_(class_ids),
            Enrolment.role == "student",
            Enrolment.end_reason.is_(None) | (Enrolment.end_reason != "error"),
        )
        .order_by(Enrolment.class_id, Enrolment.person_id, Enrolment.enrolled_at, Enrolment.id),
    )
    seats = []
    seated = None
    for class_id, person_id, enrolled_at in rows:
        if person_id is None or (class_id, person_id) != seated:
            seats.append((class_id, enrolled_at))
        seated = (class_id, person_id)
    return seats
