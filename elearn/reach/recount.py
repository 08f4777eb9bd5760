"""Counting everything again from the acts themselves, by another way than the counters', and comparing.

Acts stream by person; of each person only the sets of cells they are in are held, and over all people one number a cell. So what it takes
grows with the number of cells (units, modules, languages, periods), not with people or acts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, union_all

from elearn.accounts.models import InstallationMark, Institution, Membership, Person
from elearn.accounts.queries import DEMONSTRATION
from elearn.adaptation.models import Course, Edition
from elearn.assessment.models import Attempt
from elearn.countries import WORLD, countries
from elearn.db import db, unit_of_work
from elearn.learning.models import Activity, CourseClass, Enrolment, Result, SectionMark
from elearn.reach import locks
from elearn.reach.models import Cell, ProfessorActivity
from elearn.reach.periods import ACADEMIC_YEAR_BEGINS

ROWS_AT_ONCE = 2000
#: How many differences are listed one by one.
MOST_LISTED = 50

Key = tuple[str, str, str, str]
Step = Callable[[int], object]


@dataclass
class Recount:
    """What was counted again, and where what is kept differs from it."""

    cells: Counter[Key] = field(default_factory=Counter)
    equipped: set[tuple[int, date, int]] = field(default_factory=set)
    people: int = 0
    acts: int = 0
    difference_count: int = 0
    #: Whether a repair puts everything right: the months of ``Activity`` are learning's, not reach's, to change.
    is_repairable: bool = True
    differences: list[dict[str, Any]] = field(default_factory=list)

    def differ(self, what: str, key: Iterable[object], kept: int, counted: int) -> None:
        """Note a difference; the first ones are listed."""
        self.difference_count += 1
        self.is_repairable &= what != "activity"
        if len(self.differences) < MOST_LISTED:
            self.differences.append({"what": what, "key": [str(part) for part in key], "kept": kept, "counted": counted})


def recount(*, repair: bool = False, step: Step | None = None) -> Recount:
    """Return everything counted again and compared; with ``repair``, cells and professors' months are afterwards as counted."""
    if repair:
        with unit_of_work():
            locks.take_gate()
            again = _Counting(db.session.connection(), step).run()
            _replace(again)
        return again
    db.session.rollback()
    # One picture of the whole, however long it takes and whoever studies meanwhile; SQLite shows one anyway.
    level = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with db.engine.execution_options(**level).connect() as connection:
        return _Counting(connection, step).run()


