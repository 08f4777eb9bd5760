"""Questions about rosters: who is on one, whom an address belongs to, what was sent and waits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select

from elearn import clock
from elearn.accounts.models import EmailAddress, Person
from elearn.db import db, table
from elearn.learning.models import ClassGroup, Enrolment, RosterUpload
from elearn.learning.roster_plan import Place

#: How many addresses are asked about at once.
ADDRESSES_AT_ONCE = 5000
#: So long an upload waits for its import.
UPLOAD_WAITS = timedelta(days=1)

_PLACE, _GROUP = table(Enrolment), table(ClassGroup)


def waiting(class_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what makes an enrolment a line of the class's roster that nobody has claimed."""
    return (
        Enrolment.class_id == class_id,
        Enrolment.role == "student",
        Enrolment.person_id.is_(None),
        Enrolment.ended_at.is_(None),
    )


def places_in(class_id: int) -> list[Place]:
    """Return the students' places in a class, the lines that wait among them; of those that have ended, only people's."""
    rows = db.session.execute(
        select(
            _PLACE.c.id,
            _PLACE.c.person_id,
            _PLACE.c.name,
            _PLACE.c.email,
            _PLACE.c.student_id,
            _PLACE.c.language,
            func.coalesce(_GROUP.c.name, ""),
            _PLACE.c.ended_at.is_(None),
        )
        .outerjoin(_GROUP, _GROUP.c.id == _PLACE.c.group_id)
        .where(
            _PLACE.c.class_id == class_id,
            _PLACE.c.role == "student",
            or_(_PLACE.c.ended_at.is_(None), (_PLACE.c.end_reason != "error") & _PLACE.c.person_id.is_not(None)),
        ),
    )
    return [Place(*row) for row in rows]


def staff_in(class_id: int) -> set[int]:
    """Return the people who teach a class now."""
    question = select(Enrolment.person_id).where(Enrolment.class_id == class_id, Enrolment.role != "student", Enrolment.ended_at.is_(None))
    return {person_id for person_id in db.session.scalars(question) if person_id is not None}


def owners_of(addresses: Iterable[str]) -> dict[str, int]:
    """Return by address who has verified it, if they can sign in."""
    wanted, owners = sorted(set(addresses) - {""}), dict[str, int]()
    for start in range(0, len(wanted), ADDRESSES_AT_ONCE):
        rows = db.session.execute(
            select(EmailAddress.address, EmailAddress.person_id)
            .join(Person, Person.id == EmailAddress.person_id)
            .where(
                EmailAddress.address.in_(wanted[start : start + ADDRESSES_AT_ONCE]),
                EmailAddress.verified_at.is_not(None),
                Person.deactivated_at.is_(None),
                Person.erased_at.is_(None),
            ),
        )
        owners.update({row.address: row.person_id for row in rows})
    return owners


def groups_of(class_id: int) -> Sequence[ClassGroup]:
    """Return the groups that a class has now, by name."""
    there = (ClassGroup.class_id == class_id, ClassGroup.removed_at.is_(None))
    return db.session.scalars(select(ClassGroup).where(*there).order_by(ClassGroup.name)).all()


@dataclass(frozen=True)
class RosterCounts:
    """How many students of a class have taken their place, and how many lines wait."""

    seats: int
    waiting: int
    waiting_without_address: int


def roster_counts(class_id: int) -> RosterCounts:
    """Return how many students a class has and how many lines of its roster wait."""
    is_waiting = Enrolment.person_id.is_(None)
    row = db.session.execute(
        select(
            func.count(Enrolment.person_id),
            func.count().filter(is_waiting),
            func.count().filter(is_waiting, Enrolment.email == ""),
        ).where(Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None)),
    ).one()
    return RosterCounts(row[0], row[1], row[2])


def roster_rows(class_id: int) -> Iterator[Sequence[tuple[str, str, str, str, str]]]:
    """Yield the class's roster by name, in batches: name, address, student id, language, group; one statement.

    An address is one that a roster gave: what a student has verified for themselves is not handed on.
    """
    result = db.session.execute(
        select(Enrolment.name, Enrolment.email, Enrolment.student_id, Enrolment.language, func.coalesce(ClassGroup.name, ""))
        .outerjoin(ClassGroup, ClassGroup.id == Enrolment.group_id)
        .where(Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None))
        .order_by(Enrolment.name_key, Enrolment.id),
        execution_options={"yield_per": 1000},
    )
    for batch in result.partitions():
        yield [(row[0], row[1], row[2], row[3], row[4]) for row in batch]


def uploads_waiting(class_id: int) -> Sequence[RosterUpload]:
    """Return the rosters that were sent within a day and not imported yet, newest first."""
    return db.session.scalars(
        select(RosterUpload)
        .where(
            RosterUpload.class_id == class_id,
            RosterUpload.imported_at.is_(None),
            RosterUpload.content.is_not(None),
            RosterUpload.sent_at > clock.now() - UPLOAD_WAITS,
        )
        .order_by(RosterUpload.id.desc())
        .limit(20),
    ).all()
