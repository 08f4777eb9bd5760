"""Which items an attempt holds and in which order, and what its marks add up to (pure).

Points are whole numbers, in 1/100,000 of a point. What is drawn depends on the stored seed alone, so that it can be drawn again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

WHOLE = 100


@dataclass(frozen=True)
class Drawable:
    """An item revision that may come into an attempt."""

    id: int
    tags: tuple[str, ...]
    #: The ids of its choices, in the author's order.
    choices: tuple[str, ...] = ()
    #: Whether they are always shown in that order, whatever is drawn.
    is_fixed: bool = False


@dataclass(frozen=True)
class Total:
    """Points out of so many."""

    points: int
    max_points: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down, so that a pass is never shown where there is none."""
        return self.points * WHOLE // self.max_points if self.max_points else 0

    @property
    def share(self) -> Fraction:
        """The exact share of the points."""
        return Fraction(self.points, self.max_points) if self.max_points else Fraction(0)

    def passes(self, pass_mark: int) -> bool:
        """Return whether this is at least ``pass_mark`` per cent; nothing out of nothing passes only where nothing is asked."""
        return self.points * WHOLE >= pass_mark * self.max_points if self.max_points else pass_mark == 0


def drawn_layout(items: Sequence[Drawable], rules: Sequence[Mapping[str, Any]], seed: int) -> list[tuple[int, list[str]]]:
    """Return the items of an attempt, each with its choices, in the order in which they are asked."""
    # Fairness wants no secrecy here, but that the same seed draws the same again.
    random = Random(seed)  # noqa: S311
    shuffled = list(items)
    random.shuffle(shuffled)
    layout = []
    for item in drawn_items(shuffled, rules):
        choices = list(item.choices)
        random.shuffle(choices)
        layout.append((item.id, choices))
    return layout


def drawn_items(shuffled: Sequence[Drawable], rules: Sequence[Mapping[str, Any]]) -> list[Drawable]:
    """Return those of ``shuffled`` that fill as many places of the rules as can be filled, an item once; without rules, all."""
    if not rules:
        return list(shuffled)
    places = [str(rule["tag"]) for rule in rules for _ in range(rule["count"])]
    taken: dict[int, int] = {}
    for place in range(len(places)):
        _seat(place, places, shuffled, taken, set())
    return [item for item in shuffled if item.id in taken]


def _seat(place: int, places: list[str], items: Sequence[Drawable], taken: dict[int, int], tried: set[int]) -> bool:
    """Give ``place`` an item with its tag, moving others on where their places can be filled otherwise; return whether it has one."""
    for item in items:
        if places[place] in item.tags and item.id not in tried:
            tried.add(item.id)
            if item.id not in taken or _seat(taken[item.id], places, items, taken, tried):
                taken[item.id] = place
                return True
    return False


def total(marks: Iterable[tuple[int, int]]) -> Total:
    """Return what marks, each points and maximum, add up to."""
    known = list(marks)
    return Total(sum(points for points, _ in known), sum(maximum for _, maximum in known))


def by_outcome(marks: Iterable[tuple[str, int, int]], order: Iterable[str] = ()) -> dict[str, Total]:
    """Return the total of each learning outcome that was asked for: those in ``order`` first, then as they come."""
    grouped: dict[str, list[tuple[int, int]]] = {outcome: [] for outcome in order}
    for outcome, points, maximum in marks:
        grouped.setdefault(outcome, []).append((points, maximum))
    return {outcome: total(known) for outcome, known in grouped.items() if known}


def name_of_mark(points: int, maximum: int, *, is_answered: bool, is_pending: bool = False) -> str:
    """Return what a mark is called: blank, right, partly or wrong; waiting (for a person), noted (there are no points to gain)."""
    if not is_answered:
        return "blank"
    if is_pending:
        return "waiting"
    if not maximum:
        return "noted"
    if points >= maximum:
        return "right"
    return "partly" if points > 0 else "wrong"


def after_tries(points: int, tries: int, penalty: int) -> int:
    """Return the points that are left when each try after the first costs ``penalty`` per cent of them, rounded half up once."""
    left = max(WHOLE - penalty * (tries - 1), 0)
    return (2 * points * left + WHOLE) // (2 * WHOLE)
