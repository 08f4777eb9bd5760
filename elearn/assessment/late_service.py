"""Late answers that a professor lets count."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from elearn import audit, clock
from elearn.assessment.answers import standing
from elearn.assessment.attempt_access import attempt_for_closing
from elearn.assessment.marking_service import settle
from elearn.assessment.models import LateAcceptance, Mark
from elearn.assessment.regrade_step_service import hold_standing
from elearn.assessment.setting_queries import LateAnswer
from elearn.assessment.submit_service import marks_of
from elearn.db import db, insert, table
from elearn.learning.models import CourseClass


def accept_late(course_class: CourseClass, answers: Sequence[LateAnswer], *, by_id: int) -> int:
    """Return how many late answers count from now on; their attempts are marked anew with them, and the gradebook says so."""
    now = clock.now()
    attempts = sorted({answer.attempt_id for answer in answers})
    accepted = {answer.id for answer in answers}
    if not accepted:
        return 0
    db.session.execute(
        insert(LateAcceptance).on_conflict_do_nothing(),
        [{"answer_id": answer_id, "accepted_by_id": by_id, "accepted_at": now} for answer_id in sorted(accepted)],
    )
    marks = [mark for attempt_id in attempts for mark in _marks(attempt_id, accepted, by_id, now)]
    if marks:
        db.session.execute(table(Mark).insert(), marks)
    settle(attempts, now)
    if hold_standing(attempts, [mark["item_revision_id"] for mark in marks], now):
        settle(attempts, now)
    audit.record(
        "accept-late-answers",
        "class",
        course_class.id,
        actor_id=by_id,
        institution_id=course_class.institution_id,
        details={"attempts": attempts, "answers": sorted(accepted)},
    )
    return len(accepted)


def _marks(attempt_id: int, accepted: set[int], by_id: int, at: datetime) -> Iterator[dict[str, Any]]:
    """Yield the new marks of an attempt: of those answers that were accepted and now stand."""
    attempt = attempt_for_closing(attempt_id)
    for mark in marks_of(attempt, standing(attempt.saved), at):
        if mark["answer_id"] in accepted:
            yield mark | {"cause": "late", "marked_by_id": by_id}
