"""A text as its difference from another: what is untouched is never copied. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher

#: ``n``: the next n blocks of the base stand; ``-n``: they are left out; a string: this block of one's own.
Delta = list[int | str]


def delta_of(base: Sequence[str], mine: Sequence[str]) -> Delta:
    """Return what makes ``mine`` of ``base``."""
    delta: Delta = []
    for what, start, end, first, last in SequenceMatcher(None, base, mine, autojunk=False).get_opcodes():
        if what == "equal":
            delta.append(end - start)
            continue
        delta.extend(mine[first:last])
        if end > start:
            delta.append(start - end)
    return delta


def applied(base: Sequence[str], delta: Delta) -> tuple[str, ...]:
    """Return the text that ``delta`` makes of ``base``; raise ValueError where it was made for another."""
    made: list[str] = []
    place = 0
    for step in delta:
        if isinstance(step, str):
            made.append(step)
        elif step > 0:
            made.extend(base[place : place + step])
        place += abs(step) if isinstance(step, int) else 0
    if place != len(base):
        message = f"the difference is for a text of {place} blocks, not {len(base)}"
        raise ValueError(message)
    return tuple(made)


def replacements(base: Sequence[str], delta: Delta) -> list[tuple[list[str], list[str]]]:
    """Return at each place where ``delta`` differs from ``base`` the blocks that it leaves out, and its own in their place."""
    found: list[tuple[list[str], list[str]]] = [([], [])]
    place = 0
    for step in delta:
        if isinstance(step, str):
            found[-1][1].append(step)
        elif step < 0:
            found[-1][0].extend(base[place : place - step])
        elif step > 0:
            found.append(([], []))
        place += abs(step) if isinstance(step, int) else 0
    return [(out, own) for out, own in found if out or own]


def own_blocks(delta: Delta) -> tuple[str, ...]:
    """Return the blocks that the base does not have."""
    return tuple(step for step in delta if isinstance(step, str))


def changes_nothing(delta: Delta) -> bool:
    """Return whether the base stands as it is."""
    return all(isinstance(step, int) and step >= 0 for step in delta)
