"""huey, the queue library, over our own table: it runs jobs and catches what they raise; what it has to keep are our rows.

A job is enqueued by ``service.enqueue``, in the transaction of the act it belongs to, never through huey.
"""

import json
import os
import secrets
import socket
import threading
import time
import traceback
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from flask import Flask
from huey import CancelExecution, Huey
from huey.constants import EmptyData
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage
from huey.utils import Error
from sqlalchemy.exc import DBAPIError

from elearn import db
from elearn.errors import Conflict, Refusal, TooMany
from elearn.jobs import leases
from elearn.jobs.leases import Held
from elearn.jobs.work import LONGEST_NAME, MOST_TRIES, Work

PROGRESS_EVERY_SECONDS = 1.0
LONGEST_ERROR = 500
LONGEST_TRACE = 6000


class _AsTheyAre(Serializer):
    """Gives the storage what huey wants to keep, instead of bytes of it."""

    def serialize(self, data: Any) -> Any:
        return data

    def deserialize(self, data: Any) -> Any:
        return data


class _Rows(BaseStorage):
    """Rows of the table ``job`` as huey's storage."""

    priority = False

    def __init__(self, name: str, *, app: Flask) -> None:
        super().__init__(name)
        self.app = app
        self.works: dict[str, Work] = {}
        #: What this process runs now, by the name of the try, which is its id for huey; a keeper renews their leases.
        self.running: dict[str, Held] = {}
        #: So many jobs that were asked for run here at once; whoever is free besides takes what comes round, which waits for no long job.
        self.most_at_once: int | None = None
        self.lock = threading.Lock()
        self.is_stopping = False

    def dequeue(self) -> Message | None:
        """Return the next job as huey's message, held for this process."""
        return self.dequeue_of(list(self.works))

    def dequeue_of(self, names: Collection[str]) -> Message | None:
        """Return the next job that is called so."""
        if self.is_stopping:
            return None
        worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
        with self.lock, self.app.app_context():
            asked_for = sum(not held.is_a_turn for held in list(self.running.values()))
            is_full = self.most_at_once is not None and asked_for >= self.most_at_once
            held = leases.take(names, worker, only_turns=is_full)
            if held is None:
                return None
            self.running[held.worker] = held
        # huey's tries: what is left after this one. A delay that is not nothing keeps it from trying again on the spot.
        return Message(held.worker, f"{__name__}.{held.name}", retries=MOST_TRIES - held.tries, retry_delay=1, kwargs=dict(held.arguments))

    def put_data(self, key: str, value: Any, is_result: bool = False) -> None:  # noqa: FBT001, FBT002 (huey's signature)
        """Write down how a try of a job ended."""
        held = self.running.get(key)
        if not is_result or held is None:
            return
        with self.app.app_context():
            if isinstance(value, Error):
                leases.go_wrong(held, value.metadata["error"], for_good=not value.metadata["retries"])
            else:
                leases.finish(held, value)

    def add_to_schedule(self, data: Message, ts: datetime) -> None:
        """Do nothing: that it is tried again, and when, was written down with its error."""

    def peek_many(self, keys: list[str]) -> dict[str, Any]:  # noqa: ARG002 (huey's signature)
        """Return nothing: huey asks whether a job was revoked."""
        return {}

    def pop_data(self, key: str) -> Any:  # noqa: ARG002 (huey's signature)
        """Return that there is nothing."""
        return EmptyData

    def renew(self) -> None:
        """Hold what this process runs for as long again."""
        held = list(self.running.values())
        if held:
            with self.app.app_context():
                leases.renew(held)


class Queue(Huey):
    """The jobs of an application."""

    storage: _Rows

    def __init__(self, app: Flask) -> None:
        super().__init__("elearn", serializer=_AsTheyAre(), storage_class=_Rows, store_none=True, store_intermediate_errors=True, app=app)
        self.app = app

    def add(self, work: Work) -> None:
        """Have jobs of this kind run."""
        if work.name in self.storage.works or not 0 < len(work.name) <= LONGEST_NAME:
            raise ValueError(f"no name for a kind of job, or another one's: {work.name}")
        self.storage.works[work.name] = work
        self.task(name=work.name, context=True)(self._runner_of(work))

    def _runner_of(self, work: Work) -> Callable[..., Any]:
        def run(*, task: Any, **arguments: Any) -> Any:
            held = self.storage.running[task.id]
            with self.app.app_context(), self.app.test_request_context(base_url=self.app.config["BASE_URL"]):
                try:
                    result = work.function(_Written(self.storage, held), **arguments)
                except (Conflict, TooMany):
                    raise
                except Refusal as refusal:
                    # It would say the same another time.
                    raise CancelExecution(retry=False) from refusal
            # What cannot be kept is the job's fault, and said with it.
            json.dumps(result)
            return result

        return run

    def dequeue_of(self, names: Collection[str]) -> Any:
        """Return the next job, held for this process, of those called so; None: nothing is due."""
        message = self.storage.dequeue_of(names)
        return None if message is None else self.deserialize_task(message)

    def plan(self) -> None:
        """Leave a row for each job that comes round by itself."""
        with self.app.app_context():
            leases.plan(list(self.storage.works.values()))

    def execute(self, task: Any, timestamp: datetime | None = None) -> Any:
        """Run a job that was taken, and write down how it ended."""
        try:
            return super().execute(task, timestamp)
        finally:
            self.storage.running.pop(task.id, None)

    def build_error_result(self, task: Any, exception: BaseException) -> dict[str, Any]:
        """Return what is kept of what went wrong: in a line what, then where; no statement's parameters, which may be anybody's data."""
        cause = exception.__cause__ if isinstance(exception, CancelExecution) and exception.__cause__ else exception
        said = cause.orig if isinstance(cause, DBAPIError) and cause.orig else cause
        first = " ".join(_plain(str(said)).split())[:LONGEST_ERROR]
        if isinstance(cause, Refusal):
            return {"error": first or type(cause).__name__, "retries": task.retries}
        places = cause.__traceback__
        while places is not None and places.tb_frame.f_globals["__name__"].startswith(("huey.", __name__)):
            places = places.tb_next
        where = "".join(traceback.format_tb(places))[-LONGEST_TRACE:]
        return {"error": f"{type(cause).__name__}: {first}\n{_plain(where)}".rstrip(), "retries": task.retries}


def _plain(text: str) -> str:
    """Return the text without what no database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class _Written:
    """Progress that is written down."""

    def __init__(self, storage: _Rows, held: Held) -> None:
        self.storage = storage
        self.held = held
        self.written = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Keep how far the job is; end this try where the job is somebody else's by now, or this process is about to end."""
        if db.writing.get():
            # Within a unit of work: SQLite has one writer, and what is undone was never done. The next call says it.
            return
        if self.storage.is_stopping:
            with self.storage.app.app_context():
                leases.put_back(self.held)
            raise CancelExecution(retry=False)
        if time.monotonic() < self.written + PROGRESS_EVERY_SECONDS and done < total:
            return
        with self.storage.app.app_context():
            is_ours = leases.write_progress(self.held, done, total)
        if not is_ours:
            raise CancelExecution(retry=False)
        self.written = time.monotonic()
