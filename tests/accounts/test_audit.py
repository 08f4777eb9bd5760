"""`/coordinate/audit`: who reads what, in words, by keys; the export; rows that are only added; every action has a label."""

import ast
import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from elearn import audit, clock
from elearn.accounts import audit_queries
from elearn.accounts.audit_labels import action_names, detail_names, subject_names
from elearn.accounts.models import Person
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from tests.accounts.conftest import Asking
from tests.cast import Cast

PAGE = "/coordinate/audit"
PACKAGE = Path(audit.__file__).parent
MARCH = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def early_in_the_hour() -> None:
    """Leave the clock alone: these tests set it themselves."""


@pytest.fixture
def enter(app: Flask, cast: Cast):
    """Return a function that adds entries."""

    def entered(
        action: str = "confirm-membership", *, actor: int | None = None, place: str = "LAG", subject=("person", None), **more
    ) -> None:
        with app.app_context(), app.test_request_context(), unit_of_work():
            kind, number = subject
            audit.record(action, kind, number, actor_id=actor, institution_id=cast.institutions.get(place), **more)

    return entered


def lines(page) -> list[str]:
    """Return the rows of the table, their cells with a space between."""
    return [" ".join(" ".join("".join(cell.itertext()).split()) for cell in tr) for tr in page.all("tr")][1:]


def rows(browser, query: str = "") -> list[dict[str, str]]:
    page = browser.get(f"{PAGE}.csv{query}")
    assert page.response.headers["Content-Disposition"] == "attachment; filename=audit.csv"
    return list(csv.DictReader(io.StringIO(page.response.get_data(as_text=True))))


def test_coordinators_read_their_own_institution_s_and_the_programme_all(browse, cast: Cast, enter) -> None:
    enter(actor=cast.carla, subject=("person", cast.bruno))
    enter("decline-membership", actor=cast.faisal, place="LIM", subject=("person", cast.dora))
    enter("publish", actor=cast.edda, place="", subject=("release", 1))
    here, there, all_of_it = (browse(p).get(PAGE) for p in (cast.carla, cast.faisal, cast.root))
    assert any("Carla Example confirmed a role Bruno Example" in line for line in lines(here))
    assert "Faisal" not in here.text
    assert not any("published the series" in line for line in lines(here))
    assert any("Faisal Example declined a role Dora Example" in line for line in lines(there))
    assert "Carla" not in there.text
    assert all(words in all_of_it.text for words in ("confirmed a role", "declined a role", "published the series", "made a class"))
    for person in (cast.rosa, cast.edda, cast.bruno, cast.ana, cast.gita):
        browse(person).get(PAGE, 403)
        browse(person).get(f"{PAGE}.csv", 403)


@pytest.mark.parametrize("query", ["institution=LIM", "institution=r%C3%ADmac&person=dora", "before=99999"])
def test_no_filter_shows_a_coordinator_what_is_not_theirs(browse, cast: Cast, enter, query: str) -> None:
    enter("decline-membership", actor=cast.faisal, place="LIM", subject=("person", cast.dora))
    assert "Dora" not in browse(cast.carla).get(f"{PAGE}?{query}").text
    assert "Dora" not in browse(cast.carla).get(f"{PAGE}.csv?{query}").response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("action=end-membership", 1),
        ("action=nonsense", 3),
        ("person=carla", 2),
        ("person=BRUNO", 2),
        ("person=gita", 1),
        ("person=%25", 0),
        ("from=2026-03-31&to=2026-03-31", 1),
        ("from=2026-04-01&to=2026-04-01", 1),
        ("from=2026-04-02", 1),
        ("to=2026-04-01", 2),
        ("from=2026-03-31&to=2026-04-01&action=confirm-membership", 1),
        ("institution=lagoon", 3),
        ("institution=LIM", 0),
    ],
)
def test_entries_are_narrowed_in_the_address_with_both_days_included(app, browse, cast: Cast, enter, membership, query, shown) -> None:
    with time_machine.travel(MARCH, tick=False) as now:
        enter(actor=cast.carla, subject=("person", cast.bruno))
        now.shift(timedelta(seconds=1))
        enter("end-membership", actor=cast.carla, subject=("membership", membership(cast.gita)))
        now.shift(timedelta(days=1))
        enter("open-joining", actor=cast.bruno, subject=("class", cast.classes["Bruno"]))
    with app.app_context():
        made = {e.id for e in db.session.scalars(select(AuditEntry).where(AuditEntry.action == "open-class"))}
    assert made, "the cast's classes: made today, at both institutions"
    root = browse(cast.root)
    bounded = query if "to=" in query else f"{query}&to=2026-04-30"
    assert len(lines(root.get(f"{PAGE}?{bounded}"))) == shown
    assert len(rows(root, f"?{bounded}")) == shown


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01", "to=9999-12-31"])
def test_a_day_that_is_none_is_said_beside_its_field(browse, cast: Cast, query: str) -> None:
    page = browse(cast.root).get(f"{PAGE}?{query}", 422)
    assert page.all("input", aria_invalid="true")
    browse(cast.root).get(f"{PAGE}.csv?{query}", 422)


