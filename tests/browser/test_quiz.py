"""A quiz in Chromium: what the script adds, and that the pages are sound without it."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Locator, Route
from sqlalchemy import select

from elearn.assessment.models import Answer
from elearn.db import db
from tests.browser.conftest import Walker
from tests.browser.quizzing import QUIZ, begin, go, told

pytestmark = [pytest.mark.browser, pytest.mark.pages]


#: A field in which any words may stand.
WORDS = "fieldset.item:has-text('power of two') input[type=text]"


def tick(walker: Walker, question: int, choice: int = 0) -> str:
    """Choose in the first question with radio buttons from ``question`` on; return the value."""
    control = walker.page.locator("fieldset.item").filter(has=walker.page.locator("input[type=radio]")).nth(question)
    control.locator("label.choice").nth(choice).click()
    return control.locator("input[type=radio]").nth(choice).get_attribute("value") or ""


def saved(app: Flask) -> list[object]:
    with app.app_context():
        return list(db.session.scalars(select(Answer.response).order_by(Answer.sequence)))


def test_answers_are_saved_while_they_are_given(app: Flask, walk) -> None:
    student = begin(walk())
    values = [tick(student, 0), tick(student, 1)]
    told(student, "saved")
    assert saved(app) == values
    assert student.page.locator(".save-status").inner_text() == "Saved"
    assert "2 of" in student.page.locator(".progress-words").inner_text()
    values.append(tick(student, 0, 1))
    told(student, "saved")
    assert saved(app) == values
    student.page.reload()
    assert student.page.locator("input[type=radio]:checked").count() == 2


def test_what_could_not_be_sent_is_sent_when_the_line_is_back(app: Flask, walk) -> None:
    student = begin(walk())
    student.page.context.set_offline(True)
    values = [tick(student, 0), tick(student, 1)]
    told(student, "failed")
    assert "will try again" in student.page.locator(".save-status").inner_text()
    assert saved(app) == []
    student.page.context.set_offline(False)
    told(student, "saved")
    assert saved(app) == values


def test_leaving_with_unsaved_answers_warns(walk) -> None:
    student = begin(walk())
    student.page.context.set_offline(True)
    tick(student, 0)
    told(student, "failed")
    asked: list[str] = []
    student.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    student.page.close(run_before_unload=True)
    student.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]


def test_submitting_at_once_sends_what_the_script_has_not(app: Flask, walk) -> None:
    student = begin(walk())
    value = tick(student, 0)
    go(student, "Submit")
    assert saved(app) == [value]
    go(student, "Submit anyway")
    assert student.page.locator("h1").inner_text().startswith("Result")


def test_submitting_waits_for_what_is_on_its_way(app: Flask, walk) -> None:
    student = begin(walk())
    held: list[Route] = []
    student.page.route("**/answers", lambda route: held.append(route))  # noqa: PLW0108 (playwright asks how many arguments it takes)
    first = tick(student, 0)
    student.page.wait_for_timeout(1200)
    assert held
    second = tick(student, 0, 1)
    student.page.get_by_role("button", name="Submit", exact=True).click()
    student.page.wait_for_timeout(300)
    assert "confirm" not in student.page.url
    with student.page.expect_navigation():
        held[0].continue_()
    assert saved(app) == [first, second]


def test_two_tabs_are_both_heard(app: Flask, walk) -> None:
    student = begin(walk())
    other = student.page.context.new_page()
    other.goto(student.page.url)
    tick(student, 0)
    told(student, "saved")
    tab = Walker(other, student.site, script=True)
    tick(tab, 1)
    go(tab, "Save")
    assert other.locator("input[type=radio]:checked").count() == 2
    assert len(saved(app)) == 2


def test_a_refused_answer_is_said_and_not_sent_again_and_again(walk) -> None:
    student = begin(walk())
    student.page.locator(WORDS).fill("x" * 600)
    told(student, "failed")
    assert "too long" in student.page.locator(".save-status").inner_text()
    assert student.complaints
    student.complaints.clear()
    student.page.wait_for_timeout(2500)
    assert not student.complaints
    student.page.locator(WORDS).fill("short")
    told(student, "saved")


def part(walker: Walker, words: str, number: int) -> Locator:
    """Return the control of a part of the question that says ``words``."""
    return walker.page.locator("fieldset.item").filter(has_text=words).locator("select, input[type=text]").nth(number)


def test_parts_are_saved_while_they_are_given(app: Flask, walk) -> None:
    student = begin(walk(width=360))
    part(student, "Fill the gaps in this note", 0).fill("۱۲۸")
    part(student, "Fill the gaps in this note", 1).select_option("nat")
    part(student, "Match it with the theory", 2).select_option("learning")
    part(student, "from the earliest to the latest", 0).select_option("1")
    told(student, "saved")
    kept = [answer for answer in saved(app) if isinstance(answer, dict)]
    assert {"bits": "۱۲۸", "technique": "nat"} in kept
    assert {"groups": "learning"} in kept
    # Answered in part is not answered.
    assert student.page.locator(".progress-words").inner_text().startswith("0 of")
    part(student, "Match it with the theory", 2).select_option("")
    told(student, "saved")
    student.page.reload()
    assert part(student, "Fill the gaps in this note", 0).input_value() == "۱۲۸"
    assert part(student, "Fill the gaps in this note", 1).input_value() == "nat"
    assert part(student, "Match it with the theory", 2).input_value() == ""
    assert student.page.get_by_label("Gap 1 of 4, in bits", exact=True).input_value() == "۱۲۸"


@pytest.mark.parametrize(("width", "script"), [(320, True), (1280, False)])
def test_every_page_of_a_quiz_is_sound(walk, width: int, script: bool) -> None:
    student = begin(walk(width=width, script=script)).look()
    student.page.locator(WORDS).fill("a word")
    student.page.locator("input[type=checkbox]").first.check()
    part(student, "Fill the gaps in this note", 1).select_option("dns")
    part(student, "from the earliest to the latest", 0).select_option("1")
    tick(student, 0)
    student.press("Save")
    assert "Your answers are saved" in student.page.locator(".flash").inner_text()
    student.press("Submit")
    assert re.search(r"\d+ questions are not answered", student.text)
    student.press("Submit anyway")
    assert "By learning outcome" in student.text
    student.go(QUIZ)
    assert "Your attempts" in student.text
