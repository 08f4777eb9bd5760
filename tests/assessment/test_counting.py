"""Practice and previews are never counted."""

from flask import Flask
from sqlalchemy import select

from elearn.assessment.models import Attempt
from elearn.db import db, unit_of_work
from elearn.learning.models import Activity, Enrolment, ModuleProgress, Result
from tests.assessment.conftest import PRACTICE, Sitting, class_quiz, count, sit
from tests.cast import Cast


def nothing_is_counted(app: Flask) -> bool:
    return not any(count(app, table) for table in (Activity, Result, ModuleProgress))


def test_practice_is_marked_and_explained_and_never_counted(app: Flask, browse, cast: Cast) -> None:
    for who in (cast.ana, cast.gita):
        sitting = sit(app, browse(who), PRACTICE)
        page = sitting.browser.submit(sitting.path, sitting.fields() | {"action": "submit"})
        assert "100 %" in page.text
        assert "Practice, never counted" in page.text
        attempt = sitting.attempt()
        assert (attempt.class_id, attempt.edition_id, attempt.enrolment_id) == (None, None, None)
    assert nothing_is_counted(app)


def test_one_practises_as_often_as_one_likes(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    for _ in range(5):
        sitting = sit(app, browser, PRACTICE)
        page = sitting.browser.submit(sitting.path, {"action": "submit-anyway"})
        assert "Try again" in page.text
    assert count(app, Attempt) == 5
    assert "as many as you like" in browser.get(PRACTICE).text


def test_practice_uses_up_no_attempt_of_the_class(app: Flask, ana: Sitting, cast: Cast) -> None:
    practice = sit(app, ana.browser, PRACTICE)
    assert practice.path != ana.path
    practice.post(action="submit-anyway")
    assert sit(app, ana.browser, class_quiz(cast)).path == ana.path
    assert ana.attempt().number == 1


def test_practice_sends_weak_readers_to_the_series(app: Flask, browse, cast: Cast) -> None:
    sitting = sit(app, browse(cast.edda), PRACTICE)
    page = sitting.browser.submit(sitting.path, {"action": "submit-anyway"})
    sections = [url for url in page.links().values() if url.startswith(PRACTICE.removesuffix("quiz")) and url[-1] != "/"]
    assert sections
    sitting.browser.get(sections[0])


def test_those_who_teach_preview_the_quiz_and_are_never_counted(app: Flask, browse, cast: Cast) -> None:
    browser = browse(cast.bruno)
    assert "A preview" in browser.get(class_quiz(cast)).text
    sitting = sit(app, browser, class_quiz(cast))
    page = sitting.browser.submit(sitting.path, sitting.fields() | {"action": "submit"})
    assert "Preview, never counted" in page.text
    assert page.form(class_quiz(cast))["csrf_token"]
    attempt = sitting.attempt()
    assert (attempt.class_id, attempt.enrolment_id) == (None, None)
    assert attempt.edition_id is not None
    assert nothing_is_counted(app)
    for _ in range(4):
        sit(app, browser, class_quiz(cast)).post(action="submit-anyway")
    assert count(app, Attempt) == 5
    assert sit(app, browser, PRACTICE).attempt().edition_id is None


def test_a_student_who_came_to_teach_finishes_uncounted(app: Flask, ana: Sitting, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one().role = "assistant"
    ana.post(**ana.fields(), action="submit")
    assert ana.attempt().finished_at is not None
    assert nothing_is_counted(app)
