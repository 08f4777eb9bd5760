"""A number, typed as people type it, that may be off by a tolerance or lie within a range; both ends are included. Pure."""
# ruff: noqa: RUF012 (pydantic copies a default)

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from elearn.catalogue.items.item import (
    N_,
    Definition,
    Explained,
    Grade,
    Problem,
    Response,
    Shown,
    Unreadable,
    Values,
    common,
    mark,
    one_text,
    spoken,
    unanswered,
)
from elearn.catalogue.items.numbers import (
    LONGEST,
    Distance,
    NotANumber,
    Number,
    Unit,
    accepted,
    accepted_words,
    check_facts,
    facts_of,
    needs_digits_only,
    one_number,
    read_number,
    readings,
    text_of,
)
from elearn.catalogue.items.source import ItemSource, Strict, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, translated

TYPE = "numeric"
IS_TYPED = True
WORDING: Mapping[str, str] = {"anticipated.*.feedback": BLOCK}

NO_NUMBER = N_("Question %(number)s asks for a number. Please write it in digits, such as 1200 or 12.5, and nothing else.")
IN_UNIT = N_("Question %(number)s asks for a number in %(unit)s. Please write it in digits, such as 1200 or 12.5, and no other unit.")


class Anticipated(Strict):
    """A wrong number that is often given."""

    value: Number
    tolerance: Distance = 0
    feedback: Text


class Source(ItemSource):
    """What an author writes."""

    type: str
    value: Number | None = None
    tolerance: Distance = 0
    range: Annotated[list[Number], Field(min_length=2, max_length=2)] | None = None
    unit: Unit | None = None
    anticipated: list[Anticipated] = []


class Wording(WordingSource):
    """What a translator writes; without a unit of its own the language has the source's."""

    unit: Unit | None = None


def parse(source: Source, language: str) -> Definition:
    """Return the definition; its numbers are texts, which are exact."""
    definition = common(source, TYPE, language) | facts_of(source.value, source.tolerance, source.range)
    definition["wording"][language] |= {
        "unit": source.unit or "",
        "anticipated": [facts_of(known.value, known.tolerance, None) | {"feedback": known.feedback} for known in source.anticipated],
    }
    return definition


def translate(definition: Definition, wording: Wording, language: str) -> list[Problem]:
    """Leave the definition with one more language; a unit may be called otherwise there."""
    problems = translated(definition, wording, language)
    definition["wording"][language]["unit"] = wording.unit or definition["wording"][definition["language"]]["unit"]
    return problems


def check(definition: Definition) -> list[Problem]:
    """Return what keeps the item from being a fair question."""
    problems = check_facts(definition)
    if problems:
        return problems
    right = accepted(definition)
    for number, known in enumerate(definition["wording"][definition["language"]]["anticipated"]):
        if right.low <= Fraction(known["value"]) <= right.high:
            message = f"{known['value']} is accepted as right and cannot be anticipated as wrong"
            problems.append(Problem(("anticipated", number), "anticipated-is-accepted", message))
    return problems


def _units(definition: Definition) -> tuple[str, ...]:
    # A unit in any language of the item may stand behind the number, whichever language the page is read in.
    return tuple(sorted({words["unit"] for words in definition["wording"].values() if words.get("unit")}))


def read(definition: Definition, sent: Values) -> Response | None:
    """Return what was typed, as it was typed; None where there was nothing. Refuse what is no number, or has another unit."""
    typed = one_text(sent, LONGEST)
    if not typed:
        return None
    units = _units(definition)
    try:
        read_number(typed, units)
    except NotANumber:
        if units:
            raise Unreadable(IN_UNIT, unit=definition["wording"][definition["language"]]["unit"] or units[0]) from None
        raise Unreadable(NO_NUMBER) from None
    return typed


def show(definition: Definition, language: str, order: Sequence[str] | None = None) -> Shown:  # noqa: ARG001 (nothing to order)
    """Return what a page needs to ask."""
    language = spoken(definition, language)
    html = definition["html"][language]
    return Shown(html["prompt"], "text", (), tuple(html["hints"]), language, unit=html["unit"], is_number=needs_digits_only(definition))


def grade(definition: Definition, response: Response | None) -> Grade:
    """Return all or nothing."""
    if not response:
        return unanswered(definition)
    return mark(definition, Fraction(isinstance(response, str) and accepted(definition, _units(definition)).takes(response)))


def explain(definition: Definition, response: Response | None, language: str) -> Explained:
    """Return what a page needs to explain the mark: as which number it was read; a wrong one that was foreseen gets its own feedback."""
    language = spoken(definition, language)
    html = definition["html"][language]
    words = accepted_words(definition, html["unit"])
    try:
        numbers = readings(response if isinstance(response, str) else "", _units(definition))
    except NotANumber:
        return Explained((), html["feedback"], "", (words,), language)
    right = accepted(definition)
    known = html["anticipated"] or definition["html"][definition["language"]]["anticipated"]
    if counted := [number for number in numbers if right.holds(number)]:
        return Explained((), html["feedback"], "", (words,), language, read_as=text_of(counted[0]))
    foreseen = [(each["feedback"], number) for number in numbers for each in known if accepted(each).holds(number)]
    answer, number = foreseen[0] if foreseen else ("", numbers[0])
    return Explained((), html["feedback"], answer, (words,), language, read_as=text_of(number))


def rule(definition: Definition) -> tuple[str, ...]:
    """Return how the mark comes about."""
    if "range" in definition:
        first = N_("A number within the accepted range brings all the points; its ends belong to it.")
    elif Fraction(definition["tolerance"]):
        first = N_("A number that is not further off than stated brings all the points.")
    else:
        first = N_("Exactly the right number brings all the points.")
    return (first, N_("It may be written with a comma or a dot."))


def right_response(definition: Definition) -> Response | None:
    """Return a number that is accepted."""
    return one_number(definition)


def in_words(definition: Definition, response: Response | None, language: str) -> list[str]:  # noqa: ARG001 (the same for all)
    """Return nothing: what was typed stands for itself."""
    return []


def guess(definition: Definition) -> Fraction | None:  # noqa: ARG001 (the same for all)
    """Return nothing at all: a number is not guessed."""
    return Fraction(0)
