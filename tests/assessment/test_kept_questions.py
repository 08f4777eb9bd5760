"""Questions and explanations are kept for all who see the same: they say what would be laid out anew, and nothing that another typed."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from babel.support import NullTranslations
from flask import Flask
from flask_babel import force_locale, get_locale
from markupsafe import escape

from elearn.assessment import question_page, result_page
from elearn.assessment.attempt_access import attempt_for_reading
from elearn.assessment.questions import questions_of
from elearn.assessment.regrade_review import Again
from elearn.assessment.review import review_of
from elearn.catalogue.items import reflection
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.queries import current_release
from elearn.db import db, unit_of_work
from elearn.web import words
from tests.assessment.conftest import NOT_THIS, Sitting, class_quiz, right_response, sit, wrong_response
from tests.assessment.essays import add_item, definition_of, essay_definition
from tests.cast import Cast, visitor_of

TYPED = "<b>{who}</b> & 'typed' this"
NUMBER = {"Ana": "-111222333", "Emil": "-444555666"}


@pytest.fixture
def all_types(app: Flask, browse, cast: Cast) -> Sitting:
    """Ana before a quiz that holds a question of every type."""
    with app.app_context(), unit_of_work():
        add_item(cast.classes["Bruno"], "why", essay_definition("<p>Why?</p>"))
        thought = definition_of(reflection, prompt="<p>What would you do?</p>", model_answer="<p>I would call the bank.</p>")
        add_item(cast.classes["Bruno"], "thought", thought)
    sitting = sit(app, browse(cast.ana), class_quiz(cast))
    assert {item.pinned.type for item in sitting.items} == set(TYPES)
    return sitting


class Shouted(NullTranslations):
    """A catalogue of a language in which all is shouted."""

    def ugettext(self, message: str) -> str:
        return re.sub(r"%\([A-Z]+\)S", lambda found: found[0].lower(), message.upper())


@pytest.fixture
def shouting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have German words shouted."""
    usual = words._catalogue
    monkeypatch.setattr(words, "_catalogue", lambda: Shouted() if str(get_locale()) == "de" else usual())


def mixed(sitting: Sitting, responses: Callable[[Any], Any]) -> None:
    """Answer every question so, and submit."""
    given = {
        item.key: TYPED.format(who="Ana") if item.pinned.type in {"essay", "reflection"} else responses(item) for item in sitting.items
    }
    sitting.send(*given.items())
    sitting.post(action="submit-anyway")


def half(item: Any) -> Any:
    """Return an answer that is right in part, where there is one."""
    right = right_response(item)
    if isinstance(right, dict):
        return dict(list(right.items())[:1])
    return right[:1] if isinstance(right, list) else None


def desks(sitting: Sitting, person_id: int) -> Iterator[tuple[Any, Any]]:
    """Yield where an attempt's questions are laid out, with the key and without, in two languages, with the attempt's lines."""
    for locale in ("en", "de"):
        with sitting.app.test_request_context(), force_locale(locale):
            attempt = attempt_for_reading(visitor_of(person_id), sitting.id)
            review = review_of(attempt)
            for shows_key in (True, False):
                desk = result_page._Desk(attempt, review, shows_key, (current_release(), attempt.language, locale))
                yield desk, review.lines
            db.session.rollback()


@pytest.mark.parametrize("responses", [right_response, wrong_response, half])
@pytest.mark.usefixtures("shouting")
def test_what_is_kept_is_what_would_be_laid_out_anew(all_types: Sitting, cast: Cast, responses: Callable[[Any], Any]) -> None:
    mixed(all_types, responses)
    seen = set()
    for desk, lines in desks(all_types, cast.ana):
        anew = [desk._fresh(item, mark) for item, mark in lines]
        for _time in range(2):
            assert [desk.laid(item, mark) for item, mark in lines] == anew
        seen.add("".join(anew))
        assert not any("\ue000" in question for question in anew)
    assert len(seen) == 4


