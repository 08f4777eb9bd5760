"""Every route of coordination, for each role and for what is theirs and what is another institution's."""

import pytest
from flask import Flask

from elearn.accounts.models import Membership, Person
from tests.accounts.conftest import Asking
from tests.cast import Cast
from tests.reader import Browser

PEOPLE, CARE = "/coordinate/people", "/coordinate/people/accounts"
STEPS = ("confirm", "decline", "end", "reinstate", "role")
#: Who gets what: their own object, somebody else's. Own: of Lagos.
OF_PEOPLE = {
    "Carla": (200, 404),
    "Faisal": (404, 200),
    "Root": (200, 200),
    "Rosa": (403, 403),
    "Edda": (403, 403),
    "Bruno": (403, 403),
    "Gita": (403, 403),
    "Ana": (403, 403),
}


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_a_role_is_opened_and_decided_where_one_confirms_people(browse, cast: Cast, membership, row, name: str) -> None:
    browser = browse(cast.people[name])
    for number, status in zip((membership(cast.gita), membership(cast.dora)), OF_PEOPLE[name], strict=True):
        before = row(Membership, number)
        browser.get(f"{PEOPLE}/{number}", status)
        if status != 200:
            for step in STEPS:
                browser.post(f"{PEOPLE}/{number}/{step}", status=status)
        assert row(Membership, number).state == before.state
    browser.get(f"{PEOPLE}/999999", 403 if OF_PEOPLE[name][0] == 403 else 404)
    browser.get(f"{PEOPLE}/new", 403 if OF_PEOPLE[name][0] == 403 else 200)


def test_roles_of_the_programme_are_the_programme_s(browse, cast: Cast, membership) -> None:
    for person in (cast.edda, cast.rosa, cast.root):
        browse(cast.root).get(f"{PEOPLE}/{membership(person)}")
        browse(cast.carla).get(f"{PEOPLE}/{membership(person)}", 404)
        browse(cast.carla).post(f"{PEOPLE}/{membership(person)}/end", status=404)


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_accounts_are_the_programme_s(browse, cast: Cast, row, name: str) -> None:
    status = 200 if name == "Root" else 403
    browser = browse(cast.people[name])
    browser.get(CARE, status)
    browser.get(f"{CARE}/{cast.bruno}", status)
    browser.get(f"{CARE}/999999", 404 if name == "Root" else 403)
    if name != "Root":
        browser.post(f"{CARE}/{cast.bruno}/deactivate", status=403)
        assert row(Person, cast.bruno).deactivated_at is None


@pytest.mark.parametrize("name", [None, "Hugo"])
def test_strangers_and_deactivated_accounts_are_sent_to_the_door(browse, cast: Cast, asking: Asking, membership, name) -> None:
    browser = browse(cast.people[name] if name else None)
    for path in (
        PEOPLE,
        f"{PEOPLE}/{membership(cast.gita)}",
        CARE,
        "/coordinate/",
        "/coordinate/audit",
        "/coordinate/institutions",
        asking.path,
    ):
        browser.get(path, 302)
    browser.post(f"{PEOPLE}/{membership(cast.gita)}/confirm", status=401)


def test_without_the_second_factor_a_coordinator_s_role_gives_nothing(app: Flask, cast: Cast, membership) -> None:
    carla = Browser.of(app, cast.carla, second_factor=False)
    for path in (PEOPLE, "/coordinate/audit", "/coordinate/institutions", "/coordinate/"):
        assert carla.client.get(path).headers["Location"].startswith("/account/second-factor")
    assert carla.client.post(f"{PEOPLE}/{membership(cast.gita)}/confirm", data={"csrf_token": carla.csrf_token}).status_code == 403
    Browser.of(app, cast.carla).get(PEOPLE)


@pytest.mark.parametrize(
    ("name", "words", "without"),
    [
        ("Carla", ["Lagoon University", "1 person waits", "Who did what"], ["asked for"]),
        ("Faisal", ["Universidad del Rímac", "Nobody waits for you"], ["asked for"]),
        ("Rosa", ["Figures", "Institutions", "Nobody waits for you"], ["Who did what", "Who has which role"]),
        ("Root", ["2 people wait", "1 institution is asked for", "Who did what"], []),
    ],
)
def test_the_home_of_coordinators_says_whose_turn_it_is(browse, cast: Cast, asking: Asking, name, words, without) -> None:
    page = browse(cast.people[name]).get("/coordinate/")
    for each in words:
        assert each in page.text
    for each in without:
        assert each not in page.text
    for person in (cast.bruno, cast.edda, cast.ana):
        browse(person).get("/coordinate/", 403)


@pytest.mark.parametrize("path", [PEOPLE, "/coordinate/institutions", "/coordinate/audit", CARE])
def test_a_search_for_anything_is_harmless(browse, cast: Cast, path: str) -> None:
    root = browse(cast.root)
    for words in ("' or 1=1 --", "%", "_", "\\", "<script>alert(1)</script>", "🎓", "x" * 5000, "مرحبا"):
        root.client.get(path, query_string={"q": words, "person": words, "institution": words})
        page = root.get(path, query_string={"q": words, "person": words, "institution": words})
        assert [script.get("src", "").rsplit("/", 1)[-1] for script in page.all("script")] == ["device.js"]
