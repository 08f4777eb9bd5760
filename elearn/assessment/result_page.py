"""The questions of a result's page, laid out: what many students answered alike is laid out once and kept, with blanks.

An explanation is the same for all who gave the same answer, but for its number and the order of its choices. What somebody typed is always
a blank: it stands in no kept part. Essays, and what a regrade has touched, are laid out for the one who reads them.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup, escape

from elearn import cache
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.queries import LaidItem, MarkLine
from elearn.assessment.review import Review, ReviewedItem, ReviewedPart, reviewed_item
from elearn.assessment.review_rules import without_key
from elearn.assessment.written_page import marked_texts
from elearn.catalogue.queries import current_release
from elearn.learning.progress import shown_points
from elearn.text import joined
from elearn.web.blanks import PartWithBlanks, blank

#: A quiz of 24 questions with four choices each fills 120 of them, at about 4 KB each.
MOST = 4000


@dataclass(frozen=True)
class _Laid:
    """A question, explained: its choices by id, and what stands around them."""

    frame: PartWithBlanks
    choices: Mapping[str, PartWithBlanks]

    def filled(self, item: LaidItem, values: Mapping[str, object], language: str) -> Markup:
        """Return the question in its place on the page, with its choices in the order in which they were offered."""
        rows: list[Markup] = []
        if self.choices:
            number = values["number"]
            offered = (self.choices[choice.id] for choice in item.shown(language).choices if choice.id in self.choices)
            for place, choice in enumerate(offered, start=1):
                rows += (choice.fill({"number": number, "place": escape(place)}), _END)
        return self.frame.fill({"choices": joined(rows), **values})


_END = Markup("\n")


def laid_out(attempt: OwnAttempt, review: Review, at: datetime) -> list[Markup]:
    """Return the questions of a submitted attempt as its student may see them at that moment; the words are the reader's language's."""
    if not attempt.rules.shows("answers", at):
        return []
    desk = _Desk(attempt, review, attempt.rules.shows("key", at), (current_release(), attempt.language, str(get_locale())))
    return [desk.laid(item, mark) for item, mark in review.lines]


class _Desk:
    """Where the questions of one attempt are laid out."""

    def __init__(self, attempt: OwnAttempt, review: Review, shows_key: bool, spoken: tuple[Hashable, ...]) -> None:  # noqa: FBT001 (of one caller)
        self.attempt, self.review, self.shows_key, self.spoken = attempt, review, shows_key, spoken
        self.total = escape(len(review.lines))
        self.texts = marked_texts(attempt) if any(item.is_typed for item, _mark in review.lines) else {}

    def laid(self, item: LaidItem, mark: MarkLine) -> Markup:
        """Return a question with its explanation."""
        # Markup, since each stands in many blanks.
        values: dict[str, object] = {"number": escape(item.number), "total": self.total}
        if item.number in self.texts or item.id in self.review.again.lines:
            return self._fresh(item, mark)
        if item.is_typed:
            reviewed, typed = _with_blanks(self._reviewed(item, mark))
            key: Hashable = (self.spoken, replace(reviewed, number=0))
            return self._kept(key, lambda: reviewed).filled(item, values | typed, self.attempt.language)
        given = (_hashable(mark.response), mark.points, mark.max_points, mark.is_pending)
        laid = self._kept((self.spoken, item.id, given, self.shows_key), lambda: self._reviewed(item, mark))
        return laid.filled(item, values, self.attempt.language)

    def _kept(self, key: Hashable, review: Callable[[], ReviewedItem]) -> _Laid:
        return cache.kept("explained", key, lambda: _laid(review(), self.attempt.language), most=MOST)

    def _reviewed(self, item: LaidItem, mark: MarkLine) -> ReviewedItem:
        reviewed = reviewed_item(item, mark, self.attempt.language, self.review.again)
        return reviewed if self.shows_key else without_key(reviewed)

    def _fresh(self, item: LaidItem, mark: MarkLine) -> Markup:
        """Return a question laid out for this one page."""
        reviewed = self._reviewed(item, mark)
        rows = [_row(reviewed, own, item.number, place) + _END for place, own in enumerate(reviewed.choices, start=1)]
        text, counts = self.texts.get(item.number), self.attempt.class_id is not None
        return _question(reviewed, item.number, self.total, self.attempt.language, joined(rows), text, counts)


def _laid(reviewed: ReviewedItem, language: str) -> _Laid:
    number = blank("number")
    return _Laid(
        PartWithBlanks(_question(reviewed, number, blank("total"), language, blank("choices"))),
        {own.id: PartWithBlanks(_row(reviewed, own, number, blank("place"))) for own in reviewed.choices},
    )


def _question(reviewed: ReviewedItem, number: object, total: object, language: str, choices: Markup, *written: object) -> Markup:
    lay_out = get_template_attribute("assessment/result-question.html", "reviewed_question")
    return lay_out(reviewed, number, total, language, choices, shown_points, *written)


def _row(reviewed: ReviewedItem, own: object, number: object, place: object) -> Markup:
    return get_template_attribute("assessment/result-question.html", "reviewed_choice")(reviewed, own, number, place)


def _with_blanks(reviewed: ReviewedItem) -> tuple[ReviewedItem, dict[str, object]]:
    """Return a question with blanks for what was typed, and what belongs there."""
    typed: dict[str, object] = {}

    def put(name: str, text: str) -> str:
        if not text:
            return ""
        typed[name] = text
        return blank(name)

    def part(place: int, own: ReviewedPart) -> ReviewedPart:
        # What is chosen is the item's own HTML.
        return own if isinstance(own.given, Markup) else replace(own, given=put(f"given-{place}", own.given))

    read_as = reviewed.read_as if reviewed.read_as != reviewed.typed else ""
    parts = tuple(part(place, own) for place, own in enumerate(reviewed.parts))
    return replace(reviewed, typed=put("typed", reviewed.typed), read_as=put("read-as", read_as), parts=parts), typed


def _hashable(response: Any) -> Hashable:
    if isinstance(response, dict):
        return tuple(response.items())
    return tuple(response) if isinstance(response, list) else response
