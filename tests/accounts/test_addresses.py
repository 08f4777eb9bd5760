"""Addresses: claimed by anyone, confirmed by their reader, and then one person's alone."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock
from elearn.accounts import address_service, service
from elearn.accounts.acts import AddressVerified
from elearn.accounts.models import EmailAddress, OneTimeLink, Person
from elearn.audit import AuditEntry
from elearn.db import before_commit, db, unit_of_work
from tests.accounts.conftest import Mailbox
from tests.cast import PASSWORD, Cast, address

NEW = "new@example.org"


def claims(app: Flask, of: str = NEW) -> dict[int, bool]:
    """Return who claims the address, and whether it is confirmed as theirs."""
    with app.app_context():
        rows = db.session.execute(select(EmailAddress.person_id, EmailAddress.verified_at).where(EmailAddress.address == of))
        return {person_id: verified_at is not None for person_id, verified_at in rows}


def id_of(app: Flask, person_id: int, of: str = NEW) -> int:
    with app.app_context():
        return db.session.scalar(select(EmailAddress.id).where(EmailAddress.person_id == person_id, EmailAddress.address == of))


def add(browser, email: str = NEW, status: int = 303):
    return browser.post("/account/addresses", {"email": email, "password": PASSWORD}, status)


def test_an_address_is_added_confirmed_and_signed_in_with(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    acts: list[object] = []
    before_commit(app, acts.extend)
    ana = browse(cast.ana)
    add(ana, " New@Example.org")
    assert claims(app) == {cast.ana: False}
    link = mailbox.link(NEW)
    page = browse().get(link)
    assert "Ana Example" in page.text, "whose account it is stands on the page"
    assert NEW in page.text
    assert claims(app) == {cast.ana: False}, "programs that read mails open links"
    assert "new@example.org is confirmed." in ana.submit(link).text
    assert claims(app) == {cast.ana: True}
    assert AddressVerified(cast.ana, NEW) in acts
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "verify-address")).one()
        assert (entry.actor_id, entry.subject_id, entry.details) == (cast.ana, cast.ana, {})
    told = mailbox.only(address("Ana")).get_content()
    assert NEW in told
    assert browse().submit("/sign-in", {"email": NEW, "password": PASSWORD}).heading == "Welcome, Ana Example"


def test_a_link_works_for_somebody_who_is_signed_out_or_somebody_else(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    add(browse(cast.ana))
    page = browse().submit(mailbox.link(NEW))
    assert page.heading == "Sign in"
    assert "is confirmed" in page.text
    add(browse(cast.emil), "other@example.org")
    link = next(m for m in mailbox.new() if m["To"] == "other@example.org").get_content().split("http://localhost")[1].split()[0]
    assert browse(cast.bruno).submit(link).heading == "Welcome, Bruno Example"
    assert claims(app, "other@example.org") == {cast.emil: True}


def test_confirming_drops_what_others_claimed(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    ana, emil = browse(cast.ana), browse(cast.emil)
    add(ana)
    assert NEW in ana.get("/account/addresses").text
    of_ana = mailbox.link(NEW)
    add(emil)
    of_emil = mailbox.link(NEW)
    emil.submit(of_emil)
    assert claims(app) == {cast.emil: True}
    assert NEW not in ana.get("/account/addresses").text
    assert "confirmed for another account" in ana.post(of_ana, status=409).text
    add(ana)
    again = next(m for m in mailbox.new() if m["To"] == NEW).get_content().split("http://localhost")[1].split()[0]
    assert "confirmed for another account" in ana.post(again, status=409).text
    assert claims(app) == {cast.emil: True, cast.ana: False}


def test_of_two_who_confirm_the_same_address_at_once_one_has_it(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    claimants = {cast.ana: browse(cast.ana), cast.emil: browse(cast.emil), cast.bruno: browse(cast.bruno), cast.dora: browse(cast.dora)}
    links = {}
    for person_id, browser in claimants.items():
        add(browser)
        links[person_id] = mailbox.link(NEW)
    ready, statuses = threading.Barrier(len(links)), {}

    def press(person_id: int) -> None:
        token = claimants[person_id].csrf_token
        ready.wait()
        statuses[person_id] = claimants[person_id].client.post(links[person_id], data={"csrf_token": token}).status_code

    threads = [threading.Thread(target=press, args=(person_id,)) for person_id in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses.values()) == [303, 409, 409, 409]
    (winner,) = [person_id for person_id, status in statuses.items() if status == 303]
    assert claims(app) == {winner: True}


@pytest.mark.parametrize("why", ["used", "expired", "unknown", "of another purpose", "of somebody deactivated"])
def test_a_link_that_works_no_more_says_what_to_do(app: Flask, browse, cast: Cast, mailbox: Mailbox, why: str) -> None:
    ana = browse(cast.ana)
    add(ana)
    link = mailbox.link(NEW)
    with app.app_context(), unit_of_work():
        if why == "expired":
            db.session.execute(update(OneTimeLink).values(expires_at=clock.now()))
        elif why == "of another purpose":
            link = f"/verify-address/{service.make_one_time_link(cast.ana)}"
        elif why == "of somebody deactivated":
            db.session.get_one(Person, cast.ana).deactivated_at = clock.now()
    if why == "used":
        ana.submit(link)
    elif why == "unknown":
        link = link[:-1]
    for page in (browse().get(link, 404), browse().post(link, status=422)):
        assert page.heading == "This link works no more"
        assert "/account/addresses" in page.links().values()
    assert claims(app) == {cast.ana: why == "used"}


def test_a_link_is_good_for_a_week(app: Flask, browse, cast: Cast, mailbox: Mailbox, monkeypatch) -> None:
    add(browse(cast.ana))
    link = mailbox.link(NEW)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, seconds=1))
    browse().post(link, status=422)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=6, hours=23))
    browse().post(link)


def test_an_address_that_was_removed_meanwhile_is_not_confirmed(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    ana = browse(cast.ana)
    add(ana)
    link = mailbox.link(NEW)
    ana.post(f"/account/addresses/{id_of(app, cast.ana)}/remove")
    assert "no longer in your account" in ana.post(link, status=409).text
    assert claims(app) == {}


def test_the_mail_is_sent_again_a_few_times(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    ana = browse(cast.ana)
    add(ana)
    first = mailbox.link(NEW)
    again = f"/account/addresses/{id_of(app, cast.ana)}/send"
    for _ in range(address_service.MAILS_PER_ADDRESS - 1):
        assert "We have sent a mail" in ana.submit(again).text
        assert mailbox.link(NEW) != first
    assert "many mails" in ana.post(again, status=429).text
    assert mailbox.new() == []
    ana.submit(first)
    ana.post(again, status=429)
    confirmed = f"/account/addresses/{id_of(app, cast.ana, address('Ana'))}/send"
    assert "confirmed already" in ana.post(confirmed, status=409).text
    browse(cast.emil).post(again, status=404)
    browse(cast.emil).post(again.replace("send", "remove"), status=404)


def test_where_no_mail_leaves_the_page_says_so(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    add(ana)
    page = ana.get("/account/addresses")
    assert "This site sends no mail" in page.text
    assert "Send the mail again" not in page.text
    ana.post(f"/account/addresses/{id_of(app, cast.ana)}/send", status=409)


def test_on_a_laptop_the_page_names_the_folder(browse, cast: Cast, mailbox: Mailbox) -> None:
    assert str(mailbox.folder) in browse(cast.ana).get("/account/addresses").text


@pytest.mark.parametrize(
    ("email", "password", "message"),
    [
        ("nobody", PASSWORD, "does not look like"),
        ("", PASSWORD, "Enter your e-mail"),
        ("x" * 250 + "@example.org", PASSWORD, "longer than"),
        ("İ" * 240 + "@example.org", PASSWORD, "longer than"),
        ("ana@example.org", PASSWORD, "in your list already"),
        (NEW, "", "Enter your present password"),
        (NEW, "not the password", "not your present password"),
    ],
)
def test_what_cannot_be_added_is_said_and_kept(app: Flask, browse, cast: Cast, email: str, password: str, message: str) -> None:
    page = browse(cast.ana).post("/account/addresses", {"email": email, "password": password}, 422)
    assert message in page.text
    assert page.form("")["email"] == email.lower()
    assert len(claims(app, address("Ana"))) == 1
    assert claims(app) == {}


def test_a_person_has_at_most_five_addresses(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    for number in range(address_service.MOST_ADDRESSES - 1):
        add(ana, f"a{number}@example.org")
    assert "Add an address" not in ana.get("/account/addresses").text
    assert "at most 5" in add(ana, "one.more@example.org", 422).text


def test_the_last_way_to_sign_in_stays(app: Flask, browse, cast: Cast, mailbox: Mailbox) -> None:
    ana = browse(cast.ana)
    own = f"/account/addresses/{id_of(app, cast.ana, address('Ana'))}/remove"
    assert "You need this address" in ana.post(own, status=409).text
    add(ana)
    mailbox.new()
    assert "You need this address" in ana.post(own, status=409).text, "an address that is not confirmed is no way in to rely on"
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).sign_in_name = "ana"
    ana.post(own)
    assert claims(app, address("Ana")) == {}
    assert "no longer belongs" in mailbox.only(address("Ana")).get_content()
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 422)
    browse().post("/sign-in", {"email": "Ana", "password": PASSWORD})


def test_two_removals_at_once_leave_a_way_in(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.ana, address=NEW, verified_at=clock.now()))
    ids = [id_of(app, cast.ana), id_of(app, cast.ana, address("Ana"))]
    browsers, ready, statuses = [browse(cast.ana), browse(cast.ana)], threading.Barrier(2), []

    def press(browser, address_id: int) -> None:
        token = browser.csrf_token
        ready.wait()
        statuses.append(browser.client.post(f"/account/addresses/{address_id}/remove", data={"csrf_token": token}).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, ids, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(EmailAddress).where(EmailAddress.person_id == cast.ana)) == 1


def test_a_removal_can_be_undone(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).sign_in_name = "ana"
    page = ana.submit(f"/account/addresses/{id_of(app, cast.ana, address('Ana'))}/remove")
    assert "You have no address" in page.text
    assert "yours again" in ana.submit("/account/addresses/restore", page.form("/account/addresses/restore")).text
    assert claims(app, address("Ana")) == {cast.ana: True}
    ana.post("/account/addresses/restore", status=409)


def test_an_undo_comes_too_late_once_the_address_is_somebody_else_s(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).sign_in_name = "ana"
    ana.post(f"/account/addresses/{id_of(app, cast.ana, address('Ana'))}/remove")
    with app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=cast.emil, address=address("Ana"), verified_at=clock.now()))
    ana.post("/account/addresses/restore", status=409)
    assert claims(app, address("Ana")) == {cast.emil: True}


def test_links_that_are_none_are_counted_for_where_they_come_from(browse, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 2)
    for _ in range(2):
        browse().post("/verify-address/nonsense", status=422)
    browse().post("/verify-address/nonsense", status=429)
    browse().post("/set-password/nonsense", {"password": "a long enough one"}, 429)
