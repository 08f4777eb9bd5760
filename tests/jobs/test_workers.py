"""Workers in processes of their own: killed, stopped, and several at once."""

import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from sqlalchemy import text

from elearn.config import HOUSE
from elearn.db import db, unit_of_work
from elearn.jobs import runner
from elearn.jobs.queries import JobLine, job_of
from elearn.jobs.service import enqueue
from tests.applications import SECRET
from tests.jobs import worker
from tests.run import free_port

pytestmark = [pytest.mark.server, pytest.mark.slow]
LINES = 40


class Yard:
    """A database with jobs, and processes that work on them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.url = app.config["SQLALCHEMY_DATABASE_URI"]
        runner.add(app, *worker.JOBS)
        with app.app_context(), unit_of_work():
            for table in worker.TABLES:
                db.session.execute(text(table))

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen([sys.executable, "-m", "tests.jobs.worker", self.url], cwd=HOUSE)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def ask(self, name: str, **arguments: Any) -> int:
        with self.app.app_context(), unit_of_work():
            return enqueue(name, arguments)

    def job(self, job_id: int) -> JobLine:
        with self.app.app_context():
            return job_of(job_id)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(text(statement))]

    def begun(self, like: str) -> Counter[str]:
        return Counter(what for (what,) in self.rows(f"select what from begun where what like '{like}%'"))


@pytest.fixture
def yard(empty_app: Flask) -> Yard:
    return Yard(empty_app)


def wait_until(so: Callable[[], object], seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.05)


def test_a_job_whose_worker_was_killed_is_finished_by_another_each_line_once(yard: Yard) -> None:
    job_id = yard.ask("write-lines", lines=LINES)
    with yard.worker() as first:
        wait_until(lambda: len(yard.rows("select 1 from line")) > LINES / 4)
        first.send_signal(signal.SIGKILL)
        first.wait()
    left = yard.job(job_id)
    assert (left.state, left.tries) == ("running", 1)
    assert len(yard.rows("select 1 from line")) < LINES
    with yard.worker() as second:
        wait_until(lambda: yard.job(job_id).state == "done")
    line = yard.job(job_id)
    assert (line.tries, line.result, line.progress, line.error) == (2, {"lines": LINES}, (LINES, LINES), "")
    written = yard.rows("select number, process from line order by number")
    assert [number for number, _process in written] == list(range(LINES))
    assert {process for _number, process in written} == {first.pid, second.pid}
    assert yard.begun("write-lines") == {"write-lines": 2}


def test_a_worker_that_is_asked_to_end_leaves_its_job_to_the_next_at_once(yard: Yard) -> None:
    job_id = yard.ask("write-lines", lines=LINES * 100)
    with yard.worker() as first:
        wait_until(lambda: yard.job(job_id).state == "running" and yard.rows("select 1 from line"))
        first.send_signal(signal.SIGTERM)
        assert first.wait(timeout=15) == 0
    left = yard.job(job_id)
    assert (left.state, left.tries, left.error) == ("queued", 0, "")


def test_two_workers_run_each_job_once_also_one_that_takes_longer_than_its_lease(yard: Yard) -> None:
    long = yard.ask("think", number=0, seconds=worker.HELD_SECONDS * 2.5)
    short = [yard.ask("think", number=number, seconds=0.02) for number in range(1, 31)]
    with yard.worker(), yard.worker():
        wait_until(lambda: all(yard.job(job_id).state == "done" for job_id in (long, *short)))
    assert yard.begun("think") == {f"think {number}": 1 for number in range(31)}
    assert yard.job(long).tries == 1


def test_what_comes_round_comes_once_in_each_interval_with_two_workers_also_beside_a_long_job(yard: Yard) -> None:
    for number in range(6):
        yard.ask("think", number=number, seconds=60)
    with yard.worker(), yard.worker():
        wait_until(lambda: len(yard.begun("think")) == 2)
        time.sleep(1)
        before = len(yard.begun("tick"))
        wait_until(lambda: len(yard.begun("tick")) > before + 4)
        assert len(yard.begun("think")) == 2
    assert set(yard.begun("tick").values()) == {1}


SWEPT = ("sweep-jobs", "queued", 1, "")


def jobs_in(file: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        if not connection.execute("select 1 from sqlite_master where name = 'job'").fetchall():
            return []
        return connection.execute("select name, state, finished_at is not null, error from job").fetchall()


@contextmanager
def server(*command: str, **settings: str) -> Iterator[None]:
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(HOUSE)} | settings
    process = subprocess.Popen([sys.executable, *command], env=environment, cwd=HOUSE)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0


def test_a_laptop_runs_jobs_from_its_start(tmp_path: Path) -> None:
    """The sweeping of old jobs is due at the first start, before anybody has asked for a page."""
    code = "from elearn.cli import main; main()"
    with server("-c", code, "run", "--port", "0", "--workers", "2", ELEARN_DATA_DIR=str(tmp_path)):
        wait_until(lambda: SWEPT in jobs_in(tmp_path / "elearn.sqlite3"), 90)
    names = [name for name, *_rest in jobs_in(tmp_path / "elearn.sqlite3")]
    assert len(names) == len(set(names)), "each comes round once, though there are two workers"


@pytest.mark.parametrize("mode", ["thread", "none"])
def test_a_server_under_gunicorn_runs_jobs_from_its_first_request_unless_told_not_to(empty_app: Flask, tmp_path: Path, mode: str) -> None:
    yard = Yard(empty_app)
    settings = {"ELEARN_DATABASE_URL": yard.url, "ELEARN_SECRET_KEY": SECRET, "ELEARN_JOBS": mode}
    port = free_port()

    def swept() -> bool:
        return bool(yard.rows("select 1 from job where name = 'sweep-jobs' and finished_at is not null"))

    def answers() -> bool:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return bool(answer.status == 200)
        return False

    with server("-m", "gunicorn", "--preload", "--workers", "1", "--threads", "2", "-b", f"127.0.0.1:{port}", "wsgi:app", **settings):
        wait_until(answers)
        if mode == "thread":
            wait_until(swept)
        else:
            time.sleep(2)
            assert not swept()
