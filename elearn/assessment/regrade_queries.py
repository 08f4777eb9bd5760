"""What a regrade finds: the answers within its scope, and what each becomes. Everything goes by some hundred attempts at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from elearn.accounts.models import Person
from elearn.assessment.models import Answer, Attempt, ItemTry, Mark
from elearn.assessment.queries import rules_of
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.assessment.regrading import Given, Policy, Worth, regraded
from elearn.assessment.scoring import Total
from elearn.assessment.standing_queries import BY_KEY, IS_NEWEST, revisions_of, within
from elearn.catalogue.queries import pinned_items
from elearn.db import db, table

AT_ONCE = 500
MARKED_BY_HAND = frozenset({"essay", "reflection"})

_MARK, _ATTEMPT, _ANSWER, _LINE, _PERSON = table(Mark), table(Attempt), table(Answer), table(RegradeLine), table(Person)


#: What is asked of an attempt that holds the item: its newest mark, the answer, and what the whole adds up to.
_TARGET = (
    select(
        _ATTEMPT.c.id.label("attempt_id"),
        _ATTEMPT.c.edition_id,
        _ATTEMPT.c.revision_id,
        _ATTEMPT.c.module_id,
        _ATTEMPT.c.language,
        _ATTEMPT.c.rules,
        _ATTEMPT.c.points.label("total"),
        _ATTEMPT.c.max_points.label("out_of"),
        _MARK.c.item_revision_id,
        _MARK.c.id.label("mark_id"),
        _MARK.c.points,
        _MARK.c.max_points,
        _MARK.c.is_pending,
        _MARK.c.tries,
        _MARK.c.answer_id,
        _ANSWER.c.response,
        _PERSON.c.erased_at.is_not(None).label("is_erased"),
    )
    .select_from(_ATTEMPT)
    .join(_MARK, _MARK.c.attempt_id == _ATTEMPT.c.id)
    .join(_PERSON, _PERSON.c.id == _ATTEMPT.c.person_id)
    .outerjoin(_ANSWER, _ANSWER.c.id == _MARK.c.answer_id)
    .where(IS_NEWEST)
    .order_by(_ATTEMPT.c.id)
)


@dataclass
class Judge:
    """Says what each answer within the scope of one regrade becomes. Answers are much alike: each is judged once."""

    regrade: Regrade
    _known: dict[str, Worth] = field(default_factory=dict)
    _pass_marks: dict[tuple[int | None, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the states of the item once."""
        self.revisions = revisions_of(self.regrade)
        wanted = {*self.revisions, *([self.regrade.new_revision_id] if self.regrade.new_revision_id else [])}
        self._pinned = pinned_items(tuple(sorted(wanted)))

    def lines(self, which: str, *, after: int = 0, only: Sequence[int] | None = None) -> tuple[list[dict[str, Any]], int]:
        """Return lines for the next attempts that want one, and the last attempt looked at (0: that was all).

        ``which``: ``drafted`` (no line yet, or one that another mark has overtaken before it was applied), ``missed`` (submitted since, or
        accepted late, without this regrade), or ``held`` (of the attempts in ``only``, whatever does not say what this one makes).
        """
        wanted = _TARGET.where(within(self.regrade), _MARK.c.item_revision_id.in_(self.revisions), self._wants_line(which))
        wanted = wanted.where(_ATTEMPT.c.id.in_(only)) if only is not None else wanted.where(_ATTEMPT.c.id > after).limit(AT_ONCE)
        rows = db.session.execute(wanted).all()
        tried = _earlier_tries([(row.attempt_id, row.item_revision_id) for row in rows if row.tries > 1])
        lines = [self._line(row, tried.get((row.attempt_id, row.item_revision_id), ())) for row in rows]
        return lines, rows[-1].attempt_id if len(rows) == AT_ONCE and only is None else 0

    def count_of_news(self) -> int:
        """Return how many attempts came in or were marked otherwise since the dry run."""
        wanted = _TARGET.where(within(self.regrade), _MARK.c.item_revision_id.in_(self.revisions), self._wants_line("drafted"))
        return db.session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0

    def _wants_line(self, which: str) -> ColumnElement[bool]:
        line = _LINE.alias()
        mine = exists().where(
            line.c.regrade_id == self.regrade.id,
            line.c.attempt_id == _ATTEMPT.c.id,
            line.c.item_revision_id == _MARK.c.item_revision_id,
        )
        stands = line.c.mark_before_id == _MARK.c.id
        match which:
            case "drafted":
                return ~mine.where(or_(stands, line.c.mark_after_id.is_not(None)))
            case "held":
                return ~mine.where(or_(stands, line.c.mark_after_id == _MARK.c.id))
        return or_(~mine, and_(_MARK.c.cause.in_(BY_KEY), ~mine.where(stands)))

    def _line(self, row: Any, earlier: Sequence[Any]) -> dict[str, Any]:
        before = Worth(row.points, row.max_points)
        after = self._worth(row, before, earlier)
        pass_mark = self._pass_mark(row)
        whole = Total(row.total, row.out_of)
        then = Total(row.total + after.points - before.points, row.out_of + after.max_points - before.max_points)
        return {
            "regrade_id": self.regrade.id,
            "attempt_id": row.attempt_id,
            "item_revision_id": row.item_revision_id,
            "mark_before_id": row.mark_id,
            "points_before": before.points,
            "max_before": before.max_points,
            "points_after": after.points,
            "max_after": after.max_points,
            "is_changed": after != before,
            "total_before": whole.points,
            "out_of_before": whole.max_points,
            "total_after": then.points,
            "out_of_after": then.max_points,
            "passed_before": whole.passes(pass_mark),
            "passed_after": then.passes(pass_mark),
            "turn": (then.share > whole.share) - (then.share < whole.share),
        }

    def _worth(self, row: Any, before: Worth, earlier: Sequence[Any]) -> Worth:
        penalty = (row.rules or {}).get("penalty", 0) if row.tries > 1 else 0
        tries = (*earlier[: row.tries - 1], row.response)
        asked = self._pinned[row.item_revision_id].definition
        by_hand = row.is_pending or asked["type"] in MARKED_BY_HAND
        # What was erased is null where an answer stands; so is an answer that was taken back, but by somebody who is still there.
        is_erased = row.is_erased and row.answer_id is not None and row.response is None
        key = json.dumps([row.item_revision_id, before.points, before.max_points, penalty, by_hand, is_erased, tries], sort_keys=True)
        if key not in self._known:
            new = self._pinned[self.regrade.new_revision_id].definition if self.regrade.new_revision_id else None
            given = Given(tries, before, penalty, by_hand, is_erased)
            self._known[key] = regraded(Policy(self.regrade.policy), given, asked, new)
        return self._known[key]

    def _pass_mark(self, row: Any) -> int:
        place = (row.edition_id, row.revision_id)
        if place not in self._pass_marks:
            self._pass_marks[place] = rules_of(row.edition_id, row.revision_id, row.module_id, row.language).pass_mark
        return self._pass_marks[place]


def _earlier_tries(places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[Any]]:
    """Return the answers that were tried, in order, by attempt and item revision."""
    tried: dict[tuple[int, int], list[Any]] = {}
    if places:
        rows = db.session.execute(
            select(ItemTry.attempt_id, ItemTry.item_revision_id, Answer.response)
            .join(Answer, Answer.id == ItemTry.answer_id)
            .where(ItemTry.attempt_id.in_([place[0] for place in places]), ItemTry.item_revision_id.in_({place[1] for place in places}))
            .order_by(ItemTry.attempt_id, ItemTry.number),
        )
        for row in rows:
            tried.setdefault((row.attempt_id, row.item_revision_id), []).append(row.response)
    return tried
