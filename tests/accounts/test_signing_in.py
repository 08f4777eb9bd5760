"""Signing up, in and out."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts import service
from elearn.accounts.models import Person, SignIn
from elearn.db import db, unit_of_work
from tests.cast import PASSWORD, Cast, address

UP = {"name": "Zoë Nyström", "email": "zoe@example.org", "password": "a long enough one", "role": "student", "institution": ""}


def people(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person))


def test_a_person_signs_up_and_is_at_home(browse) -> None:
    page = browse().submit("/sign-up", UP)
    assert page.heading == "Welcome, Zoë Nyström"


def test_a_professor_waits_for_a_coordinator_and_may_prepare_meanwhile(browse, cast: Cast) -> None:
    professor = browse()
    page = professor.submit("/sign-up", UP | {"role": "professor", "institution": str(cast.institutions["LAG"])})
    assert "not confirmed yet" in page.text
    professor.get("/teach/classes/new")
    assert "Zoë Nyström" in browse(cast.carla).get("/coordinate/people").text
    assert "Zoë Nyström" not in browse(cast.faisal).get("/coordinate/people").text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter your name"),
        ("name", "x" * 201, "longer than"),
        ("email", "nobody", "does not look like"),
        ("email", "", "Enter your e-mail"),
        ("password", "short", "10 to 200"),
        ("password", "x" * 201, "10 to 200"),
        ("role", "programme-coordinator", "Not a valid choice"),
        ("institution", "999", "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field_and_the_rest_is_kept(app, browse, field, value, message) -> None:
    before = people(app)
    page = browse().post("/sign-up", UP | {"role": "professor"} | {field: value}, 422)
    assert message in page.text
    fields = page.form("/sign-up")
    for kept in {"name", "email"} - {field}:
        assert fields[kept] == UP[kept]
    assert "password" not in fields or not fields["password"]
    assert people(app) == before


def test_a_professor_without_an_institution_is_asked_for_one(browse) -> None:
    assert "Choose your institution" in browse().post("/sign-up", UP | {"role": "professor"}, 422).text


@pytest.mark.parametrize("name", ["X", "名", "😀 Smith", "O'Brien <b>", "مريم"])
def test_names_of_all_kinds_are_shown_as_typed(browse, name: str) -> None:
    assert browse().submit("/sign-up", UP | {"name": name}).heading == f"Welcome, {name}"


def test_signing_in_leads_to_where_one_wanted_to_be(browse, cast: Cast) -> None:
    browser = browse()
    asked = browser.get("/account", 302).response.headers["Location"]
    fields = browser.get(asked).form("/sign-in")
    page = browser.submit("/sign-in", fields | {"email": " Ana@Example.org ", "password": PASSWORD})
    assert page.heading == "Your account"


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org", "hugo@example.org"])
def test_unknown_wrong_and_deactivated_get_the_same_answer(browse, cast: Cast, email: str) -> None:
    password = PASSWORD if email.startswith("hugo") else "not the password"
    page = browse().post("/sign-in", {"email": email, "password": password}, 422)
    assert "The name or the password is not right." in page.text
    assert page.form("/sign-in")["email"] == email


def test_signing_out_ends_it_on_the_server(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    copied = browser.client.get_cookie("session").value
    browser.submit("/sign-out")
    thief = browse()
    thief.client.set_cookie("session", copied)
    thief.get("/account", 302)
    with app.app_context():
        assert (
            db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None), SignIn.person_id == cast.ana)) >= 1
        )


def test_a_person_deactivated_while_signed_in_is_out(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    browser.get("/account")
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).deactivated_at = clock.now()
    browser.get("/account", 302)


def test_tries_are_counted_per_account_and_the_right_password_does_not_help(browse, cast: Cast) -> None:
    browser = browse()
    for _ in range(service.TRIES_PER_ACCOUNT):
        browser.post("/sign-in", {"email": address("Ana"), "password": "wrong"}, 422)
    page = browser.post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 429)
    assert int(page.response.headers["Retry-After"]) > 0
    browser.post("/sign-in", {"email": address("Bruno"), "password": PASSWORD}, 303)


def test_a_sign_in_from_before_gives_nothing_to_the_one_after(browse, cast: Cast) -> None:
    browser = browse()
    browser.get("/sign-in")
    with browser.client.session_transaction() as session:
        session["planted"] = "x"
    browser.post("/sign-in", {"email": address("Ana"), "password": PASSWORD})
    with browser.client.session_transaction() as session:
        assert "planted" not in session


def test_cookies_are_closed_to_scripts_and_other_sites(browse, cast: Cast) -> None:
    answer = browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD}).response
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_one_time_link_works_once(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        token = service.make_one_time_link(cast.ana)
    assert browse().submit(f"/set-password/{token}", {"password": "another long one"}).heading.startswith("Welcome")
    browse().post(f"/set-password/{token}", {"password": "another long one"}, 422)
    browse().post("/sign-in", {"email": address("Ana"), "password": "another long one"})


def test_a_coordinator_confirms_once_and_only_at_home(browse, cast: Cast) -> None:
    carla = browse(cast.carla)
    page = carla.get(carla.get("/coordinate/people?state=waiting").links()["Gita Example"])
    action = next(f.get("action") for f in page.all("form") if f.get("action", "").endswith("/confirm"))
    browse(cast.faisal).post(action, status=404)
    browse(cast.ana).post(action, status=403)
    assert "Confirmed" in carla.submit(action).text
    carla.post(action, status=409)
    assert "not confirmed" not in browse(cast.gita).get("/home").text
