"""Forgotten and changed passwords."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts import credentials, password_service, password_views, service
from elearn.accounts.models import EmailAddress, OneTimeLink, Person
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.accounts.conftest import Mailbox
from tests.applications import SECRET
from tests.cast import PASSWORD, Cast, address, code_of

FRESH = "a password chosen anew"


def ask(browser, name: str, status: int = 303):
    return browser.post("/forgotten", {"email": name}, status)


def link_to(browser, mailbox: Mailbox, name: str, to: str) -> str:
    ask(browser, name)
    return mailbox.link(to)


def test_a_forgotten_password_is_replaced_by_mail(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    elsewhere, browser = browse(cast.ana), browse()
    page = browser.get("/sign-in")
    assert page.links()["Forgotten your password?"] == "/forgotten"
    page = browser.submit("/forgotten", {"email": " Ana@Example.org"})
    assert "a mail with a link is on its way" in page.text
    link = mailbox.link(address("Ana"))
    page = browser.submit(link, {"password": FRESH})
    assert page.heading == "Welcome, Ana Example"
    assert "Your new password is set" in page.text
    elsewhere.get("/account", 302)
    assert "was changed" in mailbox.only(address("Ana"))["Subject"]
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 422)
    browse().post("/sign-in", {"email": address("Ana"), "password": FRESH})
    for page in (browse().get(link, 404), browse().post(link, {"password": FRESH}, 422)):
        assert page.heading == "This link works no more"
        assert "/forgotten" in page.links().values()


@pytest.mark.parametrize(
    "name", ["ana@example.org", "nobody@example.org", "hugo@example.org", "ana.the.student", "nobody.at.all", "😀", "x" * 254]
)
def test_known_and_unknown_get_the_same_answer_after_the_same_work(
    app: Flask, browse, cast: Cast, mailbox: Mailbox, monkeypatch, name: str
) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).sign_in_name = "ana.the.student"
    asked: list[str] = []
    monkeypatch.setattr(credentials._hasher.__class__, "verify", lambda *_: asked.append("argon2"))
    browser = browse()
    with counted_statements() as statements:
        answer = ask(browser, name)
    assert answer.response.headers["Location"] == "/forgotten/asked"
    assert browser.get("/forgotten/asked").text == browse().get("/forgotten/asked").text
    assert asked == []
    writes = [s for s in statements if s.startswith("INSERT INTO throttle_count") or "INSERT INTO mail" in s]
    assert len(writes) == 4, "as many durable writes for known and unknown"
    assert len(mailbox.new()) == (1 if name.startswith("ana") else 0)


def test_a_sign_in_name_without_an_address_gets_the_same_answer(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Person(name="Ines", sign_in_name="ines", password_hash="", created_at=clock.now()))
    ask(browse(), "ines")
    assert mailbox.new() == []


def test_a_sign_in_name_s_mail_goes_to_the_confirmed_address(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(Person(name="Ines", sign_in_name="ines", password_hash="", created_at=clock.now()))
        db.session.flush()
        ines = db.session.scalar(select(Person.id).where(Person.sign_in_name == "ines"))
        db.session.add(EmailAddress(person_id=ines, address="first@example.org"))
        db.session.add(EmailAddress(person_id=ines, address="second@example.org", verified_at=clock.now()))
    link_to(browse(), mailbox, "Ines", "second@example.org")
    ask(browse(), "first@example.org")
    assert mailbox.new() == []


def test_using_the_link_confirms_the_address_it_went_to(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    for password in ("the first claim's", "the second claim's"):
        browse().post("/sign-up", {"name": "Zoë", "email": "zoe@example.org", "password": password, "role": "student"})
    mailbox.new()
    link = link_to(browse(), mailbox, "zoe@example.org", "zoe@example.org")
    browse().submit(link, {"password": FRESH})
    with app.app_context():
        (claim,) = db.session.scalars(select(EmailAddress).where(EmailAddress.address == "zoe@example.org"))
        assert claim.verified_at is not None
    browse().post("/sign-in", {"email": "zoe@example.org", "password": FRESH})
    browse().post("/sign-in", {"email": "zoe@example.org", "password": "the second claim's"}, 422)


def test_a_link_sent_to_a_claim_opens_nothing_once_the_address_is_somebody_else_s(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    browse().post("/sign-up", {"name": "Zoë", "email": "zoe@example.org", "password": FRESH, "role": "student"})
    mailbox.new()
    link = link_to(browse(), mailbox, "zoe@example.org", "zoe@example.org")
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.emil, address="zoe@example.org", verified_at=clock.now()))
    browse().post(link, {"password": "somebody's choice"}, 409)
    with app.app_context(), unit_of_work():
        db.session.execute(EmailAddress.__table__.delete().where(EmailAddress.address == "zoe@example.org"))
    browse().post(link, {"password": "somebody's choice"}, 409)


def test_an_expired_link_and_one_of_somebody_deactivated_work_no_more(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    link = link_to(browse(), mailbox, address("Ana"), address("Ana"))
    other = link_to(browse(), mailbox, address("Emil"), address("Emil"))
    with app.app_context(), unit_of_work():
        assert password_service.RESET_LASTS < service.LINK_LASTS
        db.session.execute(update(OneTimeLink).where(OneTimeLink.person_id == cast.ana).values(expires_at=clock.now()))
        db.session.get_one(Person, cast.emil).deactivated_at = clock.now()
    for over in (link, other):
        browse().get(over, 404)
        browse().post(over, {"password": FRESH}, 422)


def test_the_second_factor_is_asked_for_after_a_new_password(browse, cast: Cast, mailbox: Mailbox) -> None:
    browser = browse()
    page = browser.submit(link_to(browser, mailbox, address("Carla"), address("Carla")), {"password": FRESH})
    assert page.heading == "Your second factor"
    browser.get("/account", 302)
    assert browser.submit("/sign-in/code", {"code": code_of("Carla", SECRET)}).heading == "Welcome, Carla Example"


def test_on_a_laptop_the_page_names_the_folder(browse, mailbox: Mailbox) -> None:
    assert str(mailbox.folder) in browse().submit("/forgotten", {"email": "nobody@example.org"}).text


def test_where_no_mail_leaves_the_page_says_whom_to_ask(app: Flask, browse, cast: Cast) -> None:
    page = browse().get("/forgotten")
    for words in ("your professor can print a slip", "the coordinator of the programme", "the people who run this site"):
        assert words in page.text
    ask(browse(), address("Ana"), 422)
    with app.app_context():
        assert db.session.scalars(select(OneTimeLink)).all() == []


def test_nothing_typed_is_said(browse, mailbox: Mailbox) -> None:
    assert "Enter your e-mail address or sign-in name" in ask(browse(), " ", 422).text
    assert "longer than" in ask(browse(), "x" * 255, 422).text


def test_a_password_is_changed_by_who_knows_it(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    here, elsewhere = browse(cast.ana), browse(cast.ana)
    with app.app_context(), unit_of_work():
        link = f"/set-password/{service.make_one_time_link(cast.ana)}"
    page = here.submit("/account/password", {"present": PASSWORD, "password": FRESH})
    assert "Your password is changed" in page.text
    here.get("/account")
    elsewhere.get("/account", 302)
    browse().post(link, {"password": "of a link"}, 422)
    assert "was changed" in mailbox.only(address("Ana"))["Subject"]
    browse().post("/sign-in", {"email": address("Ana"), "password": FRESH})
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "change-password")).one()
        assert (entry.actor_id, entry.subject_id, entry.details) == (cast.ana, cast.ana, {})


@pytest.mark.parametrize(
    ("present", "password", "message"),
    [
        ("not this one", FRESH, "not your present password"),
        ("", FRESH, "Enter your present password"),
        (PASSWORD, "short", "10 to 200"),
        (PASSWORD, "x" * 201, "10 to 200"),
    ],
)
def test_a_password_that_cannot_be_changed_stays(browse, cast: Cast, mailbox: Mailbox, present: str, password: str, message: str) -> None:
    page = browse(cast.ana).post("/account/password", {"present": present, "password": password}, 422)
    assert message in page.text
    assert mailbox.new() == []
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD})


def test_hashing_holds_nobody_up(app: Flask, browse, cast: Cast, mailbox: Mailbox, monkeypatch) -> None:
    at_work: list[bool] = []

    def watched(hashing):
        def answer(*arguments):
            at_work.append(db.session().in_transaction())
            return hashing(*arguments)

        return answer

    monkeypatch.setattr(password_views, "hash_password", watched(password_views.hash_password))
    monkeypatch.setattr(password_service, "password_matches", watched(password_service.password_matches))
    browse(cast.ana).post("/account/password", {"present": PASSWORD, "password": FRESH})
    browse().post(f"{link_to(browse(), mailbox_after(mailbox), address('Ana'), address('Ana'))}", {"password": PASSWORD})
    assert at_work == [False] * 3


def mailbox_after(mailbox: Mailbox) -> Mailbox:
    """Return the mailbox with everything in it seen."""
    mailbox.new()
    return mailbox


def test_a_claim_beside_a_confirmed_address_gets_no_link(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    """Else the owner of that address would be led into an account which somebody else opens by theirs."""
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.ana, address="somebody@else.example"))
    browse().post("/forgotten", {"email": "somebody@else.example"})
    assert not mailbox.new()
    browse().post("/forgotten", {"email": address("Ana")})
    assert mailbox.link(address("Ana"))
