"""What changes a place in a class: how it ends and is taken up again, and what its holder is called there."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.db import db, dialect, insert, note
from elearn.errors import Conflict, Invalid
from elearn.learning import statements
from elearn.learning.acts import SeatTaken, SeatVoided
from elearn.learning.models import CourseClass, Enrolment, EnrolmentChange, ModuleProgress

LONGEST_EXTENSION = timedelta(days=366)
LONGEST_NAME = 200
LONGEST_STUDENT_ID = 60
#: What the history calls each way a place ends.
ENDINGS = {"left": "left", "withdrawn": "withdrawn", "error": "removed"}


def places_of(class_id: int, person_id: int) -> list[Enrolment]:
    """Return every place that a person has or had in a class, locked: whoever changes one at the same moment is waited for."""
    return list(
        db.session.scalars(
            select(Enrolment)
            .where(Enrolment.class_id == class_id, Enrolment.person_id == person_id)
            .order_by(Enrolment.id)
            .with_for_update()
            .execution_options(populate_existing=True),
        ),
    )


def write_down(enrolment_id: int, kind: str, *, by_id: int | None, at: datetime | None = None, **details: Any) -> None:
    """Add a step to the history of a place; ids and days, no names: the history is never changed."""
    db.session.add(EnrolmentChange(enrolment_id=enrolment_id, kind=kind, at=at or clock.now(), by_id=by_id, details=details))


def seat_day(places: Sequence[Enrolment]) -> datetime | None:
    """Return when the seat was taken that a person's ``places`` in a class are; None: there is none, as with a line nobody has claimed."""
    taken = (p.enrolled_at for p in places if p.role == "student" and p.person_id is not None and p.end_reason != "error")
    return min(taken, default=None)


def note_seat(course_class: CourseClass, before: datetime | None, after: datetime | None) -> None:
    """Say to the counters what became of a seat."""
    if before == after:
        return
    if before is not None:
        note(SeatVoided(course_class.id, course_class.institution_id, before))
    if after is not None:
        note(SeatTaken(course_class.id, course_class.institution_id, after))


def _places_with(enrolment: Enrolment) -> list[Enrolment]:
    """Return all places of the person whose place this is; of a line that nobody has claimed, itself."""
    return [enrolment] if enrolment.person_id is None else places_of(enrolment.class_id, enrolment.person_id)


def end_place(course_class: CourseClass, enrolment: Enrolment, reason: str, *, by_id: int | None, at: datetime | None = None) -> None:
    """End a locked place, dated; ``reason``: left, withdrawn or error. A student's sections are counted in the class no more."""
    if enrolment.ended_at is not None:
        raise Conflict(_("This place in the class has ended already."))
    at = at or clock.now()
    places = _places_with(enrolment)
    before = seat_day(places)
    enrolment.ended_at, enrolment.end_reason = at, reason
    note_seat(course_class, before, seat_day(places))
    if enrolment.role == "student":
        _tally(course_class.id, enrolment.id, -1)
    write_down(enrolment.id, ENDINGS[reason], by_id=by_id, at=at)
    db.session.flush()


def remove_as_error(course_class: CourseClass, enrolment: Enrolment, *, by_id: int) -> None:
    """Leave a locked place, open or ended, as one that never was: its seat is void."""
    if enrolment.end_reason == "error":
        raise Conflict(_("This place was removed already."))
    if enrolment.ended_at is None:
        end_place(course_class, enrolment, "error", by_id=by_id)
        return
    places = _places_with(enrolment)
    before = seat_day(places)
    enrolment.end_reason = "error"
    note_seat(course_class, before, seat_day(places))
    write_down(enrolment.id, "removed", by_id=by_id)
    db.session.flush()


def check_brought_back(enrolment: Enrolment) -> None:
    """Raise Conflict where the student left by themselves: they come back by themselves, too."""
    if enrolment.end_reason == "left":
        raise Conflict(_("This student left the class. They come back with the join code; all they did is kept."))


def _last_step(enrolment_id: int) -> str | None:
    """Return how a place came or went last, before it was removed."""
    kinds = ("joined", "claimed", "returned", "left", "withdrawn")
    steps = select(EnrolmentChange.kind).where(EnrolmentChange.enrolment_id == enrolment_id, EnrolmentChange.kind.in_(kinds))
    return db.session.scalar(steps.order_by(EnrolmentChange.id.desc()).limit(1))


def open_again(
    course_class: CourseClass, enrolment: Enrolment, places: Sequence[Enrolment], *, by_id: int | None, at: datetime | None = None
) -> None:
    """Take a locked student's place up again, with all that was done in it; ``places``: the person's in this class, this one too."""
    before = seat_day(places)
    enrolment.ended_at = enrolment.end_reason = None
    note_seat(course_class, before, seat_day(places))
    _tally(course_class.id, enrolment.id, 1)
    write_down(enrolment.id, "returned", by_id=by_id, at=at)
    db.session.flush()


