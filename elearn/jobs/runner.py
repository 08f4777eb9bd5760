"""Who runs jobs: a test itself, threads of each server process, or `elearn jobs work`."""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from flask import Flask, current_app, request_started
from huey.consumer import Consumer, Scheduler, Worker

from elearn.db import db
from elearn.jobs.queries import JobLine, jobs_of
from elearn.jobs.queue import Queue
from elearn.jobs.work import HELD_FOR, works_in

#: So often a worker looks for something to do that it was not woken for.
LOOK_EVERY_SECONDS = 5.0
RENEW_EVERY_SECONDS = HELD_FOR.total_seconds() / 4
#: So long a process that ends waits for its jobs to come to a point where they can be left.
PATIENCE_SECONDS = 10


def init_app(app: Flask, sources: Iterable[ModuleType], mode: str) -> None:
    """Have the jobs that stand in ``sources`` run for ``app``: in threads of each process that serves it (``thread``), or elsewhere."""
    app.extensions["jobs"] = _Workshop(Queue(app), mode)
    add(app, *sources)
    request_started.connect(_at_a_request, app)


def add(app: Flask, *sources: ModuleType | Callable[..., Any]) -> None:
    """Have jobs of further modules, or further functions, run for ``app``."""
    for work in works_in(sources):
        app.extensions["jobs"].queue.add(work)


def run_due(*names: str) -> list[JobLine]:
    """Run what is due, here and now, until nothing is; return each job that was run, as it is now. ``names``: only such jobs.

    Call it outside a unit of work.
    """
    queue: Queue = current_app.extensions["jobs"].queue
    queue.plan()
    wanted, ran = names or tuple(queue.storage.works), []
    while (task := queue.dequeue_of(wanted)) is not None:
        ran.append(queue.storage.running[task.id].id)
        queue.execute(task)
    # What the caller read before is not how things are now.
    db.session.rollback()
    return jobs_of(ran)


def wake() -> None:
    """Have the workers of this process, if it has any, look for something to do."""
    current_app.extensions["jobs"].bell.set()


def start(app: Flask) -> None:
    """Have this process run jobs in threads of its own, where that is its mode; call it after the process was forked."""
    workshop: _Workshop = app.extensions["jobs"]
    if workshop.mode == "thread" and not app.testing:
        workshop.open()


def work_here(app: Flask, threads: int) -> None:
    """Run jobs in this process until it is asked to end."""
    _Crew(app.extensions["jobs"], threads=threads, shutdown_timeout=PATIENCE_SECONDS).run()


def _at_a_request(sender: Flask, **_: object) -> None:
    # A server that was forked has no threads yet. From then on this is a comparison.
    if sender.extensions["jobs"].process != os.getpid():
        start(sender)


class _Workshop:
    """Where the jobs of an application are run in this process."""

    def __init__(self, queue: Queue, mode: str) -> None:
        self.queue = queue
        self.mode = mode
        self.bell = threading.Event()
        self.process = 0
        self.lock = threading.Lock()

    def open(self) -> None:
        """Start the threads, once in a process."""
        with self.lock:
            if self.process == os.getpid():
                return
            self.process = os.getpid()
        crew = _CrewOfAServer(self, threads=1)
        atexit.register(self.close, crew)
        threading.Thread(target=crew.run, name="jobs", daemon=True).start()

    def close(self, crew: "_Crew") -> None:
        """End the threads at the next point where their jobs can be left: the next process takes them at once."""
        if self.process == os.getpid():
            crew.stop()
            until = time.monotonic() + PATIENCE_SECONDS
            for _worker, thread in crew.worker_threads:
                thread.join(max(0.0, until - time.monotonic()))


class _Worker(Worker):
    """Looks every few seconds, and when somebody rings."""

    def __init__(self, workshop: _Workshop, **options: Any) -> None:
        super().__init__(**options)
        self.bell = workshop.bell

    def sleep(self) -> None:
        """Wait for the bell."""
        self.bell.wait(LOOK_EVERY_SECONDS)
        self.bell.clear()


class _Keeper(Scheduler):
    """Renews the leases of what runs here, and sees to it that what comes round has a row."""

    huey: Queue

    def initialize(self) -> None:
        """Plan what comes round."""
        self.huey.plan()

    def loop(self, now: Any = None) -> None:  # noqa: ARG002 (huey's signature)
        """Renew once, and wait."""
        self.huey.storage.renew()
        self.stop_flag.wait(RENEW_EVERY_SECONDS)


class _Crew(Consumer):
    """The threads: as many as jobs may run at once, one more for jobs that come round, and the keeper of their leases."""

    scheduler_class = _Keeper

    def __init__(self, workshop: _Workshop, *, threads: int, **options: Any) -> None:
        self.workshop = workshop
        workshop.queue.storage.most_at_once = threads
        super().__init__(workshop.queue, workers=threads + 1, **options)
        self._stop_flag_timeout = 1.0
        # Whoever asks it to end, it ends in order: (start again, in order).
        self._signal_actions |= {signal.SIGINT: (False, True), signal.SIGTERM: (False, True)}

    def _create_worker(self) -> _Worker:
        return _Worker(
            self.workshop,
            huey=self.huey,
            stop_flag=self.stop_flag,
            default_delay=self.default_delay,
            max_delay=self.max_delay,
            backoff=self.backoff,
        )

    def stop(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 (huey's signature)
        """Have the jobs that run left at the next point where they can be, and take no other."""
        self.huey.storage.is_stopping = True
        self.stop_flag.set()
        self.workshop.bell.set()
        super().stop(graceful)


class _CrewOfAServer(_Crew):
    """A server's signals are its own."""

    def _set_signal_handlers(self) -> None:
        pass
