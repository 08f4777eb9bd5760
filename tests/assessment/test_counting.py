"""Practice and previews are never counted; what is counted is counted once a month."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from elearn.assessment.models import Attempt
from elearn.db import counted_statements, db, unit_of_work
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


def submitted_in_a_fresh_process(app: Flask, sitting: Sitting) -> list[str]:
    """Submit in a process that has learnt of no act yet; return the statements that name the activity table's rows put in."""
    app.extensions["shelves"].pop("activity", None)
    with counted_statements() as ran:
        sitting.post(**sitting.fields(), action="submit")
    return [statement for statement in ran if statement.startswith("INSERT INTO activity")]


def test_a_month_that_is_counted_already_is_not_put_in_again_even_by_a_fresh_process(app: Flask, ana: Sitting, cast: Cast) -> None:
    assert len(submitted_in_a_fresh_process(app, ana)) == 1
    assert count(app, Activity) == 1
    again = sit(app, ana.browser, class_quiz(cast))
    assert submitted_in_a_fresh_process(app, again) == []
    assert count(app, Activity) == 1
    # It is known from now on, also without a look.
    assert list(app.extensions["shelves"]["activity"].known([key_of(app)])) == [key_of(app)]


def key_of(app: Flask) -> tuple[object, ...]:
    with app.app_context():
        row = db.session.scalars(select(Activity)).one()
        return (row.person_id, row.month, row.class_id, row.module_id, row.language)


def test_a_row_of_another_month_or_language_does_not_stand_for_this_one(app: Flask, ana: Sitting, cast: Cast) -> None:
    ana.post(**ana.fields(), action="submit")
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Activity)).one().month = date(2020, 1, 1)
    assert len(submitted_in_a_fresh_process(app, sit(app, ana.browser, class_quiz(cast)))) == 1
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Activity).where(Activity.month != date(2020, 1, 1))).one().language = "fr"
    assert len(submitted_in_a_fresh_process(app, sit(app, ana.browser, class_quiz(cast)))) == 1
    assert count(app, Activity) == 3
