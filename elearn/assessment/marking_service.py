"""What follows when marks were written: what whole attempts add up to, and what the gradebook says of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, update

from elearn.adaptation.queries import edition
from elearn.assessment.marking_queries import IS_NEWEST
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.assessment.rules import rules_of_quiz
from elearn.db import db, table
from elearn.learning.models import CourseClass
from elearn.learning.result_service import AT_ONCE, Remarked, replace_results

_MARK, _ATTEMPT = table(Mark), table(Attempt)
_SETTLE = (
    update(_ATTEMPT)
    .where(_ATTEMPT.c.id == bindparam("attempt"))
    .values(points=bindparam("gained"), max_points=bindparam("out_of"), pending_count=bindparam("waiting"))
)


def settle(attempt_ids: Sequence[int], at: datetime) -> list[int]:
    """Return which of these finished attempts add up to something else than before; they and the gradebook now say so.

    Call it when marks were added. It takes a handful of statements for every 500 attempts, however many marks they have.
    """
    changed: list[int] = []
    for start in range(0, len(attempt_ids), AT_ONCE):
        rows = _added_up(attempt_ids[start : start + AT_ONCE])
        if rows:
            db.session.execute(
                _SETTLE,
                [{"attempt": row.id, "gained": row.gained, "out_of": row.out_of, "waiting": row.waiting} for row in rows],
            )
            in_class = [row for row in rows if row.enrolment_id is not None]
            replace_results(
                [Remarked(row.id, row.enrolment_id, row.module_id, row.gained, row.out_of, row.waiting > 0) for row in in_class],
                _gradings(in_class),
                at,
            )
            changed += [row.id for row in rows]
    return changed


def _added_up(attempt_ids: Sequence[int]) -> list[Any]:
    """Return the attempts whose newest marks add up to something else than is kept of them."""
    sums = (
        select(
            _MARK.c.attempt_id,
            func.sum(_MARK.c.points).label("gained"),
            func.sum(_MARK.c.max_points).label("out_of"),
            func.sum(case((_MARK.c.is_pending, 1), else_=0)).label("waiting"),
        )
        .where(_MARK.c.attempt_id.in_(attempt_ids), IS_NEWEST)
        .group_by(_MARK.c.attempt_id)
        .subquery()
    )
    return list(
        db.session.execute(
            select(
                _ATTEMPT.c.id,
                _ATTEMPT.c.enrolment_id,
                _ATTEMPT.c.module_id,
                _ATTEMPT.c.class_id,
                sums.c.gained,
                sums.c.out_of,
                sums.c.waiting,
            )
            .join(sums, sums.c.attempt_id == _ATTEMPT.c.id)
            .where(
                _ATTEMPT.c.finished_at.is_not(None),
                (_ATTEMPT.c.points != sums.c.gained)
                | (_ATTEMPT.c.max_points != sums.c.out_of)
                | (_ATTEMPT.c.pending_count != sums.c.waiting),
            )
            .order_by(_ATTEMPT.c.id)
        )
    )


def _gradings(rows: Sequence[Any]) -> dict[tuple[int, int], str]:
    """Return which mark counts, by enrolment and module."""
    found = db.session.execute(
        select(CourseClass.id, CourseClass.edition_id, QuizSetting.module_id, QuizSetting.grading)
        .outerjoin(QuizSetting, QuizSetting.class_id == CourseClass.id)
        .where(CourseClass.id.in_({row.class_id for row in rows}))
    ).all()
    editions = {row.id: row.edition_id for row in found}
    settings = {(row.id, row.module_id): row.grading for row in found if row.grading}
    return {
        (row.enrolment_id, row.module_id): settings.get((row.class_id, row.module_id))
        or rules_of_quiz(edition(editions[row.class_id]), row.module_id).grading
        for row in rows
    }
