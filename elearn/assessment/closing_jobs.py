"""Attempts whose time is over, closed for those who do not come back."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from elearn import clock
from elearn.assessment.attempt_access import GRACE
from elearn.assessment.models import Attempt
from elearn.assessment.submit_service import close_attempt
from elearn.db import db, unit_of_work
from elearn.jobs.work import Progress, every

#: The rest is closed in the next turn.
MOST_AT_ONCE = 1000


@every(seconds=30, name="close-attempts", title=_l("Closing attempts whose time is over"))
def close_attempts(progress: Progress) -> dict[str, Any]:
    """Close the attempts whose deadline is past, each as a unit of its own, so that none waits long for another."""
    due = db.session.scalars(
        select(Attempt.id)
        .where(Attempt.finished_at.is_(None), Attempt.deadline_at < clock.now() - GRACE)
        .order_by(Attempt.deadline_at)
        .limit(MOST_AT_ONCE)
    ).all()
    db.session.rollback()
    closed = 0
    for number, attempt_id in enumerate(due, start=1):
        with unit_of_work():
            closed += close_attempt(attempt_id)
        progress(number, len(due))
    return {"closed": closed}
