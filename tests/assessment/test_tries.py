"""Feedback that comes at once: looking whether an answer is right, tries that cost, hints, and answers that stand once they were seen."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn.assessment.models import Answer, ItemTry, Mark
from elearn.catalogue.models import ItemRevision
from elearn.db import db, unit_of_work
from tests.assessment.conftest import Sitting, class_quiz, count, fields_of, right_response, sit, wrong_response
from tests.assessment.test_deadlines import set_rules, settings
from tests.cast import Cast


@pytest.fixture
def looking(app: Flask, browse, cast: Cast) -> Iterator[Sitting]:
    """Ana in an attempt that tells at once, with three tries at each question, a hint, and half the points for each further try."""
    with app.app_context(), unit_of_work():
        for item in db.session.scalars(select(ItemRevision)):
            definition = dict(item.definition) | {"tries": 3}
            definition["html"] = {
                language: html | {"hints": ["<p>Think of ports.</p>", "<p>And of times.</p>"]}
                for language, html in definition["html"].items()
            }
            db.session.execute(update(ItemRevision).where(ItemRevision.id == item.id).values(definition=definition))
    app.extensions["shelves"].clear()
    set_rules(browse(cast.bruno), cast, feedback="immediate", penalty="50")
    yield sit(app, browse(cast.ana), class_quiz(cast))
    app.extensions["shelves"].clear()


def look(sitting: Sitting, item, response, status: int = 303):
    return sitting.post(status, **fields_of(item, response), action=f"look:{item.key}")


def mark_of(app: Flask, item) -> Mark:
    with app.app_context():
        return db.session.scalars(select(Mark).where(Mark.item_revision_id == item.id)).one()


def test_a_right_answer_is_said_to_be_right_and_stands(app: Flask, looking: Sitting) -> None:
    item = looking.item("single-choice")
    look(looking, item, right_response(item))
    assert "Right" in looking.browser.get(looking.path).text
    assert "was checked, and its answer stands" in looking.post(422, **{item.field: wrong_response(item)}, action="save").text
    assert looking.send((item.key, wrong_response(item), 5), status=422)["detail"]
    assert looking.standing() == {item.key: right_response(item)}
    looking.post(action="submit-anyway")
    assert (mark_of(app, item).points, mark_of(app, item).tries) == (item.pinned.points, 1)


def test_each_further_try_costs_and_shows_a_hint(app: Flask, looking: Sitting) -> None:
    item = looking.item("single-choice")
    assert "Think of ports." not in looking.browser.get(looking.path).text
    look(looking, item, wrong_response(item))
    page = looking.browser.get(looking.path)
    assert "Think of ports." in page.text
    assert "And of times." not in page.text
    assert "2 tries are left" in page.text
    look(looking, item, right_response(item))
    looking.post(action="submit-anyway")
    assert (mark_of(app, item).points, mark_of(app, item).tries) == (item.pinned.points // 2, 2)


def test_to_look_again_at_the_same_answer_is_no_try(app: Flask, looking: Sitting) -> None:
    item = looking.item("single-choice")
    for _ in range(3):
        look(looking, item, wrong_response(item))
    assert count(app, ItemTry) == 1


def test_when_no_try_is_left_the_answer_stands(app: Flask, looking: Sitting) -> None:
    item = looking.item("short-text")
    for number in range(3):
        look(looking, item, f"wrong {number}")
    assert "No try is left" in looking.browser.get(looking.path).text
    look(looking, item, right_response(item), 422)
    assert count(app, ItemTry) == 3
    looking.post(action="submit-anyway")
    assert mark_of(app, item).points == 0


@pytest.mark.parametrize("type_", ["matching", "ordering", "cloze", "numeric"])
def test_what_is_said_of_parts_waits_until_the_answer_stands(app: Flask, looking: Sitting, type_: str) -> None:
    item = looking.item(type_)
    definition = item.pinned.definition
    learnt = definition["wording"]["en"]["feedback"]
    look(looking, item, wrong_response(item))
    page = looking.browser.get(looking.path)
    assert "2 tries are left" in page.text
    assert learnt not in page.text
    parts = [part.feedback_html for part in item.explained(wrong_response(item), "en").parts]
    look(looking, item, right_response(item))
    body = looking.browser.get(looking.path).response.get_data(as_text=True)
    assert [html for html in parts if html not in body] == []
    looking.post(action="submit-anyway")
    assert (mark_of(app, item).points, mark_of(app, item).tries) == (item.pinned.points // 2, 2)


def test_an_answer_changed_after_the_last_look_is_a_further_try(app: Flask, looking: Sitting) -> None:
    item = looking.item("single-choice")
    look(looking, item, wrong_response(item))
    looking.post(**{item.field: right_response(item)}, action="submit-anyway")
    assert (mark_of(app, item).points, mark_of(app, item).tries) == (item.pinned.points // 2, 2)


def test_nothing_can_be_looked_at_that_is_not_answered_or_not_there(app: Flask, looking: Sitting) -> None:
    item = looking.items[0]
    assert "has no answer yet" in looking.post(422, action=f"look:{item.key}").text
    looking.post(404, action="look:no-such-question")
    assert count(app, ItemTry) == 0


def test_a_quiz_that_tells_afterwards_tells_nothing_before(app: Flask, ana: Sitting) -> None:
    item = ana.item("single-choice")
    look(ana, item, right_response(item), 409)
    assert count(app, ItemTry) == 0
    assert f"look:{item.key}" not in ana.browser.get(ana.path).response.get_data(as_text=True)


def test_a_late_answer_costs_what_its_tries_cost_and_none_is_taken_to_what_was_seen(
    app: Flask, browse, looking: Sitting, later, cast: Cast
) -> None:
    tried, seen = looking.item("single-choice"), looking.item("true-false")
    look(looking, tried, wrong_response(tried))
    look(looking, seen, right_response(seen))
    set_rules(browse(cast.bruno), cast, minutes="30", feedback="immediate", penalty="50")
    later(hours=1)
    assert looking.send((tried.key, right_response(tried), 1))["late"] == [tried.key]
    assert "its answer stands" in looking.send((seen.key, wrong_response(seen), 2), status=422)["detail"]
    with app.app_context():
        late = db.session.scalars(select(Answer.id).where(Answer.is_late)).one()
    browse(cast.bruno).post(settings(cast, "/late"), {"answer": str(late)})
    with app.app_context():
        newest = db.session.scalars(select(Mark).where(Mark.item_revision_id == tried.id).order_by(Mark.id.desc())).first()
        assert (newest.cause, newest.points, newest.tries) == ("late", tried.pinned.points // 2, 2)
