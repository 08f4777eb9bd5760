"""An adapted course takes an update: looked at, one conflict chosen, undone, taken, published; its class loses no progress."""

import pytest
from flask import Flask

from elearn.adaptation.edition_service import publish_edition
from elearn.db import unit_of_work
from elearn.learning.edition_service import move_classes
from tests.adaptation.test_updates import FIRST, HIDDEN, SLUG, TOUCHED, UNTOUCHED, Professor, adapt, publish_next, text
from tests.adaptation.upstream import Upstream
from tests.browser.test_journeys import answer_everything
from tests.cast import Cast

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "script"), [(1280, True), (360, False)])
def test_an_adapted_course_takes_an_update_and_its_class_loses_nothing(app: Flask, walk, cast: Cast, width: int, script: bool) -> None:
    bruno, walker, student = Professor(app, cast), walk(width=width, script=script), walk(width=width, script=script)
    class_id = cast.classes["Bruno"]
    adapt(bruno)
    move(bruno, class_id)
    student.sign_in("Ana").go(f"/classes/{class_id}/{SLUG}/{TOUCHED}")
    assert "In Lagos" in student.text
    student.press("Done, go on")
    student.go(f"/classes/{class_id}/{SLUG}/quiz").press("Begin the quiz")
    answer_everything(student)
    student.press("Submit")
    progress = student.go(f"/classes/{class_id}/").text

    publish_next(Upstream(app))
    walker.sign_in("Bruno").go("/home").press("Bruno's class", "link")
    assert "Better words on who is connected." in walker.text
    walker.press("Look at it and choose: Introduction to Cybercrime", "link")
    assert "1 needs a choice" in walker.text
    page = walker.page
    page.get_by_text("Who is connected, and to what", exact=True).last.click()
    page.get_by_label("My own wording:", exact=True).check()
    page.get_by_label("My own wording", exact=True).fill("In Lagos, crime [@nobody-wrote-this] has always followed daily life.")
    with page.expect_navigation():
        page.get_by_role("button", name="Take the update").click()
    walker.complaints.clear()
    walker.look()
    assert "Line 1" in walker.text
    assert page.get_by_label("My own wording:", exact=True).is_checked(), "what was chosen is kept"
    page.get_by_label("My own wording", exact=True).fill("In Lagos, crime has always followed daily life.")
    walker.press("Take the update")
    assert "All modules are up to date" in walker.text
    walker.press("Undo")
    assert FIRST.lower() in text(bruno.module(), TOUCHED), "undone, it is as it was"
    walker.press("Look at it and choose: Introduction to Cybercrime", "link").press("Take the update")
    assert "All modules are up to date" in walker.text
    assert "careful" not in student.go(f"/classes/{class_id}/{SLUG}/{TOUCHED}").text, "a class moves when its professor says so"

    move(bruno, class_id)
    assert student.go(f"/classes/{class_id}/").text == progress
    touched = student.go(f"/classes/{class_id}/{SLUG}/{TOUCHED}").text
    assert "In Lagos" in touched
    assert "These are careful estimates, and no count" in touched
    assert "The law of Nigeria." in student.go(f"/classes/{class_id}/{SLUG}/c1-our-law").text
    assert HIDDEN not in student.page.content()
    assert UNTOUCHED in student.page.content()


def move(bruno: Professor, class_id: int) -> None:
    """Publish the course, and move its class to that edition."""
    with bruno.inside(), unit_of_work():
        edition_id = publish_edition(bruno.course(), person_id=bruno.id).id
        assert move_classes(bruno.id, bruno.course_id, [class_id], edition_id) == 1
