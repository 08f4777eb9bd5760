"""Lines of a roster that nobody has claimed become people's places: by a verified address, by the class's code, by a slip.

A line is no seat; it becomes one at the moment it is claimed. A person has one place in a class: whoever has one already keeps it, and
gets what the line says besides.
"""

from datetime import datetime

from sqlalchemy import select

from elearn import clock
from elearn.accounts.acts import AddressVerified
from elearn.accounts.models import EmailAddress, Person
from elearn.accounts.permissions import Visitor
from elearn.db import db, note
from elearn.learning.acts import SeatTaken
from elearn.learning.models import CourseClass, Enrolment, EnrolmentChange
from elearn.learning.service import class_to_join, enrol, has_confirmed_professor, is_over


def claim_lines(acts: list[object]) -> None:
    """Give people the lines that wait for an address which they have just verified; a listener that runs before each commit."""
    for act in acts:
        if isinstance(act, AddressVerified):
            _claim_lines_of(act.person_id, act.address)


def _claim_lines_of(person_id: int, address: str) -> None:
    question = (
        select(Enrolment.id, CourseClass)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .where(Enrolment.email == address, Enrolment.person_id.is_(None), Enrolment.ended_at.is_(None), Enrolment.role == "student")
        .order_by(Enrolment.id)
    )
    found = [(row[0], row[1]) for row in db.session.execute(question)]
    if found:
        lock_person(person_id)
    for line_id, course_class in found:
        if not is_over(course_class) and has_confirmed_professor(course_class) and not teaches(course_class.id, person_id):
            take_line(course_class, line_id, person_id, way="address")


def join_class(visitor: Visitor, typed_code: str, *, at: datetime | None = None) -> CourseClass:
    """Return the class that ``visitor`` is now in; a second press changes nothing, nor does it where they teach.

    A line that waits there for an address of theirs becomes theirs.
    """
    at = at or clock.now()
    course_class = class_to_join(typed_code)
    lock_person(visitor.id)
    if teaches(course_class.id, visitor.id):
        return course_class
    lines = list(
        db.session.scalars(
            select(Enrolment.id)
            .join(EmailAddress, EmailAddress.address == Enrolment.email)
            .where(
                Enrolment.class_id == course_class.id,
                Enrolment.person_id.is_(None),
                Enrolment.ended_at.is_(None),
                EmailAddress.person_id == visitor.id,
                EmailAddress.verified_at.is_not(None),
            )
            .order_by(Enrolment.id),
        ),
    )
    for line_id in lines:
        take_line(course_class, line_id, visitor.id, way="code", at=at)
    if not lines:
        enrol(course_class, visitor.id, visitor.name, "student", at=at)
    return course_class


def role_in(class_id: int, person_id: int) -> str | None:
    """Return as what the person is in the class now; None: they are not."""
    place = _current_place(class_id, person_id)
    return place.role if place is not None else None


def teaches(class_id: int, person_id: int) -> bool:
    """Return whether the person is staff of the class now."""
    return role_in(class_id, person_id) not in {None, "student"}


def lock_person(person_id: int) -> None:
    """Have nobody else give this person a place until this unit of work ends."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def take_line(course_class: CourseClass, line_id: int, person_id: int, *, way: str, at: datetime | None = None) -> int | None:
    """Return the number of the person's place once the line is theirs; None where it waits no longer.

    The person is locked, and does not teach the class.
    """
    at = at or clock.now()
    line = db.session.scalar(
        select(Enrolment)
        .where(Enrolment.id == line_id, Enrolment.person_id.is_(None), Enrolment.ended_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True),
    )
    if line is None:
        return None
    place = _current_place(course_class.id, person_id)
    if place is None and _was_here(course_class.id, person_id):
        # Coming back is going on in the old place.
        enrol(course_class, person_id, line.name, "student", at=at)
        place = _current_place(course_class.id, person_id)
    if place is not None:
        _merge(line, place, person_id, way, at)
        return place.id
    line.person_id = person_id
    line.enrolled_at = at
    _change(line.id, "claimed", at, person_id, {"way": way})
    db.session.flush()
    note(SeatTaken(course_class.id, course_class.institution_id, at))
    return line.id


def _current_place(class_id: int, person_id: int) -> Enrolment | None:
    return db.session.scalar(
        select(Enrolment).where(Enrolment.class_id == class_id, Enrolment.person_id == person_id, Enrolment.ended_at.is_(None)),
    )


def _was_here(class_id: int, person_id: int) -> bool:
    """Return whether the person has a place in the class that ended otherwise than as an error."""
    earlier = select(Enrolment.id).where(
        Enrolment.class_id == class_id,
        Enrolment.person_id == person_id,
        Enrolment.role == "student",
        Enrolment.end_reason.in_(("left", "withdrawn")),
    )
    return db.session.scalar(earlier.limit(1)) is not None


def _merge(line: Enrolment, place: Enrolment, person_id: int, way: str, at: datetime) -> None:
    """End ``line`` as an error, having given ``place`` what it does not say itself."""
    place.student_id = place.student_id or line.student_id
    place.email = place.email or line.email
    place.language = place.language or line.language
    place.group_id = place.group_id or line.group_id
    line.ended_at = at
    line.end_reason = "error"
    _change(line.id, "removed", at, person_id, {"way": way, "place": place.id})
    _change(place.id, "claimed", at, person_id, {"way": way, "line": line.id})
    db.session.flush()


def _change(enrolment_id: int, kind: str, at: datetime, by_id: int | None, details: dict[str, object]) -> None:
    db.session.add(EnrolmentChange(enrolment_id=enrolment_id, kind=kind, at=at, by_id=by_id, details=details))