def bring_back(course_class: CourseClass, enrolment: Enrolment, *, by_id: int) -> bool:
    """Undo that a locked student's place was ended: the seat is again of the day it was; return False where it is open already.

    Who had left before the place was removed as an error has left again: nobody else takes that back.
    """
    if enrolment.ended_at is None:
        return False
    places = _places_with(enrolment)
    if any(place.ended_at is None for place in places):
        raise Conflict(_("This person has another place in the class now."))
    if enrolment.end_reason == "error" and _last_step(enrolment.id) == "left":
        before = seat_day(places)
        enrolment.end_reason = "left"
        note_seat(course_class, before, seat_day(places))
        write_down(enrolment.id, "left", by_id=by_id, removal="undone")
        db.session.flush()
        return True
    open_again(course_class, enrolment, places, by_id=by_id)
    return True


def _tally(class_id: int, enrolment_id: int, change: int) -> None:
    """Count what this student has done in the class's sections, or count it no more."""
    rows = db.session.execute(select(ModuleProgress.module_id, ModuleProgress.done).where(ModuleProgress.enrolment_id == enrolment_id))
    # In one order, so that two who go at the same moment do not wait for each other in a ring.
    keys = sorted((row.module_id, key) for row in rows for key in row.done)
    if keys:
        db.session.execute(
            statements.upsert_tally(dialect()),
            [
                {"class_id": class_id, "module_id": module_id, "section_key": key, "done": max(change, 0), "change": change}
                for module_id, key in keys
            ],
        )


def act(course_class: CourseClass, enrolment: Enrolment, action: str, actor_id: int, **details: Any) -> None:
    """Put into the audit what was done to a place in a class."""
    audit.record(
        action,
        "enrolment",
        enrolment.id,
        actor_id=actor_id,
        institution_id=course_class.institution_id,
        details={"class": course_class.id, "person": enrolment.person_id} | details,
    )


def correct(course_class: CourseClass, enrolment: Enrolment, *, name: str, student_id: str, by_id: int) -> None:
    """Leave a locked place with this name and student id in the class's list."""
    name, student_id = " ".join(name.split()), " ".join(student_id.split())
    if not name or len(name) > LONGEST_NAME:
        message = _("Enter a name, with at most %(most)d characters.", most=LONGEST_NAME)
        raise Invalid(message, {"name": message})
    if len(student_id) > LONGEST_STUDENT_ID:
        message = _("A student id has at most %(most)d characters.", most=LONGEST_STUDENT_ID)
        raise Invalid(message, {"student_id": message})
    fields = [field for field, value in (("name", name), ("student_id", student_id)) if getattr(enrolment, field) != value]
    if not fields:
        return
    enrolment.name, enrolment.student_id = name, student_id
    write_down(enrolment.id, "corrected", by_id=by_id, fields=fields)
    act(course_class, enrolment, "correct-enrolment", by_id, fields=fields)


def extend(course_class: CourseClass, enrolment: Enrolment, until: date | None, *, by_id: int) -> None:
    """Let the holder of a locked place work on until the end of this day, though the class is over then; None: no longer than others."""
    if until is not None and until <= course_class.ends_on:
        message = _("The class itself goes on until then. Choose a day after its last one.")
        raise Invalid(message, {"until": message})
    if until is not None and until > course_class.ends_on + LONGEST_EXTENSION:
        message = _("At most a year after the class's last day.")
        raise Invalid(message, {"until": message})
    if enrolment.ended_at is not None:
        raise Conflict(_("This student is not in the class now."))
    if enrolment.extended_until == until:
        return
    enrolment.extended_until = until
    day = until.isoformat() if until else None
    write_down(enrolment.id, "extended", by_id=by_id, until=day)
    act(course_class, enrolment, "extend-enrolment", by_id, until=day)


def put_in_groups(
    course_class: CourseClass, wanted: dict[int, int | None], *, by_id: int | None, at: datetime | None = None
) -> dict[int, int | None]:
    """Leave these places in these groups (None: in none); return in which each was that is in another one now."""
    at = at or clock.now()
    places = db.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.class_id == course_class.id, Enrolment.role == "student", Enrolment.ended_at.is_(None), Enrolment.id.in_(list(wanted))
        )
        .order_by(Enrolment.id)
        .with_for_update()
        .execution_options(populate_existing=True),
    ).all()
    moved = {place.id: place.group_id for place in places if place.group_id != wanted[place.id]}
    for place in places:
        place.group_id = wanted[place.id]
    steps = [
        {"enrolment_id": id_, "kind": "regrouped", "at": at, "by_id": by_id, "details": {"from": was, "to": wanted[id_]}}
        for id_, was in moved.items()
    ]
    if steps:
        db.session.flush()
        db.session.execute(insert(EnrolmentChange), steps)
        audit.record(
            "group-students",
            "class",
            course_class.id,
            actor_id=by_id,
            institution_id=course_class.institution_id,
            details={"enrolments": sorted(moved)[:200], "count": len(moved)},
        )
    return moved
