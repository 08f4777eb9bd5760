"""What changes classes, and what students do in them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, cache, clock
from elearn.accounts.credentials import new_join_code, typed_join_code
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Edition
from elearn.db import after_commit, db, dialect, insert, note
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.learning import statements
from elearn.learning.access import Desk, Seat
from elearn.learning.acts import ActivityAdded, ProfessorAdded, SeatTaken
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.progress import count_done, counts_more, done_keys, is_complete


def open_class(
    *,
    edition: Edition,
    institution: Institution,
    title: str,
    timezone: str,
    starts_on: date,
    ends_on: date,
    professor: Visitor,
    welcome: str = "",
    welcome_html: str = "",
    at: datetime | None = None,
) -> CourseClass:
    """Return a new class on ``edition``, taught by ``professor``, with a code that lets students in.

    ``welcome_html`` is ``welcome`` as ``text.render_personal`` lays it out: for seconds perhaps, which is no time to hold a write turn.
    """
    _check_term(timezone, starts_on, ends_on)
    at, join_code = at or clock.now(), new_join_code()
    course_class = CourseClass(
        # Until the row has its number: two classes may be made at the same moment.
        code=join_code,
        institution_id=institution.id,
        edition_id=edition.id,
        title=title,
        welcome=welcome,
        welcome_html=welcome_html,
        timezone=timezone,
        starts_on=starts_on,
        ends_on=ends_on,
        join_code=join_code,
        created_by_id=professor.id,
        created_at=at,
    )
    db.session.add(course_class)
    db.session.flush()
    course_class.code = f"{institution.code}-{course_class.id}"
    enrol(course_class, professor.id, professor.name, "professor", at=at)
    audit.record("open-class", "class", course_class.id, actor_id=professor.id, institution_id=institution.id)
    return course_class


def _check_term(timezone: str, starts_on: date, ends_on: date) -> None:
    if timezone not in available_timezones():
        message = _("There is no time zone of that name.")
        raise Invalid(message, {"timezone": message})
    if ends_on < starts_on:
        message = _("The class ends before it begins.")
        raise Invalid(message, {"ends_on": message})


def enrol(course_class: CourseClass, person_id: int, name: str, role: str, *, at: datetime | None = None) -> int | None:
    """Return the number of the person's new place in the class, None where they have one; a student's first one is a seat."""
    at = at or clock.now()
    enrolment_id = db.session.scalar(
        insert(Enrolment)
        .values(class_id=course_class.id, person_id=person_id, name=name, role=role, enrolled_at=at)
        # A second press, at the same moment perhaps.
        .on_conflict_do_nothing()
        .returning(Enrolment.id),
    )
    if enrolment_id is None:
        return None
    if role == "student" and not _had_a_seat(course_class.id, person_id, enrolment_id):
        note(SeatTaken(course_class.id, course_class.institution_id, at))
    elif role == "professor":
        note(ProfessorAdded(person_id, course_class.id, course_class.institution_id, at))
    return enrolment_id


def _had_a_seat(class_id: int, person_id: int, enrolment_id: int) -> bool:
    """Return whether the person was a student of the class before this enrolment, not counting those removed as errors."""
    earlier = select(Enrolment.id).where(
        Enrolment.class_id == class_id,
        Enrolment.person_id == person_id,
        Enrolment.id != enrolment_id,
        Enrolment.role == "student",
        Enrolment.end_reason.is_(None) | (Enrolment.end_reason != "error"),
    )
    return db.session.scalar(earlier.limit(1)) is not None


def set_open(course_class: CourseClass, visitor: Visitor, *, is_open: bool) -> None:
    """Let new students in with the class's code, or no longer."""
    course_class.is_open = is_open
    audit.record(
        "open-joining" if is_open else "close-joining",
        "class",
        course_class.id,
        actor_id=visitor.id,
        institution_id=course_class.institution_id,
    )


def class_to_join(typed_code: str) -> CourseClass:
    """Return the class that this code opens now; unknown, closed, ended and unconfirmed ones are refused alike."""
    course_class = db.session.scalar(select(CourseClass).where(CourseClass.join_code == typed_join_code(typed_code)))
    if course_class is None or not course_class.is_open or is_over(course_class) or not has_confirmed_professor(course_class):
        raise _opens_no_class()
    return course_class


def is_over(course_class: CourseClass) -> bool:
    """Return whether the class's last day is over where it is held."""
    return clock.now().astimezone(ZoneInfo(course_class.timezone)).date() > course_class.ends_on


def _opens_no_class() -> Invalid:
    message = _("This code opens no class now; ask your professor.")
    return Invalid(message, {"code": message})


