"""The review queue: what was answered wrong comes back, to whoever wants it to, and to nobody else."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from elearn import clock
from elearn.accounts.models import Person
from elearn.adaptation.models import Edition, EditionItem, EditionModule, EditionSection
from elearn.assessment.models import Answer, Attempt, Mark, QuizExtension, QuizSetting
from elearn.assessment.queries import LaidItem
from elearn.assessment.recall import laid
from elearn.assessment.recall_models import ReviewAnswer, ReviewCard
from elearn.assessment.recall_queries import Queue, queue_of
from elearn.assessment.wrong_answer_queries import NEWEST_ATTEMPTS, wrong_answers_of
from elearn.catalogue.models import Item, ItemRevision
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import Activity, CourseClass, Enrolment, ModuleProgress, Result
from tests.assessment.conftest import PRACTICE, SLUG, Sitting, class_quiz, count, fields_of, right_response, sit, wrong_response
from tests.cast import Cast, visitor_of
from tests.reader import Browser, Page

#: A Tuesday at noon.
NOON = datetime(2026, 11, 10, 12, 0, tzinfo=UTC)


@dataclass
class Reviewer:
    """Somebody who takes quizzes and reviews what they got wrong, under a clock that stands until it is put forward."""

    app: Flask
    id: int
    patch: Callable[[datetime], None]
    at: datetime = NOON

    def __post_init__(self) -> None:
        self.patch(self.at)
        self.browser = Browser.of(self.app, self.id)

    def later(self, **by: float) -> None:
        self.at += timedelta(**by)
        self.patch(self.at)
        # A sign-in does not last so long.
        self.browser = Browser.of(self.app, self.id)

    def take(self, quiz: str, *wrong: str, blank: tuple[str, ...] = ()) -> Sitting:
        """Submit an attempt with the questions of these types, or with these keys, answered wrong, and the others right."""
        sitting = sit(self.app, self.browser, quiz)
        fields: dict[str, Any] = dict(self.browser.get(sitting.path).form(sitting.path))
        for item in sitting.items:
            if item.key not in blank:
                response = wrong_response if {item.pinned.type, item.key} & set(wrong) else right_response
                fields |= fields_of(item, response(item))
        sitting.post(**fields, action="submit-anyway")
        return sitting

    def switch(self, wanted: str = "on") -> None:
        self.browser.post("/review/habit", {"wanted": wanted})

    def queue(self) -> Queue:
        with self.app.app_context(), self.app.test_request_context():
            return queue_of(visitor_of(self.id))

    def due(self) -> list[str]:
        return [each.pinned.key for each in self.queue().due]

    def asked(self, page: Page | None = None) -> LaidItem:
        """Return the question that the review page asks."""
        fields = (page or self.browser.get("/review")).form("/review")
        with self.app.app_context(), self.app.test_request_context():
            waiting = queue_of(visitor_of(self.id)).waiting(int(fields["item"]))
            assert waiting is not None
            return laid(waiting.pinned.id, waiting.item_id, waiting.number, waiting.language)

    def form(self, response: Callable[[LaidItem], Any] = right_response) -> dict[str, Any]:
        """Return the fields of the review page, answered."""
        page = self.browser.get("/review")
        item = self.asked(page)
        return page.form("/review") | fields_of(item, response(item)) | {"action": "answer"}

    def recall(self, response: Callable[[LaidItem], Any] = right_response) -> Page:
        """Answer the question that is due, and return the page that says how that was marked."""
        return self.browser.submit("/review", self.form(response))


@pytest.fixture
def reviewer(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Reviewer]:
    return lambda person_id: Reviewer(app, person_id, lambda at: monkeypatch.setattr(clock, "now", lambda: at))


@pytest.fixture
def ana(reviewer, cast: Cast) -> Reviewer:
    """Ana, who wants questions to come back."""
    ana = reviewer(cast.ana)
    ana.switch()
    return ana


def edit(app: Flask, change: Callable[[], None]) -> None:
    with app.app_context(), unit_of_work():
        change()


# Who wants it


def test_it_is_explained_and_asked_the_first_time_and_nothing_comes_back_unasked(reviewer, cast: Cast) -> None:
    ana = reviewer(cast.ana)
    ana.take(class_quiz(cast), "short-text")
    ana.later(days=2)
    page = ana.browser.get("/review")
    assert "after 1, 3, 7 and 21 days" in page.text
    assert "never counts" in page.text
    assert "to review today" not in ana.browser.get("/home").text
    page = ana.browser.submit("/review/habit", page.form("/review/habit"))
    assert "Questions that you answered wrong come back to you from now on." in page.text
    assert "to review today." in page.text


def test_it_is_switched_off_with_a_way_back_and_on_again_in_the_profile(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(class_quiz(cast), "short-text")
    ana.later(days=1)
    page = ana.browser.submit("/review/habit", ana.browser.get("/review").form("/review/habit"))
    assert "Reviewing is switched off" in page.text
    assert "Undo" in page.text
    assert "Switch reviewing on again" in page.text
    assert "to review today" not in ana.browser.get("/home").text
    profile = ana.browser.get("/account/profile")
    assert "Reviewing is off" in profile.text
    page = ana.browser.submit("/review/habit", profile.form("/review/habit"))
    assert page.heading == "Your profile"
    assert "Reviewing is on" in page.text
    assert "to review today" in ana.browser.get("/home").text


def test_a_wish_that_says_neither_is_refused(ana: Reviewer) -> None:
    ana.browser.post("/review/habit", {"wanted": "perhaps"}, 422)
    ana.switch("off")
    ana.browser.post("/review", {"item": "1", "number": "1"}, 409)


# What comes back, and when


@pytest.mark.parametrize("where", ["class", "practice"])
def test_what_was_answered_wrong_is_due_on_the_next_day_and_what_was_right_is_not(ana: Reviewer, cast: Cast, where: str) -> None:
    sitting = ana.take(class_quiz(cast) if where == "class" else PRACTICE, "short-text")
    wrong = {item.key for item in sitting.items if item.pinned.type == "short-text"}
    assert ana.due() == []
    page = ana.browser.get("/review")
    assert "Nothing is due" in page.text
    assert "Wednesday, November 11, 2026" in page.text
    ana.later(days=1)
    assert set(ana.due()) == wrong
    assert f"{len(wrong)} question" in ana.browser.get("/home").text
    assert ana.browser.get("/home").links()["Review"] == "/review"


def test_it_comes_back_after_one_three_seven_and_twenty_one_days_and_is_then_finished(app: Flask, ana: Reviewer, cast: Cast) -> None:
    sitting = ana.take(class_quiz(cast))
    key = sitting.items[0].key
    ana.take(class_quiz(cast), key)
    for pause, following in ((1, "November 14"), (3, "November 21"), (7, "December 12"), (21, "")):
        ana.later(days=pause - 1)
        assert ana.due() == []
        ana.later(days=1)
        assert ana.due() == [key]
        page = ana.recall()
        assert "Right" in page.text
        assert (following or "It does not come back") in page.text
    assert ana.due() == []
    ana.later(days=400)
    assert ana.due() == []
    page = ana.browser.get("/review")
    assert "You have recalled every question" in page.text
    assert "1 question is finished" in page.text
    with app.app_context():
        assert db.session.scalars(select(ReviewCard.finished_at)).one() is not None


def test_a_wrong_recall_and_not_knowing_begin_again(app: Flask, ana: Reviewer, cast: Cast) -> None:
    key = ana.take(class_quiz(cast)).items[0].key
    ana.take(class_quiz(cast), key)
    ana.later(days=1)
    ana.recall()
    ana.later(days=3)
    assert "Not right" in ana.recall(wrong_response).text
    ana.later(days=1)
    assert ana.due() == [key]
    fields = {name: value for name, value in ana.form().items() if not name.startswith("answer-")}
    page = ana.browser.submit("/review", fields | {"action": "pass"})
    assert "You did not know it" in page.text
    assert "November 16" in page.text
    ana.later(days=1)
    assert ana.due() == [key]
    with app.app_context():
        rows = db.session.execute(select(ReviewAnswer.number, ReviewAnswer.response).order_by(ReviewAnswer.id)).all()
    assert [number for number, _ in rows] == [1, 2, 3]
    assert rows[2].response is None


def test_a_wrong_answer_in_a_later_quiz_begins_again_and_a_right_one_moves_nothing(ana: Reviewer, cast: Cast) -> None:
    key = ana.take(PRACTICE).items[0].key
    ana.take(PRACTICE, key)
    ana.later(days=1)
    ana.recall()
    ana.later(hours=1)
    ana.take(PRACTICE)
    ana.later(days=3)
    assert ana.due() == [key]
    ana.recall()
    ana.later(minutes=1)
    ana.take(PRACTICE, key)
    ana.later(days=1)
    assert ana.due() == [key]
    assert "November 18" in ana.recall().text


def test_days_are_the_person_s_own_and_a_question_is_due_from_the_morning_on(app: Flask, ana: Reviewer, cast: Cast) -> None:
    edit(app, lambda: db.session.execute(update(Person).where(Person.id == cast.ana).values(timezone="Pacific/Auckland")))
    # In Auckland it is an hour past midnight, on the eleventh.
    ana.take(PRACTICE, "short-text")
    ana.later(hours=22, minutes=59)
    assert "Nothing is due" in ana.browser.get("/review").text
    assert ana.due() == []
    ana.later(minutes=1)
    assert ana.due()
    assert "to review today" in ana.browser.get("/review").text


def test_what_was_left_blank_or_not_submitted_or_tried_by_the_staff_does_not_come_back(reviewer, ana: Reviewer, cast: Cast) -> None:
    keys = [item.key for item in ana.take(class_quiz(cast)).items]
    ana.take(PRACTICE, keys[1], blank=(keys[0],))
    opened = sit(ana.app, ana.browser, class_quiz(cast))
    opened.send((keys[2], wrong_response(next(item for item in opened.items if item.key == keys[2]))))
    ana.later(days=1)
    assert ana.due() == [keys[1]]
    bruno = reviewer(cast.bruno)
    bruno.switch()
    bruno.take(class_quiz(cast), "short-text")
    bruno.take(PRACTICE, keys[3])
    bruno.later(days=1)
    assert bruno.due() == [keys[3]]


def test_a_mark_that_was_put_right_takes_its_question_out(app: Flask, ana: Reviewer, cast: Cast) -> None:
    keys = [item.key for item in ana.take(PRACTICE).items]
    ana.take(PRACTICE, keys[0], keys[1])
    ana.later(days=1)
    assert set(ana.due()) == set(keys[:2])

    def put_right() -> None:
        wrong = select(Mark).join(ItemRevision, ItemRevision.id == Mark.item_revision_id).join(Item, Item.id == ItemRevision.item_id)
        mark = db.session.scalars(wrong.where(Item.key == keys[0], Mark.points < Mark.max_points)).one()
        again = {name: getattr(mark, name) for name in ("attempt_id", "item_revision_id", "answer_id", "max_points")}
        db.session.add(Mark(**again, points=mark.max_points, at=clock.now(), cause="regrade"))

    edit(app, put_right)
    assert ana.due() == [keys[1]]


def test_where_the_class_keeps_the_key_back_its_questions_wait(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(class_quiz(cast), "short-text")
    ana.later(days=1)
    keys = set(ana.due())
    assert keys

    def keep_back() -> None:
        module_id = db.session.scalars(select(Attempt.module_id).where(Attempt.person_id == cast.ana)).one()
        shown = {"marks": "submitted", "answers": "submitted", "key": "closed"}
        setting = {"closes_at": NOON + timedelta(days=5), "review": shown, "changed_by_id": cast.bruno, "changed_at": NOON}
        db.session.add(QuizSetting(class_id=cast.classes["Bruno"], module_id=module_id, **setting))
        seat = db.session.scalars(select(Enrolment.id).where(Enrolment.person_id == cast.ana)).one()
        more = {"closes_at": NOON + timedelta(days=6), "given_by_id": cast.bruno, "given_at": NOON}
        db.session.add(QuizExtension(enrolment_id=seat, module_id=module_id, **more))

    edit(app, keep_back)
    assert ana.due() == []
    assert "to review today" not in ana.browser.get("/home").text
    fields = {"item": "1", "number": "1", "action": "pass"}
    ana.browser.post("/review", fields, 404)
    ana.later(days=4, hours=1)
    assert ana.due() == [], "Ana was given a day more than the class"
    ana.later(days=1)
    assert set(ana.due()) == keys


def test_a_question_that_is_gone_leaves_and_a_revised_one_is_asked_as_it_is_now(app: Flask, ana: Reviewer, cast: Cast) -> None:
    keys = [item.key for item in ana.take(class_quiz(cast)).items]
    ana.take(class_quiz(cast), keys[0], keys[1])
    ana.later(days=1)

    def move_on() -> None:
        """Put the class on an edition in which the one question is gone and the other one revised."""
        course_class = db.session.get_one(CourseClass, cast.classes["Bruno"])
        old = db.session.get_one(Edition, course_class.edition_id)
        new = Edition(
            **{c.name: getattr(old, c.name) for c in Edition.__table__.columns if c.name not in {"id", "number"}}, number=old.number + 1
        )
        db.session.add(new)
        db.session.flush()
        _copy(old.id, new.id)
        course_class.edition_id = new.id

    def _copy(old_id: int, new_id: int) -> None:
        for model in (EditionModule, EditionSection, EditionItem):
            columns = [c.name for c in model.__table__.columns if c.name not in {"id", "edition_id"}]
            for row in db.session.scalars(select(model).where(model.edition_id == old_id)).all():
                db.session.add(model(edition_id=new_id, **{name: getattr(row, name) for name in columns}))
        db.session.flush()
        revisions = select(Item.key, ItemRevision.id).join(ItemRevision, ItemRevision.item_id == Item.id)
        by_key = dict(db.session.execute(revisions).all())
        db.session.execute(delete(EditionItem).where(EditionItem.edition_id == new_id, EditionItem.item_revision_id == by_key[keys[0]]))
        old = db.session.get_one(ItemRevision, by_key[keys[1]])
        revised = {c.name: getattr(old, c.name) for c in ItemRevision.__table__.columns if c.name not in {"id", "number", "digest"}}
        words = {"en": old.definition["html"]["en"] | {"prompt": "<p>Asked anew?</p>"}}
        revised["definition"] = old.definition | {"html": words}
        new = ItemRevision(**revised, number=old.number + 1, digest="0" * 64)
        db.session.add(new)
        db.session.flush()
        whose = (EditionItem.edition_id == new_id, EditionItem.item_revision_id == old.id)
        db.session.execute(update(EditionItem).where(*whose).values(item_revision_id=new.id))

    edit(app, move_on)
    assert ana.due() == [keys[1]]
    page = ana.browser.get("/review")
    assert "Asked anew?" in page.text
    ana.recall()
    with app.app_context():
        newest = db.session.scalar(select(func.max(ItemRevision.id)))
        assert db.session.scalars(select(ReviewAnswer.item_revision_id)).one() == newest


def test_whoever_has_left_the_class_still_reviews_and_whoever_never_was_in_it_does_not(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(class_quiz(cast), "short-text")
    ana.later(days=1)
    end = update(Enrolment).where(Enrolment.person_id == cast.ana)
    edit(app, lambda: db.session.execute(end.values(ended_at=clock.now(), end_reason="left")))
    page = ana.recall()
    section = next(url for url in page.links().values() if url.startswith(f"/classes/{cast.classes['Bruno']}/{SLUG}/"))
    assert ana.browser.get(section).status == 200
    ana.later(days=3)
    assert ana.due()
    edit(app, lambda: db.session.execute(end.values(end_reason="error")))
    assert ana.due() == []


# Answering


def test_the_answer_is_explained_only_after_it_was_given_with_where_it_is_taught(ana: Reviewer, cast: Cast) -> None:
    ana.take(class_quiz(cast), "single-choice")
    ana.later(days=1)
    before = ana.browser.get("/review").response.get_data(as_text=True)
    item = ana.asked()
    words = item.pinned.definition["html"]["en"]
    told = [words["feedback"], *(choice["feedback"] for choice in words["choices"].values())]
    told = [each for each in told if each]
    assert told
    assert not [each for each in told if each in before]
    assert "choice-right" not in before
    assert "choice-missed" not in before
    page = ana.recall(wrong_response)
    after = page.response.get_data(as_text=True)
    assert [each for each in told if each in after] == told
    assert "choice-missed" in after
    assert "Read it again" in page.text
    base = f"/classes/{cast.classes['Bruno']}/{SLUG}/"
    sections = [url for url in page.links().values() if url.startswith(base)]
    assert sections
    assert all(ana.browser.get(url).status == 200 for url in sections)
    assert page.links()["Next question"] == "/review"


def test_questions_of_every_type_are_asked_marked_and_explained(ana: Reviewer, cast: Cast) -> None:
    items = ana.take(PRACTICE).items
    asked = {item.key: item for item in items}
    ana.take(PRACTICE, *asked)
    ana.later(days=1)
    first = ana.due()
    assert set(first) == set(asked)
    types = {item.pinned.type for item in items}
    assert {"single-choice", "multiple-response", "true-false", "short-text"} <= types
    for number, key in enumerate(first):
        assert ana.asked().key == key
        page = ana.recall(wrong_response if number % 2 else right_response)
        verdict = next(element for element in page.root.iter("span") if "verdict" in element.get("class", ""))
        assert "".join(verdict.itertext()) == ("Not right" if number % 2 else "Right"), key
    assert ana.due() == []
    assert [each.card.step for each in ana.queue().later].count(1) == (len(first) + 1) // 2


def test_choices_keep_their_order_from_the_question_to_its_explanation(ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "single-choice")
    ana.later(days=1)
    page = ana.browser.get("/review")
    again = ana.browser.get("/review")

    def choices(page: Page) -> list[str]:
        return ["".join(span.itertext()) for span in page.root.iter("span") if span.get("class") == "choice-text"]

    assert len(choices(page)) > 1
    assert choices(page) == choices(again) == choices(ana.recall())


def test_an_empty_answer_is_refused_and_a_text_that_is_too_long_is_kept(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "short-text")
    ana.later(days=1)
    fields = ana.browser.get("/review").form("/review")
    page = ana.browser.post("/review", fields | {"action": "answer"}, 422)
    assert "Answer the question first, or say that you do not know." in page.text
    long = "x" * 10_001
    name = next(name for name in fields if name.startswith("answer-"))
    page = ana.browser.post("/review", fields | {name: long}, 422)
    assert page.form("/review")[name] == long
    assert "too long" in page.text
    page = ana.browser.post("/review", fields | {"answer-no-such-question": "x"}, 422)
    assert "no question" in page.text
    assert count(app, ReviewAnswer) == 0
    ana.browser.post("/review", fields | {"item": "²"}, 422)
    ana.browser.post("/review", fields | {"item": "9" * 30}, 422)
    ana.browser.post("/review", {}, 422)


def test_a_second_press_finds_the_first_one_s_answer(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "short-text")
    ana.later(days=1)
    fields = ana.form()
    first = ana.browser.post("/review", fields).response.headers["Location"]
    assert ana.browser.post("/review", fields).response.headers["Location"] == first
    assert count(app, ReviewAnswer) == 1
    # Not due before the fourteenth, whatever number a page makes up.
    ana.browser.post("/review", fields | {"number": "2"}, 409)
    ana.browser.post("/review", fields | {"number": "7"}, 409)


def test_presses_at_the_same_moment_make_one_answer(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "short-text")
    ana.later(days=1)
    fields = ana.form()
    browsers = [Browser.of(app, cast.ana) for _ in range(6)]
    sent = [fields | {"csrf_token": browser.csrf_token} for browser in browsers]
    found: list[str] = []
    gate = threading.Barrier(len(browsers))

    def press(browser: Browser, form: dict[str, Any]) -> None:
        gate.wait()
        found.append(browser.client.post("/review", data=form).headers.get("Location", "nothing"))

    threads = [threading.Thread(target=press, args=pair) for pair in zip(browsers, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert found[0].startswith("/review/")
    assert count(app, ReviewAnswer) == count(app, ReviewCard) == 1


def test_nobody_else_s_questions_are_answered_and_nobody_else_s_answers_read(reviewer, ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "short-text")
    ana.later(days=1)
    fields = ana.form()
    where = ana.browser.post("/review", fields).response.headers["Location"]
    emil = reviewer(cast.emil)
    emil.switch()
    emil.browser.get(where, 404)
    emil.browser.post("/review", fields, 404)
    assert ana.browser.get(where).status == 200


def test_it_counts_nowhere(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(class_quiz(cast), "short-text")
    ana.later(days=1)

    def counted() -> list[Any]:
        with app.app_context():
            rows = [db.session.execute(select(model.__table__)).all() for model in (Mark, Result, ModuleProgress, Activity)]
            return [*rows, count(app, Attempt)]

    before = counted()
    ana.recall()
    ana.recall(wrong_response) if ana.due() else None
    assert counted() == before


# What it costs


def crowd(app: Flask, person_ids: list[int], *, attempts: int, model: Attempt) -> None:
    """Give each person so many more attempts like ``model``, with all its answers and marks."""
    with app.app_context(), unit_of_work():
        like = {c.name: getattr(model, c.name) for c in Attempt.__table__.columns if c.name not in {"id", "person_id", "number"}}
        answers = db.session.execute(select(Answer.__table__).where(Answer.attempt_id == model.id)).mappings().all()
        marks = db.session.execute(select(Mark.__table__).where(Mark.attempt_id == model.id)).mappings().all()
        for person_id in person_ids:
            for number in range(attempts):
                made = Attempt(**like, person_id=person_id, number=number + 100)
                db.session.add(made)
                db.session.flush()
                copies = {
                    row["id"]: Answer(**{k: v for k, v in row.items() if k not in {"id", "attempt_id"}}, attempt_id=made.id)
                    for row in answers
                }
                db.session.add_all(copies.values())
                db.session.flush()
                db.session.add_all(
                    Mark(
                        **{k: v for k, v in row.items() if k not in {"id", "attempt_id", "answer_id"}},
                        attempt_id=made.id,
                        answer_id=copies[row["answer_id"]].id if row["answer_id"] else None,
                    )
                    for row in marks
                )


def statements(browser: Browser, path: str) -> list[str]:
    browser.get(path)
    with counted_statements() as counted:
        browser.get(path)
    return list(counted)


def test_pages_cost_few_statements_however_much_was_answered_and_by_whomever(app: Flask, ana: Reviewer, cast: Cast) -> None:
    sitting = ana.take(PRACTICE, "short-text", "single-choice")
    ana.later(days=1)
    ana.recall()
    answered = ana.recall().response.request.path
    before = {path: len(statements(ana.browser, path)) for path in ("/home", "/review", answered, "/progress")}
    # One says who is asking.
    assert before["/review"] <= 3
    assert before[answered] <= 3
    assert before["/progress"] <= 5
    home = statements(ana.browser, "/home")
    assert len([each for each in home if "review_card" in each]) == 1
    due = ana.due()
    crowd(app, [cast.ana], attempts=1000 // len(sitting.items), model=sitting.attempt())
    crowd(app, [cast.emil, cast.dora], attempts=20, model=sitting.attempt())
    assert {path: len(statements(ana.browser, path)) for path in before} == before
    assert ana.due() == due


def steps(app: Flask, person_id: int) -> int:
    """Return how many tens of steps SQLite takes to read a person's queue: the same work is the same number, on any machine."""
    with app.app_context(), app.test_request_context():
        ticks: list[None] = []
        driver = db.session.connection().connection.dbapi_connection
        driver.set_progress_handler(lambda: ticks.append(None), 10)
        wrong_answers_of(person_id, if_wanted=True)
        driver.set_progress_handler(None, 0)
        return len(ticks)


