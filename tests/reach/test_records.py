"""Records of teaching and events: imported whole or not at all, corrected by versions, and counted in the report."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, unit_of_work
from elearn.errors import Invalid
from elearn.learning.models import CourseClass
from elearn.reach import queries, service
from elearn.reach.formats import as_csv, as_text
from elearn.reach.full_report import full_report_on
from elearn.reach.periods import Period
from elearn.reach.record_commands import returns
from elearn.reach.record_models import ReachRecord
from elearn.reach.record_reading import COLUMNS, LARGEST_FILE, MORE_COLUMNS, read_records
from elearn.reach.record_service import Imported, import_records
from elearn.reach.report import report_on
from tests.reach.worlds import BEGAN, World, town

DATA = Path(__file__).parent.parent / "data" / "reach"
REPORT_2019 = (DATA / "report-2019.csv").read_bytes()
YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture
def context(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        yield empty_app


@pytest.fixture
def world(context: Flask):
    with unit_of_work():
        world = town()
        world.enrol("ke", "dora", "professor", BEGAN)
        for who in "abc":
            world.enrol("ke", who, "student", BEGAN)
            world.mark("ke", who, 0, BEGAN)
    return world


def table(*lines: dict[str, Any]) -> bytes:
    usual = {"title": "A return", "period_start": "2024-02-01", "period_end": "2024-06-30", "kind": "teaching", "audience": "students"}
    columns = COLUMNS + MORE_COLUMNS
    rows = [",".join(str({**usual, "record_id": f"R{n}", **line}.get(name, "")) for name in columns) for n, line in enumerate(lines)]
    return "\n".join([",".join(columns), *rows]).encode()


def keep(*lines: dict[str, Any], state: str = "validated") -> Imported:
    with unit_of_work():
        return import_records(read_records(table(*lines)), state=state)


def refused(*lines: dict[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refusal, unit_of_work():
        import_records(read_records(table(*lines)))
    assert db.session.scalars(select(ReachRecord)).all() == [], "all lines or none"
    return refusal.value.message.split("\n")


def figures(**cut: str) -> dict[str, Any]:
    return service.report(YEAR, queries.named_cut("en", **cut))["figures"]


def ends(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["lower"], figure["upper"]


def holds(found: Any, wanted: Any, where: str = "") -> None:
    """Check that ``found`` holds all that is ``wanted``, key by key."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert key in found, f"{where}/{key}"
            holds(found[key], value, f"{where}/{key}")
    else:
        assert found == wanted, where


def test_the_report_of_2019_comes_out_as_it_was_published(context: Flask) -> None:
    with unit_of_work():
        assert import_records(read_records(REPORT_2019)) == Imported(16, 0, 0)
    found = service.report(Period(date(2019, 1, 1), date(2019, 12, 31)), queries.named_cut("en"))
    holds(found, json.loads((DATA / "report-2019.expected.json").read_text()))
    assert found["figures"]["event_participants"]["by_audience"]["judges"]["not_broken_down"] == []
    full = full_report_on(Period(date(2019, 1, 1), date(2019, 12, 31)), queries.named_cut("en"), "en")
    assert "event_participants,SV,teachers,event_participants,3222,3222" in as_csv(full, demonstration=False)
    assert "criminal-justice-practitioners" in as_text(full, demonstration=False)
    salvador = service.report(Period(date(2019, 1, 1), date(2019, 12, 31)), queries.named_cut("en", country="SV"))["figures"]
    assert ends(salvador["event_participants"]["by_audience"]["pupils"]) == (37361, 37361)
    assert salvador["students_taught"]["not_broken_down"] == ["U-43a"]
    assert ends(salvador["students_taught"]) == (0, 0)


def test_the_command_says_what_it_did_and_the_same_file_again_changes_nothing(context: Flask, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(REPORT_2019)
    first = CliRunner().invoke(returns, ["import", str(path)])
    assert (first.exit_code, first.output) == (0, "16 added, 0 corrected, 0 unchanged.\n")
    again = CliRunner().invoke(returns, ["import", str(path), "--json"])
    assert json.loads(again.output) == {"added": 0, "corrected": 0, "unchanged": 16}
    path.write_bytes(REPORT_2019.replace(b",7200,more-than", b",7300,more-than").replace(b"series,", b"s\xe9ries,"))
    third = CliRunner().invoke(returns, ["import", str(path), "--state", "claimed"])
    assert "0 added, 16 corrected" in third.output, "a claimed record is another state than a validated one"
    assert db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "import-records")).all()[-1] == {
        "added": 0,
        "corrected": 16,
    }
    found = service.report(Period(date(2019, 1, 1), date(2019, 12, 31)), queries.named_cut("en"))["figures"]["students_taught"]
    assert ends(found) == (7200, 7300), "what was validated stands below until the correction is"


