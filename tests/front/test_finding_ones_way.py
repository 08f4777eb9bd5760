"""Finding one's way: the navigation of each role, breadcrumbs, help, and what a page that says no offers instead."""

import importlib.metadata
import re

import pytest
from flask import Flask

from elearn.config import TEMPLATES
from elearn.front import privacy
from elearn.web.pages import next_step, titles
from tests.cast import PASSWORD, Cast, address
from tests.reader import Browser, Page

#: Pages without breadcrumbs: the two tops, and pages with one thing to do on the way in.
TOPS = {"front/home.html", "front/person.html", "web/refusal.html"}
WAY_IN = {
    "accounts/sign-in.html",
    "accounts/sign-up.html",
    "accounts/set-password.html",
    "accounts/sign-in-code.html",
    "accounts/forgotten.html",
    "accounts/forgotten-asked.html",
    "accounts/link-over.html",
    "accounts/verify-address.html",
    "learning/join.html",
    "learning/slip-password.html",
    "learning/slip-place.html",
    "learning/slip-refused.html",
}


def test_every_page_but_the_tops_and_the_way_in_says_where_one_is() -> None:
    pages = {
        path.relative_to(TEMPLATES).as_posix(): path.read_text()
        for path in TEMPLATES.rglob("*.html")
        if '{% extends "base.html" %}' in path.read_text()
    }
    assert len(pages) > 20
    lost = {name for name, text in pages.items() if not re.search(r"block breadcrumbs %}(?s:.)*?{{ breadcrumbs\(", text)}
    assert lost - TOPS - WAY_IN == set()


@pytest.mark.parametrize("path", ["/modules/", "/help", "/about", "/privacy", "/licence", "/account/data", "/account/delete", "/teach/"])
def test_breadcrumbs_lead_up_and_end_here(browse, cast: Cast, path: str) -> None:
    page = browse(cast.bruno).get(path)
    crumbs = page.root.find(".//nav[@class='breadcrumbs']")
    links = [a.get("href") for a in crumbs.iter("a")]
    assert links
    assert all(browse(cast.bruno).get(link).status == 200 for link in links if link != "/account")
    assert len(crumbs.findall(".//li[@aria-current='page']")) == 1


def places(page: Page) -> list[str]:
    nav = page.root.find(".//nav[@class='site-nav']")
    return ["".join(a.itertext()) for a in nav.iter("a")]


EVERYBODY = ["Modules", "Search", "Glossary", "Reach"]


@pytest.mark.parametrize(
    ("who", "own"),
    [
        (None, []),
        ("Ana", ["Home"]),
        ("Bruno", ["Home", "Teach"]),
        ("Gita", ["Home", "Teach"]),
        ("Carla", ["Home", "Coordinate"]),
        ("Rosa", ["Home", "Coordinate"]),
        ("Root", ["Home", "Coordinate", "Reports"]),
        ("Edda", ["Home", "Reports", "Questions"]),
    ],
)
def test_the_navigation_has_what_the_role_has(browse, cast: Cast, who: str | None, own: list[str]) -> None:
    assert places(browse(cast.people[who] if who else None).get("/about")) == own + EVERYBODY


def test_a_role_that_waits_for_the_second_factor_has_no_entry(app: Flask, cast: Cast) -> None:
    assert places(Browser.of(app, cast.carla, second_factor=False).get("/about")) == ["Home", *EVERYBODY]


def test_the_navigation_says_where_one_is(browse, cast: Cast) -> None:
    for path, label in (("/home", "Home"), ("/teach/classes/new", "Teach"), ("/modules/introduction-to-cybercrime/", "Modules")):
        current = browse(cast.bruno).get(path).root.findall(".//nav[@class='site-nav']//a[@aria-current='page']")
        assert ["".join(a.itertext()) for a in current] == [label]


@pytest.mark.parametrize("status", [*titles(), 418])
def test_what_a_refusal_points_at_stands_on_the_help_page(app: Flask, browse, status: int) -> None:
    with app.test_request_context():
        key = next_step(status).help
    assert browse().get("/help").root.findall(f".//*[@id='{key}']")


def refusals(browse, cast: Cast) -> dict[int, Page]:
    ana = browse(cast.ana)
    section = next(url for words, url in ana.get("/home").links().items() if words.startswith("Begin "))
    pages = {404: ana.get("/nowhere", 404), 403: ana.get("/coordinate/people", 403), 422: ana.post(section, {"state": "half"}, 422)}
    pages[400] = ana.post("/join", {"code": "x"}, 400, token=False)
    for _ in range(10):
        browse().post("/sign-in", {"email": address("Emil"), "password": "wrong"}, 422)
    pages[429] = browse().post("/sign-in", {"email": address("Emil"), "password": PASSWORD}, 429)
    return pages


