"""Taking a quiz from the first press to the result."""

import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.queries import open_attempts_of
from elearn.db import db, dialect, unit_of_work
from elearn.learning.models import Activity, Enrolment, ModuleProgress, Result
from tests.assessment.conftest import PRACTICE, Sitting, class_quiz, count, right_response, sit, wrong_response
from tests.cast import Cast


def test_the_quiz_page_says_its_rules_and_offers_to_begin(browse, cast: Cast) -> None:
    page = browse(cast.ana).get(class_quiz(cast))
    assert "60 per cent" in page.text
    assert "3 attempts; the best one counts" in page.text
    assert "Begin the quiz" in page.text


def test_an_attempt_holds_every_item_and_keeps_its_order(ana: Sitting) -> None:
    order = [item.key for item in ana.items]
    assert [item.key for item in ana.items] == order
    fields = [element.get("name") for element in ana.browser.get(ana.path).all("input", type="hidden")]
    assert [name.removeprefix("seen-") for name in fields if name.startswith("seen-")] == order


def test_true_always_stands_before_false(ana: Sitting) -> None:
    assert {tuple(item.choices) for item in ana.items if item.pinned.type == "true-false"} == {("true", "false")}


def test_a_second_press_finds_the_same_attempt(app: Flask, ana: Sitting, cast: Cast) -> None:
    assert sit(app, ana.browser, class_quiz(cast)).path == ana.path
    assert count(app, Attempt) == 1
    assert "Go on with attempt 1" in ana.browser.get(class_quiz(cast)).text


def test_presses_at_the_same_moment_find_the_same_attempt(app: Flask, browse, cast: Cast) -> None:
    for quiz, person in ((class_quiz(cast), cast.ana), (PRACTICE, cast.emil)):
        browsers = [browse(person) for _ in range(6)]
        tokens = [browser.csrf_token for browser in browsers]
        found: list[str] = []
        gate = threading.Barrier(len(browsers))

        def press(browser, token: str, quiz: str = quiz, found: list[str] = found, gate: threading.Barrier = gate) -> None:
            gate.wait()
            found.append(browser.client.post(quiz, data={"csrf_token": token}).headers.get("Location", "nothing"))

        threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, tokens, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(found)) == 1
        assert found[0].startswith("/attempts/")
    assert count(app, Attempt) == 2


def test_saving_keeps_everything_and_comes_back(ana: Sitting) -> None:
    page = ana.browser.submit(ana.path, ana.fields(leaving=5) | {"action": "save"})
    assert "Your answers are saved." in page.text
    assert f"{len(ana.items) - 5} of {len(ana.items)}" in page.text
    typed = ana.item("short-text")
    if typed in ana.items[5:]:
        assert page.form(ana.path)[typed.field] == right_response(typed)
    assert ana.standing() == {item.key: right_response(item) for item in ana.items[5:]}
    assert ana.attempt().finished_at is None


def test_saving_the_same_page_again_adds_nothing(ana: Sitting) -> None:
    ana.post(**ana.fields(), action="save")
    before = ana.rows()
    ana.post(**ana.fields(), action="save")
    assert ana.rows() == before


def test_a_changed_mind_is_a_new_row(ana: Sitting) -> None:
    item = ana.item("single-choice")
    ana.post(**{item.field: wrong_response(item)}, action="save")
    ana.post(**{item.field: right_response(item)}, action="save")
    assert ana.rows() == 2
    assert ana.standing() == {item.key: right_response(item)}


def test_boxes_can_be_cleared_again(ana: Sitting) -> None:
    item = ana.item("multiple-response")
    ana.post(**{item.field: right_response(item)}, action="save")
    fields = ana.browser.get(ana.path).form(ana.path)
    del fields[item.field]
    ana.post(**fields, action="save")
    assert ana.standing()[item.key] is None


def test_submitting_with_gaps_asks_first_and_loses_nothing(ana: Sitting) -> None:
    page = ana.browser.submit(ana.path, ana.fields(leaving=2) | {"action": "submit"})
    assert "2 questions are not answered" in page.text
    assert "Submit anyway" in page.text
    assert {"#question-1", "#question-2"} <= set(page.links().values())
    assert len(ana.standing()) == len(ana.items) - 2
    assert ana.attempt().finished_at is None
    result = ana.browser.submit(ana.path, page.form(ana.path) | {"action": "submit-anyway"})
    assert result.heading.startswith("Result")
    assert len(result.all("p", class_="verdict-blank")) == 2


