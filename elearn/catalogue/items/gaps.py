"""The gaps of a cloze, of each kind: what an author writes, what may be filled in, and what is right. Pure."""
# ruff: noqa: RUF012 (pydantic copies a default)

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from elearn.catalogue.items.item import N_, Definition, Problem, Unreadable, choice_of, short_enough
from elearn.catalogue.items.listed import twice
from elearn.catalogue.items.numbers import (
    LONGEST as LONGEST_NUMBER,
)
from elearn.catalogue.items.numbers import (
    Distance,
    NotANumber,
    Number,
    Unit,
    accepted,
    accepted_words,
    check_facts,
    facts_of,
    one_number,
    read_number,
)
from elearn.catalogue.items.short_text import Answer, Difference, normalised
from elearn.catalogue.items.source import ChoiceWording, Key, Strict, Text

LONGEST = 200
Weight = Annotated[int, Field(ge=1, le=100)]


class Gap(Strict):
    """What gaps of all kinds have in common."""

    id: Key
    weight: Weight = 1
    feedback: Text | None = None

    def facts(self, language: str) -> dict[str, Any]:  # noqa: ARG002 (for the kinds that have one)
        """Return what the definition keeps of the gap."""
        return {"id": self.id, "weight": self.weight}

    def wording(self) -> dict[str, Any]:
        """Return what of it can be translated."""
        return {"feedback": self.feedback or ""}


class TextGap(Gap):
    """A word or a few."""

    kind: Literal["text"]
    accept: Annotated[list[Answer], Field(min_length=1)]
    normalise: list[Difference] = ["case", "space"]

    def facts(self, language: str) -> dict[str, Any]:
        """Return what the definition keeps of the gap."""
        return super().facts(language) | {"kind": "text", "accept": {language: list(self.accept)}, "normalise": sorted(set(self.normalise))}


class GapChoice(Strict):
    """What a gap offers; pages show it as plain text."""

    id: Key
    text: Text
    correct: bool = False


class ChoiceGap(Gap):
    """One choice out of several."""

    kind: Literal["choice"]
    choices: Annotated[list[GapChoice], Field(min_length=2, max_length=10)]

    def facts(self, language: str) -> dict[str, Any]:
        """Return what the definition keeps of the gap."""
        return super().facts(language) | {"kind": "choice", "choices": [{"id": c.id, "correct": c.correct} for c in self.choices]}

    def wording(self) -> dict[str, Any]:
        """Return what of it can be translated."""
        return super().wording() | {"choices": {choice.id: {"text": choice.text} for choice in self.choices}}


class NumericGap(Gap):
    """A number."""

    kind: Literal["numeric"]
    value: Number | None = None
    tolerance: Distance = 0
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    unit: Unit | None = None

    def facts(self, language: str) -> dict[str, Any]:
        """Return what the definition keeps of the gap."""
        return super().facts(language) | {"kind": "numeric"} | facts_of(self.value, self.tolerance, self.range)

    def wording(self) -> dict[str, Any]:
        """Return what of it can be translated."""
        return super().wording() | ({"unit": self.unit} if self.unit else {})


class GapWording(Strict):
    """A gap in another language; ``accept`` is added to what is accepted."""

    id: Key
    feedback: Text | None = None
    choices: list[ChoiceWording] = []
    accept: list[Answer] = []
    unit: Unit | None = None


def check(gap: Definition, where: tuple[str | int, ...]) -> list[Problem]:
    """Return what keeps a gap from being fair."""
    if gap["kind"] == "numeric":
        return check_facts(gap, where)
    if gap["kind"] == "text":
        return [] if "" not in _accepted(gap) else [Problem((*where, "accept"), "empty-answer", "nothing is left of an accepted answer")]
    problems = [Problem((*where, *each.where), each.code, each.message) for each in twice(gap["choices"], "choices")]
    right = sum(choice["correct"] for choice in gap["choices"])
    if right != 1:
        code = "two-right-answers" if right else "no-right-answer"
        problems.append(Problem((*where, "choices"), code, f"one choice of the gap “{gap['id']}” is right, not {right or 'none'}"))
    return problems


def _accepted(gap: Definition) -> set[str]:
    return {normalised(text, gap["normalise"]) for texts in gap["accept"].values() for text in texts}


def units(definition: Definition, key: str) -> Sequence[str]:
    """Return how the unit of a gap is called in the languages of the item; the source's stands first."""
    wording = definition["wording"]
    worded = [wording[definition["language"]], *wording.values()]
    return list(dict.fromkeys(w["gaps"][key]["unit"] for w in worded if w["gaps"].get(key, {}).get("unit")))


def read(gap: Definition, units: Sequence[str], value: str, place: int) -> str:
    """Return what was filled into a gap, the ``place``-th of its text; refuse what it cannot be."""
    if gap["kind"] == "choice":
        return choice_of(value, [choice["id"] for choice in gap["choices"]])
    text = short_enough(value, LONGEST if gap["kind"] == "text" else LONGEST_NUMBER)
    if gap["kind"] == "numeric" and text:
        try:
            read_number(text, units)
        except NotANumber:
            if units:
                raise Unreadable(IN_UNIT, gap=place, unit=units[0]) from None
            raise Unreadable(NO_NUMBER, gap=place) from None
    return text


NO_NUMBER = N_("Gap %(gap)s of question %(number)s asks for a number. Please write it in digits, such as 1200 or 12.5, and nothing else.")
IN_UNIT = N_(
    "Gap %(gap)s of question %(number)s asks for a number in %(unit)s. Please write it in digits, such as 1200 or 12.5, and no other unit."
)


def is_right(gap: Definition, units: Sequence[str], value: str) -> bool:
    """Return whether what was filled in is right; nothing is not."""
    if not value:
        return False
    match gap["kind"]:
        case "choice":
            return any(choice["id"] == value and choice["correct"] for choice in gap["choices"])
        case "numeric":
            return accepted(gap, units).takes(value)
    return normalised(value, gap["normalise"]) in _accepted(gap)


def right_words(gap: Definition, language: str, source: str, unit: str) -> str:
    """Return what is right: the id of a choice, or what may be typed."""
    match gap["kind"]:
        case "choice":
            return right_text(gap, source)
        case "numeric":
            return accepted_words(gap, unit)
    return " · ".join(gap["accept"].get(language) or gap["accept"][source])


def right_text(gap: Definition, language: str) -> str:
    """Return something that is right."""
    match gap["kind"]:
        case "choice":
            return next(str(choice["id"]) for choice in gap["choices"] if choice["correct"])
        case "numeric":
            return one_number(gap)
    return str(gap["accept"][language][0])
