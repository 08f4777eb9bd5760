"""Asking for work."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import case, or_, select, text

from elearn import audit, clock
from elearn.db import after_commit, db, insert, table
from elearn.errors import Conflict
from elearn.jobs import runner
from elearn.jobs.models import UNFINISHED, Job
from elearn.jobs.work import State

JOBS = table(Job)
LONGEST_KEY = 100


def enqueue(
    name: str,
    arguments: dict[str, Any] | None = None,
    *,
    key: str | None = None,
    due_at: datetime | None = None,
    person_id: int | None = None,
) -> int:
    """Ask, within this unit of work, for a job to be run after its commit, not before ``due_at``; return the job's id.

    Of the jobs with the same ``key`` one is unfinished at a time. Asked for again, it is the same: one that waits is run at the earlier
    moment and sees what this unit of work changes; one that runs already is run once more. Its arguments stay the first ones. It is
    locked until the commit: whoever asks for several asks in the order of their keys.
    """
    if name not in current_app.extensions["jobs"].queue.storage.works:
        raise LookupError(f"no kind of job is called {name}")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"no key: {key}")
    at = clock.now()
    row: dict[str, Any] = {"name": name, "arguments": arguments or {}, "state": State.QUEUED, "key": key, "again": False, "made_at": at}
    row |= {"made_by_id": person_id, "due_at": max(due_at or at, at), "worker": "", "tries": 0, "progress_done": 0, "progress_total": 0}
    into = insert(JOBS).values(**row, error="")
    new, running = into.excluded.due_at, JOBS.c.state == State.RUNNING
    comes_sooner = case((new < JOBS.c.due_at, new), else_=JOBS.c.due_at)
    asked = into.on_conflict_do_update(
        index_elements=["key"],
        index_where=text(UNFINISHED),
        set_={"again": or_(JOBS.c.again, running), "due_at": case((running & ~JOBS.c.again, new), else_=comes_sooner)},
    )
    job_id = db.session.execute(asked.returning(JOBS.c.id)).scalar_one()
    after_commit(runner.wake)
    return int(job_id)


def retry_job(job: Job, *, person_id: int | None) -> None:
    """Leave a job that failed waiting again, all its tries before it; refuse where it did not fail or is asked for anew already."""
    if job.state != State.FAILED:
        raise Conflict(_("This job has not failed: there is nothing to try again."))
    same = job.key is not None and db.session.scalar(
        select(JOBS.c.id).where(JOBS.c.key == job.key, JOBS.c.state.in_([State.QUEUED, State.RUNNING])),
    )
    if same:
        raise Conflict(_("The same work was asked for again meanwhile: it is job %(number)s.", number=same))
    job.state, job.tries, job.due_at, job.finished_at = State.QUEUED, 0, clock.now(), None
    audit.record("retry-job", "job", job.id, actor_id=person_id, details={"name": job.name, "key": job.key})
    db.session.flush()
    after_commit(runner.wake)
