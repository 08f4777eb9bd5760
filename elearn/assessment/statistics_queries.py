"""Questions about the marks that statistics count, and about what is kept of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, case, cast, distinct, exists, func, or_, select
from sqlalchemy.orm import aliased

from elearn import cache
from elearn.accounts.models import InstallationMark, Institution, Person
from elearn.accounts.queries import DEMONSTRATION
from elearn.assessment.mark_sums import QuizSums
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.statistics_models import QuizStatistics
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.models import Item, ItemRevision, Module, ModuleRevision, Quiz, QuizItem
from elearn.catalogue.queries import PinnedItem, pinned_items
from elearn.db import db
from elearn.learning.access import STAFF
from elearn.learning.models import CourseClass, Enrolment

#: How many rows are in memory at a time.
ROWS_AT_ONCE = 5000
CLASSES_AT_ONCE = 200


def item_revisions_of(module_id: int) -> dict[int, PinnedItem]:
    """Return every state of every question of a module."""
    ids = db.session.scalars(select(ItemRevision.id).join(Item, Item.id == ItemRevision.item_id).where(Item.module_id == module_id))
    return pinned_items(tuple(sorted(ids)))


def is_typed(item: PinnedItem) -> bool:
    """Return whether the item is answered by text, which is erased with the account of who typed it."""
    return type_of(item.definition).IS_TYPED


def has_choices(item: PinnedItem) -> bool:
    """Return whether the item is answered by ticking choices, so that each can be counted."""
    return type_of(item.definition).show(item.definition, item.definition["language"]).input in {"radio", "checkbox"}


def marked_first_attempts(
    class_id: int, module_id: int, *, with_choices: Collection[int], typed: Collection[int]
) -> Iterator[Sequence[Any]]:
    """Yield, attempt by attempt, the marks of the first finished attempts of a class, oldest mark first.

    Those that still wait for a person's mark are left out, and not replaced by a later attempt. Responses come with the items
    ``with_choices`` only, as JSON text; what was ``typed`` may have been erased since. The rows stream: a few thousand are in memory.
    """
    firsts = _first_finished(class_id, module_id)
    rows = db.session.execute(
        select(
            firsts.c.id.label("attempt_id"),
            firsts.c.edition_id,
            firsts.c.revision_id,
            Mark.item_revision_id,
            Mark.points,
            Mark.max_points,
            _is_answered(typed).label("is_answered"),
            case((Mark.item_revision_id.in_(with_choices), cast(Answer.response, Text))).label("response_text"),
        )
        .join(Mark, Mark.attempt_id == firsts.c.id)
        .outerjoin(Answer, Answer.id == Mark.answer_id)
        .join(Person, Person.id == firsts.c.person_id)
        .where(firsts.c.place == 1, firsts.c.pending_count == 0)
        .order_by(firsts.c.id, Mark.id),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    for _attempt_id, marks in groupby(rows, attrgetter("attempt_id")):
        yield list(marks)


def _is_answered(typed: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that something was answered; what somebody typed stays so when it is erased with their account."""
    is_erased = Mark.item_revision_id.in_(typed) & Person.erased_at.is_not(None)
    return Answer.id.is_not(None) & (is_erased | (func.coalesce(cast(Answer.response, Text), "null") != "null"))


def _first_finished(class_id: int, module_id: int) -> Any:
    """Return the finished attempts of a class's students, each person's numbered in ``place``."""
    counts_here = ~Person.is_demonstration | exists().where(InstallationMark.key == DEMONSTRATION)
    place = func.row_number().over(partition_by=Attempt.person_id, order_by=(Attempt.number, Attempt.id))
    return (
        select(Attempt.id, Attempt.person_id, Attempt.edition_id, Attempt.revision_id, Attempt.pending_count, place.label("place"))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Person, Person.id == Attempt.person_id)
        .where(
            Attempt.class_id == class_id,
            Attempt.module_id == module_id,
            Attempt.finished_at.is_not(None),
            # Who came to teach here is staff, whose attempts count nowhere.
            Enrolment.role.not_in(STAFF),
            counts_here,
        )
        .subquery()
    )


def touched_since(mark_id: int) -> list[Any]:
    """Return the class and module of every mark after this one, and the first such mark, in order of that."""
    first = func.min(Mark.id)
    rows = db.session.execute(
        select(Attempt.class_id, Attempt.module_id, first.label("mark_id"))
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Mark.id > mark_id, Attempt.class_id.is_not(None), Attempt.finished_at.is_not(None))
        .group_by(Attempt.class_id, Attempt.module_id)
        .order_by(first),
    )
    return list(rows)


