"""How far a regrade reaches, and which regrades stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from elearn.adaptation.models import Edition
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.regrade_models import STANDS, Regrade, RegradeLine
from elearn.catalogue.models import ItemRevision, QuizItem
from elearn.db import db, table
from elearn.learning.models import CourseClass

#: What brings a judgement about other than a regrade or its undoing. A person's word is the last: regrades that stand do not touch it.
FRESH = ("submit", "late", "person")
BY_KEY = ("submit", "late")

_MARK, _ATTEMPT, _LINE = table(Mark), table(Attempt), table(RegradeLine)
_NEWER = _MARK.alias("newer")
#: The newest mark of an attempt's item revision counts.
IS_NEWEST = (
    ~select(_NEWER.c.id)
    .where(_NEWER.c.attempt_id == _MARK.c.attempt_id, _NEWER.c.item_revision_id == _MARK.c.item_revision_id, _NEWER.c.id > _MARK.c.id)
    .exists()
)


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


@dataclass(frozen=True)
class Standing:
    """A regrade that was applied, and the states of the item that it holds for."""

    id: int
    revision_ids: frozenset[int]


def standing_regrades() -> tuple[Standing, ...]:
    """Return the regrades that stand, in the order in which they were made; an attempt knows whether there is any to ask for."""
    rows = db.session.execute(
        select(Regrade.id, ItemRevision.id.label("revision_id"))
        .join(ItemRevision, ItemRevision.item_id == Regrade.item_id)
        .where(Regrade.state.in_(STANDS))
        .order_by(Regrade.applied_at, Regrade.id),
    )
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.id, set()).add(row.revision_id)
    return tuple(Standing(regrade_id, frozenset(ids)) for regrade_id, ids in found.items())


def newly_marked(attempt_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return what of these attempts has a mark by the key that was asked as its newest: pairs of attempt and item revision."""
    rows = select(_MARK.c.attempt_id, _MARK.c.item_revision_id).where(
        _MARK.c.attempt_id.in_(list(attempt_ids)), IS_NEWEST, _MARK.c.cause.in_(BY_KEY)
    )
    return {(row.attempt_id, row.item_revision_id) for row in db.session.execute(rows)}


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
