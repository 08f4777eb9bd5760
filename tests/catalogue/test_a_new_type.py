"""A new type of item is one file that is registered: nothing else has to know of it."""
# ruff: noqa: RUF012 (pydantic copies a default)

from fractions import Fraction
from types import SimpleNamespace
from typing import Annotated

import pytest
from pydantic import Field
from werkzeug.datastructures import MultiDict

from elearn.assessment.labels import scoring_rule
from elearn.assessment.queries import LaidItem
from elearn.assessment.responses import given_by_form, read_given
from elearn.catalogue.items.item import Explained, Problem, Shown, common, mark, one_text, spoken, unanswered
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.items.source import ItemSource, Strict, Text, WordingSource
from elearn.catalogue.items.wording import BLOCK, translated
from elearn.errors import Invalid
from tests.catalogue import small
from tests.catalogue.test_reader import said


class Clue(Strict):
    id: str
    text: Text


class Source(ItemSource):
    type: str
    word: str
    clues: Annotated[list[Clue], Field(min_length=1)]


class Wording(WordingSource):
    clues: list[Clue] = []


def parse(source, language):
    definition = common(source, "anagram", language) | {"word": source.word}
    definition["wording"][language]["clues"] = {clue.id: {"text": clue.text} for clue in source.clues}
    return definition


def explain(definition, response, language):
    language = spoken(definition, language)
    clues = "".join(clue["text"] for clue in definition["html"][language]["clues"].values())
    return Explained((), definition["html"][language]["feedback"], clues if response else "", (definition["word"],), language)


def show(definition, language, order=None):
    language = spoken(definition, language)
    return Shown(definition["html"][language]["prompt"], "text", (), (), language)


ANAGRAM = SimpleNamespace(
    TYPE="anagram",
    IS_TYPED=True,
    WORDING={"clues.*.text": BLOCK},
    Source=Source,
    Wording=Wording,
    parse=parse,
    translate=translated,
    check=lambda definition: [Problem(("word",), "too-short", "a word has letters")] if len(definition["word"]) < 3 else [],
    read=lambda definition, sent: one_text(sent, 5) or None,
    show=show,
    grade=lambda definition, response: (
        mark(definition, Fraction(sorted(response) == sorted(definition["word"]))) if response else unanswered(definition)
    ),
    explain=explain,
    rule=lambda definition: ("Any order of the letters brings all the points.",),
    right_response=lambda definition: definition["word"],
    in_words=lambda definition, response, language: [],
    guess=lambda definition: Fraction(0),
)
ITEM = """  - id: letters
    type: anagram
    prompt: Which [bit]{glossary} is it?
    outcome: know
    bloom: remember
    word: code
    feedback: So it is [@wall-2007].
    clues: [{id: one, text: "It *runs*."}]
"""
ITEM_FR = """  - {id: letters, prompt: "Lequel ?", clues: [{id: one, text: "Il *court*."}]}
"""


@pytest.fixture(autouse=True)
def anagram(monkeypatch):
    monkeypatch.setitem(TYPES, "anagram", ANAGRAM)


def read(item=ITEM, item_fr=ITEM_FR):
    first = "  - id: which\n"
    return small.read(("01-first/en/quiz.yml", first, item + first), ("01-first/fr/quiz.yml", first, item_fr + first))


def laid(reading):
    item = reading.series.modules[0].quiz.items[0]
    pinned = SimpleNamespace(id=1, key=item.key, type=item.type, tags=(), definition=item.definition)
    return LaidItem(1, pinned, ())


def test_it_is_compiled_with_its_translation_and_what_it_points_at():
    reading = read()
    assert (reading.errors, reading.warnings) == ((), ())
    html = reading.series.modules[0].quiz.items[0].definition["html"]
    assert html["en"]["clues"]["one"]["text"] == "<p>It <em>runs</em>.</p>"
    assert html["fr"]["clues"]["one"]["text"] == "<p>Il <em>court</em>.</p>"
    assert 'href="/glossary/bit"' in html["en"]["prompt"]
    assert "#ref-wall-2007" in html["en"]["feedback"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"item": ITEM.replace("word: code", "word: co")}, "01-first/en/quiz.yml:11: too-short"),
        ({"item": ITEM.replace("word: code", "wrod: code")}, "01-first/en/quiz.yml:11: unknown-key"),
        ({"item": ITEM.replace("It *runs*.", "It [@nobody].")}, "01-first/en/quiz.yml:13: unknown-reference"),
        ({"item_fr": ITEM_FR.replace("Il *court*.", "<b>Il</b>")}, "01-first/fr/quiz.yml:3: raw-html"),
        ({"item_fr": ITEM_FR.replace("id: one", "id: two")}, "01-first/fr/quiz.yml:3: unknown-choice"),
        ({"item_fr": ITEM_FR.replace("id: one", "id: two")}, "01-first/fr/quiz.yml:3: not-translated"),
    ],
)
def test_its_faults_are_found_where_they_stand(changes, fault):
    assert fault in said(read(**changes).errors)


def test_it_is_shown_read_graded_and_explained(app):
    item = laid(read())
    with app.test_request_context():
        (sent,) = read_given([item], given_by_form([item], MultiDict({"answer-letters": "deco "})))
        assert sent.response == "deco"
        assert item.graded(sent.response).correct
        assert item.graded("coda").points == 0
        assert item.shown("fr").prompt_html == "<p>Lequel ?</p>"
        assert item.explained("deco", "fr").answer_html == "<p>Il <em>court</em>.</p>"
        assert scoring_rule(item.pinned.definition) == "Any order of the letters brings all the points."
        with pytest.raises(Invalid, match="Your answer to question 1 is too long"):
            read_given([item], given_by_form([item], MultiDict({"answer-letters": "decode"})))
