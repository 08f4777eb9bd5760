"""Getting into a class, and what students do in it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import clock
from elearn.accounts.credentials import typed_join_code
from elearn.accounts.models import Membership, Person
from elearn.db import db, dialect, insert, note
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.learning import statements
from elearn.learning.access import Desk, check_open
from elearn.learning.acts import ProfessorAdded, SeatTaken
from elearn.learning.enrolment_service import open_again, places_of, seat_day, write_down
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.progress import count_done, done_keys, is_complete
from elearn.learning.result_service import Learner, record_activity
from elearn.learning.terms import day_in


def enrol(
    course_class: CourseClass,
    person_id: int,
    name: str,
    role: str,
    *,
    at: datetime | None = None,
    by_id: int | None = None,
) -> int | None:
    """Return the number of the place in the class that the person now has, None where they had one.

    A student who comes back has the place they had, with all they did in it; staff begin anew, since it counts from when to when they
    taught. A student's first place is a seat. ``by_id``: who enrolled them, if they did not do so themselves.
    """
    at = at or clock.now()
    places = places_of(course_class.id, person_id)
    if any(place.ended_at is None for place in places):
        return None
    former = [place for place in places if place.role == "student"]
    if role == "student" and former:
        if seat_day(places) is None:
            # It was removed as an error: the seat that is taken now is one of today.
            former[-1].enrolled_at = at
        open_again(course_class, former[-1], places, by_id=by_id or person_id, at=at)
        return former[-1].id
    enrolment_id = db.session.scalar(
        insert(Enrolment)
        .values(class_id=course_class.id, person_id=person_id, name=name, role=role, enrolled_at=at)
        # A second press, at the same moment perhaps.
        .on_conflict_do_nothing()
        .returning(Enrolment.id),
    )
    if enrolment_id is None:
        return None
    write_down(enrolment_id, "joined", by_id=by_id or person_id, at=at)
    if role == "student":
        note(SeatTaken(course_class.id, course_class.institution_id, at))
    elif role == "professor":
        note(ProfessorAdded(person_id, course_class.id, course_class.institution_id, at))
    return enrolment_id


def class_to_join(typed_code: str) -> CourseClass:
    """Return the class that this code opens now; unknown, closed, ended and unconfirmed ones are refused alike."""
    course_class = db.session.scalar(select(CourseClass).where(CourseClass.join_code == typed_join_code(typed_code)))
    if course_class is None or not course_class.is_open or is_over(course_class) or not has_confirmed_professor(course_class):
        raise _opens_no_class()
    return course_class


def is_over(course_class: CourseClass) -> bool:
    """Return whether the class's last day is over where it is held."""
    return day_in(course_class.timezone, clock.now()) > course_class.ends_on


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
    check_open(desk.seat, at)
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
        completed_at=_completed_at(desk, done, submitted=desk.attempts > 0, at=at, stays=is_done),
    )
    _tally(seat.class_id, desk.module.module_id, section_key, 1 if is_done else -1)
    if is_done:
        record_activity(learner_at(desk), at)


def learner_at(desk: Desk) -> Learner:
    """Return the student at ``desk`` as the gradebook and the figures know them."""
    seat = desk.seat
    return Learner(seat.visitor.id, seat.enrolment_id, seat.class_id, seat.institution_id, desk.module.module_id, seat.edition.language)


def _tally(class_id: int, module_id: int, section_key: str, change: int) -> None:
    """Count one student more, or one less, who has the section done."""
    db.session.execute(
        statements.upsert_tally(dialect()),
        {"class_id": class_id, "module_id": module_id, "section_key": section_key, "done": max(change, 0), "change": change},
    )


def _completed_at(desk: Desk, done: list[str], *, submitted: bool, at: datetime, stays: bool) -> datetime | None:
    """Return since when the module is complete; what was complete ``stays`` so, though another edition has a section more."""
    complete = is_complete(done, desk.module.student_keys, has_quiz=desk.module.quiz is not None, quiz_submitted=submitted)
    if complete:
        return desk.completed_at or at
    return desk.completed_at if stays else None


def _save_progress(desk: Desk, at: datetime, **changed: object) -> None:
    """Write the summary of a student in a module; the enrolment is locked, so nobody else is writing it."""
    known = {
        "done": list(desk.done),
        "done_count": desk.done_count,
        "last_key": desk.last_key,
        "points": desk.points,
        "max_points": desk.max_points,
        "is_provisional": desk.is_provisional,
        "attempts": desk.attempts,
        "completed_at": desk.completed_at,
        "changed_at": at,
    }
    whose = {"enrolment_id": desk.seat.enrolment_id, "module_id": desk.module.module_id}
    db.session.execute(statements.upsert_progress(dialect()), known | changed | whose)
