"""A student who writes: what they see while they do, while it waits, and once it is marked."""

import pytest
from flask import Flask

from elearn.assessment.models import Attempt, ItemTry, Mark, QuizSetting
from elearn.catalogue.items import reflection
from elearn.db import db, unit_of_work
from tests.assessment.conftest import PRACTICE, SLUG, Sitting, class_quiz, sit
from tests.assessment.essays import KEY, add_item, definition_of, levels, points, put_essays, set_blind
from tests.cast import Cast

THOUGHT = "what-i-would-do"
TEXT = "Crime knows\nno <i>border</i>.\n\nA law does."


@pytest.fixture
def sitting(app: Flask, browse, cast: Cast) -> Sitting:
    """Ana before an essay and a reflection."""
    class_id = cast.classes["Bruno"]
    put_essays(app, class_id, KEY)
    with app.app_context(), unit_of_work():
        thought = definition_of(reflection, prompt="<p>What would you do?</p>", model_answer="<p>I would call the bank.</p>")
        add_item(class_id, THOUGHT, thought)
    return sit(app, browse(cast.ana), class_quiz(cast))


def marking(sitting: Sitting, cast: Cast) -> str:
    return f"/teach/classes/{cast.classes['Bruno']}/marking/{sitting.id}/{KEY}"


def mark(browse, sitting: Sitting, cast: Cast, **fields: str) -> None:
    path = marking(sitting, cast)
    bruno = browse(cast.bruno)
    seen = bruno.get(path).form(path)["seen"]
    bruno.post(path, levels() | {"action": "save", "seen": seen} | fields)


def submit(sitting: Sitting, **answers: str):
    fields = {f"answer-{key.replace('_', '-')}": text for key, text in answers.items()}
    return sitting.browser.submit(sitting.path, sitting.browser.get(sitting.path).form(sitting.path) | fields | {"action": "submit-anyway"})


def test_a_text_is_saved_as_it_was_written_and_its_words_are_counted(sitting: Sitting) -> None:
    page = sitting.browser.get(sitting.path)
    assert "Asked for: 3 to 200 words." in page.text
    assert "reasons: good (3 points)" in page.text
    page = sitting.browser.submit(sitting.path, page.form(sitting.path) | {f"answer-{KEY}": TEXT.replace("\n", "\r\n"), "action": "save"})
    assert sitting.standing()[KEY] == TEXT
    assert "7 words written." in page.text
    before = sitting.rows()
    sitting.browser.submit(sitting.path, {f"answer-{KEY}": TEXT, f"seen-{KEY}": "1", "action": "save"})
    assert sitting.rows() == before


def test_a_model_answer_is_shown_once_ones_own_is_saved_and_that_of_an_essay_never(sitting: Sitting) -> None:
    model = "I would call the bank."
    page = sitting.browser.get(sitting.path)
    assert model not in page.response.get_data(as_text=True)
    fields = page.form(sitting.path) | {f"answer-{THOUGHT}": " ", f"answer-{KEY}": "Text"}
    page = sitting.browser.submit(sitting.path, fields | {"action": "save"})
    assert model not in page.response.get_data(as_text=True)
    page = sitting.browser.submit(sitting.path, page.form(sitting.path) | {f"answer-{THOUGHT}": "I would cry.", "action": "save"})
    assert model in page.text
    result = submit(sitting)
    assert model in result.text
    assert "I would cry." in result.text
    assert "The key for teachers." not in page.text + result.text


@pytest.mark.parametrize("way", ["form", "script"])
def test_a_text_that_is_too_long_is_refused_with_its_length_and_kept_in_the_page(sitting: Sitting, way: str) -> None:
    text = "word " * 9_000
    words = "has 45000 characters; 40000 are the most"
    if way == "script":
        assert words in sitting.send((KEY, text, 1), status=422)["detail"]
    else:
        page = sitting.browser.post(sitting.path, {f"answer-{KEY}": text, "action": "save"}, 422)
        assert words in page.text
        assert page.form(sitting.path)[f"answer-{KEY}"] == text.strip()
    assert sitting.rows() == 0


