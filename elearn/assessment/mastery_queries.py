"""Questions about a person's own mastery of what modules teach: two statements, whatever they have done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from elearn import clock
from elearn.assessment.mastery import Mastery, Tried, attempts_that_count, mastery_by_outcome
from elearn.assessment.models import Attempt, Mark, QuizExtension, QuizSetting
from elearn.assessment.queries import AttemptRules, RevisionWords, revision_words, rules_of
from elearn.assessment.scoring import Total
from elearn.assessment.wrong_answer_queries import RULED, ruled
from elearn.catalogue.models import ItemRevision, Module
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment

#: Older ones are not looked at: practice may be taken as often as one likes.
NEWEST_ATTEMPTS = 1000


@dataclass(frozen=True)
class KnownAttempt:
    """A finished attempt, with what the page says of it."""

    tried: Tried
    #: Whether the class lets its students see their marks by now.
    shows_marks: bool
    class_title: str | None
    slug: str
    number: int
    edition_id: int | None
    revision_id: int
    language: str


@dataclass(frozen=True)
class OutcomeLine:
    """An outcome in words, how well it is mastered, and (title, address) of the sections that teach it."""

    words: str
    mastery: Mastery
    sections: tuple[tuple[str, str], ...]

    @property
    def total(self) -> Total:
        """The points, out of how many."""
        return self.mastery.total


@dataclass(frozen=True)
class ModuleMastery:
    """A module, and how well its outcomes are mastered."""

    #: Those whose questions are counted together, in the order in which they were begun: more than one where an average counts.
    attempts: tuple[KnownAttempt, ...]
    title: str
    pass_mark: int
    #: None: the class does not show its marks yet.
    lines: tuple[OutcomeLine, ...] | None

    @property
    def attempt(self) -> KnownAttempt:
        """The newest of them."""
        return self.attempts[-1]


def _finished_attempts(person_id: int, at: datetime) -> list[KnownAttempt]:
    """Return a person's finished attempts, newest first: not previews, and not those in a class that one never was in."""
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.module_id,
            Attempt.class_id,
            Attempt.points,
            Attempt.max_points,
            CourseClass.title,
            CourseClass.edition_id,
            Module.slug,
            Attempt.number,
            Attempt.edition_id.label("begun_on"),
            Attempt.revision_id,
            Attempt.language,
            *RULED,
        )
        .join(Module, Module.id == Attempt.module_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .outerjoin(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .outerjoin(QuizSetting, (QuizSetting.class_id == Attempt.class_id) & (QuizSetting.module_id == Attempt.module_id))
        .outerjoin(QuizExtension, (QuizExtension.enrolment_id == Attempt.enrolment_id) & (QuizExtension.module_id == Attempt.module_id))
        .where(
            Attempt.person_id == person_id,
            Attempt.finished_at.is_not(None),
            or_(Attempt.class_id.is_not(None), Attempt.edition_id.is_(None)),
            or_(Enrolment.end_reason.is_(None), Enrolment.end_reason != "error"),
        )
        .order_by(Attempt.id.desc())
        .limit(NEWEST_ATTEMPTS),
    )
    return [_known(row, at) for row in rows]


def _known(row: Any, at: datetime) -> KnownAttempt:
    rules = ruled(row)
    tried = Tried(row.id, row.module_id, row.class_id, row.points or 0, row.max_points or 0, rules.grading)
    return KnownAttempt(tried, rules.shows("marks", at), row.title, row.slug, row.number, row.begun_on, row.revision_id, row.language)


def _outcome_marks(attempt_ids: Sequence[int]) -> dict[int, list[tuple[str, int, int]]]:
    """Return by attempt (outcome, points, maximum) of the newest mark of each question."""
    rows = db.session.execute(
        select(Mark.attempt_id, Mark.item_revision_id, ItemRevision.outcome, Mark.points, Mark.max_points, Mark.is_pending)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .where(Mark.attempt_id.in_(attempt_ids))
        .order_by(Mark.id),
    )
    newest = {(row.attempt_id, row.item_revision_id): row for row in rows}
    marks: dict[int, list[tuple[str, int, int]]] = {}
    for row in newest.values():
        if not row.is_pending:
            marks.setdefault(row.attempt_id, []).append((row.outcome, row.points, row.max_points))
    return marks


def mastery_of(person_id: int, *, at: datetime | None = None) -> list[ModuleMastery]:
    """Return for every module in which a person has marks how well they master it: classes first, the newest before; then practice."""
    known = {attempt.tried.attempt_id: attempt for attempt in _finished_attempts(person_id, at or clock.now())}
    counting = attempts_that_count(attempt.tried for attempt in known.values())
    if not counting:
        return []
    marks = _outcome_marks([tried.attempt_id for together in counting for tried in together])
    counting.sort(key=lambda together: (-(together[0].class_id or 0), together[0].module_id))
    return [_module(tuple(known[tried.attempt_id] for tried in together), marks) for together in counting]


def _module(attempts: tuple[KnownAttempt, ...], marks: Mapping[int, Sequence[tuple[str, int, int]]]) -> ModuleMastery:
    newest = attempts[-1]
    words = revision_words(newest.revision_id, newest.language)
    rules = rules_of(newest.edition_id, newest.revision_id, newest.tried.module_id, newest.language)
    if not newest.shows_marks:
        return ModuleMastery(attempts, rules.module_title, rules.pass_mark, None)
    class_id = newest.tried.class_id
    base = f"/modules/{newest.slug}/" if class_id is None else f"/classes/{class_id}/{newest.slug}/"
    counted = [mark for attempt in attempts for mark in marks.get(attempt.tried.attempt_id, ())]
    lines = tuple(
        OutcomeLine(words.outcomes.get(each.outcome, each.outcome), each, _sections(words, rules, each.outcome, base))
        for each in mastery_by_outcome(counted, tuple(words.outcomes), rules.pass_mark)
        if each.outcome
    )
    return ModuleMastery(attempts, rules.module_title, rules.pass_mark, lines)


def _sections(words: RevisionWords, rules: AttemptRules, outcome: str, base: str) -> tuple[tuple[str, str], ...]:
    return tuple((s.title, base + s.key) for s in words.sections if outcome in s.outcomes and s.key in rules.section_keys)
