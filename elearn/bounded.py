"""Work on what strangers send, bounded in time and memory: a pure function in a process of its own, killed when it takes too long."""

import atexit
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, LifoQueue
from typing import IO, Any, Final, TypeVar, cast

_SECONDS_TO_START = 30.0
_MEMORY = 1024**3
#: What the process answers where memory or recursion ran out.
_REFUSED: Final = b""

_READY: Final = b"ready"

Result = TypeVar("Result")


class Exceeded(Exception):
    """The work took too long, too much memory, or went too deep."""


def run(function: Callable[..., Result], *args: Any, seconds: float) -> Result:
    """Return what ``function``, one at the top of a module, makes of ``args``; raise Exceeded where it takes longer than ``seconds``."""
    answer = _workers.ask(pickle.dumps((function, args)), seconds)
    if not answer:
        raise Exceeded
    return cast("Result", pickle.loads(answer))  # noqa: S301 (our own process wrote it)


class _Worker:
    """One process that does one work after another; whoever holds it is alone with it."""

    def __init__(self) -> None:
        # The child gets our path rather than our memory, so that it is safe to start from any thread and after any fork.
        program = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from elearn.bounded import serve; serve()"
        command = [sys.executable, "-c", program, json.dumps(sys.path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 (our own program)
        self.source = cast("IO[bytes]", self.process.stdin)
        self.answer = cast("IO[bytes]", self.process.stdout)
        if self.ask(pickle.dumps((len, ("",))), _SECONDS_TO_START) is None:
            raise RuntimeError("the process for bounded work does not start")

    def ask(self, message: bytes, seconds: float) -> bytes | None:
        """Return what the process answers to ``message``; None, and the process is dead, if it takes longer than ``seconds``."""
        # The first work of its kind has its modules loaded before it begins: that is not the work's time.
        ready = self._within(_SECONDS_TO_START, lambda: _send(self.source, message))
        answer = self._within(seconds) if ready is not None else None
        if answer is None:
            self.stop()
        return answer

    def _within(self, seconds: float, begin: Callable[[], None] = lambda: None) -> bytes | None:
        """Return what the process says next; None, and the process is dead, where that takes too long."""
        said = None
        watch = threading.Timer(seconds, self.process.kill)
        watch.start()
        with suppress(BrokenPipeError):
            begin()
            said = _receive(self.answer)
        watch.cancel()
        watch.join()
        return said

    def stop(self) -> None:
        """End the process and leave no trace of it."""
        self.process.kill()
        self.forget()
        self.process.wait()

    def forget(self) -> None:
        """Let go of the pipes; closing them ends an idle process."""
        for pipe in (self.source, self.answer):
            with suppress(BrokenPipeError):  # What a killed process did not read is still to be sent.
                pipe.close()


class _Workers:
    """Two places for processes; one that has done its work waits in its place for the next."""

    def __init__(self) -> None:
        self.places: LifoQueue[_Worker | None] = LifoQueue()
        self.places.put(None)
        self.places.put(None)

    def ask(self, message: bytes, seconds: float) -> bytes | None:
        """Return what a process answers to ``message``; None if it, or the wait for a place, takes too long."""
        try:
            worker = self.places.get(timeout=5 * seconds)
        except Empty:
            return None
        try:
            if worker and worker.process.poll() is not None:
                worker.stop()
                worker = None
            worker = worker or _Worker()
            return worker.ask(message, seconds)
        finally:
            self.places.put(worker)

    def idle(self) -> list["_Worker"]:
        """Return the processes that wait."""
        return [worker for worker in self.places.queue if worker]


_workers = _Workers()


def _begin_anew_after_a_fork() -> None:
    global _workers  # noqa: PLW0603 (a fork is the one event that makes the processes somebody else's)
    for worker in _workers.idle():
        worker.forget()
        worker.process.returncode = 0  # It is our parent's child: nothing of ours to wait for.
    _workers = _Workers()


def _end() -> None:
    for worker in _workers.idle():
        worker.stop()


os.register_at_fork(after_in_child=_begin_anew_after_a_fork)
atexit.register(_end)


def serve() -> None:
    """Do what comes in, until nothing comes any more: the body of the process."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # Whoever started this process may be killed while it is at work: then it ends by itself.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (message := _receive(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_REAL, _SECONDS_TO_START)
        try:
            function, args = pickle.loads(message)  # noqa: S301 (only our own parent writes to us)
            _send(sys.stdout.buffer, _READY)
            answer = pickle.dumps(function(*args))
        except (RecursionError, MemoryError):
            answer = _REFUSED
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(sys.stdout.buffer, answer)


def _send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(len(message).to_bytes(4, "big") + message)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> bytes | None:
    """Return the next message; None where the other side is gone."""
    size = int.from_bytes(head := pipe.read(4), "big")
    message = pipe.read(size)
    return message if (len(head), len(message)) == (4, size) else None
