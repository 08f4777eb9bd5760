"""A page with a problem, and those who report and answer."""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.catalogue import service as catalogue
from elearn.catalogue.reader import read_content
from elearn.db import db, unit_of_work
from elearn.problems.models import ProblemReport
from tests import shipped
from tests.cast import Cast
from tests.reader import Browser, Page

SLUG = "introduction-to-cybercrime"
KEY = "computers-and-networks"
TEACHERS_KEY = "marking-guide"
WORDS = "The number of devices is ten years old."


def new_url(key: str = KEY, class_id: int | None = None, **more: str) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/problems/new?module={SLUG}&section={key}&language=en{f'&class={class_id}' if class_id else ''}{extra}"


def passages_of(page: Page) -> list[str]:
    """The values of the passages that a form offers, that of the page as a whole left out."""
    return [option.get("value") for option in page.root.iter("option") if option.get("value")]


def report(browser: Browser, url: str, *, passage: int | None = 3, status: int = 303, **fields: str) -> Page:
    """Fill in the form at ``url`` and send it."""
    page = browser.get(url)
    typed = page.form(url) | {"kind": "fact", "words": WORDS}
    if passage is not None:
        typed["passage"] = passages_of(page)[passage]
    return browser.post(url, typed | fields, status)


def reports(app: Flask) -> list[ProblemReport]:
    with app.app_context():
        found = list(db.session.scalars(select(ProblemReport).order_by(ProblemReport.id)))
        db.session.expunge_all()
        return found


def publish_anew(app: Flask, old: str = "", new: str = "", *, version: str = "9.0.0") -> None:
    """Publish the shipped series with a newer version of the module, in which ``old`` reads ``new``."""
    files = shipped.files()
    yml = next(name for name in files if name.endswith(f"{SLUG}/module.yml"))
    text = files[yml].decode()
    current = next(line for line in text.splitlines() if line.startswith("version:"))
    note = f"changes:\n  {version}: The count of devices is of this year.\n"
    text = text.replace(current, f"version: {version}").replace("changes:\n", note)
    files[yml] = text.encode()
    name = next(name for name in files if name.endswith(f"-{KEY}.md"))
    assert old in files[name].decode()
    files[name] = files[name].decode().replace(old, new, 1).encode() if old else files[name]
    with app.app_context(), app.test_request_context(), unit_of_work():
        catalogue.publish(read_content(files))
    app.extensions["recent"].clear()


@dataclass
class Desk:
    """A report of a student in a class, and its address."""

    report_id: int
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"/problems/{self.report_id}"

    def answer(self, browser: Browser, status: int = 303, **fields: str) -> Page:
        typed = browser.get(self.url).form(self.url)
        return browser.post(self.url, typed | {"act": "answered", "words": "Thank you, we look into it."} | fields, status)


@pytest.fixture
def of_class(app: Flask, browse, cast: Cast) -> Desk:
    """Ana's report in Bruno's class."""
    report(browse(cast.ana), new_url(class_id=cast.classes["Bruno"]))
    return Desk(reports(app)[-1].id)


@pytest.fixture
def of_stranger(app: Flask, browse) -> Desk:
    """A report by somebody without an account."""
    report(browse(), new_url())
    return Desk(reports(app)[-1].id)
