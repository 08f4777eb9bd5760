"""What the pages of the review queue show: the next question, and how an answer was marked."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from elearn.adaptation.queries import edition
from elearn.assessment.queries import LaidItem, MarkLine, drawn, laid_items, revision_words
from elearn.assessment.questions import Question, question_of
from elearn.assessment.recall_access import GivenAnswer
from elearn.assessment.recall_queries import Waiting
from elearn.assessment.review import ReviewedItem, reviewed_item
from elearn.catalogue.queries import current_series
from elearn.errors import Invalid


def laid(item_revision_id: int, item_id: int, number: int, language: str) -> LaidItem:
    """Return the question with its choices in the order of this time: the same on the form, when it is refused, and once it is marked."""
    return laid_items(drawn((item_revision_id,), (), language, item_id * 1_000 + number))[0]


def question_asked(waiting: Waiting, refused: MultiDict[str, str] | None = None, refusal: Invalid | None = None) -> Question:
    """Return the question as its form shows it; a ``refused`` form's with what was typed into it."""
    item = laid(waiting.pinned.id, waiting.item_id, waiting.number, waiting.language)
    return question_of(item, None, waiting.language, refused, refusal.fields if refusal else {})


@dataclass(frozen=True)
class Recollection:
    """A question that was answered in review, explained."""

    given: GivenAnswer
    item: ReviewedItem
    module_title: str
    #: The learning outcome in words; empty: the question belongs to none.
    outcome: str
    #: (title, address) of the sections that teach it.
    sections: tuple[tuple[str, str], ...]


def recollection(given: GivenAnswer) -> Recollection:
    """Return what there is to say of an answer given in review."""
    item = laid(given.item_revision_id, given.item_id, given.number, given.language)
    words = revision_words(given.revision_id, given.language)
    slug, keys = _where_taught(given)
    base = f"/classes/{given.class_id}/{slug}/" if given.class_id is not None else f"/modules/{slug}/"
    outcome = item.pinned.outcome
    return Recollection(
        given,
        reviewed_item(item, MarkLine(given.points, given.max_points, given.response), given.language),
        words.module_title,
        words.outcomes.get(outcome, outcome),
        tuple((s.title, base + s.key) for s in words.sections if outcome in s.outcomes and s.key in keys),
    )


def _where_taught(given: GivenAnswer) -> tuple[str, frozenset[str]]:
    """Return the module's slug and the keys of its sections for everyone where the question was asked; none, where it is gone."""
    if given.edition_id is not None:
        taught = edition(given.edition_id).module_by_id(given.module_id)
        return (taught.slug, frozenset(taught.student_keys)) if taught else ("", frozenset())
    series = current_series()
    published = next((each for each in series.modules if each.module_id == given.module_id), None)
    if published is None:
        return "", frozenset()
    return published.slug, frozenset(line.key for line in published.lines(given.language, series.source) if line.audience == "everyone")
