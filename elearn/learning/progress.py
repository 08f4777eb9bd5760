"""How far somebody is in a module (pure)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


def done_keys(done: Collection[str], section_key: str, order: Sequence[str], *, is_done: bool) -> list[str]:
    """Return ``done`` with ``section_key`` in it or not, in the order of the module; keys the module no longer has come last."""
    keys = set(done) | {section_key} if is_done else set(done) - {section_key}
    places = {key: place for place, key in enumerate(order)}
    return sorted(keys, key=lambda key: (places.get(key, len(places)), key))


def count_done(done: Collection[str], order: Collection[str]) -> int:
    """Return how many of the module's sections are done."""
    return len(set(done) & set(order))


def is_complete(done: Collection[str], order: Collection[str], *, has_quiz: bool, quiz_submitted: bool) -> bool:
    """Return whether every section for everyone is done and the quiz, if any, submitted."""
    return set(order) <= set(done) and (quiz_submitted or not has_quiz)


def key_to_resume(done: Collection[str], last: str, order: Sequence[str]) -> str | None:
    """Return the section to go on with: the first one after ``last`` that is not done, else the first not done; None: all are done."""
    start = order.index(last) + 1 if last in order else 0
    for key in (*order[start:], *order[:start]):
        if key not in done:
            return key
    return None


#: Which of several marks counts.
GRADINGS = ("best", "first", "last", "average")


@dataclass(frozen=True)
class Gained:
    """What a submitted quiz was marked with."""

    points: int
    max_points: int
    is_provisional: bool = False

    @property
    def share(self) -> Fraction:
        """The share of the points; of none, none."""
        return Fraction(self.points, self.max_points) if self.max_points else Fraction(0)


def counting_mark(gained: Sequence[Gained], grading: str) -> Gained:
    """Return the mark that counts of those gained, given in the order in which they were begun; of equal ones the first.

    An average is that of the shares, out of what the last one was out of, rounded half up once; it waits where any of them does.
    """
    match grading:
        case "first":
            return gained[0]
        case "last":
            return gained[-1]
        case "average":
            share = sum((each.share for each in gained), Fraction(0)) / len(gained)
            out_of = gained[-1].max_points
            points = (2 * share * out_of + 1) // 2
            return Gained(int(points), out_of, is_provisional=any(each.is_provisional for each in gained))
        case _:
            return max(gained, key=lambda each: each.share)


def percent(points: int, max_points: int) -> int:
    """Return a mark in whole per cent, rounded down, so that a pass is never shown where there is none."""
    return points * 100 // max_points if max_points else 0


@dataclass(frozen=True)
class CourseMark:
    """The quizzes of a course together, each for what it weighs."""

    #: In whole per cent, rounded down; None: no quiz that counts was handed in.
    percent: int | None
    #: What the quizzes handed in weigh together, and what all weigh.
    taken: int
    total: int


def course_mark(marks: Iterable[tuple[int, int, int]], total: int) -> CourseMark:
    """Return the weighted mean of marks, each (points, maximum, weight): what was not handed in changes only ``taken``."""
    above, below, taken = 0, 1, 0
    for points, most, weight in marks:
        if weight and most:
            # Whole numbers throughout: a mark is never a hundredth off, and a class of thousands is summed fast.
            above, below = above * most + weight * points * below, below * most
            taken += weight
    return CourseMark(100 * above // (below * taken) if taken else None, taken, total)


#: Points are whole numbers of this part of a point.
PARTS_OF_A_POINT = 100_000


def shown_points(points: int) -> str:
    """Return a mark in points, rounded half up to two decimals, without idle zeros."""
    hundredths = (points * 200 + PARTS_OF_A_POINT) // (2 * PARTS_OF_A_POINT)
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