def test_a_short_text_is_taken_all_the_same(sitting: Sitting) -> None:
    submit(sitting, **{KEY: "No."})
    assert sitting.attempt().pending_count == 1


def test_until_it_is_marked_the_points_are_those_so_far(app: Flask, browse, sitting: Sitting, cast: Cast) -> None:
    page = submit(sitting, **{KEY: TEXT, THOUGHT: "Mine"})
    attempt = sitting.attempt()
    assert (attempt.pending_count, attempt.points, attempt.max_points) == (1, 0, points(6))
    assert "1 answer waits to be read and marked by your professor." in page.text
    assert "Your mark so far" in page.text
    assert "Waiting to be marked" in page.text
    assert "Not passed" not in page.text
    assert "Not marked: it brings no points" in page.text
    assert "no <i>border</i>." in page.text
    quiz = sitting.browser.get(class_quiz(cast)).text
    assert "so far" in quiz
    assert "waits for marking" in quiz
    mark(browse, sitting, cast, comment="Well\n\n<b>argued</b>.", **{"level-claim": "some"})
    page = sitting.browser.get(sitting.path)
    assert "waits" not in page.text
    assert "Marked by Bruno Example, your professor." in page.text
    assert "claim: some" in page.text
    assert "<b>argued</b>." in page.text
    assert "5 of 6 points" in page.text
    assert "waits for marking" not in sitting.browser.get(class_quiz(cast)).text


def test_marked_blind_one_reads_by_whom_only_by_role(app: Flask, browse, sitting: Sitting, cast: Cast) -> None:
    set_blind(app, cast.classes["Bruno"])
    submit(sitting, **{KEY: TEXT})
    mark(browse, sitting, cast)
    page = sitting.browser.get(sitting.path)
    assert "Marked by your professor." in page.text
    assert "Bruno Example" not in page.text


def test_why_a_mark_is_not_the_rubrics_is_told(browse, sitting: Sitting, cast: Cast) -> None:
    submit(sitting, **{KEY: TEXT})
    mark(browse, sitting, cast, instead="1,5", reason="Half of it is quoted.")
    page = sitting.browser.get(sitting.path)
    assert "Half of it is quoted." in page.text
    assert "1.5 of 6 points" in page.text


def test_a_blank_essay_waits_for_nobody(app: Flask, browse, sitting: Sitting, cast: Cast) -> None:
    page = submit(sitting, **{KEY: " \n ", THOUGHT: "Mine"})
    assert sitting.attempt().pending_count == 0
    assert "waits" not in page.text
    assert "Not answered" in page.text
    browse(cast.bruno).get(marking(sitting, cast), 404)
    with app.app_context():
        marks = {each.item_revision_id: each for each in db.session.query(Mark).filter_by(attempt_id=sitting.id)}
        assert [each.is_pending for each in marks.values()] == [False, False]
        assert sum(each.max_points for each in marks.values()) == points(6)


def test_who_teaches_tries_an_essay_out_and_nobody_is_asked_to_mark_it(app: Flask, browse, sitting: Sitting, cast: Cast) -> None:
    preview = sit(app, browse(cast.bruno), class_quiz(cast))
    page = submit(preview, **{KEY: TEXT})
    assert "In a class, a person reads this." in page.text
    assert "by your professor" not in page.text
    assert "Nothing to mark yet" in preview.browser.get(f"/teach/classes/{cast.classes['Bruno']}/marking").text
    with app.app_context():
        assert db.session.get_one(Attempt, preview.id).class_id is None
    assert sitting.path != preview.path
    assert PRACTICE.endswith(f"{SLUG}/quiz")


def test_a_text_is_not_checked_at_once(app: Flask, browse, sitting: Sitting, cast: Cast) -> None:
    sitting.post(action="submit-anyway")
    set_blind(app, cast.classes["Bruno"])
    with app.app_context(), unit_of_work():
        db.session.query(QuizSetting).one().feedback = "immediate"
    second = sit(app, sitting.browser, class_quiz(cast))
    page = second.browser.post(second.path, {f"answer-{KEY}": TEXT, "action": f"look:{KEY}"}, 409)
    assert "it is for people" in page.text
    with app.app_context():
        assert not db.session.query(ItemTry).count()