def test_thousands_are_read_by_keys_and_no_page_costs_more(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        at = clock.now()
        db.session.add_all(
            AuditEntry(
                at=at, actor_id=cast.carla, action="give-role", subject="person", subject_id=cast.bruno, institution_id=1, details={"n": n}
            )
            for n in range(1200)
        )
    carla = browse(cast.carla)
    carla.get(PAGE)
    seen, path, costs = 0, PAGE, set()
    while path:
        with counted_statements() as counted:
            page = carla.get(path)
        costs.add(len(counted))
        seen += len(lines(page))
        path = page.links().get("Older")
    assert seen == len(rows(carla)) > 1200
    assert max(costs) <= 8
    newer = carla.get(page.links()["Newer"])
    assert len(lines(newer)) == 50
    assert lines(carla.get(page.links()["Newest"])) == lines(carla.get(PAGE))


def test_every_kind_of_thing_has_a_name_and_a_link_that_opens(app, browse, cast: Cast, enter, membership) -> None:
    enter(
        "end-membership",
        actor=cast.root,
        subject=("membership", membership(cast.bruno)),
        details={"role": "professor", "person": cast.bruno},
    )
    enter(
        "change-institution",
        actor=cast.carla,
        subject=("institution", cast.institutions["LAG"]),
        details={"timezone": ["UTC", "Africa/Lagos"]},
    )
    enter("deactivate-account", actor=cast.root, subject=("person", cast.ana))
    enter("open-joining", actor=cast.bruno, subject=("class", cast.classes["Bruno"]))
    with app.app_context():
        place = db.session.scalar(text(f"select id from enrolment where person_id = {cast.ana}"))
    enter("open-joining", actor=cast.bruno, subject=("enrolment", place))
    enter("add-institution", actor=None, subject=("institution", 999999))
    enter("give-role", actor=cast.root, place="LAG", subject=("membership", membership(cast.dora)))
    for reader in (cast.carla, cast.root):
        browser = browse(reader)
        page = browser.get(PAGE)
        said = " ".join(lines(page))
        assert "ended a role Bruno Example role" in said
        assert "time zone: UTC → Africa/Lagos" in said
        assert "role: Professor" in said
        assert "Bruno's class class" in said
        assert "Bruno's class place in a class" in said, "not the name of the student"
        assert "the operator, on the command line added an institution" in said
        main = page.root.find(".//table")
        links = {a.get("href") for a in main.iter("a")}
        for link in links:
            browser.get(link)
        assert (f"/coordinate/people/accounts/{cast.ana}" in links) == (reader == cast.root)


def test_somebody_who_deleted_their_account_has_no_name(app: Flask, browse, cast: Cast, enter) -> None:
    enter(actor=cast.bruno, subject=("person", cast.bruno))
    assert "Bruno" in browse(cast.carla).get(PAGE).text
    with app.app_context(), unit_of_work():
        bruno = db.session.get_one(Person, cast.bruno)
        bruno.name, bruno.erased_at = "", clock.now()
    page = browse(cast.carla).get(PAGE)
    assert "somebody who deleted their account confirmed a role somebody who deleted their account" in lines(page)[0]
    assert rows(browse(cast.carla))[0]["who"] == "somebody who deleted their account"


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "مُحمّد", "<script>alert(1)</script>", 'a","b\nc'])
def test_names_are_shown_and_exported_as_they_are_and_run_nothing(app: Flask, browse, cast: Cast, enter, name: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.bruno).name = name
    enter(actor=cast.bruno, subject=("person", cast.carla), details={"name": name})
    assert " ".join(name.split()) in browse(cast.carla).get(PAGE).text
    who = rows(browse(cast.carla))[0]["who"]
    assert who in {name, "'" + name}
    assert not who.startswith(("=", "+", "-", "@", "\t"))


def test_the_export_has_every_column_filled(browse, cast: Cast, enter) -> None:
    with time_machine.travel(MARCH, tick=False):
        enter("end-membership", actor=cast.carla, subject=("person", cast.bruno), details={"role": "professor"})
    assert rows(browse(cast.carla), "?to=2026-04-01") == [
        {
            "at": "2026-03-31T23:59:59+00:00",
            "who": "Carla Example",
            "who_id": str(cast.carla),
            "action": "end-membership",
            "action_in_words": "ended a role",
            "about": "person",
            "about_id": str(cast.bruno),
            "about_name": "Bruno Example",
            "institution": "LAG",
            "institution_name": "Lagoon University",
            "details": '{"role": "professor"}',
        }
    ]


