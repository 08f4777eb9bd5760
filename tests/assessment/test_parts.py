"""Questions answered in parts, and numbers: by a form, by a script, by anybody; kept, refused with a reason, and explained."""

from typing import Any

import pytest
from flask import Flask

from elearn.catalogue.items.numbers import needs_digits_only
from tests.assessment.conftest import Sitting, fields_of, right_response, sit, wrong_response
from tests.cast import Cast

IN_PARTS = ["matching", "ordering", "cloze"]


def result_of(ana: Sitting) -> Any:
    return ana.browser.submit(ana.path, {"action": "submit-anyway"})


@pytest.mark.parametrize("type_", IN_PARTS)
@pytest.mark.parametrize("response", [right_response, wrong_response])
def test_a_form_and_a_script_give_the_same_response(ana: Sitting, type_: str, response) -> None:
    item = ana.item(type_)
    ana.send((item.key, response(item)))
    sent = ana.standing()
    assert sent == {item.key: response(item)}
    ana.send((item.key, None))
    ana.post(**ana.browser.get(ana.path).form(ana.path) | fields_of(item, response(item)) | {"action": "save"})
    assert ana.standing() == sent
    page = ana.browser.get(ana.path).form(ana.path)
    assert {name: page[name] for name in fields_of(item, response(item))} == fields_of(item, response(item))
    rows = ana.rows()
    ana.post(**page | {"action": "save"})
    assert ana.rows() == rows


@pytest.mark.parametrize("type_", IN_PARTS)
def test_only_what_is_filled_in_is_kept(ana: Sitting, type_: str) -> None:
    item = ana.item(type_)
    right = right_response(item)
    first = dict(list(right.items())[:1])
    ana.post(**ana.browser.get(ana.path).form(ana.path) | fields_of(item, dict.fromkeys(right, "") | first) | {"action": "save"})
    assert ana.standing() == {item.key: first}
    ana.post(**ana.browser.get(ana.path).form(ana.path) | fields_of(item, dict.fromkeys(right, "")) | {"action": "save"})
    assert ana.standing() == {item.key: None}


@pytest.mark.parametrize(
    ("type_", "response", "words"),
    [
        ("matching", {"nobody": "x"}, "has no part “nobody”"),
        ("matching", {"{part}": "nowhere"}, "has no choice “nowhere”"),
        ("matching", {"{part}": ["a", "b"]}, "takes one answer only"),
        ("matching", {"{part}": 7}, "An answer is a text"),
        ("matching", "council-of-europe", "is answered in parts"),
        ("matching", ["a"], "is answered in parts"),
        ("matching", {str(n): "" for n in range(501)}, "An answer is a text"),
        ("matching", {"\ud800": "x"}, "has no part “?”"),
        ("matching", {"{part}": "\x00"}, "has no choice"),
        ("ordering", {"{part}": "0"}, "has no position “0”"),
        ("ordering", {"{part}": "١"}, "has no position “١”"),
        ("ordering", {"{part}": "1" * 300}, "has no position"),
        ("cloze", {"nobody": "x"}, "has no part “nobody”"),
        ("cloze", {"{part}": "x" * 100_001}, "too long"),
        ("numeric", "many", "asks for a number"),
        ("numeric", "5 km", "asks for a number"),
        ("numeric", "1" * 51, "too long"),
        ("numeric", ["1", "2"], "takes one answer only"),
        ("numeric", {"a": "1"}, "is not answered in parts"),
        ("numeric", "1\ud800", "asks for a number"),
        ("single-choice", {"a": "b"}, "is not answered in parts"),
    ],
)
def test_what_cannot_be_an_answer_is_said_at_its_question(ana: Sitting, type_: str, response: Any, words: str) -> None:
    item = ana.item(type_)
    if isinstance(response, dict):
        part = next(iter(right_response(item))) if "{part}" in response else ""
        response = {key.replace("{part}", part): value for key, value in response.items()}
    problem = ana.send((item.key, response), status=422)
    assert list(problem["fields"]) == [item.field]
    assert words in problem["fields"][item.field]
    assert ana.rows() == 0


