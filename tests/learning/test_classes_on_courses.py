"""A class on a course that is there: taught on its newest edition, by who may change the course and teaches at its institution."""

import pytest
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.queries import newest_edition
from elearn.db import db
from elearn.learning.models import CourseClass
from tests.adaptation.test_updates import Professor
from tests.adaptation.upstream import SLUG
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