@pytest.mark.parametrize("change", [update(AuditEntry).values(action="x"), delete(AuditEntry)])
def test_the_database_itself_refuses_to_change_or_delete_an_entry(app: Flask, cast: Cast, change) -> None:
    with app.app_context():
        assert db.session.scalar(select(AuditEntry.id).limit(1)) is not None
        with pytest.raises(DBAPIError, match="only added"), unit_of_work():
            db.session.execute(change.execution_options(synchronize_session=False))


def test_what_concerns_an_institution_says_which(app: Flask, browse, cast: Cast, asking: Asking, membership) -> None:
    """Through the pages: confirming, a class opened and closed, a merge."""
    browse(cast.carla).post(f"/coordinate/people/{membership(cast.gita)}/confirm")
    browse(cast.bruno).post(f"/teach/classes/{cast.classes['Bruno']}/joining", {"state": "closed"})
    browse(cast.root).post(f"{asking.path}/merge", {"merge-other": "LAG", "merge-confirm": "y"})
    with app.app_context():
        without = db.session.scalars(select(AuditEntry.action).where(AuditEntry.institution_id.is_(None))).all()
    assert without == ["publish"], "the series belongs to no institution"


def _texts(value: ast.expr, where: ast.AST, told: str) -> set[str]:
    """Return the texts that an action may be: written there, one of two, or kept in a variable of the function just before."""
    if isinstance(value, ast.Constant):
        return {value.value}
    if isinstance(value, ast.IfExp):
        return _texts(value.body, where, told) | _texts(value.orelse, where, told)
    if isinstance(value, ast.Name):
        kept = [n.value for n in ast.walk(where) if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == value.id]
        if kept:
            return set().union(*(_texts(each, where, told) for each in kept))
    raise AssertionError(f"{told}: say the action as text")


def _hands_on(tree: ast.Module) -> dict[str, int]:
    """Return the functions of a file that record an action they are handed, each with its place among their arguments."""
    places: dict[str, int] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [arg.arg for arg in (*function.args.args, *function.args.kwonlyargs)]
            records = any(isinstance(n, ast.Call) and ast.unparse(n.func) == "audit.record" for n in ast.walk(function))
            if records and "action" in names:
                places[function.name] = names.index("action")
    return places


def _recorded_in(path: Path, handed_on: dict[str, int]) -> set[str]:
    """Return the actions that a file records, also through functions of its own, or public ones of others, that are handed the action."""
    tree = ast.parse(path.read_text())
    own = _hands_on(tree)
    found: set[str] = set()
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)):
        for node in ast.walk(function):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            place = 0 if called == "audit.record" else (handed_on | own).get(called.rpartition(".")[2])
            if place is None:
                continue
            value = ([k.value for k in node.keywords if k.arg == "action"] or node.args[place : place + 1])[0]
            if not (function.name in own and isinstance(value, ast.Name) and value.id == "action"):
                found |= _texts(value, function, f"{path}:{node.lineno}")
    return found


def _recorded(package: Path = PACKAGE) -> dict[str, set[str]]:
    """Return every action that the code records, by file."""
    files = [path for path in package.rglob("*.py") if path.name != "audit.py"]
    public: dict[str, int] = {}
    for path in files:
        public |= {name: place for name, place in _hands_on(ast.parse(path.read_text())).items() if not name.startswith("_")}
    found = {str(path.relative_to(package)): _recorded_in(path, public) for path in files}
    return {name: actions for name, actions in found.items() if actions}


def test_every_action_that_is_recorded_has_a_label(app: Flask) -> None:
    with app.test_request_context():
        labels = action_names()
        assert all(label and label[0].islower() for label in (*labels.values(), *subject_names().values()))
        assert detail_names()
    recorded = _recorded()
    assert "confirm-membership" in recorded["accounts/people_service.py"]
    missing = {action for actions in recorded.values() for action in actions} - labels.keys()
    assert not missing


def test_entries_around_a_number_are_those_next_to_it(app: Flask, cast: Cast, enter) -> None:
    for _ in range(3):
        enter(actor=cast.carla)
    with app.app_context():
        ids = list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))
        asked = audit_queries.Asked()
        assert [e.id for e in audit_queries.entries_around(asked, before=ids[-1]).entries] == ids[:-1][::-1]
        assert [e.id for e in audit_queries.entries_around(asked, after=ids[-3]).entries] == ids[-2:][::-1]
