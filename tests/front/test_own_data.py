"""What is kept of a person: shown with numbers, written out whole, and nothing of anybody else."""

import json

import pytest
from flask import Flask

from elearn.accounts.models import Person
from elearn.assessment.models import Attempt
from elearn.assessment.queries import laid_items
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.items.wording import texts
from elearn.db import db, unit_of_work
from elearn.front import own_data
from tests.cast import NAMES, Cast, address
from tests.front.conftest import ADDRESS, CANARIES, NAME, Everything


def test_the_download_holds_what_was_put_in(everything: Everything, browse) -> None:
    kept = everything.export(browse(everything.id))
    assert (kept["format"], kept["version"]) == ("elearn-own-data", 1)
    parts = {key: part["lines"] for key, part in kept["parts"].items()}
    person = parts["person"][0]
    assert (person["name"], person["sign_in_name"], person["has_second_factor"]) == (NAME, CANARIES["sign-in name"], False)
    assert [each["address"] for each in parts["addresses"]] == ["ana@example.org", ADDRESS]
    assert parts["addresses"][0]["verified_at"].endswith("Z")
    assert parts["addresses"][1]["verified_at"] is None
    assert parts["memberships"][0]["note"] == CANARIES["word of a decision"]
    assert parts["institutions_requested"][0]["name"] == "A school that is not listed"
    assert CANARIES["browser"] in {each["browser"] for each in parts["sign_ins"]}
    assert parts["one_time_links"][0]["purpose"] == "verify-address"
    assert len(parts["recovery_codes"]) == 1
    assert {each["subject"] for each in parts["mails"]} == {f"To {NAME}", "To your address"}
    assert [(each["action"], each["by"]) for each in parts["acts"]] == [("ask-for-role", "you"), ("decline-membership", "somebody else")]
    place = parts["places"][0]
    assert (place["student_id"], place["group"], place["email"]) == (CANARIES["student number"], "Tuesday", CANARIES["roster address"])
    assert [(each["kind"], each["by_you"]) for each in parts["place_changes"]] == [("joined", True), ("extended", False)]
    assert [each["kind"] for each in parts["slips"]] == ["password"]
    assert [each["action"] for each in parts["acts_on_places"]] == ["make-slip"]
    assert [each["done"] for each in parts["section_marks"]] == [True]
    assert parts["progress"][0]["attempts"] + parts["progress"][-1]["attempts"] >= 1
    assert parts["results"][0]["points"] <= parts["results"][0]["max_points"]
    assert {each["class"] for each in parts["activity"]} == {"Bruno's class"}
    assert [each["class"] for each in parts["attempts"]] == ["Bruno's class", None]
    assert parts["review"][0]["is_on"] is True
    assert [(each["pause"], each["answers"]) for each in parts["review_cards"]] == [(1, 1)]
    assert [each["answer"] for each in parts["review_answers"]] == [CANARIES["own words in review"]]
    assert parts["review_answers"][0]["question"]
    assert parts["review_answers"][0]["points"] == 0


def test_answers_stand_there_with_their_questions_and_in_words(everything: Everything, browse) -> None:
    answers = everything.export(browse(everything.id))["parts"]["answers"]["lines"]
    typed = [each for each in answers if each["answer"] == CANARIES["own words"]]
    assert typed
    assert typed[0]["question"]
    chosen = [each for each in answers if isinstance(each["answer"], list)]
    assert all(len(each["answer"]) == len(each["answer_in_words"]) for each in chosen)
    assert chosen
    assert not set(chosen[0]["answer"]) & set(chosen[0]["answer_in_words"])


def test_no_answer_key_is_in_it(everything: Everything, browse) -> None:
    text = json.dumps(everything.export(browse(everything.id)), ensure_ascii=False)
    with everything.app.app_context():
        items = laid_items(db.session.get_one(Attempt, everything.attempt_id).layout)
        feedback = {words["feedback"] for item in items for words in item.pinned.definition["wording"].values()}
        feedback |= {
            text
            for item in items
            for words in item.pinned.definition["wording"].values()
            for place, text in texts(words, type_of(item.pinned.definition).WORDING)
            if place[-1] == "feedback"
        }
    assert len(feedback) > 10
    assert not [words for words in feedback if words and words in text]
    assert '"correct"' not in text
    assert '"accept"' not in text


def test_nobody_else_is_in_it(everything: Everything, app: Flask, browse, cast: Cast) -> None:
    called = {name: f"{name} Example" for name in NAMES} | {"Ana": NAME}
    for name in NAMES:
        if name == "Hugo":
            continue
        text = browse(cast.people[name]).client.get("/account/data/my-data.json").get_data(as_text=True)
        assert called[name] in text
        for other in NAMES:
            if other != name:
                assert called[other] not in text, (name, other)
                assert address(other) not in text, (name, other)
        assert name == "Ana" or not [canary for canary in CANARIES.values() if canary in text]


def test_no_secret_is_in_it(everything: Everything, browse) -> None:
    text = json.dumps(everything.export(browse(everything.id)))
    for secret in ("0" * 64, "1" * 64, "2" * 64, "argon2", "token", "digest", "nonce"):
        assert secret not in text


def test_it_is_a_file_that_keeps_every_letter(everything: Everything, browse) -> None:
    browser = browse(everything.id)
    odd = "Ünal\u2028“x”\\ עברית 😀"
    with everything.app.app_context(), unit_of_work():
        db.session.get_one(Person, everything.id).name = odd
    response = browser.client.get("/account/data/my-data.json")
    assert response.headers["Content-Disposition"] == "attachment; filename=my-data.json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.is_streamed
    body = response.get_data()
    assert json.loads(body)["parts"]["person"]["lines"][0]["name"] == odd
    assert "עברית" in body.decode()
    again = browser.client.get("/account/data/my-data.json").get_data()
    assert [line for line in again.splitlines() if b"made_at" not in line] == [line for line in body.splitlines() if b"made_at" not in line]


def test_the_page_counts_what_the_download_holds(everything: Everything, browse) -> None:
    browser = browse(everything.id)
    kept = everything.export(browser)["parts"]
    page = browser.get("/account/data")
    rows = {"".join(row[0].itertext()): "".join(row[2].itertext()) for row in page.root.iter("tr") if len(row) == 3 and row[0].tag == "th"}
    assert {part["title"]: str(len(part["lines"])) for part in kept.values() if part["lines"]} == {
        title: count for title, count in rows.items() if title != "What"
    }
    assert page.links()["Download my data"] == "/account/data/my-data.json"


@pytest.mark.parametrize("room", own_data.ROOMS, ids=lambda room: room.__name__)
def test_every_part_says_what_it_means(context: Flask, cast: Cast, room) -> None:
    assert set(room.WORDS) == set(room.export_of(cast.ana))


def test_no_two_rooms_call_a_part_the_same(context: Flask, cast: Cast) -> None:
    keys = [part.key for part in own_data.parts_of(cast.ana)]
    assert len(keys) == len(set(keys))