@pytest.mark.sqlite
def test_what_others_answered_is_not_even_looked_at(app: Flask, ana: Reviewer, cast: Cast) -> None:
    sitting = ana.take(PRACTICE, "short-text")
    alone = steps(app, cast.ana)
    crowd(app, [cast.emil, cast.dora], attempts=30, model=sitting.attempt())
    # A larger index is a little deeper.
    assert steps(app, cast.ana) < alone * 1.1
    crowd(app, [cast.ana], attempts=30, model=sitting.attempt())
    assert alone * 20 < steps(app, cast.ana) < alone * 40
    assert steps(app, cast.bruno) < alone / 10, "who has not switched it on costs next to nothing"


def test_only_the_newest_attempts_are_looked_at(app: Flask, ana: Reviewer, cast: Cast) -> None:
    ana.take(PRACTICE, "short-text")
    right = ana.take(PRACTICE)
    ana.later(days=1)
    assert ana.due()
    crowd(app, [cast.ana], attempts=NEWEST_ATTEMPTS - 1, model=right.attempt())
    assert ana.due() == []


def test_submitting_costs_nothing_for_it(app: Flask, ana: Reviewer, cast: Cast) -> None:
    sitting = sit(app, ana.browser, PRACTICE)
    fields = sitting.fields(wrong_response)
    with counted_statements() as counted:
        sitting.post(**fields, action="submit")
    assert not [each for each in counted if "review_" in each]