def test_a_return_adds_to_those_whom_the_server_saw_and_never_twice(world: World) -> None:
    keep({"institution_code": "KE1", "participants": 10, "modules": "one"})
    assert ends(figures()["students_taught"]) == (10, 13), "the three learners may be among them or not"
    assert ends(figures()["learners"]) == (3, 3)
    keep({"record_id": "D", "institution_code": "KE1", "participants": 5, "overlap": "disjoint"})
    for cut in ({}, {"country": "KE"}, {"region": "002"}, {"institution": "KE1"}):
        assert ends(figures(**cut)["students_taught"]) == (10, 18), cut
    assert ends(figures(country="UG")["students_taught"]) == (0, 0)


def test_a_return_on_a_class_counts_those_beyond_its_learners(world: World) -> None:
    code = db.session.get_one(CourseClass, world.classes["ke"]).code
    keep({"institution_code": "KE1", "participants": 8, "overlap": "same-as-class", "overlap_with": code})
    assert ends(figures()["students_taught"]) == (8, 8)
    keep({"record_id": "again", "institution_code": "KE1", "participants": 6, "overlap": "same-as-class", "overlap_with": code})
    assert ends(figures()["students_taught"]) == (8, 8)


def test_countries_universities_and_modules_are_those_named_or_the_most_that_one_record_states(world: World) -> None:
    keep(
        {"institution_code": "KE1-ABROAD", "participants": 4, "modules": "one;two"},
        {"record_id": "W", "participants": 9, "countries": "PE;FR"},
    )
    found = figures()
    assert ends(found["countries"]) == (4, 4)
    assert ends(found["regions"]) == (3, 3)
    assert ends(found["modules_taught"]) == (2, 2)
    assert found["modules_taught"]["not_stated"] == ["W"]
    assert ends(found["universities_teaching"]) == (2, 2)
    keep({"record_id": "V", "countries_count": 30, "universities_count": 50, "regions_count": 5})
    found = figures()
    assert [ends(found[name]) for name in ("countries", "universities_teaching", "regions")] == [(30, 30), (50, 50), (5, 5)]
    assert found["students_taught"]["not_stated"] == ["V"]


def test_what_is_only_claimed_counts_at_the_upper_end(world: World) -> None:
    claimed = {"countries": "PE", "participants": 4, "overlap": "disjoint", "status": "claimed"}
    keep(claimed, {"record_id": "sent", "participants": 90, "status": "sent-back"})
    found = figures()
    assert ends(found["students_taught"]) == (3, 7)
    assert ends(found["countries"]) == (3, 4)
    assert ends(found["regions"]) == (2, 3)


def test_tables_list_places_that_only_records_name(world: World) -> None:
    keep(
        {"institution_code": "KE1-ABROAD", "participants": 4, "modules": "two"},
        {"record_id": "P", "countries": "PE", "participants": 6, "overlap": "disjoint"},
    )
    found = service.report(YEAR, queries.named_cut("en"))
    assert {line["country"]: ends(line["figures"]["students_taught"]) for line in found["by_country"]} == {
        "FR": (0, 0),
        "KE": (3, 3),
        "UG": (4, 4),
        "PE": (6, 6),
    }
    by_region = {line["region"]: ends(line["figures"]["students_taught"]) for line in found["by_region"]}
    assert by_region == {"002": (7, 7), "019": (6, 6), "150": (0, 0)}
    by_institution = {line["institution"]: ends(line["figures"]["students_taught"]) for line in found["by_institution"]}
    assert by_institution == {"FR1": (0, 0), "KE1": (3, 3), "KE1-ABROAD": (4, 4), "KE2": (0, 0)}
    assert {line["module"]: ends(line["figures"]["students_taught"]) for line in found["by_module"]} == {
        "one": (3, 3),
        "two": (4, 4),
    }
    of_module = figures(module="two")
    assert ends(of_module["students_taught"]) == (4, 4)
    assert of_module["students_taught"]["not_stated"] == ["P"]


