"""The door of the jobs: those who look after the site."""

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.db import db
from elearn.errors import NotFound
from elearn.jobs.models import Job


def job_for_retrying(visitor: Visitor, job_id: int) -> Job:
    """Return the job, locked, if ``visitor`` looks after jobs; not there and not theirs are the same."""
    job = db.session.get(Job, job_id, with_for_update=True) if may(visitor, Permission.LOOK_AFTER_JOBS) else None
    if job is None:
        raise NotFound
    return job
