"""Signing up: one account however often one presses, and the same answer whoever has the address."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts import credentials, service, sign_up_service, views
from elearn.accounts.models import EmailAddress, Institution, Membership, Person, SignIn
from elearn.db import db
from tests.accounts.conftest import Mailbox
from tests.applications import SECRET
from tests.cast import PASSWORD, Cast, address, code_of

UP = {"name": "Zoë Nyström", "email": "zoe@example.org", "password": "a long enough one", "role": "student", "institution": ""}
UNLISTED = {
    "institution": "unlisted",
    "institution_name": "Kamau  University",
    "institution_country": "KE",
    "institution_kind": "university",
}


def people(app: Flask, name: str = UP["name"]) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(Person.id).where(Person.name == name)))


def a_while_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the cast's accounts not be made a moment ago."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=30))


@pytest.mark.parametrize("email", ["zoe@example.org", "ana@example.org"])
def test_the_answer_and_the_work_are_the_same_whoever_has_the_address(
    app: Flask, browse, mailbox: Mailbox, monkeypatch, email: str
) -> None:
    hashed: list[str] = []
    a_while_later(monkeypatch)
    monkeypatch.setattr(service, "password_matches", lambda *a: hashed.append("verify") or credentials.password_matches(*a))
    monkeypatch.setattr(sign_up_service, "password_matches", lambda *a: hashed.append("verify again") or credentials.password_matches(*a))
    monkeypatch.setattr(views, "hash_password", lambda *a: hashed.append("hash") or credentials.hash_password(*a))
    browser = browse()
    answer = browser.post("/sign-up", UP | {"email": email})
    assert answer.response.headers["Location"] == "/home"
    assert browser.get("/home").heading == "Welcome, Zoë Nyström"
    assert "not confirmed" in browser.get("/account").text
    assert hashed == ["verify", "hash"]
    letter = mailbox.only(email)
    assert "Zoë" not in letter.get_content(), "a stranger's words go to nobody"


def test_the_reader_of_an_address_that_is_taken_is_told_and_nothing_of_theirs_changes(
    app: Flask, browse, mailbox: Mailbox, cast: Cast
) -> None:
    browse().post("/sign-up", UP | {"email": address("Ana")})
    words = mailbox.only(address("Ana")).get_content()
    assert "/forgotten" in words
    assert "/verify-address/" not in words
    assert browse().submit("/sign-in", {"email": address("Ana"), "password": PASSWORD}).heading == "Welcome, Ana Example"
    browse().post("/sign-in", {"email": address("Ana"), "password": UP["password"]}, 422)


def test_six_presses_at_the_same_moment_make_one_account(app: Flask, browse) -> None:
    browsers = [browse() for _ in range(6)]
    ready = threading.Barrier(len(browsers))
    answers: list[tuple[int, str]] = []

    def press(browser) -> None:
        token = browser.csrf_token
        ready.wait()
        answer = browser.client.post("/sign-up", data=UP | UNLISTED | {"role": "professor", "csrf_token": token})
        answers.append((answer.status_code, answer.headers.get("Location", "")))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(303, "/home")] * 6
    (person,) = people(app)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(EmailAddress).where(EmailAddress.address == UP["email"])) == 1
        assert db.session.scalar(select(func.count()).select_from(Institution).where(Institution.state == "requested")) == 1
        assert db.session.scalar(select(func.count()).select_from(SignIn).where(SignIn.person_id == person)) == 6
    assert {browser.get("/home").heading for browser in browsers} == {"Welcome, Zoë Nyström"}


def test_another_password_at_the_same_address_is_another_account(app: Flask, browse) -> None:
    browse().post("/sign-up", UP)
    browse().post("/sign-up", UP | {"password": "quite another one"})
    assert len(people(app)) == 2


def test_whoever_signs_up_again_with_their_password_signs_in(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    page = browse().submit("/sign-up", UP | {"email": " Ana@example.org", "password": PASSWORD})
    assert page.heading == "Welcome, Ana Example"
    assert "this is it" in page.text
    assert people(app) == []
    assert mailbox.new() == []


def test_signing_up_again_asks_for_the_second_factor_as_signing_in_does(app: Flask, browse, cast: Cast) -> None:
    browser = browse()
    page = browser.submit("/sign-up", UP | {"email": address("Carla"), "password": PASSWORD})
    assert page.heading == "Your second factor"
    browser.get("/home", 302)
    assert browser.submit("/sign-in/code", {"code": code_of("Carla", SECRET)}).heading == "Welcome, Carla Example"


def test_signing_up_is_no_second_door_for_guesses(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    a_while_later(monkeypatch)
    for number in range(service.TRIES_PER_ACCOUNT):
        browse().post("/sign-up", UP | {"email": address("Ana"), "password": f"guess number {number}"})
    browse().post("/sign-up", UP | {"email": address("Ana"), "password": PASSWORD}, 429)
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 429)
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 3)
    page = browse().submit("/sign-up", UP | {"email": address("Bruno"), "password": PASSWORD})
    assert page.heading == "Welcome, Zoë Nyström", "past its limit an address finds nobody by signing up"


def test_a_professor_of_an_institution_that_is_not_listed_asks_for_it(app: Flask, browse, cast: Cast) -> None:
    professor = browse()
    page = professor.submit("/sign-up", UP | UNLISTED | {"role": "professor"})
    assert "the programme's turn" in page.text
    professor.get("/teach/classes/new")
    assert "Professor, Kamau University waits for the programme to list it" in professor.get("/account").text
    with app.app_context():
        asked = db.session.scalars(select(Institution).where(Institution.state == "requested")).one()
        assert (asked.name, asked.country, asked.kind, asked.requested_by_id) == ("Kamau University", "KE", "university", people(app)[0])
        membership = db.session.scalars(select(Membership).where(Membership.institution_id == asked.id)).one()
        assert (membership.role, membership.state) == ("professor", "requested")
    assert "Kamau University" not in str(browse().get("/sign-up").response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        ({"institution_name": ""}, "institution_name", "Enter the name of your institution"),
        ({"institution_country": ""}, "institution_country", "Choose the country"),
        ({"institution_country": "XX"}, "institution_country", "Not a valid choice"),
        ({"institution_kind": "palace"}, "institution_kind", "Not a valid choice"),
        ({"institution_name": "x" * 201}, "institution_name", "longer than"),
        ({"institution": ""}, None, ""),
        ({"institution": "", "institution_name": ""}, "institution", "Choose your institution"),
        ({"institution": "LAG"}, "institution_name", "Keep one of the two"),
        ({"institution_name": "lagoon university", "institution_country": "NG"}, "institution", "is in the list"),
    ],
)
def test_a_professor_names_an_institution_in_one_way(app: Flask, browse, cast: Cast, changed, field, message) -> None:
    changed = {name: str(cast.institutions.get(value, value)) for name, value in changed.items()}
    typed = UP | UNLISTED | {"role": "professor"} | changed
    page = browse().post("/sign-up", typed, 422 if field else 303)
    if field is None:
        return
    assert message in page.text
    (faulty,) = [e for e in page.root.iter() if e.get("id") == f"{field}-error"]
    assert faulty is not None
    kept = page.form("/sign-up")
    for name in ("name", "email", "institution_name"):
        assert kept[name] == typed[name]
    assert people(app) == []


def test_a_student_s_unlisted_institution_is_nobody_s_business(app: Flask, browse) -> None:
    browse().post("/sign-up", UP | UNLISTED)
    with app.app_context():
        assert not db.session.scalar(select(func.count()).select_from(Institution).where(Institution.state == "requested"))


def test_the_list_of_institutions_is_grouped_by_country(browse, cast: Cast) -> None:
    page = browse().get("/sign-up")
    assert [group.get("label") for group in page.root.iter("optgroup")] == ["Nigeria", "Peru"]


@pytest.mark.parametrize("email", ["a,b@example.org", "ana <ana@example.org>", "x@y@example.org", '"a b"@example.org', "a\nb@example.org"])
def test_what_a_mail_would_take_for_another_address_is_none(app: Flask, browse, email: str) -> None:
    assert "does not look like" in browse().post("/sign-up", UP | {"email": email}, 422).text


@pytest.mark.parametrize("name", ["\u200b", "\u202e \u2066", "\x07", "  ", "\u0301"])
def test_a_name_of_which_nothing_is_seen_is_none(browse, name: str) -> None:
    assert "Enter your name" in browse().post("/sign-up", UP | {"name": name}, 422).text


def test_an_address_gets_few_mails_however_often_somebody_signs_up_with_it(app: Flask, browse, mailbox: Mailbox, cast: Cast) -> None:
    for number in range(7):
        browse().post("/sign-up", UP | {"email": address("Ana"), "password": f"guess number {number}"})
    assert len(mailbox.new()) == 5
    assert len(people(app)) == 7


def test_without_mail_the_account_page_says_so(browse) -> None:
    browser = browse()
    browser.post("/sign-up", UP)
    assert "This site sends no mail" in browser.get("/account").text
