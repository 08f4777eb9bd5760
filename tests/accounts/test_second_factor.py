"""The second factor: set up, asked for, recovered, removed; and the roles that want it."""

import re
import threading
from datetime import timedelta

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts import commands, service
from elearn.accounts.models import Person, RecoveryCode, SecondFactor, SignIn
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from elearn.errors import Conflict, NotFound
from tests.accounts.conftest import Mailbox
from tests.applications import SECRET
from tests.cast import PASSWORD, Cast, address, code_of, recovery_code_of
from tests.reader import Browser

PAGE = "/account/second-factor"


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch):
    """Return a function that puts the clock forward, in the middle of a time step."""
    now = clock.now()
    state = {"at": now.replace(second=15, microsecond=0)}
    monkeypatch.setattr(clock, "now", lambda: state["at"])

    def forward(**by: float) -> None:
        state["at"] += timedelta(**by)

    return forward


def set_up(browser) -> tuple[str, list[str]]:
    """Set up an authenticator and return its secret and the recovery codes."""
    page = browser.submit(f"{PAGE}/begin")
    (key,) = [e for e in page.root.iter("code") if e.get("class") == "key"]
    secret = "".join((key.text or "").split())
    page = browser.post(f"{PAGE}/confirm", {"code": pyotp.TOTP(secret).at(clock.now())}, 200)
    return secret, re.findall(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b", page.text)


def sign_in(browser, name: str):
    return browser.post("/sign-in", {"email": address(name), "password": PASSWORD, "next": "/account"})


def test_it_is_set_up_and_asked_for_from_then_on(app: Flask, browse, cast: Cast, mailbox: Mailbox, time) -> None:
    ana = browse(cast.ana)
    assert "whoever learns your password" in ana.get(PAGE).text
    secret, codes = set_up(ana)
    assert len(set(codes)) == 10
    page = ana.get(PAGE)
    assert "10 recovery codes left" in page.text
    assert not any(code in page.text for code in codes), "recovery codes are shown once"
    assert "asks for a code" in mailbox.only(address("Ana")).get_content()
    assert "set up" in ana.get("/account").text
    time(seconds=30)

    browser = browse()
    assert sign_in(browser, "Ana").response.headers["Location"] == "/sign-in/code"
    browser.get("/account", 302)
    assert browser.get("/sign-in/code").heading == "Your second factor"
    browser.post("/sign-in/code", {"code": "000 000"}, 422)
    code = pyotp.TOTP(secret).at(clock.now())
    page = browser.submit("/sign-in/code", {"code": f" {code[:3]} {code[3:]}"})
    assert page.heading == "Your account", "where one wanted to be"
    with app.app_context():
        newest = db.session.scalars(select(SignIn).where(SignIn.person_id == cast.ana).order_by(SignIn.id.desc())).first()
        assert newest.second_factor_at == clock.now()


def test_a_code_works_once_and_a_clock_may_be_half_a_minute_wrong(browse, cast: Cast, time) -> None:
    def tried(code: str, status: int) -> None:
        browser = browse()
        sign_in(browser, "Carla")
        browser.post("/sign-in/code", {"code": code}, status)

    early, now, late, later = (code_of("Carla", SECRET, steps=steps) for steps in (-1, 0, 1, 2))
    tried(code_of("Carla", SECRET, steps=-2), 422)
    tried(later, 422)
    tried(early, 303)
    tried(early, 422)
    tried(now, 303)
    tried(late, 303)
    tried(now, 422)
    time(minutes=10)
    tried(code_of("Carla", SECRET), 303)


def test_the_same_code_at_the_same_moment_signs_one_in(browse, cast: Cast, time) -> None:
    browsers = [browse() for _ in range(4)]
    for browser in browsers:
        sign_in(browser, "Carla")
    ready, statuses, code = threading.Barrier(4), [], code_of("Carla", SECRET)

    def press(browser) -> None:
        token = browser.csrf_token
        ready.wait()
        statuses.append(browser.client.post("/sign-in/code", data={"code": code, "csrf_token": token}).status_code)

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 422, 422, 422]


def test_a_recovery_code_works_once_for_its_own_person(app: Flask, browse, cast: Cast) -> None:
    browser = browse()
    sign_in(browser, "Carla")
    browser.post("/sign-in/code", {"code": recovery_code_of("Faisal", 3)}, 422)
    page = browser.submit("/sign-in/code", {"code": recovery_code_of("Carla", 3).lower()})
    assert page.heading == "Your account"
    again = browse()
    sign_in(again, "Carla")
    again.post("/sign-in/code", {"code": recovery_code_of("Carla", 3)}, 422)
    assert "11 recovery codes left" in browser.get(PAGE).text


