"""Prompts, each matched with one of the choices; several may match the same choice, and some choices none. Pure.

``per-pair``: each prompt that is matched rightly brings an equal share. ``exact``: all of them, or nothing.
"""
# ruff: noqa: RUF012 (pydantic copies a default)

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from elearn.catalogue.items.item import (
    N_,
    Definition,
    Explained,
    ExplainedPart,
    Grade,
    Problem,
    Response,
    Shown,
    ShownChoice,
    ShownPart,
    Values,
    choice_of,
    common,
    mark,
    ordered,
    parts_in,
    parts_of,
    spoken,
    unanswered,
)
from elearn.catalogue.items.listed import twice, verdict, without_feedback, words_of
from elearn.catalogue.items.source import ChoicesWording, ChoiceWording, ItemSource, Key, Strict, Text
from elearn.catalogue.items.wording import BLOCK, INLINE, translated

TYPE = "matching"
IS_TYPED = False
WORDING: Mapping[str, str] = {"prompts.*.text": INLINE, "prompts.*.feedback": BLOCK, "choices.*.text": INLINE}


class Prompt(Strict):
    """What is to be matched."""

    id: Key
    text: Text
    match: Key
    feedback: Text | None = None


class Match(Strict):
    """What it may be matched with; pages show it as plain text."""

    id: Key
    text: Text


class Source(ItemSource):
    """What an author writes."""

    type: str
    scoring: Literal["per-pair", "exact"] = "per-pair"
    prompts: Annotated[list[Prompt], Field(min_length=2, max_length=20)]
    choices: Annotated[list[Match], Field(min_length=2, max_length=20)]


class Wording(ChoicesWording):
    """What a translator writes."""

    prompts: list[ChoiceWording] = []


def parse(source: Source, language: str) -> Definition:
    """Return the definition, prompts and choices in the author's order."""
    definition = common(source, TYPE, language)
    definition["scoring"] = source.scoring
    definition["prompts"] = [{"id": prompt.id, "match": prompt.match} for prompt in source.prompts]
    definition["choices"] = [{"id": choice.id} for choice in source.choices]
    definition["wording"][language] |= {
        "prompts": {prompt.id: {"text": prompt.text, "feedback": prompt.feedback or ""} for prompt in source.prompts},
        "choices": {choice.id: {"text": choice.text} for choice in source.choices},
    }
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with its prompts and choices in one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    known = _choices(definition)
    unknown = [
        Problem(("prompts", number, "match"), "unknown-choice", f"“{prompt['id']}” matches “{prompt['match']}”, which is no choice")
        for number, prompt in enumerate(definition["prompts"])
        if prompt["match"] not in known
    ]
    return (
        twice(definition["prompts"], "prompts")
        + twice(definition["choices"], "choices")
        + unknown
        + without_feedback(definition, "prompts")
    )


def _choices(definition: Definition) -> list[str]:
    return [choice["id"] for choice in definition["choices"]]


def _matches(definition: Definition) -> dict[str, str]:
    return {prompt["id"]: prompt["match"] for prompt in definition["prompts"]}


def read(definition: Definition, sent: Values) -> Response | None:
    """Return what each prompt was matched with; None where none was."""
    known = _choices(definition)
    parts = parts_of(sent, list(_matches(definition)))
    return {part: choice_of(choice, known) for part, choice in parts.items()} or None


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
    """Return what a page needs to ask: the prompts in the author's order, each with all choices in ``order``."""
    language = spoken(definition, language)
    html = definition["html"][language]
    choices = tuple(ShownChoice(key, html["choices"][key]["text"]) for key in ordered(_choices(definition), order))
    parts = tuple(ShownPart(key, html["prompts"][key]["text"], "select", choices) for key in _matches(definition))
    return Shown(html["prompt"], "parts", choices, tuple(html["hints"]), language, parts)


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return the mark by the item's scoring rule."""
    given = parts_in(response)
    if not given:
        return unanswered(definition)
    verdicts = {prompt: given.get(prompt) == match for prompt, match in _matches(definition).items()}
    share = Fraction(sum(verdicts.values()), len(verdicts))
    return mark(definition, share if definition["scoring"] == "per-pair" else Fraction(share == 1), verdicts)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark: each prompt with what it matches."""
    language = spoken(definition, language)
    html = definition["html"][language]
    given = parts_in(response)
    parts = tuple(
        ExplainedPart(
            key,
            html["prompts"][key]["text"],
            given.get(key, ""),
            match,
            verdict(given.get(key), right=given.get(key) == match),
            html["prompts"][key]["feedback"],
        )
        for key, match in _matches(definition).items()
    )
    return Explained((), html["feedback"], "", (), language, parts)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    if definition["scoring"] == "per-pair":
        return (N_("Each line that is matched rightly brings an equal share of the points."),)
    return (N_("All the points if every line is matched rightly; nothing otherwise."),)


def right_response(definition: Definition) -> Response | None:
    """Return every prompt with what it matches."""
    return _matches(definition)


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the texts of what was matched."""
    words: dict[str, Any] = words_of(definition, language)
    return [
        f"{words['prompts'].get(prompt, {}).get('text') or prompt}: {words['choices'].get(choice, {}).get('text') or choice}"
        for prompt, choice in parts_in(response).items()
    ]


def guess(definition: Definition) -> Fraction | None:
    """Return what one choice out of all brings for each prompt."""
    return Fraction(1, len(definition["choices"]))
