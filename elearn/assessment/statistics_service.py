"""Counting the marks of a class for its statistics, and keeping what was counted fresh.

Counting reads; only keeping what was counted writes. So a job counts a large class before its unit of work begins, and nobody waits.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from json import dumps, loads
from typing import Any

from sqlalchemy import delete, exists, select

from elearn import clock
from elearn.adaptation.queries import edition
from elearn.assessment import statistics_queries as queries
from elearn.assessment.mark_sums import Marked, QuizSums, places_of
from elearn.assessment.scoring import name_of_mark
from elearn.assessment.statistics_models import QuizStatistics, StatisticsSweep
from elearn.catalogue.queries import PinnedItem
from elearn.db import abandon, db, insert, table, unit_of_work

#: By revision and form.
Counted = dict[tuple[int, str], QuizSums]
MARKS = "marks"
#: A mark may be committed so long after a younger one was seen: it is looked at again.
OVERLAP = timedelta(minutes=10)
#: Is told how many are done of how many, between units of work.
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def refresh_statistics(class_id: int, module_id: int) -> int:
    """Leave what is kept of a class at a quiz as its attempts are now, and return how many of them count."""
    as_of = clock.now()
    counted = count_marks(class_id, module_id)
    keep(class_id, module_id, counted, as_of)
    return sum(sums.attempts for sums in counted.values())


def count_marks(class_id: int, module_id: int) -> Counted:
    """Return the sums of the first finished attempts of a class at a quiz."""
    items = queries.item_revisions_of(module_id)
    with_choices = {key for key, item in items.items() if queries.has_choices(item)}
    typed = {key for key, item in items.items() if queries.is_typed(item)}
    quizzes = _Quizzes(module_id, items)
    counted: Counted = {}
    for rows in queries.marked_first_attempts(class_id, module_id, with_choices=with_choices, typed=typed):
        # The newest mark of an item counts; its place in the order stays that of its first.
        marks = {row.item_revision_id: row for row in rows}
        places, form = quizzes.of_attempt(rows[0].edition_id, list(marks))
        sums = counted.setdefault((rows[0].revision_id, form), QuizSums())
        sums.add([_marked(row, places[key]) for key, row in marks.items()])
    return counted


@lru_cache(maxsize=4096)
def _chosen(response_text: str | None) -> tuple[str, ...]:
    """Return the choices of a response as it is kept: few are different, so that each is read once."""
    response = loads(response_text) if response_text else None
    return (response,) if isinstance(response, str) else tuple(response or ())


def _marked(row: Any, place: str) -> Marked:
    state = name_of_mark(row.points, row.max_points, is_answered=bool(row.is_answered))
    return Marked(row.item_revision_id, place, row.points, row.max_points, state, _chosen(row.response_text))


class _Quizzes:
    """Which quiz an attempt was at, and which place of it each of its items filled."""

    def __init__(self, module_id: int, items: Mapping[int, PinnedItem]) -> None:
        self.module_id = module_id
        self.items = items
        self.known: dict[int, tuple[Sequence[Mapping[str, Any]], str]] = {}

    def of_attempt(self, edition_id: int, met: Sequence[int]) -> tuple[dict[int, str], str]:
        if edition_id not in self.known:
            self.known[edition_id] = self._drawn(edition_id)
        rules, form = self.known[edition_id]
        if rules:
            return places_of([(key, self.items[key].tags) for key in met], rules), form
        return places_of([(key, ()) for key in met], ()), _digest(sorted(met))

    def _drawn(self, edition_id: int) -> tuple[Sequence[Mapping[str, Any]], str]:
        """Return by which rules an edition draws, and its form; without rules an attempt's own items are its form."""
        module = edition(edition_id).module_by_id(self.module_id)
        if module is None or module.quiz is None or not module.quiz["draw"]:
            return (), ""
        return module.quiz["draw"], _digest([sorted(module.item_revision_ids), module.quiz["draw"]])


def _digest(of: Any) -> str:
    return sha256(dumps(of, sort_keys=True).encode()).hexdigest()[:16]


def keep(class_id: int, module_id: int, counted: Counted, as_of: datetime) -> None:
    """Leave what was counted, and nothing else, as what is kept of a class at a quiz; what was counted later stays."""
    place = (QuizStatistics.class_id == class_id, QuizStatistics.module_id == module_id)
    stale = delete(QuizStatistics).where(*place, QuizStatistics.as_of <= as_of)
    db.session.execute(stale, execution_options={"synchronize_session": False})
    if db.session.scalar(select(exists().where(*place))):
        return
    rows = [
        {
            "class_id": class_id,
            "module_id": module_id,
            "revision_id": revision_id,
            "form": form,
            "attempts": sums.attempts,
            "sums": sums.as_json(),
            "as_of": as_of,
        }
        for (revision_id, form), sums in sorted(counted.items())
    ]
    if rows:
        db.session.execute(insert(QuizStatistics).on_conflict_do_nothing(), rows)


def refresh_stale(limit: int = 200, progress: Progress = _silent) -> int:
    """Leave the statistics of at most ``limit`` classes and quizzes, whose marks changed since the last sweep, fresh; return how many.

    It runs in units of work of its own: counting is done before each begins. Run again, it looks again at what is younger than
    ``OVERLAP`` and goes on where it stopped.
    """
    swept = db.session.get(StatisticsSweep, MARKS)
    after = swept.mark_id if swept is not None else 0
    found = queries.touched_since(after)
    settled = queries.newest_mark_before(clock.now() - OVERLAP, after)
    done = refresh_each([(row.class_id, row.module_id) for row in found[:limit]], progress)
    abandon()
    with unit_of_work():
        _remember(min(settled, found[limit].mark_id - 1) if len(found) > limit else settled)
    return done


def refresh_each(pairs: Sequence[tuple[int, int]], progress: Progress = _silent) -> int:
    """Leave the statistics of these classes and modules fresh, each in a unit of work of its own; return how many there were."""
    for done, (class_id, module_id) in enumerate(pairs):
        progress(done, len(pairs))
        # A new picture of the database for each, and no writer's place held while it is read.
        abandon()
        as_of = clock.now()
        counted = count_marks(class_id, module_id)
        abandon()
        with unit_of_work():
            keep(class_id, module_id, counted, as_of)
    progress(len(pairs), len(pairs))
    return len(pairs)


def _remember(mark_id: int) -> None:
    row = insert(table(StatisticsSweep)).values(key=MARKS, mark_id=mark_id)
    db.session.execute(row.on_conflict_do_update(index_elements=["key"], set_={"mark_id": row.excluded.mark_id}))


def all_classes() -> list[tuple[int, int]]:
    """Return the class and module of every quiz that somebody has finished in a class."""
    return [(row.class_id, row.module_id) for row in queries.touched_since(0)]
