"""What a regrade finds: the answers within its scope, and what each becomes. Everything goes by some hundred attempts at a time."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from elearn import cache
from elearn.accounts.models import Person
from elearn.adaptation.models import Edition
from elearn.adaptation.queries import edition
from elearn.assessment.marking_service import IS_NEWEST
from elearn.assessment.models import Answer, Attempt, ItemTry, Mark
from elearn.assessment.queries import revision_words
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.assessment.regrading import Given, Policy, Worth, regraded
from elearn.assessment.rules import rules_of_quiz
from elearn.assessment.scoring import Total
from elearn.catalogue.models import ItemRevision, QuizItem
from elearn.catalogue.queries import pinned_items
from elearn.db import db, table
from elearn.learning.models import CourseClass

AT_ONCE = 500
#: What brings a judgement about other than a regrade or its undoing.
FRESH = ("submit", "late", "person")
MARKED_BY_HAND = frozenset({"essay", "reflection"})
#: How long a process may not know of a regrade that another one applied; a second look afterwards finds what came in between.
STANDING_IS_ASKED_EVERY_SECONDS = 2

_MARK, _ATTEMPT, _ANSWER, _LINE, _PERSON = table(Mark), table(Attempt), table(Answer), table(RegradeLine), table(Person)


def within(regrade: Regrade) -> ColumnElement[bool]:
    """Return the condition that a submitted attempt lies within the scope of a regrade. What those who teach try out never does."""
    here = [_ATTEMPT.c.module_id == regrade.module_id, _ATTEMPT.c.finished_at.is_not(None)]
    match regrade.scope:
        case "class":
            here.append(_ATTEMPT.c.class_id == regrade.class_id)
        case "course":
            taught = (
                select(CourseClass.id).join(Edition, Edition.id == CourseClass.edition_id).where(Edition.course_id == regrade.course_id)
            )
            here.append(_ATTEMPT.c.class_id.in_(taught.where(Edition.course_id == regrade.course_id)))
        case _:
            # Practice, too: those who practise read the key of their day.
            here.append(or_(_ATTEMPT.c.class_id.is_not(None), _ATTEMPT.c.edition_id.is_(None)))
    return and_(*here)


def revisions_of(regrade: Regrade) -> list[int]:
    """Return the states of the item whose answers are marked again: everywhere, only those of the series, not those of a course."""
    wanted = select(ItemRevision.id).where(ItemRevision.item_id == regrade.item_id).order_by(ItemRevision.number)
    if regrade.scope == "programme":
        wanted = wanted.where(ItemRevision.id.in_(select(QuizItem.item_revision_id)))
    return list(db.session.scalars(wanted))


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
        _MARK.c.marked_by_id,
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

        ``which``: ``drafted`` (no line yet, or one that another mark has overtaken before it was applied), ``missed`` (submitted or marked
        by a person since, without this regrade), or ``held`` (of the attempts in ``only``, whatever does not say what this one makes).
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
        return or_(~mine, and_(_MARK.c.cause.in_(FRESH), ~mine.where(stands)))

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
        by_hand = row.is_pending or row.marked_by_id is not None or asked["type"] in MARKED_BY_HAND
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
            self._pass_marks[place] = (
                rules_of_quiz(edition(row.edition_id), row.module_id).pass_mark
                if row.edition_id is not None
                else revision_words(row.revision_id, row.language).pass_mark
            )
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


@dataclass(frozen=True)
class Standing:
    """A regrade that was applied, and the states of the item that it holds for."""

    id: int
    revision_ids: frozenset[int]


def standing_regrades() -> tuple[Standing, ...]:
    """Return the regrades that stand, in the order in which they were made, as they were at most two seconds ago."""
    return cache.recent("standing-regrades", _standing, seconds=STANDING_IS_ASKED_EVERY_SECONDS)


def _standing() -> tuple[Standing, ...]:
    rows = db.session.execute(
        select(Regrade.id, ItemRevision.id.label("revision_id"))
        .join(ItemRevision, ItemRevision.item_id == Regrade.item_id)
        .where(Regrade.state.in_(("running", "done")))
        .order_by(Regrade.applied_at, Regrade.id),
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.id, set()).add(row.revision_id)
    return tuple(Standing(regrade_id, frozenset(ids)) for regrade_id, ids in found.items())


def newly_marked(attempt_ids: Iterable[int]) -> list[int]:
    """Return those of the attempts that have a mark which no regrade made, newest of its item."""
    rows = select(_MARK.c.attempt_id).where(_MARK.c.attempt_id.in_(list(attempt_ids)), IS_NEWEST, _MARK.c.cause.in_(FRESH))
    return sorted(set(db.session.scalars(rows)))


def later_regrade(regrade: Regrade) -> Regrade | None:
    """Return the last regrade that stands on what this one made of some answer: it must be undone first."""
    mine, theirs = _LINE.alias("mine"), _LINE.alias("theirs")
    common = (
        select(mine.c.attempt_id)
        .join(theirs, and_(theirs.c.attempt_id == mine.c.attempt_id, theirs.c.item_revision_id == mine.c.item_revision_id))
        .where(mine.c.regrade_id == regrade.id, theirs.c.regrade_id == Regrade.id)
        .exists()
    )
    return db.session.scalar(
        select(Regrade)
        .where(
            Regrade.item_id == regrade.item_id,
            Regrade.id != regrade.id,
            Regrade.state.in_(("running", "done", "undoing")),
            Regrade.applied_at > regrade.applied_at,
            common,
        )
        .order_by(Regrade.applied_at.desc())
        .limit(1),
    )
