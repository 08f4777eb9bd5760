"""The counting rule, version 1: what records add to the people that the server saw (pure).

For one audience, cut and end, in unit u itself: T its learners; D the sum of disjoint records; L the sum over classes C of
max(0, n - learners in C); U the unknown ones; parts are the units directly below::

    extra_lower(u) = max(sum of parts' extra_lower + D + L, max(U) - T)
    extra_upper(u) = max(extra_lower(u), sum of parts' extra_upper + D + L + sum(U))
    figure(u)      = T(u) + extra(u)

At the lower end a record within an unknown one counts as unknown in its own unit, too (decision 38).

Assumed, and printed beside the figure: people reported by different units are different people, and no learners of another unit.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from elearn.reach.figures import Interval
from elearn.reach.records import Record

#: Of a unit, the one directly above it; None: the world.
Above = Callable[[str], str | None]
#: How many learners a unit or a class has in the period; events have none.
Learners = Callable[[str], int]


@dataclass(frozen=True)
class Amount:
    """Some people, and which words the records had from which the number comes."""

    people: int = 0
    words: frozenset[str] = frozenset()

    def __add__(self, other: "Amount") -> "Amount":
        """Return both together; nobody brings no word."""
        return Amount(self.people + other.people, self.words | other.words)

    @property
    def word(self) -> str | None:
        """The word of the whole: approximate where anything is, else more than where anything is."""
        return next((word for word in ("approximately", "more-than") if word in self.words), None)


NOBODY = Amount()


def amount_of(record: Record, less: int = 0) -> Amount:
    """Return the people of a record beyond ``less`` of them."""
    people = max(0, (record.people or 0) - less)
    return Amount(people, frozenset({record.word}) if people and record.word else frozenset())


def in_sum(amounts: Iterable[Amount]) -> Amount:
    """Return several amounts together."""
    return sum(amounts, NOBODY)


def counted_at_most(records: Iterable[Record], everywhere: Mapping[str, Record]) -> list[Record]:
    """Return the records of one audience and cut that count at the upper end.

    What lies ``within`` another adds nothing where that one counts, or what that one is within; elsewhere it is unknown. ``everywhere``:
    every record by its name, whatever the audience, cut and period.
    """
    here = {record.id: record for record in records}
    return [record for record in here.values() if not _holders(record, here, everywhere)]


def counted_at_least(records: Iterable[Record], everywhere: Mapping[str, Record]) -> list[Record]:
    """Return the records of one audience and cut that count at the lower end.

    There a record within an unknown one still says what its own unit has at least: else a country could be said to have more people than
    the world, where the wider record counts. Within one whose people are added it would count them twice.
    """
    here = {record.id: record for record in records}
    return [
        record for record in here.values() if not any(holder.overlap in _ADDED for holder in _holders(record, here, everywhere))
    ]  # fmt: skip


_ADDED = frozenset({"disjoint", "same-as-class"})


def _holders(record: Record, here: Mapping[str, Record], everywhere: Mapping[str, Record]) -> list[Record]:
    """Return the records that count here and hold ``record``."""
    found, seen = [], {record.id}
    while record.overlap == "within" and record.overlap_with in everywhere and record.overlap_with not in seen:
        seen.add(record.overlap_with)
        if record.overlap_with in here:
            found.append(here[record.overlap_with])
        record = everywhere[record.overlap_with]
    return found


def figure(unit: str, lower: Collection[Record], upper: Collection[Record], above: Above, learners: Learners) -> Interval:
    """Return the figure of a cut; ``lower`` and ``upper``: what counts at its ends, all of it within the cut's unit."""
    least, most = _Tree(lower, above, learners).lower(unit), _Tree(upper, above, learners).upper(unit)
    if least.people > most.people:
        # What is confirmed stands, also where a correction or a record around it says less.
        most = least
    there = learners(unit)
    return Interval(there + least.people, there + most.people, least.word, most.word)


class _Tree:
    """Records of a cut by unit, with the units that hold them."""

    def __init__(self, records: Iterable[Record], above: Above, learners: Learners) -> None:
        self.records, self.learners = _by_unit(records), learners
        self.parts: dict[str, set[str]] = {}
        for unit in self.records:
            child, parent = unit, above(unit)
            while parent is not None:
                self.parts.setdefault(parent, set()).add(child)
                child, parent = parent, above(parent)

    def lower(self, unit: str) -> Amount:
        """Return what the records of a unit and of those below it add at least."""
        own = self.records.get(unit, [])
        summed = in_sum([*(self.lower(part) for part in self._parts(unit)), self._disjoint(own), self._in_classes(own)])
        unknown = max((amount_of(record, self.learners(unit)) for record in _unknown(own)), key=_size, default=NOBODY)
        return unknown if unknown.people > summed.people else summed

    def upper(self, unit: str) -> Amount:
        """Return what they add at most."""
        own = self.records.get(unit, [])
        summed = in_sum(
            [
                *(self.upper(part) for part in self._parts(unit)),
                self._disjoint(own),
                self._in_classes(own),
                *map(amount_of, _unknown(own)),
            ]
        )
        least = self.lower(unit)
        return least if least.people > summed.people else summed

    def _parts(self, unit: str) -> list[str]:
        return sorted(self.parts.get(unit, ()))

    def _disjoint(self, own: Sequence[Record]) -> Amount:
        return in_sum(amount_of(record) for record in own if record.overlap == "disjoint")

    def _in_classes(self, own: Sequence[Record]) -> Amount:
        """Return who of the classes' returns were no learners of them; of several on one class the largest."""
        largest: dict[str, Amount] = {}
        for record in own:
            if record.overlap == "same-as-class":
                beyond = amount_of(record, self.learners(record.overlap_with))
                largest[record.overlap_with] = max(largest.get(record.overlap_with, NOBODY), beyond, key=_size)
        return in_sum(largest[code] for code in sorted(largest))


def _size(amount: Amount) -> tuple[int, bool, bool]:
    """Return by what amounts are compared: of equal ones, the one that is surest."""
    return amount.people, "approximately" not in amount.words, "more-than" not in amount.words


def _unknown(records: Iterable[Record]) -> list[Record]:
    """Return the records that may share people with anything in their unit; what lies within one that does not count here, too."""
    return [record for record in records if record.overlap in {"unknown", "within"}]


def _by_unit(records: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        if record.people is not None:
            found.setdefault(record.unit, []).append(record)
    return found


def number_of(enumerated: Collection[str], stated: Iterable[int | None]) -> int:
    """Return how many places or modules there are: those enumerated, or the largest count that one record states; never a sum."""
    return max([len(enumerated), *(number for number in stated if number is not None)])
