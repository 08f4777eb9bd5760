"""Closed by default: what is public is listed here, and everything else wants a signed-in person."""

import re

import pytest
from flask import Flask

from elearn.web.guard import safe_next
from tests.cast import Cast

#: Open to everyone; a new entry is a decision.
PUBLIC = {
    "accounts.sign_in",
    "accounts.sign_in_code",
    "accounts.sign_out",
    "accounts.sign_up",
    "addresses.verify",
    "assessment.practice_quiz",
    "assets.send",
    "catalogue.module",
    "catalogue.picture",
    "catalogue.section",
    "catalogue.series",
    "claiming.new_password",
    "claiming.place",
    "claiming.take_place",
    "front.about",
    "own_data.deleted",
    "front.alive",
    "front.help_page",
    "front.home",
    "front.licence",
    "front.privacy",
    "front.ready",
    "front.robots",
    "glossary.term",
    "glossary.terms",
    "learning.join_by_form",
    "learning.join_by_link",
    "problems.new",
    "quick_plans.show",
    "passwords.asked",
    "passwords.forgotten",
    "passwords.set_password",
    "reach.public_page",
    "revisions.changes",
    "search.search",
}


def test_what_is_public_is_what_is_listed(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}
    assert public == PUBLIC


def test_addresses_are_in_kebab_case_and_their_numbers_are_typed(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        fixed = re.sub(r"<[^>]*>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/.\-]*", fixed), rule.rule
        for argument in re.findall(r"<([^>]*_id)>", rule.rule):
            assert argument.startswith("int:"), rule.rule


def test_every_other_route_turns_a_stranger_away(app: Flask, browse) -> None:
    stranger = browse()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        with app.test_request_context():
            path = re.sub(r"<any\((\w+).*?\):\w+>", r"\1", rule.rule)
            path = re.sub(r"<int:\w+>", "1", path)
            path = re.sub(r"<[^>]*>", "x", path)
        if "GET" in rule.methods:
            assert "/sign-in" in stranger.get(path, 302).response.headers["Location"]
        for method in rule.methods & {"POST", "PUT", "PATCH", "DELETE"}:
            assert stranger.client.open(path, method=method, data={"csrf_token": stranger.csrf_token}).status_code == 401


def test_a_post_without_a_token_changes_nothing(browse, cast: Cast) -> None:
    page = browse(cast.ana).post("/join", {"code": cast.codes["Dora"]}, 400, token=False)
    assert cast.codes["Dora"] in str(page.response.get_data(as_text=True))


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/home", True),
        ("/join/ABC?x=1", True),
        ("https://evil.example/", False),
        ("//evil.example/", False),
        ("/\\evil.example", False),
        ("/%5Cevil", True),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("", False),
        (None, False),
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(target: str | None, kept: bool) -> None:
    assert (safe_next(target) == target) is kept or (not kept and safe_next(target) is None)
