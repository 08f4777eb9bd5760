"""What may be said in public of a tree of figures, so that nobody is singled out (pure).

People are rounded down to a multiple of 5, so that "more than" stays true. A part with fewer than 5 is not listed; and while the people of
the parts left out are fewer than 4 and one for each of those parts, the smallest listed part is left out too: otherwise they could be had
by subtraction. If none remains listed, how many there are is not said either. Only listed parts are broken down further.
"""

from dataclasses import dataclass

from elearn.reach.figures import Interval

STEP = 5
#: Below this, a number of people is "too few to show".
FEWEST = 5
#: The people of the parts left out number at least this and one for each part.
HIDDEN_AMONG = 4


@dataclass(frozen=True)
class Whole:
    """Something with people in it, and the parts it is broken down into; people may be in several parts."""

    key: str
    people: Interval
    parts: tuple["Whole", ...] = ()


@dataclass(frozen=True)
class Shown:
    """What may be said of a whole: its people (None: too few to show), the parts listed, and how many there are (None: not said)."""

    key: str
    people: Interval | None
    parts: tuple["Shown", ...] = ()
    parts_in_all: int | None = None


def disclose(whole: Whole) -> Shown:
    """Return what may be said of ``whole`` in public."""
    if whole.people.lower < FEWEST:
        return Shown(whole.key, None)
    reached = [part for part in whole.parts if part.people.upper > 0]
    listed = listed_of(reached)
    return Shown(
        whole.key,
        rounded_down(whole.people),
        tuple(disclose(part) for part in reached if part in listed),
        len(reached) if listed or not reached else None,
    )


def listed_of(parts: list[Whole]) -> list[Whole]:
    """Return those of ``parts`` that may be listed."""
    listed = sorted((part for part in parts if part.people.lower >= FEWEST), key=lambda part: (part.people.lower, part.key))
    hidden = [part.people.lower for part in parts if part.people.lower < FEWEST]
    while hidden and listed and sum(hidden) < HIDDEN_AMONG + len(hidden):
        hidden.append(listed.pop(0).people.lower)
    return listed


def rounded_down(people: Interval) -> Interval:
    """Return both ends rounded down to a multiple of 5."""
    return Interval(people.lower // STEP * STEP, people.upper // STEP * STEP, people.lower_word, people.upper_word)


def places_said(nodes: tuple[Shown, ...], hidden_nodes: int, in_all: int) -> int | None:
    """Return how many parts all ``nodes`` together have, where that tells nothing of a single one whose number is not said.

    ``hidden_nodes`` are those that are not listed themselves; ``in_all`` is the number over all of them.
    """
    silent = hidden_nodes + sum(1 for node in nodes if node.parts_in_all is None)
    said = sum(1 for node in nodes if node.parts_in_all is not None)
    return in_all if silent != 1 and said else None
