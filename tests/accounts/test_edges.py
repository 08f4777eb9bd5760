"""Signing in and up at the edges: letters that grow, two presses at once, sign-ins and links that are replaced."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import throttle
from elearn.accounts import password_views, service, views
from elearn.accounts.models import EmailAddress, SignIn
from elearn.db import db, unit_of_work
from elearn.errors import Invalid
from tests.cast import PASSWORD, Cast, address

UP = {"name": "Zoë Nyström", "email": "zoe@example.org", "password": "a long enough one", "role": "student", "institution": ""}
#: Each of these is two characters in lower case.
GROWING = "İ" * 240 + "@example.org"


def test_an_address_is_as_long_as_it_will_be_kept(app: Flask, browse) -> None:
    assert "longer than" in browse().post("/sign-up", UP | {"email": GROWING}, 422).text
    assert "longer than" in browse().post("/sign-in", {"email": GROWING, "password": "x"}, 422).text
    with app.app_context(), app.test_request_context(), pytest.raises(Invalid) as refused, unit_of_work():
        service.sign_up(name="Z", email=GROWING, password_hash="", role=None, institution_id=None)
    assert "email" in refused.value.fields


def test_an_address_with_spaces_around_it_is_the_address(app: Flask, browse) -> None:
    browse().post("/sign-up", UP | {"email": "  ZOE@Example.org "})
    with app.app_context():
        assert db.session.scalar(select(EmailAddress.address).order_by(EmailAddress.id.desc()).limit(1)) == "zoe@example.org"


def tries_left(app: Flask, kind: str, who: str, limit: int) -> int:
    with app.app_context():
        bucket = throttle.bucket_of(kind, who)
        return limit - sum(db.session.scalars(select(throttle.ThrottleCount.tries).where(throttle.ThrottleCount.bucket == bucket)))


def test_a_lecture_hall_that_signs_in_uses_up_nothing(app: Flask, browse, cast: Cast) -> None:
    for name in ("Ana", "Bruno", "Carla"):
        browse().post("/sign-in", {"email": address(name), "password": PASSWORD})
    assert tries_left(app, "sign-in-from", "127.0.0.1", 10) == 10
    browse().post("/sign-in", {"email": address("Ana"), "password": "wrong"}, 422)
    assert tries_left(app, "sign-in-from", "127.0.0.1", 10) == 9


def test_an_address_that_guesses_locks_itself_out_and_nobody_s_account(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 3)
    for number in range(3):
        browse().post("/sign-in", {"email": f"nobody{number}@example.org", "password": "wrong"}, 422)
    for _ in range(service.TRIES_PER_ACCOUNT + 1):
        browse().post("/sign-in", {"email": address("Ana"), "password": "wrong"}, 429)
    elsewhere = browse()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    elsewhere.post("/sign-in", {"email": address("Ana"), "password": PASSWORD})


def test_many_people_of_one_address_sign_up_in_one_lesson(browse) -> None:
    assert service.SIGN_UPS_PER_ADDRESS >= 1000


def test_a_one_time_link_that_works_uses_up_nothing(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    monkeypatch.setattr(service, "TRIES_PER_ADDRESS", 2)
    for _ in range(3):
        with app.app_context(), unit_of_work():
            token = service.make_one_time_link(cast.ana)
        browse().post(f"/set-password/{token}", {"password": "another long one"})
    for _ in range(2):
        browse().post("/set-password/nonsense", {"password": "another long one"}, 422)
    browse().post("/set-password/nonsense", {"password": "another long one"}, 429)


def test_a_password_set_ends_every_other_link(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        earlier, later = service.make_one_time_link(cast.ana), service.make_one_time_link(cast.ana)
        of_bruno = service.make_one_time_link(cast.bruno)
    browse().post(f"/set-password/{later}", {"password": "another long one"})
    browse().post(f"/set-password/{earlier}", {"password": "a thief's choice"}, 422)
    browse().post(f"/set-password/{of_bruno}", {"password": "another long one"})


def test_signing_in_again_ends_the_sign_in_that_it_replaces(app: Flask, browse, cast: Cast) -> None:
    browser, other = browse(cast.ana), browse(cast.ana)
    copied = browser.client.get_cookie("session").value
    browser.post("/sign-in", {"email": address("Bruno"), "password": PASSWORD})
    thief = browse()
    thief.client.set_cookie("session", copied)
    thief.get("/account", 302)
    other.get("/account")
    assert browser.get("/account").status == 200
    with app.app_context():
        current = select(func.count()).select_from(SignIn).where(SignIn.ended_at.is_(None))
        assert db.session.scalar(current.where(SignIn.person_id == cast.bruno)) >= 1


def test_nobody_waits_while_a_password_is_hashed(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    at_work: list[bool] = []

    def watched(hashing):
        def answer(*arguments):
            at_work.append(db.session().in_transaction())
            return hashing(*arguments)

        return answer

    monkeypatch.setattr(views, "hash_password", watched(views.hash_password))
    monkeypatch.setattr(password_views, "hash_password", watched(password_views.hash_password))
    monkeypatch.setattr(service, "password_matches", watched(service.password_matches))
    with app.app_context(), unit_of_work():
        token = service.make_one_time_link(cast.ana)
    browse().post(f"/set-password/{token}", {"password": "another long one"})
    browse().post("/sign-in", {"email": address("Ana"), "password": "another long one"})
    browse().post("/sign-up", UP)
    assert at_work == [False] * 4
