"""A statement that is true or false; the platform words the two choices. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from elearn.catalogue.items import choices
from elearn.catalogue.items.item import Definition, Explained, Grade, Problem, Response, Shown, Values, mark, unanswered
from elearn.catalogue.items.source import ChoicesWording, ItemSource, Strict, Text
from elearn.catalogue.items.wording import translated

TYPE = "true-false"
IS_TYPED = False
WORDING: Mapping[str, str] = choices.WORDING
Wording = ChoicesWording


class Side(Strict):
    """One of the two choices."""

    id: Literal["true", "false"]
    correct: bool = False
    weight: None = None
    feedback: Text | None = None


class Source(ItemSource):
    """What an author writes."""

    type: str
    choices: Annotated[list[Side], Field(min_length=2, max_length=2)]


def parse(source: Source, language: str) -> Definition:
    """Return the definition."""
    return choices.define(source, source.choices, TYPE, language)  # type: ignore[arg-type]  # A side is a choice without a text.


def translate(definition: Definition, wording: ChoicesWording, language: str) -> list[Problem]:
    """Leave the definition with its sides in one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    return choices.check_choices(definition) + choices.one_right(definition)


def read(definition: Definition, sent: Values) -> Response | None:
    """Return the side that was taken; None where there was none."""
    return choices.one_of(definition, sent)


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:  # noqa: ARG001 (true stands first, always)
    """Return what a page needs to ask."""
    return choices.shown(definition, language, ["true", "false"], kind="radio")


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return all or nothing."""
    if not response:
        return unanswered(definition)
    verdicts = {choice["id"]: (choice["id"] == response) == choice["correct"] for choice in definition["choices"]}
    return mark(definition, Fraction(response in choices.right_ids(definition)), verdicts)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark."""
    return choices.explained(definition, [response] if isinstance(response, str) else [], language)


def rule(definition: Definition) -> tuple[str, ...]:  # noqa: ARG001 (the same for all)
    """Return how the mark comes about."""
    return (choices.ONE_RIGHT,)


def right_response(definition: Definition) -> Response | None:
    """Return the right side."""
    return choices.right_ids(definition)[0]


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the side that was taken."""
    return choices.in_words(definition, response, language)


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return one half."""
    return Fraction(1, 2)
