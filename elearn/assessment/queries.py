"""Questions about attempts: Core statements that fetch what a page shows. What never changes is kept by its revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from elearn import cache
from elearn.adaptation.queries import edition
from elearn.assessment.answers import Saved, is_whole
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.scoring import Drawable, drawn_layout
from elearn.catalogue.items.item import Explained, Grade, ItemType, Response, Shown, Values
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.models import Module, ModuleRevision, ModuleText, Quiz, Section
from elearn.catalogue.queries import PinnedItem, current_release, pinned_items
from elearn.db import db, table
from elearn.learning.access import class_over
from elearn.learning.models import CourseClass, Enrolment

#: The kinds of section that teach something new; the others introduce, apply or sum up.
TEACHING_KINDS = ("key-issue", "case-study")


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that somebody has begun and not yet submitted, as a list shows it."""

    id: int
    #: None: practice or preview.
    class_id: int | None
    class_title: str | None
    slug: str
    #: The module's.
    title: str
    started_at: datetime


def open_attempts_of(person_id: int) -> list[OpenAttempt]:
    """Return the open attempts that a person can go on with, newest first: not those of a class that is over, or that they left."""
    seat = (Enrolment.class_id == Attempt.class_id) & (Enrolment.person_id == person_id) & Enrolment.ended_at.is_(None)
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.class_id,
            CourseClass.title,
            Module.slug,
            func.coalesce(ModuleText.title, Module.slug),
            Attempt.started_at,
            CourseClass.timezone,
            CourseClass.ends_on,
            Enrolment.extended_until,
        )
        .join(Module, Module.id == Attempt.module_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .outerjoin(Enrolment, seat)
        .outerjoin(ModuleText, (ModuleText.revision_id == Attempt.revision_id) & (ModuleText.language == Attempt.language))
        .where(
            Attempt.person_id == person_id,
            Attempt.finished_at.is_(None),
            Attempt.class_id.is_(None) | Enrolment.id.is_not(None),
        )
        .order_by(Attempt.id.desc()),
    )
    return [OpenAttempt(*row[:6]) for row in rows if row.class_id is None or not class_over(row.timezone, row.ends_on, row.extended_until)]


@dataclass(frozen=True)
class MarkLine:
    """What an item was given, and what for."""

    points: int
    max_points: int
    response: Any
    #: Whether a person has yet to mark it.
    is_pending: bool = False


_MARK = table(Mark)
_MARKS = (
    select(*(_MARK.c[name] for name in ("item_revision_id", "points", "max_points", "answer_id", "is_pending")))
    .where(_MARK.c.attempt_id == bindparam("attempt_id"))
    .order_by(_MARK.c.id)
)


def marks_that_count(attempt_id: int, saved: Iterable[Saved]) -> dict[int, MarkLine]:
    """Return the newest mark by item revision; an item that was not answered has a mark without a response.

    ``saved``: all that was saved in the attempt, which whoever read it has already.
    """
    responses = {answer.id: answer.response for answer in saved}
    rows = db.session.execute(_MARKS, {"attempt_id": attempt_id})
    return {
        item: MarkLine(points, max_points, responses.get(answer_id), is_pending) for item, points, max_points, answer_id, is_pending in rows
    }


@dataclass(frozen=True)
class LaidItem:
    """An item in its place in an attempt."""

    number: int
    pinned: PinnedItem
    choices: Sequence[str]

    @property
    def id(self) -> int:
        """The item revision."""
        return self.pinned.id

    @property
    def key(self) -> str:
        """The item's key, which forms and scripts name it by."""
        return self.pinned.key

    @property
    def field(self) -> str:
        """The name of its control in a form."""
        return f"answer-{self.key}"

    @property
    def tries(self) -> int:
        """How often one may look whether the answer is right, where feedback comes at once."""
        return int(self.pinned.definition.get("tries", 1))

    def is_answered(self, response: Response | None, language: str) -> bool:
        """Return whether a response answers the question in all its parts."""
        return is_whole(self.shown(language), response)

    @property
    def is_typed(self) -> bool:
        """Whether an answer holds text that somebody typed."""
        return self._type.IS_TYPED

    @property
    def _type(self) -> ItemType:
        return type_of(self.pinned.definition)

    def read(self, sent: Values) -> Response | None:
        """Return what was sent as a response; raise ValueError where it cannot be one."""
        return self._type.read(self.pinned.definition, sent)

    def shown(self, language: str) -> Shown:
        """Return what a page needs to ask it."""
        return self._type.show(self.pinned.definition, language, self.choices)

    def graded(self, response: Response | None) -> Grade:
        """Return the mark for a response."""
        return self._type.grade(self.pinned.definition, response)

    @property
    def is_checkable(self) -> bool:
        """Whether the machine can say that an answer is right."""
        return self._type.right_response(self.pinned.definition) is not None

    def in_words(self, response: Response | None, language: str) -> list[str]:
        """Return a response in the words of the item; nothing where it is words itself."""
        return self._type.in_words(self.pinned.definition, response, language)

    def explained(self, response: Response | None, language: str) -> Explained:
        """Return what a page needs to explain the mark."""
        return self._type.explain(self.pinned.definition, response, language)


