"""What the tests of quizzes share: Ana before the quiz of Bruno's class, and what her attempt holds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.assessment.models import Answer, Attempt
from elearn.assessment.queries import LaidItem, laid_items
from elearn.catalogue.items.registry import type_of
from elearn.db import db
from tests.cast import Cast
from tests.reader import Browser, Page

SLUG = "introduction-to-cybercrime"
PRACTICE = f"/modules/{SLUG}/quiz"
NOT_THIS = "certainly not this"


def right_response(item: LaidItem) -> Any:
    """Return what answers ``item`` rightly, as a script would send it."""
    return type_of(item.pinned.definition).right_response(item.pinned.definition)


def wrong_response(item: LaidItem) -> Any:
    """Return what answers ``item`` without earning a point."""
    right, shown = right_response(item), item.shown("en")
    if shown.input == "text":
        return _wrong_text(right) if item.pinned.type == "numeric" else NOT_THIS
    if shown.input in {"radio", "checkbox"}:
        wrong = [choice.id for choice in shown.choices if choice.id not in ([right] if isinstance(right, str) else right)]
        return wrong[0] if shown.input == "radio" else wrong
    if {part.id for part in shown.parts} == {choice.id for choice in shown.choices}:
        # To be ordered: one place for all is no place for any.
        return dict.fromkeys(right, "1")
    return {
        part.id: next((choice.id for choice in part.choices if choice.id != right[part.id]), _wrong_text(right[part.id]))
        for part in shown.parts
    }


def _wrong_text(right: str) -> str:
    """Return a text that is wrong: where a number is right, a number."""
    try:
        float(right)
    except ValueError:
        return NOT_THIS
    return "-987654321"


def fields_of(item: LaidItem, response: Any) -> dict[str, Any]:
    """Return the fields in which a form would send ``response``."""
    if isinstance(response, dict):
        return {f"{item.field}.{part}": value for part, value in response.items()}
    return {item.field: response}


@dataclass
class Sitting:
    """A person in the middle of an attempt."""

    app: Flask
    browser: Browser
    path: str

    @property
    def id(self) -> int:
        return int(self.path.rsplit("/", 1)[1])

    @property
    def items(self) -> list[LaidItem]:
        with self.app.app_context():
            return laid_items(db.session.get_one(Attempt, self.id).layout)

    def item(self, type_: str) -> LaidItem:
        return next(item for item in self.items if item.pinned.type == type_)

    def fields(self, response=right_response, leaving: int = 0) -> dict[str, Any]:
        """Return the fields of the form, all but ``leaving`` questions answered."""
        page = self.browser.get(self.path)
        answers: dict[str, Any] = {}
        for item in self.items[leaving:]:
            answers |= fields_of(item, response(item))
        return page.form(self.path) | answers

    def post(self, status: int = 303, **fields: Any) -> Page:
        return self.browser.post(self.path, fields, status)

    def send(self, *answers: tuple[Any, ...], status: int = 200, sender: str | None = None) -> Any:
        """Send answers (key, response, sequence) as the script does; return what came back."""
        message: dict[str, Any] = {
            "answers": [
                {"item": item, "response": response} | ({"sequence": rest[0]} if rest else {}) for item, response, *rest in answers
            ],
        }
        if sender is not None:
            message["sender"] = sender
        return self.send_raw(message, status)

    def send_raw(self, message: Any, status: int) -> Any:
        headers = {"X-CSRFToken": self.browser.csrf_token}
        response = self.browser.client.post(f"{self.path}/answers", json=message, headers=headers)
        assert response.status_code == status, response.get_data(as_text=True)
        if status >= 400:
            assert response.content_type == "application/problem+json"
            assert response.json["status"] == status
        return response.json

    def standing(self) -> dict[str, Any]:
        """Return the answers that stand in the database, by key."""
        known = {item.id: item.key for item in self.items}
        with self.app.app_context():
            rows = db.session.execute(select(Answer).where(Answer.attempt_id == self.id).order_by(Answer.sequence)).scalars()
            return {known[row.item_revision_id]: row.response for row in rows}

    def rows(self) -> int:
        return count(self.app, Answer)

    def attempt(self) -> Attempt:
        with self.app.app_context():
            return db.session.get_one(Attempt, self.id)


def count(app: Flask, table: Any) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def class_quiz(cast: Cast, who: str = "Bruno") -> str:
    return f"/classes/{cast.classes[who]}/{SLUG}/quiz"


def sit(app: Flask, browser: Browser, quiz: str) -> Sitting:
    """Begin an attempt, or go on with the open one."""
    return Sitting(app, browser, browser.post(quiz).response.headers["Location"])


@pytest.fixture
def ana(app: Flask, browse, cast: Cast) -> Sitting:
    """Ana in an attempt of Bruno's class."""
    return sit(app, browse(cast.ana), class_quiz(cast))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts the clock forward."""
    real = clock.now

    def put_forward(**by: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(**by))

    return put_forward
