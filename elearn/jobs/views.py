"""The jobs for those who look after the site: what waits, what runs, what failed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import clock
from elearn.accounts.permissions import Permission
from elearn.jobs import access, queries, service
from elearn.jobs.labels import job_names, state_names
from elearn.web.guard import safe_next, wants
from elearn.web.lists import asked_for, page_of

bp = Blueprint("jobs", __name__)


@bp.get("/coordinate/jobs")
@wants(Permission.LOOK_AFTER_JOBS)
def jobs() -> ResponseReturnValue:
    """Show the jobs that are asked for, newest first."""
    asked = asked_for(state=tuple(state_names()), name=tuple(job_names()))
    page = page_of(queries.count_of_jobs(asked), queries.JOBS_A_PAGE, url_for("jobs.jobs"), asked)
    return render_template(
        "jobs/jobs.html",
        jobs=queries.newest_first(asked, page.offset),
        page=page,
        asked=asked,
        names=job_names(),
        states=state_names(),
        now=clock.now(),
    )


@bp.post("/coordinate/jobs/<int:job_id>/retry")
@wants(Permission.LOOK_AFTER_JOBS)
def retry(job_id: int) -> ResponseReturnValue:
    """Have a job that failed tried again."""
    service.retry_job(access.job_for_retrying(current_user, job_id), person_id=current_user.id)
    flash(_("The job waits for its next try."), "success")
    return redirect(safe_next(request.form.get("next")) or url_for("jobs.jobs"), 303)
