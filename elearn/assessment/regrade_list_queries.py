"""What the pages of regrades show: the questions of a quiz and their states, what a regrade changes, and the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from elearn.accounts.models import Institution, Person
from elearn.adaptation.models import Course
from elearn.assessment.item_choice_queries import RevisionChoice
from elearn.assessment.models import Attempt
from elearn.assessment.regrade_models import Regrade, RegradeLine
from elearn.catalogue.models import Item, ItemRevision
from elearn.catalogue.queries import pinned_items
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment
from elearn.web.names import called

LINES_A_PAGE = 100
LOG_LENGTH = 50


@dataclass(frozen=True)
class LogLine:
    """A regrade in the log of a quiz."""

    id: int
    scope: str
    policy: str
    reason: str
    state: str
    counts: dict[str, Any] | None
    made_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    undo_reason: str
    made_by: str
    item_key: str
    item_id: int


def log_of(module_id: int, *, class_id: int | None = None, course_id: int | None = None) -> list[LogLine]:
    """Return the regrades that reach a quiz in a class or a course, or (neither) those of the programme, newest first."""
    reach = [Regrade.scope == "programme"]
    if course_id is not None:
        reach.append(and_(Regrade.scope == "course", Regrade.course_id == course_id))
    if class_id is not None:
        reach.append(and_(Regrade.scope == "class", Regrade.class_id == class_id))
    # What others prepare and have not applied is nobody else's business.
    visible = or_(Regrade.state != "draft", Regrade.scope == ("class" if class_id else "course" if course_id else "programme"))
    names = ("id", "scope", "policy", "reason", "state", "counts", "made_at", "applied_at", "undone_at", "undo_reason")
    rows = db.session.execute(
        select(*(getattr(Regrade, name) for name in names), Person.name, Item.key, Item.id)
        .join(Person, Person.id == Regrade.made_by_id)
        .join(Item, Item.id == Regrade.item_id)
        .where(Regrade.module_id == module_id, or_(*reach), visible)
        .order_by(Regrade.id.desc())
        .limit(LOG_LENGTH),
    )
    return [LogLine(*tuple(row)) for row in rows]


@dataclass(frozen=True)
class ChangeLine:
    """What a regrade does to one attempt, for those who teach its class."""

    attempt_id: int
    name: str
    student_id: str
    number: int
    points_before: int
    max_before: int
    points_after: int
    max_after: int
    total_before: int
    out_of_before: int
    total_after: int
    out_of_after: int
    passed_before: bool
    passed_after: bool
    turn: int
    is_changed: bool


_NUMBERS = (
    "points_before",
    "max_before",
    "points_after",
    "max_after",
    "total_before",
    "out_of_before",
    "total_after",
    "out_of_after",
    "passed_before",
    "passed_after",
    "turn",
    "is_changed",
)


def change_lines(regrade_id: int, which: str = "", *, offset: int = 0, most: int | None = LINES_A_PAGE) -> Iterator[ChangeLine]:
    """Yield what a regrade does, by name. ``which``: changed, up, down, passes or fails; empty: all."""
    rows = db.session.execute(
        select(
            RegradeLine.attempt_id,
            Enrolment.name,
            Enrolment.student_id,
            Attempt.number,
            *(getattr(RegradeLine, name) for name in _NUMBERS),
        )
        .join(Attempt, Attempt.id == RegradeLine.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(RegradeLine.regrade_id == regrade_id, ~RegradeLine.is_later, _narrowed(which))
        .order_by(Enrolment.name_key, Attempt.enrolment_id, Attempt.number)
        .offset(offset)
        .limit(most),
    )
    return (ChangeLine(*row) for row in rows)


def count_of_changes(regrade_id: int, which: str = "") -> int:
    """Return how many attempts ``change_lines`` would yield in all."""
    lines = select(func.count()).where(RegradeLine.regrade_id == regrade_id, ~RegradeLine.is_later, _narrowed(which))
    return db.session.scalar(lines) or 0


def _narrowed(which: str) -> Any:
    return {
        "changed": RegradeLine.is_changed,
        "up": RegradeLine.turn > 0,
        "down": RegradeLine.turn < 0,
        "passes": and_(RegradeLine.passed_after, ~RegradeLine.passed_before),
        "fails": and_(RegradeLine.passed_before, ~RegradeLine.passed_after),
    }.get(which, RegradeLine.regrade_id.is_not(None))


@dataclass(frozen=True)
class ClassLine:
    """What a regrade does to a class, or to those who practise, without a name of anybody."""

    #: None: practice.
    class_id: int | None
    title: str
    institution: str
    attempts: int
    changed: int
    up: int
    down: int
    passes: int
    fails: int


def class_lines(regrade_id: int) -> list[ClassLine]:
    """Return what a regrade does class by class."""
    sums = [func.sum(case((_narrowed(which), 1), else_=0)).label(which) for which in ("changed", "up", "down", "passes", "fails")]
    rows = db.session.execute(
        select(Attempt.class_id, CourseClass.title, Institution.name, func.count().label("attempts"), *sums)
        .select_from(RegradeLine)
        .join(Attempt, Attempt.id == RegradeLine.attempt_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .outerjoin(Institution, Institution.id == CourseClass.institution_id)
        .where(RegradeLine.regrade_id == regrade_id, ~RegradeLine.is_later)
        .group_by(Attempt.class_id, CourseClass.title, Institution.name)
        .order_by(Institution.name, CourseClass.title, Attempt.class_id),
    )
    return [ClassLine(row[0], row[1] or "", row[2] or "", *map(int, row[3:])) for row in rows]


@dataclass(frozen=True)
class Facts:
    """What a page says of a regrade beside what stands in it."""

    item_key: str
    #: The question as it is asked in the state by whose key answers are marked; None: by none.
    revision: RevisionChoice | None
    made_by: str
    applied_by: str
    undone_by: str
    place: str


def facts_of(regrade: Regrade) -> Facts:
    """Return who did what, and where."""
    ids = {regrade.made_by_id, regrade.applied_by_id, regrade.undone_by_id} - {None}
    names = {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    place = ""
    if regrade.class_id is not None:
        place = db.session.scalar(select(CourseClass.title).where(CourseClass.id == regrade.class_id)) or ""
    elif regrade.course_id is not None:
        place = db.session.scalar(select(Course.title).where(Course.id == regrade.course_id)) or ""
    revision = None
    if regrade.new_revision_id is not None:
        number = db.session.scalar(select(ItemRevision.number).where(ItemRevision.id == regrade.new_revision_id)) or 0
        pinned = pinned_items((regrade.new_revision_id,))[regrade.new_revision_id]
        revision = RevisionChoice(regrade.new_revision_id, number, pinned)
    key = db.session.scalar(select(Item.key).where(Item.id == regrade.item_id)) or ""
    made, applied, undone = (
        called(names.get(person_id or 0)) for person_id in (regrade.made_by_id, regrade.applied_by_id, regrade.undone_by_id)
    )
    return Facts(key, revision, made, applied, undone, place)


@dataclass(frozen=True)
class MarkedAgain:
    """That an answer of an attempt was marked again, as its student reads it."""

    item_revision_id: int
    policy: str
    reason: str
    at: datetime
    new_revision_id: int | None
    points_before: int
    max_before: int
    points_after: int
    max_after: int
    is_later: bool


def marked_again(attempt_id: int) -> list[MarkedAgain]:
    """Return the regrades that hold for an attempt, in the order in which they were applied."""
    rows = db.session.execute(
        select(
            RegradeLine.item_revision_id,
            Regrade.policy,
            Regrade.reason,
            Regrade.applied_at,
            Regrade.new_revision_id,
            RegradeLine.points_before,
            RegradeLine.max_before,
            RegradeLine.points_after,
            RegradeLine.max_after,
            RegradeLine.is_later,
        )
        .join(Regrade, Regrade.id == RegradeLine.regrade_id)
        .where(RegradeLine.attempt_id == attempt_id, Regrade.state == "done")
        .order_by(Regrade.applied_at, Regrade.id),
    )
    return [MarkedAgain(*tuple(row)) for row in rows]
