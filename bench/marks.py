"""Marks for statistics: classes whose attempts were counted, and a large one whose attempts are still to be counted."""

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import insert

from bench.series import CHOICES, ITEMS, POINT
from elearn import clock
from elearn.assessment.mark_sums import Marked, QuizSums
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.statistics_models import QuizStatistics
from elearn.db import db
from elearn.learning.models import CourseClass

#: The quiz whose statistics are read, and the one whose attempts are counted anew: other cases leave both alone.
READ_MODULE = 3
COUNTED_MODULE = 2
CLASSES = 1000
ATTEMPTS_A_CLASS = 100
COUNTED = 1000
#: Ids beyond those of the other cases.
BEYOND = 1_000_000


def put_marks(course_class: CourseClass, person_id: int, students: range) -> None:
    """Put in the statistics of many classes, and the finished attempts of some students of one; call it inside a unit of work."""
    random = Random(3)
    _put(CourseClass, [_class(course_class, person_id, number) for number in range(CLASSES)])
    _put(QuizStatistics, [_statistics(random, number) for number in range(CLASSES)])
    chosen = students[:COUNTED]
    _put(Attempt, [_attempt(course_class, number) for number in chosen])
    for start in range(0, COUNTED, 500):
        answered = [(number, item, _taken(random, number % 7)) for number in chosen[start : start + 500] for item in _items(COUNTED_MODULE)]
        _put(Answer, list(_answers(answered)))
        _put(Mark, list(_marks(answered)))


def _put(model: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model.__table__), rows)


def _items(module: int) -> range:
    return range((module - 1) * ITEMS + 1, module * ITEMS + 1)


def _class(like: CourseClass, person_id: int, number: int) -> dict[str, Any]:
    return {
        "id": BEYOND + number, "code": f"BENCH-S{number}", "institution_id": like.institution_id, "edition_id": like.edition_id,
        "title": f"Invented class {number}", "timezone": like.timezone, "starts_on": like.starts_on, "ends_on": like.ends_on,
        "join_code": f"BENCH{number}", "created_by_id": person_id, "created_at": clock.now(),
    }  # fmt: skip


def _statistics(random: Random, number: int) -> dict[str, Any]:
    sums = QuizSums()
    for _attempt_number in range(ATTEMPTS_A_CLASS):
        ability = random.randrange(7)
        sums.add([_marked(item, _taken(random, ability)) for item in _items(READ_MODULE)])
    return {
        "class_id": BEYOND + number, "module_id": READ_MODULE, "revision_id": READ_MODULE, "form": "bench", "attempts": sums.attempts,
        "sums": sums.as_json(), "as_of": clock.now(),
    }  # fmt: skip


def _taken(random: Random, ability: int) -> str:
    return CHOICES[0] if random.randrange(10) < 3 + ability else random.choice(CHOICES[1:])


def _marked(item: int, taken: str) -> Marked:
    points = POINT if taken == CHOICES[0] else 0
    return Marked(item, str(item), points, POINT, "right" if points else "wrong", (taken,))


def _attempt(course_class: CourseClass, number: int) -> dict[str, Any]:
    at = clock.now()
    return {
        "id": BEYOND + number, "person_id": number, "class_id": course_class.id, "edition_id": course_class.edition_id,
        "enrolment_id": number, "module_id": COUNTED_MODULE, "revision_id": COUNTED_MODULE, "number": 1, "language": "en", "seed": number,
        "layout": [[item, list(CHOICES)] for item in _items(COUNTED_MODULE)], "started_at": at, "finished_at": at, "finish": "submitted",
        "points": 0, "max_points": ITEMS * POINT,
    }  # fmt: skip


def _answers(answered: list[tuple[int, int, str]]) -> Iterator[dict[str, Any]]:
    for number, item, taken in answered:
        yield {
            "id": _answer_id(number, item), "attempt_id": BEYOND + number, "item_revision_id": item, "sequence": item, "sender": "",
            "response": taken, "saved_at": clock.now(), "is_late": False,
        }  # fmt: skip


def _marks(answered: list[tuple[int, int, str]]) -> Iterator[dict[str, Any]]:
    for number, item, taken in answered:
        yield {
            "attempt_id": BEYOND + number, "item_revision_id": item, "answer_id": _answer_id(number, item),
            "points": POINT if taken == CHOICES[0] else 0, "max_points": POINT, "at": clock.now(),
        }  # fmt: skip


def _answer_id(number: int, item: int) -> int:
    return BEYOND + number * ITEMS * COUNTED_MODULE + item
