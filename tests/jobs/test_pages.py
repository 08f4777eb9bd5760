"""What whoever looks after the site sees of the jobs, and does about them."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask, render_template_string
from sqlalchemy import select

from elearn import cli
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db
from elearn.front.own_data import parts_of
from elearn.jobs.queries import JOBS_A_PAGE
from elearn.jobs.work import MOST_TRIES, WAITS
from tests.cast import Cast
from tests.jobs.desk import Clock, Desk

SOURCE = '{% from "parts/job.html" import job_status %}{{ job_status(line, again="/there") }}'
JOBS = "/coordinate/jobs"


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def failed(desk: Desk, frozen: Clock, **asked: object) -> int:
    """Return a job that has failed for good."""
    desk.then = desk.fall_over
    job_id = desk.ask(**asked)
    for _ in range(MOST_TRIES):
        desk.run()
        frozen.forward(WAITS[-1])
    desk.then = lambda progress: {"written": 1}
    return job_id


def test_the_list_says_how_each_job_fares_and_who_asked_for_it(desk: Desk, frozen: Clock, browse, cast: Cast) -> None:
    broken = failed(desk, frozen, person_id=cast.bruno, key="note:7")
    done = desk.ask(person_id=cast.dora)
    desk.run()
    waiting = desk.ask(due_at=frozen.at + timedelta(hours=2))
    page = browse(cast.root).get(JOBS)
    for words in ("Writing a note", f"job {broken}", "note:7", "failed", "ValueError: no such answer: 7", "by Bruno", "try 5"):
        assert words in page.text
    assert f"job {waiting}" in page.text
    assert page.text.count("Try again") == 1
    failed_ones = browse(cast.root).get(f"{JOBS}?state=failed").text
    assert f"job {broken}" in failed_ones
    assert f"job {done}" not in failed_ones
    assert "No job is like that" in browse(cast.root).get(f"{JOBS}?state=running&name=note").text


def test_what_came_round_and_went_wrong_counts_as_failed_in_the_list(desk: Desk, browse, cast: Cast, monkeypatch) -> None:
    assert "Nothing failed" in browse(cast.root).get(f"{JOBS}?state=failed").text
    monkeypatch.setattr("elearn.jobs.sweep.delete", lambda _table: 1 / 0)
    desk.run("sweep-jobs")
    page = browse(cast.root).get(f"{JOBS}?state=failed")
    assert "went wrong last time" in page.text
    assert "ZeroDivisionError" in page.text
    assert "1 job in the background failed" in browse(cast.root).get("/home").text
    assert "background failed" not in browse(cast.carla).get("/home").text


def test_a_job_that_failed_is_tried_again_which_the_audit_says(desk: Desk, frozen: Clock, browse, cast: Cast) -> None:
    job_id = failed(desk, frozen, key="note:7")
    root = browse(cast.root)
    page = root.get(f"{JOBS}?state=failed")
    action = f"{JOBS}/{job_id}/retry"
    assert root.post(action, page.form(action)).response.headers["Location"] == f"{JOBS}?state=failed&page=1"
    assert root.get("/coordinate/audit").text.count("had a background job tried again") > 0
    with desk.app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "retry-job")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (cast.root, "job", job_id)
    assert (desk.job(job_id).state, desk.job(job_id).tries) == ("queued", 0)
    desk.run()
    assert (desk.job(job_id).state, desk.job(job_id).error) == ("done", "")
    assert "has not failed" in root.post(action, status=409).text


def test_nobody_else_tries_it_again(desk: Desk, frozen: Clock, browse, cast: Cast) -> None:
    job_id = failed(desk, frozen, person_id=cast.bruno)
    for somebody in (cast.bruno, cast.carla, cast.edda):
        browse(somebody).post(f"{JOBS}/{job_id}/retry", status=403)
        browse(somebody).get(JOBS, status=403)
    assert desk.job(job_id).state == "failed"
    browse(cast.root).post(f"{JOBS}/{job_id}/retry", status=303)
    browse(cast.root).post(f"{JOBS}/999999/retry", status=404)


def test_a_job_is_not_tried_again_beside_a_newer_one_with_its_key(desk: Desk, frozen: Clock, browse, cast: Cast) -> None:
    job_id = failed(desk, frozen, key="note:7")
    newer = desk.ask(key="note:7")
    assert f"it is job {newer}" in browse(cast.root).post(f"{JOBS}/{job_id}/retry", status=409).text


def test_the_list_costs_the_same_however_long_it_is(desk: Desk, browse, cast: Cast) -> None:
    root = browse(cast.root)

    def statements() -> int:
        root.get(JOBS)
        with counted_statements() as counted:
            root.get(JOBS)
        return len(counted)

    desk.ask()
    few = statements()
    for _ in range(JOBS_A_PAGE + 1):
        desk.ask(person_id=cast.bruno)
    assert statements() == few <= 6
    assert root.get(f"{JOBS}?page=2").text.count("Writing a note") == 3


def test_a_page_says_how_far_a_job_is(desk: Desk, frozen: Clock) -> None:
    def said(job_id: int) -> str:
        with desk.app.test_request_context():
            return render_template_string(SOURCE, line=desk.job(job_id))

    seen = []

    def look(progress) -> None:
        progress(3, 10)
        seen.append(said(job_id))

    desk.then = look
    job_id = desk.ask(due_at=frozen.at + timedelta(hours=2))
    assert "Not before" in said(job_id)
    assert 'href="/there"' in said(job_id)
    frozen.forward(timedelta(hours=2))
    assert "Not before" not in said(job_id)
    desk.run()
    assert '<progress value="3" max="10">' in seen[0]
    assert "This is done." in said(job_id)
    broken = failed(desk, frozen)
    assert "on our side" in said(broken)
    assert "ValueError" not in said(broken)


def test_what_somebody_asked_for_is_among_their_data(desk: Desk, cast: Cast) -> None:
    job_id = desk.ask(person_id=cast.bruno)
    desk.ask(person_id=cast.dora)
    with desk.app.app_context():
        [part] = [part for part in parts_of(cast.bruno) if part.key == "jobs"]
        assert [line["id"] for line in part.lines] == [job_id]


def test_the_operator_lists_jobs_and_has_them_tried_again(desk: Desk, frozen: Clock, monkeypatch) -> None:
    monkeypatch.setattr(cli, "create_app", lambda _settings: desk.app)
    monkeypatch.setattr(cli, "settings_here", lambda: None)
    job_id = failed(desk, frozen)

    def elearn(*words: str, status: int = 0) -> str:
        outcome = CliRunner().invoke(cli.main, words)
        assert outcome.exit_code == status, outcome.output
        return outcome.output

    assert f"{job_id}\tnote\t-\tfailed" in elearn("jobs", "list", "--state", "failed")
    [listed] = json.loads(elearn("jobs", "list", "--name", "note", "--json"))
    assert (listed["id"], listed["state"], listed["tries"]) == (job_id, "failed", MOST_TRIES)
    assert listed["error"].startswith("ValueError")
    elearn("jobs", "retry", str(job_id))
    assert "has not failed" in elearn("jobs", "retry", str(job_id), status=1)
    assert "no job" in elearn("jobs", "retry", "999999", status=1)
    assert f"{job_id}\tnote\tdone" in elearn("jobs", "work", "--once")
    desk.then = desk.fall_over
    desk.ask()
    elearn("jobs", "work", "--once", status=1)
