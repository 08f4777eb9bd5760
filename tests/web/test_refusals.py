"""Whatever cannot be done gets a proper page with the right status; clients that speak JSON get RFC 9457 problem details."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from elearn.accounts import queries
from elearn.db import db
from elearn.web.guard import LONGEST_BODY
from tests.cast import Cast


def test_an_unknown_page_says_so_and_leads_home(browse) -> None:
    page = browse().get("/nowhere", 404)
    assert page.heading == "There is no such page"
    assert "/" in page.links().values()


def test_a_wrong_method_is_told_the_right_ones(browse) -> None:
    page = browse().post("/about", {}, 405)
    assert "GET" in page.response.headers["Allow"]


def test_too_large_a_body_is_refused(browse, cast: Cast) -> None:
    page = browse(cast.ana).post("/join", {"code": "x" * (LONGEST_BODY + 1)}, 413)
    assert "too large" in page.heading


def test_a_page_of_another_role_says_whose_it_is(browse, cast: Cast) -> None:
    page = browse(cast.ana).get("/coordinate/people", 403)
    assert "role" in page.text


def test_an_expired_form_keeps_what_was_typed_and_can_be_sent_again(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    page = ana.post("/join", {"code": "MY-TYPED-CODE", "csrf_token": "stale"}, 400, token=False)
    assert "MY-TYPED-CODE" in page.text
    fields = page.form("/join")
    assert fields["code"] == "MY-TYPED-CODE"
    ana.post("/join", fields | {"code": cast.codes["Bruno"]}, 303)


def test_an_expired_form_from_elsewhere_is_not_offered_again(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    answer = ana.client.post("/join", data={"code": "EVIL"}, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert answer.status_code == 400
    assert "EVIL" not in answer.get_data(as_text=True)


def test_an_expired_sign_in_never_repeats_the_password(browse) -> None:
    page = browse().post("/sign-in", {"email": "a@example.org", "password": "my secret words"}, 400, token=False)
    assert "my secret words" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/account", 401), ("/classes/1/", 401)])
def test_json_clients_get_problem_details(browse, path: str, status: int) -> None:
    answer = browse().client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(json.loads(answer.get_data()))


def test_a_database_that_is_away_is_said_without_a_trace(app: Flask, browse, monkeypatch) -> None:
    def away(*args: object, **kwargs: object) -> None:
        raise OperationalError("select", {}, Exception("database is locked"))

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(queries, "is_demonstration", lambda: False)
    answer = browse().client.get("/modules/")
    assert answer.status_code == 503
    assert "Traceback" not in answer.get_data(as_text=True)
    assert "database is locked" not in answer.get_data(as_text=True)


def test_a_bug_is_apologised_for_without_a_trace(app: Flask, browse, monkeypatch, caplog) -> None:
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "front.about", bug)
    page = browse().get("/about", 500)
    assert "wrong on our side" in page.heading
    assert "secret detail" not in page.text
    assert "secret detail" in caplog.text


def bug() -> str:
    raise RuntimeError("secret detail")


bug.is_public = True  # type: ignore[attr-defined]


def test_every_answer_carries_the_headers(browse, cast: Cast) -> None:
    for browser in (browse(), browse(cast.ana)):
        for path, status in (("/", 200), ("/nowhere", 404), ("/modules/introduction-to-cybercrime/", 200)):
            headers = browser.get(path, status).response.headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_a_person_are_not_stored_and_pages_for_all_are_asked_for_again(browse, cast: Cast) -> None:
    assert browse(cast.ana).get("/modules/").response.headers["Cache-Control"] == "no-store"
    stranger = browse()
    answer = stranger.get("/modules/").response
    assert "no-store" not in answer.headers["Cache-Control"]
    again = stranger.client.get("/modules/", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert not again.get_data()


def test_static_files_are_named_by_their_digest_and_kept_for_a_year(browse) -> None:
    stranger = browse()
    page = stranger.get("/")
    sheet = next(e.get("href") for e in page.all("link") if "stylesheet" in e.get("rel"))
    assert re.fullmatch(r"/static/[0-9a-f]{12}/css/app\.css", sheet)
    answer = stranger.client.get(sheet, headers={"Accept-Encoding": "br"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.get_data()) < 10_000
    stranger.get("/static/x/css/no-such.css", 404)
    stranger.get("/static/x/..%2f..%2fpyproject.toml", 404)