def test_a_second_result_lays_nothing_out_that_was_answered_alike(all_types: Sitting, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    mixed(all_types, right_response)
    all_types.browser.get(all_types.path)
    laid: list[str] = []
    usual = result_page._question
    monkeypatch.setattr(result_page, "_question", lambda reviewed, *rest: (laid.append(reviewed.input), usual(reviewed, *rest))[1])
    all_types.browser.get(all_types.path)
    assert laid == ["textarea", "textarea"]


def typed_by(who: str) -> Callable[[Any], Any]:
    """Return what answers a question with a text of that person's own, where one can be typed."""

    def typed(item: Any) -> Any:
        if item.pinned.type == "numeric":
            return NUMBER[who]
        shown = item.shown("en")
        if shown.input in {"text", "textarea"}:
            return TYPED.format(who=who)
        if shown.input == "gaps":
            asked, wrong = [part.id for part in shown.parts if part.input == "text"], wrong_response(item)
            return {part: TYPED.format(who=who) if wrong[part] == NOT_THIS else NUMBER[who] for part in asked}
        return right_response(item)

    return typed


def test_what_one_student_typed_stands_escaped_on_their_own_page_alone(app: Flask, all_types: Sitting, browse, cast: Cast) -> None:
    emil = browse(cast.emil)
    emil.post("/join", {"code": cast.codes["Bruno"]})
    sittings = {"Ana": all_types, "Emil": sit(app, emil, class_quiz(cast))}
    for who, sitting in sittings.items():
        typed = typed_by(who)
        sitting.send(*((item.key, typed(item)) for item in sitting.items))
        sitting.post(action="submit-anyway")
    for who, other in (("Ana", "Emil"), ("Emil", "Ana"), ("Ana", "Emil")):
        html = sittings[who].browser.get(sittings[who].path).response.get_data(as_text=True)
        assert html.count(str(escape(TYPED.format(who=who)))) >= 4
        assert NUMBER[who] in html
        assert NUMBER[other] not in html
        assert f"b&gt;{other}" not in html
        assert "<b>Ana" not in html
    kept = app.extensions["shelves"]["explained"]._things
    assert len(kept) > len(all_types.items) // 2
    for key, laid in kept.items():
        for part in (laid.frame, *laid.choices.values()):
            assert not any(typed in piece for piece in part.pieces for typed in ("&lt;b&gt;", *NUMBER.values()))
        assert "<b>Ana" not in repr(key)
        assert NUMBER["Ana"] not in repr(key)


def test_what_was_marked_again_is_laid_out_for_its_reader_alone(app: Flask, all_types: Sitting, cast: Cast) -> None:
    mixed(all_types, right_response)
    desk, lines = next(desks(all_types, cast.ana))
    item, mark = next((item, mark) for item, mark in lines if item.pinned.type == "single-choice")
    marked_again = replace(desk.review, again=Again({item.id: ()}))
    with app.test_request_context(), force_locale("en"):
        result_page._Desk(desk.attempt, marked_again, True, desk.spoken).laid(item, mark)
        assert "explained" not in app.extensions["shelves"]
        desk.laid(item, mark)
        assert len(app.extensions["shelves"]["explained"]._things) == 1


@pytest.mark.parametrize("responses", [right_response, wrong_response, half, lambda _item: None])
@pytest.mark.usefixtures("shouting")
def test_a_question_that_is_kept_asks_what_would_be_laid_out_anew(all_types: Sitting, cast: Cast, responses: Callable[[Any], Any]) -> None:
    own = TYPED.format(who="Ana")
    given = {item.key: own if item.pinned.type in {"essay", "reflection"} else responses(item) for item in all_types.items}
    all_types.send(*given.items())
    seen = set()
    for locale in ("en", "de"):
        with all_types.app.test_request_context(), force_locale(locale):
            attempt = attempt_for_reading(visitor_of(cast.ana), all_types.id)
            questions = questions_of(attempt)
            desk = question_page._Desk(attempt, len(questions), is_open=True)
            anew = [desk.fresh(question) for question in questions]
            for _time in range(2):
                assert [desk.laid(question) for question in questions] == anew
            seen.add("".join(anew))
            db.session.rollback()
    assert len(seen) == 2


def test_what_one_student_typed_is_not_asked_of_another(app: Flask, all_types: Sitting, browse, cast: Cast) -> None:
    typed = typed_by("Ana")
    all_types.send(*((item.key, typed(item)) for item in all_types.items))
    own = all_types.browser.get(all_types.path).response.get_data(as_text=True)
    assert own.count(str(escape(TYPED.format(who="Ana")))) >= 4
    assert NUMBER["Ana"] in own
    emil = browse(cast.emil)
    emil.post("/join", {"code": cast.codes["Bruno"]})
    others = emil.get(sit(app, emil, class_quiz(cast)).path).response.get_data(as_text=True)
    assert "b&gt;Ana" not in others
    assert NUMBER["Ana"] not in others
    assert " checked" in own
    assert " checked" not in others
    kept = app.extensions["shelves"]["asked"]._things
    assert not any(
        text in piece
        for laid in kept.values()
        for part in (laid.frame, *laid.choices.values())
        for piece in part.pieces
        for text in ("&lt;b&gt;", NUMBER["Ana"])
    )


def test_a_form_that_was_refused_shows_what_was_typed(all_types: Sitting) -> None:
    all_types.browser.get(all_types.path)
    item = all_types.item("numeric")
    page = all_types.post(422, **{item.field: "no <b>number</b>", "action": "save"})
    assert page.form(all_types.path)[item.field] == "no <b>number</b>"
    assert page.all("p", class_="field-error")
