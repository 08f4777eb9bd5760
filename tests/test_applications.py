"""What a test did to its application, the next test does not find."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import cache, clock
from elearn.accounts.models import Person
from elearn.db import db, unit_of_work
from elearn.jobs import runner
from elearn.jobs.work import job
from tests.applications import close, make_app
from tests.conftest import House


@job("work of a test alone")
def work_of_a_test(_progress: object) -> None:
    """Do nothing."""


@pytest.fixture
def two(house: House, app: Flask) -> Iterator[list[str]]:
    """The addresses of two databases with the same in them."""
    names = [house.copy("town") for _ in range(2)]
    yield [house.url(name) for name in names]
    for name in names:
        house.drop(name)


def people(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person)) or 0


def change_everything(app: Flask) -> None:
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            db.session.add(Person(name="One More", language="en", created_at=clock.now()))
        cache.learn("a shelf", "what a test learnt")
        cache.recent("a thing", lambda: "of this test", seconds=1000)
    app.testing = False
    app.config["MAIL_URL"] = "file:///nowhere"
    app.config["NEW"] = "new"
    app.view_functions["front.about"] = lambda: "nothing"
    app.extensions["before_commit"].append(lambda _acts: None)
    app.extensions["account_notices"] = []
    app.before_request_funcs[None].insert(0, lambda: "stopped")
    app.wsgi_app = lambda _environ, _start: [b"stopped"]
    runner.add(app, work_of_a_test)


def state(app: Flask) -> dict[str, object]:
    """Return what a test may have changed."""
    return {
        "config": {name: value for name, value in app.config.items() if name != "SQLALCHEMY_DATABASE_URI"},
        "views": dict(app.view_functions),
        "before": list(app.before_request_funcs[None]),
        "listeners": list(app.extensions["before_commit"]),
        "notices": list(app.extensions["account_notices"]),
        "memory": (dict(app.extensions["shelves"]), dict(app.extensions["recent"])),
        "jobs": sorted(app.extensions["jobs"].queue.storage.works),
    }


def test_an_application_is_lent_again_as_it_was_made_and_on_another_database(two: list[str]) -> None:
    first = make_app(two[0])
    was, before = state(first), people(first)
    assert first.test_client().get("/about").status_code == 200
    change_everything(first)
    assert people(first) == before + 1
    assert all(state(first)[name] != was[name] for name in was)
    close(first)
    second = make_app(two[1])
    assert second is first
    assert state(second) == was
    assert people(second) == before
    assert second.test_client().get("/about").status_code == 200
    close(second)


def test_two_applications_at_a_time_have_a_database_each(two: list[str]) -> None:
    one, other = map(make_app, two)
    before = people(one)
    change_everything(one)
    assert one is not other
    assert (people(one), people(other)) == (before + 1, before)
    close(one)
    close(other)
