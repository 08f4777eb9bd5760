"""Counting what a class's attempts came to, and keeping it fresh."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts import service as accounts
from elearn.accounts.models import Person
from elearn.assessment import statistics_service as service
from elearn.assessment.mark_sums import QuizSums, merged, places_of
from elearn.assessment.marking_service import settle
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.statistics_commands import quiz
from elearn.assessment.statistics_models import QuizStatistics, StatisticsSweep
from elearn.catalogue.models import ItemRevision, Module
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning.models import Enrolment
from tests.assessment.conftest import SLUG, right_response, wrong_response
from tests.assessment.many import add_students, first_right, take
from tests.cast import Cast


def kept(class_id: int) -> QuizSums:
    rows = list(db.session.scalars(select(QuizStatistics).where(QuizStatistics.class_id == class_id)))
    return merged(QuizSums.from_json(row.sums) for row in rows)


@pytest.fixture
def module_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        return db.session.scalars(select(Module.id).where(Module.slug == SLUG)).one()


@pytest.fixture
def class_id(cast: Cast) -> int:
    return cast.classes["Bruno"]


def test_every_student_counts_once_with_the_first_attempt(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        people = add_students(class_id, 3)
        for number, person in enumerate(people):
            take(person, class_id, right_response if number else wrong_response)
        take(people[0], class_id)
        assert service.refresh_statistics(class_id, module_id) == 3
    with app.app_context():
        sums = kept(class_id)
        [row] = db.session.scalars(select(QuizStatistics))
        assert (row.attempts, sums.attempts) == (3, 3)
        for item_id, item in sums.items.items():
            definition = db.session.get_one(ItemRevision, item_id).definition
            assert item.states == {"wrong": 1, "right": 2}
            assert item.attempts == 3
            if definition["type"] in {"single-choice", "true-false"}:
                right = next(choice["id"] for choice in definition["choices"] if choice["correct"])
                assert item.choices[right] == 2
                assert sum(item.choices.values()) == 3
            if definition["type"] == "short-text":
                assert item.choices == {}, "what people typed is not kept"


def test_what_nobody_answered_is_blank_and_counts_as_nothing(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        for person in add_students(class_id, 2):
            take(person, class_id, lambda item: None)
        service.refresh_statistics(class_id, module_id)
    with app.app_context():
        sums = kept(class_id)
        assert sums.totals == {0: 2}
        assert all(item.states == {"blank": 2} for item in sums.items.values())


def test_open_attempts_practice_previews_and_staff_are_not_counted(app: Flask, cast: Cast, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        one, two, three = add_students(class_id, 3)
        take(one, class_id)
        take(two, class_id, submit=False)
        take(three, class_id)
        take(cast.bruno, class_id)
        db.session.scalars(select(Enrolment).where(Enrolment.person_id == three)).one().role = "assistant"
        db.session.flush()
        assert service.refresh_statistics(class_id, module_id) == 1


def test_an_invented_person_counts_in_a_demonstration_only(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        one, two = add_students(class_id, 2)
        take(one, class_id)
        take(two, class_id)
        db.session.get_one(Person, two).is_demonstration = True
        db.session.flush()
        assert service.refresh_statistics(class_id, module_id) == 1
        accounts.mark_as_demonstration()
        db.session.flush()
        assert service.refresh_statistics(class_id, module_id) == 2


def test_an_attempt_that_waits_for_a_mark_is_left_out_and_not_replaced(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        one, two = add_students(class_id, 2)
        waiting = take(one, class_id, wrong_response)
        take(one, class_id)
        take(two, class_id)
        db.session.get_one(Attempt, waiting).pending_count = 1
        db.session.flush()
        assert service.refresh_statistics(class_id, module_id) == 1
        db.session.get_one(Attempt, waiting).pending_count = 0
        db.session.flush()
        assert service.refresh_statistics(class_id, module_id) == 2
        assert 0 in kept(class_id).totals


def test_the_newest_mark_counts(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        attempts = [take(person, class_id, wrong_response) for person in add_students(class_id, 3)]
        service.refresh_statistics(class_id, module_id)
        before = kept(class_id)
        old = db.session.scalars(select(Mark).where(Mark.attempt_id == attempts[0]).order_by(Mark.id)).first()
        db.session.add(
            Mark(
                attempt_id=old.attempt_id,
                item_revision_id=old.item_revision_id,
                answer_id=old.answer_id,
                points=old.max_points,
                max_points=old.max_points,
                at=clock.now(),
                cause="regrade",
            )
        )
        db.session.flush()
        settle(attempts, clock.now())
        service.refresh_statistics(class_id, module_id)
        after = kept(class_id)
        assert after.attempts == before.attempts == 3
        assert after.items[old.item_revision_id].states == {"right": 1, "wrong": 2}
        assert sum(after.totals) > sum(before.totals)
        assert sum(place.x for place in after.places.values()) == after.powers[0]


def test_figures_stay_when_an_account_is_erased(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        for person in add_students(class_id, 2):
            take(person, class_id, wrong_response)
        service.refresh_statistics(class_id, module_id)
        before = kept(class_id)
        typed = select(ItemRevision.id).where(ItemRevision.type == "short-text")
        db.session.get_one(Person, person).erased_at = clock.now()
        own = select(Attempt.id).where(Attempt.person_id == person)
        db.session.execute(update(Answer).where(Answer.attempt_id.in_(own), Answer.item_revision_id.in_(typed)).values(response=None))
        db.session.flush()
        service.refresh_statistics(class_id, module_id)
        assert kept(class_id) == before


def test_classes_add_up_to_what_one_count_would_give(app: Flask, cast: Cast, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        classes = (cast.classes["Bruno"], cast.classes["Dora"])
        for offset, class_id in enumerate(classes):
            for number, person in enumerate(add_students(class_id, 4)):
                take(person, class_id, first_right(number + offset))
        for class_id in classes:
            service.refresh_statistics(class_id, module_id)
        rows = list(db.session.scalars(select(QuizStatistics)))
        assert len({(row.revision_id, row.form) for row in rows}) == 1, "both classes are asked the same quiz"
        together = merged(kept(class_id) for class_id in classes)
        assert together.attempts == 8
        assert sum(item.attempts for item in together.items.values()) == 8 * len(together.items)


# --- keeping fresh ---


def test_a_sweep_counts_what_changed_and_nothing_else(app: Flask, cast: Cast, module_id: int, monkeypatch) -> None:
    first, second = cast.classes["Bruno"], cast.classes["Dora"]
    later = clock.now() + timedelta(hours=1)
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            take(add_students(first, 1)[0], first)
            take(add_students(second, 1)[0], second)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert service.refresh_stale() == 2
        assert service.refresh_stale() == 0
        with unit_of_work():
            take(add_students(second, 1, "Late")[0], second)
        assert service.refresh_stale() == 1
        assert (kept(first).attempts, kept(second).attempts) == (1, 2)


def test_a_sweep_looks_again_at_what_may_have_been_committed_late(app: Flask, class_id: int) -> None:
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            take(add_students(class_id, 1)[0], class_id)
        assert service.refresh_stale() == 1
        assert service.refresh_stale() == 1
        assert db.session.get_one(StatisticsSweep, "marks").mark_id == 0


def test_a_sweep_that_has_too_much_to_do_goes_on_next_time(app: Flask, cast: Cast, monkeypatch) -> None:
    later = clock.now() + timedelta(hours=1)
    with app.app_context(), app.test_request_context():
        with unit_of_work():
            for name in ("Bruno", "Dora"):
                take(add_students(cast.classes[name], 1)[0], cast.classes[name])
        monkeypatch.setattr(clock, "now", lambda: later)
        assert [service.refresh_stale(limit=1) for _ in range(3)] == [1, 1, 0]
        assert [kept(cast.classes[name]).attempts for name in ("Bruno", "Dora")] == [1, 1]


def test_an_older_count_does_not_replace_a_younger_one(app: Flask, class_id: int, module_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        early = clock.now() - timedelta(minutes=1)
        older = service.count_marks(class_id, module_id)
        take(add_students(class_id, 1)[0], class_id)
        service.refresh_statistics(class_id, module_id)
        service.keep(class_id, module_id, older, early)
        assert kept(class_id).attempts == 1


def test_counting_takes_a_handful_of_statements_however_many_attempts(app: Flask, class_id: int, module_id: int) -> None:
    counts = []
    for name in ("One", "Two"):
        with app.app_context(), app.test_request_context(), unit_of_work():
            for person in add_students(class_id, 4, name):
                take(person, class_id)
            with counted_statements() as statements:
                service.refresh_statistics(class_id, module_id)
            counts.append(len(statements))
    assert max(counts) <= 9
    assert counts[1] <= counts[0]


# --- places of drawn quizzes (pure) ---


def test_two_drawn_for_one_tag_fill_two_places() -> None:
    rules = [{"tag": "law", "count": 2}, {"tag": "data", "count": 1}, {"tag": "law", "count": 1}]
    met = [(7, ("law",)), (8, ("data", "law")), (9, ("law",)), (4, ("data",))]
    assert places_of(met, rules) == {7: "law-1", 8: "law-2", 9: "law-3", 4: "data-1"}


def test_every_place_is_filled_once_whatever_the_tags() -> None:
    rules = [{"tag": "law", "count": 1}, {"tag": "data", "count": 1}]
    assert sorted(places_of([(1, ("law", "data")), (2, ("law",))], rules).values()) == ["data-1", "law-1"]
    assert places_of([(1, ("law",)), (2, ("law",))], [])[2] == "2"


# --- the command ---


def test_the_command_counts_what_changed(app: Flask, class_id: int) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        take(add_students(class_id, 1)[0], class_id)
    with app.app_context():
        result = CliRunner().invoke(quiz, ["statistics", "--json"])
        assert json.loads(result.stdout) == {"counted_anew": 0, "quizzes": 0, "attempts": 0, "as_of": None}
        result = CliRunner().invoke(quiz, ["statistics", "--refresh"])
        assert "1 classes' quizzes counted anew; 1 attempts at 1 quizzes are kept" in result.stdout
        result = CliRunner().invoke(quiz, ["statistics", "--all", "--json"])
        assert json.loads(result.stdout)["attempts"] == 1
