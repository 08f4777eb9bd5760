"""Questions about a person's own mastery of what modules teach: two statements, whatever they have done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from elearn.assessment.mastery import Mastery, Tried, attempts_that_count, mastery_by_outcome
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.queries import AttemptRules, RevisionWords, revision_words, rules_of
from elearn.catalogue.models import ItemRevision, Module
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment

#: Older ones are not looked at: practice may be taken as often as one likes.
NEWEST_ATTEMPTS = 1000


@dataclass(frozen=True)
class KnownAttempt:
    """A finished attempt, with what the page says of it."""

    tried: Tried
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


@dataclass(frozen=True)
class ModuleMastery:
    """A module, and how well its outcomes are mastered."""

    attempt: KnownAttempt
    title: str
    pass_mark: int
    lines: tuple[OutcomeLine, ...]


def _finished_attempts(person_id: int) -> list[KnownAttempt]:
    """Return a person's finished attempts, newest first: not previews, and not those in a class that one never was in."""
    rows = db.session.execute(
        select(
            Attempt.id,
            Attempt.module_id,
            Attempt.class_id,
            Attempt.points,
            Attempt.max_points,
            CourseClass.title,
            Module.slug,
            Attempt.number,
            Attempt.edition_id,
            Attempt.revision_id,
            Attempt.language,
        )
        .join(Module, Module.id == Attempt.module_id)
        .outerjoin(CourseClass, CourseClass.id == Attempt.class_id)
        .outerjoin(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(
            Attempt.person_id == person_id,
            Attempt.finished_at.is_not(None),
            or_(Attempt.class_id.is_not(None), Attempt.edition_id.is_(None)),
            or_(Enrolment.end_reason.is_(None), Enrolment.end_reason != "error"),
        )
        .order_by(Attempt.id.desc())
        .limit(NEWEST_ATTEMPTS),
    )
    return [KnownAttempt(Tried(*row[:3], row[3] or 0, row[4] or 0), *row[5:]) for row in rows]


def _outcome_marks(attempt_ids: Sequence[int]) -> dict[int, list[tuple[str, int, int]]]:
    """Return by attempt (outcome, points, maximum) of the newest mark of each question."""
    rows = db.session.execute(
        select(Mark.attempt_id, Mark.item_revision_id, ItemRevision.outcome, Mark.points, Mark.max_points)
        .join(ItemRevision, ItemRevision.id == Mark.item_revision_id)
        .where(Mark.attempt_id.in_(attempt_ids))
        .order_by(Mark.id),
    )
    newest = {(row.attempt_id, row.item_revision_id): (row.outcome, row.points, row.max_points) for row in rows}
    marks: dict[int, list[tuple[str, int, int]]] = {}
    for (attempt_id, _revision_id), mark in newest.items():
        marks.setdefault(attempt_id, []).append(mark)
    return marks


def mastery_of(person_id: int) -> list[ModuleMastery]:
    """Return for every module in which a person has marks how well they master it: classes first, the newest before; then practice."""
    known = {attempt.tried.attempt_id: attempt for attempt in _finished_attempts(person_id)}
    counting = attempts_that_count(attempt.tried for attempt in known.values())
    if not counting:
        return []
    marks = _outcome_marks([tried.attempt_id for tried in counting])
    counting.sort(key=lambda tried: (-(tried.class_id or 0), tried.module_id))
    return [_module(known[tried.attempt_id], marks.get(tried.attempt_id, [])) for tried in counting]


def _module(attempt: KnownAttempt, marks: Sequence[tuple[str, int, int]]) -> ModuleMastery:
    words = revision_words(attempt.revision_id, attempt.language)
    rules = rules_of(attempt.edition_id, attempt.revision_id, attempt.tried.module_id, attempt.language)
    class_id = attempt.tried.class_id
    base = f"/modules/{attempt.slug}/" if class_id is None else f"/classes/{class_id}/{attempt.slug}/"
    lines = tuple(
        OutcomeLine(words.outcomes.get(each.outcome, each.outcome), each, _sections(words, rules, each.outcome, base))
        for each in mastery_by_outcome(marks, tuple(words.outcomes), rules.pass_mark)
        if each.outcome
    )
    return ModuleMastery(attempt, rules.module_title, rules.pass_mark, lines)


def _sections(words: RevisionWords, rules: AttemptRules, outcome: str, base: str) -> tuple[tuple[str, str], ...]:
    return tuple((s.title, base + s.key) for s in words.sections if outcome in s.outcomes and s.key in rules.section_keys)