def test_a_sign_in_half_done_is_worth_nothing_later_or_after_a_new_password(app: Flask, browse, cast: Cast, time) -> None:
    late, changed, gone = browse(), browse(), browse()
    for browser in (late, changed, gone):
        sign_in(browser, "Carla")
    with app.app_context(), unit_of_work():
        person = db.session.get_one(Person, cast.carla)
        kept, person.password_hash = person.password_hash, "another"
    assert changed.post("/sign-in/code", {"code": code_of("Carla", SECRET)}).response.headers["Location"] == "/sign-in"
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.carla).password_hash = kept
        db.session.get_one(Person, cast.carla).deactivated_at = clock.now()
    assert gone.post("/sign-in/code", {"code": code_of("Carla", SECRET)}).response.headers["Location"] == "/sign-in"
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.carla).deactivated_at = None
    time(minutes=10, seconds=1)
    assert late.post("/sign-in/code", {"code": code_of("Carla", SECRET)}).response.headers["Location"] == "/sign-in"
    assert "Please sign in again" in late.get("/sign-in").text
    for browser in (late, changed, gone):
        browser.get("/account", 302)


def test_nobody_comes_to_the_code_without_a_password(browse, cast: Cast) -> None:
    browser = browse()
    browser.get("/sign-in/code", 302)
    browser.post("/sign-in/code", {"code": code_of("Carla", SECRET)})
    browser.get("/account", 302)


def test_keep_me_signed_in_is_remembered_over_the_code(app: Flask, browse, cast: Cast) -> None:
    browser = browse()
    browser.post("/sign-in", {"email": address("Carla"), "password": PASSWORD, "remember": "y"})
    answer = browser.post("/sign-in/code", {"code": code_of("Carla", SECRET)})
    assert "Expires" in answer.response.headers["Set-Cookie"]
    with app.app_context():
        newest = db.session.scalars(select(SignIn).where(SignIn.person_id == cast.carla).order_by(SignIn.id.desc())).first()
        assert newest.expires_at - newest.began_at == service.REMEMBERED_FOR


def test_a_role_that_wants_it_gives_nothing_until_it_is_set_up_and_everything_at_once_then(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        service.remove_second_factor(cast.carla, None)
    carla = Browser.of(app, cast.carla, second_factor=False)
    asked = carla.get("/coordinate/people?page=1", 302).response.headers["Location"]
    assert asked == "/account/second-factor?next=/coordinate/people?page%3D1"
    page = carla.get(asked)
    assert "Your role wants a second factor" in page.text
    assert "Your role waits for a second factor" in carla.get("/account").text
    page = carla.submit("/account/second-factor/begin", page.form("/account/second-factor/begin"))
    (key,) = [e for e in page.root.iter("code") if e.get("class") == "key"]
    fields = page.form("/account/second-factor/confirm")
    code = pyotp.TOTP("".join((key.text or "").split())).at(clock.now())
    page = carla.post("/account/second-factor/confirm", fields | {"code": code}, 200)
    assert page.links()["I have kept them"] == "/coordinate/people?page=1"
    carla.get("/coordinate/people?page=1")


def test_a_sign_in_that_began_without_a_code_can_show_one(app: Flask, browse, cast: Cast) -> None:
    carla = Browser.of(app, cast.carla, second_factor=False)
    page = carla.get("/coordinate/people")
    assert page.heading == "Your second factor"
    fields = page.form("/account/second-factor/show")
    assert "not right" in carla.post("/account/second-factor/show", fields | {"code": "000000"}, 422).text
    carla.submit("/account/second-factor/show", fields | {"code": code_of("Carla", SECRET)})
    assert carla.get("/coordinate/people").heading != "Your second factor"


def test_a_page_that_no_code_would_open_is_refused_as_ever(app: Flask, browse, cast: Cast) -> None:
    Browser.of(app, cast.edda, second_factor=False).get("/coordinate/people", 403)
    Browser.of(app, cast.ana, second_factor=False).get("/coordinate/people", 403)
    answer = Browser.of(app, cast.carla, second_factor=False).get("/coordinate/people", 403, headers={"Accept": "application/json"})
    assert "second factor" in answer.response.get_json()["detail"]


def test_in_a_demonstration_no_role_waits(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        service.mark_as_demonstration()
        service.remove_second_factor(cast.carla, None)
    Browser.of(app, cast.carla, second_factor=False).get("/coordinate/people")


def test_new_recovery_codes_end_the_old_ones(app: Flask, browse, cast: Cast) -> None:
    carla = browse(cast.carla)
    assert "not right" in carla.post(f"{PAGE}/codes", {"code": "123"}, 422).text
    page = carla.post(f"{PAGE}/codes", {"code": recovery_code_of("Carla", 0)}, 200)
    fresh = re.findall(r"\b(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}\b", page.text)
    assert len(fresh) == 10
    browser = browse()
    sign_in(browser, "Carla")
    browser.post("/sign-in/code", {"code": recovery_code_of("Carla", 1)}, 422)
    browser.post("/sign-in/code", {"code": fresh[0]})


def test_it_is_removed_with_a_code_and_roles_wait_again(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    carla, elsewhere = browse(cast.carla), browse(cast.carla)
    carla.post(f"{PAGE}/remove", {"code": ""}, 422)
    carla.post(f"{PAGE}/remove", {"code": "000000"}, 422)
    elsewhere.get("/coordinate/people")
    assert "is removed" in carla.submit(f"{PAGE}/remove", {"code": code_of("Carla", SECRET)}).text
    carla.get("/coordinate/people", 302)
    elsewhere.get("/coordinate/people", 302)
    assert "no longer asks" in mailbox.only(address("Carla")).get_content()
    assert browse().submit("/sign-in", {"email": address("Carla"), "password": PASSWORD}).heading == "Welcome, Carla Example"
    with app.app_context():
        assert db.session.get(SecondFactor, cast.carla) is None
        assert not db.session.scalar(select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == cast.carla))
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "remove-second-factor")).one()
        assert (entry.actor_id, entry.subject_id) == (cast.carla, cast.carla)


