"""The questions of an open attempt's page, laid out: what is the same for all who are asked is laid out once and kept, with blanks.

A question with choices or a short text is the same for everybody but for its number, the order of its choices, and what is answered. What
somebody typed is always a blank. All others, and one that was refused or looked at, are laid out for the one who reads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import get_template_attribute
from flask_babel import get_locale
from markupsafe import Markup, escape

from elearn import cache
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.looks import Looked, looks_of
from elearn.assessment.questions import Question
from elearn.assessment.written_page import AskedText, asked_texts
from elearn.catalogue.queries import current_release
from elearn.learning.progress import shown_points
from elearn.text import joined
from elearn.web.blanks import PartWithBlanks, blank

#: A question with four choices takes about 6 KB.
MOST = 2000
_END = Markup("\n")


@dataclass(frozen=True)
class _Laid:
    """A question: its choices, by id and whether they are chosen, and what stands around them."""

    frame: PartWithBlanks
    choices: Mapping[tuple[str, bool], PartWithBlanks]


def asked(attempt: OwnAttempt, questions: Sequence[Question], *, is_open: bool) -> list[Markup]:
    """Return the questions of an attempt, in the reader's language; ``is_open``: whether it can still be answered."""
    desk = _Desk(attempt, len(questions), is_open=is_open)
    return [desk.laid(question) for question in questions]


class _Desk:
    """Where the questions of one attempt are laid out."""

    def __init__(self, attempt: OwnAttempt, total: int, *, is_open: bool) -> None:
        self.language, self.total, self.is_open = attempt.language, escape(total), is_open
        self.spoken = (current_release(), attempt.language, str(get_locale()))
        self.looks, self.texts = looks_of(attempt), asked_texts(attempt)

    def laid(self, question: Question) -> Markup:
        """Return a question with its controls."""
        looked = self.looks.get(question.key)
        if question.fault or looked or question.input not in {"radio", "checkbox", "text"}:
            return self.fresh(question, looked)
        kept = cache.kept("asked", (self.spoken, question.id), lambda: self._laid(question), most=MOST)
        number = escape(question.number)
        rows: list[Markup] = []
        for place, (value, _words, is_chosen) in enumerate(question.choices, start=1):
            rows += (kept.choices[value, is_chosen].fill({"number": number, "place": escape(place)}), _END)
        values = {"number": number, "total": self.total, "choices": joined(rows), "seen": question.seen, "typed": question.typed}
        return kept.frame.fill(values)

    def fresh(self, question: Question, looked: Looked | None = None) -> Markup:
        """Return a question laid out for this one page."""
        rows = (
            _choice(question, question.number, place, value, words, is_chosen) + _END
            for place, (value, words, is_chosen) in enumerate(question.choices, start=1)
        )
        return self._question(question, question.number, self.total, joined(rows), self.texts.get(question.key), looked)

    def _laid(self, question: Question) -> "_Laid":
        same = replace(question, seen=blank("seen"), typed=blank("typed"))
        return _Laid(
            PartWithBlanks(self._question(same, blank("number"), blank("total"), blank("choices"))),
            {
                (value, is_chosen): PartWithBlanks(_choice(question, blank("number"), blank("place"), value, words, is_chosen))
                for value, words, _is_chosen in question.choices
                for is_chosen in (False, True)
            },
        )

    def _question(
        self,
        question: Question,
        number: object,
        total: object,
        choices: Markup,
        text: AskedText | None = None,
        looked: Looked | None = None,
    ) -> Markup:
        lay_out = get_template_attribute("assessment/attempt-question.html", "asked_question")
        return lay_out(question, number, total, self.language, choices, shown_points, text, looked, self.is_open)


def _choice(question: Question, number: object, place: object, *choice: object) -> Markup:
    return get_template_attribute("assessment/attempt-question.html", "asked_choice")(question, number, place, *choice)