def test_a_refused_form_keeps_every_part_as_it_was_filled_in(ana: Sitting) -> None:
    number, cloze, matching = (ana.item(type_) for type_ in ("numeric", "cloze", "matching"))
    fields = fields_of(number, "about 5 km") | fields_of(cloze, wrong_response(cloze)) | fields_of(matching, right_response(matching))
    page = ana.post(422, **ana.browser.get(ana.path).form(ana.path) | fields | {"action": "save"})
    kept = page.form(ana.path)
    assert {name: kept[name] for name in fields} == fields
    fieldset = page.all("fieldset", id=f"question-{number.number}")[0]
    assert f"Question {number.number} asks for a number" in "".join(fieldset.itertext())
    assert ana.rows() == 0
    ana.post(**kept | {number.field: "5", "action": "save"})
    assert ana.standing() == {number.key: "5", cloze.key: wrong_response(cloze), matching.key: right_response(matching)}


def test_a_part_that_no_page_has_is_refused_in_a_form_too(ana: Sitting) -> None:
    item, plain = ana.item("matching"), ana.item("single-choice")
    assert "is answered in parts" in ana.post(422, **{item.field: "x"}, action="save").text
    assert "has no part “”" in ana.post(422, **{item.field: "x", f"{item.field}.budapest": "x"}, action="save").text
    assert "is not answered in parts" in ana.post(422, **{f"{plain.field}.part": "x"}, action="save").text
    assert "no question “nothing”" in ana.post(422, **{"answer-nothing.part": "x"}, action="save").text
    assert ana.rows() == 0


def test_a_megabyte_in_a_part_is_too_large(ana: Sitting) -> None:
    item = ana.item("cloze")
    part = next(iter(right_response(item)))
    ana.post(413, **{f"{item.field}.{part}": "x" * 1_100_000}, action="save")
    ana.send((item.key, {part: "x" * 1_100_000}), status=413)
    assert ana.rows() == 0


def test_one_position_may_be_given_twice_and_is_not_lost(ana: Sitting) -> None:
    item = ana.item("ordering")
    ana.send((item.key, wrong_response(item)))
    assert ana.standing() == {item.key: wrong_response(item)}
    page = result_of(ana)
    fieldset = page.all("fieldset", id=f"question-{item.number}")[0]
    assert len([each for each in fieldset.iter("li") if each.get("class") == "part-result part-wrong"]) == len(wrong_response(item))


@pytest.mark.parametrize("typed", ["15,000", "١٥٬٠٠٠ victims", " 15 000 "])
def test_a_number_is_kept_as_typed_and_the_result_says_as_what_it_was_read(ana: Sitting, typed: str) -> None:
    item = next(item for item in ana.items if item.key == "estimate-victims")
    ana.send((item.key, typed))
    assert ana.standing() == {item.key: typed.strip()}
    page = result_of(ana)
    fieldset = page.all("fieldset", id=f"question-{item.number}")[0]
    text = " ".join(" ".join(fieldset.itertext()).split())
    assert fieldset.get("class") == "item item-right"
    assert f"Your answer {typed.strip()} Read as the number 15000 victims Accepted 15000 victims" in text
    assert "It may be written with a comma or a dot." in text


def test_each_part_is_explained_in_words(ana: Sitting) -> None:
    item = next(item for item in ana.items if item.key == "fill-bank-message")
    ana.send((item.key, {"lie": "enabled", "program": "enabled"}))
    fieldset = result_of(ana).all("fieldset", id=f"question-{item.number}")[0]
    lines = [" ".join(" ".join(each.itertext()).split()) for each in fieldset.iter("li") if "part-result" in each.get("class", "")]
    assert [line.split(" It is")[0].split(" Without")[0].split(" A notebook")[0] for line in lines] == [
        "Gap 1 of 3 Your answer: cyber-enabled Right",
        "Gap 2 of 3 Your answer: cyber-enabled Not right Right answer: cyber-dependent",
        "Gap 3 of 3 Not answered Right answer: cyber-assisted",
    ]
    assert "It is fraud, which is older than any network." in lines[0]
    assert "The lie that makes the customer transfer money is cyber-enabled (Right)." in " ".join("".join(fieldset.itertext()).split())


