"""Any number of choices out of several, with its scoring rule named. Pure.

``exact``: all the right choices and no other, or nothing.
``per-option``: each choice rightly ticked or rightly left brings an equal share.
``right-minus-wrong``: the share of the right choices that were ticked, less the share of the wrong ones that were, never below nothing.
With weights (in per cent: the right ones sum to 100, the wrong ones are 0 or below) the sum of what was ticked, never below nothing.
A choice that is gone counts as a wrong one that was ticked.
An answer that ticks nothing is no answer and brings nothing under each rule; a share is rounded once, to 1/100,000 of a point.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from elearn.catalogue.items import choices
from elearn.catalogue.items.item import N_, Definition, Explained, Grade, Problem, Response, Shown, Values, mark, unanswered
from elearn.catalogue.items.source import ChoiceSource, ChoicesWording, ItemSource
from elearn.catalogue.items.wording import translated

TYPE = "multiple-response"
IS_TYPED = False
WORDING: Mapping[str, str] = choices.WORDING
Wording = ChoicesWording
FULL = 100


class Source(ItemSource):
    """What an author writes."""

    type: str
    scoring: Literal["exact", "per-option", "right-minus-wrong"]
    choices: Annotated[list[ChoiceSource], Field(min_length=2, max_length=20)]


def parse(source: Source, language: str) -> Definition:
    """Return the definition; where weights stand, a choice with a positive one is right."""
    definition = choices.define(source, source.choices, TYPE, language)
    definition["scoring"] = source.scoring
    for choice in definition["choices"]:
        choice["correct"] = choice["correct"] or choice.get("weight", 0) > 0
    return definition


def translate(definition: Definition, wording: ChoicesWording, language: str) -> list[Problem]:
    """Leave the definition with its choices in one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = choices.check_choices(definition)
    if not choices.right_ids(definition):
        problems.append(Problem(("choices",), "no-right-answer", "no choice is marked correct: true"))
    if any("weight" in choice for choice in definition["choices"]):
        problems += _check_weights(definition)
    return problems


def _check_weights(definition: Definition) -> list[Problem]:
    problems = []
    if definition["scoring"] != "right-minus-wrong":
        problems.append(Problem(("scoring",), "weight", "weights belong to the rule right-minus-wrong"))
    for number, choice in enumerate(definition["choices"]):
        if "weight" not in choice or choice["correct"] != (choice["weight"] > 0):
            message = f"“{choice['id']}”: where one choice has a weight, all have: above 0 if right, 0 or below if wrong"
            problems.append(Problem(("choices", number), "weight", message))
    total = sum(choice.get("weight", 0) for choice in definition["choices"] if choice["correct"])
    if total != FULL:
        problems.append(Problem(("choices",), "weights-do-not-sum", f"the weights of the right choices sum to {total}, not {FULL}"))
    return problems


def read(definition: Definition, sent: Values) -> Response | None:
    """Return the choices that were ticked, in the author's order; None where there were none."""
    return choices.ticked(definition, sent) or None


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
    """Return what a page needs to ask."""
    return choices.shown(definition, language, order, kind="checkbox")


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return the mark by the item's scoring rule."""
    if not response:
        return unanswered(definition)
    ticked = {response} if isinstance(response, str) else set(response)
    gone = sorted(ticked - set(choices.ids(definition)))
    offered = [*definition["choices"], *({"id": key, "correct": False} for key in gone)]
    verdicts = {choice["id"]: (choice["id"] in ticked) == choice["correct"] for choice in offered}
    match definition["scoring"]:
        case "exact":
            share = Fraction(all(verdicts.values()))
        case "per-option":
            share = Fraction(sum(verdicts.values()), len(verdicts))
        case _:
            share = sum((_worth(choice, offered) for choice in offered if choice["id"] in ticked), Fraction(0))
    return mark(definition, share, {key: verdict for key, verdict in verdicts.items() if key not in gone})


def _worth(choice: dict[str, Any], offered: list[dict[str, Any]]) -> Fraction:
    if any("weight" in each for each in offered):
        return Fraction(choice.get("weight", 0), FULL)
    alike = sum(other["correct"] == choice["correct"] for other in offered)
    return Fraction(1 if choice["correct"] else -1, alike)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark."""
    return choices.explained(definition, response or [], language)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    match definition["scoring"]:
        case "exact":
            return (N_("All the points for exactly the right choices; nothing otherwise."),)
        case "per-option":
            return (
                N_("Each choice that is rightly ticked, or rightly left, brings an equal share of the points. Nothing ticked, no points."),
            )
    if any("weight" in choice for choice in definition["choices"]):
        return (N_("Each ticked choice brings its own share of the points, or takes some away; never less than nothing."),)
    return (N_("The share of the right choices that you ticked, less the share of the wrong ones; never less than nothing."),)


def right_response(definition: Definition) -> Response | None:
    """Return the right choices."""
    return choices.right_ids(definition)


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the texts of what was ticked."""
    return choices.in_words(definition, response, language)


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing: how many a guesser ticks is not known."""
    return None
