"""The server is killed while a quiz is answered. Every answer that was acknowledged is there afterwards, and every other arrives."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Response

from tests.applications import SECRET
from tests.browser.conftest import Walker
from tests.browser.quizzing import begin, by_control, give, held, questions, standing_answers, told

pytestmark = [pytest.mark.browser, pytest.mark.server]


@dataclass
class Gunicorn:
    """The site as it is served in earnest, on a database of a test."""

    url: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Gunicorn":
        settings = {"ELEARN_DATABASE_URL": self.url, "ELEARN_SECRET_KEY": SECRET, "ELEARN_BASE_URL": self.site}
        command = [sys.executable, "-c", "from elearn.cli import main; main()", "run", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait_until_it_answers()
        return self

    def wait_until_it_answers(self) -> None:
        for _ in range(600):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                    line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
                    if line.recv(12).endswith(b"200"):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        pytest.fail("the server does not answer")

    def workers(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_workers(self) -> list[int]:
        killed = self.workers()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return killed

    def kill(self) -> None:
        """Kill the master first, so that it starts no other worker."""
        assert self.process is not None
        if self.process.poll() is not None:
            return
        workers = self.workers()
        self.process.kill()
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Heard:
    """What the server has acknowledged to a page."""

    answers: dict[str, list[object]] = field(default_factory=dict)

    def listen(self, walker: Walker) -> "Heard":
        walker.page.on("response", self._note)
        return self

    def _note(self, response: Response) -> None:
        if response.url.endswith("/answers") and response.status == 200:
            for each in json.loads(response.request.post_data or "")["answers"]:
                self.answers.setdefault(each["item"], []).append(each["response"])


@pytest.fixture
def gunicorn(app: Flask) -> Iterator[Gunicorn]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    server = Gunicorn(url, port).start()
    yield server
    server.kill()


@pytest.fixture
def student(chromium: Browser, gunicorn: Gunicorn) -> Iterator[Walker]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en")
    context.set_default_timeout(30_000)
    yield begin(Walker(context.new_page(), gunicorn.site, script=True))
    context.close()


def check(app: Flask, walker: Walker, heard: Heard) -> None:
    """Every answer of the form is in the database, and so is the last one acknowledged to each question."""
    stood = standing_answers(app)
    assert stood == held(walker.page)
    assert len({name.split(".")[0] for name in stood}) == questions(walker)
    assert set(heard.answers) <= {name.split(".")[0] for name in stood}


def acknowledged_stand(app: Flask, heard: Heard) -> None:
    """What was acknowledged so far is in the database at this moment."""
    stood = standing_answers(app)
    for key, responses in heard.answers.items():
        for control, values in by_control(key, responses[-1]).items():
            assert stood[control] == values, control


def test_workers_killed_between_answers_lose_none(app: Flask, gunicorn: Gunicorn, student: Walker) -> None:
    heard = Heard().listen(student)
    killed: set[int] = set()
    for number in range(questions(student)):
        give(student, number)
        if number % 3 == 0:
            told(student, "saved")
        # Now in the quiet before it is sent, now while it is on its way.
        student.page.wait_for_timeout(790 if number % 2 else 0)
        killed.update(gunicorn.kill_workers())
        acknowledged_stand(app, heard)
    told(student, "saved")
    assert len(killed) > 4
    assert heard.answers
    check(app, student, heard)


def test_a_killed_server_that_comes_back_gets_every_answer(app: Flask, gunicorn: Gunicorn, student: Walker) -> None:
    heard = Heard().listen(student)
    many = questions(student)
    for number in range(many // 2):
        give(student, number)
    told(student, "saved")
    acknowledged_stand(app, heard)
    give(student, 0, 1)
    gunicorn.kill()
    for number in range(many // 2, many):
        give(student, number)
    told(student, "failed")
    acknowledged_stand(app, heard)
    gunicorn.start()
    told(student, "saved")
    check(app, student, heard)


def test_a_tab_closed_while_the_server_is_down_is_made_good_later(app: Flask, gunicorn: Gunicorn, student: Walker) -> None:
    attempt = student.page.url
    for number in range(questions(student)):
        give(student, number)
    gunicorn.kill()
    typed = held(student.page)
    student.page.close()
    gunicorn.start()
    later = Walker(student.page.context.new_page(), student.site, script=True)
    later.page.goto(later.site + "/home")
    later.page.wait_for_function("() => !Object.keys(localStorage).some(name => name.startsWith('waiting/'))")
    assert standing_answers(app) == typed
    later.page.goto(attempt)
    assert held(later.page) == typed
