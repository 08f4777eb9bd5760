"""How often one may try: the numbers, which docs/security.md prints, and that each is what happens."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from elearn import throttle
from elearn.accounts import address_service, credentials, password_service, second_factor_service, service
from elearn.accounts.second_factor import DIGITS, DRIFT
from elearn.db import counted_statements
from tests.accounts.conftest import Mailbox
from tests.cast import PASSWORD, Cast, address

#: What is tried, whose tries are counted, how many, in which time.
NUMBERS = [
    ("sign in", "account", service.TRIES_PER_ACCOUNT, service.TRIES_WINDOW),
    ("sign in", "remote address, failures", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW),
    ("sign up", "remote address", service.SIGN_UPS_PER_ADDRESS, service.TRIES_WINDOW),
    ("second factor", "person", second_factor_service.CODES_PER_PERSON, service.TRIES_WINDOW),
    ("second factor", "person", second_factor_service.CODES_PER_DAY, second_factor_service.A_DAY),
    ("second factor", "remote address, failures", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW),
    ("forgotten password", "name", password_service.ASKS_PER_NAME, service.TRIES_WINDOW),
    ("forgotten password", "remote address", password_service.ASKS_PER_REMOTE, service.TRIES_WINDOW),
    ("one-time link", "remote address, failures", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW),
    ("present password", "person", password_service.PASSWORDS_PER_PERSON, service.TRIES_WINDOW),
    ("mails", "address they go to", address_service.MAILS_PER_ADDRESS, address_service.MAILS_WINDOW),
]


def test_the_numbers_are_those_that_are_published() -> None:
    published = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    for what, whose, tries, window in NUMBERS:
        minutes = window / timedelta(minutes=1)
        assert f"| {what} | {whose} | {tries:,} in {minutes:,.0f} minutes | {tries / minutes:.2f} |" in published


def test_the_numbers_are_small_enough() -> None:
    rates = {(what, whose, window): tries / (window / timedelta(minutes=1)) for what, whose, tries, window in NUMBERS}
    assert all(rate <= 1 for (_, whose, _), rate in rates.items() if whose in {"account", "person", "name"})
    assert all(rate <= 10 for (_, whose, _), rate in rates.items() if whose.startswith("remote") and "failures" in whose)
    guesses_a_day = second_factor_service.CODES_PER_DAY * (2 * DRIFT + 1) / 10**DIGITS
    assert guesses_a_day < 1 / 5000, "a day of guessing codes, with the right password, is right once in 5,000 days"


@pytest.fixture
def elsewhere(browse):
    """Return a function that gives a browser with another remote address each time."""
    numbers = iter(range(1, 250))

    def begin():
        browser = browse()
        browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{next(numbers)}"
        return browser

    return begin


def answer(browser, path: str, fields: dict[str, str]):
    """Return a page whatever its status."""
    response = browser.client.post(path, data=fields | {"csrf_token": browser.csrf_token})
    return browser._page(response, response.status_code)


def exactly(tries: int, press) -> None:
    """Assert that ``tries`` tries are answered and all later ones are not, with a time to wait."""
    for _ in range(tries):
        assert press().status != 429
    refused = press()
    assert refused.status == 429
    assert 0 < int(refused.response.headers["Retry-After"]) <= 86_400
    assert "Too many tries" in refused.text


def test_one_account_from_many_places_by_all_its_names(app: Flask, elsewhere, browse, cast: Cast) -> None:
    browse(cast.ana).post("/account/profile", {"name": "Ana Example", "sign_in_name": "ana"})
    names = iter(["ana", address("Ana"), " ANA ", address("Ana").upper()] * 10)
    exactly(service.TRIES_PER_ACCOUNT, lambda: answer(elsewhere(), "/sign-in", {"email": next(names), "password": "wrong"}))
    assert answer(elsewhere(), "/sign-in", {"email": address("Ana"), "password": PASSWORD}).status == 429


def test_many_accounts_from_one_place(browse, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 20)
    names = iter(range(1000))
    exactly(20, lambda: answer(browse(), "/sign-in", {"email": f"{next(names)}@example.org", "password": "wrong"}))


def test_codes_of_one_person(app: Flask, elsewhere, cast: Cast) -> None:
    waiting = elsewhere()
    waiting.post("/sign-in", {"email": address("Carla"), "password": PASSWORD})
    exactly(second_factor_service.CODES_PER_PERSON, lambda: answer(waiting, "/sign-in/code", {"code": "000000"}))


def test_codes_from_one_place(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 5)
    browsers = {}
    for name in ("Carla", "Faisal"):
        browsers[name] = browse()
        browsers[name].post("/sign-in", {"email": address(name), "password": PASSWORD})
    turns = iter(["Carla", "Faisal"] * 10)
    exactly(5, lambda: answer(browsers[next(turns)], "/sign-in/code", {"code": "000000"}))


def test_codes_of_one_day(app: Flask, cast: Cast, monkeypatch) -> None:
    with app.app_context(), app.test_request_context():
        for number in range(second_factor_service.CODES_PER_DAY):
            monkeypatch.setattr(second_factor_service, "CODES_PER_PERSON", number + 2)
            second_factor_service._count(cast.carla, "192.0.2.1")
        with pytest.raises(throttle.TooMany) as refused:
            second_factor_service._count(cast.carla, "192.0.2.1")
        assert refused.value.retry_after > 0


@pytest.mark.parametrize("name", ["ana@example.org", "nobody@example.org"])
def test_asking_for_a_password_by_one_name(elsewhere, cast: Cast, mailbox: Mailbox, name: str) -> None:
    exactly(password_service.ASKS_PER_NAME, lambda: answer(elsewhere(), "/forgotten", {"email": name}))
    assert len(mailbox.new()) == (password_service.ASKS_PER_NAME if name.startswith("ana") else 0)


def test_asking_for_passwords_from_one_place(browse, cast: Cast, mailbox: Mailbox, monkeypatch) -> None:
    monkeypatch.setattr(password_service, "ASKS_PER_REMOTE", 5)
    names = iter(range(1000))
    exactly(5, lambda: answer(browse(), "/forgotten", {"email": f"{next(names)}@example.org"}))


def test_links_that_are_none(browse, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 5)
    paths = iter(["/verify-address/x", "/set-password/x"] * 10)
    exactly(5, lambda: answer(browse(), next(paths), {"password": "a long enough one"}))


def test_the_present_password_of_somebody_signed_in(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    fields = {"present": "wrong", "password": "a long enough one"}
    exactly(password_service.PASSWORDS_PER_PERSON, lambda: answer(ana, "/account/password", fields))


def test_known_unknown_and_deactivated_accounts_cost_the_same(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    verified: list[int] = []
    verify = credentials._hasher.__class__.verify
    monkeypatch.setattr(credentials._hasher.__class__, "verify", lambda *a: verified.append(1) or verify(*a))
    browse().get("/sign-in")
    costs, pages = set(), set()
    for email in ("ana@example.org", "carla@example.org", "nobody@example.org", "hugo@example.org", "no.such.name"):
        browser = browse()
        verified.clear()
        with counted_statements() as statements:
            page = browser.post("/sign-in", {"email": email, "password": "not the password"}, 422)
        costs.add((len(verified), len(statements)))
        pages.add(page.text.replace(email, ""))
    assert costs == {(1, len(statements))}
    assert len(pages) == 1