def test_a_page_that_says_no_says_what_to_do_next(app: Flask, browse, cast: Cast) -> None:
    for status, page in refusals(browse, cast).items():
        with app.test_request_context():
            step = next_step(status)
        assert step.words in page.text, status
        assert page.links()["Help with this"] == f"/help#{step.help}"
        assert page.links()["To the home page"] == ("/" if status == 429 else "/home")


def test_whoever_is_not_signed_in_is_led_to_sign_in(browse, cast: Cast) -> None:
    page = browse().post("/account/delete", {"password": "x"}, 401)
    assert page.links()["Sign in"] == "/sign-in"
    assert "Sign in, and you can go on" in page.text


def test_help_answers_everyone_and_has_no_address_twice(browse, cast: Cast) -> None:
    page = browse().get("/help")
    questions = [h.get("id") for h in page.root.iter("h3")]
    assert len(questions) >= 20
    for wanted in ("no-mail", "lost-password", "lost-phone", "wrong-class", "code", "who-sees", "counted"):
        assert wanted in questions
    assert "This site sends no mail" in page.text
    assert "/help" in page.links().values()


def test_help_speaks_of_mail_where_there_is_some(app: Flask, browse, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    page = browse().get("/help?laptop")
    assert "This site sends no mail" not in page.text
    assert "writes its mails into a folder" in page.text
    app.config["MAIL_URL"] = "smtp://mail.example.org"
    assert "folder for spam" in browse().get("/help?server").text


def test_the_about_page_says_who_what_and_which_version(app: Flask, browse) -> None:
    app.config["CONTACT"] = "office@example.org"
    page = browse().get("/about")
    assert "office@example.org" in page.text
    assert importlib.metadata.version("elearn") in page.text
    assert "imply no opinion on the status" in page.text
    assert {"/privacy", "/licence"} <= set(page.links().values())


def test_the_privacy_note_says_of_each_thing_who_sees_it_and_how_long(context: Flask, browse) -> None:
    page = browse().get("/privacy")
    rows = privacy.what_is_kept()
    assert len(rows) > 10
    for row in rows:
        assert all(words in page.text for words in row)
    assert "“session”" in page.text


def test_the_privacy_note_is_right_about_cookies(app: Flask, browse, cast: Cast) -> None:
    reader = browse()
    for path in ("/", "/modules/", "/help", "/privacy", "/reach"):
        assert "Set-Cookie" not in reader.get(path).response.headers
    reader.get("/sign-in")
    reader.post("/sign-in", {"email": address("Ana"), "password": PASSWORD})
    assert [cookie.key for cookie in reader.client._cookies.values()] == ["session"]
    reader.submit("/sign-out")
    assert not list(reader.client._cookies.values())


def test_whoever_signs_out_leaves_nothing_in_the_browser(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    assert ana.post("/sign-out").response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in ana.get("/").response.headers
    emil = browse(cast.emil)
    deleted = emil.post("/account/delete", {"password": PASSWORD, "understood": "y"})
    assert deleted.response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_whoever_signs_out_leaves_what_waits_for_others(browse, cast: Cast) -> None:
    signed_out = browse(cast.ana).post("/sign-out", {"others-wait": "1"}).response
    assert signed_out.headers["Clear-Site-Data"] == '"cache"'
    deleted = browse(cast.emil).post("/account/delete", {"password": PASSWORD, "understood": "y", "others-wait": "1"})
    assert deleted.response.headers["Clear-Site-Data"] == '"cache"'


def test_only_the_scripts_that_know_of_signing_out_keep_anything_in_the_browser() -> None:
    scripts = list((TEMPLATES.parent / "static" / "js").glob("*.js"))
    keeping = {s.name for s in scripts if re.search(r"localStorage|sessionStorage|indexedDB|\bcaches\b|document\.cookie", s.read_text())}
    assert keeping == {"answer-queue.js", "device.js"}


def test_every_form_that_ends_the_sign_in_asks_what_waits_on_the_device(browse, cast: Cast) -> None:
    browse(cast.ana).get("/home")
    ana = browse(cast.ana)
    for path in ("/account", "/account/delete", "/account/sign-ins"):
        ends = [f for f in ana.get(path).root.iter("form") if f.get("action", "").endswith(("/sign-out", "/end", "/account/delete"))]
        # The frame's and the page's; signing out another device erases nothing here.
        assert sum("data-sign-out" in form.attrib for form in ends) == 2, path
        assert (len(ends) > 2) == (path == "/account/sign-ins"), path
