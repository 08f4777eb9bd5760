"""What jobs and their states are called."""

from flask import current_app
from flask_babel import gettext as _

from elearn.jobs.work import State


def state_names() -> dict[str, str]:
    """Return what each state is called."""
    return {State.QUEUED: _("waits"), State.RUNNING: _("runs"), State.DONE: _("done"), State.FAILED: _("failed")}


def job_names() -> dict[str, str]:
    """Return what each kind of job is called, in the order of these names."""
    works = current_app.extensions["jobs"].queue.storage.works.values()
    return dict(sorted(((work.name, str(work.title) or work.name) for work in works), key=lambda pair: pair[1]))
