"""Measuring: floor and application side by side, in turns, so that a machine that slows down slows both."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median

from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from bench import adapting, floor, regrades, series, students
from bench.adapting import Adapting
from bench.cases import Case, Single, app_cases, floor_cases, single_cases
from bench.databases import Databases
from bench.journeys import Journeys, run_journeys
from bench.load import CONNECTIONS, Load, Prepared, send, send_for
from bench.regrades import Regrades
from bench.servers import Server, Workers, cpu_seconds, gunicorn
from elearn.app import create_app
from elearn.config import MIGRATIONS, Settings
from elearn.db import unit_of_work


@dataclass(frozen=True)
class Plan:
    """How long it takes: many short turns rather than few long ones, since what else a machine does comes and goes."""

    seconds: int = 1
    turns: int = 15
    #: Until every worker has met every page.
    warm_up: int = 5
    workers: Workers = field(default_factory=Workers)
    #: Only cases whose name holds this, and the floors.
    only: str = ""


@dataclass(frozen=True)
class Figures:
    """What one case came to: medians over the turns; costs per request."""

    case: Case | Single
    cpu_ms: float
    database_ms: float
    statements: int
    bytes: float
    megabytes: float
    #: Requests answered per second, turn by turn.
    rates: tuple[float, ...] = ()
    p95_ms: float = 0
    seconds: float = 0
    faults: str = ""

    @property
    def per_second(self) -> float:
        return median(self.rates)

    def share_of(self, floor: "Figures") -> float:
        """Return the share of the floor's rate: compared within each turn, so that it holds where the machine's speed drifts."""
        return median(own / least for own, least in zip(self.rates, floor.rates, strict=True))


@dataclass(frozen=True)
class Run:
    """What one run of one case cost."""

    load: Load
    cpu_ms: float
    database_ms: float


def prepare(databases: Databases) -> tuple[students.World, dict[str, str]]:
    """Fill both databases; return what the cases need to know, and the application's environment."""
    environment = {
        "ELEARN_DATABASE_URL": databases.app_url,
        "ELEARN_SECRET_KEY": secrets.token_urlsafe(40),
        "FLOOR_DATABASE_URL": databases.floor_url,
    }
    page = series.prose(series.Random(0), series.words(series.Random(0)), series.PAGE_BYTES)
    floor.fill(databases.floor_url, page, series.SECTIONS)
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
    with app.app_context(), app.test_request_context(), unit_of_work():
        series.publish()
    world = students.teach(app)
    for url in (databases.floor_url, databases.app_url):
        _settle(url)
    return world, environment


def _settle(url: str) -> None:
    """Let the database look at what was put in, as it would have by itself on a less hurried day."""
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))
        if url.startswith("postgresql"):
            connection.execute(text("CHECKPOINT"))


@contextmanager
def serving(plan: Plan, environment: dict[str, str]) -> Iterator[tuple[Server, Server]]:
    """Serve the floor and the application."""
    with ExitStack() as stack:
        floor_server = stack.enter_context(gunicorn("bench.floor:create_app()", plan.workers, environment, "/pages/1"))
        yield floor_server, stack.enter_context(gunicorn("elearn.wsgi:app", plan.workers, environment, "/healthz"))


def statements(pairs: list[list[Prepared]], environment: dict[str, str]) -> list[int]:
    """Return how many SQL statements the second of each pair of requests takes, in a process that has answered the first."""
    with gunicorn("elearn.wsgi:app", Workers(1), environment | {"ELEARN_MEASURE": "1"}, "/healthz") as server:
        counted = []
        for first, request in pairs:
            send(server.port, first)
            answer = send(server.port, request)
            if answer.status >= 400:
                raise RuntimeError(f"{request.method} {request.path} answered {answer.status}: {answer.body[:300]!r}")
            found = re.search(r'sql;desc="(\d+)"', answer.headers.get("server-timing", ""))
            counted.append(int(found[1]) if found else 0)
        return counted


