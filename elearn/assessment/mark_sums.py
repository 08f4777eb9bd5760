"""Sums of marks, from which every figure of quiz and item statistics is computed (pure).

They are whole numbers, take one attempt at a time, can be added to each other in any order, and are kept as JSON: so that no page ever
reads attempts, and a figure over many classes is exactly what one count over all of them would give. Points are in 1/100,000.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]
#: What became of an answer, by the names that ``scoring.name_of_mark`` gives.
STATES = ("right", "partly", "wrong", "blank")


class Marked(NamedTuple):
    """An item that an attempt met: what it was given, and what was answered. Millions are made, and a tuple is made fastest."""

    item_revision_id: int
    #: The place of the quiz that it filled: the item's own, or where items are drawn the rule's.
    place: str
    points: int
    max_points: int
    #: right, partly, wrong or blank.
    state: str
    #: The ids of the choices that were taken, where it has choices.
    chosen: Sequence[str] = ()


@dataclass(slots=True)
class PlaceSums:
    """The marks x in one place of the quiz."""

    x: int = 0
    xx: int = 0
    maximum: int = 0

    def add(self, points: int, max_points: int) -> None:
        """Take one mark."""
        self.x += points
        self.xx += points * points
        self.maximum += max_points

    def merge(self, other: "PlaceSums") -> None:
        """Take all that ``other`` took."""
        self.x += other.x
        self.xx += other.xx
        self.maximum += other.maximum


@dataclass(slots=True)
class ItemSums:
    """The marks x on one item revision, over the attempts that met it, with their totals T and the rest X = T - x."""

    attempts: int = 0
    maximum: int = 0
    x: int = 0
    xx: int = 0
    x_total: int = 0
    total: int = 0
    total_squared: int = 0
    #: How often each mark was given, and how often each rest stood beside it.
    marks: dict[int, int] = field(default_factory=dict)
    rests: dict[int, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    choices: dict[str, int] = field(default_factory=dict)

    def add(self, marked: Marked, total: int) -> None:
        """Take the mark of one attempt that came to ``total``."""
        x = marked.points
        self.attempts += 1
        self.maximum += marked.max_points
        self.x += x
        self.xx += x * x
        self.x_total += x * total
        self.total += total
        self.total_squared += total * total
        self.marks[x] = self.marks.get(x, 0) + 1
        self.rests[total - x] = self.rests.get(total - x, 0) + 1
        self.states[marked.state] = self.states.get(marked.state, 0) + 1
        for choice in marked.chosen:
            self.choices[choice] = self.choices.get(choice, 0) + 1

    def merge(self, other: "ItemSums") -> None:
        """Take all that ``other`` took."""
        for name in _ITEM_NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _ITEM_COUNTS:
            _merge_counts(getattr(self, name), getattr(other, name))


_ITEM_NUMBERS = ("attempts", "maximum", "x", "xx", "x_total", "total", "total_squared")
_ITEM_COUNTS = ("marks", "rests", "states", "choices")


@dataclass(slots=True)
class QuizSums:
    """The marks of attempts at one quiz."""

    attempts: int = 0
    maximum: int = 0
    #: Sums of T, T², T³ and T⁴.
    powers: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    totals: dict[int, int] = field(default_factory=dict)
    places: dict[str, PlaceSums] = field(default_factory=dict)
    items: dict[int, ItemSums] = field(default_factory=dict)

    def add(self, marks: Sequence[Marked]) -> None:
        """Take one attempt: every item that it met, those without an answer too."""
        total = sum(marked.points for marked in marks)
        self.attempts += 1
        self.maximum += sum(marked.max_points for marked in marks)
        self._take_powers(total)
        self.totals[total] = self.totals.get(total, 0) + 1
        for marked in marks:
            item = self.items.get(marked.item_revision_id)
            if item is None:
                item = self.items[marked.item_revision_id] = ItemSums()
            item.add(marked, total)
            place = self.places.get(marked.place)
            if place is None:
                place = self.places[marked.place] = PlaceSums()
            place.add(marked.points, marked.max_points)

    def _take_powers(self, total: int) -> None:
        power = 1
        for index in range(4):
            power *= total
            self.powers[index] += power

    def merge(self, other: "QuizSums") -> None:
        """Take all that ``other`` took."""
        self.attempts += other.attempts
        self.maximum += other.maximum
        self.powers = [mine + theirs for mine, theirs in zip(self.powers, other.powers, strict=True)]
        _merge_counts(self.totals, other.totals)
        for place, sums in other.places.items():
            self.places.setdefault(place, PlaceSums()).merge(sums)
        for item, item_sums in other.items.items():
            self.items.setdefault(item, ItemSums()).merge(item_sums)

    def as_json(self) -> Json:
        """Return what ``from_json`` makes the same sums of."""
        return {
            "attempts": self.attempts,
            "maximum": self.maximum,
            # As text: JSON of some databases has no number as long as ΣT⁴.
            "powers": [str(power) for power in self.powers],
            "totals": _counts_as_json(self.totals),
            "places": {place: [sums.x, str(sums.xx), sums.maximum] for place, sums in sorted(self.places.items())},
            "items": {str(item): _item_as_json(sums) for item, sums in sorted(self.items.items())},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "QuizSums":
        """Return the sums that were kept."""
        return cls(
            kept["attempts"],
            kept["maximum"],
            [int(power) for power in kept["powers"]],
            _counts_of_numbers(kept["totals"]),
            {place: PlaceSums(x, int(xx), maximum) for place, (x, xx, maximum) in kept["places"].items()},
            {int(item): _item_of_json(sums) for item, sums in kept["items"].items()},
        )


def merged(many: Iterable[QuizSums]) -> QuizSums:
    """Return the sums of all of them, whose own stay as they are."""
    whole = QuizSums()
    for sums in many:
        whole.merge(sums)
    return whole


def _merge_counts(mine: dict[Any, int], theirs: Mapping[Any, int]) -> None:
    for key, count in theirs.items():
        mine[key] = mine.get(key, 0) + count


def _item_as_json(sums: ItemSums) -> Json:
    numbers = {name: str(getattr(sums, name)) for name in _ITEM_NUMBERS}
    return numbers | {name: _counts_as_json(getattr(sums, name)) for name in _ITEM_COUNTS}


def _item_of_json(kept: Mapping[str, Any]) -> ItemSums:
    numbers: Json = {name: int(kept[name]) for name in _ITEM_NUMBERS}
    counts: Json = {name: _counts_of_numbers(kept[name]) for name in ("marks", "rests")}
    return ItemSums(**numbers, **counts, states=kept["states"], choices=kept["choices"])


def _counts_as_json(counts: Mapping[Any, int]) -> dict[str, int]:
    return {str(key): counts[key] for key in sorted(counts)}


def _counts_of_numbers(kept: Mapping[str, int]) -> dict[int, int]:
    return {int(key): count for key, count in kept.items()}


def places_of(met: Sequence[tuple[int, Sequence[str]]], rules: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Return the place of the quiz that each item of an attempt filled; ``met`` are its items in order, with their tags.

    Without rules everybody meets the same items, and each is its own place. Where items are drawn, the places are the rules': two of
    a tag are two places, filled in the order in which the attempt asked.
    """
    if not rules:
        return {item: str(item) for item, _tags in met}
    tags = [str(rule["tag"]) for rule in rules for _number in range(rule["count"])]
    free = [(tag, f"{tag}-{tags[:index].count(tag) + 1}") for index, tag in enumerate(tags)]
    places: dict[int, str] = {}
    for item, own in met:
        # An item with several tags may leave another one's place to it: then it takes the first that is left.
        index = next((index for index, (tag, _place) in enumerate(free) if tag in own), 0)
        places[item] = free.pop(index)[1] if free else f"more-{item}"
    return places
