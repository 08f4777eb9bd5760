"""Fixtures: a migrated database per test, on SQLite or PostgreSQL; the cast; a browser that reads every page like an editor."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import hypothesis
import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade

from elearn import clock
from elearn.accounts import credentials
from elearn.assessment import start_service
from elearn.catalogue import queries
from elearn.catalogue import service as catalogue
from elearn.config import MIGRATIONS
from elearn.db import unit_of_work
from tests import shipped
from tests.applications import close, make_app
from tests.cast import Cast, make_cast
from tests.reader import Browser

# Properties are about what holds, not about how fast: timings belong to the bench.
hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("unhurried")

#: Address of an empty PostgreSQL server for the tests; none: SQLite.
POSTGRESQL = os.environ.get("ELEARN_TEST_POSTGRESQL_URL", "")
#: Templates outlive a test that puts the clock forward: what stands in them happened before now.
REAL_NOW = clock.now


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs neither a database nor a server nor a browser: `make check` runs that."""
    elsewhere = {"house", "browser", "server", "slow"}
    for item in items:
        marks = {mark.name for mark in item.iter_markers()}
        if not elsewhere & (marks | set(getattr(item, "fixturenames", ()))):
            item.add_marker("pure")


@dataclass
class House:
    """A place for databases: templates that are made once per worker and copied for each test."""

    folder: Path
    worker: str
    made: set[str] = field(default_factory=set)
    count: int = 0
    #: Databases on the server that nobody needs any more.
    left: list[str] = field(default_factory=list)
    server: psycopg.Connection | None = None

    def url(self, name: str) -> str:
        if POSTGRESQL:
            return f"{POSTGRESQL}/elearn_{self.worker}_{name}"
        return f"sqlite:///{self.folder / name}.sqlite3"

    def create(self, name: str) -> None:
        if POSTGRESQL:
            self._on_server(f'CREATE DATABASE "elearn_{self.worker}_{name}"')

    def copy(self, template: str) -> str:
        self.count += 1
        name = f"{template}{self.count}"
        if POSTGRESQL:
            self._on_server(f'CREATE DATABASE "elearn_{self.worker}_{name}" TEMPLATE "elearn_{self.worker}_{template}" STRATEGY FILE_COPY')
            self.clear()
        else:
            shutil.copy(self.folder / f"{template}.sqlite3", self.folder / f"{name}.sqlite3")
        return name

    def drop(self, name: str) -> None:
        """Have a database gone; on a server a little later: one whose connections were closed just now waits a tenth of a second."""
        if POSTGRESQL:
            self.left.append(name)
        else:
            for suffix in ("", "-wal", "-shm"):
                (self.folder / f"{name}.sqlite3{suffix}").unlink(missing_ok=True)

    def clear(self) -> None:
        """Drop on the server what was left there."""
        while self.left:
            self._on_server(f'DROP DATABASE IF EXISTS "elearn_{self.worker}_{self.left.pop()}" WITH (FORCE)')

    def close(self) -> None:
        for template in self.made:
            self.drop(template)
        self.clear()
        if self.server is not None:
            self.server.close()

    def _on_server(self, statement: str) -> None:
        if self.server is None:
            self.server = psycopg.connect(POSTGRESQL + "/postgres", autocommit=True)
        self.server.execute(statement)


@pytest.fixture(scope="session", autouse=True)
def quick_hashes() -> None:
    """Hash with argon2id as in earnest, but at the least cost: a sign-in is tested many hundred times."""
    credentials._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    credentials._NOBODY = credentials._hasher.hash("nobody")


@pytest.fixture(scope="session", autouse=True)
def unhurried_release() -> None:
    """Have a page ask for the newest release once: tests count statements, and on a busy machine two seconds pass between two pages."""
    queries.RELEASE_IS_ASKED_EVERY_SECONDS = 60


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"), worker_id)
    yield house
    house.close()


def _template(house: House, name: str, fill) -> None:
    if name in house.made:
        return
    house.drop(name)
    house.clear()
    house.create(name)
    app = make_app(house.url(name))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", REAL_NOW)
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
        with app.app_context(), app.test_request_context():
            fill()
    close(app)
    if not POSTGRESQL:
        # One file to copy, nothing left in a log beside it.
        with sqlite3.connect(house.folder / f"{name}.sqlite3") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
    house.made.add(name)


def _publish() -> None:
    with unit_of_work():
        catalogue.publish(shipped.reading())


def _town() -> None:
    _publish()
    with unit_of_work():
        make_cast()


@pytest.fixture
def draws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have attempts draw by the test's name: other questions in each test, the same ones whenever it runs again."""
    seeds = Random(request.node.nodeid)
    monkeypatch.setattr(start_service, "new_seed", lambda: seeds.randrange(start_service.SEEDS))


def _app(house: House, template: str, fill) -> Iterator[Flask]:
    _template(house, template, fill)
    name = house.copy(template)
    app = make_app(house.url(name))
    yield app
    close(app)
    house.drop(name)


@pytest.fixture
def empty_app(house: House) -> Iterator[Flask]:
    """An application on a migrated database with nothing in it."""
    yield from _app(house, "empty", lambda: None)


@pytest.fixture
def published_app(house: House, draws: None) -> Iterator[Flask]:
    """An application with the shipped series published, and no people."""
    yield from _app(house, "published", _publish)


@pytest.fixture
def app(house: House, draws: None) -> Iterator[Flask]:
    """An application with the shipped series published and the cast in place (``cast``)."""
    yield from _app(house, "town", _town)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The same, with a request context pushed, for calling services and queries."""
    with app.app_context(), app.test_request_context():
        yield app


@pytest.fixture
def cast(app: Flask) -> Cast:
    with app.app_context():
        return Cast.found()


@pytest.fixture
def browse(app: Flask):
    """Return a function that gives each person of the cast (None: nobody) a browser of their own."""
    return lambda person=None: Browser.of(app, person)
