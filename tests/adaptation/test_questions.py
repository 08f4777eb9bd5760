"""The quiz of a module of a course: questions left out, changed, added, and its rules; nothing is published by itself."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.adaptation.models import Edition
from elearn.adaptation.queries import edition, newest_edition
from elearn.adaptation.service import share_course
from elearn.catalogue.item_source import shifted, with_id, with_new_item
from elearn.catalogue.models import Item, ItemRevision
from elearn.db import counted_statements, db, unit_of_work
from tests import shipped
from tests.adaptation.test_updates import Professor
from tests.adaptation.upstream import FOLDER, SLUG
from tests.cast import Cast
from tests.catalogue.test_fixing_items import KEY, other_key, text_in
from tests.data.hostile import BLOW_UPS
from tests.learning.conftest import undo

OWN = """- id: whose-law
  type: single-choice
  prompt: Which law applies?
  outcome: explain-basics
  bloom: apply
  choices:
    - id: criminal-code
      text: The criminal code
      correct: true
      feedback: It names the act.
    - id: civil-code
      text: The civil code
      feedback: It is about damages.
"""


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    return Professor(app, cast)


@pytest.fixture
def page(bruno: Professor) -> str:
    return f"/teach/courses/{bruno.course_id}/{SLUG}/"


def acted(bruno: Professor, page: str, key: str, act: str, status: int = 303):
    fields = {"key": key, "act": act, "seen": bruno.module().overlay.number}
    send = bruno.browser.submit if status == 303 else lambda *args: bruno.browser.post(*args, status=status)
    return send(f"{page}questions", fields)


def keys(bruno: Professor) -> list[str]:
    return [item.key for item in bruno.module().source.items]


def asked(app: Flask, bruno: Professor) -> list[str]:
    """Return the keys of the questions that the newest edition asks."""
    with app.app_context():
        ids = edition(newest_edition(bruno.course_id).id).module(SLUG).item_revision_ids
        names = dict(db.session.execute(select(ItemRevision.id, Item.key).join(Item).where(ItemRevision.id.in_(ids))).all())
        return [names[revision_id] for revision_id in ids]


def add(bruno: Professor, page: str, text: str = OWN, status: int = 303, action: str = "save"):
    form = bruno.browser.get(f"{page}add-question").form("")
    fields = {**form, "text": text, "action": action}
    return (
        bruno.browser.submit(f"{page}add-question", fields) if status == 303 else bruno.browser.post(f"{page}add-question", fields, status)
    )


def test_a_question_is_left_out_and_asked_again(app: Flask, bruno: Professor, page: str) -> None:
    before = keys(bruno)
    left_out = acted(bruno, page, KEY, "exclude")
    assert "left out" in left_out.text
    assert keys(bruno) == [key for key in before if key != KEY]
    bruno.publish()
    assert KEY not in asked(app, bruno)
    acted(bruno, page, KEY, "include")
    assert bruno.module().overlay.changes == {}
    undo(bruno.browser, acted(bruno, page, KEY, "exclude"))
    assert keys(bruno) == before


def test_a_changed_question_is_saved_in_the_course_and_published_with_it(app: Flask, bruno: Professor, page: str) -> None:
    there = f"{page}questions/{KEY}"
    shown = bruno.browser.get(there)
    saved = bruno.browser.submit(there, {**shown.form(""), "text": other_key(text_in(shown)), "action": "save"})
    assert "changed by you" in saved.text, saved.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Edition).where(Edition.course_id == bruno.course_id)) == 1
    change = bruno.module().overlay.changes["items"][KEY]
    bruno.publish()
    with app.app_context():
        assert change["revision"] in edition(newest_edition(bruno.course_id).id).module(SLUG).item_revision_ids
    assert text_in(bruno.browser.get(there)) == other_key(text_in(shown))
    acted(bruno, page, KEY, "restore")
    assert bruno.module().overlay.changes == {}
    assert text_in(bruno.browser.get(there)) == text_in(shown)


def test_the_series_text_typed_again_is_no_change(bruno: Professor, page: str) -> None:
    there = f"{page}questions/{KEY}"
    shown = bruno.browser.get(there)
    bruno.browser.submit(there, {**shown.form(""), "text": other_key(text_in(shown)), "action": "save"})
    again = bruno.browser.get(there)
    bruno.browser.submit(there, {**again.form(""), "text": text_in(shown), "action": "save"})
    assert bruno.module().overlay.changes == {}
    again = bruno.browser.get(there)
    refused = bruno.browser.post(there, {**again.form(""), "text": text_in(again), "action": "save"}, status=422)
    assert "changes nothing" in refused.text


def test_a_text_with_faults_is_kept_with_its_lines(bruno: Professor, page: str) -> None:
    there = f"{page}questions/{KEY}"
    shown = bruno.browser.get(there)
    wrong = text_in(shown).replace("bloom: apply", "bloom: dream")
    refused = bruno.browser.post(there, {**shown.form(""), "text": wrong, "action": "save"}, status=422)
    assert "Line 7" in refused.text or "Line 6" in refused.text
    assert "dream" in refused.form("")["text"]
    assert bruno.module().overlay.number == 1


def test_looking_changes_nothing(bruno: Professor, page: str) -> None:
    looked = add(bruno, page, status=200, action="look")
    assert "Which law applies?" in looked.text
    assert "No faults" in looked.text, looked.text
    assert bruno.module().overlay.number == 1


def test_an_own_question_is_added_at_the_end_and_asked(app: Flask, bruno: Professor, page: str) -> None:
    before = keys(bruno)
    added = add(bruno, page)
    own = f"c{bruno.course_id}-whose-law"
    assert "added by you" in added.text
    assert keys(bruno) == [*before, own]
    bruno.publish()
    assert asked(app, bruno)[-1] == own
    there = f"{page}questions/{own}"
    shown = bruno.browser.get(there)
    assert f"id: {own}" in text_in(shown)
    bruno.browser.submit(there, {**shown.form(""), "text": text_in(shown).replace("Which law applies?", "Whose law?"), "action": "save"})
    assert "Whose law?" in bruno.browser.get(f"{page}questions").text
    removed = acted(bruno, page, own, "remove")
    assert keys(bruno) == before
    undo(bruno.browser, removed)
    assert keys(bruno) == [*before, own]


def test_a_second_question_of_the_same_name_gets_a_name_of_its_own(bruno: Professor, page: str) -> None:
    add(bruno, page)
    acted(bruno, page, f"c{bruno.course_id}-whose-law", "remove")
    add(bruno, page)
    assert keys(bruno)[-1] == f"c{bruno.course_id}-whose-law-2"


@pytest.mark.parametrize(
    "pasted",
    [
        "items:\n" + "".join(f"  {line}\n" for line in OWN.splitlines()),
        "".join(f"    {line}\n" for line in OWN.splitlines()),
        OWN.replace("- id: whose-law\n  type", "- type"),
        OWN.replace("\n", "\r\n"),
        "\n\n" + OWN + "\n\n",
        OWN.strip().replace("- id: whose", "-   id: whose").replace("\n  ", "\n    "),
    ],
    ids=["a whole file", "indented", "without an id", "lines of Windows", "blank lines", "a wide dash"],
)
def test_a_pasted_question_is_taken_as_it_comes(bruno: Professor, page: str, pasted: str) -> None:
    add(bruno, page, pasted)
    assert keys(bruno)[-1] in {f"c{bruno.course_id}-whose-law", f"c{bruno.course_id}-question"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not a question", "fault"),
        ("- id: [", "fault"),
        (OWN + OWN.replace("whose-law", "another"), "only this one question"),
        (OWN.replace("outcome: explain-basics", "outcome: of-nobody"), "of-nobody"),
        (OWN.replace("single-choice", "riddle"), "riddle"),
        (OWN + "pass_mark: 0\n", "fault"),
        ("", "There is no text"),
        ("x" * 20_001, "at most 20000 characters"),
        (OWN.replace("The criminal code", "See [@nobody-wrote-this]"), "nobody-wrote-this"),
    ],
)
def test_what_is_no_question_is_refused_and_kept(bruno: Professor, page: str, text: str, words: str) -> None:
    refused = add(bruno, page, text, status=422)
    assert words in refused.text
    assert bruno.module().overlay.number == 1


@pytest.mark.parametrize("name", ["brackets", "quotations in quotations", "lists in lists", "tags without an end"])
def test_hostile_text_is_a_message_and_not_a_hanging_server(bruno: Professor, page: str, name: str, monkeypatch) -> None:
    monkeypatch.setattr("elearn.adaptation.question_service.SECONDS", 3.0)
    text = OWN.replace("Which law applies?", f"'{BLOW_UPS[name][:19_000]}'")
    form = bruno.browser.get(f"{page}add-question").form("")
    answer = bruno.browser.client.post(f"{page}add-question", data={**form, "text": text, "action": "look"})
    assert answer.status_code in {200, 422}
    assert bruno.module().overlay.number == 1


def test_two_who_add_at_once_both_keep_their_text(bruno: Professor, page: str) -> None:
    form = bruno.browser.get(f"{page}add-question").form("")
    add(bruno, page)
    refused = bruno.browser.post(f"{page}add-question", {**form, "text": OWN.replace("whose", "our"), "action": "save"}, status=409)
    assert "our-law" in refused.form("")["text"]
    bruno.browser.submit(f"{page}add-question", {**refused.form(""), "text": text_in(refused), "action": "save"})
    assert keys(bruno)[-2:] == [f"c{bruno.course_id}-whose-law", f"c{bruno.course_id}-our-law"]


@pytest.mark.parametrize(("key", "act"), [("of-nobody", "exclude"), (KEY, "remove"), (KEY, "restore"), (KEY, "burn")])
def test_what_cannot_be_done_is_no_page(bruno: Professor, page: str, key: str, act: str) -> None:
    acted(bruno, page, key, act, status=404)
    bruno.browser.get(f"{page}questions/of-nobody", 404)


def rules(bruno: Professor, page: str, status: int = 303, **typed: object):
    form = bruno.browser.get(f"{page}quiz").form("")
    fields = {**form, **typed}
    return bruno.browser.submit(f"{page}quiz", fields) if status == 303 else bruno.browser.post(f"{page}quiz", fields, status)


def test_rules_are_the_course_s_and_follow_again_once_they_are_the_same(app: Flask, bruno: Professor, page: str) -> None:
    saved = rules(bruno, page, pass_mark="70", attempts="0", draw="basics: 2\n")
    assert bruno.module().overlay.changes["quiz"] == {"pass_mark": 70, "attempts": 0, "draw": [{"tag": "basics", "count": 2}]}
    bruno.publish()
    with app.app_context():
        quiz = edition(newest_edition(bruno.course_id).id).module(SLUG).quiz
        assert (quiz["pass_mark"], quiz["attempts"], quiz["draw"]) == (70, 0, [{"tag": "basics", "count": 2}])
    undo(bruno.browser, saved)
    assert bruno.module().overlay.changes == {}


@pytest.mark.parametrize(
    "typed", [{"pass_mark": "101"}, {"pass_mark": ""}, {"attempts": "-1"}, {"attempts": "x"}, {"draw": "basics"}, {"draw": "basics: 0"}]
)
def test_rules_that_are_none_are_refused_with_what_was_typed(bruno: Professor, page: str, typed: dict[str, str]) -> None:
    refused = rules(bruno, page, 422, **typed)
    name, value = next(iter(typed.items()))
    assert refused.form("")[name] == value
    assert bruno.module().overlay.number == 1


def test_a_quiz_that_draws_more_than_there_is_is_not_published(bruno: Professor, page: str) -> None:
    rules(bruno, page, draw="basics: 50")
    refused = bruno.browser.post(f"/teach/courses/{bruno.course_id}/publish", status=422)
    assert "50 questions" in refused.text


def test_who_is_not_confirmed_sees_no_question(cast: Cast, bruno: Professor, page: str, browse) -> None:
    with bruno.inside(), unit_of_work():
        share_course(bruno.course_id, cast.gita)
    gita = browse(cast.gita)
    assert f"{page}questions" not in gita.get(page).links().values()
    for address in ("questions", f"questions/{KEY}", "add-question", "quiz"):
        gita.get(f"{page}{address}", 403)
        bruno.browser.get(f"{page}{address}")
    gita.post(f"{page}questions", {"key": KEY, "act": "exclude", "seen": "1"}, status=403)
    browse(cast.dora).get(f"{page}questions", 404)


def test_the_history_shows_every_state_and_gives_each_back(bruno: Professor, page: str) -> None:
    acted(bruno, page, KEY, "exclude")
    add(bruno, page)
    shown = bruno.browser.get(f"{page}history")
    assert "1 question left out" in shown.text
    assert "course made" in shown.text
    restored = bruno.browser.submit(f"{page}history/2/restore", {"seen": "3"})
    assert bruno.module().overlay.changes == {"excluded": [KEY]}
    assert "an earlier state restored" in restored.text
    undo(bruno.browser, restored)
    assert keys(bruno)[-1] == f"c{bruno.course_id}-whose-law"
    bruno.browser.post(f"{page}history/1/restore", {"seen": "3"}, status=409)
    bruno.browser.post(f"{page}history/99/restore", {"seen": "5"}, status=404)


def test_a_long_history_has_pages(bruno: Professor, page: str) -> None:
    for number in range(30):
        bruno.save(lambda module, number=number: {"title": f"Title {number}"})
    with counted_statements() as counted:
        shown = bruno.browser.get(f"{page}history")
    assert len(counted) <= 10
    assert "Page 1 of 2" in shown.text
    assert "course made" in bruno.browser.get(f"{page}history?page=2").text


def test_the_list_of_questions_takes_few_statements(bruno: Professor, page: str) -> None:
    add(bruno, page)
    bruno.browser.get(f"{page}questions")
    with counted_statements() as counted:
        bruno.browser.get(f"{page}questions")
    assert len(counted) <= 10


def test_a_question_more_leaves_the_rest_of_the_file_as_it_is() -> None:
    quiz = shipped.files()[f"{FOLDER}/en/quiz.yml"].decode()
    new, there = with_new_item(quiz, with_id(OWN, "c1-whose-law"))
    assert new[there.start : there.end] == there.text
    assert new.split("\n")[there.line - 1].strip() == "- id: c1-whose-law"
    assert new.replace("\n" + there.text, "") == quiz
    assert "\n".join(shifted(there.text, 0)) == with_id(OWN, "c1-whose-law").strip("\n")
