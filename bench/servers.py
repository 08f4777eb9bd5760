"""Servers under measure: gunicorn in a process of its own, and what it and its children cost."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN_SECONDS = 30
OK = 200
SAME_FOR_ALL = ("--preload", "--no-control-socket", "--log-level", "warning")


@dataclass(frozen=True)
class Workers:
    """How gunicorn serves, the same for the floor and the application."""

    count: int = 2
    kind: str = "sync"
    threads: int = 1

    def __str__(self) -> str:
        return f"{self.count} {self.kind} workers" + (f" of {self.threads} threads" if self.threads > 1 else "")


@dataclass(frozen=True)
class Server:
    """A running gunicorn."""

    pid: int
    port: int

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def megabytes_per_worker(self) -> float:
        """Return the mean memory of a worker, what it shares with others divided among them (PSS)."""
        workers = [pid for pid in tree(self.pid) if pid != self.pid]
        return sum(_pss_kilobytes(pid) for pid in workers) / max(len(workers), 1) / 1024


def tree(root: int) -> list[int]:
    """Return the process ``root`` and all its descendants."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and (fields := _stat(int(folder.name))):
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, ()))
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on (state, parent, …); none if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu_seconds(root: int) -> float:
    """Return the processor time of ``root``, its descendants and those of them that have ended, in user and system mode."""
    return sum(sum(map(int, fields[11:15])) for fields in map(_stat, tree(root)) if fields) / TICKS


def _pss_kilobytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def gunicorn(target: str, workers: Workers, environment: Mapping[str, str], probe: str) -> Iterator[Server]:
    """Serve ``target`` on a free port of this machine until the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{port}", *SAME_FOR_ALL]
    command += ["--workers", str(workers.count), "--worker-class", workers.kind, "--threads", str(workers.threads)]
    # A session of its own: Ctrl+C reaches the bench alone, which then ends what it started.
    process = subprocess.Popen(command, cwd=HOUSE, env={**os.environ, **environment}, start_new_session=True)
    try:
        _wait_for(process, port, probe)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, probe: str) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", probe)
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if status != OK:
            raise RuntimeError(f"{probe} answered {status}")
        return
    raise RuntimeError(f"the server of {probe} did not start")
