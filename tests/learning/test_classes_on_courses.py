"""A class on a course that is there: taught on its newest edition, by who may change the course and teaches at its institution."""

import csv
import io

import pytest
from sqlalchemy import select

from elearn import clock
from elearn.adaptation import overlays
from elearn.adaptation.models import CourseModule
from elearn.adaptation.queries import newest_edition
from elearn.catalogue.models import Module
from elearn.db import db, unit_of_work
from elearn.learning.gradebook import TOGETHER
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress
from tests.adaptation.test_updates import Professor
from tests.adaptation.upstream import SLUG, TWIN, Upstream
from tests.catalogue.test_fixing_items import KEY
from tests.learning.conftest import Scene


@pytest.fixture
def bruno(scene: Scene) -> Professor:
    return Professor(scene.app, scene.cast)


@pytest.fixture
def page(bruno: Professor) -> str:
    return f"/teach/courses/{bruno.course_id}/new-class"


def classes(scene: Scene) -> int:
    with scene.app.app_context():
        return len(db.session.scalars(select(CourseClass.id)).all())


def test_a_class_is_made_on_the_newest_edition(scene: Scene, bruno: Professor, page: str) -> None:
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, scene.keys[1]))
    newest = bruno.publish()
    assert page in bruno.browser.get(f"/teach/courses/{bruno.course_id}/").links().values()
    form = bruno.browser.get(page).form("")
    made = bruno.browser.submit(page, {**form, "title": "Autumn"})
    assert made.heading == "Autumn"
    with scene.app.app_context():
        course_class = db.session.scalars(select(CourseClass).where(CourseClass.title == "Autumn")).one()
        assert course_class.edition_id == newest == newest_edition(bruno.course_id).id
        assert course_class.timezone == "Africa/Lagos"


@pytest.mark.parametrize("typed", [{"title": ""}, {"ends_on": "2019-01-01"}, {"timezone": "Nowhere/Land"}, {"starts_on": "soon"}])
def test_a_class_that_cannot_be_is_refused(scene: Scene, bruno: Professor, page: str, typed: dict[str, str]) -> None:
    before = classes(scene)
    bruno.browser.post(page, {**bruno.browser.get(page).form(""), **typed}, status=422)
    assert classes(scene) == before


def test_a_course_of_which_nothing_is_published_has_no_classes(scene: Scene, bruno: Professor) -> None:
    own = bruno.make_course("Not yet", [SLUG])
    assert "new-class" not in str(bruno.browser.get(f"/teach/courses/{own}/").links())
    bruno.browser.get(f"/teach/courses/{own}/new-class", 404)
    bruno.browser.get(f"/teach/courses/{own}/quizzes/{SLUG}/items/{KEY}", 404)


def test_who_is_not_of_the_course_makes_no_class_on_it(scene: Scene, page: str) -> None:
    before = classes(scene)
    for name in ("Pia", "Dora", "Ana", "Tito"):
        scene.browser(name).get(page, 404)
        scene.browser(name).post(page, {"title": "Mine"}, status=404)
    assert classes(scene) == before


def test_mending_a_question_at_once_says_that_other_changes_go_with_it(scene: Scene, bruno: Professor) -> None:
    there = f"/teach/courses/{bruno.course_id}/quizzes/{SLUG}/items/{KEY}"
    assert "not published yet" not in bruno.browser.get(there).text
    bruno.save(lambda module: overlays.hidden(module.overlay.changes, scene.keys[1]))
    shown = bruno.browser.get(there)
    assert "published at once, and they with it" in shown.text
    assert f"/teach/courses/{bruno.course_id}/{SLUG}/questions/{KEY}" in shown.links().values()


def test_courses_are_found_from_teaching_and_from_home(bruno: Professor) -> None:
    for page in ("/teach/", "/home"):
        assert bruno.browser.get(page).links().get("Your courses") == "/teach/courses/"


def test_the_quizzes_of_a_course_count_for_what_they_weigh(scene: Scene, bruno: Professor) -> None:
    Upstream(scene.app).add_twin()
    course_id = bruno.make_course("Two modules", [SLUG, TWIN])
    with scene.app.app_context(), unit_of_work():
        module_id = db.session.scalars(select(Module.id).where(Module.slug == TWIN)).one()
        db.session.get_one(CourseModule, (course_id, module_id)).weight = 3
    bruno.publish()
    there = f"/teach/courses/{course_id}/new-class"
    made = bruno.browser.submit(there, {**bruno.browser.get(there).form(""), "title": "Two"}).response.request.path
    with scene.app.app_context(), unit_of_work():
        two = db.session.scalars(select(CourseClass).where(CourseClass.title == "Two")).one()
        class_id, code = two.id, two.join_code
    ana = scene.browser("Ana")
    ana.submit("/join", {"code": code})
    assert "Quizzes together" not in ana.get(f"/classes/{class_id}/").text
    with scene.app.app_context():
        place = db.session.scalars(select(Enrolment.id).where(Enrolment.class_id == class_id, Enrolment.role == "student")).one()
    marks = {SLUG: (6, 10), TWIN: (1, 10)}
    for taken, (slug, (points, most)) in enumerate(marks.items(), start=1):
        with scene.app.app_context(), unit_of_work():
            module_id = db.session.scalars(select(Module.id).where(Module.slug == slug)).one()
            kept = {"done": [], "points": points, "max_points": most, "attempts": 1, "changed_at": clock.now()}
            db.session.add(ModuleProgress(enrolment_id=place, module_id=module_id, **kept))
        page = ana.get(f"/classes/{class_id}/").text
        assert ("Quizzes together: 60 %", "Quizzes together: 22 %")[taken - 1] in page
        assert ("which count for 1 of 4" in page) is (taken == 1)
    assert "Quizzes together: 22 %" in bruno.browser.get(f"{made}students/{place}").text
    answer = bruno.browser.get(f"{made}progress.csv").response
    [line] = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert [line[column] for column in TOGETHER] == ["22", "4", "4"]
