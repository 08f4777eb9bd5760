"""What pages show a student of questions that are answered with a text: how long it may be, a model answer, what a marker said."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from elearn import clock
from elearn.assessment.answers import standing
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.marked_queries import MarkerWords, words_of_markers
from elearn.assessment.marking_page import ShownCriterion, shown_rubric, words_told
from elearn.assessment.marking_queries import BY_PERSONS
from elearn.assessment.queries import LaidItem, laid_items
from elearn.catalogue.items.writing import model_of, paragraphs_of, words_in
from elearn.catalogue.queries import pinned_items, trusted


@dataclass(frozen=True)
class AskedText:
    """A question of an open attempt that wants a text."""

    #: How many words are asked for, and how many are saved.
    words: str
    #: How it may be answered, once one's own answer is saved; else empty.
    model: Markup
    #: By what a person will mark it.
    rubric: tuple[ShownCriterion, ...] = ()


def asked_texts(attempt: OwnAttempt) -> dict[str, AskedText]:
    """Return the questions of an attempt that want a text of one's own, by key; no statement."""
    answers = standing(attempt.saved)
    found = {}
    for item in laid_items(attempt.layout):
        if not item.is_typed or item.shown(attempt.language).input != "textarea":
            continue
        answer = answers.get(item.id)
        text = answer.response if answer and isinstance(answer.response, str) else None
        definition = item.pinned.definition
        words = words_told(definition, None if text is None else words_in(text))
        rubric = shown_rubric(definition, attempt.language, {}) if item.pinned.type in BY_PERSONS else ()
        found[item.key] = AskedText(words, trusted(item.explained(text, attempt.language).model_html), rubric)
    return found


@dataclass(frozen=True)
class MarkedText:
    """A text of a submitted attempt: as it was written, and what a person said of it."""

    paragraphs: Sequence[Sequence[str]]
    words: str
    model: Markup
    #: Whether a person marks it at all.
    is_for_persons: bool
    rubric: tuple[ShownCriterion, ...] = ()
    #: The comment and the reason, each in paragraphs.
    comment: Sequence[Sequence[str]] = ()
    reason: Sequence[Sequence[str]] = ()
    #: Who marked it, in words; empty as long as nobody has.
    marked_by: str = ""


def marked_texts(attempt: OwnAttempt) -> dict[int, MarkedText]:
    """Return the texts of a submitted attempt by the number of their question; one statement where a person marks any of them.

    What the class does not show yet of the marks is not there.
    """
    items = [item for item in laid_items(attempt.layout) if item.is_typed and item.shown(attempt.language).input == "textarea"]
    for_persons = any(item.pinned.type in BY_PERSONS for item in items)
    shows = attempt.rules.shows("marks", clock.now())
    said = words_of_markers(attempt.id) if for_persons and shows else {}
    answers = standing(attempt.saved)
    found = {}
    for item in items:
        answer = answers.get(item.id)
        text = answer.response if answer and isinstance(answer.response, str) else None
        found[item.number] = _marked(item, text, attempt.language, said.get(item.id))
    return found


def _marked(item: LaidItem, text: str | None, language: str, said: MarkerWords | None) -> MarkedText:
    definition = item.pinned.definition
    words = words_told(definition, words_in(text or ""))
    is_for_persons = item.pinned.type in BY_PERSONS
    model = Markup() if is_for_persons else trusted(model_of(definition, language))
    written = paragraphs_of(text or "")
    if said is None:
        # Before anybody marked it, the rubric says what will be looked at.
        rubric = shown_rubric(definition, language, {}) if is_for_persons else ()
        return MarkedText(written, words, model, is_for_persons, rubric)
    by = pinned_items((said.graded_revision_id,))[said.graded_revision_id]
    rubric = shown_rubric(by.definition, language, said.levels) if by.type in BY_PERSONS else ()
    comment, reason = paragraphs_of(said.comment), paragraphs_of(said.reason)
    return MarkedText(written, words, model, is_for_persons, rubric, comment, reason, _who(said))


def _who(said: MarkerWords) -> str:
    """Return who marked an answer, by role; by name, too, where it was not marked blind."""
    role = _("an assistant of your class") if said.role == "assistant" else _("your professor")
    return _("%(name)s, %(role)s", name=said.marked_by, role=role) if said.marked_by else role
