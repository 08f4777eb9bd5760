"""Time and a job for tests."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.db import unit_of_work
from elearn.jobs import runner
from elearn.jobs.queries import JobLine, job_of
from elearn.jobs.runner import run_due
from elearn.jobs.service import enqueue
from elearn.jobs.work import job


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime(2026, 11, 24, 12, 0, 7, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def forward(self, by: timedelta) -> None:
        self.at += by


class Desk:
    """Remembers what the job ``note`` was asked to write; ``then`` is what it does besides."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.written: list[str] = []
        self.then: Callable[..., Any] = lambda _progress: None

        @job("note", title="Writing a note")
        def note(progress, *, words: str):
            self.written.append(words)
            return self.then(progress)

        runner.add(app, note)

    def ask(self, words: str = "a word", **more: Any) -> int:
        with self.app.app_context(), unit_of_work():
            return enqueue("note", {"words": words}, **more)

    def run(self, *names: str) -> list[JobLine]:
        """Run what is due, as if nobody had a page open."""
        with self.app.app_context(), self.app.test_request_context():
            return run_due(*(names or ("note",)))

    def job(self, job_id: int) -> JobLine:
        with self.app.app_context():
            return job_of(job_id)

    def fall_over(self, *_progress: object) -> None:
        raise ValueError("no such answer: 7")
