"""A question cut out of its file and put back."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.item_source import differs_elsewhere, item_text, item_texts, next_patch, part_ids, with_item, with_version
from elearn.config import CONTENT

QUIZZES = sorted(CONTENT.glob("*/*/quiz.yml"))

ODD = """\
# Written by hand.
title: Odd
items:
  - id: first   # the key
    type: single-choice
    prompt: |
      A block.

      # not a comment
    choices:
      - {id: a, text: One}
      - id: b
        text: "two
          lines"   # said

  # About the second.

  -   id: second
      type: short-text
      accept: [x]
      feedback:
pass_mark: 50
"""
FLOW = "title: T\nitems: [{id: a, type: true-false}, {id: b, type: x, prompt: 'p'}]\npass_mark: 1\n"


@pytest.mark.parametrize("path", QUIZZES, ids=lambda path: path.parts[-3])
def test_every_question_of_the_series_is_cut_out_and_put_back_byte_for_byte(path) -> None:
    quiz = path.read_text(encoding="utf-8")
    keys = [item["id"] for item in yaml.safe_load(quiz)["items"]]
    assert keys
    for key in keys:
        there = item_text(quiz, key)
        assert there
        assert yaml.safe_load(there.text)[0]["id"] == key
        assert quiz.split("\n")[there.line - 1 : there.last_line] == there.text.split("\n")
        assert with_item(quiz, there, there.text) == quiz


@pytest.mark.parametrize(
    "quiz",
    [*(path.read_text(encoding="utf-8") for path in QUIZZES), ODD, ODD.replace("\n", "\r\n"), ODD.replace("One", "Eins 🙂 é"), FLOW],
    ids=lambda quiz: quiz[:12],
)
def test_all_questions_at_once_are_those_one_by_one(quiz: str) -> None:
    keys = [item["id"] for item in yaml.safe_load(quiz)["items"]]
    found = item_texts(quiz)
    assert list(found) == keys
    for key in keys:
        there = item_text(quiz, key)
        assert there
        assert found[key] == there.text


def test_a_file_that_cannot_be_read_has_no_questions() -> None:
    assert item_texts("items: [") == {}
    assert item_texts("- a list") == {}


@pytest.mark.parametrize("quiz", [ODD, ODD.replace("\n", "\r\n"), ODD.rstrip("\n"), FLOW])
def test_however_it_is_written_it_goes_back_as_it_was(quiz: str) -> None:
    keys = [item["id"] for item in yaml.safe_load(quiz)["items"]]
    for key in keys:
        there = item_text(quiz, key)
        assert there
        assert with_item(quiz, there, there.text) == quiz
        # As a form sends it: other line ends, and the blanks before its first line gone.
        assert with_item(quiz, there, there.text.strip().replace("\n", "\r\n") + "\r\n\r\n") == quiz


def test_what_belongs_to_a_question_and_what_does_not() -> None:
    first, second = item_text(ODD, "first"), item_text(ODD, "second")
    assert first
    assert second
    assert first.text.startswith("  - id: first   # the key")
    assert first.text.endswith('lines"   # said')
    assert second.text.startswith("  -   id: second")
    assert second.text.endswith("feedback:")
    assert item_text(ODD, "third") is None
    assert item_text("items: [", "first") is None
    assert item_text("[" * 5000, "first") is None


def test_only_the_question_itself_may_change() -> None:
    there = item_text(ODD, "second")
    assert there
    for text, found in (
        ("  - id: second\n    type: short-text\n    accept: [y]", ""),
        ("  - id: other\n    type: short-text", "id"),
        ("  - id: second\n    type: numeric", "type"),
        ("  - id: second\n    type: short-text\n  - id: third\n    type: x", "outside"),
        ("  - id: second\n    type: short-text\nattempts: 9", "outside"),
        ("  - just words", "outside"),
        ("", "outside"),
        ("  - id: [", "unreadable"),
    ):
        assert differs_elsewhere(ODD, with_item(ODD, there, text), there) == found, text


def test_ids_that_answers_name() -> None:
    quiz = """
items:
  - id: gaps
    gaps:
      - {id: one, choices: [{id: a}, {id: b}]}
      - {id: two, accept: [x]}
    prompts: [{id: p, match: x}]
"""
    assert part_ids(quiz, "gaps") == ("p", "one", "one.a", "one.b", "two")
    assert part_ids(quiz, "other") == ()
    assert part_ids("[", "gaps") == ()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_a_new_version_and_its_note_are_all_that_changes(note: str) -> None:
    module = "slug: x\nversion: 1.2.9\nchanges:\n    1.2.9: Before.   # kept\n    1.0.0: First.\nhours: 3\n"
    flow = "slug: x\nchanges: {1.2.9: Before., 1.0.0: First.}\nversion: '1.2.9'\nhours: 3\n"
    for text in (module, flow, module.replace("\n", "\r\n")):
        new = with_version(text, next_patch("1.2.9"), note)
        read = yaml.load(new, Loader=yaml.BaseLoader)
        assert read["version"] == "1.2.10"
        assert next(iter(read["changes"])) == "1.2.10"
        assert read["changes"].pop("1.2.10") == " ".join(note.split())
        assert {**read, "version": "1.2.9"} == yaml.load(text, Loader=yaml.BaseLoader)
    assert "Before.   # kept" in with_version(module, "1.2.10", note)
