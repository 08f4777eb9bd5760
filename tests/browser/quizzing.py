"""Taking a quiz in Chromium: what several tests do, and what they find in the database in the end."""

from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from elearn.assessment.answers import standing
from elearn.assessment.attempt_queries import saved_answers
from elearn.assessment.models import Answer, Attempt
from elearn.assessment.queries import laid_items
from elearn.db import db
from tests.browser.conftest import Walker

QUIZ = "/modules/introduction-to-cybercrime/quiz"
#: Answers a question, whatever its kind, in one way or another: `turn` says which.
ANSWER = """(fieldset, turn) => {
  const choices = [...fieldset.querySelectorAll("input[type=radio], input[type=checkbox]")];
  if (choices.length) return choices[turn % choices.length].click();
  for (const [place, control] of fieldset.querySelectorAll("input:not([type=hidden]), textarea, select").entries()) {
    if (control.options) control.selectedIndex = 1 + ((place + turn) % (control.options.length - 1));
    else control.value = `${turn + 12}`;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}"""
#: What the form holds, read as a form is read and not as the script under test reads it.
HELD = """() => {
  const held = {};
  for (const [name, value] of new FormData(document.querySelector("form#quiz")))
    if (name.startsWith("answer-") && value) (held[name.slice(7)] ??= []).push(value);
  return held;
}"""


def begin(walker: Walker, name: str = "Ana") -> Walker:
    """Have somebody begin an attempt; the page is looked at in a test of its own."""
    walker.sign_in(name)
    walker.page.goto(walker.site + QUIZ)
    return go(walker, "Begin to practise")


def go(walker: Walker, button: str) -> Walker:
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name=button, exact=True).first.click()
    return walker


def give(walker: Walker, question: int, turn: int = 0) -> None:
    """Answer a question, counted from nought."""
    walker.page.locator("fieldset.item").nth(question).evaluate(ANSWER, turn)


def questions(walker: Walker) -> int:
    return walker.page.locator("fieldset.item").count()


def told(walker: Walker, state: str) -> None:
    walker.page.locator(f".save-status[data-state={state}]").wait_for(timeout=30_000)


def held(page: Page) -> dict[str, list[str]]:
    """Return what the form shows: each control's name without `answer-`, with its values."""
    return {name: sorted(values) for name, values in page.evaluate(HELD).items()}


def standing_answers(app: Flask, attempt_id: int | None = None) -> dict[str, list[str]]:
    """Return what stands in the database, as `held` writes it; of the newest attempt."""
    with app.app_context():
        found = db.session.scalars(select(Attempt).order_by(Attempt.id.desc()).limit(1)).one()
        if attempt_id is not None:
            found = db.session.get_one(Attempt, attempt_id)
        answers = standing(saved_answers(found.id))
        stood: dict[str, list[str]] = {}
        for item in laid_items(found.layout):
            if item.id in answers:
                stood |= by_control(item.key, answers[item.id].response)
        return stood


def by_control(key: str, response: Any) -> dict[str, list[str]]:
    """Return a response as `held` writes it."""
    if isinstance(response, dict):
        return {f"{key}.{part}": [value] for part, value in response.items()}
    values = [response] if isinstance(response, str) else sorted(response or [])
    return {key: values} if values else {}


def rows(app: Flask) -> int:
    """Return how many answers were ever written down."""
    with app.app_context():
        return len(db.session.scalars(select(Answer.id)).all())


def on_device(page: Page, kind: str = "waiting") -> list[dict[str, Any]]:
    """Return what waits in the browser, whoever it belongs to."""
    return page.evaluate(
        "kind => Object.keys(localStorage).filter(name => name.startsWith(kind + '/'))"
        ".map(name => ({name, ...JSON.parse(localStorage.getItem(name))}))",
        kind,
    )


class Line:
    """The network of a page, to be cut and mended as the browser's own tools do it."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")

    def _set(self, *, offline: bool) -> None:
        conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.session.send("Network.emulateNetworkConditions", conditions)

    def cut(self) -> "Line":
        self._set(offline=True)
        return self

    def mend(self) -> None:
        self._set(offline=False)


def notices(walker: Walker) -> str:
    return walker.page.locator("#device").inner_text()
