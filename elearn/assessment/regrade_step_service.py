"""What a regrade does, step by step: each step is some hundred attempts in one unit of work, and does no harm when it is done again.

The marks of before stay where they are: a regrade adds newer ones, and undoing it adds newer ones again, equal to those of before.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, insert, literal, null, or_, select, update

from elearn import clock
from elearn.assessment.marking_service import settle
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.regrade_models import STANDS, Regrade, RegradeLine
from elearn.assessment.regrade_queries import AT_ONCE, Judge
from elearn.assessment.regrading import Policy
from elearn.assessment.standing_queries import FRESH, IS_NEWEST, newly_marked, standing_regrades
from elearn.catalogue.models import Item
from elearn.db import db, table
from elearn.db import insert as insert_or
from elearn.errors import NotFound

_MARK, _LINE, _ATTEMPT = table(Mark), table(RegradeLine), table(Attempt)
#: What a mark says beside its points: kept by whatever replaces it.
_KEPT = ("attempt_id", "item_revision_id", "answer_id", "marked_by_id", "comment", "rubric", "tries")


def locked(regrade_id: int) -> Regrade:
    """Return the regrade, locked: its steps come one after the other."""
    found = db.session.scalar(select(Regrade).where(Regrade.id == regrade_id).with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def lock_item(item_id: int) -> None:
    """Have whoever decides about the same item wait until this unit of work is over."""
    db.session.execute(select(Item.id).where(Item.id == item_id).with_for_update())


def count_some(judge: Judge, after: int) -> int:
    """Write down what becomes of the next attempts; return where to go on, 0 at the end. What is written down already stays."""
    lines, last = judge.lines("drafted", after=after)
    _write(lines)
    return last


def finish_count(regrade: Regrade, at: datetime) -> None:
    """Leave the regrade with what its dry run found."""
    regrade.counts = summed_up(regrade.id)
    regrade.counted_at = at


def summed_up(regrade_id: int) -> dict[str, int]:
    """Return what the lines of a regrade add up to, without the attempts that were submitted after it was applied."""
    moved = [
        func.sum(case((condition, 1), else_=0)).label(name)
        for name, condition in {
            "changed": _LINE.c.is_changed,
            "up": _LINE.c.turn > 0,
            "down": _LINE.c.turn < 0,
            "passes": and_(_LINE.c.passed_after, ~_LINE.c.passed_before),
            "fails": and_(_LINE.c.passed_before, ~_LINE.c.passed_after),
        }.items()
    ]
    people, told = func.count(_ATTEMPT.c.person_id.distinct()), func.count(case((_LINE.c.is_changed, _ATTEMPT.c.person_id)).distinct())
    row = db.session.execute(
        select(func.count().label("attempts"), people.label("people"), told.label("told"), *moved)
        .select_from(_LINE)
        .join(_ATTEMPT, _ATTEMPT.c.id == _LINE.c.attempt_id)
        .where(_LINE.c.regrade_id == regrade_id, ~_LINE.c.is_later),
    ).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}  # noqa: SLF001 (the documented name)


def _write(lines: Sequence[dict[str, Any]], *, is_later: bool = False) -> None:
    if not lines:
        return
    into = insert_or(RegradeLine)
    changed = {name: into.excluded[name] for name in lines[0] if name not in {"regrade_id", "attempt_id", "item_revision_id"}}
    statement = into.on_conflict_do_update(
        index_elements=["regrade_id", "attempt_id", "item_revision_id"],
        set_={**changed, "mark_after_id": null()},
    )
    db.session.execute(statement, [{**line, "is_later": is_later} for line in lines])


def apply_some(regrade: Regrade, after: int, at: datetime) -> tuple[int, int]:
    """Give the next attempts their new marks; return how many, and where to go on (0 at the end)."""
    ids = _next_attempts(regrade, after, _LINE.c.is_changed & _LINE.c.mark_after_id.is_(None))
    if ids:
        _mark_again(regrade, ids, at)
        settle(ids, at)
    return len(ids), ids[-1] if len(ids) == AT_ONCE else 0


def _next_attempts(regrade: Regrade, after: int, wanted: Any) -> list[int]:
    found = (
        select(_LINE.c.attempt_id)
        .where(_LINE.c.regrade_id == regrade.id, _LINE.c.attempt_id > after, wanted)
        .order_by(_LINE.c.attempt_id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(found))


def _mark_again(regrade: Regrade, attempt_ids: Sequence[int], at: datetime) -> None:
    """Add the new marks of these attempts, where the mark from which they were reckoned is still the newest; a second time adds none."""
    policy = Policy(regrade.policy)
    by_key = policy.reads_answers and regrade.new_revision_id is not None
    db.session.execute(
        insert(_MARK).from_select(
            [*_KEPT, "points", "max_points", "at", "is_pending", "cause", "graded_revision_id", "regrade_id"],
            select(
                *(_MARK.c[name] for name in _KEPT),
                _LINE.c.points_after,
                _LINE.c.max_after,
                literal(at, _MARK.c.at.type),
                _MARK.c.is_pending if policy.reads_answers else literal(value=False),
                literal("regrade"),
                literal(regrade.new_revision_id) if by_key else _MARK.c.graded_revision_id,
                literal(regrade.id),
            )
            .join(_MARK, _MARK.c.id == _LINE.c.mark_before_id)
            .where(_of(regrade, attempt_ids), _LINE.c.is_changed, _LINE.c.mark_after_id.is_(None), IS_NEWEST),
        ),
    )
    made = _MARK.alias("made")
    newest = (
        select(func.max(made.c.id))
        .where(
            made.c.regrade_id == regrade.id,
            made.c.cause == "regrade",
            made.c.attempt_id == _LINE.c.attempt_id,
            made.c.item_revision_id == _LINE.c.item_revision_id,
            made.c.id > _LINE.c.mark_before_id,
        )
        .scalar_subquery()
    )
    db.session.execute(
        update(_LINE).where(_of(regrade, attempt_ids), _LINE.c.is_changed, _LINE.c.mark_after_id.is_(None)).values(mark_after_id=newest),
    )


def _of(regrade: Regrade, attempt_ids: Sequence[int]) -> Any:
    return and_(_LINE.c.regrade_id == regrade.id, _LINE.c.attempt_id.in_(attempt_ids))


def undo_some(regrade: Regrade, after: int, at: datetime) -> tuple[int, int]:
    """Give the next attempts the marks that they had before, where nothing newer was judged since; return how many, and where to go on."""
    ids = _next_attempts(regrade, after, _LINE.c.mark_after_id.is_not(None))
    if ids:
        before, since = _MARK.alias("before"), _MARK.alias("since")
        # A person's later judgement stays; and what is undone already is not undone twice.
        judged = exists().where(
            since.c.attempt_id == _LINE.c.attempt_id,
            since.c.item_revision_id == _LINE.c.item_revision_id,
            since.c.id > _LINE.c.mark_after_id,
            or_(since.c.cause.in_(FRESH), and_(since.c.cause == "undo", since.c.regrade_id == regrade.id)),
        )
        copied = [name for name in _MARK.c.keys() if name not in {"id", "at", "cause", "regrade_id"}]  # noqa: SIM118 (a collection of columns)
        db.session.execute(
            insert(_MARK).from_select(
                [*copied, "at", "cause", "regrade_id"],
                select(*(before.c[name] for name in copied), literal(at, _MARK.c.at.type), literal("undo"), literal(regrade.id))
                .select_from(_LINE)
                .join(before, before.c.id == _LINE.c.mark_before_id)
                .where(_of(regrade, ids), _LINE.c.mark_after_id.is_not(None), ~judged),
            ),
        )
        settle(ids, at)
    return len(ids), ids[-1] if len(ids) == AT_ONCE else 0


def hold_missed(judge: Judge, after: int, at: datetime) -> tuple[int, int]:
    """Have an applied regrade hold for the next attempts that came in without it; return how many, and where to go on."""
    lines, last = judge.lines("missed", after=after)
    _hold(judge.regrade, lines, at)
    settle([line["attempt_id"] for line in lines if line["is_changed"]], at)
    return len(lines), last


def hold_standing(attempt_ids: Sequence[int], item_revision_ids: Iterable[int], at: datetime | None = None) -> bool:
    """Have the regrades that stand hold for attempts whose marks were just added; return whether there were any: then settle.

    An attempt keeps the item revisions it began with, so that one that is submitted after a regrade would be marked by the wrong key. Ask
    only where the attempt has regrades.
    """
    asked = frozenset(item_revision_ids)
    standing = [each.id for each in standing_regrades() if each.revision_ids & asked]
    if not standing or not (fresh := newly_marked(attempt_ids)):
        return False
    at = at or clock.now()
    for regrade in db.session.scalars(select(Regrade).where(Regrade.id.in_(standing)).order_by(Regrade.applied_at, Regrade.id)):
        if regrade.state in STANDS:
            lines, _last = Judge(regrade).lines("held", only=sorted({attempt_id for attempt_id, _item in fresh}))
            _hold(regrade, [line for line in lines if (line["attempt_id"], line["item_revision_id"]) in fresh], at)
    return True


def _hold(regrade: Regrade, lines: Sequence[dict[str, Any]], at: datetime) -> None:
    _write(lines, is_later=True)
    if changed := [line["attempt_id"] for line in lines if line["is_changed"]]:
        _mark_again(regrade, changed, at)
