"""What the page of a submitted attempt says: how each mark came about, and what to read again."""

from dataclasses import dataclass

from markupsafe import Markup

from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.labels import scoring_rule
from elearn.assessment.queries import (
    AttemptRules,
    LaidItem,
    MarkLine,
    RevisionWords,
    laid_items,
    marks_that_count,
    revision_words,
    rules_of,
)
from elearn.assessment.questions import inline
from elearn.assessment.regrade_review import Again, again_in
from elearn.assessment.scoring import Total, by_outcome, name_of_mark, total
from elearn.catalogue.items.item import ExplainedChoice, ExplainedPart, ShownPart
from elearn.catalogue.queries import trusted


@dataclass(frozen=True)
class ReviewedChoice:
    """A choice after marking; its state is right, wrong, missed (right, but not chosen) or empty."""

    id: str
    html: Markup
    is_chosen: bool
    state: str
    feedback: Markup


@dataclass(frozen=True)
class ReviewedPart:
    """A part after marking: ``html`` is its label, or in a cloze the text before the gap; its state is right, wrong or blank."""

    html: Markup
    given: Markup | str
    right: Markup | str
    unit: str
    state: str
    feedback: Markup


@dataclass(frozen=True)
class ReviewedItem:
    """A question after marking."""

    number: int
    prompt: Markup
    input: str
    #: right, partly, wrong, blank, waiting (for a person), noted (brings no points) or void (left out by a regrade).
    state: str
    mark: Total
    choices: tuple[ReviewedChoice, ...]
    parts: tuple[ReviewedPart, ...]
    #: What follows the last gap.
    closing: Markup
    #: What was typed, where something was, and as which number it was read.
    typed: str
    read_as: str
    unit: str
    accepted: tuple[str, ...]
    model: Markup
    answer_feedback: Markup
    feedback: Markup
    rule: str
    #: What there is to say of its being marked again.
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewedOutcome:
    """The result in one learning outcome; ``sections`` (key, title) teach it."""

    words: str
    total: Total
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Review:
    """A submitted attempt: what it came to."""

    rules: AttemptRules
    total: Total
    #: Its questions in order, each with its mark; ``reviewed_item`` explains one.
    lines: tuple[tuple[LaidItem, MarkLine], ...]
    outcomes: tuple[ReviewedOutcome, ...]
    again: Again

    @property
    def is_passed(self) -> bool:
        """Whether the pass mark was reached."""
        return self.total.passes(self.rules.pass_mark)

    @property
    def weak(self) -> tuple[ReviewedOutcome, ...]:
        """The outcomes below the pass mark that some section teaches."""
        return tuple(o for o in self.outcomes if o.sections and not o.total.passes(self.rules.pass_mark))


def review_of(attempt: OwnAttempt) -> Review:
    """Return what there is to say of a submitted attempt."""
    rules = rules_of(attempt.edition_id, attempt.revision_id, attempt.module_id, attempt.language)
    words = revision_words(attempt.revision_id, attempt.language)
    items = laid_items(attempt.layout)
    marks = marks_that_count(attempt.id, attempt.saved)
    again = again_in(attempt.id, items) if attempt.has_regrades else Again()
    totals = by_outcome(((item.pinned.outcome, marks[item.id].points, marks[item.id].max_points) for item in items), words.outcomes)
    return Review(
        rules,
        total((mark.points, mark.max_points) for mark in marks.values()),
        tuple((item, marks[item.id]) for item in items),
        tuple(
            ReviewedOutcome(words.outcomes.get(outcome, outcome), result, _sections(words, rules, outcome))
            for outcome, result in totals.items()
        ),
        again,
    )


def _sections(words: RevisionWords, rules: AttemptRules, outcome: str) -> tuple[tuple[str, str], ...]:
    return tuple((s.key, s.title) for s in words.sections if outcome in s.outcomes and s.key in rules.section_keys)


def reviewed_item(item: LaidItem, mark: MarkLine, language: str, again: Again | None = None) -> ReviewedItem:
    """Return a question after marking; ``again``: what was marked again in its attempt."""
    again = again or Again()
    shown = item.shown(language)
    explained = again.explained(item, mark.response, language)
    by_id = {choice.id: choice for choice in explained.choices}
    parts = {part.id: part for part in shown.parts}
    return ReviewedItem(
        item.number,
        trusted(shown.prompt_html),
        shown.input,
        _state(item, mark),
        Total(mark.points, mark.max_points),
        tuple(_choice(by_id[choice.id]) for choice in shown.choices if choice.id in by_id),
        tuple(_part(part, parts[part.id]) for part in explained.parts),
        trusted(shown.closing_html),
        mark.response if isinstance(mark.response, str) and shown.input in {"text", "textarea"} else "",
        explained.read_as,
        shown.unit,
        explained.accepted,
        trusted(explained.model_html),
        trusted(explained.answer_html),
        trusted(explained.feedback_html),
        scoring_rule(item.pinned.definition),
        again.words(item.id),
    )


def _state(item: LaidItem, mark: MarkLine) -> str:
    if not mark.max_points and item.pinned.definition["points"]:
        # Left out of the total by a regrade.
        return "void"
    return name_of_mark(mark.points, mark.max_points, is_answered=mark.response is not None, is_pending=mark.is_pending)


def _choice(choice: ExplainedChoice) -> ReviewedChoice:
    state = {(True, True): "right", (True, False): "wrong", (False, True): "missed", (False, False): ""}
    return ReviewedChoice(choice.id, inline(choice.html), choice.chosen, state[choice.chosen, choice.right], trusted(choice.feedback_html))


def _part(part: ExplainedPart, shown: ShownPart) -> ReviewedPart:
    choices = {choice.id: inline(choice.html) for choice in shown.choices}
    given, right = (choices.get(value, value) for value in (part.given, part.right))
    # A unit that was typed along is not said again.
    unit = "" if shown.unit in given else shown.unit
    return ReviewedPart(trusted(part.html), given, right, unit, part.verdict, trusted(part.feedback_html))
