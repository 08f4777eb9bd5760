"""Things to be put in order, each by its position. Pure.

``per-pair``: the share of all pairs that stand in the right relative order, so that one thing out of place does not spoil the rest.
``per-position``: each thing in its right place brings an equal share. ``exact``: the right order, or nothing.
A position that two things were given is no place of either.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Literal

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
    Unreadable,
    Values,
    common,
    mark,
    ordered,
    parts_in,
    parts_of,
    spoken,
    unanswered,
)
from elearn.catalogue.items.listed import twice, verdict, without_feedback, words_of
from elearn.catalogue.items.source import ChoicesWording, ItemSource, Key, Strict, Text
from elearn.catalogue.items.wording import BLOCK, INLINE, translated

TYPE = "ordering"
IS_TYPED = False
WORDING: Mapping[str, str] = {"choices.*.text": INLINE, "choices.*.feedback": BLOCK}
Wording = ChoicesWording


class Element(Strict):
    """One thing to be put in its place."""

    id: Key
    text: Text
    feedback: Text | None = None


class Source(ItemSource):
    """What an author writes, in the right order."""

    type: str
    scoring: Literal["exact", "per-position", "per-pair"] = "per-pair"
    choices: Annotated[list[Element], Field(min_length=3, max_length=12)]


def parse(source: Source, language: str) -> Definition:
    """Return the definition; the order of its choices is the right one."""
    definition = common(source, TYPE, language)
    definition["scoring"] = source.scoring
    definition["choices"] = [{"id": choice.id} for choice in source.choices]
    definition["wording"][language]["choices"] = {c.id: {"text": c.text, "feedback": c.feedback or ""} for c in source.choices}
    return definition


def translate(definition: Definition, wording: ChoicesWording, language: str) -> list[Problem]:
    """Leave the definition with its choices in one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    return twice(definition["choices"], "choices") + without_feedback(definition, "choices")


def _right_places(definition: Definition) -> dict[str, str]:
    return {choice["id"]: str(place) for place, choice in enumerate(definition["choices"], start=1)}


def read(definition: Definition, sent: Values) -> Response | None:
    """Return the position of each choice that has one; None where none has. One position may be given twice: nothing is lost by it."""
    places = _right_places(definition)
    parts = parts_of(sent, list(places))
    for place in parts.values():
        if place not in places.values():
            raise Unreadable(N_("Question %(number)s has no position “%(place)s”."), place=place[:80])
    return parts or None


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:
    """Return what a page needs to ask: the choices in ``order``, each with all positions."""
    language = spoken(definition, language)
    html = definition["html"][language]
    places = _right_places(definition)
    positions = tuple(ShownChoice(place, place) for place in places.values())
    choices = tuple(ShownChoice(key, html["choices"][key]["text"]) for key in ordered(list(places), order))
    parts = tuple(ShownPart(choice.id, choice.html, "select", positions) for choice in choices)
    return Shown(html["prompt"], "parts", choices, tuple(html["hints"]), language, parts)


def _places(definition: Definition, response: Response | None) -> dict[str, int]:
    """Return the place of each choice that has one of its own. Choices that are gone leave no hole behind."""
    known = _right_places(definition)
    given = {key: int(place) for key, place in parts_in(response).items() if place.isascii() and place.isdecimal()}
    gone = [place for key, place in given.items() if key not in known]
    times = Counter(place for key, place in given.items() if key in known)
    return {key: place - sum(other < place for other in gone) for key, place in given.items() if key in known and times[place] == 1}


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return the mark by the item's scoring rule."""
    if not parts_in(response):
        return unanswered(definition)
    right = _right_places(definition)
    places = _places(definition, response)
    verdicts = {key: str(places.get(key)) == place for key, place in right.items()}
    pairs = [one in places and other in places and places[one] < places[other] for one, other in combinations(right, 2)]
    match definition["scoring"]:
        case "exact":
            share = Fraction(all(verdicts.values()))
        case "per-position":
            share = Fraction(sum(verdicts.values()), len(verdicts))
        case _:
            share = Fraction(sum(pairs), len(pairs))
    return mark(definition, share, verdicts)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark: the choices in the right order, each with its place."""
    language = spoken(definition, language)
    html = definition["html"][language]["choices"]
    given, verdicts = parts_in(response), grade(definition, response).verdicts
    parts = tuple(
        ExplainedPart(
            key,
            html[key]["text"],
            given.get(key, ""),
            place,
            verdict(given.get(key), right=verdicts.get(key, False)),
            html[key]["feedback"],
        )
        for key, place in _right_places(definition).items()
    )
    return Explained((), definition["html"][language]["feedback"], "", (), language, parts)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    match definition["scoring"]:
        case "exact":
            return (N_("All the points for exactly the right order; nothing otherwise."),)
        case "per-position":
            return (N_("Each line in its right place brings an equal share of the points."),)
    return (
        N_("The mark is the share of all pairs of lines that stand in the right order."),
        N_("A position that is given twice is no place of either line."),
    )


def right_response(definition: Definition) -> Response | None:
    """Return every choice with its place."""
    return _right_places(definition)


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:
    """Return the texts of what was placed, by position."""
    texts = words_of(definition, language)["choices"]
    placed = sorted(parts_in(response).items(), key=lambda pair: (len(pair[1]), pair[1]))
    return [f"{place}. {texts.get(key, {}).get('text') or key}" for key, place in placed]


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing: how somebody orders who does not know is not known."""
    return None
