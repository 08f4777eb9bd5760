"""What cannot be taken is refused with a clear message, and nothing is half-written."""

import pytest
from flask import Flask

from elearn.assessment.models import Answer, Attempt
from tests.assessment.conftest import PRACTICE, SLUG, Sitting, class_quiz, count, fields_of, right_response, sit, wrong_response
from tests.cast import Cast


@pytest.mark.parametrize("who", ["emil", "bruno", "dora", "carla", "root"])
def test_an_attempt_is_its_person_s_alone(ana: Sitting, browse, cast: Cast, who: str) -> None:
    item = ana.items[0]
    other = Sitting(ana.app, browse(getattr(cast, who)), ana.path)
    other.browser.get(ana.path, 404)
    other.post(404, **{item.field: "x"}, action="save")
    assert other.send((item.key, right_response(item)), status=404)["title"]
    assert ana.rows() == 0
    ana.browser.get(ana.path)


def test_an_attempt_that_is_not_there_is_not_there(browse, cast: Cast) -> None:
    browse(cast.ana).get("/attempts/999999", 404)


def test_the_quiz_of_a_class_is_for_those_who_are_in_it(app: Flask, browse, cast: Cast) -> None:
    for who in ("emil", "dora", "root"):
        browse(getattr(cast, who)).get(class_quiz(cast), 404)
        browse(getattr(cast, who)).post(class_quiz(cast), {}, 404)
    assert count(app, Attempt) == 0


@pytest.mark.parametrize("path", ["/modules/nowhere/quiz", "/modules/teaching-guide/quiz"])
def test_where_there_is_no_quiz_there_is_no_page(browse, cast: Cast, path: str) -> None:
    browse(cast.ana).get(path, 404)
    browse(cast.ana).post(path, {}, 404)
    browse(cast.ana).get(f"/classes/{cast.classes['Bruno']}{path.removeprefix('/modules')}", 404)


def test_a_stranger_reads_what_the_quiz_is_and_is_asked_to_sign_in(app: Flask, browse) -> None:
    page = browse().get(PRACTICE)
    assert "Questions" in page.text
    assert page.links()["Sign in to practise"] == f"/sign-in?next=/modules/{SLUG}/quiz"
    browse().post(PRACTICE, {}, 401)
    assert count(app, Attempt) == 0


def test_an_unknown_question_is_named_and_nothing_is_saved(ana: Sitting) -> None:
    item = ana.items[0]
    problem = ana.send((item.key, right_response(item)), ("no-such-item", "x"), status=422)
    assert "no-such-item" in problem["detail"]
    assert "answer-no-such-item" in problem["fields"]
    page = ana.post(422, **{item.field: right_response(item), "answer-no-such-item": "x"}, action="save")
    assert "no-such-item" in page.text
    assert ana.rows() == 0


@pytest.mark.parametrize("type_", ["single-choice", "multiple-response", "true-false"])
def test_an_unknown_choice_is_named_beside_its_question_and_the_rest_is_kept_as_typed(ana: Sitting, type_: str) -> None:
    item, typed = ana.item(type_), ana.item("short-text")
    problem = ana.send((item.key, ["maybe"]), (typed.key, "my words"), status=422)
    assert problem["fields"][item.field] == f"Question {item.number} has no choice “maybe”."
    page = ana.post(422, **{item.field: "maybe", typed.field: "my words"}, action="submit-anyway")
    fieldset = page.all("fieldset", id=f"question-{item.number}")[0]
    assert "has no choice “maybe”" in "".join(fieldset.itertext())
    assert page.form(ana.path)[typed.field] == "my words"
    assert ana.rows() == 0
    assert ana.attempt().finished_at is None


def test_several_choices_where_one_is_wanted_are_refused(ana: Sitting) -> None:
    item = ana.item("single-choice")
    problem = ana.send((item.key, list(item.choices[:2])), status=422)
    assert problem["detail"] == f"Question {item.number} takes one answer only."


@pytest.mark.parametrize("length", [501, 10_001, 250_000])
def test_a_text_that_is_too_long_is_refused_and_kept(ana: Sitting, length: int) -> None:
    item, other = ana.item("short-text"), ana.item("single-choice")
    page = ana.post(422, **{item.field: "x" * length, other.field: right_response(other)}, action="save")
    assert "too long" in page.text
    assert page.form(ana.path)[item.field] == "x" * length
    assert page.form(ana.path)[other.field] == right_response(other)
    assert "too long" in ana.send((item.key, "x" * length), status=422)["detail"]
    assert ana.rows() == 0


def test_a_megabyte_is_too_large(ana: Sitting) -> None:
    item = ana.item("short-text")
    ana.post(413, **{item.field: "x" * 1_100_000}, action="save")
    ana.send((item.key, "x" * 1_100_000), status=413)


@pytest.mark.parametrize(
    "message",
    [
        [],
        {},
        {"answers": "x"},
        {"answers": ["x"]},
        {"answers": [{"item": 1, "response": "x"}]},
        {"answers": [{"item": "x"}]},
        {"answers": [{"item": "x", "response": "y", "sequence": "1"}]},
        {"answers": [{"item": "x", "response": "y", "sequence": True}]},
        {"answers": [{"item": "x", "response": "y", "sequence": 0}]},
        {"answers": [{"item": "x", "response": "y", "sequence": 2**31}]},
        {"answers": [], "sender": 7},
        {"answers": [], "sender": "x" * 41},
        {"answers": [], "sender": "é"},
        {"answers": [{"item": "x", "response": "y"}] * 501},
    ],
)
def test_a_message_of_another_shape_is_refused_with_its_reason(ana: Sitting, message: object) -> None:
    assert ana.send_raw(message, 422)["detail"]
    assert ana.rows() == 0


