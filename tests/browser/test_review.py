"""Reviewing in Chromium: on a small phone, without script, with the keyboard; every page is accessible."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock
from elearn.assessment.models import Attempt
from elearn.assessment.recall_models import ReviewAnswer
from elearn.db import db, unit_of_work
from tests.browser.conftest import Walker

pytestmark = [pytest.mark.browser, pytest.mark.pages]

QUIZ = "/modules/introduction-to-cybercrime/quiz"


def take_wrong(app: Flask, walker: Walker, days_ago: int) -> None:
    """Submit practice in which the questions with a field for text are answered wrong, so many days ago."""
    walker.go(QUIZ).press("Begin to practise")
    for field in walker.page.locator("fieldset.item input[type=text]").all():
        field.fill("987654321")
    walker.press("Submit")
    walker.press("Submit anyway")
    with app.app_context(), unit_of_work():
        db.session.execute(update(Attempt).values(finished_at=clock.now() - timedelta(days=days_ago)))


def given(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(ReviewAnswer)) or 0


@pytest.mark.parametrize("script", [False, True])
def test_a_whole_review_on_a_small_phone(app: Flask, walk, script: bool) -> None:
    student = walk(width=360, script=script).sign_in("Ana")
    student.go("/progress")
    assert "Nothing to show yet" in student.text
    student.go("/review")
    assert "1, 3, 7 and 21 days" in student.text
    student.press("Yes, let them come back")
    assert "Nothing waits so far" in student.text
    take_wrong(app, student, 2)
    student.go("/progress")
    assert "Your best practice" in student.text
    assert re.search(r"\d+ questions wait to be reviewed today", student.text)
    student.go("/home").press("Review", "link")
    due = int(re.search(r"(\d+) questions? to review today", student.text)[1])
    with student.page.expect_navigation():
        student.page.get_by_role("button", name="Answer", exact=True).click()
    # The browser says so of every page that is refused.
    assert ["422" in each for each in student.complaints] == [True]
    student.complaints.clear()
    assert "Answer the question first" in student.look().text
    for number in range(1, due + 1):
        assert student.page.url.rstrip("/").endswith("/review")
        if number % 2:
            student.page.locator("fieldset.item input[type=text]").first.fill("987654322")
            student.press("Answer")
            assert "Not right" in student.text
        else:
            student.press("I do not know")
            assert "You did not know it" in student.text
        assert "This question comes back on" in student.text
        if number < due:
            student.press("Next question", "link")
    assert "That was all for today" in student.text
    assert given(app) == due
    student.go("/review")
    assert "Nothing is due" in student.text
    student.press("Switch reviewing off")
    assert "Switch reviewing on again" in student.text
    student.go("/account/profile")
    assert "Reviewing is off" in student.text


def test_a_question_is_answered_with_the_keyboard_alone(app: Flask, walk) -> None:
    student = walk(width=360).sign_in("Ana")
    student.go("/review").press("Yes, let them come back")
    take_wrong(app, student, 2)
    student.go("/review")
    for _ in range(40):
        student.page.keyboard.press("Tab")
        if student.page.evaluate("document.activeElement.matches('fieldset.item input')"):
            break
    student.page.keyboard.type("987654322")
    with student.page.expect_navigation():
        student.page.keyboard.press("Enter")
    assert "Not right" in student.look().text
    assert given(app) == 1
