"""A worker in a process of its own, for tests: ``python -m tests.jobs.worker URL``. Its leases are short, so that nobody waits a minute."""

import os
import sys
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import text

from elearn.app import create_app
from elearn.clock import now
from elearn.config import Settings
from elearn.db import db, unit_of_work
from elearn.jobs import leases, runner
from elearn.jobs.work import every, job
from tests.applications import SECRET

HELD_SECONDS = 2
TABLES = ("create table line (number integer primary key, process integer)", "create table begun (what varchar(40), process integer)")


def write(statement: str, **values: object) -> None:
    with unit_of_work():
        db.session.execute(text(statement), values)


def begin(what: str) -> None:
    write("insert into begun (what, process) values (:what, :process)", what=what, process=os.getpid())


@job("write-lines")
def write_lines(progress, *, lines: int):
    """Write so many lines, each once, however often it is begun."""
    begin("write-lines")
    for number in range(lines):
        write("insert into line values (:number, :process) on conflict (number) do nothing", number=number, process=os.getpid())
        progress(number + 1, lines)
        time.sleep(0.05)
    return {"lines": lines}


@job("think")
def think(progress, *, number: int, seconds: float):
    """Take longer than a lease, without a word."""
    begin(f"think {number}")
    time.sleep(seconds)


@every(seconds=1, name="tick")
def tick(progress):
    begin(f"tick {int(now().timestamp())}")


JOBS = (write_lines, think, tick)


def make_worker(url: str) -> Flask:
    app = create_app(Settings.from_environment({}, database_url=url, secret_key=SECRET, base_url="http://localhost"))
    runner.add(app, *JOBS)
    return app


if __name__ == "__main__":
    leases.HELD_FOR = timedelta(seconds=HELD_SECONDS)
    runner.RENEW_EVERY_SECONDS = HELD_SECONDS / 4
    runner.LOOK_EVERY_SECONDS = 0.1
    runner.work_here(make_worker(sys.argv[1]), threads=1)
