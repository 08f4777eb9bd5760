"""Writing a section of a course in Chromium: with script and without, two at once, off the network, with the keyboard."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course
from elearn.adaptation.service import share_course
from elearn.db import db, unit_of_work
from elearn.learning.edition_service import move_classes
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.pages]
# As long as the pages of a walk may take: the first preview starts a process.
expect.set_options(timeout=15_000)

SLUG = "introduction-to-cybercrime"
KEY = "who-is-connected"


@pytest.fixture
def course_id(app: Flask, cast: Cast) -> int:
    """Bruno's course, which Dora may change as well."""
    with app.app_context(), unit_of_work():
        course = db.session.scalars(select(Course).where(Course.created_by_id == cast.bruno)).one()
        share_course(course.id, cast.dora)
        return course.id


@pytest.fixture
def place(course_id: int) -> str:
    return f"/teach/courses/{course_id}/{SLUG}/sections/{KEY}"


def text(page: Page):
    return page.get_by_role("textbox", name="Text", exact=True)


def state(page: Page):
    return page.locator("#state")


def drafts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(SectionDraft.text).where(SectionDraft.is_open)))


def publish(app: Flask, cast: Cast, course_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        edition = publish_edition(db.session.get_one(Course, course_id), person_id=cast.bruno)
        assert move_classes(cast.bruno, course_id, [cast.classes["Bruno"]], edition.id) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_a_section_is_written_saved_and_read_by_a_student(app: Flask, cast: Cast, walk, course_id: int, place: str, width: int) -> None:
    bruno = walk(width=width).sign_in("Bruno").go(place)
    page = bruno.page
    expect(page.locator("#preview")).to_contain_text("Crime follows daily life")
    text(page).fill("In Lagos, **this** is so [@nobody].\n")
    expect(page.locator("#preview")).to_contain_text("In Lagos, this is so")
    assert page.locator("#preview strong").inner_text() == "this"
    expect(page.locator("#count")).to_have_text("1 fault.")
    expect(state(page)).to_contain_text("Saved as a draft at")
    assert drafts(app) == ["In Lagos, **this** is so [@nobody].\n"]
    bruno.look()
    # A preview that is asked for holds up no draft.
    text(page).fill("More [@nobody].\n")
    page.get_by_role("button", name="Preview", exact=True).click()
    expect(page.locator("#preview")).to_contain_text("More")
    expect(state(page)).to_contain_text("Saved as a draft at")
    assert drafts(app) == ["More [@nobody].\n"]
    text(page).fill("In Lagos, **this** is so [@nobody].\n")
    expect(state(page)).to_have_text("Not saved yet.")
    expect(state(page)).to_contain_text("Saved as a draft at")
    page.reload()
    expect(text(page)).to_have_value("In Lagos, **this** is so [@nobody].\n")
    text(page).fill("In Lagos, **this** is so.\n\n## And why\n\nBecause.\n")
    expect(page.locator("#count")).to_have_text("No faults.")
    bruno.press("Save into the course")
    assert "Saved into the course" in bruno.page.locator("body").inner_text()
    assert not drafts(app)
    publish(app, cast, course_id)
    ana = walk(width=360).sign_in("Ana").go(f"/classes/{cast.classes['Bruno']}/{SLUG}/{KEY}")
    assert "In Lagos, this is so." in ana.text


def test_the_same_without_script(app: Flask, cast: Cast, walk, course_id: int, place: str) -> None:
    bruno = walk(width=360, script=False).sign_in("Bruno").go(place)
    page = bruno.page
    assert not page.get_by_role("button", name="Bold").count()
    text(page).fill("In Lagos, **this** is so [@nobody].\n")
    bruno.press("Preview")
    assert page.locator("#preview strong").inner_text() == "this"
    assert "Line 1:" in page.locator("#faults").inner_text()
    assert text(page).input_value() == "In Lagos, **this** is so [@nobody].\n"
    assert not drafts(app)
    bruno.press("Save draft")
    assert len(drafts(app)) == 1
    page.reload()
    assert text(page).input_value() == "In Lagos, **this** is so [@nobody].\n"
    text(page).fill("In Lagos, **this** is so.\n")
    bruno.press("Save into the course")
    publish(app, cast, course_id)
    ana = walk(script=False).sign_in("Ana").go(f"/classes/{cast.classes['Bruno']}/{SLUG}/{KEY}")
    assert "In Lagos, this is so." in ana.text
    bruno.press("Undo")
    assert text(page).input_value() == "In Lagos, **this** is so.\n"
    assert drafts(app) == ["In Lagos, **this** is so.\n"]


def test_two_editors_at_once_see_both_texts(app: Flask, walk, place: str) -> None:
    bruno, dora = walk().sign_in("Bruno").go(place), walk().sign_in("Dora").go(place)
    end = text(bruno.page).input_value()
    text(dora.page).fill(f"{end}\nDora's end.\n")
    expect(state(dora.page)).to_contain_text("Saved as a draft")
    text(bruno.page).fill(f"Bruno's beginning.\n\n{end}")
    compare = bruno.page.get_by_role("button", name="Compare and choose")
    expect(compare).to_be_visible()
    # What the browser says of every answer that is a refusal.
    assert ["409" in each for each in bruno.complaints] == [True]
    bruno.complaints.clear()
    text(bruno.page).fill(f"Bruno's new beginning.\n\n{end}")
    bruno.page.wait_for_timeout(2000)
    assert drafts(app) == [f"{end}\nDora's end.\n"]
    with bruno.page.expect_navigation():
        compare.click()
    assert ["409" in each for each in bruno.complaints] == [True]
    bruno.complaints.clear()
    bruno.look()
    both = bruno.page.locator("#both-text").input_value()
    assert both.startswith("Bruno's new beginning.")
    assert both.rstrip().endswith("Dora's end.")
    bruno.press("Save this as the draft")
    assert text(bruno.page).input_value().strip() == both.strip()
    dora.go(place)
    assert "Bruno Example wrote in it last" in dora.text


def test_off_the_network_text_waits_in_the_page_and_leaving_is_warned_of(app: Flask, walk, place: str) -> None:
    bruno = walk().sign_in("Bruno").go(place)
    page = bruno.page
    expect(page.locator("#preview")).to_contain_text("Crime follows")
    page.context.set_offline(True)
    text(page).fill("Written on a train.\n")
    expect(state(page)).to_contain_text("there is no connection")
    assert not drafts(app)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.context.set_offline(False)
    expect(state(page)).to_contain_text("Saved as a draft at", timeout=20_000)
    assert drafts(app) == ["Written on a train.\n"]
    page.goto(bruno.site + "/home")
    assert asked == ["beforeunload"]


def test_the_toolbar_inserts_by_keyboard_and_the_browser_takes_it_back(walk, place: str) -> None:
    bruno = walk().sign_in("Bruno").go(place)
    page = bruno.page
    field = text(page)
    field.fill("")
    page.keyboard.type("A word")
    page.keyboard.press("Shift+Control+ArrowLeft")
    page.keyboard.press("Control+b")
    expect(field).to_have_value("A **word**")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("A word")
    page.get_by_role("button", name="Bold", exact=True).focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Discuss", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("Who is at home?")
    assert "::: discuss Who is at home?\n" in field.input_value()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Citation…", exact=True).click()
    page.get_by_label("Find").fill("african union")
    page.keyboard.press("Enter")
    expect(field).to_have_value(re.compile(r"\[@au-2014\]\s*$"))
    page.get_by_role("button", name="Footnote", exact=True).click()
    assert "[^1]: text" in field.input_value()
    expect(page.locator("#count")).to_have_text("No faults.")
    bruno.look()


def test_a_fault_leads_to_its_line(walk, place: str) -> None:
    bruno = walk(width=360).sign_in("Bruno").go(place)
    page = bruno.page
    text(page).fill("Words.\n\n" * 80 + "# Too high\n\n" + "Words.\n\n" * 80)
    page.get_by_role("button", name="Line 161:").click()
    expect(text(page)).to_be_focused()
    chosen = "(({ value, selectionStart, selectionEnd }) => value.slice(selectionStart, selectionEnd))(document.activeElement)"
    assert page.evaluate(chosen) == "# Too high"
    assert page.evaluate("document.activeElement.scrollTop") > 500


def test_a_draft_carried_over_with_script(app: Flask, walk, place: str) -> None:
    bruno, dora = walk().sign_in("Bruno").go(place), walk().sign_in("Dora").go(place)
    end = text(bruno.page).input_value()
    text(dora.page).fill(f"{end}\nDora's end.\n")
    dora.press("Save into the course")
    text(bruno.page).fill(f"Bruno's beginning.\n\n{end}")
    expect(bruno.page.get_by_role("button", name="Compare and choose")).to_be_visible()
    bruno.complaints.clear()
    with bruno.page.expect_navigation():
        bruno.page.get_by_role("button", name="Compare and choose").click()
    bruno.complaints.clear()
    bruno.press("Save this as the draft")
    bruno.press("Save into the course")
    assert text(bruno.page).input_value().startswith("Bruno's beginning.")
    assert text(bruno.page).input_value().rstrip().endswith("Dora's end.")
