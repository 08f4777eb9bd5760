"""Questions about many classes: those one teaches, and those one answers for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from elearn import clock
from elearn.accounts.models import Institution, Person
from elearn.db import db, name_holds
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.queries import holds
from elearn.learning.staff_queries import confirmed_here
from elearn.learning.terms import STATES, day_in, state_of


def _state_here(question: Select[Any]) -> ColumnElement[str]:
    """Return the column that says whether a class is coming, running or over, each by its own time zone; costs a statement.

    Zones are asked for first: at any moment there are three days on earth at most.
    """
    zones: dict[date, list[str]] = {}
    for zone in db.session.scalars(question.with_only_columns(CourseClass.timezone).distinct().order_by(None)):
        zones.setdefault(day_in(zone, clock.now()), []).append(zone)
    over = [and_(CourseClass.timezone.in_(names), CourseClass.ends_on < day) for day, names in zones.items()]
    coming = [and_(CourseClass.timezone.in_(names), CourseClass.starts_on > day) for day, names in zones.items()]
    if not zones:
        return case((CourseClass.id.is_(None), ""), else_="running")
    return case((or_(*over), "over"), (or_(*coming), "coming"), else_="running")


@dataclass(frozen=True)
class TaughtLine:
    """A class in the list of one who teaches it."""

    id: int
    title: str
    role: str
    institution: str
    starts_on: date
    ends_on: date
    students: int


class TaughtClasses:
    """The classes that a person teaches now, apart by state."""

    def __init__(self, person_id: int) -> None:
        mine = (Enrolment.person_id == person_id, Enrolment.ended_at.is_(None), Enrolment.role.in_(("professor", "assistant")))
        self._from = select(CourseClass.id).join(Enrolment, Enrolment.class_id == CourseClass.id).where(*mine)
        self._state = _state_here(self._from)
        counted = db.session.execute(self._from.with_only_columns(self._state, func.count()).group_by(self._state))
        known = {row[0]: row[1] for row in counted}
        #: How many there are in each state.
        self.counts = {state: known.get(state, 0) for state in STATES}

    def page(self, state: str, limit: int, offset: int) -> list[TaughtLine]:
        """Return some of those in one state: of the past ones the latest first, of the others the earliest."""
        students = _students().correlate(CourseClass).scalar_subquery()
        columns = (
            CourseClass.id,
            CourseClass.title,
            Enrolment.role,
            Institution.name,
            CourseClass.starts_on,
            CourseClass.ends_on,
            students,
        )
        order = CourseClass.ends_on.desc() if state == "over" else CourseClass.starts_on
        rows = db.session.execute(
            self._from.with_only_columns(*columns)
            .join(Institution, Institution.id == CourseClass.institution_id)
            .where(self._state == state)
            .order_by(order, CourseClass.id.desc())
            .limit(limit)
            .offset(offset),
        )
        return [TaughtLine(*row) for row in rows]


_STUDENT = Enrolment.__table__.alias("student")


def _students() -> Select[int]:
    """Return the question how many students a class has now."""
    return (
        select(func.count())
        .select_from(_STUDENT)
        .where(
            _STUDENT.c.class_id == CourseClass.id,
            _STUDENT.c.role == "student",
            _STUDENT.c.ended_at.is_(None),
            _STUDENT.c.person_id.is_not(None),
        )
    )


@dataclass(frozen=True)
class ClassLine:
    """A class in a coordinator's list: no student's name."""

    id: int
    title: str
    code: str
    institution: str
    starts_on: date
    ends_on: date
    state: str
    students: int
    #: Whether a professor of it is confirmed and can sign in: without one nobody can join.
    is_led: bool


class CoordinatedClasses:
    """The classes of some institutions (None: of all), narrowed as asked: ``state``, ``q`` and ``professor``."""

    def __init__(self, institution_ids: Sequence[int] | None, asked: Mapping[str, str]) -> None:
        self._from = select(CourseClass.id).select_from(CourseClass)
        if institution_ids is not None:
            self._from = self._from.where(CourseClass.institution_id.in_(institution_ids))
        self._state = _state_here(self._from)
        self._led = (
            select(Enrolment.id)
            .where(Enrolment.class_id == CourseClass.id, Enrolment.role == "professor", Enrolment.ended_at.is_(None), confirmed_here())
            .correlate(CourseClass)
            .exists()
        )
        if asked["state"] == "unled":
            self._from = self._from.where(~self._led)
        elif asked["state"]:
            self._from = self._from.where(self._state == asked["state"])
        if asked["q"]:
            self._from = self._from.where(or_(holds(CourseClass.title, asked["q"]), holds(CourseClass.code, asked["q"])))
        if asked["professor"]:
            named = select(Enrolment.class_id).where(
                Enrolment.role == "professor", Enrolment.ended_at.is_(None), name_holds(Enrolment, asked["professor"])
            )
            self._from = self._from.where(CourseClass.id.in_(named))
        self.total = db.session.scalar(self._from.with_only_columns(func.count())) or 0

    def page(self, limit: int, offset: int) -> list[ClassLine]:
        """Return some of them, the latest to end first."""
        columns = (
            CourseClass.id,
            CourseClass.title,
            CourseClass.code,
            Institution.name,
            CourseClass.starts_on,
            CourseClass.ends_on,
            self._state,
            _students().correlate(CourseClass).scalar_subquery(),
            self._led,
        )
        rows = db.session.execute(
            self._from.with_only_columns(*columns)
            .join(Institution, Institution.id == CourseClass.institution_id)
            .order_by(CourseClass.ends_on.desc(), CourseClass.id.desc())
            .limit(limit)
            .offset(offset),
        )
        return [ClassLine(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], bool(row[8])) for row in rows]


def professors_of(class_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return by class the names of its professors now."""
    rows = db.session.execute(
        select(Enrolment.class_id, Person.name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.class_id.in_(class_ids), Enrolment.role == "professor", Enrolment.ended_at.is_(None))
        .order_by(Enrolment.id),
    )
    found: dict[int, list[str]] = {}
    for class_id, name in rows:
        found.setdefault(class_id, []).append(name)
    return found


