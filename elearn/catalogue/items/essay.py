"""A text that a person marks by a rubric. Pure.

The rubric has criteria, each with levels that bring points; the best levels sum to the points of the item. An answered essay is *pending*
until somebody has marked it: no points so far, neither right nor wrong. A blank one brings nothing and waits for nobody.
``min_words`` and ``max_words`` (counted as ``writing.words_in`` says) are told to who writes and to who marks; they refuse nothing, so that
nobody loses a text, or a deadline, over one word more.
"""
# ruff: noqa: RUF012 (pydantic copies a default)

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from elearn.catalogue.items import writing
from elearn.catalogue.items.item import (
    MICRO,
    N_,
    Definition,
    Explained,
    Grade,
    Problem,
    Response,
    Shown,
    Values,
    common,
    spoken,
    unanswered,
)
from elearn.catalogue.items.source import ItemSource, Key, Strict, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, INLINE, translated

TYPE = "essay"
IS_TYPED = True
WORDING: Mapping[str, str] = {"rubric.*.text": INLINE, "rubric.*.levels.*.text": INLINE, "model_answer": BLOCK}
Words = Annotated[int, Field(ge=1, le=writing.MOST_WORDS)]


class LevelSource(Strict):
    """How well a criterion is met, and what that is worth."""

    id: Key
    text: Text
    points: Annotated[int | Decimal, Field(ge=0, le=1000, multiple_of=Decimal("0.00001"))]


class CriterionSource(Strict):
    """One thing that is looked at."""

    id: Key
    text: Text
    levels: Annotated[list[LevelSource], Field(min_length=2, max_length=8)]


class Source(ItemSource):
    """What an author writes."""

    type: str
    min_words: Words | None = None
    max_words: Words | None = None
    rubric: Annotated[list[CriterionSource], Field(min_length=1, max_length=12)]
    model_answer: Text | None = None


class LevelWording(Strict):
    """A level in another language."""

    id: Key
    text: Text


class CriterionWording(Strict):
    """A criterion in another language."""

    id: Key
    text: Text
    levels: list[LevelWording] = []


class Wording(WordingSource):
    """What a translator writes."""

    rubric: list[CriterionWording] = []
    model_answer: Text | None = None


def parse(source: Source, language: str) -> Definition:
    """Return the definition."""
    definition = common(source, TYPE, language)
    definition["min_words"], definition["max_words"] = source.min_words, source.max_words
    definition["rubric"] = [
        {"id": each.id, "levels": [{"id": level.id, "points": int(level.points * MICRO)} for level in each.levels]}
        for each in source.rubric
    ]
    definition["wording"][language] |= {
        "model_answer": source.model_answer or "",
        "rubric": {
            each.id: {"text": each.text, "levels": {level.id: {"text": level.text} for level in each.levels}} for each in source.rubric
        },
    }
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with one more language."""
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = []
    least, most = definition["min_words"], definition["max_words"]
    if least and most and least > most:
        problems.append(Problem(("min_words",), "words", f"at least {least} words and at most {most} cannot both be kept"))
    seen: set[str] = set()
    for number, criterion in enumerate(definition["rubric"]):
        if criterion["id"] in seen:
            problems.append(Problem(("rubric", number, "id"), "duplicate-criterion", f"the criterion “{criterion['id']}” stands twice"))
        seen.add(criterion["id"])
        problems += _check_levels(number, criterion)
    best = sum(_best(criterion) for criterion in definition["rubric"])
    if best != definition["points"]:
        told = f"the best levels sum to {_plain(best)}, the item has {_plain(definition['points'])} points"
        problems.append(Problem(("rubric",), "rubric-does-not-sum", told))
    if not definition["wording"][definition["language"]]["model_answer"]:
        problems.append(Problem((), "no-model-answer", "there is no model_answer to help those who mark", warning=True))
    return problems


def _check_levels(number: int, criterion: Mapping[str, Any]) -> Iterator[Problem]:
    names = [level["id"] for level in criterion["levels"]]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem(("rubric", number, "levels", place, "id"), "duplicate-level", f"the level “{name}” stands twice")
    points = [level["points"] for level in criterion["levels"]]
    if points not in (sorted(set(points)), sorted(set(points), reverse=True)):
        told = f"the levels of “{criterion['id']}” go from the worst to the best or from the best to the worst, each with points of its own"
        yield Problem(("rubric", number, "levels"), "levels-out-of-order", told)


def _plain(points: int) -> str:
    return f"{Decimal(points) / MICRO:f}"


def _best(criterion: Mapping[str, Any]) -> int:
    return max(level["points"] for level in criterion["levels"])


def read(definition: Definition, sent: Values) -> Response | None:  # noqa: ARG001 (any text may be written)
    """Return what was written; None where there was nothing."""
    return writing.written(sent)


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:  # noqa: ARG001 (nothing to order)
    """Return what a page needs to ask."""
    return writing.shown(definition, language)


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return a mark that waits for a person; nothing, and waiting for nobody, where nothing was written."""
    if not response:
        return unanswered(definition)
    return Grade(0, int(definition["points"]), None, is_pending=True)


