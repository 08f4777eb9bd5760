"""What the page of an open attempt asks: each question with the answer that stands, or with what was typed and refused."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from elearn.assessment.answers import Saved, is_whole, standing
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.queries import LaidItem, laid_items
from elearn.assessment.responses import seen_in
from elearn.catalogue.items.item import ShownChoice, ShownPart, parts_in
from elearn.catalogue.queries import trusted
from elearn.errors import Invalid

#: (value, text, whether it is chosen)
Options = tuple[tuple[str, Markup, bool], ...]


@dataclass(frozen=True)
class QuestionPart:
    """A part of a question, with a control of its own: ``html`` is its label, or in a cloze the text before the gap."""

    id: str
    field: str
    html: Markup
    input: str
    choices: Options
    typed: str
    unit: str
    is_number: bool


@dataclass(frozen=True)
class Question:
    """A question as its form shows it."""

    #: The item revision.
    id: int
    number: int
    key: str
    field: str
    #: The sequence of the answer that is shown; 0: none.
    seen: int | str
    points: int
    prompt: Markup
    input: str
    choices: Options
    parts: tuple[QuestionPart, ...]
    #: What follows the last gap.
    closing: Markup
    unit: str
    is_number: bool
    typed: str
    #: Whether it is answered in all its parts.
    is_answered: bool
    #: Whether some part of it is answered.
    is_begun: bool
    fault: str


def questions_of(attempt: OwnAttempt, refused: MultiDict[str, str] | None = None, refusal: Invalid | None = None) -> list[Question]:
    """Return the questions of an open attempt in order; a ``refused`` form's with what was typed into it, and what is wrong with it."""
    answers = standing(attempt.saved)
    faults = refusal.fields if refusal else {}
    return [question_of(item, answers.get(item.id), attempt.language, refused, faults) for item in laid_items(attempt.layout)]


def question_of(
    item: LaidItem, known: Saved | None, language: str, refused: MultiDict[str, str] | None, faults: Mapping[str, str]
) -> Question:
    """Return a question as its form shows it, with the answer that is known."""
    shown = item.shown(language)
    response = known.response if known else None
    values = [response] if isinstance(response, str) else response if isinstance(response, list) else []
    given = parts_in(response)
    seen = known.sequence if known else 0
    if refused is not None:
        values = refused.getlist(item.field)
        given = {part.id: refused.get(f"{item.field}.{part.id}", "") for part in shown.parts}
        # What was typed is still a change to the answer that was shown when it was typed.
        seen = seen_in(refused, item.key) or (seen if values or any(given.values()) else 0)
    return Question(
        item.id,
        item.number,
        item.key,
        item.field,
        seen,
        item.pinned.points,
        trusted(shown.prompt_html),
        shown.input,
        _options(shown.choices, values),
        tuple(_part(part, item.field, given.get(part.id, "")) for part in shown.parts),
        trusted(shown.closing_html),
        shown.unit,
        shown.is_number,
        values[0] if shown.input in {"text", "textarea"} and values else "",
        any(values) or is_whole(shown, given),
        any(values) or any(given.values()),
        faults.get(item.field, ""),
    )


def _part(part: ShownPart, field: str, given: str) -> QuestionPart:
    # In running text the fragments around a gap are no whole elements: they stand as they are.
    return QuestionPart(
        part.id, f"{field}.{part.id}", trusted(part.html), part.input, _options(part.choices, [given]), given, part.unit, part.is_number,
    )  # fmt: skip


def _options(choices: Iterable[ShownChoice], chosen: Collection[str]) -> Options:
    return tuple((choice.id, inline(choice.html), choice.id in chosen) for choice in choices)


def inline(html: str) -> Markup:
    """Return HTML to stand inside a label: without its paragraph, where it is a single one."""
    whole = html.strip()
    if whole.startswith("<p>") and whole.endswith("</p>") and whole.count("<p>") == 1:
        whole = whole.removeprefix("<p>").removesuffix("</p>")
    return trusted(whole)
