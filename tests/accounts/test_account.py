"""One's own account: profile, and where one is signed in."""

import threading

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn import clock
from elearn.accounts import account_service, service
from elearn.accounts.models import EmailAddress, Person, SignIn
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.cast import PASSWORD, Cast, address
from tests.reader import text_of

PROFILE = {"name": "Ana Example", "sign_in_name": "", "language": "", "timezone": ""}
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PAGES = ("/account", "/account/profile", "/account/addresses", "/account/password", "/account/second-factor", "/account/sign-ins")


def person(app: Flask, person_id: int) -> Person:
    with app.app_context():
        return db.session.get_one(Person, person_id)


def test_every_page_of_an_account_leads_to_the_others(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    for path in PAGES:
        page = ana.get(path)
        (tabs,) = [nav for nav in page.root.iter("nav") if nav.get("class") == "tabs"]
        links = {a.get("href"): a.get("aria-current") for a in tabs.iter("a")}
        assert set(PAGES) | {"/account/data"} == set(links)
        assert [href for href, current in links.items() if current] == [path]


@pytest.mark.parametrize("name", ["X", "名", "😀", "x" * 200, "مريم بنت علي", "O'Brien <b>", "=1+1"])
def test_a_name_of_any_kind_is_kept_as_typed(app: Flask, browse, cast: Cast, name: str) -> None:
    ana = browse(cast.ana)
    page = ana.submit("/account/profile", PROFILE | {"name": f"  {name} "})
    assert "saved" in page.text
    assert page.form("")["name"] == name
    assert name in ana.get("/account").text
    assert "Classes you are in keep the name" in page.text
    assert "Ana Example" in browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/").text


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter your name"),
        ("name", "\u200b\u202e", "Enter your name"),
        ("name", "x" * 201, "longer than"),
        ("sign_in_name", "ab", "Use 3 to 80"),
        ("sign_in_name", "x" * 81, "longer than"),
        ("sign_in_name", "an a", "Use 3 to 80"),
        ("sign_in_name", "ana@example.org", "Use 3 to 80"),
        ("sign_in_name", "...", "Use 3 to 80"),
        ("sign_in_name", "taken", "Somebody has this sign-in name"),
        ("sign_in_name", " TAKEN ", "Somebody has this sign-in name"),
        ("timezone", "Mars/Olympus", "There is no time zone of this name"),
        ("timezone", "../etc/passwd", "There is no time zone of this name"),
        ("timezone", "x" * 61, "longer than"),
        ("language", "tlh", "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_the_field(app: Flask, browse, cast: Cast, field: str, value: str, message: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.emil).sign_in_name = "taken"
    page = browse(cast.ana).post("/account/profile", PROFILE | {field: value}, 422)
    assert message in page.text
    assert [e for e in page.root.iter() if e.get("id") == f"{field}-error"]
    if field != "language":
        assert page.form("")[field].strip() == value.strip() or field == "name"
    assert (person(app, cast.ana).name, person(app, cast.ana).sign_in_name) == ("Ana Example", None)


def test_a_profile_is_kept_and_signed_in_with(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    ana.post("/account/profile", PROFILE | {"sign_in_name": " Ana.The-1st_ ", "timezone": "africa/ lagos", "language": "en"}, 422)
    ana.submit(
        "/account/profile", PROFILE | {"sign_in_name": " Ana.The-1st_ ", "timezone": "america/argentina/buenos aires", "language": "en"}
    )
    kept = person(app, cast.ana)
    assert (kept.sign_in_name, kept.timezone, kept.language) == ("ana.the-1st_", "America/Argentina/Buenos_Aires", "en")
    assert "America/Argentina/Buenos_Aires" in ana.get("/account/sign-ins").text
    assert browse().submit("/sign-in", {"email": "ANA.the-1st_", "password": PASSWORD}).heading == "Welcome, Ana Example"
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "change-profile")).one()
        assert entry.details == {"fields": ["sign_in_name", "language", "timezone"]}
    ana.submit("/account/profile", PROFILE | {"sign_in_name": "ana.the-1st_"})
    ana.submit("/account/profile", PROFILE)
    browse().post("/sign-in", {"email": "ana.the-1st_", "password": PASSWORD}, 422)


def test_who_has_no_address_keeps_their_sign_in_name(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).sign_in_name = "ana"
        db.session.execute(EmailAddress.__table__.delete().where(EmailAddress.person_id == cast.ana))
    ana = browse(cast.ana)
    assert "could not sign in any more" in ana.post("/account/profile", PROFILE, 422).text
    ana.post("/account/profile", PROFILE | {"sign_in_name": "other"})


def test_of_two_who_want_a_name_at_once_one_has_it(app: Flask, browse, cast: Cast) -> None:
    wanted, ready, statuses = {cast.ana: "Ana Example", cast.emil: "Emil Example", cast.bruno: "Bruno Example"}, threading.Barrier(3), []

    def press(browser, name: str) -> None:
        token = browser.csrf_token
        ready.wait()
        fields = PROFILE | {"name": name, "sign_in_name": "wanted", "csrf_token": token}
        statuses.append(browser.client.post("/account/profile", data=fields).status_code)

    threads = [threading.Thread(target=press, args=(browse(person_id), name)) for person_id, name in wanted.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 422, 422]


def test_sign_in_names_are_tried_slowly(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    for number in range(account_service.NAMES_PER_PERSON):
        ana.post("/account/profile", PROFILE | {"sign_in_name": f"ana{number}"})
    ana.post("/account/profile", PROFILE | {"sign_in_name": "one-more"}, 429)


@given(st.text(max_size=100))
def test_a_kept_name_is_kept_again_as_it_is(typed: str) -> None:
    kept = account_service.kept_name(typed)
    assert account_service.kept_name(kept) == kept
    assert kept == kept.strip()


def sign_in_from(browse, name: str, agent: str):
    browser = browse()
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    browser.post("/sign-in", {"email": address(name), "password": PASSWORD})
    return browser


def test_one_sees_where_one_is_signed_in_and_ends_it(app: Flask, browse, cast: Cast) -> None:
    here, elsewhere = browse(cast.ana), sign_in_from(browse, "Ana", FIREFOX)
    page = here.get("/account/sign-ins")
    assert "Firefox on Linux" in page.text
    assert "does not say what it is this device" in page.text
    assert "in the time zone UTC" in page.text
    assert "on 3 devices" in here.get("/account").text
    with app.app_context():
        newest = db.session.scalar(select(SignIn.id).where(SignIn.person_id == cast.ana).order_by(SignIn.id.desc()))
    browse(cast.emil).post(f"/account/sign-ins/{newest}/end", status=404)
    elsewhere.get("/account")
    assert "That device is signed out" in here.submit(f"/account/sign-ins/{newest}/end").text
    elsewhere.get("/account", 302)
    here.post(f"/account/sign-ins/{newest}/end", status=404)


def test_ending_this_sign_in_is_signing_out(app: Flask, browse, cast: Cast) -> None:
    here = browse(cast.ana)
    page = here.get("/account/sign-ins")
    (line,) = [li for li in page.root.iter("li") if "this device" in text_of(li)]
    action = next(line.iter("form")).get("action")
    assert "You are signed out" in here.submit(action).text
    here.get("/account", 302)


def test_every_other_sign_in_is_ended_at_once(app: Flask, browse, cast: Cast) -> None:
    here, others, emil = browse(cast.ana), [browse(cast.ana) for _ in range(3)], browse(cast.emil)
    assert "Every other device is signed out" in here.submit("/account/sign-ins/end-others").text
    for other in others:
        other.get("/account", 302)
    here.get("/account")
    emil.get("/account")
    assert "Sign out every other device" not in here.get("/account/sign-ins").text


def test_a_thousand_sign_ins_are_a_few_to_a_page_and_a_few_statements(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    ana.get("/account/sign-ins")
    with counted_statements() as few:
        ana.get("/account/sign-ins")
    with app.app_context(), unit_of_work():
        for number in range(1000):
            at = clock.now()
            values = {"token_digest": f"digest {number}", "began_at": at, "expires_at": at + service.SIGNED_IN_FOR}
            db.session.add(SignIn(person_id=cast.ana, user_agent="x" * 200, **values))
    with counted_statements() as many:
        page = ana.get("/account/sign-ins")
    assert len(many) == len(few)
    assert "Page 1 of 51" in page.text
    ana.get("/account/sign-ins?page=51")
    ana.get("/account/sign-ins?page=9999999999")


def test_rooms_above_may_say_something_on_the_account_page(app: Flask, browse, cast: Cast) -> None:
    app.extensions["account_notices"] = [lambda person_id: [f"A slip was made for {person_id}."]]
    assert f"A slip was made for {cast.ana}." in browse(cast.ana).get("/account").text


def test_a_person_removed_while_signed_in_is_out_everywhere(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    for path in PAGES:
        ana.get(path)
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).deactivated_at = clock.now()
    for path in PAGES:
        ana.get(path, 302)
    ana.post("/account/profile", PROFILE, 401)
    ana.post("/account/password", {"present": PASSWORD, "password": "a long enough one"}, 401)
