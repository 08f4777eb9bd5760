"""What is measured: the requests of each case, the floor it is held against, and its goal."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice
from urllib.parse import urlencode

from bench.load import Prepared
from bench.marks import COUNTED_MODULE, READ_MODULE
from bench.series import CHOICES, ITEMS, MODULES, SECTIONS, item_key, section_key, slug, written
from bench.students import AWAKE, FIRST, Browser, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: More than any server here answers in a second: prepared writes are not to begin again while wrk runs.
MOST_A_SECOND = 4000


@dataclass(frozen=True)
class Case:
    """Requests that are sent as fast as they are answered."""

    name: str
    #: Requests without end, each but the first few thousand times different.
    requests: Callable[[], Iterator[Prepared]]
    #: ``read`` or ``write``; the floor's own cases have no goal.
    floor: str
    #: The least share of the floor's requests per second.
    goal: float | None = None
    most_statements: int | None = None
    #: The table to which each request adds a row; what was counted is held against what was answered.
    writes_to: str = ""

    def batch(self, start: int, seconds: float) -> list[Prepared]:
        """Return the requests from ``start`` on that will do for so many seconds."""
        return list(islice(self.requests(), start, start + int(MOST_A_SECOND * seconds)))


@dataclass(frozen=True)
class Single:
    """A heavy request that is sent alone, some times one after the other."""

    name: str
    request: Prepared
    times: int
    most_cpu_ms: float | None = None
    most_seconds: float | None = None


def floor_cases() -> list[Case]:
    body = b"page=1"
    return [
        Case("the reading floor", lambda: (Prepared("GET", f"/pages/{1 + n % SECTIONS}", {}) for n in count()), "read"),
        Case("the writing floor", lambda: (Prepared("POST", "/marks", FORM, body) for _ in count()), "write", writes_to="mark"),
    ]


def app_cases(world: World) -> list[Case]:
    return [
        Case("a section page, nobody signed in", _anonymous, "read", 0.9),
        Case("a section page in a class, signed in", lambda: _signed_in(world), "read", 0.7, 2),
        Case("a section marked done, or not done", lambda: _marks(world), "write", 0.4, writes_to="section_mark"),
        Case("an answer saved in a quiz", lambda: _answers(world), "write", 0.4, writes_to="answer"),
    ]


def single_cases(world: World) -> list[Single]:
    cookie = {"Cookie": world.professor.cookie}
    page = f"/teach/classes/{world.class_id}/"
    return [
        Single("the professor's page of 10,000 students", Prepared("GET", page, cookie), 40, most_cpu_ms=30),
        Single("its CSV, 10,000 × 14 modules", Prepared("GET", page + "progress.csv", cookie), 5, most_seconds=0.5),
        Single("statistics page, 100,000 attempts", Prepared("GET", _STATISTICS, {"Cookie": world.editor.cookie}), 40, most_cpu_ms=60),
        Single("1,000 attempts counted for statistics", _count_anew(world), 5, most_cpu_ms=600),
        Single("a search of four common words", Prepared("GET", "/search?q=crime+law+data+police", {}), 40, most_cpu_ms=30),
        Single("the editor's preview of a 1,000-word section", _preview(world), 40, most_seconds=0.1),
    ]


_STATISTICS = f"/edit/quizzes/{slug(READ_MODULE)}/statistics"


def _count_anew(world: World) -> Prepared:
    path = f"/teach/classes/{world.class_id}/quizzes/{slug(COUNTED_MODULE)}/statistics"
    body = f"csrf_token={world.professor.csrf_token}".encode()
    return Prepared("POST", path, {"Cookie": world.professor.cookie, **FORM}, body)


def _preview(world: World) -> Prepared:
    """Have the professor's editor show a text while it is typed, as the page's script asks for it."""
    path = f"/teach/courses/{world.course_id}/{slug(READ_MODULE)}/sections/{section_key(1)}/preview"
    typed = {"csrf_token": world.professor.csrf_token, "version": 0, "seen": 1, "title": "A title", "text": written(1000)}
    return Prepared("POST", path, {"Cookie": world.professor.cookie, "Accept": "application/json", **FORM}, urlencode(typed).encode())


def _anonymous() -> Iterator[Prepared]:
    for n in count():
        yield Prepared("GET", f"/modules/{slug(1 + n // SECTIONS % MODULES)}/{section_key(1 + n % SECTIONS)}", {})


def _signed_in(world: World) -> Iterator[Prepared]:
    for n in count():
        path = f"/classes/{world.class_id}/{slug(1 + n // SECTIONS % MODULES)}/{section_key(1 + n % SECTIONS)}"
        yield Prepared("GET", path, {"Cookie": world.students[n % AWAKE].cookie})


def _marks(world: World) -> Iterator[Prepared]:
    """Have all students, each in another module than the one before, mark a section done; then not done; then go on to the next module."""
    key = section_key(SECTIONS)
    for n in count():
        turn, student = divmod(n, AWAKE)
        browser = world.students[student]
        state = "not-done" if turn % 2 else "done"
        body = f"csrf_token={browser.csrf_token}&state={state}".encode()
        module = slug(1 + (student + turn // 2) % MODULES)
        yield Prepared("POST", f"/classes/{world.class_id}/{module}/{key}", {"Cookie": browser.cookie, **FORM}, body)


def _answers(world: World) -> Iterator[Prepared]:
    """Have all students answer one question, then all of them the next, as the page's script sends it."""
    for n in count():
        turn, student = divmod(n, AWAKE)
        answer = {"item": item_key(1 + turn % ITEMS), "response": CHOICES[turn // ITEMS % 3], "sequence": 100 + turn}
        body = json.dumps({"sender": "bench", "answers": [answer]}).encode()
        yield Prepared("POST", f"/attempts/{FIRST + student}/answers", _script(world.students[student]), body)


def _script(browser: Browser) -> dict[str, str]:
    return {"Cookie": browser.cookie, "Content-Type": "application/json", "Accept": "application/json", "X-CSRFToken": browser.csrf_token}
