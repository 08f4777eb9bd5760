"""Jobs that were done are kept for a while, and then not."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, delete, or_

from elearn import clock
from elearn.db import db, table, unit_of_work
from elearn.jobs.models import Job
from elearn.jobs.work import Progress, State, every

DONE_IS_KEPT = timedelta(days=30)
#: Who looks after jobs has seen them by then.
FAILED_IS_KEPT = timedelta(days=180)


@every(seconds=24 * 3600, name="sweep-jobs", title=_l("Forget old jobs"))
def sweep(progress: Progress) -> dict[str, Any]:
    """Delete jobs that were done or failed long ago."""
    jobs, at = table(Job), clock.now()
    done = and_(jobs.c.state == State.DONE, jobs.c.finished_at < at - DONE_IS_KEPT)
    failed = and_(jobs.c.state == State.FAILED, jobs.c.finished_at < at - FAILED_IS_KEPT)
    with unit_of_work():
        gone = db.session.scalars(delete(jobs).where(or_(done, failed)).returning(jobs.c.id)).all()
    progress(1, 1)
    return {"gone": len(gone)}
