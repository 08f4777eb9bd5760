"""Counters of reach: what acts add to the cells, in the transaction of the acts.

A person counts once in a cell. So the cells that a person is new in are those of their new rows less those of the rows they had before;
a lock on the person keeps anybody else from doing the same subtraction at the same time. The cells are written last, as one sorted
upsert, so that the rows everybody shares (the world's) are held as short as can be and nobody waits in a ring.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import bindparam, select

from elearn.accounts.models import Person
from elearn.adaptation.acts import EditionPublished
from elearn.db import db
from elearn.learning.acts import ActivityAdded, ProfessorAdded, SeatTaken, SeatVoided
from elearn.learning.models import Activity
from elearn.reach import cells, locks, professors
from elearn.reach.cells import Key
from elearn.reach.hierarchy import Units, know
from elearn.reach.people import counts_here
from elearn.reach.periods import keys_of, month_at
from elearn.reach.places import class_unit, language_facet, module_facet

#: How many people's earlier rows are read at once.
PEOPLE_AT_ONCE = 500


class Row(NamedTuple):
    """What of a row of ``Activity`` decides the cells it counts in."""

    month: date
    class_id: int
    institution_id: int
    module_id: int
    language: str


# Built once: to build it costs more than to ask it.
_ROWS = (
    select(Activity.person_id, Activity.month, Activity.class_id, Activity.institution_id, Activity.module_id, Activity.language)
    .join(Person, Person.id == Activity.person_id)
    .where(Activity.person_id.in_(bindparam("people", expanding=True)), counts_here())
)


class Acts(NamedTuple):
    """The acts of a unit of work, sorted by what they are."""

    activity: list[ActivityAdded]
    seats: list[SeatTaken | SeatVoided]
    added: list[ProfessorAdded]
    published: list[EditionPublished]

    @classmethod
    def among(cls, acts: Iterable[object]) -> "Acts":
        """Return those of ``acts`` that reach counts."""
        sorted_acts = cls([], [], [], [])
        for act in acts:
            if isinstance(act, ActivityAdded):
                sorted_acts.activity.append(act)
            elif isinstance(act, SeatTaken | SeatVoided):
                sorted_acts.seats.append(act)
            elif isinstance(act, ProfessorAdded):
                sorted_acts.added.append(act)
            elif isinstance(act, EditionPublished):
                sorted_acts.published.append(act)
        return sorted_acts


def count(acts: Acts) -> None:
    """Leave the cells as they are with ``acts`` counted."""
    learners = sorted({act.person_id for act in acts.activity})
    locks.take(
        learners,
        shared={act.class_id for act in acts.activity},
        exclusive={act.class_id for act in acts.added},
        publishing={act.person_id for act in acts.published},
    )
    units: Units = {}
    changes: Counter[Key] = Counter()
    first_in_class = _count_learners(acts.activity, learners, units, changes)
    professors.count(first_in_class, acts.added, acts.published, units, changes)
    _count_seats(acts.seats, units, changes)
    cells.add(changes)


def _count_seats(seats: Sequence[SeatTaken | SeatVoided], units: Units, changes: Counter[Key]) -> None:
    know((act.institution_id for act in seats), units)
    for act in seats:
        at, step = (act.at, 1) if isinstance(act, SeatTaken) else (act.enrolled_at, -1)
        for period in keys_of(month_at(at)):
            for unit in (class_unit(act.class_id), *units[act.institution_id]):
                changes[period, "seats", "", unit] += step


def _count_learners(activity: Sequence[ActivityAdded], learners: Sequence[int], units: Units, changes: Counter[Key]) -> list[ActivityAdded]:
    """Add to ``changes`` the cells in which learners are new; return one act for each person, month and class that is new."""
    by_person: dict[int, list[ActivityAdded]] = {}
    for act in activity:
        by_person.setdefault(act.person_id, []).append(act)
    firsts: list[ActivityAdded] = []
    for start in range(0, len(learners), PEOPLE_AT_ONCE):
        people = learners[start : start + PEOPLE_AT_ONCE]
        known = _rows_of(people)
        know((row.institution_id for rows in known.values() for row in rows), units)
        for person in people:
            if person in known:
                firsts += _count_learner(by_person[person], known[person], units, changes)
    return firsts


def _rows_of(people: Sequence[int]) -> dict[int, set[Row]]:
    """Return every row of ``Activity`` of these people, the new ones too; without those who do not count here."""
    found: dict[int, set[Row]] = {}
    for row in db.session.connection().execute(_ROWS, {"people": people}):
        found.setdefault(row[0], set()).add(Row(*row[1:]))
    return found


def _count_learner(acts: Sequence[ActivityAdded], rows: Collection[Row], units: Units, changes: Counter[Key]) -> list[ActivityAdded]:
    new = {Row(act.month, act.class_id, act.institution_id, act.module_id, act.language): act for act in acts}
    added = _cells(new, units)
    before = _cells(set(rows) - new.keys(), units, only=added.keys())
    for facet, keys in added.items():
        for period, unit in keys - before.get(facet, set()):
            changes[period, "learners", facet, unit] += 1
    taught_before = {(row.month, row.class_id) for row in set(rows) - new.keys()}
    return [act for row, act in new.items() if (row.month, row.class_id) not in taught_before]


def _cells(rows: Iterable[Row], units: Units, only: Collection[str] | None = None) -> dict[str, set[tuple[str, str]]]:
    """Return by facet the (period, unit) in which ``rows`` make a person count; of facets, ``only`` these."""
    places: dict[str, set[tuple[date, int, int]]] = {}
    for row in rows:
        for facet in ("", module_facet(row.module_id), language_facet(row.language)):
            if only is None or facet in only:
                places.setdefault(facet, set()).add((row.month, row.class_id, row.institution_id))
    return {
        facet: {
            (period, unit)
            for month, class_id, institution_id in of_facet
            for period in keys_of(month)
            for unit in (class_unit(class_id), *units[institution_id])
        }
        for facet, of_facet in places.items()
    }