class _Counting:
    """One recount on one connection."""

    def __init__(self, connection: Connection, step: Step | None) -> None:
        self.connection = connection
        self.step = step
        self.again = Recount()
        self.institutions = {row.id: (row.parent_id, row.country) for row in connection.execute(_INSTITUTIONS)}
        marked = connection.execute(select(InstallationMark.key).where(InstallationMark.key == DEMONSTRATION)).first() is not None
        self.invented = set() if marked else set(connection.scalars(select(Person.id).where(Person.is_demonstration)))
        self.staffed: dict[int, list[tuple[int, datetime, datetime | None]]] = {}
        for row in connection.execute(_STAFF):
            self.staffed.setdefault(row.class_id, []).append((row.person_id, row.enrolled_at, row.ended_at))

        self.confirmed: dict[tuple[int, int | None], list[tuple[Any, datetime | None]]] = {}
        for person_id, place, since, until in connection.execute(_CONFIRMED):
            self.confirmed.setdefault((person_id, place), []).append((since, until))

    def run(self) -> Recount:
        self._learners()
        self._professors()
        self._seats()
        self._compare_professors()
        self._compare_cells()
        return self.again

    def _stream(self, question: Select[*tuple[Any, ...]]) -> Iterator[Any]:
        yield from self.connection.execute(question.execution_options(yield_per=ROWS_AT_ONCE))

    def _units(self, institution_id: int) -> list[str]:
        """Climb from an institution to the world."""
        climbed: list[int] = []
        at: int | None = institution_id
        country = self.institutions[institution_id][1]
        while at is not None and at not in climbed and self.institutions[at][1] == country:
            climbed.append(at)
            at = self.institutions[at][0]
        units = [f"institution:{place}" for place in climbed] + [f"country:{country}", f"area:{WORLD}"]
        if known := countries().get(country):
            units += [f"area:{known.subregion_m49}", f"area:{known.region_m49}"]
        return units

    def _learners(self) -> None:
        """Count people as learners, and compare what is kept of their months on the way."""
        acts = (row for row in self._stream(_ACTS) if row.person_id not in self.invented)
        kept = (tuple(row) for row in self._stream(_KEPT) if row.person_id not in self.invented)
        kept_of = _Groups(kept)
        for person_id, own in groupby(acts, key=itemgetter(0)):
            expected: set[tuple[Any, ...]] = set()
            places: dict[int, int] = {}
            for row in own:
                self.again.acts += 1
                month = date(row.at.year, row.at.month, 1)
                expected.add((person_id, month, row.class_id, row.module_id, row.language))
                places[row.class_id] = row.institution_id
                self._equip(row)
            self._compare_activity(expected, kept_of, person_id)
            self.again.cells.update(_learner_cells(expected, {key: self._units(place) for key, place in places.items()}))
            self.again.people += 1
            if self.step is not None:
                self.step(1)
        self._compare_activity(set(), kept_of, None)

    def _equip(self, act: Any) -> None:
        month = date(act.at.year, act.at.month, 1)
        for professor, since, until in self.staffed.get(act.class_id, ()):
            teaching = since <= act.at and (until is None or act.at < until)
            came_in_time = (since.year, since.month) == (act.at.year, act.at.month) and act.at <= since
            if teaching or came_in_time:
                self.again.equipped.add((professor, month, act.institution_id))

    def _compare_activity(self, expected: set[tuple[Any, ...]], kept_of: "_Groups", person_id: int | None) -> None:
        """Compare what is kept of the people up to this one; None: of everyone who is left."""
        found = set(chain.from_iterable(kept_of.up_to(person_id)))
        for key in sorted(found ^ expected):
            self.again.differ("activity", key, int(key in found), int(key in expected))

    def _professors(self) -> None:
        for row in self._stream(_PUBLISHED):
            at, held = row.published_at, self.confirmed.get((row.published_by_id, row.institution_id), ())
            if any(since <= at and (until is None or at < until) for since, until in held):
                self.again.equipped.add((row.published_by_id, date(at.year, at.month, 1), row.institution_id))
        self.again.equipped = {row for row in self.again.equipped if row[0] not in self.invented}
        for _person, own in groupby(sorted(self.again.equipped), key=itemgetter(0)):
            cells = {
                (period, "professors", "", unit) for _, month, place in own for period in _periods(month) for unit in self._units(place)
            }
            self.again.cells.update(cells)

    def _seats(self) -> None:
        for row in self._first_seats():
            for period in _periods(date(row.enrolled_at.year, row.enrolled_at.month, 1)):
                for unit in (f"class:{row.class_id}", *self._units(row.institution_id)):
                    self.again.cells[period, "seats", "", unit] += 1

    def _first_seats(self) -> Iterator[Any]:
        """Yield the enrolments that are seats: of a person's in a class, the first that was no error."""
        seated: tuple[int, int] | None = None
        for row in self._stream(_ENROLMENTS):
            if (row.class_id, row.person_id) != seated:
                yield row
            seated = (row.class_id, row.person_id)

    def _compare_professors(self) -> None:
        kept = {tuple(row) for row in self._stream(_EQUIPPED) if row.person_id not in self.invented}
        for key in sorted(kept ^ self.again.equipped):
            self.again.differ("professor", key, int(key in kept), int(key in self.again.equipped))

    def _compare_cells(self) -> None:
        left = self.again.cells.copy()
        for row in self._stream(_CELLS):
            key: Key = (row.period, row.figure, row.facet, row.unit)
            counted = left.pop(key, 0)
            if counted != row.number:
                self.again.differ("cell", key, row.number, counted)
        for key in sorted(left):
            self.again.differ("cell", key, 0, left[key])


