"""A small demonstration, loaded once per worker on a fixed day and copied for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from elearn.demo.commands import load_numbers
from elearn.demo.service import Numbers
from tests.conftest import House, _app, _publish

TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
SMALL = Numbers(students=30, institutions=12)


def _load() -> None:
    _publish()
    with time_machine.travel(TODAY):
        load_numbers(SMALL)


@pytest.fixture
def demonstration(house: House) -> Iterator[Flask]:
    """An application with a small demonstration of 23 November 2026."""
    yield from _app(house, "demonstration", _load)


@pytest.fixture
def in_demonstration(demonstration: Flask) -> Iterator[Flask]:
    """The same, with a request context pushed."""
    with demonstration.app_context(), demonstration.test_request_context():
        yield demonstration


@pytest.fixture
def in_published(published_app: Flask) -> Iterator[Flask]:
    """The series without people, with a request context pushed."""
    with published_app.app_context(), published_app.test_request_context():
        yield published_app