def laid_items(layout: Sequence[Any]) -> list[LaidItem]:
    """Return the items of an attempt in the order of its layout."""
    # Sorted, so that attempts that hold the same items in other orders find them kept under one name.
    pinned = pinned_items(tuple(sorted(revision_id for revision_id, _ in layout)))
    return [LaidItem(number, pinned[revision_id], choices) for number, (revision_id, choices) in enumerate(layout, start=1)]


def drawn(item_revision_ids: Sequence[int], rules: Sequence[dict[str, Any]], language: str, seed: int) -> list[list[Any]]:
    """Return the layout of a new attempt: items and choices in the order drawn from ``seed``, as the items' types show them."""
    key = (current_release(), tuple(item_revision_ids), language)
    drawables = cache.kept("drawables", key, lambda: _drawables(item_revision_ids, language))
    # A type may keep an order of its own: "true" stands before "false", always.
    fixed = {each.id: each.choices for each in drawables if each.is_fixed}
    return [[revision_id, fixed.get(revision_id, choices)] for revision_id, choices in drawn_layout(drawables, rules, seed)]


def _drawables(item_revision_ids: Sequence[int], language: str) -> tuple[Drawable, ...]:
    return tuple(_drawable(item, language) for item in laid_items([(revision_id, ()) for revision_id in item_revision_ids]))


def _drawable(item: LaidItem, language: str) -> Drawable:
    choices = _choices(item, language)
    turned = LaidItem(item.number, item.pinned, choices[::-1])
    return Drawable(item.id, item.pinned.tags, choices, is_fixed=_choices(turned, language) == choices)


def _choices(item: LaidItem, language: str) -> tuple[str, ...]:
    return tuple(choice.id for choice in item.shown(language).choices)


@dataclass(frozen=True)
class TeachingSection:
    """A section and the outcomes it teaches."""

    key: str
    title: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class RevisionWords:
    """What the pages of a quiz say of the module revision it belongs to."""

    module_title: str
    title: str
    pass_mark: int
    #: What else its author set: {grading, feedback, penalty, minutes}.
    rules: dict[str, Any]
    #: The outcomes' wordings, in the module's order.
    outcomes: dict[str, str]
    sections: tuple[TeachingSection, ...]


def revision_words(revision_id: int, language: str) -> RevisionWords:
    """Return the words of a module revision in ``language``; a text that is not translated is the source's."""
    return cache.kept("quiz-words", (revision_id, language), lambda: _revision_words(revision_id, language))


def _revision_words(revision_id: int, language: str) -> RevisionWords:
    module = db.session.execute(
        select(ModuleRevision.outcomes, Quiz.title, Quiz.pass_mark, Quiz.rules)
        .outerjoin(Quiz, Quiz.revision_id == ModuleRevision.id)
        .where(ModuleRevision.id == revision_id),
    ).one()
    texts = {
        row.language: row
        for row in db.session.execute(
            select(ModuleText.language, ModuleText.title, ModuleText.outcomes, ModuleText.translates).where(
                ModuleText.revision_id == revision_id,
            ),
        )
    }
    source = next(tag for tag, row in texts.items() if not row.translates)
    spoken = texts.get(language, texts[source])
    quiz_title = module.title or {}
    return RevisionWords(
        spoken.title,
        quiz_title.get(language) or quiz_title.get(source) or spoken.title,
        module.pass_mark or 0,
        module.rules or {},
        {each["id"]: spoken.outcomes.get(each["id"]) or texts[source].outcomes.get(each["id"], each["id"]) for each in module.outcomes},
        _teaching_sections(revision_id, language, source),
    )


def _teaching_sections(revision_id: int, language: str, source: str) -> tuple[TeachingSection, ...]:
    rows = db.session.execute(
        select(Section.language, Section.key, Section.title, Section.outcomes)
        .where(
            Section.revision_id == revision_id,
            Section.language.in_((language, source)),
            Section.audience == "everyone",
            Section.kind.in_(TEACHING_KINDS),
        )
        .order_by(Section.position),
    ).all()
    titles = {row.key: row.title for row in rows if row.language == language}
    return tuple(TeachingSection(row.key, titles.get(row.key, row.title), tuple(row.outcomes)) for row in rows if row.language == source)


@dataclass(frozen=True)
class AttemptRules:
    """What an attempt's pages call its quiz, and what its results may point to."""

    module_title: str
    title: str
    pass_mark: int
    #: The keys of the sections to which its results may point.
    section_keys: tuple[str, ...]


def rules_of(edition_id: int | None, revision_id: int, module_id: int, language: str) -> AttemptRules:
    """Return the rules of an attempt: those of its edition, or (None) those of the module revision, which one practises at will."""
    words = revision_words(revision_id, language)
    module = edition(edition_id).module_by_id(module_id) if edition_id is not None else None
    if module is None or module.quiz is None:
        return AttemptRules(words.module_title, words.title, words.pass_mark, tuple(section.key for section in words.sections))
    return AttemptRules(module.title, module.quiz["title"], module.quiz["pass_mark"], module.student_keys)
