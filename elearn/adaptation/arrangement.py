"""The order of a course's modules, with their weeks and weights. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

#: A class of two years; the marks of quizzes in per cent.
LAST_WEEK, HEAVIEST = 104, 100


@dataclass(frozen=True)
class Arranged:
    """Where a module stands in a course."""

    module_id: int
    week: int | None
    weight: int


def moved(wanted: Sequence[Arranged], module_id: int, steps: int) -> tuple[Arranged, ...]:
    """Return the order with one module so many steps further down, or up where below 0; at the end it stays."""
    order = list(wanted)
    place = next((number for number, each in enumerate(order) if each.module_id == module_id), None)
    if place is not None:
        order.insert(max(0, place + steps), order.pop(place))
    return tuple(order)


def as_typed(wanted: Sequence[Arranged], typed: Mapping[int, tuple[int, int | None, int]]) -> tuple[Arranged, ...]:
    """Return the modules as a form has them: by module the number of its place, its week and its weight.

    A module whose number was not touched keeps its place before others of the same number, unless it was moved there.
    """
    found = []
    for number, each in enumerate(wanted, start=1):
        place, week, weight = typed[each.module_id]
        # Who writes 1 beside the third module means it to be the first; who writes 3 beside the first means the third place.
        near = 0 if place == number else -1 if place < number else 1
        found.append((place, near, replace(each, week=week, weight=weight)))
    return tuple(each for *_place, each in sorted(found, key=lambda line: line[:2]))
