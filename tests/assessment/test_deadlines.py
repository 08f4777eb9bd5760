"""Time that is over: attempts are closed with what was saved, what comes late is kept, and a professor may let it count."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock
from elearn.assessment.attempt_access import GRACE
from elearn.assessment.models import Answer, Attempt, LateAcceptance, Mark, QuizSetting
from elearn.assessment.submit_service import close_attempt
from elearn.db import db, unit_of_work
from elearn.jobs.runner import run_due
from elearn.learning.models import ModuleProgress, Result
from tests.assessment.conftest import SLUG, Sitting, class_quiz, right_response, sit, wrong_response
from tests.cast import Cast
from tests.reader import Browser

ZONE = ZoneInfo("Africa/Lagos")


def settings(cast: Cast, what: str = "") -> str:
    return f"/teach/classes/{cast.classes['Bruno']}/quizzes/{SLUG}{what}"


def local(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def set_rules(bruno: Browser, cast: Cast, status: int = 303, **fields: object):
    form = bruno.get(settings(cast)).form(settings(cast))
    return bruno.post(settings(cast), form | fields, status)


@pytest.fixture
def bruno(browse, cast: Cast) -> Browser:
    return browse(cast.bruno)


@pytest.fixture
def timed(app: Flask, browse, bruno: Browser, cast: Cast) -> Sitting:
    """Ana in an attempt that may take half an hour."""
    set_rules(bruno, cast, minutes="30")
    return sit(app, browse(cast.ana), class_quiz(cast))


def test_a_deadline_is_a_moment_that_the_attempt_keeps(timed: Sitting) -> None:
    attempt = timed.attempt()
    assert attempt.deadline_at == attempt.started_at + timedelta(minutes=30)
    page = timed.browser.get(timed.path)
    left = int(page.all("form", id="quiz")[0].get("data-seconds-left"))
    assert 1790 <= left <= 1800
    assert "Answer until" in page.text


def test_the_device_has_no_say_in_it(timed: Sitting, later) -> None:
    """A clock that is wrong, or a form that claims another moment, changes nothing."""
    item = timed.item("single-choice")
    later(minutes=31)
    sent = {"answers": [{"item": item.key, "response": right_response(item), "sequence": 1, "at": "2020-01-01T00:00:00Z"}]}
    assert timed.send_raw(sent, 200)["late"] == [item.key]


def test_what_was_saved_in_time_is_marked_and_what_comes_late_is_kept(app: Flask, timed: Sitting, later) -> None:
    intime, late = timed.items[:2]
    assert timed.send((intime.key, right_response(intime), 1))["late"] == []
    later(minutes=30, seconds=GRACE.total_seconds() + 1)
    answer = timed.send((late.key, right_response(late), 2))
    assert (answer["late"], answer["seconds_left"]) == ([late.key], 0)
    attempt = timed.attempt()
    assert (attempt.finish, attempt.finished_at) == ("closed", attempt.deadline_at)
    assert attempt.points == intime.pinned.points
    with app.app_context():
        assert [row.is_late for row in db.session.scalars(select(Answer).order_by(Answer.id))] == [False, True]
        assert db.session.scalars(select(Result)).one().points == attempt.points
    # Sent again, it is acknowledged again and kept once.
    assert timed.send((late.key, right_response(late), 2))["late"] == [late.key]
    assert timed.rows() == 2


def test_a_few_seconds_on_the_way_are_nobodys_fault(timed: Sitting, later) -> None:
    item = timed.items[0]
    later(minutes=30, seconds=GRACE.total_seconds() - 3)
    assert timed.send((item.key, right_response(item), 1))["late"] == []
    assert timed.attempt().finished_at is None


def test_without_script_the_page_says_that_time_is_over_and_leads_to_the_result(timed: Sitting, later) -> None:
    timed.post(**timed.fields(leaving=3), action="save")
    later(minutes=45)
    page = timed.browser.get(timed.path)
    assert "The time for this attempt is over" in page.text
    assert timed.attempt().finished_at is None, "reading writes nothing"
    result = timed.browser.submit(timed.path, {"action": "submit-anyway"})
    assert result.heading.startswith("Result")
    assert sum("item-blank" in (each.get("class") or "") for each in result.all("fieldset")) == 3


def test_a_form_that_comes_late_keeps_all_that_was_typed(app: Flask, timed: Sitting, later) -> None:
    fields = timed.fields()
    later(minutes=45)
    page = timed.browser.submit(timed.path, fields | {"action": "submit"})
    assert "came after the time was over" in page.text
    with app.app_context():
        rows = db.session.scalars(select(Answer)).all()
        assert len(rows) == len(timed.items)
        assert all(row.is_late for row in rows)
    assert timed.attempt().points == 0


def test_the_house_closes_what_nobody_comes_back_to_and_once(app: Flask, timed: Sitting, later) -> None:
    timed.post(**timed.fields(), action="save")
    with app.app_context(), unit_of_work():
        assert not close_attempt(timed.id), "its time is not over"
    later(hours=1)
    for expected in (True, False):
        with app.app_context(), unit_of_work():
            assert close_attempt(timed.id) is expected
    attempt = timed.attempt()
    assert (attempt.finish, attempt.points) == ("closed", attempt.max_points)
    with app.app_context():
        assert len(db.session.scalars(select(Mark)).all()) == len(timed.items)
        assert len(db.session.scalars(select(Result)).all()) == 1


def test_the_job_that_comes_round_closes_what_is_due(app: Flask, timed: Sitting, later) -> None:
    timed.post(**timed.fields(leaving=1), action="save")
    later(minutes=29)
    with app.app_context():
        run_due()
    assert timed.attempt().finished_at is None
    later(minutes=40)
    with app.app_context():
        run_due()
    assert timed.attempt().finish == "closed"


def test_an_attempt_whose_time_is_over_makes_room_for_the_next(app: Flask, timed: Sitting, later, cast: Cast) -> None:
    later(hours=1)
    again = sit(app, timed.browser, class_quiz(cast))
    assert again.id != timed.id
    assert (timed.attempt().finish, again.attempt().number) == ("closed", 2)


def test_a_professor_sees_what_came_late_and_lets_it_count(app: Flask, timed: Sitting, later, bruno: Browser, cast: Cast) -> None:
    first, second = timed.items[:2]
    later(minutes=45)
    timed.send((first.key, right_response(first), 1), (second.key, right_response(second), 2))
    assert "2 answers came late" in bruno.get(settings(cast)).text
    page = bruno.get(settings(cast, "/late"))
    assert "Ana Example" in page.text
    assert "may have seen them" in page.text
    with app.app_context():
        answers = {row.item_revision_id: row.id for row in db.session.scalars(select(Answer))}
    bruno.post(settings(cast, "/late"), {"answer": str(answers[first.id])})
    attempt = timed.attempt()
    assert attempt.points == first.pinned.points
    with app.app_context():
        assert db.session.scalars(select(LateAcceptance.answer_id)).all() == [answers[first.id]]
        # The result that was replaced stays, and the gradebook says the new one.
        assert [row.points for row in db.session.scalars(select(Result).order_by(Result.id))] == [0, attempt.points]
        assert db.session.scalars(select(ModuleProgress)).one().points == attempt.points
    # A second press finds nothing to accept; the other one still waits.
    bruno.post(settings(cast, "/late"), {"answer": str(answers[first.id])})
    assert timed.attempt().points == attempt.points
    assert "1 answer came late" in bruno.get(settings(cast)).text


def test_a_submitted_attempt_takes_nothing_more(timed: Sitting, later) -> None:
    timed.post(**timed.fields(), action="submit")
    later(hours=1)
    item = timed.items[0]
    assert "submitted" in timed.send((item.key, wrong_response(item), 9), status=409)["detail"]
    # What it holds already is acknowledged again: the first word of it was lost on the way.
    assert timed.send((item.key, right_response(item), 10))["saved"] == [item.key]


def test_before_it_opens_and_after_it_closes_nothing_begins(app: Flask, browse, bruno: Browser, cast: Cast, later) -> None:
    now = clock.now()
    set_rules(bruno, cast, opens_at=local(now + timedelta(hours=2)), closes_at=local(now + timedelta(hours=4)))
    ana = browse(cast.ana)
    assert "This quiz opens on" in ana.get(class_quiz(cast)).text
    assert "This quiz opens on" in ana.post(class_quiz(cast), status=403).text
    later(hours=3)
    sitting = sit(app, ana, class_quiz(cast))
    sitting.post(**sitting.fields(), action="save")
    later(hours=5)
    assert "This quiz closed on" in ana.get(class_quiz(cast)).text
    ana.post(class_quiz(cast), status=403)
    # Begun in time: what was saved is marked.
    assert ana.submit(sitting.path, {"action": "save"}).heading.startswith("Result")


def test_one_student_is_given_more_and_an_open_attempt_has_it_at_once(app: Flask, timed: Sitting, bruno: Browser, cast: Cast) -> None:
    before = timed.attempt().deadline_at
    with app.app_context():
        enrolment = timed.attempt().enrolment_id
    form = {"extension-student": str(enrolment), "extension-more_minutes": "15", "extension-more_attempts": "1"}
    bruno.post(settings(cast, "/extensions"), form)
    assert timed.attempt().deadline_at == before + timedelta(minutes=15)
    page = timed.browser.get(class_quiz(cast))
    assert "4 attempts" in page.text
    assert "45 minutes" in page.text
    # Taking it back takes nothing from the attempt that was promised it.
    bruno.post(settings(cast, "/extensions"), form | {"extension-more_minutes": "0", "extension-more_attempts": "0"})
    assert timed.attempt().deadline_at == before + timedelta(minutes=15)
    bruno.post(settings(cast, "/extensions"), {"extension-student": "999"}, 422)


def test_less_time_for_all_takes_none_from_who_has_begun(timed: Sitting, bruno: Browser, cast: Cast) -> None:
    before = timed.attempt().deadline_at
    set_rules(bruno, cast, minutes="5")
    assert timed.attempt().deadline_at == before
    set_rules(bruno, cast, minutes="60")
    assert timed.attempt().deadline_at == before + timedelta(minutes=30)


def test_two_who_set_the_rules_at_once_see_each_other(browse, bruno: Browser, cast: Cast) -> None:
    form = bruno.get(settings(cast)).form(settings(cast))
    set_rules(bruno, cast, attempts="2")
    page = bruno.post(settings(cast), form | {"attempts": "7"}, 409)
    assert "Two of you changed the settings" in page.text
    assert page.form(settings(cast))["attempts"] == "7"
    bruno.post(settings(cast), page.form(settings(cast)))
    assert "7 attempts" in browse(cast.ana).get(class_quiz(cast)).text


@pytest.mark.parametrize("fields", [{"minutes": "1441"}, {"minutes": "-1"}, {"attempts": "two"}, {"penalty": "101"}, {"opens_at": "soon"}])
def test_rules_that_make_no_sense_are_refused_and_nothing_typed_is_lost(app: Flask, bruno: Browser, cast: Cast, fields) -> None:
    page = set_rules(bruno, cast, 422, **fields)
    assert page.form(settings(cast)) | fields == page.form(settings(cast))
    with app.app_context():
        assert not db.session.scalars(select(QuizSetting)).all()


def test_a_quiz_does_not_close_before_it_opens(bruno: Browser, cast: Cast) -> None:
    page = set_rules(bruno, cast, 422, opens_at="2026-12-02T10:00", closes_at="2026-12-01T10:00")
    assert "close before it opens" in page.text


def test_which_mark_counts_is_chosen_anew_when_the_rule_changes(app: Flask, browse, bruno: Browser, cast: Cast) -> None:
    ana = browse(cast.ana)
    for response in (right_response, wrong_response):
        sitting = sit(app, ana, class_quiz(cast))
        sitting.post(**sitting.fields(response), action="submit")
    with app.app_context():
        most = db.session.scalars(select(Attempt.max_points)).first()
    for grading, share in (("last", 0), ("average", 0.5), ("first", 1), ("best", 1)):
        set_rules(bruno, cast, grading=grading)
        with app.app_context():
            progress = db.session.scalars(select(ModuleProgress)).one()
            assert progress.points == round(most * share), grading
            assert progress.attempts == 2
    set_rules(bruno, cast, grading="average")
    sitting = sit(app, ana, class_quiz(cast))
    sitting.post(**sitting.fields(), action="submit")
    with app.app_context():
        assert db.session.scalars(select(ModuleProgress.points)).one() == (2 * 2 * most + 3) // (2 * 3)


@pytest.mark.parametrize(
    ("what", "seen", "hidden"),
    [("marks", "shown later", "Question 1"), ("answers", "Result", "Question 1"), ("key", "Question 1", "Correct answer")],
)
def test_what_is_kept_back_until_closing_is_shown_after_it(
    app: Flask, browse, bruno: Browser, cast: Cast, later, what, seen, hidden
) -> None:
    set_rules(bruno, cast, closes_at=local(clock.now() + timedelta(hours=2)), **{f"show_{what}": "closed"})
    sitting = sit(app, browse(cast.ana), class_quiz(cast))
    page = sitting.browser.submit(sitting.path, sitting.fields(wrong_response) | {"action": "submit"})
    feedback = next(iter(sitting.item("single-choice").pinned.definition["wording"]["en"]["choices"].values()))["feedback"][:40]
    assert seen in page.text
    assert feedback not in page.text
    assert hidden not in page.text
    later(hours=3)
    assert feedback in sitting.browser.get(sitting.path).text


def test_a_class_that_ends_leaves_an_attempt_without_deadline_as_it_was(app: Flask, browse, cast: Cast) -> None:
    sitting = sit(app, browse(cast.ana), class_quiz(cast))
    with app.app_context(), unit_of_work():
        db.session.execute(update(Attempt).values(deadline_at=None))
        assert not close_attempt(sitting.id)
