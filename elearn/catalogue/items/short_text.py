"""A word or a few, typed. Pure.

Both what is accepted and what was typed are brought to Unicode's compatibility form (NFKC), trimmed, and normalised as the item says:
``case`` (upper and lower alike), ``space`` (any run of spaces is one), ``accents`` (é is e), ``punctuation`` (left out).
"""
# ruff: noqa: RUF012 (pydantic copies a default)

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from elearn.catalogue.items.item import (
    N_,
    Definition,
    Explained,
    Grade,
    Problem,
    Response,
    Shown,
    Values,
    common,
    mark,
    one_text,
    spoken,
    unanswered,
)
from elearn.catalogue.items.source import ItemSource, Strict, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, translated

TYPE = "short-text"
IS_TYPED = True
WORDING: Mapping[str, str] = {"anticipated.*.feedback": BLOCK}
LONGEST = 500
Difference = Literal["case", "space", "accents", "punctuation"]
Answer = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S")]


DIFFERENCES = {
    "case": N_("Capital letters do not matter."),
    "space": N_("Extra spaces do not matter."),
    "accents": N_("Accents do not matter."),
    "punctuation": N_("Punctuation does not matter."),
}


class Anticipated(Strict):
    """A wrong answer that is often given."""

    text: Answer
    feedback: Text


class Source(ItemSource):
    """What an author writes."""

    type: str
    accept: Annotated[list[Answer], Field(min_length=1)]
    normalise: list[Difference] = ["case", "space"]
    anticipated: list[Anticipated] = []


class Wording(WordingSource):
    """What a translator writes; ``accept`` is added to what is accepted."""

    accept: list[Answer] = []


def normalised(text: str, rules: Collection[str]) -> str:
    """Return ``text`` without the differences that do not matter; doing so again changes nothing."""
    before = None
    while text != before:
        before = text
        text = _once(text, rules)
    return text


def _once(text: str, rules: Collection[str]) -> str:
    text = unicodedata.normalize("NFKC", text)
    if "case" in rules:
        text = unicodedata.normalize("NFKC", text.casefold())
    if "accents" in rules:
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
        text = unicodedata.normalize("NFKC", bare)
    if "punctuation" in rules:
        text = "".join(c for c in text if not unicodedata.category(c).startswith("P"))
    if "space" in rules:
        text = re.sub(r"\s+", " ", text)
    return text.strip()


def parse(source: Source, language: str) -> Definition:
    """Return the definition."""
    definition = common(source, TYPE, language)
    definition["accept"] = {language: list(source.accept)}
    definition["normalise"] = sorted(set(source.normalise))
    definition["wording"][language]["anticipated"] = [known.model_dump() for known in source.anticipated]
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with one more language, and its answers."""
    if wording.accept:
        definition["accept"][language] = list(wording.accept)
    return translated(definition, wording, language)


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = []
    accepted = _accepted(definition)
    if "" in accepted:
        problems.append(Problem(("accept",), "empty-answer", "after normalisation nothing is left of an accepted answer"))
    for number, known in enumerate(definition["wording"][definition["language"]]["anticipated"]):
        if normalised(known["text"], definition["normalise"]) in accepted:
            message = f"“{known['text']}” is accepted as right and cannot be anticipated as wrong"
            problems.append(Problem(("anticipated", number), "anticipated-is-accepted", message))
    return problems


def _accepted(definition: Definition) -> set[str]:
    # An answer in any language of the item is right, whichever language the page is read in.
    return {normalised(text, definition["normalise"]) for texts in definition["accept"].values() for text in texts}


def read(definition: Definition, sent: Values) -> Response | None:  # noqa: ARG001 (any text may be typed)
    """Return what was typed; None where there was nothing."""
    return one_text(sent, LONGEST) or None


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:  # noqa: ARG001 (nothing to order)
    """Return what a page needs to ask."""
    language = spoken(definition, language)
    html = definition["html"][language]
    return Shown(html["prompt"], "text", (), tuple(html["hints"]), language)


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return all or nothing."""
    if not response:
        return unanswered(definition)
    return mark(definition, Fraction(normalised(str(response), definition["normalise"]) in _accepted(definition)))


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark; a wrong answer that was foreseen gets its own feedback."""
    language = spoken(definition, language)
    html = definition["html"][language]
    typed = normalised(response if isinstance(response, str) else "", definition["normalise"])
    known = html["anticipated"] or definition["html"][definition["language"]]["anticipated"]
    foreseen = [each["feedback"] for each in known if typed and normalised(each["text"], definition["normalise"]) == typed]
    accepted = definition["accept"].get(language) or definition["accept"][definition["language"]]
    return Explained((), html["feedback"], foreseen[0] if foreseen else "", tuple(accepted), language)


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about, and what does not matter."""
    ignored = [words for name, words in DIFFERENCES.items() if name in definition["normalise"]]
    return (N_("Any of the accepted answers brings all the points."), *(ignored or [N_("Every character matters.")]))


def right_response(definition: Definition) -> Response | None:
    """Return the first of the accepted answers."""
    return str(definition["accept"][definition["language"]][0])


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:  # noqa: ARG001 (the same for all)
    """Return nothing: what was typed is words."""
    return []


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing at all: a text is not guessed."""
    return Fraction(0)