@dataclass(frozen=True)
class Neighbour:
    """The class before or after this one: taught again."""

    id: int
    title: str


def neighbours(course_class: CourseClass) -> tuple[Neighbour | None, list[Neighbour]]:
    """Return the class that this one repeats, and those that repeat it."""
    rows = db.session.execute(
        select(CourseClass.id, CourseClass.title)
        .where((CourseClass.previous_class_id == course_class.id) | (CourseClass.id == course_class.previous_class_id))
        .order_by(CourseClass.id)
        .limit(50),
    )
    known = [Neighbour(*row) for row in rows]
    before = next((each for each in known if each.id == course_class.previous_class_id), None)
    return before, [each for each in known if each.id != course_class.previous_class_id]


def numbers_of(class_id: int) -> dict[str, int]:
    """Return how many students a class has now, how many lines wait to be claimed, and how many have gone."""
    state = case((Enrolment.ended_at.is_not(None), "gone"), (Enrolment.person_id.is_(None), "waiting"), else_="in")
    rows = db.session.execute(
        select(state, func.count())
        .where(
            Enrolment.class_id == class_id,
            Enrolment.role == "student",
            Enrolment.end_reason.is_(None) | (Enrolment.end_reason != "error"),
        )
        .group_by(state),
    )
    return {"in": 0, "waiting": 0, "gone": 0} | {row[0]: row[1] for row in rows}


def state_now(starts_on: date, ends_on: date, timezone: str) -> str:
    """Return whether a class is coming, running or over."""
    return state_of(starts_on, ends_on, day_in(timezone, clock.now()))
