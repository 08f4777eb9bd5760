"""`/coordinate/institutions`: who reads which, adding, changing, correcting."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.models import Institution
from elearn.db import counted_statements, db, unit_of_work
from tests.accounts.conftest import NAME, Asking, at_once
from tests.cast import Cast

LIST = "/coordinate/institutions"
NEW = {
    "code": "KE-KU",
    "name": "Kamau University",
    "local_name": "Chuo Kikuu",
    "kind": "university",
    "country": "KE",
    "timezone": "Africa/Nairobi",
    "ror_id": "02Y9NWW90",
    "domains": " @Kamau.example, law.kamau.example",
    "parent_code": "",
    "opened_on": "1970-10-01",
    "closed_on": "",
}


@pytest.fixture
def found(app: Flask):
    def with_code(code: str) -> Institution:
        with app.app_context():
            institution = db.session.scalars(select(Institution).where(Institution.code == code)).one()
            db.session.expunge(institution)
            return institution

    return with_code


def test_each_reads_their_own_their_region_s_or_all(browse, cast: Cast, asking: Asking) -> None:
    shown = {
        name: {"Lagoon University", "Universidad del Rímac", NAME} & browse(cast.people[name]).get(LIST).links().keys()
        for name in ("Carla", "Faisal", "Rosa", "Root")
    }
    assert shown == {
        "Carla": {"Lagoon University"},
        "Faisal": {"Universidad del Rímac"},
        "Rosa": {"Lagoon University"},
        "Root": {"Lagoon University", "Universidad del Rímac", NAME},
    }


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("q=RÍMAC", {"Universidad del Rímac"}),
        ("q=lim", {"Universidad del Rímac"}),
        ("q=lagoon", {"Lagoon University", NAME}),
        ("country=PE", {"Universidad del Rímac"}),
        ("kind=school", set()),
        ("state=requested", {NAME}),
        ("state=confirmed&sort=-name", {"Lagoon University", "Universidad del Rímac"}),
        ("country=nonsense&sort=parent_id&page=99", {"Lagoon University", "Universidad del Rímac", NAME}),
    ],
)
def test_the_list_is_narrowed_in_the_address(browse, cast: Cast, asking: Asking, asked: str, shown: set[str]) -> None:
    links = browse(cast.root).get(f"{LIST}?{asked}").links()
    assert {"Lagoon University", "Universidad del Rímac", NAME} & links.keys() == shown


def test_asking_for_a_state_shows_a_coordinator_nothing_more(browse, cast: Cast, asking: Asking) -> None:
    for person in (cast.rosa, cast.carla):
        assert NAME not in browse(person).get(f"{LIST}?state=requested").text


def test_a_thousand_institutions_cost_as_many_statements_as_two(app: Flask, browse, cast: Cast) -> None:
    root = browse(cast.root)

    def statements() -> int:
        with counted_statements() as counted:
            root.get(f"{LIST}?page=2&sort=code")
        return len(counted)

    statements()
    before = statements()
    with app.app_context(), unit_of_work():
        at = clock.now()
        db.session.add_all(
            Institution(code=f"NG-{n:04}", name=f"School {n:04}", kind="school", country="NG", created_at=at, state="confirmed")
            for n in range(1000)
        )
    assert statements() == before <= 5
    assert "School 0060" in root.get(f"{LIST}?page=2&sort=code").links()


def test_an_institution_is_added_as_it_is_kept(browse, cast: Cast, found, actions) -> None:
    page = browse(cast.root).submit(f"{LIST}/new", NEW)
    assert page.heading == "Kamau University"
    assert "Nobody coordinates this institution" in page.text
    kept = found("KE-KU")
    assert (kept.state, kept.ror_id, kept.domains) == ("confirmed", "https://ror.org/02y9nww90", "kamau.example law.kamau.example")
    assert actions() == [("add-institution", kept.id)]
    assert any("Kamau University" in e.itertext() for e in browse().get("/sign-up").root.iter("option"))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("code", "", "Enter a code"),
        ("code", "KE KU", "at most 40 letters"),
        ("code", "K" * 41, "at most 40 letters"),
        ("code", "lag", "There is an institution with the code lag"),
        ("name", "", "Enter the name"),
        ("name", "x" * 201, "longer than"),
        ("local_name", "x" * 201, "longer than"),
        ("kind", "temple", "Not a valid choice"),
        ("country", "", "Choose one"),
        ("country", "QQ", "Not a valid choice"),
        ("timezone", "Africa/Atlantis", "no time zone of that name"),
        ("timezone", "", "Enter a time zone"),
        ("ror_id", "https://ror.org/1234", "A ROR id looks like"),
        ("domains", "kamau", "“kamau” is no mail domain"),
        ("domains", "a.example " * 50, "longer than"),
        ("parent_code", "NOWHERE", "no institution with the code NOWHERE"),
        ("opened_on", "October 1970", "Not a valid date"),
        ("closed_on", "1969-01-01", "before the day it opened"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field_and_the_rest_stays(app, browse, cast: Cast, field, value, message) -> None:
    page = browse(cast.root).post(f"{LIST}/new", NEW | {field: value}, 422)
    assert message in page.text
    kept = page.form("")
    assert all(kept[name] == NEW[name] for name in {"name", "local_name", "kind", "timezone", "code"} - {field})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Institution)) == 2


def test_the_programme_changes_everything_and_is_told_what_follows(browse, cast: Cast, found, actions) -> None:
    root = browse(cast.root)
    root.submit(f"{LIST}/new", NEW)
    path = f"{LIST}/{found('KE-KU').id}/edit"
    page = root.get(path)
    assert "The code stands in file names" in page.text
    assert page.form("")["opened_on"] == "1970-10-01"
    after = root.submit(path, page.form("") | {"name": "Kamau University College", "csrf_token": ""})
    assert "elearn reach recount" not in after.text
    after = root.submit(path, page.form("") | {"code": "KE-KAMAU", "country": "UG", "parent_code": "lag"})
    assert "elearn reach recount --repair" in after.text
    kept = found("KE-KAMAU")
    assert (kept.country, kept.parent_id) == ("UG", cast.institutions["LAG"])
    assert actions() == [("change-institution", kept.id)]
    assert "Lagoon University" in after.text


def test_no_institution_stands_above_itself(browse, cast: Cast, found) -> None:
    root = browse(cast.root)
    root.submit(f"{LIST}/new", NEW | {"parent_code": "LAG"})
    root.submit(f"{LIST}/new", NEW | {"parent_code": "KE-KU", "code": "KE-KU-LAW"})
    lagos = f"{LIST}/{cast.institutions['LAG']}/edit"
    fields = root.get(lagos).form("")
    for code in ("LAG", "KE-KU", "KE-KU-LAW"):
        assert "cannot also stand above it" in root.post(lagos, fields | {"parent_code": code}, 422).text
    assert found("LAG").parent_id is None


def test_a_coordinator_corrects_what_its_people_know_and_nothing_else(browse, cast: Cast, found, actions) -> None:
    path = f"{LIST}/{cast.institutions['LAG']}/edit"
    carla = browse(cast.carla)
    assert set(carla.get(path).form("")) == {"csrf_token", "local_name", "timezone", "domains"}
    typed = {"local_name": "Ile-ẹkọ giga", "timezone": "Africa/Abidjan", "domains": "lagoon.example", "name": "Mine", "code": "MINE"}
    carla.submit(path, typed)
    kept = found("LAG")
    assert (kept.local_name, kept.timezone, kept.domains, kept.name) == (
        "Ile-ẹkọ giga",
        "Africa/Abidjan",
        "lagoon.example",
        "Lagoon University",
    )
    assert actions() == [("change-institution", kept.id)]
    carla.post(path, typed | {"timezone": "Mars"}, 422)


def test_saving_what_was_is_no_act(browse, cast: Cast, actions) -> None:
    path = f"{LIST}/{cast.institutions['LAG']}/edit"
    carla = browse(cast.carla)
    before = actions(50)
    carla.submit(path, carla.get(path).form(""))
    assert actions(50) == before


@pytest.mark.parametrize(
    ("name", "own", "foreign", "edit_own", "edit_foreign"),
    [
        ("Carla", 200, 404, 200, 404),
        ("Rosa", 200, 404, 403, 403),
        ("Root", 200, 200, 200, 200),
        ("Bruno", 403, 403, 403, 403),
        ("Edda", 403, 403, 403, 403),
        ("Ana", 403, 403, 403, 403),
    ],
)
def test_who_opens_and_changes_an_institution(browse, cast: Cast, asking: Asking, name, own, foreign, edit_own, edit_foreign) -> None:
    """Own: Lagos, of Carla and of Rosa's region; foreign: Lima."""
    browser = browse(cast.people[name])
    lagos, lima = cast.institutions["LAG"], cast.institutions["LIM"]
    for number, reading, changing in ((lagos, own, edit_own), (lima, foreign, edit_foreign)):
        browser.get(f"{LIST}/{number}", reading)
        browser.get(f"{LIST}/{number}/edit", changing)
        if changing != 200:
            browser.post(f"{LIST}/{number}/edit", {"timezone": "UTC"}, changing)
    hidden = 200 if name == "Root" else 404 if own == 200 else 403
    browser.get(f"{LIST}/{asking.institution}", hidden)
    browser.get(f"{LIST}/new", 200 if name == "Root" else 403)
    browser.get(f"{LIST}/requests", 200 if name == "Root" else 403)
    browser.get(asking.path, 200 if name == "Root" else 403)


def test_two_who_add_the_same_code_at_once_add_one(app: Flask, browse, cast: Cast) -> None:
    statuses = at_once([(browse(cast.root), f"{LIST}/new", NEW) for _ in range(3)])
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 422, 409}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Institution).where(Institution.code == "KE-KU")) == 1