@pytest.mark.parametrize("response", [1, True, {"a": 1}, [1], [["x"]], ["x"] * 501])
def test_a_response_that_is_no_text_is_refused(ana: Sitting, response: object) -> None:
    ana.send((ana.items[0].key, response), status=422)
    assert ana.rows() == 0


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"answers": [' + b"1" * 5000 + b"]}", b"\xff", b""])
def test_what_is_no_json_is_refused(ana: Sitting, body: bytes) -> None:
    headers = {"X-CSRFToken": ana.browser.csrf_token}
    response = ana.browser.client.post(f"{ana.path}/answers", data=body, content_type="application/json", headers=headers)
    assert response.status_code in {400, 422}
    assert response.content_type == "application/problem+json"


def test_without_the_token_nothing_is_saved(ana: Sitting) -> None:
    item = ana.items[0]
    response = ana.browser.client.post(f"{ana.path}/answers", json={"answers": [{"item": item.key, "response": right_response(item)}]})
    assert response.status_code == 400
    assert ana.rows() == 0


def test_a_stranger_s_script_is_told_to_sign_in(ana: Sitting, browse) -> None:
    stranger = Sitting(ana.app, browse(), ana.path)
    assert stranger.send((ana.items[0].key, "x"), status=401)["title"] == "Please sign in"


def test_characters_that_nothing_can_keep_do_no_harm(ana: Sitting) -> None:
    item = ana.item("short-text")
    ana.send((item.key, "a\x00b\ud800c"))
    assert ana.standing() == {item.key: "ab?c"}
    ana.browser.get(ana.path)


def test_markup_in_an_answer_is_shown_as_it_was_typed(ana: Sitting) -> None:
    item = ana.item("short-text")
    typed = '"><script>alert(1)</script>'
    ana.send((item.key, typed))
    assert ana.browser.get(ana.path).form(ana.path)[item.field] == typed
    page = ana.browser.submit(ana.path, {"action": "submit-anyway"})
    assert typed in page.text


def test_a_closed_attempt_takes_no_answer(ana: Sitting) -> None:
    ana.post(**ana.fields(), action="submit")
    before = ana.rows()
    for item in ana.items:
        assert "can no longer be changed" in ana.send((item.key, wrong_response(item)), status=409)["detail"]
        assert "can no longer be changed" in ana.post(409, **fields_of(item, wrong_response(item)), action="save").text
    assert ana.rows() == before


def test_neither_saving_nor_submitting_is_asked_again(ana: Sitting) -> None:
    ana.post(422, action="explode")
    assert ana.attempt().finished_at is None


def test_a_resend_saves_nothing_again_and_is_acknowledged(ana: Sitting) -> None:
    answers = [(item.key, right_response(item), number) for number, item in enumerate(ana.items[:5], start=1)]
    first = ana.send(*answers, sender="phone")
    assert first == {"saved": [item.key for item in ana.items[:5]], "sequence": 5, "late": [], "seconds_left": None}
    assert ana.send(*answers, sender="phone") == first
    assert ana.rows() == 5


def test_a_late_message_does_not_undo_a_newer_answer(ana: Sitting) -> None:
    item = ana.item("single-choice")
    ana.send((item.key, right_response(item), 2))
    ana.send((item.key, wrong_response(item), 1))
    assert ana.standing() == {item.key: right_response(item)}
    assert ana.rows() == 1


def test_two_tabs_with_script_are_both_heard(ana: Sitting) -> None:
    one, other = ana.items[0], ana.items[1]
    for number in range(1, 4):
        ana.send((one.key, right_response(one), number), sender="first tab")
        ana.send((one.key, wrong_response(one), number + 1), sender="first tab")
    ana.send((one.key, right_response(one), 1), (other.key, right_response(other), 2), sender="second tab")
    assert ana.standing() == {one.key: right_response(one), other.key: right_response(other)}


def test_a_stale_tab_without_script_does_not_undo_the_other_s_answers(ana: Sitting) -> None:
    one, other, third = [item for item in ana.items if item.pinned.type == "single-choice"][:3]
    ana.send((one.key, wrong_response(one)))
    stale = ana.browser.get(ana.path).form(ana.path)
    ana.send((one.key, right_response(one)), (other.key, right_response(other)))
    ana.post(**stale, **{third.field: right_response(third)}, action="save")
    assert ana.standing() == {item.key: right_response(item) for item in (one, other, third)}


def test_an_answer_can_be_taken_back(ana: Sitting) -> None:
    item = ana.item("single-choice")
    ana.send((item.key, right_response(item), 1))
    ana.send((item.key, None, 2))
    assert ana.standing() == {item.key: None}
    assert "0 of" in ana.browser.get(ana.path).text


def test_after_a_refusal_the_corrected_form_is_saved_whole(ana: Sitting) -> None:
    item, other = ana.item("short-text"), ana.item("single-choice")
    page = ana.post(422, **{item.field: "x" * 600, other.field: right_response(other)}, action="save")
    ana.post(**page.form(ana.path) | {item.field: "short"}, action="save")
    assert ana.standing() == {item.key: "short", other.key: right_response(other)}


def test_someone_else_s_open_attempt_is_not_resumed(app: Flask, ana: Sitting, browse, cast: Cast) -> None:
    emil = sit(app, browse(cast.emil), class_quiz(cast, "Dora"))
    assert emil.path != ana.path
    assert count(app, Answer) == 0
