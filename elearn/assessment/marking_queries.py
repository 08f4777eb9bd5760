"""Questions about answers that a person marks: those of a class, one with the marks it was given, and how many wait for somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, tuple_

from elearn.accounts.models import Person
from elearn.assessment.models import Answer, Attempt, Mark, QuizSetting
from elearn.catalogue.models import Item, ItemRevision, Module
from elearn.db import db, table
from elearn.learning.models import CourseClass, Enrolment

#: The types of item whose answers a person marks.
BY_PERSONS = ("essay",)
STATES = ("waiting", "marked")

_NEWER = table(Mark).alias("newer")
#: The newest mark of an attempt's item revision counts.
IS_NEWEST = (
    ~select(_NEWER.c.id)
    .where(_NEWER.c.attempt_id == Mark.attempt_id, _NEWER.c.item_revision_id == Mark.item_revision_id, _NEWER.c.id > Mark.id)
    .correlate(Mark)
    .exists()
)


@dataclass(frozen=True)
class Question:
    """A question of a class that a person marks, with how many of its answers wait, and how many are marked."""

    module_id: int
    slug: str
    item_id: int
    key: str
    #: The newest of its revisions that was answered.
    revision_id: int
    waiting: int
    marked: int
    is_blind: bool

    @property
    def hides_names(self) -> bool:
        """Whether nobody sees yet whose its answers are: it is marked blind, and some answers still wait."""
        return self.is_blind and self.waiting > 0


def _written(class_id: Any, person_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of the newest marks of what was written in a class; who marks sees nothing of their own.

    What an account took with it, when it was deleted, waits for nobody; nor does what somebody wrote who never belonged to the class.
    """
    return (
        Attempt.class_id == class_id,
        Attempt.person_id != person_id,
        Attempt.finished_at.is_not(None),
        ItemRevision.type.in_(BY_PERSONS),
        Mark.answer_id.is_not(None),
        Person.erased_at.is_(None),
        or_(Enrolment.end_reason.is_(None), Enrolment.end_reason != "error"),
        IS_NEWEST,
    )


def _from_marks(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Mark)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .join(Module, Module.id == Attempt.module_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
    )


def questions_to_mark(class_id: int, person_id: int) -> list[Question]:
    """Return the questions of a class that a person marks, by module and in the order in which they were made; one statement."""
    waiting = func.count().filter(Mark.is_pending)
    rows = db.session.execute(
        _from_marks(
            Attempt.module_id,
            Module.slug,
            Item.id,
            Item.key,
            func.max(Mark.item_revision_id),
            waiting,
            func.count().filter(~Mark.is_pending),
            func.coalesce(QuizSetting.is_blind, false()),
        )
        .outerjoin(QuizSetting, and_(QuizSetting.class_id == Attempt.class_id, QuizSetting.module_id == Attempt.module_id))
        .where(*_written(class_id, person_id))
        .group_by(Attempt.module_id, Module.slug, Item.id, Item.key, QuizSetting.is_blind)
        .order_by(Attempt.module_id, Item.id),
    )
    return [Question(*row) for row in rows]


@dataclass(frozen=True)
class WrittenLine:
    """An answer in the list of those that a person marks."""

    attempt_id: int
    item_id: int
    key: str
    person_id: int
    name: str | None
    finished_at: datetime
    points: int
    max_points: int
    is_pending: bool
    marked_at: datetime


def written_lines(class_id: int, person_id: int, item_ids: Collection[int], state: str, limit: int, offset: int) -> list[WrittenLine]:
    """Return the answers to these items that wait, oldest first, or those that are marked, the newest mark first; one statement."""
    order: tuple[Any, ...] = (Attempt.finished_at, Attempt.id, Mark.item_revision_id)
    if state == "marked":
        order = (Mark.id.desc(),)
    rows = db.session.execute(
        _from_marks(
            Attempt.id,
            Item.id,
            Item.key,
            Attempt.person_id,
            Enrolment.name,
            Attempt.finished_at,
            Mark.points,
            Mark.max_points,
            Mark.is_pending,
            Mark.at,
        )
        .where(*_written(class_id, person_id), Item.id.in_(item_ids), Mark.is_pending.is_(state == "waiting"))
        .order_by(*order)
        .limit(limit)
        .offset(offset),
    )
    return [WrittenLine(*row) for row in rows]


