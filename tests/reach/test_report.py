"""The report, as programs, spreadsheets and terminals read it."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from elearn.accounts import service as accounts
from elearn.accounts.models import Institution
from elearn.db import counted_statements, db, unit_of_work
from elearn.errors import Invalid, NotFound
from elearn.reach import queries, service
from elearn.reach.figures import FIGURES, Interval
from elearn.reach.formats import CSV_COLUMNS, as_csv, as_text
from elearn.reach.periods import Period
from elearn.reach.report import report_on
from tests.reach.worlds import BEGAN, World, town

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))
ALL = {
    "students_taught", "learners", "seats", "modules_taught", "universities_teaching", "professors_equipped", "universities_equipped",
    "countries", "regions",
}  # fmt: skip


@pytest.fixture
def world(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        with unit_of_work():
            world = town()
            world.enrol("ke", "dora", "professor", BEGAN)
            for where, people in (("ke", "ab"), ("law-fr", "bc"), ("school", "d"), ("ug", "e")):
                for who in people:
                    world.enrol(where, who, "student", BEGAN)
                    world.mark(where, who, 0, BEGAN)
            world.submit("ke", "a", 1, datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
            world.enrol("fr", "only a seat", "student", BEGAN)
        yield world


def figures(report: dict) -> dict[str, int]:
    found = {name: figure for name, figure in report["figures"].items() if name != "event_participants"}
    assert all(f["lower"] == f["upper"] for f in found.values())
    return {name: figure["lower"] for name, figure in found.items()}


def test_the_whole_report_has_the_promised_shape_and_true_figures(world: World) -> None:
    report = service.report(YEAR, queries.named_cut("en"))
    assert report["rule_version"] == 1
    assert report["period"] == {"from": "2024-01-01", "to": "2024-12-31"}
    assert report["as_of"].endswith("Z")
    assert report["hierarchy_on"] == "2024-12-31"
    assert report["cut"] == {"kind": "world", "code": "001", "name": "The world"}
    assert report["figures"].pop("event_participants")["by_audience"] == {}
    assert set(report["figures"]) == ALL == set(FIGURES)
    for figure in report["figures"].values():
        assert figure["qualifier"] == {"lower": None, "upper": None}
        assert figure["not_stated"] == figure["reaches_outside"] == figure["not_broken_down"] == []
        assert len(figure["definition"]) > 40
    assert figures(report) == {
        "students_taught": 5,
        "learners": 5,
        "seats": 7,
        "modules_taught": 2,
        # The faculty counts with its university; its sister in another country is one of its own; the school is none.
        "universities_teaching": 2,
        "professors_equipped": 2,
        "universities_equipped": 3,
        "countries": 3,
        "regions": 2,
    }

    def taught(of: str) -> list[tuple[str, int]]:
        return [(row[of], row["figures"]["students_taught"]["lower"]) for row in report[f"by_{of}"]]

    assert taught("region") == [("002", 5), ("150", 0)]
    assert taught("country") == [("FR", 0), ("KE", 4), ("UG", 1)]
    assert taught("institution") == [("FR1", 0), ("KE1", 3), ("KE1-ABROAD", 1), ("KE2", 1)]
    assert taught("module") == [("one", 5), ("two", 1)]
    assert taught("language") == [("en", 4), ("fr", 2)]
    json.dumps(report)
    assert "demonstration" not in report


def test_a_demonstration_says_so(world: World) -> None:
    with unit_of_work():
        accounts.mark_as_demonstration()
    named = queries.named_cut("en")
    assert service.report(YEAR, named)["demonstration"] is True
    assert as_text(report_on(YEAR, named, "en"), demonstration=True).startswith("DEMONSTRATION DATA")
    assert "demonstration data" in as_csv(report_on(YEAR, named, "en"), demonstration=True)


@pytest.mark.parametrize(
    ("codes", "taught", "universities"),
    [
        ({"institution": "KE1"}, 3, 1),
        ({"institution": "KE1-LAW"}, 2, 1),
        ({"institution": "KE2"}, 1, 0),
        ({"country": "KE"}, 4, 1),
        ({"region": "014"}, 5, 2),
        ({"region": "150"}, 0, 0),
        ({"region": "001"}, 5, 2),
        ({"module": "two"}, 1, 1),
        ({"country": "UG", "module": "two"}, 0, 0),
    ],
)
def test_each_cut_counts_its_own_people_alike_from_counters_and_from_rows(world: World, codes, taught, universities) -> None:
    named = queries.named_cut("en", **codes)
    kept = report_on(YEAR, named, "en")
    longer = report_on(Period(date(2023, 12, 1), date(2025, 1, 31)), named, "en")
    by_day = report_on(Period(date(2023, 12, 5), date(2025, 1, 7)), named, "en")
    assert kept.figures["students_taught"] == Interval.exactly(taught)
    assert kept.figures["universities_teaching"] == Interval.exactly(universities)
    for other in (longer, by_day):
        assert other.figures == kept.figures
        for table in ("by_region", "by_country", "by_institution", "by_module", "by_language"):
            assert getattr(other, table) == getattr(kept, table)


def test_a_class_is_a_cut_without_professors_or_places(world: World) -> None:
    cut = queries.class_cut(world.classes["ke"])
    assert {name: i.lower for name, i in report_on(YEAR, cut, "en").figures.items()} == {
        "students_taught": 2,
        "learners": 2,
        "seats": 2,
        "modules_taught": 2,
    }
    with pytest.raises(NotFound):
        queries.class_cut(10**6)


def test_the_instant_before_midnight_is_in_the_year_and_in_no_other(world: World) -> None:
    two = queries.named_cut("en", module="two")
    assert report_on(Period(date(2024, 12, 31), date(2024, 12, 31)), two, "en").figures["learners"].lower == 1
    assert report_on(Period(date(2024, 12, 30), date(2024, 12, 30)), two, "en").figures["learners"].lower == 0
    assert report_on(Period(date(2025, 1, 1), date(2025, 12, 31)), two, "en").figures["learners"].lower == 0


@pytest.mark.parametrize("codes", [{"institution": "NONE"}, {"country": "XX"}, {"region": "999"}, {"module": "none"}])
def test_a_code_that_is_not_known_is_refused_by_name(world: World, codes) -> None:
    with pytest.raises(NotFound, match=next(iter(codes.values()))):
        queries.named_cut("en", **codes)


def test_a_period_that_cannot_be_is_refused_at_its_field(world: World) -> None:
    with pytest.raises(Invalid) as refusal:
        service.period_between(date(2026, 2, 1), date(2026, 1, 1))
    assert list(refusal.value.fields) == ["to"]
    with pytest.raises(Invalid) as refusal:
        service.period_between(date(1900, 2, 1), date(2026, 1, 1))
    assert list(refusal.value.fields) == ["from"]


def test_a_dashboard_takes_the_same_few_statements_however_many_learn(world: World) -> None:
    def statements() -> int:
        db.session.rollback()
        with counted_statements() as counted:
            report_on(YEAR, queries.named_cut("en"), "en")
        return len(counted)

    statements()
    before = statements()
    with unit_of_work():
        for number in range(40):
            world.enrol("ke", f"student {number}", "student", BEGAN)
            world.mark("ke", f"student {number}", number % 2, BEGAN)
    assert statements() == before <= 5


def test_the_csv_has_one_row_a_figure_and_no_formulas(world: World) -> None:
    with unit_of_work():
        db.session.get_one(Institution, world.institutions["KE2"]).name = '=HYPERLINK("x")'
    rows = list(csv.DictReader(io.StringIO(as_csv(report_on(YEAR, queries.named_cut("en"), "en"), demonstration=False))))
    assert set(rows[0]) == {*CSV_COLUMNS, "note"}
    whole = {row["figure"]: int(row["lower"]) for row in rows if row["table"] == "figures"}
    assert whole["students_taught"] == 5
    assert set(whole) == ALL
    assert {row["name"][0] for row in rows if row["code"] == "KE2"} == {"'"}


def test_the_text_prints_each_figure_with_its_definition(world: World) -> None:
    text = as_text(report_on(YEAR, queries.named_cut("en"), "en"), demonstration=False)
    for figure in FIGURES.values():
        assert str(figure.label) in text
        assert str(figure.definition) in text