def newest_mark_before(at: datetime, after_id: int) -> int:
    """Return the newest of the marks after this one that were made before ``at``; where there is none, this one."""
    return db.session.scalar(select(func.max(Mark.id)).where(Mark.id > after_id, Mark.at < at)) or after_id


def finished_since(class_id: int, module_id: int, at: datetime | None) -> int:
    """Return how many attempts of a class were finished after ``at``; None: at all."""
    since = () if at is None else (Attempt.finished_at > at,)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Attempt)
            .where(Attempt.class_id == class_id, Attempt.module_id == module_id, Attempt.finished_at.is_not(None), *since),
        )
        or 0
    )


@dataclass(frozen=True)
class KeptQuiz:
    """A quiz of which something is kept: the same items of the same revision, in one class or many."""

    revision_id: int
    form: str
    version: str
    attempts: int
    classes: int
    institutions: int
    #: The oldest and the newest moment as of which its classes were counted.
    oldest: datetime
    newest: datetime

    @property
    def key(self) -> str:
        """What an address calls it."""
        return f"{self.revision_id}-{self.form}"


#: By module, revision and form.
Pooled = dict[tuple[int, int, str], QuizSums]


def kept_quizzes(where: Sequence[ColumnElement[bool]]) -> dict[int, list[KeptQuiz]]:
    """Return by module the quizzes of which something is kept, newest revision first, and of one revision's the most taken first."""
    attempts = cast(func.sum(QuizStatistics.attempts), Integer)
    rows: Any = db.session.execute(
        select(
            QuizStatistics.module_id,
            QuizStatistics.revision_id,
            QuizStatistics.form,
            ModuleRevision.version,
            attempts,
            func.count(),
            func.count(distinct(CourseClass.institution_id)),
            func.min(QuizStatistics.as_of),
            func.max(QuizStatistics.as_of),
        )
        .join(CourseClass, CourseClass.id == QuizStatistics.class_id)
        .join(ModuleRevision, ModuleRevision.id == QuizStatistics.revision_id)
        .where(*where)
        .group_by(QuizStatistics.module_id, QuizStatistics.revision_id, QuizStatistics.form, ModuleRevision.version, ModuleRevision.number)
        .order_by(ModuleRevision.number.desc(), attempts.desc(), QuizStatistics.form),
    )
    found: dict[int, list[KeptQuiz]] = {}
    for module_id, *rest in rows:
        found.setdefault(module_id, []).append(KeptQuiz(*rest))
    return found


def pooled(where: Sequence[ColumnElement[bool]]) -> Pooled:
    """Return the sums of each quiz over all of its classes; it costs by the class, however many attempts each had."""
    rows = db.session.execute(
        select(QuizStatistics.module_id, QuizStatistics.revision_id, QuizStatistics.form, QuizStatistics.sums)
        .join(CourseClass, CourseClass.id == QuizStatistics.class_id)
        .where(*where),
        execution_options={"yield_per": CLASSES_AT_ONCE},
    )
    found: Pooled = {}
    for module_id, revision_id, form, sums in rows:
        found.setdefault((module_id, revision_id, form), QuizSums()).merge(QuizSums.from_json(sums))
    return found


def of_class(class_id: int) -> ColumnElement[bool]:
    """Return the condition that what is kept is of this class."""
    return QuizStatistics.class_id == class_id


def of_module(module_id: int) -> ColumnElement[bool]:
    """Return the condition that what is kept is of the quiz of this module."""
    return QuizStatistics.module_id == module_id


def of_institutions(within: Any) -> ColumnElement[bool]:
    """Return the condition that what is kept is of classes of these institutions: ids, or a statement of ids."""
    return CourseClass.institution_id.in_(within)


def institutions_within(institution_ids: Collection[int], countries: Collection[str]) -> Any:
    """Return a statement of the ids of these institutions, of all below them in their countries, and of all in ``countries``."""
    below = (
        select(Institution.id, Institution.country)
        .where(or_(Institution.id.in_(institution_ids), Institution.country.in_(countries)))
        .cte("within", recursive=True)
    )
    child = aliased(Institution)
    return select(
        below.union(
            select(child.id, child.country).join(below, (child.parent_id == below.c.id) & (child.country == below.c.country)),
        ).c.id,
    )


def module_id_of(slug: str) -> int | None:
    """Return the module with this slug, whatever its state."""
    return db.session.scalar(select(Module.id).where(Module.slug == slug))


def items_in_order(revision_id: int) -> tuple[int, ...]:
    """Return the item revisions of the quiz of a module revision, in its order."""
    question = select(QuizItem.item_revision_id).join(Quiz, Quiz.id == QuizItem.quiz_id).where(Quiz.revision_id == revision_id)
    return cache.kept("quiz-order", revision_id, lambda: tuple(db.session.scalars(question.order_by(QuizItem.position))))