def test_every_control_has_a_name_of_its_own(ana: Sitting) -> None:
    page = ana.browser.get(ana.path)
    for item in ana.items:
        if item.pinned.type not in IN_PARTS:
            continue
        fieldset = page.all("fieldset", id=f"question-{item.number}")[0]
        labels = {label.get("for"): "".join(label.itertext()).strip() for label in fieldset.iter("label")}
        controls = [e for e in fieldset.iter() if e.tag in {"select", "input"} and e.get("type") != "hidden"]
        names = [control.get("aria-label") or labels[control.get("id")] for control in controls]
        assert len(names) == len(set(names)) == len(right_response(item))
        if item.pinned.type == "cloze":
            assert all(name.startswith(f"Gap {n} of {len(names)}") for n, name in enumerate(names, start=1))


def test_answers_stand_in_the_download_in_words(app: Flask, browse, cast: Cast, ana: Sitting) -> None:
    items = {item.key: item for item in ana.items}
    ana.send(("match-treaties", {"cairo": "arab-league"}), ("order-funnel", {"report": "2", "notice": "1"}))
    ana.send(("fill-divides", {"income": "71", "wider": "place"}), ("ratifications-needed", "40"))
    text = ana.browser.client.get("/account/data/my-data.json").json
    words = {each["question_key"]: each["answer_in_words"] for each in text["parts"]["answers"]["lines"]}
    assert words == {
        "match-treaties": ["Convention adopted in Cairo in 2010: League of Arab States"],
        "order-funnel": ["1. The victim notices that something has happened", "2. The victim tells an authority"],
        "fill-divides": ["71", "city and countryside"],
        "ratifications-needed": [],
    }
    assert set(words) <= set(items)


def test_somebody_s_hostile_text_in_a_gap_stays_text(ana: Sitting) -> None:
    item = next(item for item in ana.items if item.key == "fill-addresses")
    typed = '"><script>alert(1)</script>'
    ana.send((item.key, {"detail": typed}))
    assert ana.browser.get(ana.path).form(ana.path)[f"{item.field}.detail"] == typed
    assert typed in result_of(ana).text


def test_choices_of_parts_stand_in_the_order_drawn_for_each_attempt(app: Flask, browse, cast: Cast) -> None:
    orders = set()
    for who in ("ana", "emil", "bruno", "dora"):
        sitting = sit(app, browse(getattr(cast, who)), "/modules/introduction-to-cybercrime/quiz")
        item = next(item for item in sitting.items if item.key == "order-instruments")
        page = sitting.browser.get(sitting.path)
        fieldset = page.all("fieldset", id=f"question-{item.number}")[0]
        shown = [control.get("name").split(".")[1] for control in fieldset.iter("select")]
        assert shown == list(item.choices)
        assert sorted(shown) == sorted(right_response(item))
        orders.add(tuple(shown))
    assert len(orders) > 1


def test_numbers_are_asked_for_with_a_keyboard_for_numbers_unless_a_minus_is_needed(ana: Sitting) -> None:
    fields = {field.get("name"): field.get("inputmode") for field in ana.browser.get(ana.path).all("input", type="text")}
    wanted = {}
    for item in ana.items:
        shown = item.shown("en")
        if shown.input == "text":
            wanted[item.field] = "decimal" if item.pinned.type == "numeric" else None
        if shown.input == "gaps":
            wanted |= {f"{item.field}.{part.id}": "decimal" if part.is_number else None for part in shown.parts if part.input == "text"}
    assert {"decimal", None} == set(wanted.values())
    assert fields == wanted
    assert [needs_digits_only(facts) for facts in ({"value": "0"}, {"value": "-0.5"}, {"range": ["-1", "1"]}, {"range": ["2", "3"]})] == [
        True, False, False, True,
    ]  # fmt: skip