def has_confirmed_professor(course_class: CourseClass) -> bool:
    """Return whether somebody whose account works teaches the class as a confirmed professor of its institution."""
    return (
        db.session.scalar(
            select(Membership.id)
            .join(Enrolment, Enrolment.person_id == Membership.person_id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Person.deactivated_at.is_(None),
                Person.erased_at.is_(None),
                Enrolment.class_id == course_class.id,
                Enrolment.role == "professor",
                Enrolment.ended_at.is_(None),
                Membership.institution_id == course_class.institution_id,
                Membership.role == "professor",
                Membership.state == "confirmed",
                Membership.ended_at.is_(None),
            )
            .limit(1),
        )
        is not None
    )


def mark_section(desk: Desk, section_key: str, *, is_done: bool, at: datetime | None = None) -> None:
    """Leave the section in the state the student wants; what is already so changes nothing."""
    at = at or clock.now()
    order = desk.module.student_keys
    if section_key not in order:
        raise NotFound
    if desk.seat.is_staff:
        raise NotAllowed(_("You teach this class: what you read here is not counted."))
    if (section_key in desk.done) == is_done:
        return
    seat = desk.seat
    db.session.execute(
        statements.insert_section_mark(dialect()),
        {
            "enrolment_id": seat.enrolment_id,
            "module_id": desk.module.module_id,
            "section_key": section_key,
            "edition_id": seat.edition.id,
            "done": is_done,
            "at": at,
        },
    )
    done = done_keys(desk.done, section_key, order, is_done=is_done)
    _save_progress(
        desk,
        at,
        done=done,
        done_count=count_done(done, order),
        last_key=section_key if is_done else desk.last_key,
        completed_at=_completed_at(desk, done, submitted=desk.attempts > 0, at=at),
    )
    _tally(seat.class_id, desk.module.module_id, section_key, 1 if is_done else -1)
    if is_done:
        record_activity(seat, desk.module.module_id, at)


def _tally(class_id: int, module_id: int, section_key: str, change: int) -> None:
    """Count one student more, or one less, who has the section done."""
    db.session.execute(
        statements.upsert_tally(dialect()),
        {"class_id": class_id, "module_id": module_id, "section_key": section_key, "done": max(change, 0), "change": change},
    )


def _completed_at(desk: Desk, done: list[str], *, submitted: bool, at: datetime) -> datetime | None:
    complete = is_complete(done, desk.module.student_keys, has_quiz=desk.module.quiz is not None, quiz_submitted=submitted)
    return (desk.completed_at or at) if complete else None


def _save_progress(desk: Desk, at: datetime, **changed: object) -> None:
    """Write the summary of a student in a module; the enrolment is locked, so nobody else is writing it."""
    known = {
        "done": list(desk.done),
        "done_count": desk.done_count,
        "last_key": desk.last_key,
        "points": desk.points,
        "max_points": desk.max_points,
        "attempts": desk.attempts,
        "completed_at": desk.completed_at,
        "changed_at": at,
    }
    whose = {"enrolment_id": desk.seat.enrolment_id, "module_id": desk.module.module_id}
    db.session.execute(statements.upsert_progress(dialect()), known | changed | whose)


def record_activity(seat: Seat, module_id: int, at: datetime) -> None:
    """Have the student's act count in reach; the first of a month in a class, module and language makes a row."""
    month = at.date().replace(day=1)
    key = (seat.visitor.id, month, seat.class_id, module_id, seat.edition.language)
    if cache.knows("activity", key):
        return
    # Only what is committed is known.
    after_commit(lambda: cache.learn("activity", key))
    added = db.session.execute(
        statements.insert_activity(dialect()),
        {
            "person_id": seat.visitor.id,
            "month": month,
            "class_id": seat.class_id,
            "institution_id": seat.institution_id,
            "module_id": module_id,
            "language": seat.edition.language,
            "at": at,
        },
    ).scalar()
    if added is not None:
        note(
            ActivityAdded(
                seat.visitor.id,
                month,
                seat.class_id,
                seat.institution_id,
                module_id,
                seat.edition.language,
                at,
            ),
        )


def record_result(desk: Desk, *, attempt_id: int, points: int, max_points: int, at: datetime) -> None:
    """Put a submitted quiz into the gradebook, where the best mark counts."""
    db.session.execute(
        statements.insert_result(dialect()),
        {
            "enrolment_id": desk.seat.enrolment_id,
            "module_id": desk.module.module_id,
            "attempt_id": attempt_id,
            "points": points,
            "max_points": max_points,
            "at": at,
        },
    )
    best = counts_more(points, max_points, desk.points, desk.max_points)
    _save_progress(
        desk,
        at,
        points=points if best else desk.points,
        max_points=max_points if best else desk.max_points,
        attempts=desk.attempts + 1,
        completed_at=_completed_at(desk, list(desk.done), submitted=True, at=at),
    )
    record_activity(desk.seat, desk.module.module_id, at)
