"""`elearn reach`, as an operator types it."""

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from elearn import cli
from elearn.db import db, unit_of_work
from elearn.reach.models import Cell
from tests.reach.worlds import BEGAN, town

YEAR = ["--from", "2024-01-01", "--to", "2024-12-31"]


@pytest.fixture
def run(empty_app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ELEARN_DATABASE_URL", empty_app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("ELEARN_SECRET_KEY", "a secret for tests only, long enough")
    with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
        world = town()
        world.enrol("ke", "ana", "student", BEGAN)
        world.mark("ke", "ana", 0, BEGAN)
    return lambda *words: CliRunner().invoke(cli.main, ["reach", *words])


def test_the_report_is_printed_as_json_csv_and_text(run) -> None:
    found = run("report", *YEAR, "--format", "json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)["figures"]["students_taught"]["lower"] == 1
    assert run("report", *YEAR, "--format", "csv").stdout.startswith("rule_version,from,to")
    assert "Students taught: 1" in run("report", *YEAR).stdout


@pytest.mark.parametrize(
    ("cut", "kind", "taught"),
    [
        (["--institution", "KE1"], "institution", 1),
        (["--country", "fr"], "country", 0),
        (["--region", "002"], "region", 1),
        (["--region", "014"], "subregion", 1),
    ],
)
def test_a_place_is_chosen_by_its_code(run, cut, kind, taught) -> None:
    found = json.loads(run("report", *YEAR, *cut, "--format", "json").stdout)
    assert found["cut"]["kind"] == kind
    assert found["figures"]["students_taught"]["upper"] == taught


def test_part_months_are_counted_to_the_day(run) -> None:
    days = ["--from", "2024-01-01", "--to", "2024-01-01"]
    assert json.loads(run("report", *days, "--format", "json").stdout)["figures"]["learners"]["lower"] == 1
    days = ["--from", "2024-01-02", "--to", "2024-12-31"]
    assert json.loads(run("report", *days, "--format", "json").stdout)["figures"]["learners"]["lower"] == 0


@pytest.mark.parametrize(("option", "code"), [("--institution", "NONE"), ("--country", "XX"), ("--region", "999")])
def test_an_unknown_code_is_refused_with_the_reason_on_standard_error(run, option, code) -> None:
    found = run("report", *YEAR, option, code)
    assert found.exit_code == 1
    assert code in found.stderr
    assert not found.stdout


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--from", "2024-13-01", "--to", "2024-12-31"],
        ["--from", "2024-12-31", "--to", "2024-01-01"],
        ["--from", "0001-01-01", "--to", "2024-01-01"],
        [*YEAR, "--format", "pdf"],
        [*YEAR, "--country", "KE", "--region", "002"],
    ],
)
def test_wrong_usage_ends_with_two(run, words) -> None:
    assert run("report", *words).exit_code == 2


def test_the_recount_agrees_or_says_where_it_does_not_and_repairs(run, empty_app: Flask) -> None:
    assert run("recount").exit_code == 0
    with empty_app.app_context(), unit_of_work():
        db.session.get_one(Cell, ("2024", "learners", "", "country:KE")).count = 7
    found = run("recount")
    assert found.exit_code == 1
    assert "cell 2024 learners  country:KE: kept 7, counted 1" in found.stderr
    told = run("recount", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["differences"] == [
        {"what": "cell", "key": ["2024", "learners", "", "country:KE"], "kept": 7, "counted": 1},
    ]
    repaired = run("recount", "--repair", "--json")
    assert repaired.exit_code == 0
    assert json.loads(repaired.stdout)["repaired"] is True
    assert json.loads(run("recount", "--json").stdout)["agrees"] is True
