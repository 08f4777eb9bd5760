"""Load: prepared requests, sent by wrk for some seconds, or one after the other."""

import http.client
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.databases import CannotRun

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("requests.lua")
SEPARATOR = b"\x1e"


@dataclass(frozen=True)
class Prepared:
    """A request, ready to be sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    def raw(self) -> bytes:
        """Return the bytes that a browser would send."""
        headers = {"Host": "127.0.0.1", "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br", "Accept-Language": "en"}
        headers |= self.headers
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(frozen=True)
class Load:
    """What some seconds of load measured."""

    requests: int
    seconds: float
    bytes: int
    median_ms: float
    p95_ms: float
    errors: int


def check_wrk() -> None:
    if shutil.which("wrk") is None:
        raise CannotRun("wrk is missing (on Debian: apt install wrk).")


def send_for(seconds: int, port: int, requests: Iterable[Prepared], connections: int = CONNECTIONS) -> Load:
    """Send ``requests`` in turn, again and again, over ``connections`` at once."""
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        file.write(SEPARATOR.join(request.raw() for request in requests))
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--script", str(SCRIPT)]
        done = subprocess.run([*command, f"http://127.0.0.1:{port}", "--", file.name], capture_output=True, text=True, check=True)
    line = next((line for line in done.stdout.splitlines() if line.startswith("measured ")), "")
    if not line:
        raise RuntimeError(f"wrk: {done.stdout}{done.stderr}")
    count, duration, size, median, p95, errors = line.split()[1:]
    return Load(int(count), float(duration), int(size), float(median), float(p95), int(errors))


@dataclass(frozen=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def send(port: int, request: Prepared) -> Answer:
    """Send one request; the time runs to the last byte."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(request.method, request.path, request.body or None, {"Accept-Encoding": "br", **request.headers})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, body, time.perf_counter() - began)
