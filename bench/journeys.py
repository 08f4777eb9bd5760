"""Whole journeys through a quiz, as many students at once make them: begin, save a page of twenty answers, submit, look at the result."""

import http.client
import json
import re
import threading
import time
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from bench.series import CHOICES, ITEMS, item_key, slug
from bench.servers import Server, Workers, cpu_seconds, gunicorn
from bench.students import AWAKE, Browser, World

#: A quiz that no other case touches.
MODULE = 4
SAVED_AT_ONCE = 20
AT_ONCE = 8
SECONDS = 10
WARM_UP_SECONDS = 3
#: What Moodle 4.3 did on the same kind of machine: journeys per second, and SQL statements of the four steps.
MOODLE_A_SECOND = 4.7
MOODLE_STATEMENTS = (109, 107, 216, 45)
GOAL = 20
MOST_STATEMENTS = 6
STEPS = ("begin", "save 20 answers", "submit and mark", "result")


@dataclass(frozen=True)
class Journeys:
    """What the journeys came to."""

    per_second: float
    cpu_ms: float
    database_ms: float
    statements: tuple[int, ...]

    def lines(self) -> list[str]:
        """Return the result in words, beside the goal."""
        ratio = self.per_second / MOODLE_A_SECOND
        reached = "ok" if ratio >= GOAL else "MISSED"
        steps = [
            f"{name} {found} (of at most {MOST_STATEMENTS}: {'ok' if found <= MOST_STATEMENTS else 'MISSED'}; Moodle {moodle})"
            for name, found, moodle in zip(STEPS, self.statements, MOODLE_STATEMENTS, strict=True)
        ]
        return [
            (
                f"whole journeys through a quiz of {ITEMS} questions: {self.per_second:,.1f} a second, {ratio:.1f} times Moodle's "
                f"{MOODLE_A_SECOND} (goal {GOAL} times: {reached}); CPU {self.cpu_ms:.1f} + {self.database_ms:.1f} ms each"
            ),
            "SQL statements: " + ", ".join(steps),
        ]


class _Student:
    """A student who takes the quiz again and again over one connection."""

    def __init__(self, port: int, class_id: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.class_id = class_id
        self.statements: list[int] = []

    def journey(self, browser: Browser) -> None:
        """Take the quiz once, from the first press to the result."""
        self.statements = []
        quiz = f"/classes/{self.class_id}/{slug(MODULE)}/quiz"
        attempt = self._form(browser, quiz, {})
        numbers = range(1, SAVED_AT_ONCE + 1)
        answers = [{"item": item_key(number), "response": CHOICES[number % 3], "sequence": number} for number in numbers]
        body = json.dumps({"sender": "bench", "answers": answers}).encode()
        kind = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": browser.csrf_token}
        self._send("POST", f"{attempt}/answers", browser, body, kind, 200)
        self._form(browser, attempt, {"action": "submit-anyway"})
        self._send("GET", attempt, browser, b"", {}, 200)

    def _form(self, browser: Browser, path: str, fields: dict[str, str]) -> str:
        body = urlencode({"csrf_token": browser.csrf_token, **fields}).encode()
        return self._send("POST", path, browser, body, {"Content-Type": "application/x-www-form-urlencoded"}, 303)

    def _send(self, method: str, path: str, browser: Browser, body: bytes, headers: dict[str, str], status: int) -> str:
        self.connection.request(method, path, body or None, {"Cookie": browser.cookie, "Accept-Encoding": "br", **headers})
        response = self.connection.getresponse()
        content = response.read()
        if response.status != status:
            raise RuntimeError(f"{method} {path} answered {response.status}: {content[:300]!r}")
        if found := re.search(r'sql;desc="(\d+)"', response.headers.get("Server-Timing", "")):
            self.statements.append(int(found[1]))
        return response.headers.get("Location", "")


def run_journeys(world: World, server: Server, environment: dict[str, str], database_pid: int | None) -> Journeys:
    """Return what the journeys of some seconds came to, and how many statements their steps take."""
    travellers = count()
    _travel(world, server, WARM_UP_SECONDS, travellers)
    began, cpu, database = time.perf_counter(), server.cpu_seconds(), cpu_seconds(database_pid) if database_pid else 0.0
    made = _travel(world, server, SECONDS, travellers)
    seconds = time.perf_counter() - began
    cpu, database = server.cpu_seconds() - cpu, (cpu_seconds(database_pid) if database_pid else 0.0) - database
    with gunicorn("elearn.wsgi:app", Workers(1), environment | {"ELEARN_MEASURE": "1"}, "/healthz") as counting:
        student = _Student(counting.port, world.class_id)
        for _ in range(2):
            student.journey(world.students[next(travellers) % AWAKE])
    return Journeys(made / seconds, 1000 * cpu / made, 1000 * database / made, tuple(student.statements))


def _travel(world: World, server: Server, seconds: int, travellers: "count[int]") -> int:
    """Have students travel side by side for so many seconds; return how many journeys they ended."""
    until = time.perf_counter() + seconds
    made = [0] * AT_ONCE
    lock = threading.Lock()
    faults: list[BaseException] = []

    def travel(place: int) -> None:
        student = _Student(server.port, world.class_id)
        try:
            while time.perf_counter() < until and not faults:
                with lock:
                    number = next(travellers)
                student.journey(world.students[number % AWAKE])
                made[place] += 1
        except (RuntimeError, OSError, http.client.HTTPException) as fault:
            faults.append(fault)

    threads = [threading.Thread(target=travel, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(made)
