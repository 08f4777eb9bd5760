"""The web's own edges: strange paths to static files, encodings refused, faults that show only at the commit."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from elearn.accounts import service as accounts
from elearn.db import unit_of_work
from elearn.errors import Conflict
from elearn.web import assets
from tests.cast import Cast


@pytest.mark.parametrize("path", ["y" * 300, "css/" + "z/" * 3000 + "a.css", "css/..", "css", ".", "%2e%2e/pyproject.toml"])
def test_what_is_no_static_file_is_no_page_and_leaves_nothing_behind(browse, path: str) -> None:
    stranger = browse()
    stranger.get("/")
    before = assets._read.cache_info().currsize
    stranger.get(f"/static/x/{path}", 404)
    assert assets._read.cache_info().currsize == before


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("br", True), ("gzip, deflate, br, zstd", True), ("br;q=0.5", True), ("br;q=0", False), ("gzip, br; q=0.0", False), ("gzip", False)],
)
def test_brotli_goes_only_to_those_who_take_it(browse, cast: Cast, accepted: str, compressed: bool) -> None:
    for browser, path in ((browse(), "/modules/"), (browse(cast.ana), "/modules/"), (browse(), assets.asset_url("css/app.css"))):
        answer = browser.client.get(path, headers={"Accept-Encoding": accepted})
        assert (answer.headers.get("Content-Encoding") == "br") is compressed


FAULTS = [
    (OperationalError("commit", {}, Exception("database is locked")), 503, "The site is busy"),
    (IntegrityError("commit", {}, Exception("UNIQUE constraint failed: secret")), 409, "Something changed meanwhile"),
    (Conflict("Somebody was faster."), 409, "Something changed meanwhile"),
]


@pytest.mark.parametrize(("fault", "status", "heading"), FAULTS)
def test_what_fails_at_the_commit_gets_its_page_and_nothing_is_kept(
    app: Flask, browse, cast: Cast, monkeypatch, fault, status, heading
) -> None:
    emil = browse(cast.emil)
    with monkeypatch.context() as patch:

        def fail(acts: list[object]) -> None:
            raise fault

        patch.setitem(app.extensions, "before_commit", [fail])
        page = emil.post("/join", {"code": cast.codes["Bruno"]}, status)
    assert page.heading == heading
    assert "secret" not in page.text
    assert "Content-Security-Policy" in page.response.headers
    home = emil.get("/home")
    assert "Bruno's class" not in home.text
    assert "You are in the class" not in home.text


def test_two_of_a_kind_is_a_conflict_and_no_fault(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    def collide(*arguments: object, **named: object) -> None:
        raise IntegrityError("insert", {}, Exception("duplicate key value secret"))

    monkeypatch.setattr("elearn.learning.claims.join_class", collide)
    page = browse(cast.emil).post("/join", {"code": cast.codes["Bruno"]}, 409)
    assert "secret" not in page.text


def test_a_page_kept_before_the_database_became_a_demonstration_is_not_shown_after(app: Flask, browse) -> None:
    words = "demonstration"
    assert words not in browse().get("/modules/").text.lower()
    with app.app_context(), unit_of_work():
        accounts.mark_as_demonstration()
    assert words in browse().get("/modules/").text.lower()
