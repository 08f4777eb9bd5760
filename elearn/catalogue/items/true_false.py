"""A statement that is true or false; the platform words the two choices. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from elearn.catalogue.items import choices
from elearn.catalogue.items.item import Definition, Explained, Grade, Problem, Response, Shown, mark, unanswered
from elearn.catalogue.items.source import ItemSource, Strict, Text

TYPE = "true-false"


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


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    return choices.check_choices(definition) + choices.one_right(definition)


def read_form(definition: Definition, values: Sequence[str]) -> Response | None:
    """Return the side that was taken; None where there was none."""
    return choices.one_of(definition, values)


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


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return one half."""
    return Fraction(1, 2)