def test_a_lost_authenticator_is_removed_by_the_operator_or_a_coordinator(context: Flask, browse, cast: Cast) -> None:
    callback = ["remove-second-factor", "--email", "Carla@Example.org"]
    done = CliRunner().invoke(commands.users, callback, standalone_mode=False)
    assert done.exception is None
    assert "password alone" in done.output
    assert isinstance(CliRunner().invoke(commands.users, callback, standalone_mode=False).exception, Conflict)
    unknown = [*callback[:-1], "nobody@example.org"]
    assert isinstance(CliRunner().invoke(commands.users, unknown, standalone_mode=False).exception, NotFound)
    with unit_of_work():
        service.remove_second_factor(cast.faisal, cast.root, institution_id=cast.institutions["LIM"])
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "remove-second-factor").order_by(AuditEntry.id)).all()
    assert [(e.actor_id, e.subject_id) for e in entries] == [(None, cast.carla), (cast.root, cast.faisal)]


def test_one_that_is_set_up_is_not_begun_again(app: Flask, browse, cast: Cast) -> None:
    carla = browse(cast.carla)
    carla.post(f"{PAGE}/begin", status=409)
    carla.post(f"{PAGE}/confirm", {"code": code_of("Carla", SECRET)}, 409)
    browse(cast.ana).post(f"{PAGE}/confirm", {"code": "123456"}, 409)


def test_one_that_is_being_set_up_is_asked_of_nobody_and_can_be_begun_anew(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    first = ana.submit(f"{PAGE}/begin").text
    page = ana.get(PAGE)
    assert [e.get("src", "")[:18] for e in page.root.iter("img")] == ["data:image/svg+xml"]
    assert "not right" in ana.post(f"{PAGE}/confirm", {"code": "no code"}, 422).text
    assert browse().submit("/sign-in", {"email": address("Ana"), "password": PASSWORD}).heading == "Welcome, Ana Example"
    assert ana.submit(f"{PAGE}/begin").text != first
    set_up(ana)


def test_a_new_secret_key_leaves_the_recovery_codes(app: Flask, browse, cast: Cast) -> None:
    code = code_of("Carla", SECRET)
    app.config["SECRET_KEY"] = "another key, also long enough for anyone"
    browser = browse()
    sign_in(browser, "Carla")
    browser.post("/sign-in/code", {"code": code}, 422)
    browser.post("/sign-in/code", {"code": recovery_code_of("Carla", 0)})


def test_a_person_removed_half_way_through_is_out(app: Flask, browse, cast: Cast) -> None:
    browser, carla = browse(), browse(cast.carla)
    sign_in(browser, "Carla")
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.carla).deactivated_at = clock.now()
    for path in ("/sign-in/code", "/account", PAGE, "/account/addresses", "/account/sign-ins"):
        carla.get(path, 302)
    carla.post(f"{PAGE}/remove", {"code": code_of("Carla", SECRET)}, 401)
    browser.get("/sign-in/code", 302)
