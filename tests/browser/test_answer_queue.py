"""Answers that wait on a device: the line is cut, the tab closed, the computer shared. What counts is what the database holds."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, Route
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts.models import SignIn
from elearn.assessment.models import Attempt
from elearn.db import db, unit_of_work
from elearn.learning.models import Enrolment
from tests.browser.conftest import Walker
from tests.browser.quizzing import (
    QUIZ,
    Line,
    begin,
    give,
    go,
    held,
    notices,
    on_device,
    questions,
    rows,
    standing_answers,
    told,
)
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.pages]


def drop(route: Route) -> None:
    route.abort("connectionfailed")


def other_tab(walker: Walker, path: str) -> Walker:
    tab = Walker(walker.page.context.new_page(), walker.site, script=True)
    tab.page.goto(path if path.startswith("http") else walker.site + path)
    return tab


def nothing_waits(page: Page) -> None:
    page.wait_for_function("() => !Object.keys(localStorage).some(name => name.startsWith('waiting/'))", timeout=30_000)


def test_a_quiz_with_the_line_cut_in_the_middle_ends_with_every_answer_on_the_server(app: Flask, walk) -> None:
    student = begin(walk())
    many = questions(student)
    for number in range(many // 2):
        give(student, number)
    told(student, "saved")
    before = standing_answers(app)
    line = Line(student.page).cut()
    for number in range(many // 3, many):
        give(student, number, 1)
    told(student, "failed")
    assert "Answers that wait on this device" in student.page.locator(".save-status").inner_text()
    assert standing_answers(app) == before
    line.mend()
    told(student, "saved")
    assert standing_answers(app) == held(student.page)
    assert len({name.split(".")[0] for name in standing_answers(app)}) == many
    assert not on_device(student.page)


@pytest.mark.parametrize("opened", ["/home", "the attempt"])
def test_a_tab_that_is_closed_without_a_line_loses_nothing(app: Flask, walk, opened: str) -> None:
    student = begin(walk())
    attempt = student.page.url
    context = student.page.context
    # For all pages: what a closing page sends last would slip through a cut of its own.
    context.set_offline(True)
    for number in range(4):
        give(student, number)
    give(student, 0, 1)
    typed = held(student.page)
    told(student, "failed")
    student.page.close()
    assert standing_answers(app) == {}
    context.set_offline(False)
    later = Walker(context.new_page(), student.site, script=True).listen()
    later.page.goto(attempt if opened == "the attempt" else later.site + opened)
    nothing_waits(later.page)
    assert standing_answers(app) == typed
    assert rows(app) == 4
    later.page.goto(attempt)
    assert held(later.page) == typed


def test_what_was_typed_last_is_shown_while_it_waits(app: Flask, walk) -> None:
    student = begin(walk())
    give(student, 0)
    told(student, "saved")
    student.page.context.route("**/answers", drop)
    give(student, 0, 1)
    give(student, 3, 1)
    typed = held(student.page)
    told(student, "failed")
    student.page.on("dialog", lambda dialog: dialog.accept())
    student.page.reload()
    assert held(student.page) == typed
    told(student, "failed")
    assert "wait on this device: 2" in student.page.locator(".save-status").inner_text()
    assert "2 of" in student.page.locator(".progress-words").inner_text()
    student.page.context.unroute("**/answers")
    told(student, "saved")
    assert standing_answers(app) == typed


def test_an_answer_whose_acknowledgement_is_lost_is_sent_again_and_saved_once(app: Flask, walk) -> None:
    student = begin(walk())

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    student.page.context.route("**/answers", lose)
    give(student, 0)
    told(student, "failed")
    assert (rows(app), len(on_device(student.page))) == (1, 1)
    student.page.close()
    student.page.context.unroute("**/answers")
    later = other_tab(student, "/home")
    nothing_waits(later.page)
    assert rows(app) == 1


def test_the_queue_of_one_account_is_neither_seen_nor_sent_by_another(app: Flask, cast: Cast, walk) -> None:
    computer = begin(walk())
    attempt = computer.page.url
    computer.page.context.route("**/answers", drop)
    give(computer, 0)
    give(computer, 3)
    typed = held(computer.page)
    told(computer, "failed")
    waiting = on_device(computer.page)
    with app.app_context(), unit_of_work():
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
    computer.page.on("dialog", lambda dialog: dialog.accept())
    computer.page.goto(computer.site + "/home")
    assert "/sign-in" in computer.page.url
    computer.page.context.unroute("**/answers")
    asked: list[str] = []
    computer.page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/answers") else None)
    computer.complaints.clear()
    computer.sign_in("Emil").go("/home").go("/account")
    computer.page.goto(attempt)
    computer.page.wait_for_timeout(2500)
    assert not asked
    assert "word" not in computer.page.content()
    # An attempt of Emil's own, with a queue of his own.
    computer.page.goto(computer.site + QUIZ)
    go(computer, "Begin to practise")
    assert held(computer.page) == {}
    give(computer, 1)
    assert held(computer.page) != {}
    told(computer, "saved")
    assert notices(computer) == ""
    assert set(asked) == {computer.page.url + "/answers"}
    assert computer.page.url != attempt
    assert standing_answers(app) == held(computer.page)
    go(computer, "Sign out")
    assert on_device(computer.page) == waiting
    assert standing_answers(app, int(attempt.rsplit("/", 1)[1])) == {}
    assert not [each for each in ("ana", "example", str(cast.ana)) if each in waiting[0]["name"].split("/")[1]]
    computer.complaints.clear()
    computer.sign_in("Ana")
    nothing_waits(computer.page)
    assert standing_answers(app, int(attempt.rsplit("/", 1)[1])) == typed


def test_a_page_left_open_by_one_account_sends_nothing_in_the_name_of_the_next(app: Flask, walk) -> None:
    computer = begin(walk())
    attempt = computer.page.url
    with app.app_context(), unit_of_work():
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
    other_tab(computer, "/home").sign_in("Emil")
    give(computer, 0)
    typed = held(computer.page)
    told(computer, "failed")
    assert "Please sign in again" in notices(computer)
    assert standing_answers(app) == {}
    assert len(on_device(computer.page)) == 1
    phone = walk().sign_in("Ana")
    phone.page.goto(attempt)
    assert held(phone.page) == {}
    computer.page.on("dialog", lambda dialog: dialog.accept())
    computer.page.goto(computer.site + "/account")
    go(computer, "Sign out")
    computer.complaints.clear()
    computer.sign_in("Ana")
    nothing_waits(computer.page)
    assert standing_answers(app) == typed


def test_a_page_whose_sign_in_is_over_keeps_what_is_typed_and_says_so(app: Flask, walk) -> None:
    student = begin(walk())
    attempt = student.page.url
    with app.app_context(), unit_of_work():
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
    give(student, 0)
    told(student, "failed")
    assert "Please sign in again" in notices(student)
    give(student, 3)
    typed = held(student.page)
    tab = other_tab(student, "/home").sign_in("Ana")
    nothing_waits(tab.page)
    assert standing_answers(app) == typed
    told(student, "saved")
    assert notices(student) == ""
    assert student.page.url == attempt


def test_signing_in_leads_back_to_the_page_where_answers_wait(app: Flask, walk) -> None:
    student = begin(walk())
    attempt = student.page.url
    with app.app_context(), unit_of_work():
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
    give(student, 0)
    typed = held(student.page)
    student.page.on("dialog", lambda dialog: dialog.accept())
    student.page.locator("#device a", has_text="Sign in").click()
    student.page.get_by_label("E-mail address or sign-in name").fill("ana@example.org")
    student.page.get_by_label("Password").fill("correct horse battery")
    go(student, "Sign in")
    assert student.page.url == attempt
    told(student, "saved")
    assert standing_answers(app) == typed


def leave_unsent(walker: Walker) -> dict[str, list[str]]:
    """Have three answers wait, and be on another page."""
    begin(walker)
    walker.page.context.route("**/answers", drop)
    for number in range(3):
        give(walker, number)
    typed = held(walker.page)
    told(walker, "failed")
    walker.page.on("dialog", lambda dialog: dialog.accept())
    walker.page.goto(walker.site + "/home")
    walker.page.locator("#device", has_text="wait on this device: 3").wait_for()
    return typed


def test_signing_out_names_what_waits_and_erases_it_when_told_to(app: Flask, walk) -> None:
    student = walk(width=360)
    leave_unsent(student)
    student.complaints.clear()
    student.page.locator("summary.menu-button").click()
    student.page.get_by_role("button", name="Sign out", exact=True).click()
    dialog = student.page.get_by_role("dialog")
    dialog.wait_for()
    assert "answers not sent: 3" in dialog.inner_text()
    assert "Introduction to Cybercrime" in dialog.inner_text()
    student.complaints.clear()
    student.look()
    dialog.get_by_role("button", name="Send them first").click()
    dialog.get_by_text("Nothing is erased").wait_for()
    assert len(on_device(student.page)) == 3
    dialog.get_by_role("button", name="Stay signed in").click()
    assert len(on_device(student.page)) == 3
    student.page.get_by_role("button", name="Sign out", exact=True).click()
    with student.page.expect_navigation():
        dialog.get_by_role("button", name="Sign out and erase them").click()
    assert "You are signed out" in student.page.content()
    assert not on_device(student.page)
    student.page.context.unroute("**/answers")
    student.complaints.clear()
    student.sign_in("Ana")
    student.page.wait_for_timeout(1000)
    assert standing_answers(app) == {}


def test_signing_out_sends_first_where_it_can(app: Flask, walk) -> None:
    student = walk()
    typed = leave_unsent(student)
    student.page.get_by_role("button", name="Sign out", exact=True).click()
    dialog = student.page.get_by_role("dialog")
    dialog.wait_for()
    student.page.context.unroute("**/answers")
    with student.page.expect_navigation():
        dialog.get_by_role("button", name="Send them first").click()
    assert "You are signed out" in student.page.content()
    assert standing_answers(app) == typed


def test_signing_out_right_after_an_answer_sends_it_without_asking(app: Flask, walk) -> None:
    student = begin(walk())
    give(student, 0)
    typed = held(student.page)
    go(student, "Sign out")
    assert "You are signed out" in student.page.content()
    assert standing_answers(app) == typed
    assert not on_device(student.page)


def test_signing_out_in_one_tab_closes_the_pages_of_the_others(walk) -> None:
    student = begin(walk())
    tab = other_tab(student, "/home")
    go(tab, "Sign out")
    student.page.wait_for_url(student.site + "/")


def test_two_tabs_without_a_line_both_arrive_and_the_last_word_stands(app: Flask, walk) -> None:
    student = begin(walk())
    tab = other_tab(student, student.page.url)
    student.page.context.set_offline(True)
    give(student, 0)
    give(tab, 1)
    give(tab, 2)
    give(student, 2, 1)
    last = held(student.page)
    first = held(tab.page)
    told(student, "failed")
    told(tab, "failed")
    student.page.context.set_offline(False)
    told(student, "saved")
    told(tab, "saved")
    stood = standing_answers(app)
    assert len({name.split(".")[0] for name in stood}) == 3
    assert last.items() <= stood.items()
    assert all(name in stood for name in first)
    # One each, and both tabs' answers to the question that both answered.
    assert rows(app) == 4


def test_two_tabs_that_send_the_same_queue_at_once_do_no_harm(app: Flask, walk) -> None:
    student = begin(walk())
    student.page.context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    student.page.reload()
    student.page.context.route("**/answers", drop)
    for number in range(4):
        give(student, number)
    typed = held(student.page)
    told(student, "failed")
    student.page.context.unroute("**/answers")
    attempt, token = student.page.url, student.page.locator("[name=csrf_token]").first.input_value()
    waiting = on_device(student.page)
    body = {
        "sender": waiting[0]["name"].split("/")[4],
        "answers": [{"item": w["item"], "response": w["response"], "sequence": int(w["name"].split("/")[3])} for w in waiting],
    }
    replies = student.page.evaluate(
        """([url, token, body]) => Promise.all([1, 2, 3].map(() => fetch(url, { method: "POST", body,
            headers: { "Content-Type": "application/json", "X-CSRFToken": token } }).then(reply => reply.status)))""",
        [attempt + "/answers", token, json.dumps(body)],
    )
    assert replies == [200, 200, 200]
    told(student, "saved")
    assert standing_answers(app) == typed
    assert rows(app) == 4


def plant(page: Page, attempt: object, item: str, response: object, number: int = 1) -> None:
    """Leave an answer in the browser, as an earlier page would have."""
    entry = {"item": item, "response": response, "title": "An old quiz", "question": "Question 7", "words": f"my words: {response}"}
    page.evaluate(
        "([attempt, number, entry]) => localStorage.setItem(`waiting/${document.body.dataset.account}/${attempt}/${number}/old`, entry)",
        [str(attempt), number, json.dumps(entry)],
    )


def refused(walker: Walker) -> str:
    walker.page.locator("#device textarea").first.wait_for()
    assert not on_device(walker.page)
    return notices(walker) + " ".join(box.input_value() for box in walker.page.locator("#device textarea").all())


def test_an_answer_to_an_attempt_submitted_elsewhere_is_shown_to_be_copied(app: Flask, walk) -> None:
    student = begin(walk())
    attempt = student.page.url
    student.page.context.route("**/answers", drop)
    give(student, 0)
    told(student, "failed")
    phone = walk().sign_in("Ana")
    phone.page.goto(attempt)
    go(phone, "Submit")
    go(phone, "Submit anyway")
    student.page.context.unroute("**/answers")
    words = refused(student)
    assert "submitted" in words
    assert "Question 1 of" in words
    assert standing_answers(app) == {}
    # It stays to be copied, on every page, until the person takes it away.
    student.page.goto(student.site + "/home")
    student.complaints.clear()
    student.look()
    assert "submitted" in refused(student)
    student.page.get_by_role("button", name="Remove it from this device").click()
    assert not on_device(student.page, "refused")
    assert notices(student) == ""


def test_what_is_refused_does_not_keep_back_the_rest(app: Flask, walk) -> None:
    student = begin(walk())
    attempt = student.page.url
    number = attempt.rsplit("/", 1)[1]
    student.page.context.route("**/answers", drop)
    give(student, 0)
    typed = held(student.page)
    plant(student.page, number, "no-such-item", "lost words")
    plant(student.page, 999_999, "gone", "gone words", 2)
    student.page.on("dialog", lambda dialog: dialog.accept())
    student.page.context.unroute("**/answers")
    student.page.reload()
    student.page.locator("#device textarea").nth(1).wait_for()
    words = refused(student)
    assert "no question “no-such-item”" in words
    assert "my words: lost words" in words
    assert "my words: gone words" in words
    nothing_waits(student.page)
    assert standing_answers(app) == typed


def test_an_answer_from_somebody_who_left_the_class_is_shown(app: Flask, cast: Cast, walk) -> None:
    student = walk().sign_in("Ana")
    student.page.goto(f"{student.site}/classes/{cast.classes['Bruno']}/introduction-to-cybercrime/quiz")
    go(student, "Begin the quiz")
    student.page.context.route("**/answers", drop)
    give(student, 0)
    told(student, "failed")
    with app.app_context(), unit_of_work():
        db.session.execute(update(Enrolment).where(Enrolment.person_id == cast.ana).values(ended_at=clock.now(), end_reason="left"))
    attempt = student.page.url
    student.page.context.unroute("**/answers")
    assert "no longer in this class" in refused(student)
    # The page of an attempt that can only be read sends, too.
    plant(student.page, attempt.rsplit("/", 1)[1], "another", "more words", 3)
    student.page.goto(attempt)
    student.page.locator("#device textarea").nth(1).wait_for()
    assert "more words" in refused(student)
    assert standing_answers(app) == {}


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_in_trouble_is_asked_again(app: Flask, walk, status: int) -> None:
    student = begin(walk())
    left = [status]

    def trouble(route: Route) -> None:
        if left:
            route.fulfill(status=left.pop(), content_type="application/problem+json", body='{"detail": "busy"}')
        else:
            route.continue_()

    student.page.route("**/answers", trouble)
    give(student, 0)
    told(student, "failed")
    told(student, "saved")
    assert standing_answers(app) == held(student.page)


def test_a_page_that_is_not_ours_is_no_acknowledgement(app: Flask, walk) -> None:
    student = begin(walk())
    left = [200, 403, 404]
    portal = "<html>Please pay for this network</html>"
    student.page.route(
        "**/answers", lambda route: route.fulfill(status=left.pop(), content_type="text/html", body=portal) if left else route.continue_()
    )
    give(student, 0)
    told(student, "failed")
    told(student, "saved")
    assert not left
    assert standing_answers(app) == held(student.page)


def test_a_late_answer_is_said_to_be_late(walk) -> None:
    student = begin(walk())

    def late(route: Route) -> None:
        keys = [each["item"] for each in json.loads(route.request.post_data or "")["answers"]]
        route.fulfill(json={"saved": keys, "sequence": 1, "late": keys})

    student.page.route("**/answers", late)
    give(student, 2)
    student.page.locator("#device", has_text="Late").wait_for()
    assert "Question 3 of" in notices(student)
    assert "not marked" in notices(student)
    assert not on_device(student.page)


PARTS = """<label>First part <select name="answer-pairs.one"><option value=""></option><option value="a">A</option></select></label>
<label>Second part <input name="answer-pairs.two"></label><label>Essay <textarea name="answer-essay"></textarea></label>
<label>How many <input type="number" name="answer-number"></label></form>"""


def test_questions_of_several_parts_are_sent_and_shown_again_part_by_part(walk) -> None:
    student = begin(walk())
    said: list[dict[str, Any]] = []

    def with_parts(route: Route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text().replace("</form>\n</main>", PARTS + "\n</main>").replace("\n</form>\n", PARTS, 1))

    def take(route: Route) -> None:
        said.extend(json.loads(route.request.post_data or "")["answers"])
        route.fulfill(json={"saved": [each["item"] for each in said], "sequence": 9})

    student.page.route(student.page.url, with_parts)
    student.page.reload()
    total = questions(student) + 3
    assert student.page.locator("[name='answer-pairs.one']").count() == 1
    student.page.route("**/answers", drop)
    student.page.get_by_label("First part").select_option("a")
    student.page.get_by_label("Second part").fill("typed")
    student.page.get_by_label("Second part").fill("")
    student.page.get_by_label("Essay").fill("Two lines\nof words")
    student.page.get_by_label("How many").fill("12")
    told(student, "failed")
    student.page.on("dialog", lambda dialog: dialog.accept())
    student.page.reload()
    assert student.page.get_by_label("First part").input_value() == "a"
    assert student.page.get_by_label("Essay").input_value() == "Two lines\nof words"
    # Of the pairs a part is open: they are not answered yet.
    assert f"2 of {total}" in student.page.locator(".progress-words").inner_text()
    student.page.unroute("**/answers")
    student.page.route("**/answers", take)
    told(student, "saved")
    assert {each["item"]: each["response"] for each in said} == {"pairs": {"one": "a"}, "essay": "Two lines\nof words", "number": "12"}
    student.page.get_by_label("First part").select_option("")
    said.clear()
    student.page.wait_for_timeout(1500)
    assert [(each["item"], each["response"]) for each in said] == [("pairs", None)]


WRONG_CLOCK = """const offset = %d; const now = Date.now; Date.now = () => now() + offset;
window.Date = class extends Date { constructor(...given) { given.length ? super(...given) : super(now() + offset); } };"""


def end_in(app: Flask, *, seconds: int) -> None:
    """Have the one attempt there is end so many seconds from now."""
    with app.app_context(), unit_of_work():
        db.session.execute(update(Attempt).values(deadline_at=clock.now() + timedelta(seconds=seconds)))


@pytest.mark.parametrize("years", [-30, 30])
def test_a_wrong_clock_changes_nothing(app: Flask, walk, years: int) -> None:
    student = begin(walk())
    student.page.context.add_init_script(WRONG_CLOCK % (years * 365 * 24 * 3600 * 1000))
    end_in(app, seconds=66)
    student.page.reload()
    shown = student.page.get_by_role("timer")
    assert re.fullmatch(r"Time left: (1:0\d|0:5\d)", shown.inner_text())
    student.page.locator("form#quiz [role=status]", has_text="Minutes left: 1").wait_for(state="attached")
    give(student, 0)
    told(student, "saved")
    assert standing_answers(app) == held(student.page)
    with app.app_context():
        assert db.session.scalars(select(Attempt.finished_at)).one() is None


def test_when_the_time_is_over_all_is_sent_and_handed_in(app: Flask, walk) -> None:
    student = begin(walk())
    end_in(app, seconds=4)
    student.page.reload()
    student.page.context.route("**/answers", drop)
    give(student, 0)
    typed = held(student.page)
    student.page.wait_for_timeout(5000)
    # Out of reach: the page stays, with what was typed.
    assert held(student.page) == typed
    student.page.context.unroute("**/answers")
    with student.page.expect_navigation(timeout=20_000):
        pass
    assert standing_answers(app) == typed


def test_the_back_button_never_shows_an_attempt_that_is_over(app: Flask, walk) -> None:
    student = begin(walk())
    give(student, 0)
    typed = held(student.page)
    go(student, "Submit")
    go(student, "Submit anyway")
    student.page.go_back()
    assert student.page.locator("h1").inner_text().startswith("Result")
    assert standing_answers(app) == typed


def test_a_page_shown_again_as_it_was_left_asks_how_things_are(app: Flask, walk) -> None:
    student = begin(walk())
    student.page.context.route("**/answers", drop)
    give(student, 0)
    typed = held(student.page)
    told(student, "failed")
    student.page.context.unroute("**/answers")
    with student.page.expect_navigation():
        student.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert held(student.page) == typed
    told(student, "saved")
    assert standing_answers(app) == typed


def test_pressing_submit_without_a_line_stays_on_the_page(app: Flask, walk) -> None:
    student = begin(walk())
    attempt = student.page.url
    give(student, 0)
    told(student, "saved")
    line = Line(student.page).cut()
    give(student, 1)
    typed = held(student.page)
    student.page.get_by_role("button", name="Submit", exact=True).click()
    told(student, "failed")
    student.page.wait_for_timeout(500)
    assert student.page.url == attempt
    assert held(student.page) == typed
    line.mend()
    told(student, "saved")
    go(student, "Submit")
    assert standing_answers(app) == typed


def test_where_the_browser_keeps_nothing_answers_are_sent_all_the_same(app: Flask, walk) -> None:
    student = begin(walk())
    student.page.context.add_init_script("Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }")
    student.page.reload()
    student.page.context.route("**/answers", drop)
    give(student, 0)
    give(student, 1)
    told(student, "failed")
    asked: list[str] = []
    student.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    student.page.close(run_before_unload=True)
    student.page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    student.page.context.unroute("**/answers")
    told(student, "saved")
    assert standing_answers(app) == held(student.page)


def test_a_page_of_somebody_with_nothing_waiting_fetches_no_queue(walk) -> None:
    student = walk()
    fetched: list[str] = []
    student.page.on("request", lambda request: fetched.append(request.url) if request.resource_type == "script" else None)
    student.sign_in("Ana").go("/home").go(QUIZ)
    assert {url.rsplit("/", 1)[1] for url in fetched} == {"device.js"}
    reader = walk()
    fetched.clear()
    reader.page.on("request", lambda request: fetched.append(request.url) if request.resource_type == "script" else None)
    reader.go("/").go("/modules/")
    assert not fetched
