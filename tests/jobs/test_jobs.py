"""Jobs: written down with what they belong to, run after it, at least once, and by one worker at a time."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.db import counted_statements, db, unit_of_work
from elearn.errors import Conflict, NotFound
from elearn.jobs import leases, runner, sweep
from elearn.jobs.models import Job
from elearn.jobs.queries import JobLine, job_of, newest_jobs
from elearn.jobs.runner import run_due
from elearn.jobs.service import enqueue
from elearn.jobs.work import HELD_FOR, MOST_TRIES, WAITS, every
from tests.jobs.desk import Clock, Desk


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def site(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        yield empty_app


def now(job_id: int) -> JobLine:
    db.session.rollback()
    return job_of(job_id)


@pytest.fixture
def desk(site: Flask) -> Desk:
    return Desk(site)


def test_a_job_runs_after_the_commit_with_its_arguments_and_keeps_what_came_of_it(desk: Desk) -> None:
    desk.then = lambda progress: progress(3, 3) or {"written": 3}
    with unit_of_work():
        job_id = enqueue("note", {"words": "a word"})
        assert desk.written == []
    assert job_of(job_id).state == "queued"
    run_due("note")
    assert desk.written == ["a word"]
    line = job_of(job_id)
    assert (line.state, line.progress, line.result, line.error, line.tries) == ("done", (3, 3), {"written": 3}, "", 1)
    assert run_due("note") == []


def test_nothing_runs_for_what_was_rolled_back(desk: Desk) -> None:
    with suppress(RuntimeError), unit_of_work():
        enqueue("note", {"words": "never"})
        raise RuntimeError
    assert run_due("note") == []
    assert desk.written == []


def test_a_kind_of_job_that_nobody_runs_is_refused_at_once(site: Flask) -> None:
    with pytest.raises(LookupError), unit_of_work():
        enqueue("nonsense")


def test_asking_again_for_a_job_that_waits_finds_the_first(desk: Desk) -> None:
    first = desk.ask("first", key="note:7")
    assert desk.ask("second", key="note:7") == first
    assert desk.ask("another", key="note:8") != first
    assert [line.state for line in run_due("note")] == ["done", "done"]
    assert desk.written == ["first", "another"]
    third = desk.ask("third", key="note:7")
    assert third != first
    line = now(third)
    assert newest_jobs(["note:7", "note:9"]) == {"note:7": line}


def test_a_job_without_a_key_is_asked_for_as_often_as_one_likes(desk: Desk) -> None:
    assert desk.ask() != desk.ask()


def test_asked_for_while_it_runs_it_runs_once_more(desk: Desk) -> None:
    def change_something(progress: object) -> None:
        if len(desk.written) == 1:
            assert desk.ask("late", key="note:7") == first

    desk.then = change_something
    first = desk.ask("early", key="note:7")
    assert [line.id for line in run_due("note")] == [first, first]
    assert desk.written == ["early", "early"]
    assert job_of(first).state == "done"


def test_a_job_waits_until_it_is_due_and_comes_sooner_where_somebody_wants_it_sooner(desk: Desk, frozen: Clock) -> None:
    deadline = frozen.at + timedelta(hours=1)
    first = desk.ask(key="close:1", due_at=deadline)
    assert run_due("note") == []
    desk.ask(key="close:1", due_at=deadline + timedelta(hours=1))
    assert job_of(first).due_at == deadline
    desk.ask(key="close:1", due_at=deadline - timedelta(minutes=50))
    frozen.forward(timedelta(minutes=10))
    assert [line.id for line in run_due("note")] == [first]


def test_what_goes_wrong_is_tried_again_later_each_time_then_failed_with_its_error(desk: Desk, frozen: Clock) -> None:
    desk.then = desk.fall_over
    job_id = desk.ask()
    for number, wait in enumerate(WAITS, start=1):
        assert len(run_due("note")) == 1
        line = job_of(job_id)
        assert (line.state, line.tries, line.due_at) == ("queued", number, frozen.at + wait)
        assert run_due("note") == []
        frozen.forward(wait)
    run_due("note")
    line = job_of(job_id)
    assert (line.state, line.tries) == ("failed", MOST_TRIES)
    assert line.what_went_wrong == "ValueError: no such answer: 7"
    assert "desk.py" in line.where_it_went_wrong
    frozen.forward(timedelta(days=1))
    assert run_due("note") == []
    assert len(desk.written) == MOST_TRIES


def test_a_refusal_fails_a_job_at_once_in_its_own_words_but_who_was_slower_tries_again(desk: Desk) -> None:
    def refuse(refusal: Exception) -> Callable[..., None]:
        def raise_it(progress: object) -> None:
            raise refusal

        return raise_it

    desk.then = refuse(NotFound("The question is gone."))
    gone = desk.ask()
    run_due("note")
    desk.then = refuse(Conflict("Somebody was faster."))
    slower = desk.ask()
    run_due("note")
    assert (job_of(gone).state, job_of(gone).error) == ("failed", "The question is gone.")
    assert (job_of(slower).state, job_of(slower).error) == ("queued", "Somebody was faster.")


def test_what_an_error_of_the_database_says_leaves_out_what_was_written(desk: Desk) -> None:
    def write_nonsense(progress: object) -> None:
        with unit_of_work():
            db.session.execute(Job.__table__.insert(), {"name": f"secret-{7}", "state": "nonsense"})

    desk.then = write_nonsense
    job_id = desk.ask()
    run_due("note")
    assert "IntegrityError" in job_of(job_id).what_went_wrong
    if db.engine.dialect.name == "sqlite":
        assert "secret-7" not in job_of(job_id).error


def test_a_job_whose_worker_is_gone_is_anybody_s_and_the_late_worker_changes_nothing(desk: Desk, frozen: Clock) -> None:
    job_id = desk.ask()
    lost = leases.take(["note"], "gone")
    assert lost is not None
    assert leases.take(["note"], "another") is None
    frozen.forward(HELD_FOR)

    def speak_late(*_progress: object) -> None:
        assert not leases.write_progress(lost, 1, 2)
        leases.finish(lost, {"late": True})
        leases.go_wrong(lost, "late", for_good=True)
        leases.put_back(lost)
        frozen.forward(HELD_FOR / 2)
        leases.renew([lost])
        line = now(job_id)
        assert (line.state, line.tries, line.error, line.progress) == ("running", 2, "", (0, 0))
        assert db.session.get_one(Job, job_id).held_until == frozen.at + HELD_FOR / 2

    desk.then = speak_late
    run_due("note")
    line = job_of(job_id)
    assert (line.state, line.result, line.error, line.tries) == ("done", None, "", 2)
    leases.finish(lost, {"late": True})
    assert now(job_id).result is None


def test_a_renewed_lease_keeps_the_job(desk: Desk, frozen: Clock) -> None:
    desk.ask()
    held = leases.take(["note"], "slow")
    assert held is not None
    frozen.forward(HELD_FOR / 2)
    leases.renew([held])
    frozen.forward(HELD_FOR * 3 / 4)
    assert leases.take(["note"], "another") is None


def test_a_worker_that_lost_its_job_stops_at_its_next_word(desk: Desk, frozen: Clock) -> None:
    def dawdle(progress: Callable[[int, int], None]) -> None:
        if len(desk.written) == 1:
            frozen.forward(HELD_FOR)
            run_due("note")
            progress(1, 2)
            desk.written.append("went on")

    desk.then = dawdle
    job_id = desk.ask("slow")
    run_due("note")
    assert desk.written == ["slow", "slow"]
    assert (job_of(job_id).state, job_of(job_id).tries) == ("done", 2)


def test_a_job_that_takes_every_worker_down_with_it_is_given_up(desk: Desk, frozen: Clock) -> None:
    job_id = desk.ask()
    for number in range(MOST_TRIES):
        assert leases.take(["note"], f"gone {number}") is not None
        frozen.forward(HELD_FOR)
    assert leases.take(["note"], "one more") is None
    assert (job_of(job_id).state, job_of(job_id).error) == ("failed", leases.LOST)


def test_a_process_that_ends_leaves_its_job_to_the_next(site: Flask, desk: Desk) -> None:
    storage = site.extensions["jobs"].queue.storage

    def end(progress: Callable[[int, int], None]) -> None:
        storage.is_stopping = len(desk.written) == 1
        progress(1, 2)

    desk.then = end
    job_id = desk.ask()
    run_due("note")
    assert (job_of(job_id).state, job_of(job_id).tries) == ("queued", 0)
    storage.is_stopping = False
    run_due("note")
    assert (job_of(job_id).state, job_of(job_id).tries) == ("done", 1)


def test_progress_is_written_about_once_a_second_and_never_within_a_unit_of_work(desk: Desk) -> None:
    seen = []

    def count(progress: Callable[[int, int], None]) -> None:
        with unit_of_work():
            progress(1, 100)
        seen.append(now(job_id).progress)
        for number in range(2, 100):
            progress(number, 100)
        seen.append(now(job_id).progress)
        progress(100, 100)

    desk.then = count
    job_id = desk.ask()
    run_due("note")
    assert seen == [(0, 0), (2, 100)]
    assert job_of(job_id).progress == (100, 100)


def test_what_comes_round_runs_once_in_each_interval(site: Flask, frozen: Clock) -> None:
    ran = []

    @every(seconds=30, name="tick")
    def tick(progress):
        ran.append(clock.now())

    runner.add(site, tick)
    for _second in range(90):
        run_due("tick")
        frozen.forward(timedelta(seconds=1))
    assert [at.second for at in ran] == [7, 30, 0, 30]
    assert db.session.scalar(select(Job.seconds).where(Job.name == "tick")) == 30
    assert len(db.session.scalars(select(Job).where(Job.name == "tick")).all()) == 1


def test_what_comes_round_and_goes_wrong_comes_round_again_with_its_error_kept_until_it_goes_well(site: Flask, frozen: Clock) -> None:
    faults = [ValueError("away")]

    @every(seconds=3600, name="tick")
    def tick(progress):
        if faults:
            raise faults.pop()

    runner.add(site, tick)
    [line] = run_due("tick")
    assert (line.state, line.what_went_wrong, line.due_at) == ("queued", "ValueError: away", frozen.at + WAITS[0])
    frozen.forward(WAITS[0])
    [line] = run_due("tick")
    assert (line.state, line.error, line.tries) == ("queued", "", 0)
    assert line.due_at == frozen.at.replace(hour=13, minute=0, second=0)


def test_old_jobs_are_forgotten_the_failed_ones_later(desk: Desk, frozen: Clock) -> None:
    done = desk.ask()
    run_due("note")
    desk.then = lambda progress: db.session.get_one(Job, -1)
    waiting = desk.ask(due_at=frozen.at + timedelta(days=365))
    frozen.forward(sweep.DONE_IS_KEPT)
    run_due("sweep-jobs")
    assert job_of(done)
    frozen.forward(timedelta(days=1))
    run_due("sweep-jobs")
    with pytest.raises(NotFound):
        job_of(done)
    assert job_of(waiting).state == "queued"


def test_asking_costs_a_statement_and_so_does_a_look_that_finds_nothing(desk: Desk) -> None:
    with unit_of_work(), counted_statements() as asked:
        enqueue("note", {"words": "a word"}, key="note:7")
    assert len(asked) == 1
    run_due()
    db.session.rollback()
    with counted_statements() as looked:
        assert leases.take(["note"], "worker") is None
    assert len(looked) == 1


def test_what_nobody_can_keep_is_the_job_s_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nor can the test runner pass on what is logged of it.
    monkeypatch.setattr(logging.getLogger("huey"), "disabled", True)
    desk.then = lambda progress: {"a set": {1}}
    job_id = desk.ask()
    run_due("note")
    assert job_of(job_id).what_went_wrong.startswith("TypeError")

    def say_what_no_text_holds(progress: object) -> None:
        raise ValueError("zero \x00 and half \ud800")

    desk.then = say_what_no_text_holds
    other_id = desk.ask()
    run_due("note")
    assert job_of(other_id).what_went_wrong == "ValueError: zero and half ?"


def test_a_key_that_the_database_would_cut_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="no key"):
        desk.ask(key="k" * 101)


def test_two_kinds_of_job_do_not_share_a_name(site: Flask, desk: Desk) -> None:
    with pytest.raises(ValueError, match="note"):
        Desk(site)