def measure(databases: Databases, plan: Plan, say: Callable[[str], None]) -> tuple[list[Figures], list[Journeys | Regrades | Adapting]]:
    """Return the figures of every case on these databases, the floor's first, and of what is no request: journeys, a regrade, a course."""
    say(f"{databases.name}: putting in 14 modules and a class of {students.STUDENTS:,} students")
    world, environment = prepare(databases)
    floors = floor_cases()
    own = [case for case in app_cases(world) if plan.only in case.name]
    singles = [single for single in single_cases(world) if plan.only in single.name]
    # A page is asked for twice; what is written twice changes nothing, so there another student follows the first.
    asked = [case.batch(0, 0.001)[:2] if case.writes_to else case.batch(0, 0.001)[:1] * 2 for case in own]
    asked += [[single.request] * 2 for single in singles]
    known = dict(zip([case.name for case in [*own, *singles]], statements(asked, environment), strict=True))
    with serving(plan, environment) as (floor_server, app_server):
        bench = Bench(databases, plan, known)
        found = bench.run_all([(case, floor_server) for case in floors] + [(case, app_server) for case in own], say)
        for single in singles:
            say(f"{databases.name}: {single.name}")
            found.append(bench.run_single(single, app_server))
        others: list[Journeys | Regrades | Adapting] = []
        if plan.only in "whole journeys through a quiz":
            say(f"{databases.name}: whole journeys through a quiz")
            others.append(run_journeys(world, app_server, environment, databases.server_pid))
    if plan.only in regrades.NAME:
        say(f"{databases.name}: {regrades.NAME}")
        others.append(regrades.run_regrades(environment, world.class_id))
    if plan.only in adapting.NAME:
        say(f"{databases.name}: {adapting.NAME}")
        others.append(adapting.run_adapting(environment))
    return found, others


class Bench:
    """A bench on one pair of databases."""

    def __init__(self, databases: Databases, plan: Plan, known: dict[str, int]) -> None:
        self.databases = databases
        self.plan = plan
        self.known = known
        self.started: dict[str, int] = {}

    def run_all(self, pairs: list[tuple[Case, Server]], say: Callable[[str], None]) -> list[Figures]:
        runs: dict[str, list[Run]] = {case.name: [] for case, _server in pairs}
        faults: dict[str, str] = {}
        for turn in range(self.plan.turns + 1):
            say(f"{self.databases.name}: " + (f"turn {turn} of {self.plan.turns}" if turn else "warming up"))
            for case, server in pairs:
                run, fault = self._run(case, server, self.plan.seconds if turn else self.plan.warm_up)
                faults[case.name] = faults.get(case.name) or fault
                if turn:
                    runs[case.name].append(run)
        return [self._figures(case, server, runs[case.name], faults[case.name]) for case, server in pairs]

    def _run(self, case: Case, server: Server, seconds: int) -> tuple[Run, str]:
        start = self.started.get(case.name, 0)
        requests = case.batch(start, seconds)
        rows = self._rows(case)
        cpu, database = server.cpu_seconds(), self._database_seconds()
        load = send_for(seconds, server.port, requests)
        cpu, database = server.cpu_seconds() - cpu, self._database_seconds() - database
        written = self._rows(case) - rows
        # What was under way when the run ended was sent, and is not sent again.
        self.started[case.name] = start + load.requests + CONNECTIONS
        fault = f"{load.errors} errors" if load.errors else ""
        if case.writes_to and abs(written - load.requests) > 2 * CONNECTIONS:
            fault = f"{load.requests} answered, {written} written"
        return Run(load, 1000 * cpu / max(load.requests, 1), 1000 * database / max(load.requests, 1)), fault

    def _rows(self, case: Case) -> int:
        if not case.writes_to:
            return 0
        url = self.databases.floor_url if case.name in {c.name for c in floor_cases()} else self.databases.app_url
        engine = create_engine(url)
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT count(*) FROM {case.writes_to}")).scalar_one()
        engine.dispose()
        return rows

    def _database_seconds(self) -> float:
        return cpu_seconds(self.databases.server_pid) if self.databases.server_pid else 0

    def _figures(self, case: Case, server: Server, runs: list[Run], fault: str) -> Figures:
        return Figures(
            case,
            median(run.cpu_ms for run in runs),
            median(run.database_ms for run in runs),
            self.known.get(case.name, 1),
            median(run.load.bytes / max(run.load.requests, 1) for run in runs),
            server.megabytes_per_worker(),
            rates=tuple(run.load.requests / run.load.seconds for run in runs),
            p95_ms=median(run.load.p95_ms for run in runs),
            faults=fault,
        )

    def run_single(self, single: Single, server: Server) -> Figures:
        for _warm_up in range(2 * self.plan.workers.count):
            send(server.port, single.request)
        cpu, database = server.cpu_seconds(), self._database_seconds()
        answers = [send(server.port, single.request) for _ in range(single.times)]
        cpu, database = server.cpu_seconds() - cpu, self._database_seconds() - database
        bad = [answer.status for answer in answers if answer.status >= 400]
        return Figures(
            single,
            1000 * cpu / single.times,
            1000 * database / single.times,
            self.known[single.name],
            len(answers[0].body),
            server.megabytes_per_worker(),
            seconds=median(answer.seconds for answer in answers),
            faults=f"answered {bad[0]}" if bad else "",
        )
