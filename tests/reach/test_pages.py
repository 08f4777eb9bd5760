"""The page for everyone, and the coordinator's desk, in a browser."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from elearn.accounts import service as accounts
from elearn.db import db, unit_of_work
from elearn.learning.models import CourseClass, Enrolment
from elearn.reach import public
from elearn.reach.figures import FIGURES
from tests.cast import Cast
from tests.reach.worlds import World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAST_YEAR = datetime(2025, 5, 5, tzinfo=UTC)
THIS_YEAR = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def studied(app: Flask, cast: Cast, students: dict[str, int], at: datetime, start: int = 0) -> None:
    """Have so many students study in the class of each professor."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        world = World()
        for row in db.session.scalars(select(CourseClass)):
            world.classes[row.title.split("'")[0]] = row.id
        for course_class, count in students.items():
            modules = list(db.session.scalars(select(db.metadata.tables["edition_module"].c.module_id).distinct()))
            world.modules = modules
            for number in range(start, start + count):
                who = f"{course_class} student {number} of {at.year}"
                world.enrol(course_class, who, "student", at)
                world.mark(course_class, who, 0, at)


def forget(app: Flask) -> None:
    app.extensions["recent"].clear()


def test_before_anyone_is_reached_the_page_says_so(app: Flask, browse) -> None:
    page = browse().get("/reach")
    assert "Nothing can be shown yet" in page.text
    browse().get("/reach?year=2026", 404)
    browse().get("/reach?year=abc", 404)
    browse().get("/reach?year=99999999999999999999", 404)


def test_a_year_that_is_over_is_shown_rounded_by_place_and_module_with_definitions(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 23, "Dora": 14}, LAST_YEAR)
    page = browse().get("/reach?year=2025")
    assert "35 or more" in page.text
    assert "37" not in page.text
    assert "Africa" in page.text
    assert "Lagoon University" in page.text
    for name in ("students_taught", "universities_teaching", "countries", "regions", "modules_taught"):
        assert str(FIGURES[name].definition) in page.text
    assert "imply no opinion" in page.text
    assert len(page.all("figure", class_="chart")) == 3


def test_a_small_university_is_not_listed_and_takes_another_with_it(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 23, "Dora": 3}, LAST_YEAR)
    page = browse().get("/reach?year=2025")
    assert "25 or more" in page.text
    assert "Lagoon" not in page.text
    assert "Africa" not in page.text
    assert "Rímac" not in page.text


def test_of_the_running_year_only_the_months_that_are_over_and_the_world_are_shown(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 23, "Dora": 14}, THIS_YEAR)
    studied(app, cast, {"Bruno": 10}, NOW, start=50)
    page = browse().get("/reach")
    assert "35 or more" in page.text
    assert "45" not in page.text
    assert "2026 so far" in page.text
    assert "Lagoon" not in page.text
    assert not page.all("figure", class_="chart")
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
        forget(app)
        assert "45 or more" in browse().get("/reach").text


def test_a_demonstration_shows_its_running_year_whole(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 23, "Dora": 14}, THIS_YEAR)
    studied(app, cast, {"Bruno": 10}, NOW, start=50)
    with app.app_context(), unit_of_work():
        accounts.mark_as_demonstration()
    forget(app)
    page = browse().get("/reach")
    assert "45 or more" in page.text
    assert "Lagoon University" in page.text
    assert "Demonstration data" in page.text


def test_a_warm_page_asks_the_database_nothing(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 23}, LAST_YEAR)
    app.config["MEASURE"] = True
    browser = browse()
    browser.get("/reach?year=2025")
    assert browser.get("/reach?year=2025").response.headers["Server-Timing"] == 'sql;desc="0"'


def test_the_front_page_says_whom_the_series_reached(app: Flask, cast: Cast, browse) -> None:
    assert "Students taught" not in browse().get("/").text
    studied(app, cast, {"Bruno": 23, "Dora": 14}, LAST_YEAR)
    forget(app)
    page = browse().get("/")
    assert "Reached in 2025" in page.text
    assert "35 or more" in page.text
    with app.test_request_context():
        assert public.headline("en") == public.Headline(2025, False, 35, None, 2, 2, 2)


PERIOD = "from=2025-01-01&to=2025-12-31"


def test_a_coordinator_sees_the_true_figures_of_their_own_institution_alone(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 3, "Dora": 2}, LAST_YEAR)
    carla = browse(cast.carla)
    page = carla.get(f"/coordinate/reach?{PERIOD}")
    assert page.heading == "Figures of reach"
    assert "Lagoon University" in page.text
    assert "Rímac" not in page.text
    assert stat(page, "students-taught") == "3"
    for name in FIGURES:
        assert str(FIGURES[name].definition) in page.text
    carla.get(f"/coordinate/reach?{PERIOD}&institution=LIM", 404)
    carla.get(f"/coordinate/reach?{PERIOD}&institution=NONE", 404)
    carla.get(f"/coordinate/reach?{PERIOD}&country=NG", 404)
    carla.get(f"/coordinate/reach?{PERIOD}&region=002", 404)
    carla.get(f"/coordinate/reach?{PERIOD}&region=001", 404)
    carla.get(f"/coordinate/reach?{PERIOD}&institution=LAG")


def stat(page, key: str) -> str:
    element = next(e for e in page.root.iter("div") if e.get("id") == f"stat-{key}")
    return next("".join(p.itertext()).strip() for p in element.iter("p") if p.get("class") == "stat-value")


