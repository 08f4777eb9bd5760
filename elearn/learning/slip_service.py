"""What changes slips for places: made for lines of a roster, used to take the place."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import bindparam, exists, literal, select, update

from elearn import audit, clock, throttle
from elearn.accounts import address_service, in_person_service
from elearn.accounts.models import Person
from elearn.accounts.permissions import Visitor
from elearn.accounts.service import TRIES_WINDOW
from elearn.db import db, table
from elearn.errors import Conflict, Invalid
from elearn.learning import claims, service
from elearn.learning import slip_queries as queries
from elearn.learning.models import CourseClass, Enrolment, Slip
from elearn.learning.slip_queries import OpenedSlip

CODES_PER_PERSON = 20
CODES_PER_ADDRESS = 200

Opened = TypeVar("Opened")


def counted(open_: Callable[[], Opened], *, remote: str, person_id: int | None) -> Opened:
    """Return what a typed code opens; one that opens nothing is counted for the person and the address it came from."""
    tried = [("join-from", remote, CODES_PER_ADDRESS)]
    if person_id is not None:
        tried.append(("join", str(person_id), CODES_PER_PERSON))
    for kind, who, limit in tried:
        throttle.check(kind, who, limit=limit, window=TRIES_WINDOW)
    try:
        return open_()
    except Invalid:
        for kind, who, limit in tried:
            throttle.spend(kind, who, limit=limit, window=TRIES_WINDOW)
        raise


def make_slips(course_class: CourseClass, visitor: Visitor, *, group_id: int | None = None, line_id: int | None = None) -> int:
    """Return how many slips were made: one for each line that waits and has none."""
    # Two who press at once: the second sees what the first has made.
    db.session.execute(select(CourseClass.id).where(CourseClass.id == course_class.id).with_for_update(key_share=True))
    made = _insert_slips(course_class, visitor.id, group_id, line_id)
    if made:
        _audit("make-slips", course_class, visitor, {"slips": made})
    return made


def renew_slips(course_class: CourseClass, visitor: Visitor, *, group_id: int | None = None, line_id: int | None = None) -> int:
    """Return how many lines have a new code; their old ones open nothing any more."""
    db.session.execute(select(CourseClass.id).where(CourseClass.id == course_class.id).with_for_update(key_share=True))
    lines = select(Enrolment.id).where(*queries.narrowed(course_class.id, group_id))
    if line_id is not None:
        lines = lines.where(Enrolment.id == line_id)
    old = update(Slip).where(Slip.kind == "place", queries.is_live(), Slip.enrolment_id.in_(lines)).values(revoked_at=clock.now())
    db.session.execute(old.execution_options(synchronize_session=False))
    made = _insert_slips(course_class, visitor.id, group_id, line_id)
    _audit("renew-slips", course_class, visitor, {"slips": made})
    return made


def _audit(action: str, course_class: CourseClass, visitor: Visitor, details: dict[str, object]) -> None:
    audit.record(action, "class", course_class.id, actor_id=visitor.id, institution_id=course_class.institution_id, details=details)


def _insert_slips(course_class: CourseClass, maker_id: int, group_id: int | None, line_id: int | None) -> int:
    slips, at = table(Slip), clock.now()
    # Told to the database too, though it is the class's last day, which may be moved, that decides.
    ends = datetime.combine(course_class.ends_on + timedelta(days=1), time(), ZoneInfo(course_class.timezone))
    has_one = exists().where(Slip.enrolment_id == Enrolment.id, Slip.kind == "place", queries.is_live())
    lines = select(
        literal("place"),
        Enrolment.id,
        literal(maker_id),
        literal(at, slips.c.made_at.type),
        literal(ends, slips.c.expires_at.type),
    ).where(*queries.narrowed(course_class.id, group_id), ~has_one)
    if line_id is not None:
        lines = lines.where(Enrolment.id == line_id)
    columns = ["kind", "enrolment_id", "made_by_id", "made_at", "expires_at"]
    db.session.execute(slips.insert().from_select(columns, lines))
    new = db.session.execute(
        select(slips.c.id, slips.c.enrolment_id, slips.c.made_at)
        .join(Enrolment, Enrolment.id == slips.c.enrolment_id)
        .where(slips.c.made_at == at, slips.c.code_digest.is_(None), Enrolment.class_id == course_class.id),
    ).all()
    if new:
        digests = [{"slip": row.id, "digest": queries.digest_of(queries.code_of(row.id, row.enrolment_id, row.made_at))} for row in new]
        statement = update(slips).where(slips.c.id == bindparam("slip")).values(code_digest=bindparam("digest"))
        db.session.connection().execute(statement, digests)
    return len(new)


def slip_to_claim(typed: str) -> OpenedSlip:
    """Return the slip whose code this is, if it opens a place now; unknown, used and revoked ones are refused alike."""
    opened = queries.slip_opened_by(typed)
    if opened is None or opened.slip.kind != "place" or opened.place.person_id is not None:
        raise opens_nothing()
    if not service.has_confirmed_professor(opened.course_class):
        raise opens_nothing()
    if service.is_over(opened.course_class):
        message = _("The class of this slip is over; ask your professor.")
        raise Invalid(message, {"code": message})
    return opened


def opens_nothing() -> Invalid:
    """Return the refusal of a slip that is unknown, used or revoked: the same for all three."""
    message = _("This slip opens nothing now; ask your professor.")
    return Invalid(message, {"code": message})


def claim_with_new_account(opened: OpenedSlip, *, sign_in_name: str, password_hash: str, email: str) -> Person:
    """Return a new person of the slip's name, who has the place on it."""
    line = opened.place
    person = in_person_service.make_account(
        name=line.name, sign_in_name=sign_in_name, password_hash=password_hash, email=email, language=line.language
    )
    audit.record("create-person", "person", person.id, actor_id=person.id, details={"slip": opened.slip.id})
    claim_place(opened, person.id)
    if email:
        address_service.send_confirmation(person.id, email)
    return person


def claim_place(opened: OpenedSlip, person_id: int) -> None:
    """Give the person the place on the slip; raise Invalid where somebody was faster with the same slip."""
    course_class = opened.course_class
    claims.lock_person(person_id)
    if claims.teaches(course_class.id, person_id):
        raise Conflict(_("You teach this class, so a student's place in it is not for you. Nothing was changed; the slip is still good."))
    used = (
        update(Slip)
        .where(Slip.id == opened.slip.id, queries.is_live())
        .values(used_at=clock.now(), used_by_id=person_id)
        .returning(Slip.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(used) is None or claims.take_line(course_class, opened.place.id, person_id, way="slip") is None:
        raise opens_nothing()
