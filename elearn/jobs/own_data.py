"""What the jobs keep of a person: that they asked for one. Arguments and results are numbers of other things, never anybody's words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from elearn.db import db
from elearn.jobs.models import Job
from elearn.web.own_data import Lines, Words

WORDS: Mapping[str, Words] = {
    "jobs": Words(_l("Work you asked for"), _l("What the site did for you in the background, and how it ended. Forgotten within months.")),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return the jobs that a person asked for."""
    jobs = db.session.scalars(select(Job).where(Job.made_by_id == person_id).order_by(Job.id))
    return {
        "jobs": [
            {
                "id": job.id,
                "name": job.name,
                "state": job.state,
                "made_at": job.made_at.isoformat(),
                "finished_at": job.finished_at.isoformat() if job.finished_at else None,
            }
            for job in jobs
        ],
    }


def forget(person_id: int) -> None:
    """Leave the jobs as they are: they name the row of the account, which has no name any more."""
