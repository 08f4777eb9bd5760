"""Ending an attempt: submitted by its person, or closed when its time is over; marked either way with what was saved."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy import insert as core_insert

from elearn import clock
from elearn.adaptation.queries import edition
from elearn.assessment.answers import Saved, standing
from elearn.assessment.attempt_access import OwnAttempt, attempt_for_closing
from elearn.assessment.marking_service import settle
from elearn.assessment.models import Attempt, Mark
from elearn.assessment.queries import LaidItem, laid_items
from elearn.assessment.regrade_step_service import hold_standing
from elearn.assessment.scoring import after_tries, total
from elearn.assessment.try_queries import tries_in
from elearn.db import db, table
from elearn.learning.result_service import Learner, record_result

_INSERT_MARKS = core_insert(table(Mark))
_FINISH = (
    update(table(Attempt))
    .where(table(Attempt).c.id == bindparam("attempt"))
    .values({name: bindparam(f"now_{name}") for name in ("finished_at", "finish", "points", "max_points", "pending_count")})
)


def submit_attempt(attempt: OwnAttempt, answers: Mapping[int, Saved] | None = None, *, at: datetime | None = None) -> None:
    """Leave the attempt marked and finished, and in a class its result in the gradebook; a second submit changes nothing.

    The attempt is locked. ``answers`` are those that stand, where the caller has just saved them.
    """
    if attempt.finished_at is None:
        at = at or clock.now()
        _finish(attempt, standing(attempt.saved) if answers is None else answers, "submitted", finished_at=at, at=at)


def close_attempt(attempt_id: int, *, at: datetime | None = None) -> bool:
    """Return whether the attempt's time was over and it is now closed, with what was saved up to then; again, it changes nothing."""
    at = at or clock.now()
    attempt = attempt_for_closing(attempt_id)
    if not attempt.is_due(at):
        return False
    close_due(attempt, at=at)
    return True


def close_due(attempt: OwnAttempt, *, at: datetime) -> None:
    """Leave an attempt whose time is over marked with what was saved, and finished at its deadline. It is locked."""
    assert attempt.deadline_at is not None
    _finish(attempt, standing(attempt.saved), "closed", finished_at=attempt.deadline_at, at=at)


def _finish(attempt: OwnAttempt, answers: Mapping[int, Saved], finish: str, *, finished_at: datetime, at: datetime) -> None:
    marks = marks_of(attempt, answers, at)
    sums = total((mark["points"], mark["max_points"]) for mark in marks)
    pending = sum(mark["is_pending"] for mark in marks)
    if marks:
        db.session.execute(_INSERT_MARKS, marks)
    db.session.execute(
        _FINISH,
        {
            "attempt": attempt.id,
            "now_finished_at": finished_at,
            "now_finish": finish,
            "now_points": sums.points,
            "now_max_points": sums.max_points,
            "now_pending_count": pending,
        },
    )
    # Whoever has left the class, or teaches it now, keeps what they did; it no longer counts there.
    if attempt.role == "student":
        _record(attempt, sums.points, sums.max_points, is_provisional=pending > 0, at=at)
    # A regrade of an item that was put right while this attempt was open holds for it, too.
    if attempt.has_regrades and hold_standing([attempt.id], [mark["item_revision_id"] for mark in marks], at):
        settle([attempt.id], at)


def _record(attempt: OwnAttempt, points: int, max_points: int, *, is_provisional: bool, at: datetime) -> None:
    assert attempt.class_id is not None
    assert attempt.enrolment_id is not None
    assert attempt.edition_id is not None
    assert attempt.institution_id is not None
    module = edition(attempt.edition_id).module_by_id(attempt.module_id)
    record_result(
        Learner(attempt.person_id, attempt.enrolment_id, attempt.class_id, attempt.institution_id, attempt.module_id, attempt.language),
        attempt_id=attempt.id,
        points=points,
        max_points=max_points,
        is_provisional=is_provisional,
        grading=attempt.rules.grading,
        section_count=len(module.student_keys) if module else 0,
        at=at,
        counted_in=attempt.counted_in,
    )


def marks_of(attempt: OwnAttempt, answers: Mapping[int, Saved], at: datetime) -> list[dict[str, Any]]:
    """Return the rows of the marks of an attempt by the answers that stand, less what their tries cost."""
    tries = tries_in(attempt.id) if attempt.is_immediate else {}
    return [_mark(attempt, item, answers.get(item.id), tries.get(item.id, ()), at) for item in laid_items(attempt.layout)]


def _mark(attempt: OwnAttempt, item: LaidItem, answer: Saved | None, tried: tuple[int, ...], at: datetime) -> dict[str, Any]:
    """Return the row of an answer's mark; ``tried``: the ids of the answers that its person had checked, in order."""
    grade = item.graded(answer.response if answer else None)
    # An answer that was changed after the last look, and is submitted unseen, is a further try.
    tries = max(len(tried) + (answer is not None and bool(tried) and answer.id != tried[-1]), 1)
    return {
        "attempt_id": attempt.id,
        "item_revision_id": item.id,
        "answer_id": answer.id if answer else None,
        "points": after_tries(grade.points, tries, attempt.begun_by.get("penalty", 0)),
        "max_points": grade.maximum,
        "is_pending": grade.is_pending,
        "tries": tries,
        "cause": "submit",
        "at": at,
    }
