"""With whom a course is shared; ending that takes nothing from those who adapted it."""

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from elearn import audit, clock
from elearn.accounts.models import Institution
from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Course, Edition
from elearn.adaptation.sharing_models import CourseSharing, SharedWith
from elearn.db import db, insert
from elearn.errors import Conflict, Invalid, NotFound

AUDIENCES = ("nobody", "named", "all")
#: More than these are "all".
MOST_NAMED = 200


def set_audience(visitor: Visitor, course: Course, audience: str) -> str:
    """Share the locked course with nobody (any more), the institutions named for it, or all; return with whom it was shared."""
    row = db.session.get(CourseSharing, course.id)
    former = row.audience if row else "nobody"
    if audience == former:
        return former
    if audience != "nobody":
        _check_published(course)
    _put(visitor, course, audience)
    _record(visitor, course, "share-course-editions" if audience != "nobody" else "end-sharing", {"audience": audience})
    return former


def name_institution(visitor: Visitor, course: Course, institution_id: int) -> Institution:
    """Return the institution, named for the locked course from now on, which is shared with named ones if it was with nobody."""
    if not institution_id:
        raise Invalid(_("Choose an institution from the list."))
    institution = db.session.get(Institution, institution_id)
    if institution is None or institution.state != "confirmed":
        raise NotFound
    _check_published(course)
    here = select(func.count()).select_from(SharedWith).where(SharedWith.course_id == course.id)
    if (db.session.scalar(here) or 0) >= MOST_NAMED:
        raise Conflict(_("%(most)d institutions are named. Share the course with all instead.", most=MOST_NAMED))
    made = db.session.execute(
        insert(SharedWith)
        .values(course_id=course.id, institution_id=institution_id, added_by_id=visitor.id, added_at=clock.now())
        .on_conflict_do_nothing(),
    )
    row = db.session.get(CourseSharing, course.id)
    if row is None or row.audience == "nobody":
        _put(visitor, course, "named")
    if made.rowcount:  # type: ignore[attr-defined]
        _record(visitor, course, "share-course-editions", {"institution": institution_id})
    return institution


def unname_institution(visitor: Visitor, course: Course, institution_id: int) -> str:
    """Have an institution be named for the locked course no more; return what it is called."""
    institution = db.session.get(Institution, institution_id)
    gone = delete(SharedWith).where(SharedWith.course_id == course.id, SharedWith.institution_id == institution_id)
    if institution is None or not db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        raise NotFound
    _record(visitor, course, "end-sharing", {"institution": institution_id})
    return institution.name


def _check_published(course: Course) -> None:
    if db.session.scalar(select(Edition.id).where(Edition.course_id == course.id).limit(1)) is None:
        raise Conflict(_("Publish the course first: what is shared are its editions, and there is none yet."))


def _put(visitor: Visitor, course: Course, audience: str) -> None:
    row = {"audience": audience, "changed_by_id": visitor.id, "changed_at": clock.now()}
    put = insert(CourseSharing).values(course_id=course.id, **row)
    db.session.execute(put.on_conflict_do_update(index_elements=["course_id"], set_=row))
    if known := db.session.get(CourseSharing, course.id):
        db.session.refresh(known)


def _record(visitor: Visitor, course: Course, action: str, details: dict[str, object]) -> None:
    audit.record(action, "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=details)