def test_all_right_is_everything_and_goes_into_the_gradebook(app: Flask, ana: Sitting, cast: Cast) -> None:
    page = ana.browser.submit(ana.path, ana.fields() | {"action": "submit"})
    assert "100 %" in page.text
    assert "Passed" in page.text
    attempt = ana.attempt()
    assert (attempt.finish, attempt.points) == ("submitted", attempt.max_points)
    with app.app_context():
        result = db.session.scalars(select(Result)).one()
        assert (result.attempt_id, result.points, result.max_points) == (ana.id, attempt.points, attempt.max_points)
        progress = db.session.scalars(select(ModuleProgress)).one()
        assert (progress.attempts, progress.points) == (1, attempt.points)
        assert db.session.scalars(select(Activity.person_id)).all() == [cast.ana]
        marks = db.session.scalars(select(Mark)).all()
        assert len(marks) == len(ana.items)
        answers = {row.id: row.item_revision_id for row in db.session.scalars(select(Answer))}
        assert all(answers[mark.answer_id] == mark.item_revision_id for mark in marks)


def test_all_wrong_says_what_to_read_again(ana: Sitting, cast: Cast) -> None:
    page = ana.browser.submit(ana.path, ana.fields(wrong_response) | {"action": "submit"})
    assert "Not passed yet" in page.text
    assert "Worth reading again" in page.text
    sections = [url for url in page.links().values() if url.startswith(class_quiz(cast).removesuffix("quiz")) and url[-1] != "/"]
    assert len(sections) > 1
    for url in sections[:3]:
        ana.browser.get(url)
    assert "You may take the quiz 2 more times." in page.text


def test_the_result_explains_every_answer(ana: Sitting) -> None:
    page = ana.browser.submit(ana.path, ana.fields(wrong_response) | {"action": "submit"})
    assert page.text.count("How it is marked:") == len(ana.items)
    item = ana.item("single-choice")
    explained = item.explained(wrong_response(item), "en")
    own = page.all("fieldset", id=f"question-{item.number}")[0]
    words = " ".join("".join(own.itertext()).split())
    assert "Your answer" in words
    assert "Not right" in words
    assert "Right answer" in words
    assert len([each for each in own.iter("div") if each.get("class") == "feedback"]) >= len(explained.choices)
    assert "certainly not this" in page.text


def test_a_question_answered_in_part_is_asked_for_again(ana: Sitting) -> None:
    item = ana.item("matching")
    whole = right_response(item)
    part = dict(list(whole.items())[:-1])
    ana.send(*((each.key, part if each.key == item.key else right_response(each)) for each in ana.items))
    page = ana.browser.submit(ana.path, ana.browser.get(ana.path).form(ana.path) | {"action": "submit"})
    assert "1 question is not answered" in page.text
    assert f"Question {item.number} (answered in part)" in " ".join(page.text.split())
    assert ana.attempt().finished_at is None
    ana.send((item.key, whole))
    ana.post(**ana.browser.get(ana.path).form(ana.path), action="submit")
    assert ana.attempt().finished_at is not None


def test_results_by_outcome_stand_in_a_chart_and_its_table(ana: Sitting) -> None:
    page = ana.browser.submit(ana.path, ana.fields(leaving=10) | {"action": "submit-anyway"})
    assert page.all("{http://www.w3.org/2000/svg}svg", class_="chart-svg")
    rows = page.all("table", class_="data")[0].findall(".//tbody/tr")
    assert len(rows) == len({item.pinned.outcome for item in ana.items})


def test_a_second_submit_changes_nothing(app: Flask, ana: Sitting) -> None:
    fields = ana.fields(leaving=1)
    ana.post(**fields, action="submit-anyway")
    before = (ana.rows(), count(app, Mark), count(app, Result), ana.attempt().points)
    page = ana.browser.submit(ana.path, fields | {item.field: wrong_response(item) for item in ana.items} | {"action": "submit"})
    assert "submitted before" in page.text
    assert (ana.rows(), count(app, Mark), count(app, Result), ana.attempt().points) == before


