"""How well somebody knows what a module teaches, by learning outcome (pure).

It rests on the attempt that counts in the gradebook; on practice only where there is none in a class. The words are those of the page:
below the pass mark "not yet", from there on "on the way", from 85 per cent on "mastered". Fewer than three questions say too little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from elearn.assessment.scoring import Total, total

MASTERED_FROM = 85
FEWEST_QUESTIONS = 3


class Level(StrEnum):
    """How well an outcome is mastered, in words."""

    TOO_FEW = "too-few"
    NOT_YET = "not-yet"
    ON_THE_WAY = "on-the-way"
    MASTERED = "mastered"


def level_of(result: Total, questions: int, pass_mark: int) -> Level:
    """Return how well an outcome is mastered of which so many questions were answered."""
    if questions < FEWEST_QUESTIONS or not result.max_points:
        return Level.TOO_FEW
    if not result.passes(pass_mark):
        return Level.NOT_YET
    return Level.MASTERED if result.passes(MASTERED_FROM) else Level.ON_THE_WAY


@dataclass(frozen=True)
class Tried:
    """A finished attempt: where, and what it brought."""

    attempt_id: int
    module_id: int
    #: None: practice.
    class_id: int | None
    points: int
    max_points: int
    #: Which of the attempts there counts: best, first, last or average.
    grading: str = "best"


def attempts_that_count(tried: Iterable[Tried]) -> list[tuple[Tried, ...]]:
    """Return for each module and class the attempt that counts (of an average all), and the best practice of modules without a class's."""
    places: dict[tuple[int, int | None], list[Tried]] = {}
    for attempt in sorted(tried, key=lambda each: each.attempt_id):
        places.setdefault((attempt.module_id, attempt.class_id), []).append(attempt)
    taught = {module_id for module_id, class_id in places if class_id is not None}
    return [_counting(known) for (module_id, class_id), known in places.items() if class_id is not None or module_id not in taught]


def _counting(tried: Sequence[Tried]) -> tuple[Tried, ...]:
    """Return of attempts in the order in which they were begun those that count; of equal ones the first, as in the gradebook."""
    match tried[0].grading:
        case "average":
            return tuple(tried)
        case "first":
            return (tried[0],)
        case "last":
            return (tried[-1],)
        case _:
            return (max(tried, key=lambda each: Total(each.points, each.max_points).share),)


@dataclass(frozen=True)
class Mastery:
    """The result in one learning outcome."""

    outcome: str
    questions: int
    total: Total
    level: Level
    #: Whether the result is below the pass mark, however few the questions were.
    is_weak: bool


def mastery_by_outcome(marks: Iterable[tuple[str, int, int]], order: Sequence[str], pass_mark: int) -> list[Mastery]:
    """Return the mastery of each outcome that was asked for, in the module's ``order``; a mark is (outcome, points, maximum)."""
    grouped: dict[str, list[tuple[int, int]]] = {outcome: [] for outcome in order}
    for outcome, points, maximum in marks:
        if maximum:
            grouped.setdefault(outcome, []).append((points, maximum))
    found = []
    for outcome, known in grouped.items():
        if known:
            result = total(known)
            level = level_of(result, len(known), pass_mark)
            found.append(Mastery(outcome, len(known), result, level, not result.passes(pass_mark)))
    return found
