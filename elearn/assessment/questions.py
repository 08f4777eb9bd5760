"""What the page of an open attempt asks: each question with the answer that stands, or with what was typed and refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from elearn.assessment.access import OwnAttempt
from elearn.assessment.answers import Saved, standing
from elearn.assessment.queries import LaidItem, laid_items, saved_answers
from elearn.assessment.responses import seen_in
from elearn.catalogue.queries import trusted
from elearn.errors import Invalid


@dataclass(frozen=True)
class Question:
    """A question as its form shows it."""

    number: int
    key: str
    field: str
    #: The sequence of the answer that is shown; 0: none.
    seen: int
    points: int
    prompt: Markup
    input: str
    #: (value, text, whether it is chosen)
    choices: tuple[tuple[str, Markup, bool], ...]
    typed: str
    is_answered: bool
    fault: str


def questions_of(attempt: OwnAttempt, refused: MultiDict[str, str] | None = None, refusal: Invalid | None = None) -> list[Question]:
    """Return the questions of an open attempt in order; a ``refused`` form's with what was typed into it, and what is wrong with it."""
    answers = standing(saved_answers(attempt.id))
    faults = refusal.fields if refusal else {}
    return [question_of(item, answers.get(item.id), attempt.language, refused, faults) for item in laid_items(attempt.layout)]


def question_of(
    item: LaidItem, known: Saved | None, language: str, refused: MultiDict[str, str] | None, faults: Mapping[str, str]
) -> Question:
    """Return a question as its form shows it, with the answer that is known."""
    shown = item.shown(language)
    response = known.response if known else None
    values = [response] if isinstance(response, str) else list(response or [])
    seen = known.sequence if known else 0
    if refused is not None:
        values = refused.getlist(item.field)
        # What was typed is still a change to the answer that was shown when it was typed.
        seen = seen_in(refused, item.key) or (seen if item.field in refused else 0)
    return Question(
        item.number,
        item.key,
        item.field,
        seen,
        item.pinned.points,
        trusted(shown.prompt_html),
        shown.input,
        tuple((choice.id, inline(choice.html), choice.id in values) for choice in shown.choices),
        values[0] if shown.input == "text" and values else "",
        any(values),
        faults.get(item.field, ""),
    )


def inline(html: str) -> Markup:
    """Return HTML to stand inside a label: without its paragraph, where it is a single one."""
    whole = html.strip()
    if whole.startswith("<p>") and whole.endswith("</p>") and whole.count("<p>") == 1:
        whole = whole.removeprefix("<p>").removesuffix("</p>")
    return trusted(whole)
