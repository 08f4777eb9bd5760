"""The gradebook: a submitted quiz goes in, and what was marked anew replaces what stood there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, tuple_, update

from elearn import cache
from elearn.db import after_commit, db, dialect, note, table
from elearn.learning import statements
from elearn.learning.acts import ActivityAdded
from elearn.learning.models import ModuleProgress, Result
from elearn.learning.progress import Gained, counting_mark

#: How many of a statement's values are listed at once.
AT_ONCE = 500


@dataclass(frozen=True)
class Learner:
    """A student at work in a module of a class: all that the gradebook and the figures of reach ask about the act."""

    person_id: int
    enrolment_id: int
    class_id: int
    institution_id: int
    module_id: int
    language: str


def month_of(at: datetime) -> date:
    """Return the first day of the month in which an act counts."""
    return at.date().replace(day=1)


def record_activity(learner: Learner, at: datetime, *, counted_in: date | None = None) -> None:
    """Have the student's act count in reach; the first of a month in a class, module and language makes a row.

    ``counted_in``: a month for which the caller has seen that row. It never goes again, so that no other need be put in.
    """
    month = month_of(at)
    key = (learner.person_id, month, learner.class_id, learner.module_id, learner.language)
    if cache.knows("activity", key):
        return
    # Only what is committed is known.
    after_commit(lambda: cache.learn("activity", key))
    if counted_in == month:
        return
    act = ActivityAdded(learner.person_id, month, learner.class_id, learner.institution_id, learner.module_id, learner.language, at)
    row = {name: getattr(act, name) for name in ("person_id", "month", "class_id", "institution_id", "module_id", "language", "at")}
    if db.session.execute(statements.insert_activity(dialect()), row).scalar() is not None:
        note(act)


def record_result(
    learner: Learner,
    *,
    attempt_id: int,
    points: int,
    max_points: int,
    is_provisional: bool,
    grading: str,
    section_count: int,
    at: datetime,
    counted_in: date | None = None,
) -> None:
    """Put a submitted quiz into the gradebook; which mark counts there says ``grading``: best, first, last or average.

    ``section_count``: how many sections the module has for everyone; with them all done, the module is complete.
    ``counted_in``: see ``record_activity``.
    """
    gained = {"points": points, "max_points": max_points, "is_provisional": is_provisional}
    place = {"enrolment_id": learner.enrolment_id, "module_id": learner.module_id}
    db.session.execute(statements.insert_result(dialect()), place | gained | {"attempt_id": attempt_id, "at": at, "replaces_id": None})
    db.session.execute(
        statements.add_result(dialect(), grading, is_complete=not section_count),
        place | gained | {"at": at, "section_count": section_count},
    )
    if grading == "average":
        _count_again([(learner.enrolment_id, learner.module_id)], {(learner.enrolment_id, learner.module_id): grading})
    record_activity(learner, at, counted_in=counted_in)


@dataclass(frozen=True)
class Remarked:
    """A submitted quiz that was marked anew."""

    attempt_id: int
    enrolment_id: int
    module_id: int
    points: int
    max_points: int
    is_provisional: bool


def replace_results(remarked: Sequence[Remarked], gradings: Mapping[tuple[int, int], str], at: datetime) -> None:
    """Have the gradebook say what these quizzes were marked anew with; ``gradings``: by enrolment and module, which mark counts.

    A quiz that never went into the gradebook stays out of it. To mark anew is no act of the student: nothing counts in reach.
    """
    for start in range(0, len(remarked), AT_ONCE):
        part = remarked[start : start + AT_ONCE]
        newest = _newest(Result.attempt_id.in_([each.attempt_id for each in part]))
        standing = {row.attempt_id: row for row in newest}
        rows = [
            {
                "enrolment_id": each.enrolment_id,
                "module_id": each.module_id,
                "attempt_id": each.attempt_id,
                "points": each.points,
                "max_points": each.max_points,
                "is_provisional": each.is_provisional,
                "at": at,
                "replaces_id": standing[each.attempt_id].id,
            }
            for each in part
            if each.attempt_id in standing and _differs(each, standing[each.attempt_id])
        ]
        if rows:
            db.session.execute(insert(table(Result)), rows)
            _count_again(sorted({(row["enrolment_id"], row["module_id"]) for row in rows}), gradings)


def _differs(each: Remarked, row: Any) -> bool:
    return (each.points, each.max_points, each.is_provisional) != (row.points, row.max_points, row.is_provisional)


def _newest(which: Any) -> list[Any]:
    """Return the results that nothing replaces."""
    replacing = table(Result).alias()
    return list(
        db.session.execute(
            select(
                Result.id, Result.enrolment_id, Result.module_id, Result.attempt_id, Result.points, Result.max_points, Result.is_provisional
            )
            .where(which, ~select(replacing.c.id).where(replacing.c.replaces_id == Result.id).exists())
            .order_by(Result.attempt_id),
        )
    )


_CHOOSE = (
    update(table(ModuleProgress))
    .where(table(ModuleProgress).c.enrolment_id == bindparam("of"), table(ModuleProgress).c.module_id == bindparam("about"))
    .values(points=bindparam("gained"), max_points=bindparam("out_of"), is_provisional=bindparam("waits"))
)


def count_again(places: Sequence[tuple[int, int]], grading: str) -> None:
    """Have the mark that counts be chosen anew, by ``grading``, for these enrolments and modules."""
    for start in range(0, len(places), AT_ONCE):
        part = places[start : start + AT_ONCE]
        _count_again(part, dict.fromkeys(part, grading))


def _count_again(places: Sequence[tuple[int, int]], gradings: Mapping[tuple[int, int], str]) -> None:
    """Choose the mark that counts from all results of these enrolments and modules."""
    by_place: dict[tuple[int, int], list[Gained]] = {}
    for row in _newest(tuple_(Result.enrolment_id, Result.module_id).in_(places)):
        by_place.setdefault((row.enrolment_id, row.module_id), []).append(
            Gained(row.points, row.max_points, is_provisional=row.is_provisional)
        )
    chosen = [
        {"of": place[0], "about": place[1], "gained": mark.points, "out_of": mark.max_points, "waits": mark.is_provisional}
        for place, gained in by_place.items()
        for mark in [counting_mark(gained, gradings.get(place, "best"))]
    ]
    if chosen:
        db.session.execute(_CHOOSE, chosen)
