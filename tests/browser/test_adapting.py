"""An adapted course takes an update: looked at, one conflict chosen, undone, taken, published; its class loses no progress."""

import re

import pytest
from flask import Flask

from tests.adaptation.test_updates import FIRST, HIDDEN, SLUG, TOUCHED, UNTOUCHED, Professor, publish_next, text
from tests.adaptation.upstream import Upstream
from tests.browser.conftest import Walker
from tests.browser.test_journeys import answer_everything
from tests.cast import Cast

pytestmark = pytest.mark.browser

ALSO = "what-counts-as-cybercrime"


@pytest.mark.parametrize(("width", "script"), [(1280, True), (360, False)])
def test_an_adapted_course_takes_an_update_and_its_class_loses_nothing(app: Flask, walk, cast: Cast, width: int, script: bool) -> None:
    bruno, walker, student = Professor(app, cast), walk(width=width, script=script), walk(width=width, script=script)
    class_id = cast.classes["Bruno"]
    module = f"/teach/courses/{bruno.course_id}/{SLUG}/"
    walker.sign_in("Bruno").go(module)
    adapt(walker, bruno, module)
    publish(walker, bruno)
    move(walker, class_id)

    progress = learn(student, class_id)
    publish_next(Upstream(app))
    walker.go("/home").press("Bruno's class", "link")
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

    publish(walker, bruno)
    move(walker, class_id)
    assert student.go(f"/classes/{class_id}/").text == progress
    touched = student.go(f"/classes/{class_id}/{SLUG}/{TOUCHED}").text
    assert "In Lagos" in touched
    assert "These are careful estimates, and no count" in touched
    assert "No treaty that all states have joined" in student.go(f"/classes/{class_id}/{SLUG}/{ALSO}").text
    assert "The law of Nigeria." in student.go(f"/classes/{class_id}/{SLUG}/c{bruno.course_id}-our-law").text
    assert HIDDEN not in student.page.content()
    assert UNTOUCHED in student.page.content()


def adapt(walker: Walker, bruno: Professor, module: str) -> None:
    """Adapt two sections, hide one, add one, and fill a slot."""
    write(walker, f"{module}sections/{TOUCHED}", FIRST, f"In Lagos, {FIRST.lower()}")
    write(walker, f"{module}sections/{TOUCHED}", "The most widely used estimates", "The estimates that we use")
    write(walker, f"{module}sections/{ALSO}", "No treaty of worldwide reach", "No treaty that all states have joined")
    walker.go(module)
    with walker.page.expect_navigation():
        walker.page.locator(f"#section-{HIDDEN} button", has_text="Hide").click()
    walker.press("Add a section", "link")
    walker.page.get_by_label("Title").fill("Our law")
    walker.press("Add the section")
    write(walker, f"{module}sections/c{bruno.course_id}-our-law", "", "The law of Nigeria.")
    walker.go(module).press("Your country", "link")
    with walker.page.expect_navigation():
        walker.page.locator("[href$='/country/national-law']").click()
    walker.page.get_by_label("Your text").fill("The *Cybercrimes Act* applies.")
    walker.press("Preview")
    assert walker.page.locator(".prose em").inner_text() == "Cybercrimes Act"
    walker.press("Save in the course")


def write(walker: Walker, address: str, before: str, after: str) -> None:
    """Put a passage in the place of another in the editor, and save it into the course."""
    walker.go(address)
    text = walker.page.get_by_label("Text", exact=True)
    typed = text.input_value()
    assert before in typed
    text.fill(typed.replace(before, after, 1) if before else after)
    walker.press("Save into the course")


def learn(student: Walker, class_id: int) -> str:
    """Have a student do a section and the quiz; return what the class's page says of it."""
    student.sign_in("Ana").go(f"/classes/{class_id}/{SLUG}/{TOUCHED}")
    assert "In Lagos" in student.text
    student.press("Done, go on")
    assert "The Cybercrimes Act applies." in student.go(f"/classes/{class_id}/{SLUG}/{ALSO}").text
    student.go(f"/classes/{class_id}/{SLUG}/quiz").press("Begin the quiz")
    answer_everything(student)
    student.press("Submit")
    return student.go(f"/classes/{class_id}/").text


def publish(walker: Walker, bruno: Professor) -> None:
    """Publish the course."""
    walker.go(f"/teach/courses/{bruno.course_id}/")
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name=re.compile("^Publish (the first )?edition")).click()
    walker.look()


def move(walker: Walker, class_id: int) -> None:
    """Move the class to the newest edition, after a look at what that changes."""
    walker.go(f"/teach/classes/{class_id}/edition")
    assert "Whatever students marked as done stays done" in walker.text
    with walker.page.expect_navigation():
        walker.page.get_by_role("button", name=re.compile("^Move the class")).click()
    walker.look()
