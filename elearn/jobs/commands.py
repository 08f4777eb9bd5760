"""`elearn jobs`."""

import json
import sys
from dataclasses import asdict

import click
from flask import current_app

from elearn.db import db, unit_of_work
from elearn.errors import NotFound
from elearn.jobs import queries, runner, service
from elearn.jobs.models import Job
from elearn.jobs.work import State

MOST_LISTED = 1000


@click.group()
def jobs() -> None:
    """Look after the work in the background."""


@jobs.command()
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 16), help="How many jobs run at once.")
@click.option("--once", is_flag=True, help="Run what is due now and end; exit status 1 where something went wrong.")
def work(threads: int, once: bool) -> None:
    """Run jobs until asked to end: where ELEARN_JOBS=none keeps the servers from it, or besides them."""
    if once:
        ran = runner.run_due()
        for line in ran:
            click.echo(f"{line.id}\t{line.name}\t{line.state}\t{line.what_went_wrong}")
        sys.exit(any(line.error for line in ran))
    click.echo("Waiting for jobs. (Ctrl+C ends it)")
    # The context of this command would hold a connection all the while.
    db.session.remove()
    runner.work_here(current_app._get_current_object(), threads)  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's way to the app itself)


@jobs.command("list")
@click.option(
    "--state", default="", type=click.Choice(["", *(state.value for state in State)]), help="Only those: queued, running, done or failed."
)
@click.option("--name", default="", help="Only jobs of this kind.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MOST_LISTED))
@click.option("--json", "as_program", is_flag=True, help="Print them as JSON.")
def list_(state: str, name: str, limit: int, as_program: bool) -> None:
    """List jobs, newest first."""
    lines = [line for line, _asker in queries.newest_first({"state": state, "name": name}, 0, limit)]
    if as_program:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=1, default=lambda moment: moment.isoformat()))
        return
    for line in lines:
        progress = f"{line.progress_done}/{line.progress_total}" if line.progress_total else "-"
        moment = f"{line.due_at:%Y-%m-%d %H:%M:%S}"
        click.echo("\t".join((str(line.id), line.name, line.key or "-", line.state, progress, moment, line.what_went_wrong)).rstrip())


@jobs.command()
@click.argument("job_id", type=click.IntRange(1, 2**31 - 1), metavar="ID")
def retry(job_id: int) -> None:
    """Have a job that failed tried again."""
    with unit_of_work():
        job = db.session.get(Job, job_id, with_for_update=True)
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        service.retry_job(job, person_id=None)
    click.echo(f"Job {job_id} waits for its next try.")