def test_a_regional_coordinator_sees_their_region_and_what_lies_in_it(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 3, "Dora": 2}, LAST_YEAR)
    rosa = browse(cast.rosa)
    page = rosa.get(f"/coordinate/reach?{PERIOD}")
    assert stat(page, "students-taught") == "3"
    for inside in ("region=002", "region=011", "country=NG", "institution=LAG"):
        assert stat(rosa.get(f"/coordinate/reach?{PERIOD}&{inside}"), "students-taught") == "3"
    for outside in ("region=001", "region=019", "country=PE", "institution=LIM"):
        rosa.get(f"/coordinate/reach?{PERIOD}&{outside}", 404)


def test_the_programme_sees_everything_and_a_professor_nothing(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 3, "Dora": 2}, LAST_YEAR)
    root = browse(cast.root)
    page = root.get(f"/coordinate/reach?{PERIOD}")
    assert stat(page, "students-taught") == "5"
    assert "Lagoon University" in page.text
    assert "Rímac" in page.text
    root.get(page.links()["Africa"])
    browse(cast.bruno).get("/coordinate/reach", 403)
    assert "/sign-in" in browse().get("/coordinate/reach", 302).response.headers["Location"]


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("from=yesterday&to=2025-12-31", "from", "year-month-day"),
        ("from=2025-01-01&to=2025-13-01", "to", "year-month-day"),
        ("from=2025-12-01&to=2025-01-31", "to", "ends before it begins"),
        ("from=2025-01-05&to=2025-12-31", "from", "whole months"),
        ("from=2025-01-01&to=2025-12-30", "to", "whole months"),
        ("from=0001-01-01&to=2025-12-31", "from", "between 1990 and 2199"),
        (f"{PERIOD}&country=NG&region=002", "country", "Choose one place"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_at_its_field_with_what_was_typed(cast: Cast, browse, query, field, words) -> None:
    page = browse(cast.root).get(f"/coordinate/reach?{query}", 422)
    control = next(e for e in page.root.iter() if e.get("name") == field and e.tag in {"input", "select"})
    assert control.get("aria-invalid") == "true"
    assert words in page.text
    typed = dict(pair.split("=") for pair in query.split("&"))
    assert page.form("/coordinate/reach")["from"] == typed["from"]


def test_an_unknown_format_is_refused(cast: Cast, browse) -> None:
    assert "csv and json" in browse(cast.root).get("/coordinate/reach?format=pdf", 422).text


def test_the_desk_can_be_taken_home_as_csv_and_json(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 3, "Dora": 2}, LAST_YEAR)
    carla = browse(cast.carla)
    links = carla.get(f"/coordinate/reach?{PERIOD}").links()
    body = carla.get(links["Download as CSV"]).response.get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(body.removeprefix("\ufeff"))))
    assert [row["lower"] for row in rows if row["table"] == "figures" and row["figure"] == "students_taught"] == ["3"]
    found = json.loads(carla.get(links["Download as JSON"]).response.get_data(as_text=True))
    assert found["cut"] == {"kind": "institution", "code": "LAG", "name": "Lagoon University"}
    assert found["figures"]["students_taught"]["upper"] == 3


def test_one_module_may_be_chosen(app: Flask, cast: Cast, browse) -> None:
    studied(app, cast, {"Bruno": 3}, LAST_YEAR)
    root = browse(cast.root)
    options = [option.get("value") or "" for option in root.get("/coordinate/reach").root.iter("option")]
    slug = next(value for value in options if value.startswith("introduction"))
    page = root.get(f"/coordinate/reach?{PERIOD}&module={slug}")
    assert "One module only" in page.text
    assert "Seats" not in page.text


def test_a_coordinator_of_a_faculty_sees_the_faculty_and_not_its_university(app: Flask, cast: Cast, browse) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        faculty = accounts.add_institution(code="LAG-LAW", name="Faculty of Law", kind="university", country="NG", timezone="Africa/Lagos")
        faculty.parent_id = cast.institutions["LAG"]
        accounts.add_membership(cast.ana, accounts.Role.COORDINATOR, institution_id=faculty.id)
    ana = browse(cast.ana)
    assert "Faculty of Law" in ana.get("/coordinate/reach").text
    ana.get("/coordinate/reach?institution=LAG", 404)
    browse(cast.carla).get("/coordinate/reach?institution=LAG-LAW")


def test_what_a_student_does_stands_in_the_coordinators_figure(app: Flask, cast: Cast, browse) -> None:
    carla = browse(cast.carla)
    assert stat(carla.get("/coordinate/reach"), "students-taught") == "0"
    with app.app_context(), app.test_request_context(), unit_of_work():
        world = World(classes={"Bruno": cast.classes["Bruno"]}, people={"Ana": cast.ana})
        world.modules = list(db.session.scalars(select(db.metadata.tables["edition_module"].c.module_id).distinct()))
        assert db.session.scalar(select(Enrolment.id).where(Enrolment.person_id == cast.ana)) is not None
        world.mark("Bruno", "Ana", 0, NOW)
    page = carla.get("/coordinate/reach")
    assert stat(page, "students-taught") == "1"
    # Bruno taught a learner; Gita, who published an edition, is not confirmed.
    assert stat(page, "professors-equipped") == "1"
