"""What people type runs nothing and is shown as it was typed: every text field of every form, as every role, in Chromium.

The forms are found by walking the doors of ``tests/doors``: a form that somebody adds is tried without anyone listing it here.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import Walker
from tests.cast import Cast
from tests.conftest import House
from tests.doors import walk as doors
from tests.doors.test_table import ROWS, fresh
from tests.doors.world import objects
from tests.reader import Browser

pytestmark = [pytest.mark.browser, pytest.mark.pages]

HOSTILE = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'--{{7*7}}<svg/onload=alert(3)>&lt;b&gt; 😀 é"
#: Words that must not run: where they did, one of these calls is in ``window.ran``.
WATCH = 'window.ran = []; for (const name of ["alert", "confirm", "prompt"]) window[name] = (...given) => window.ran.push(String(given));'
TYPED = "input:not([type]), input[type=text], input[type=email], input[type=search], input[type=url], input[type=tel], textarea"
WHO = ("anonymous", "student", "professor", "unconfirmed", "coordinator", "editor", "programme")
#: Whether what an endpoint answers with is a page, once it was looked at: a file is none, and a browser would keep it.
IS_PAGE: dict[str, bool] = {}
#: Signing out or deleting would end the walk; nothing there takes a text.
LEFT_OUT = {"accounts.sign_out"}
#: Shown on no page afterwards, or not as typed, and why. By endpoint of the page and name of the field.
NOT_SHOWN = {
    "plan_prints.details prepare": "it stands on the handout, which is opened at the end of the walk",
    "plan_prints.details questions": "they stand on the handout, too, a line each",
    "reach.desk institution": "an institution that there is not is no page, and a page for what is not there repeats nothing",
    "institution_requests.wish decline-word": "the word is for the person who asked: their home page shows it (tests/front)",
}


@pytest.fixture
def app(house: House) -> Iterator[Flask]:
    """An application on the world of doors."""
    with fresh(house) as app:
        yield app


def paths(app: Flask, column: str) -> list[tuple[str, str]]:
    """Return (endpoint, address) of every page that this column of the table may open, for an object of its own institution."""
    place = list(doors.ASKING).index(column)
    with app.app_context():
        cast = Cast.found()
        values = objects(cast, "LAG")
    who = doors.ASKING[column][0]
    client = Browser.of(app, cast.people[who] if who else None).client
    rules = {str(door): rule for door, rule in doors.doors(app).items()}
    open_ = [row for row, cells in ROWS.items() if row.startswith("GET ") and cells[place] == "200"]
    found = [(row.split()[1], doors.address(app, rules[row], values)) for row in sorted(open_) if row.split()[1] not in LEFT_OUT]
    for endpoint, path in found:
        if endpoint not in IS_PAGE:
            answer = client.get(path)
            IS_PAGE[endpoint] = answer.mimetype == "text/html" and "attachment" not in answer.headers.get("Content-Disposition", "")
    return [(endpoint, path) for endpoint, path in found if IS_PAGE[endpoint]]


def signed_in(walker: Walker, app: Flask, person_id: int | None) -> None:
    """Have the walker's browser carry this person's session."""
    browser = Browser.of(app, person_id)
    cookie = browser.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    walker.page.context.clear_cookies()
    if cookie is not None:
        walker.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": walker.site}])


def forms_with_texts(page: Page) -> list[int]:
    """Return the places, among the page's forms, of those that take a text."""
    # What a dialog holds is sent nowhere.
    takes = f"form.method !== 'dialog' && form.querySelector('{TYPED.replace(chr(39), chr(34))}')"
    return page.evaluate(f"() => [...document.forms].map((form, place) => {takes} ? place : -1).filter((place) => place >= 0)")


def fill(page: Page, place: int) -> dict[str, str]:
    """Type the hostile text into every text field of a form, choose something of every list, and send it; return what was typed."""
    form = page.locator("form").nth(place)
    typed = {}
    for field in form.locator(TYPED).all():
        if not field.is_visible():
            continue
        most = int(field.get_attribute("maxlength") or 10_000)
        name = field.get_attribute("name") or ""
        typed[name] = HOSTILE[:most]
        field.fill(typed[name])
    for choice in form.locator("select").all():
        options = choice.locator("option").evaluate_all("options => options.map((o) => o.value).filter((v) => v)")
        if options and choice.is_visible() and not choice.input_value():
            choice.select_option(options[0])
    with page.expect_navigation():
        form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    return typed


def shown(page: Page) -> str:
    """Return all that the page shows, the contents of its fields included, with blanks folded."""
    words = page.evaluate(
        "() => document.body.innerText + ' ' + [...document.querySelectorAll('input, textarea')].map((e) => e.value).join(' ')"
        " + ' ' + [...document.querySelectorAll('.visually-hidden, option, details')].map((e) => e.textContent).join(' ')"
    )
    return re.sub(r"\s+", " ", words)


def check(page: Page, complaints: list[str]) -> None:
    assert page.evaluate("window.ran") == [], page.url
    # The policy would stop an inline handler, and complain of it: there must be none to stop.
    held_back = [words for words in complaints if "Content Security Policy" in words or "inline" in words]
    assert not held_back, f"{page.url}: {held_back}"
    complaints.clear()


@pytest.mark.parametrize("column", WHO)
def test_what_is_typed_into_any_form_runs_nothing_and_is_shown_as_typed(walk, app: Flask, column: str) -> None:
    walker = walk()
    page = walker.page
    page.add_init_script(WATCH)
    with app.app_context():
        cast = Cast.found()
    who = doors.ASKING[column][0]
    tried, hidden = 0, []
    found = paths(app, column)
    for endpoint, path in found:
        # What was typed before may have ended the session, or be a new password.
        signed_in(walker, app, cast.people[who] if who else None)
        page.goto(walker.site + path)
        check(page, walker.complaints)
        for place in forms_with_texts(page):
            signed_in(walker, app, cast.people[who] if who else None)
            page.goto(walker.site + path)
            typed = fill(page, place)
            tried += len(typed)
            check(page, walker.complaints)
            there = shown(page)
            hidden += [f"{endpoint} {name}" for name, text in typed.items() if text not in there and text.lower() not in there]
    assert tried or column == "editor"
    assert sorted(set(hidden) - NOT_SHOWN.keys()) == [], f"not shown as typed, after {tried} fields; last on {urlsplit(page.url).path}"
    for _endpoint, path in found:
        signed_in(walker, app, cast.people[who] if who else None)
        page.goto(walker.site + path)
        check(page, walker.complaints)
