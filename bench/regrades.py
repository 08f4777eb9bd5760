"""A regrade of 10,000 attempts, as the job does it: the dry run, the marks, the gradebook, and back."""

import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import insert, update

from bench.series import CHOICES, ITEMS, POINT
from bench.students import FIRST, PROFESSOR, STUDENTS
from elearn import clock
from elearn.app import create_app
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.regrade_models import Regrade
from elearn.catalogue.models import ItemRevision
from elearn.config import Settings
from elearn.db import counted_statements, db, unit_of_work
from elearn.jobs.runner import run_due
from elearn.jobs.service import enqueue
from elearn.learning.models import CourseClass, Result

#: The quiz whose answers are marked again: no other case looks at it.
MODULE = 5
NAME = "a regrade of 10,000 attempts"
MOST_SECONDS = 30.0
BEYOND = 5_000_000
AT_ONCE = 500


@dataclass(frozen=True)
class Regrades:
    """What it came to."""

    steps: tuple[tuple[str, float, int], ...]
    changed: int

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""
        seconds = sum(seconds for _name, seconds, _count in self.steps)
        parts = ", ".join(f"{name} {taken:.1f} s with {count} statements" for name, taken, count in self.steps)
        judged = "ok" if seconds < MOST_SECONDS else "MISSED"
        yield f"{NAME}, {self.changed:,} marks changed: {parts}; in all under {MOST_SECONDS:g} s: {judged}"


def run_regrades(environment: dict[str, str], class_id: int) -> Regrades:
    """Put a question right that 10,000 students answered, mark their answers again, and undo it."""
    app = create_app(Settings.from_environment(environment))
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            _put_attempts(db.session.get_one(CourseClass, class_id))
            revision_id = _put_right((MODULE - 1) * ITEMS + 1)
            regrade_id = _regrade(class_id, (MODULE - 1) * ITEMS + 1, revision_id)
        steps = [("counted in", *_timed(regrade_id, {}))]
        steps.append(("applied in", *_timed(regrade_id, {"state": "running", "applied_at": clock.now(), "applied_by_id": PROFESSOR})))
        steps.append(("undone in", *_timed(regrade_id, {"state": "undoing", "undone_at": clock.now(), "undone_by_id": PROFESSOR})))
        counts = db.session.get_one(Regrade, regrade_id).counts
        db.session.rollback()
    return Regrades(tuple(steps), counts["changed"])


def _timed(regrade_id: int, change: dict[str, Any]) -> tuple[float, int]:
    with unit_of_work():
        if change:
            db.session.execute(update(Regrade).where(Regrade.id == regrade_id).values(**change))
        enqueue("regrade", {"regrade_id": regrade_id}, key=f"regrade:{regrade_id}")
    db.session.remove()
    began = time.perf_counter()
    with counted_statements() as ran:
        jobs = run_due("regrade")
    failed = [job.error for job in jobs if job.state == "failed" or job.error]
    if failed:
        raise RuntimeError(failed[0])
    return time.perf_counter() - began, len(ran)


def _regrade(class_id: int, item_id: int, revision_id: int) -> int:
    regrade = Regrade(
        module_id=MODULE,
        item_id=item_id,
        scope="class",
        class_id=class_id,
        policy="new-key",
        new_revision_id=revision_id,
        reason="The key was wrong.",
        state="draft",
        made_by_id=PROFESSOR,
        made_at=clock.now(),
    )
    db.session.add(regrade)
    db.session.flush()
    return regrade.id


def _put_right(revision_id: int) -> int:
    """Return another state of the question, in which another choice is right."""
    old = db.session.get_one(ItemRevision, revision_id)
    definition = deepcopy(old.definition)
    for choice in definition["choices"]:
        choice["correct"] = choice["id"] == CHOICES[1]
    facts = {name: getattr(old, name) for name in ("item_id", "type", "outcome", "bloom", "tags", "points")}
    new = ItemRevision(**facts, id=BEYOND, number=2, digest="corrected", definition=definition)
    db.session.add(new)
    db.session.flush()
    return new.id


def _put_attempts(course_class: CourseClass) -> None:
    random = Random(5)
    items = range((MODULE - 1) * ITEMS + 1, MODULE * ITEMS + 1)
    for start in range(FIRST, FIRST + STUDENTS, AT_ONCE):
        taken = {number: [random.choice(CHOICES) for _item in items] for number in range(start, start + AT_ONCE)}
        _put(Attempt, [_attempt(course_class, number, said, items) for number, said in taken.items()])
        answered = [(number, item, choice) for number, said in taken.items() for item, choice in zip(items, said, strict=True)]
        _put(Answer, [_answer(*each) for each in answered])
        _put(Mark, [_mark(*each) for each in answered])
        _put(Result, [_result(number, said) for number, said in taken.items()])


def _put(model: Any, rows: list[dict[str, Any]]) -> None:
    db.session.execute(insert(model.__table__), rows)


def _points(said: list[str]) -> int:
    return POINT * said.count(CHOICES[0])


def _attempt(course_class: CourseClass, number: int, said: list[str], items: range) -> dict[str, Any]:
    at = clock.now()
    return {
        "id": BEYOND + number, "person_id": number, "class_id": course_class.id, "edition_id": course_class.edition_id,
        "enrolment_id": number, "module_id": MODULE, "revision_id": MODULE, "number": 1, "language": "en", "seed": number,
        "layout": [[item, list(CHOICES)] for item in items], "started_at": at, "finished_at": at, "finish": "submitted",
        "points": _points(said), "max_points": ITEMS * POINT,
    }  # fmt: skip


def _answer_id(number: int, item: int) -> int:
    return 10 * BEYOND + number * ITEMS * MODULE + item


def _answer(number: int, item: int, choice: str) -> dict[str, Any]:
    return {
        "id": _answer_id(number, item), "attempt_id": BEYOND + number, "item_revision_id": item, "sequence": item, "sender": "",
        "response": choice, "saved_at": clock.now(), "is_late": False,
    }  # fmt: skip


def _mark(number: int, item: int, choice: str) -> dict[str, Any]:
    return {
        "attempt_id": BEYOND + number, "item_revision_id": item, "answer_id": _answer_id(number, item),
        "points": POINT if choice == CHOICES[0] else 0, "max_points": POINT, "at": clock.now(),
    }  # fmt: skip


def _result(number: int, said: list[str]) -> dict[str, Any]:
    return {
        "enrolment_id": number, "module_id": MODULE, "attempt_id": BEYOND + number, "points": _points(said),
        "max_points": ITEMS * POINT, "at": clock.now(),
    }  # fmt: skip
