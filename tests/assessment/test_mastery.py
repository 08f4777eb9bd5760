"""Mastery by learning outcome: which attempt speaks, in which words, and that it is the student's own page."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from elearn import clock
from elearn.assessment.mastery import (
    FEWEST_QUESTIONS,
    MASTERED_FROM,
    Level,
    Tried,
    attempts_that_count,
    level_of,
    mastery_by_outcome,
)
from elearn.assessment.mastery_queries import mastery_of
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.assessment.scoring import Total
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import Enrolment
from elearn.learning.progress import GRADINGS, Gained, counting_mark
from tests.assessment.conftest import PRACTICE, SLUG, Sitting, class_quiz, fields_of, right_response, sit, wrong_response
from tests.cast import Cast
from tests.reader import Browser, Page

maxima = st.integers(1, 20)
marks = st.tuples(st.sampled_from(["a", "b", "c"]), st.integers(0, 20), maxima).map(lambda m: (m[0], min(m[1], m[2]), m[2]))
tried = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([None, 1, 2]), st.integers(0, 10), maxima), max_size=12)


@pytest.mark.parametrize(
    ("percent", "questions", "pass_mark", "level"),
    [
        (59, 3, 60, Level.NOT_YET),
        (60, 3, 60, Level.ON_THE_WAY),
        (84, 3, 60, Level.ON_THE_WAY),
        (85, 3, 60, Level.MASTERED),
        (100, 3, 60, Level.MASTERED),
        (100, 2, 60, Level.TOO_FEW),
        (0, 2, 60, Level.TOO_FEW),
        (86, 5, 90, Level.NOT_YET),
        (0, 3, 0, Level.ON_THE_WAY),
    ],
)
def test_the_words_stand_where_the_page_says_they_do(percent: int, questions: int, pass_mark: int, level: Level) -> None:
    assert level_of(Total(percent, 100), questions, pass_mark) == level


@given(st.lists(marks), st.integers(0, 100))
def test_every_mark_is_in_one_outcome_and_no_more(marks: list[tuple[str, int, int]], pass_mark: int) -> None:
    found = mastery_by_outcome(marks, ("c", "a"), pass_mark)
    assert sum(each.questions for each in found) == len(marks)
    assert sum(each.total.points for each in found) == sum(points for _, points, _ in marks)
    assert sum(each.total.max_points for each in found) == sum(maximum for *_, maximum in marks)
    names = [each.outcome for each in found]
    assert [name for name in names if name != "b"] == [name for name in ("c", "a") if name in names]
    for each in found:
        assert (each.level is Level.TOO_FEW) == (each.questions < FEWEST_QUESTIONS)
        assert each.level is not Level.MASTERED or each.total.percent >= max(MASTERED_FROM, pass_mark)
        assert each.is_weak == (each.total.points * 100 < pass_mark * each.total.max_points)


def test_what_brings_no_points_says_nothing_of_an_outcome() -> None:
    assert [mastery.outcome for mastery in mastery_by_outcome([("a", 0, 0), ("b", 1, 1)], ("a", "b"), 60)] == ["b"]


@given(tried, st.sampled_from(GRADINGS))
def test_the_attempt_that_counts_is_the_gradebook_s(rows: list[tuple[int, int | None, int, int]], grading: str) -> None:
    all_ = [
        Tried(number, module, place, min(points, maximum), maximum, grading) for number, (module, place, points, maximum) in enumerate(rows)
    ]
    counting = attempts_that_count(reversed(all_))
    assert {(t[0].module_id, t[0].class_id) for t in counting} == {
        (each.module_id, each.class_id)
        for each in all_
        if each.class_id is not None or not any(other.class_id is not None and other.module_id == each.module_id for other in all_)
    }
    for together in counting:
        there = [each for each in all_ if (each.module_id, each.class_id) == (together[0].module_id, together[0].class_id)]
        if grading == "average":
            assert list(together) == there
        else:
            mark = counting_mark([Gained(each.points, each.max_points) for each in there], grading)
            assert (together[0].points, together[0].max_points) == (mark.points, mark.max_points)


def take(app: Flask, browser: Browser, quiz: str, *outcomes: str) -> Sitting:
    """Submit an attempt with the questions of these outcomes answered wrong, and the others right."""
    sitting = sit(app, browser, quiz)
    answers: dict[str, Any] = {}
    for item in sitting.items:
        answers |= fields_of(item, wrong_response(item) if item.pinned.outcome in outcomes else right_response(item))
    sitting.post(**browser.get(sitting.path).form(sitting.path) | answers, action="submit")
    return sitting


def levels(app: Flask, person_id: int) -> list[dict[str, str]]:
    """Return by module the words that stand for each outcome."""
    with app.app_context(), app.test_request_context():
        return [{line.mastery.outcome: str(line.mastery.level) for line in module.lines or ()} for module in mastery_of(person_id)]


def rows(page: Page) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in page.root.iter("tr")][1:]


def test_who_has_answered_nothing_yet_is_told_where_to_begin(browse, cast: Cast) -> None:
    page = browse(cast.ana).get("/progress")
    assert "Nothing to show yet" in page.text
    assert "It is your turn" in page.text
    assert page.links()["How reviewing works"] == "/review"
    browse(None).get("/progress", 302)


def test_weak_outcomes_are_named_and_lead_to_the_sections_that_teach_them(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    sitting = take(app, ana, class_quiz(cast), "judge-statistics")
    page = ana.get("/progress")
    assert "In the class “Bruno's class”: the attempt that counts, number 1." in page.text
    assert page.links()["See the attempt"] == sitting.path
    by_words = {row[0]: row for row in rows(page)}
    assert {row[1] for row in by_words.values()} == {"mastered", "not yet"}
    weak = [row for row in by_words.values() if row[1] == "not yet"]
    assert len(weak) == 1
    assert weak[0][3:] == ["0", weak[0][4], "0 %"]
    again = [url for words, url in page.links().items() if url.startswith(f"/classes/{cast.classes['Bruno']}/{SLUG}/")]
    assert again
    assert all(ana.get(url).status == 200 for url in again)
    for path in ("/home", f"/classes/{cast.classes['Bruno']}/"):
        assert "/progress" in ana.get(path).links().values()


def test_the_best_attempt_speaks_and_practice_only_where_there_is_none_in_a_class(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    take(app, ana, PRACTICE, "judge-statistics", "explain-basics")
    assert "Your best practice" in ana.get("/progress").text
    assert levels(app, cast.ana)[0]["explain-basics"] == "not-yet"
    take(app, ana, PRACTICE, "judge-statistics")
    assert levels(app, cast.ana)[0]["explain-basics"] == "mastered"
    take(app, ana, class_quiz(cast), "explain-basics")
    found = levels(app, cast.ana)
    assert len(found) == 1
    assert (found[0]["explain-basics"], found[0]["judge-statistics"]) == ("not-yet", "mastered")
    assert "practice" not in ana.get("/progress").text


def setting(app: Flask, cast: Cast, **values: object) -> None:
    with app.app_context(), unit_of_work():
        module_id = db.session.scalars(select(Attempt.module_id)).first()
        whose = {"class_id": cast.classes["Bruno"], "module_id": module_id, "changed_by_id": cast.bruno, "changed_at": clock.now()}
        db.session.merge(QuizSetting(**whose, **values))


def test_the_class_says_which_attempt_counts(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    take(app, ana, class_quiz(cast), "explain-basics", "judge-statistics")
    take(app, ana, class_quiz(cast))
    assert levels(app, cast.ana)[0]["explain-basics"] == "mastered"
    setting(app, cast, grading="first")
    assert levels(app, cast.ana)[0]["explain-basics"] == "not-yet"
    setting(app, cast, grading="average")
    with app.app_context(), app.test_request_context():
        line = next(line for line in mastery_of(cast.ana)[0].lines or () if line.mastery.outcome == "explain-basics")
    assert line.mastery.total.percent == 50
    assert "where the average counts: all your 2 attempts together" in ana.get("/progress").text


def test_marks_that_the_class_does_not_show_yet_are_not_shown_here(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    take(app, ana, class_quiz(cast), "explain-basics")
    closes = clock.now() + timedelta(days=1)
    setting(app, cast, closes_at=closes, review={"marks": "closed", "answers": "closed", "key": "closed"})
    page = ana.get("/progress")
    assert "shows the marks of this quiz later" in page.text
    assert rows(page) == []
    setting(app, cast, closes_at=clock.now() - timedelta(days=1))
    assert rows(ana.get("/progress"))


def test_the_newest_mark_speaks_and_one_that_waits_does_not(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    sitting = take(app, ana, class_quiz(cast), "explain-basics")
    wrong = [item.id for item in sitting.items if item.pinned.outcome == "explain-basics"]
    with app.app_context(), unit_of_work():
        for mark in db.session.scalars(select(Mark).where(Mark.attempt_id == sitting.id, Mark.item_revision_id.in_(wrong))).all():
            again = {name: getattr(mark, name) for name in ("attempt_id", "item_revision_id", "answer_id", "max_points")}
            db.session.add(Mark(**again, points=mark.max_points, at=clock.now(), cause="regrade"))
    assert levels(app, cast.ana)[0]["explain-basics"] == "mastered"
    with app.app_context(), unit_of_work():
        db.session.execute(update(Mark).where(Mark.attempt_id == sitting.id, Mark.item_revision_id == wrong[0]).values(is_pending=True))
    with app.app_context(), app.test_request_context():
        line = next(line for line in mastery_of(cast.ana)[0].lines or () if line.mastery.outcome == "explain-basics")
    assert line.mastery.questions == len(wrong) - 1


def test_a_preview_and_a_class_one_never_was_in_do_not_stand_there(app: Flask, browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    take(app, bruno, class_quiz(cast))
    assert "Nothing to show yet" in bruno.get("/progress").text
    take(app, browse(cast.ana), class_quiz(cast))
    assert len(levels(app, cast.ana)) == 1
    with app.app_context(), unit_of_work():
        ended = {"ended_at": clock.now(), "end_reason": "left"}
        db.session.execute(update(Enrolment).where(Enrolment.person_id == cast.ana).values(**ended))
    assert len(levels(app, cast.ana)) == 1
    with app.app_context(), unit_of_work():
        db.session.execute(update(Enrolment).where(Enrolment.person_id == cast.ana).values(end_reason="error"))
    assert levels(app, cast.ana) == []


def test_what_is_in_the_review_queue_is_told_to_who_wants_it(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    sitting = take(app, ana, class_quiz(cast), "explain-basics")
    wrong = sum(item.pinned.outcome == "explain-basics" for item in sitting.items)
    assert wrong > 1
    assert "on their way back" not in ana.get("/progress").text
    ana.post("/review/habit", {"wanted": "on"})
    page = ana.get("/progress")
    assert "Nothing is due today; the next question comes back on" in page.text
    assert f"{wrong} questions are on their way back" in page.text
    with app.app_context(), unit_of_work():
        db.session.execute(update(Attempt).values(finished_at=clock.now() - timedelta(days=3)))
    assert f"{wrong} questions wait to be reviewed today." in ana.get("/progress").text


def test_it_costs_the_same_however_much_one_did(app: Flask, browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    take(app, ana, PRACTICE, "explain-basics")
    counts = []
    for _ in range(2):
        ana.get("/progress")
        with counted_statements() as counted:
            ana.get("/progress")
        counts.append(len(counted))
        for quiz in (PRACTICE, class_quiz(cast), class_quiz(cast)):
            take(app, ana, quiz, "judge-statistics") if counts and len(counts) == 1 else None
    assert counts[0] == counts[1] <= 5
