"""One unit of work per request: committed whole below 400, rolled back above; many writers at once lose nothing."""

import sqlite3
import threading
import time

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from elearn.adaptation.models import Course, Edition
from elearn.db import BUSY_TIMEOUT_MS, db, unit_of_work, writing
from elearn.learning.models import Enrolment, SectionMark
from tests.cast import Cast

SLUG = "introduction-to-cybercrime"


def test_reading_writes_nothing(app: Flask, browse, cast: Cast) -> None:
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda c, cur, s, *rest: statements.append(s))
    browsers = [browse(person) for person in (None, cast.ana, cast.bruno, cast.carla)]
    statements.clear()
    for browser in browsers:
        for path in (
            "/",
            "/modules/",
            "/home",
            f"/classes/{cast.classes['Bruno']}/",
            f"/classes/{cast.classes['Bruno']}/{SLUG}/introduction",
            "/teach/",
            "/coordinate/people",
        ):
            browser.client.get(path)
    writing = [s for s in statements if s.split()[0].upper() not in {"SELECT", "BEGIN", "WITH"}]
    assert not writing


def test_many_writers_at_once_lose_nothing(app: Flask, browse, cast: Cast) -> None:
    """24 students press at the same moment; a plain BEGIN made most of these fail on SQLite."""
    students = []
    for number in range(24):
        student = browse()
        student.submit(
            "/sign-up", {"name": f"S{number}", "email": f"s{number}@example.org", "password": "long enough now", "role": "student"}
        )
        student.submit("/join", {"code": cast.codes["Bruno"]})
        students.append(student)
    path = f"/classes/{cast.classes['Bruno']}/{SLUG}/"
    statuses: list[int] = []

    def press(student) -> None:
        for key in ("introduction", "who-is-connected", "conclusion"):
            answer = student.client.post(path + key, data={"state": "done", "csrf_token": student.csrf_token})
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=press, args=(student,)) for student in students]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303] * 72
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SectionMark)) == 72
        assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.role == "student")) == 26


def test_a_refusal_leaves_nothing_half_written(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    """The last step of making a class fails: neither course nor edition nor class is there."""
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Course)), db.session.scalar(select(func.count()).select_from(Edition))
    browse(cast.bruno).post(
        "/teach/classes/new",
        {
            "title": "T",
            "institution": str(cast.institutions["LAG"]),
            "modules": SLUG,
            "starts_on": "2026-01-01",
            "ends_on": "2099-01-01",
            "timezone": "No/Where",
        },
        422,
    )
    with app.app_context():
        after = db.session.scalar(select(func.count()).select_from(Course)), db.session.scalar(select(func.count()).select_from(Edition))
    assert after == before


def test_what_is_read_after_a_request_that_wrote_holds_nobody_up(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    browser.post(f"/classes/{cast.classes['Bruno']}/{SLUG}/quiz")
    assert not writing.get()


def writers_place(path: str) -> sqlite3.Connection:
    """Return a connection that is in the one writer's place."""
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    return holder


@pytest.mark.sqlite
def test_a_writer_waits_for_the_place_of_the_one_before(app: Flask) -> None:
    with app.app_context():
        holder = writers_place(str(db.engine.url.database))
        waited_from = time.monotonic()
        watch = threading.Timer(0.2, holder.rollback)
        watch.start()
        with unit_of_work():
            assert db.session.scalar(text("PRAGMA busy_timeout")) == BUSY_TIMEOUT_MS
        watch.join()
        holder.close()
        assert time.monotonic() - waited_from >= 0.2


@pytest.mark.sqlite
def test_a_writer_who_waits_too_long_is_told_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        holder = writers_place(str(db.engine.url.database))
        monkeypatch.setattr("elearn.db.BUSY_TIMEOUT_MS", 50)
        with pytest.raises((sqlite3.OperationalError, OperationalError), match="locked"), unit_of_work():
            db.session.scalar(text("SELECT 1"))
        holder.rollback()
        with unit_of_work():
            assert db.session.scalar(text("SELECT 1")) == 1
        holder.close()