def explain(definition: Definition, response: Response | None, language: str) -> Explained:  # noqa: ARG001 (a person says it)
    """Return the author's general feedback; what the rubric says is the marker's, and the model answer for teachers only."""
    language = spoken(definition, language)
    return Explained((), definition["html"][language]["feedback"], "", (), language)


def rule(definition: Definition) -> tuple[str, ...]:  # noqa: ARG001 (the same for all)
    """Return that a person marks it."""
    return (N_("A person reads and marks it by the rubric: each criterion brings the points of the level that your text reaches."),)


def right_response(definition: Definition) -> Response | None:  # noqa: ARG001 (the same for all)
    """Return nothing: that is for a person to say."""
    return None


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:  # noqa: ARG001 (the same for all)
    """Return nothing: what was written is words."""
    return []


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing at all: a text is not guessed."""
    return Fraction(0)


@dataclass(frozen=True)
class Level:
    """A level as a page shows it."""

    id: str
    html: str
    points: int


@dataclass(frozen=True)
class Criterion:
    """A criterion as a page shows it."""

    id: str
    html: str
    levels: tuple[Level, ...]

    @property
    def best(self) -> int:
        """What the best level brings."""
        return max(level.points for level in self.levels)


def rubric_of(definition: Definition, language: str) -> tuple[Criterion, ...]:
    """Return the rubric in ``language``, in the author's order; what is not translated is in the source language."""
    source, language = definition["language"], spoken(definition, language)

    def html(criterion: str, level: str = "") -> str:
        """Return a text as it is shown: what has no wording in a language has HTML of its own there, which is the text's id."""
        found = [
            (wording["levels"][level]["text"], shown["levels"][level]["text"]) if level else (wording["text"], shown["text"])
            for wording, shown in (
                (definition["wording"][each]["rubric"][criterion], definition["html"][each]["rubric"][criterion])
                for each in (language, source)
            )
        ]
        return str(next((shown for worded, shown in found if worded), found[-1][1]))

    return tuple(
        Criterion(
            each["id"],
            html(each["id"]),
            tuple(Level(level["id"], html(each["id"], level["id"]), level["points"]) for level in each["levels"]),
        )
        for each in definition["rubric"]
    )


def missing_criteria(definition: Definition, levels: Mapping[str, str]) -> list[str]:
    """Return the criteria for which ``levels`` names no level that there is."""
    return [each["id"] for each in definition["rubric"] if levels.get(each["id"]) not in {level["id"] for level in each["levels"]}]


def points_of(definition: Definition, levels: Mapping[str, str]) -> int:
    """Return what the levels reached, by criterion, are worth together; each criterion must have one."""
    return sum(next(level["points"] for level in each["levels"] if level["id"] == levels[each["id"]]) for each in definition["rubric"])
