"""The example of docs/reach.md, played."""

from datetime import UTC, date, datetime

from flask import Flask

from elearn.db import unit_of_work
from elearn.reach import queries
from elearn.reach.periods import EVER, month_of, year_of
from elearn.reach.report import Report, report_on
from tests.reach.worlds import World


def test_the_worked_example_comes_out_as_written(empty_app: Flask) -> None:
    with empty_app.app_context(), empty_app.test_request_context():
        with unit_of_work():
            play(World())

        def figures(period, **codes: str) -> dict[str, int]:
            return {name: interval.lower for name, interval in report(period, **codes).figures.items()}

        def report(period, **codes: str) -> Report:
            return report_on(period, queries.named_cut("en", **codes), "en")

        year = year_of(date(2026, 1, 1))
        whole = figures(year)
        assert whole["students_taught"] == 1
        assert whole["seats"] == 3
        assert whole["modules_taught"] == 2
        assert [line.figures["students_taught"].lower for line in report(year).by_module] == [1, 1]
        assert whole["professors_equipped"] == 2
        assert whole["universities_teaching"] == 1
        faculty = figures(year, institution="KE1-LAW")
        assert (faculty["students_taught"], faculty["universities_teaching"]) == (1, 1)
        january = figures(month_of(date(2027, 1, 1)))
        assert (january["learners"], january["professors_equipped"]) == (1, 1)
        assert figures(EVER)["learners"] == 2


def play(world: World) -> None:
    before = datetime(2025, 6, 1, tzinfo=UTC)
    world.institution("KE1", "KE")
    world.institution("KE1-LAW", "KE", parent="KE1")
    for slug in ("one", "two"):
        world.module(slug)
    world.course_class("A", "KE1", "en", "Maker", before)
    world.course_class("B", "KE1-LAW", "en", "Maker", before)
    world.enrol("A", "Dora", "professor", before)
    world.enrol("B", "Emil", "professor", before)
    third, fourth = datetime(2026, 3, 3, 9, tzinfo=UTC), datetime(2026, 3, 4, 9, tzinfo=UTC)
    world.enrol("A", "Ana", "student", third)
    world.enrol("A", "Ben", "student", third)
    world.mark("A", "Ana", 0, third)
    world.enrol("B", "Ana", "student", fourth)
    world.mark("B", "Ana", 0, fourth)
    world.submit("A", "Ana", 1, datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    midnight = datetime(2027, 1, 1, tzinfo=UTC)
    world.enrol("B", "Cem", "student", midnight)
    world.mark("B", "Cem", 0, midnight)
