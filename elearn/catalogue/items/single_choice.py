"""One choice out of several. A choice may be worth a part of the points by its ``weight``, in per cent. Pure."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from elearn.catalogue.items import choices
from elearn.catalogue.items.item import N_, Definition, Explained, Grade, Problem, Response, Shown, Values, mark, unanswered
from elearn.catalogue.items.source import ChoiceSource, ChoicesWording, ItemSource
from elearn.catalogue.items.wording import translated

TYPE = "single-choice"
IS_TYPED = False
WORDING: Mapping[str, str] = choices.WORDING
Wording = ChoicesWording
FULL = 100


class Source(ItemSource):
    """What an author writes."""

    type: str
    choices: Annotated[list[ChoiceSource], Field(min_length=2, max_length=10)]


def parse(source: Source, language: str) -> Definition:
    """Return the definition; where weights stand, the choice with the full weight is the right one."""
    definition = choices.define(source, source.choices, TYPE, language)
    for choice in definition["choices"]:
        choice["correct"] = choice["correct"] or choice.get("weight") == FULL
    return definition


def translate(definition: Definition, wording: ChoicesWording, language: str) -> list[Problem]:
    """Leave the definition with its choices in one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = choices.check_choices(definition) + choices.one_right(definition)
    for number, choice in enumerate(definition["choices"]):
        weight = choice.get("weight", FULL if choice["correct"] else 0)
        if not 0 <= weight <= FULL or choice["correct"] != (weight == FULL):
            message = f"“{choice['id']}”: the right choice weighs {FULL} per cent, any other from 0 to {FULL - 1}"
            problems.append(Problem(("choices", number, "weight"), "weight", message))
    return problems


def read(definition: Definition, sent: Values) -> Response | None:
    """Return the choice that was made; None where there was none."""
    return choices.one_of(definition, sent)


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
    """Return what a page needs to ask."""
    return choices.shown(definition, language, order, kind="radio")


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return full marks for the right choice, its weight for another, nothing for none."""
    if not response:
        return unanswered(definition)
    shares = _shares(definition)
    verdicts = {choice["id"]: (choice["id"] == response) == choice["correct"] for choice in definition["choices"]}
    return mark(definition, shares.get(str(response), Fraction(0)), verdicts)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark."""
    return choices.explained(definition, [response] if isinstance(response, str) else [], language)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    if any("weight" in choice for choice in definition["choices"]):
        return (N_("The right choice brings all the points; some others bring a part of them."),)
    return (choices.ONE_RIGHT,)


def right_response(definition: Definition) -> Response | None:
    """Return the right choice."""
    return choices.right_ids(definition)[0]


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the text of what was chosen."""
    return choices.in_words(definition, response, language)


def guess(definition: Definition) -> Fraction | None:
    """Return the mean of what the choices are worth."""
    shares = _shares(definition)
    return sum(shares.values(), Fraction(0)) / len(shares)


def _shares(definition: Definition) -> dict[str, Fraction]:
    return {c["id"]: Fraction(c.get("weight", FULL if c["correct"] else 0), FULL) for c in definition["choices"]}