def test_a_record_counts_whole_in_the_period_of_its_day_and_in_no_other(world: World) -> None:
    keep({"participants": 9, "period_start": "2023-10-01", "period_end": "2024-02-28", "counted_on": "2023-12-31"})
    assert ends(figures()["students_taught"]) == (3, 3)
    keep({"record_id": "next", "participants": 9, "period_start": "2023-10-01", "period_end": "2024-02-28", "overlap": "disjoint"})
    found = figures()["students_taught"]
    assert (ends(found), found["reaches_outside"]) == ((12, 12), ["next"])


def test_a_correction_is_a_version_and_the_old_one_stays(world: World) -> None:
    keep({"participants": 9, "overlap": "disjoint"})
    assert keep({"participants": 6, "overlap": "disjoint"}) == Imported(0, 1, 0)
    assert [(row.version, row.people) for row in db.session.scalars(select(ReachRecord).order_by(ReachRecord.id))] == [(1, 9), (2, 6)]
    assert ends(figures()["students_taught"]) == (9, 9)


def test_public_figures_are_of_what_the_server_saw(world: World) -> None:
    keep({"participants": 900})
    assert report_on(YEAR, queries.named_cut("en"), "en").figures["students_taught"].upper == 3


def test_a_report_without_records_costs_two_statements_more(world: World) -> None:
    with counted_statements() as without:
        report_on(YEAR, queries.named_cut("en"), "en")
    with counted_statements() as full:
        full_report_on(YEAR, queries.named_cut("en"), "en")
    assert len(full) <= len(without) + 2


def test_a_report_costs_the_same_however_many_institutions_report(world: World) -> None:
    counts = []
    # The first time, it also learns the series.
    full_report_on(YEAR, queries.named_cut("en"), "en")
    for more in (1, 30):
        with unit_of_work():
            for number in range(more):
                code = f"N{more}-{number}"
                db.session.add(Institution(code=code, name=code, kind="university", country="KE", created_at=BEGAN))
        keep(*({"record_id": f"{more}-{n}", "institution_code": f"N{more}-{n}", "participants": 5} for n in range(more)))
        with counted_statements() as statements:
            full_report_on(YEAR, queries.named_cut("en"), "en")
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ({"participants": "-3"}, "participants is a whole number"),
        ({"participants": "1,200"}, "do not match"),
        ({"participants": "99999999999"}, "participants is a whole number"),
        ({"participants": "٣"}, "participants is a whole number"),
        ({"period_start": "2024-07-01"}, "it ends before it begins"),
        ({"period_end": "31.12.2024"}, "is no date"),
        ({"period_end": "20240-12-31"}, "is no date"),
        ({"period_start": "0001-01-01"}, "lies between"),
        ({"counted_on": "2025-01-01"}, "counted_on lies outside its days"),
        ({"kind": "lecture"}, "kind is one of"),
        ({"audience": "judges"}, "students are those of kind teaching"),
        ({"kind": "training"}, "students are those of kind teaching"),
        ({"countries": "KE;XX"}, "'XX' is no country code"),
        ({"regions": "999"}, "'999' is no region"),
        ({"qualifier": "perhaps"}, "qualifier is one of"),
        ({"overlap": "somehow"}, "overlap is one of"),
        ({"overlap": "within"}, "overlap_with says which"),
        ({"overlap": "within", "overlap_with": "nobody"}, "there is no record nobody"),
        ({"overlap": "within", "overlap_with": "R0"}, "would lie within itself"),
        ({"overlap": "same-as-class", "overlap_with": "NONE"}, "there is no class"),
        ({"institution_code": "NONE"}, "there is no institution"),
        ({"modules": "no-such-module"}, "there is no module"),
        ({"title": "t" * 301}, "title is a text of at most 300"),
        ({"title": ""}, "title is wanted"),
        ({"status": "approved"}, "status is one of"),
    ],
)
def test_every_fault_is_named_with_its_line_and_nothing_is_kept(world: World, line: dict[str, Any], fault: str) -> None:
    faults = refused(line, {"participants": 1})
    assert any(fault in each and each.startswith("line 2") for each in faults), faults