def test_the_best_of_several_attempts_counts_and_then_they_are_used_up(app: Flask, ana: Sitting, cast: Cast) -> None:
    quiz = class_quiz(cast)
    best = None
    for leaving in (5, 1, 20):
        sitting = sit(app, ana.browser, quiz)
        sitting.post(**sitting.fields(leaving=leaving), action="submit-anyway")
        best = max(best or 0, sitting.attempt().points)
    with app.app_context():
        progress = db.session.scalars(select(ModuleProgress)).one()
        assert (progress.attempts, progress.points) == (3, best)
    page = ana.browser.get(quiz)
    assert "You have used all 3 attempts" in page.text
    assert "Begin" not in page.text
    rows = page.all("table", class_="data")[0].findall(".//tbody/tr")
    assert [row.findtext("th/a") for row in rows] == ["Attempt 3", "Attempt 2", "Attempt 1"]
    assert "You have used all 3 attempts" in ana.browser.post(quiz, {}, 409).text
    assert count(app, Attempt) == 3
    assert "Try again" not in ana.browser.get(ana.path).text


def test_moments_are_shown_in_the_zone_of_the_class(app: Flask, ana: Sitting, cast: Cast) -> None:
    ana.post(action="submit-anyway")
    with app.app_context(), unit_of_work():
        db.session.get_one(Attempt, ana.id).finished_at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    text = ana.browser.get(class_quiz(cast)).text.replace("\u202f", " ")
    assert "Submitted (Africa/Lagos)" in text
    assert "Mar 2, 2026, 12:30 AM" in text


def test_an_open_attempt_outlives_leaving_and_joining_again(app: Flask, ana: Sitting, cast: Cast) -> None:
    item = ana.item("single-choice")
    ana.send((item.key, right_response(item)))
    with app.app_context(), unit_of_work():
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
        enrolment.ended_at, enrolment.end_reason = enrolment.enrolled_at, "left"
    assert ana.browser.get(ana.path).form(ana.path)[item.field] == right_response(item)
    assert "no longer in this class" in ana.post(403, **{item.field: wrong_response(item)}, action="save").text
    assert ana.send((item.key, wrong_response(item)), status=403)["detail"]
    ana.browser.post("/join", {"code": cast.codes["Bruno"]})
    assert ana.browser.submit(ana.path, ana.fields() | {"action": "submit"}).heading.startswith("Result")
    assert count(app, Result) == 1


def test_the_statements_stay_few(app: Flask, browse, cast: Cast) -> None:
    """What never changes is read once in a process, and a first act counts in reach: the first attempt does both."""
    warm = sit(app, browse(cast.ana), class_quiz(cast))
    warm.post(**warm.fields(), action="submit")
    warm.browser.get(warm.path)
    client, token = warm.browser.client, warm.browser.csrf_token
    # As in a process that the student has not come to yet in this month.
    del app.extensions["shelves"]["activity"]
    app.config["MEASURE"] = True

    def statements(response: TestResponse) -> int:
        assert response.status_code < 400
        return int(response.headers["Server-Timing"].split('"')[1])

    started = client.post(class_quiz(cast), data={"csrf_token": token})
    sitting = Sitting(app, warm.browser, started.headers["Location"])
    answers = [{"item": item.key, "response": right_response(item), "sequence": n} for n, item in enumerate(sitting.items[:20], 1)]
    saved = client.post(f"{sitting.path}/answers", json={"answers": answers}, headers={"X-CSRFToken": token})
    assert len(sitting.standing()) == 20
    opened = client.get(sitting.path)
    fields = sitting.fields() | {"csrf_token": token}
    client.post(sitting.path, data=fields | {"action": "save"})
    submitted = client.post(sitting.path, data=fields | {"action": "submit"})
    counts = {
        "start": statements(started),
        "save twenty answers": statements(saved),
        "open attempt": statements(opened),
        "submit": statements(submitted),
        "result": statements(client.get(sitting.path)),
        "quiz": statements(client.get(class_quiz(cast))),
    }
    with app.app_context():
        # PostgreSQL locks the seat by a statement of its own.
        start = 4 + (dialect() == "postgresql")
    assert counts == {"start": start, "save twenty answers": 4, "open attempt": 2, "submit": 6, "result": 3, "quiz": 3}


def test_open_attempts_are_told_to_the_front_page(app: Flask, ana: Sitting, cast: Cast) -> None:
    practice = sit(app, ana.browser, PRACTICE)
    with app.app_context():
        found = open_attempts_of(cast.ana)
        assert [(each.id, each.class_title, each.title) for each in found] == [
            (practice.id, None, "Introduction to Cybercrime"),
            (ana.id, "Bruno's class", "Introduction to Cybercrime"),
        ]
    assert ana.path in ana.browser.get("/home").links().values()