class _Groups:
    """Rows that come sorted by their first column, taken person by person."""

    def __init__(self, rows: Iterator[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def up_to(self, person_id: int | None) -> Iterator[list[tuple[Any, ...]]]:
        while self._next is not None and (person_id is None or self._next[0] <= person_id):
            yield [self._next]
            self._next = next(self._rows, None)


def _periods(month: date) -> list[str]:
    began = month.year - (month.month < ACADEMIC_YEAR_BEGINS)
    return [
        month.strftime("%Y-%m"),
        f"{month.year}-Q{1 + (month.month - 1) // 3}",
        str(month.year),
        f"{began}/{str(began + 1)[2:]}",
        "ever",
    ]


def _learner_cells(rows: set[tuple[Any, ...]], units: dict[int, list[str]]) -> set[Key]:
    return {
        (period, "learners", facet, unit)
        for _, month, class_id, module_id, language in rows
        for period in _periods(month)
        for facet in ("", f"module:{module_id}", f"language:{language}")
        for unit in (f"class:{class_id}", *units[class_id])
    }


def _replace(again: Recount) -> None:
    connection = db.session.connection()
    connection.execute(delete(Cell))
    connection.execute(delete(ProfessorActivity))
    rows = ({"period": p, "figure": f, "facet": a, "unit": u, "count": n} for (p, f, a, u), n in sorted(again.cells.items()))
    while batch := [row for _, row in zip(range(ROWS_AT_ONCE), rows, strict=False)]:
        connection.execute(insert(Cell), batch)
    equipped = [dict(zip(("person_id", "month", "institution_id"), row, strict=True)) for row in sorted(again.equipped)]
    if equipped:
        connection.execute(insert(ProfessorActivity), equipped)


_INSTITUTIONS = select(Institution.id, Institution.parent_id, Institution.country)
_STAFF = select(Enrolment.class_id, Enrolment.person_id, Enrolment.enrolled_at, Enrolment.ended_at).where(
    Enrolment.role == "professor", Enrolment.person_id.is_not(None)
)
_CONFIRMED = select(Membership.person_id, Membership.institution_id, Membership.decided_at, Membership.ended_at).where(
    Membership.role == "professor", Membership.state == "confirmed", Membership.decided_at.is_not(None)
)
_PLACE = (Enrolment.person_id, Enrolment.class_id, CourseClass.institution_id)
_BOTH = union_all(
    select(*_PLACE, SectionMark.module_id, Edition.language, SectionMark.at)
    .select_from(SectionMark)
    .join(Enrolment, Enrolment.id == SectionMark.enrolment_id)
    .join(CourseClass, CourseClass.id == Enrolment.class_id)
    .join(Edition, Edition.id == SectionMark.edition_id)
    .where(SectionMark.done, Enrolment.role == "student"),
    select(*_PLACE, Result.module_id, Edition.language, Result.at)
    .select_from(Result)
    .join(Enrolment, Enrolment.id == Result.enrolment_id)
    .join(CourseClass, CourseClass.id == Enrolment.class_id)
    .join(Attempt, Attempt.id == Result.attempt_id)
    .join(Edition, Edition.id == Attempt.edition_id)
    # To mark a quiz anew is no act of the student.
    .where(Enrolment.role == "student", Result.replaces_id.is_(None)),
).subquery()
_ACTS = select(_BOTH).order_by(_BOTH.c.person_id)
_KEPT = select(Activity.person_id, Activity.month, Activity.class_id, Activity.module_id, Activity.language).order_by(Activity.person_id)
_PUBLISHED = select(Edition.published_by_id, Edition.published_at, Course.institution_id).join(Course, Course.id == Edition.course_id)
_EQUIPPED = select(ProfessorActivity.person_id, ProfessorActivity.month, ProfessorActivity.institution_id)
_ENROLMENTS = (
    select(Enrolment.class_id, Enrolment.person_id, CourseClass.institution_id, Enrolment.enrolled_at)
    .join(CourseClass, CourseClass.id == Enrolment.class_id)
    # A line of a roster that nobody has claimed is no seat.
    .where(Enrolment.role == "student", Enrolment.person_id.is_not(None))
    .where(Enrolment.end_reason.is_(None) | (Enrolment.end_reason != "error"))
    .order_by(Enrolment.class_id, Enrolment.person_id, Enrolment.enrolled_at, Enrolment.id)
)
_CELLS = select(Cell.period, Cell.figure, Cell.facet, Cell.unit, Cell.count.label("number"))