def test_records_within_others_fit_into_them(world: World) -> None:
    wide = {"record_id": "wide", "participants": 10, "countries": "KE"}
    for inner, fault in (
        ({"participants": 11}, "has fewer people"),
        ({"countries": "UG"}, "is of another place"),
        ({"kind": "training", "audience": "judges"}, "is of another audience"),
    ):
        assert fault in refused(wide, {"institution_code": "KE1", "overlap": "within", "overlap_with": "wide", **inner})[0]
    ring = [{"record_id": a, "overlap": "within", "overlap_with": b} for a, b in (("A", "B"), ("B", "C"), ("C", "A"))]
    assert any("would lie within itself" in each for each in refused(*ring))
    keep(wide)
    keep({"record_id": "in", "participants": 4, "institution_code": "KE1", "overlap": "within", "overlap_with": "wide"})
    assert ends(figures()["students_taught"]) == (10, 13)
    assert ends(figures(institution="KE1")["students_taught"]) == (4, 7)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "no lines"),
        (b"PK\x03\x04rest", "saved as CSV"),
        (b"record_id,kind\x00", "saved as CSV"),
        (b"a" * (LARGEST_FILE + 1), "at most 5 MB"),
        (b"record_id,colour\nA,red\n", "no such column: colour"),
        (b"record_id,kind\nA,teaching\n", "a column is missing: title, audience"),
        (table({"title": '"never closed'}), "do not match"),
        (table({}, {"record_id": "R0"}), "stands twice"),
    ],
)
def test_a_file_that_is_no_table_of_records_is_refused(content: bytes, fault: str) -> None:
    assert any(fault in each for each in read_records(content).faults)


def test_latin_1_with_semicolons_is_read_and_said() -> None:
    content = table({"title": "Universidad de Perú", "note": "x"}).replace(b",", b";").decode().encode("latin-1")
    reading = read_records(content)
    assert (reading.encoding, reading.lines[0].title, reading.faults) == ("Windows-1252", "Universidad de Perú", [])


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    reading = read_records(content)
    assert reading.faults or reading.lines


def test_institutions_of_a_return_count_as_the_topmost(world: World) -> None:
    with unit_of_work():
        top = db.session.scalars(select(Institution).where(Institution.code == "KE1")).one()
        db.session.add(Institution(code="KE1-SUB", name="A faculty", kind="other", country="KE", parent_id=top.id, created_at=BEGAN))
    keep({"institution_code": "KE1-SUB", "participants": 7, "overlap": "disjoint"})
    assert ends(figures(institution="KE1")["students_taught"]) == (10, 10)
    assert ends(figures(institution="KE1-SUB")["students_taught"]) == (7, 7)
    assert ends(figures()["universities_teaching"]) == (1, 1)


def test_the_second_worked_example(world: World) -> None:
    """docs/reach.md: teaching on paper at a university that also teaches on the platform."""
    code = db.session.get_one(CourseClass, world.classes["ke"]).code
    keep(
        {"record_id": "A", "institution_code": "KE1", "participants": 25, "overlap": "same-as-class", "overlap_with": code},
        {"record_id": "B", "institution_code": "KE1", "participants": 40, "overlap": "disjoint", "qualifier": "more-than"},
        {"record_id": "C", "institution_code": "KE1", "participants": 30},
    )
    found = figures(institution="KE1")["students_taught"]
    assert (*ends(found), found["qualifier"]) == (65, 95, {"lower": "more-than", "upper": "more-than"})


def test_the_third_worked_example(context: Flask) -> None:
    """docs/reach.md: trainings of which nobody knows how they overlap, one of them known to be part of the year's total."""
    training = {"kind": "training", "audience": "law-enforcement"}
    keep(
        {"record_id": "T", "kind": "training", "audience": "criminal-justice-practitioners", "participants": 100},
        {**training, "record_id": "P", "countries": "KE", "participants": 30, "overlap": "within", "overlap_with": "T"},
        {**training, "record_id": "Q", "countries": "UG", "participants": 50},
        {"record_id": "J", "kind": "training", "audience": "judges", "countries": "PE", "participants": 60},
    )
    found = figures()["event_participants"]["by_audience"]
    assert {name: ends(each) for name, each in found.items()} == {
        "criminal-justice-practitioners": (140, 210),
        "law-enforcement": (80, 80),
        "judges": (60, 60),
    }
