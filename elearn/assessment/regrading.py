"""What an item of a submitted attempt is worth after a correction: one answer, two keys and a policy (pure).

Points are whole numbers, in 1/100,000 of a point. What a person marked (an essay) is never judged anew here: it is left out, given in full,
or carried over to a new maximum. What an erased account had typed is gone, so that its mark stays as it is under every policy that reads
the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from elearn.assessment.scoring import after_tries
from elearn.catalogue.items.item import Definition, share_of
from elearn.catalogue.items.registry import type_of


class Policy(StrEnum):
    """How answers that were marked by a wrong key are marked again."""

    NEW_KEY = "new-key"
    """By the corrected item, for better or worse."""
    ACCEPT_BOTH = "accept-both"
    """By whichever of the two keys brings the larger share."""
    ONLY_RAISE = "only-raise"
    """By the corrected item, but nobody has less than before."""
    FULL_MARKS = "full-marks"
    """All the points for everyone who met the item, also where it was left blank."""
    VOID = "void"
    """The item leaves the total: nothing out of nothing."""

    @property
    def reads_answers(self) -> bool:
        """Whether the mark depends on what was answered."""
        return self not in {Policy.FULL_MARKS, Policy.VOID}


@dataclass(frozen=True, order=True)
class Worth:
    """Points out of so many."""

    points: int
    max_points: int


@dataclass(frozen=True)
class Given:
    """What somebody answered to an item, and what they have for it now."""

    #: The answers that were marked, try by try; the last one is the one that stands. None: left blank.
    tries: tuple[Any, ...]
    present: Worth
    #: Per cent that each further try costs.
    penalty: int = 0
    #: A person judged it, or will.
    by_hand: bool = False
    #: The words are gone with the account that typed them.
    is_erased: bool = False


def regraded(policy: Policy, given: Given, asked: Definition, new: Definition | None = None) -> Worth:
    """Return what ``given`` is worth: ``asked`` is the item as it was asked, ``new`` the corrected one (None: the same)."""
    new = asked if new is None else new
    maximum = int(new["points"])
    match policy:
        case Policy.VOID:
            return Worth(0, 0)
        case Policy.FULL_MARKS:
            return Worth(maximum, maximum)
    if given.is_erased:
        return given.present
    if given.by_hand:
        return given.present if policy is Policy.ONLY_RAISE else carried_over(given.present, maximum)
    worth = marked(new, given)
    if policy is Policy.ACCEPT_BOTH:
        return max(worth, carried_over(marked(asked, given), maximum))
    if policy is Policy.ONLY_RAISE:
        # Out of as many points as before: a new maximum alone could lower the whole.
        return max(given.present, carried_over(worth, given.present.max_points))
    return worth


def marked(definition: Definition, given: Given) -> Worth:
    """Return what the answers are worth by one key: the first try that is right, else the last, less what the tries before it cost."""
    type_ = type_of(definition)
    maximum = int(definition["points"])
    grades = [type_.grade(definition, response) for response in _readable(definition, given.tries)]
    if not grades:
        return Worth(0, maximum)
    counts = next((place for place, grade in enumerate(grades) if grade.correct), len(grades) - 1)
    return Worth(after_tries(grades[counts].points, counts + 1, given.penalty), maximum)


def carried_over(worth: Worth, maximum: int) -> Worth:
    """Return the same share of another maximum; of nothing, nothing."""
    if worth.max_points == maximum or not worth.max_points:
        return Worth(min(worth.points, maximum), maximum)
    return Worth(share_of(maximum, Fraction(worth.points, worth.max_points)), maximum)


def _readable(definition: Definition, tries: Sequence[Any]) -> list[Any]:
    """Return the answers as the definition can read them: an answer in the form of another type is none to this one."""
    return [response if _fits(definition, response) else None for response in tries]


def _fits(definition: Definition, response: Any) -> bool:
    """Return whether a response has the form that items of this type keep."""
    match definition["type"]:
        case "multiple-response":
            return isinstance(response, list)
        case "matching" | "ordering" | "cloze":
            return isinstance(response, dict)
    return isinstance(response, str)
