"""Numbers as people type them, read exactly; and which of them an item accepts. Pure.

Digits of any script. One separator alone is the decimal one, be it a comma, a dot or the Arabic ``٫``. Where several stand, the last kind
is, if it stands once; the others set groups apart, as spaces and apostrophes always do. The item's unit may stand behind the number.

One comma or dot before three digits may also set a group apart: 15,000 is fifteen to some and fifteen thousand to others. Whoever types it
is not to lose by it: such a number is right if either reading is.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from elearn.catalogue.items.item import Problem

LONGEST = 50
LARGEST_EXPONENT = 99
LARGEST = 10**18
#: From so many letters on a unit is a word, in which capitals say nothing; a symbol is what it is (mW is not MW).
WORD = 4

Number = Annotated[int | Decimal, Field(ge=-LARGEST, le=LARGEST)]
Distance = Annotated[int | Decimal, Field(ge=0, le=LARGEST)]
Unit = Annotated[str, StringConstraints(min_length=1, max_length=30, pattern=r"^[^\s\d].*$")]

_MINUS = "-−–—‐‑‒﹣－⁻"
_SAME = str.maketrans(
    {
        **dict.fromkeys(_MINUS, "-"),
        **dict.fromkeys("'’‘ʼ´`＇", "'"),
        **dict.fromkeys("،，", ","),
        "．": ".",
        "＋": "+",
        "٪": "%",
        "Ｅ": "e",
        "ｅ": "e",
    }
)
_SHAPE = re.compile(r"(?P<sign>[+-]?) ?(?P<number>[0-9.,٫٬' ]*[0-9][0-9.,٫٬' ]*?)(?: ?[eE](?P<exponent>[+-]?[0-9]{1,4}))?")
_EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
#: 1,234,567; and 12,34,567 as one writes in India.
_GROUPS = re.compile(r"[0-9]{1,3}(?:(?P<by>[,.٬' ])[0-9]{2,3}(?:(?P=by)[0-9]{2,3})*(?<=[,.٬' ][0-9]{3}))?")


class NotANumber(ValueError):
    """What was typed is no number, or a number of something else."""


def read_number(typed: str, units: Collection[str] = ()) -> Decimal:
    """Return the number that ``typed`` says, exactly; raise NotANumber where it says none, or another unit than one of ``units``."""
    return readings(typed, units)[0]


def readings(typed: str, units: Collection[str] = ()) -> tuple[Decimal, ...]:
    """Return the number that ``typed`` says, and behind it the other one that it may say."""
    if len(typed) > LONGEST:
        raise NotANumber
    # Marks of direction, which copying carries along, are not seen by whoever types.
    text = "".join(_plain(letter) for letter in typed if unicodedata.category(letter) != "Cf")
    text = " ".join(_without_unit(text.strip(), units).split()).translate(_SAME)
    found = _SHAPE.fullmatch(text)
    exponent = int(found["exponent"] or 0) if found else 0
    if not found or abs(exponent) > LARGEST_EXPONENT:
        raise NotANumber
    sign, (whole, fraction) = found["sign"], _parted(found["number"])
    first = _made(sign, whole + fraction, exponent - len(fraction))
    return (first, _made(sign, whole + fraction, exponent)) if _EITHER.fullmatch(found["number"]) else (first,)


def _made(sign: str, digits: str, exponent: int) -> Decimal:
    numbers = tuple(map(int, digits))
    return Decimal((1 if sign == "-" and any(numbers) else 0, numbers, exponent))


def _plain(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _without_unit(text: str, units: Collection[str]) -> str:
    known = {_same_unit(unit) for unit in units if unit}
    for start in range(len(text)):
        if _same_unit(text[start:]) in known:
            return text[:start].rstrip()
    return text


def _same_unit(unit: str) -> str:
    same = " ".join(unicodedata.normalize("NFKC", unit.translate(_SAME)).split())
    return same.casefold() if sum(letter.isalpha() for letter in same) >= WORD else same


def _parted(number: str) -> tuple[str, str]:
    """Return the digits before and behind the decimal separator."""
    point = _decimal_separator(number)
    whole, _, fraction = number.rpartition(point) if point else (number, "", "")
    if (fraction and not fraction.isdigit()) or not (not whole or whole.isdigit() or _GROUPS.fullmatch(whole)):
        raise NotANumber
    return re.sub(r"[^0-9]", "", whole), fraction


def _decimal_separator(number: str) -> str:
    if "٫" in number:
        return "٫"
    last = max(number.rfind("."), number.rfind(","))
    if last < 0 or number.count(number[last]) > 1:
        return ""
    return number[last]


@dataclass(frozen=True)
class Accepted:
    """The numbers from ``low`` to ``high``, both included, of something that is measured in any of ``units``."""

    low: Fraction
    high: Fraction
    units: tuple[str, ...] = ()

    def takes(self, typed: str) -> bool:
        """Return whether ``typed`` is one of them; what cannot be read is not."""
        try:
            return any(self.holds(number) for number in readings(typed, self.units))
        except NotANumber:
            return False

    def holds(self, number: Decimal) -> bool:
        """Return whether ``number`` is one of them."""
        return self.low <= Fraction(number) <= self.high


def accepted(facts: Mapping[str, Any], units: Iterable[str] = ()) -> Accepted:
    """Return what an item, a gap or an anticipated answer takes: what lies within its range, or not further than allowed from its value."""
    if "range" in facts:
        low, high = (Fraction(end) for end in facts["range"])
        return Accepted(low, high, tuple(units))
    value, tolerance = Fraction(facts["value"]), Fraction(facts.get("tolerance", "0"))
    return Accepted(value - tolerance, value + tolerance, tuple(units))


def needs_digits_only(facts: Mapping[str, Any]) -> bool:
    """Return whether what is right can be typed without a minus: many keyboards for numbers have none."""
    return Fraction(facts["range"][0] if "range" in facts else facts["value"]) >= 0


def facts_of(value: int | Decimal | None, tolerance: int | Decimal, range_: Iterable[int | Decimal] | None) -> dict[str, Any]:
    """Return what an author wrote of a number as a definition keeps it: as texts, which are exact."""
    facts: dict[str, Any] = {}
    if value is not None:
        facts["value"] = text_of(Decimal(value))
    if value is not None or tolerance:
        facts["tolerance"] = text_of(Decimal(tolerance))
    if range_ is not None:
        facts["range"] = [text_of(Decimal(end)) for end in range_]
    return facts


def check_facts(facts: Mapping[str, Any], where: tuple[str | int, ...] = ()) -> list[Problem]:
    """Return what keeps the numbers of an item or a gap from making sense."""
    if ("value" in facts) == ("range" in facts):
        return [Problem(where, "value-or-range", "write either the value (with its tolerance) or the range [from, to]")]
    if "range" in facts and "tolerance" in facts:
        return [Problem((*where, "tolerance"), "value-or-range", "a tolerance belongs to a value; a range says itself how far it goes")]
    if accepted(facts).low > accepted(facts).high:
        return [Problem((*where, "range"), "range", "a range is written from the smaller to the larger number")]
    return []


def text_of(number: Decimal) -> str:
    """Return a number as one writes it, with a dot; a very long one with an exponent."""
    plain = format(number, "f")
    return plain if len(plain) <= LONGEST // 2 else format(number, "E").replace("E+", "e").replace("E", "e")


def accepted_words(facts: Mapping[str, Any], unit: str) -> str:
    """Return which numbers are accepted, as one writes it down."""
    if "range" in facts:
        numbers = " – ".join(facts["range"])
    else:
        numbers = facts["value"] + ("" if Fraction(facts["tolerance"]) == 0 else f" ± {facts['tolerance']}")
    return f"{numbers} {unit}".strip()


def one_number(facts: Mapping[str, Any]) -> str:
    """Return a number that is accepted."""
    return str(facts["range"][0] if "range" in facts else facts["value"])