def next_waiting(class_id: int, person_id: int, item_ids: Collection[int], after: tuple[int, str]) -> tuple[int, str] | None:
    """Return attempt and key of the answer that waits next after this one, from the beginning again behind the last; None: no other one."""
    attempt_id, key = after
    place = tuple_(Attempt.finished_at, Attempt.id, Item.key)
    here = select(Attempt.finished_at).where(Attempt.id == attempt_id).scalar_subquery()
    row = db.session.execute(
        _from_marks(Attempt.id, Item.key)
        .where(
            *_written(class_id, person_id),
            Attempt.pending_count > 0,
            Item.id.in_(item_ids),
            Mark.is_pending,
            ~and_(Attempt.id == attempt_id, Item.key == key),
        )
        .order_by(case((place > tuple_(here, attempt_id, key), 0), else_=1), Attempt.finished_at, Attempt.id, Item.key)
        .limit(1),
    ).first()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class MarkGiven:
    """A mark of one answer, newest or older."""

    id: int
    item_revision_id: int
    #: By whose rubric it was marked.
    graded_revision_id: int
    answer_id: int | None
    points: int
    max_points: int
    at: datetime
    is_pending: bool
    cause: str
    tries: int
    marked_by_id: int | None
    #: None: their account is deleted; of a mark that nobody gave, too.
    marked_by: str | None
    comment: str
    reason: str
    rubric: Mapping[str, str] | None
    #: What was written; None: nothing, or erased.
    response: Any

    @property
    def levels(self) -> Mapping[str, str]:
        """The levels that were reached, by criterion; empty where nobody said."""
        return self.rubric or {}


def marks_given(attempt_id: int, key: str) -> list[MarkGiven]:
    """Return all marks of an attempt's answer to the item with this key, oldest first; one statement."""
    # Mypy follows ten columns at most.
    columns: tuple[Any, ...] = (
        Mark.id,
        Mark.item_revision_id,
        func.coalesce(Mark.graded_revision_id, Mark.item_revision_id),
        Mark.answer_id,
        Mark.points,
        Mark.max_points,
        Mark.at,
        Mark.is_pending,
        Mark.cause,
        Mark.tries,
        Mark.marked_by_id,
        Person.name,
        Mark.comment,
        Mark.reason,
        Mark.rubric,
        Answer.response,
    )
    rows = db.session.execute(
        select(*columns)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .outerjoin(Answer, Answer.id == Mark.answer_id)
        .outerjoin(Person, Person.id == Mark.marked_by_id)
        .where(Mark.attempt_id == attempt_id, Item.key == key, ItemRevision.type.in_(BY_PERSONS))
        .order_by(Mark.id),
    )
    return [MarkGiven(*row) for row in rows]


def waiting_by_class(person_id: int) -> Select[Any]:
    """Return the question in which classes that a person teaches answers wait for marks: class, title, how many."""
    staff = table(Enrolment).alias("staff")
    return (
        _from_marks(Attempt.class_id, CourseClass.title, func.count())
        .join(CourseClass, CourseClass.id == Attempt.class_id)
        .join(staff, and_(staff.c.class_id == Attempt.class_id, staff.c.person_id == person_id))
        .where(
            staff.c.role != "student",
            staff.c.ended_at.is_(None),
            *_written(staff.c.class_id, person_id),
            Attempt.pending_count > 0,
            Mark.is_pending,
        )
        .group_by(Attempt.class_id, CourseClass.title)
    )
