"""Files as other systems write them: what is read of them, and what is noted."""

from decimal import Decimal
from pathlib import Path

import pytest

from elearn.exchange import gift_read, moodle_read, qti_read
from elearn.exchange.author import canonical
from elearn.exchange.formats import read
from elearn.exchange.report import Reading
from tests.exchange.test_hostile import packed

SAMPLES = Path(__file__).parents[1] / "data/exchange"


def sample(name: str, file: str) -> dict[str, dict]:
    return {item["id"]: canonical(item) for item in read(name, (SAMPLES / file).read_bytes()).items}


def codes(reading: Reading, item: str = "") -> set[str]:
    return {note.code for note in reading.notes if note.item == item}


def gift(text: str) -> dict:
    (item,) = gift_read.read(text.encode()).items
    return canonical(item)


def moodle(question: str) -> Reading:
    return moodle_read.read(f"<quiz>{question}</quiz>".encode())


def test_gift_as_a_teacher_types_it() -> None:
    items = sample("gift", "teacher.gift")
    assert items["grant"] == {
        "id": "grant",
        "type": "single-choice",
        "prompt": "Who is buried in Grant's tomb?",
        "outcome": "explain-basics",
        "bloom": "remember",
        "tags": ["history"],
        "feedback": "Look it up: it is a \\*tomb\\*.",
        "choices": [
            {"id": "grant", "text": "Grant", "correct": True, "feedback": "Yes, he is."},
            {"id": "his-wife", "text": "His wife", "weight": 50, "feedback": "Partly: she lies beside him."},
            {"id": "nobody", "text": "nobody"},
        ],
    }
    right, wrong = {"id": "false", "correct": True, "feedback": "Right, it does not."}, {"id": "true", "feedback": "No: in the east."}
    assert items["the-sun-rises-in-the-west"]["choices"] == [wrong, right]
    assert items["two-plus-two"]["prompt"] == "What is **two** plus *two*?  \nThink & write."
    assert (items["two-plus-two"]["accept"], len(items["two-plus-two"]["anticipated"])) == (["four", "4"], 2)
    assert items["when-was-ulysses-s-grant-born"] | {"value": 1822, "tolerance": 5} == items["when-was-ulysses-s-grant-born"]
    assert items["what-is-to-three-places"]["range"] == [Decimal("3.141"), Decimal("3.142")]
    assert [choice["weight"] for choice in items["many"]["choices"]] == [50, 50, -100, 0]
    assert [prompt["match"] for prompt in items["match-the-capital"]["prompts"]] == ["ottawa", "rome", "tokyo"]
    assert items["match-the-capital"]["choices"][3] == {"id": "berlin", "text": "Berlin"}
    assert items["moodle-costs-to-download-from-moodle-org"]["type"] == "single-choice"
    assert items["two-plus-equals-four"]["prompt"] == "Two plus \\_\\_\\_\\_\\_ equals four."
    assert items["escapes-braces-hash-tilde-equals-back-sl"]["prompt"].endswith("back\\\\slash.\nNext line")
    assert items["escapes-braces-hash-tilde-equals-back-sl"]["accept"] == ["a=b"]
    assert items["write-about-toads"]["type"] == "essay"
    assert items["order"]["scoring"] == "per-position"
    assert len(items) == 12


def test_what_gift_cannot_bring_is_noted() -> None:
    reading = read("gift", (SAMPLES / "teacher.gift").read_bytes())
    assert codes(reading) == {"category", "no-question", "not-closed"}
    assert "42: Just a text" in next(note.detail for note in reading.notes if note.code == "no-question")
    assert codes(reading, "two-plus-two") == {"wildcard", "partial-credit", "id-made", "no-outcome"}
    assert codes(reading, "when-was-ulysses-s-grant-born") == {"right-feedback", "id-made", "no-outcome"}
    assert codes(reading, "grant") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a{T}", ("true-false", "true")),
        ("a{FALSE}", ("true-false", "false")),
        ("a{f#x}", ("true-false", "false")),
    ],
)
def test_gift_true_and_false(text: str, expected: tuple[str, str]) -> None:
    item = gift(text)
    assert (item["type"], next(side["id"] for side in item["choices"] if side.get("correct"))) == expected


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("#3", {"value": 3}),
        ("#-3.5:0.25", {"value": Decimal("-3.5"), "tolerance": Decimal("0.25")}),
        ("# 1..2", {"range": [1, 2]}),
        ("#2..1", {"range": [1, 2]}),
        ("#=3:1", {"value": 3, "tolerance": 1}),
        ("#1e3", {"value": 1000}),
        ("#3,5", {"value": Decimal("3.5")}),
        ("#\n=1..2\n=%0%5#No", {"range": [1, 2], "anticipated": [{"value": 5, "feedback": "No"}]}),
    ],
)
def test_gift_numbers(body: str, fields: dict) -> None:
    item = gift(f"a{{{body}}}")
    assert item["type"] == "numeric"
    assert {key: item.get(key) for key in fields} == fields


@pytest.mark.parametrize("body", ["#x", "#", "#1e9999", "=", "~a", "=a -> b", "#٣x", ">1\na", "~%50%a"])
def test_gift_that_makes_no_question_is_noted_and_left_out(body: str) -> None:
    reading = gift_read.read(f"a{{{body}}}".encode())
    assert reading.items == ()
    assert len(codes(reading)) == 1


def test_gift_formats_are_honoured() -> None:
    assert gift("[markdown]*a* <b>{T}")["prompt"] == "*a* <b>"
    assert gift("[plain]*a* <b>{T}")["prompt"] == "\\*a\\* &lt;b>"
    assert gift("[html]<em>a</em>{T}")["prompt"] == "*a*"
    assert gift("*a*{T}")["prompt"] == "\\*a\\*"
    assert gift("[html]x{~[markdown]*a* =<em>b</em>}")["choices"] == [
        {"id": "a", "text": "*a*"},
        {"id": "b", "text": "*b*", "correct": True},
    ]


def test_gift_in_other_encodings_and_line_ends() -> None:
    for content in ("a{T}\r\n\r\nb{F}\r\n".encode("utf-16"), "\ufeffa{T}\n\nb{F}".encode(), b"a{T}\r\rb{F}"):
        assert [item["prompt"] for item in gift_read.read(content).items] == ["a", "b"]


def test_two_questions_of_one_name_have_ids_of_their_own() -> None:
    items = gift_read.read(b"::n::a{T}\n\n::n::b{T}\n\n// [id:n]\n::n::c{T}\n").items
    assert [item["id"] for item in items] == ["n", "n-2", "n-3"]


def test_moodle_4() -> None:
    items = sample("moodle", "moodle-4.xml")
    assert items["phishing-1"] == {
        "id": "phishing-1",
        "type": "single-choice",
        "prompt": "What is **phishing**?\n\nA mail that asks for a password",
        "points": 2,
        "outcome": "explain-basics",
        "bloom": "understand",
        "tags": ["phishing"],
        "hints": ["Think of fishing."],
        "feedback": "See the [guide](https://example.org/a_b%28c%29) or this.",
        "choices": [
            {"id": "a-message-that-pretends", "text": "A message that *pretends*", "correct": True, "feedback": "Yes."},
            {"id": "any-unwanted-mail", "text": "Any unwanted mail", "weight": 33},
            {"id": "a-virus", "text": "A virus", "feedback": "No."},
        ],
    }
    assert [choice["weight"] for choice in items["traffic-data"]["choices"]] == [34, 33, 33, 0]
    assert items["short"] | {"accept": ["32", "2**5"], "normalise": ["space"], "feedback": "Right."} == items["short"]
    assert items["num"]["unit"] == "km"
    assert items["num"]["anticipated"] == [{"value": Decimal("7.8"), "tolerance": Decimal("0.1"), "feedback": "These are miles."}]
    assert [choice["text"] for choice in items["order"]["choices"]] == ["First", "Then", "Last"]
    assert items["places"]["text"] == "The treaty of {{gap-1}} is of {{gap-2}} and {{gap-3}}."
    assert (items["places"]["prompt"], items["places"]["points"]) == ("Fill in the gaps.", 4)
    assert items["places"]["gaps"][1] == {"id": "gap-2", "kind": "numeric", "value": 2001, "tolerance": 1, "weight": 2}
    assert items["essay"] | {"min_words": 200, "max_words": 500, "model_answer": "- Facts\n- Law"} == items["essay"]


def test_what_moodle_cannot_bring_is_noted() -> None:
    reading = read("moodle", (SAMPLES / "moodle-4.xml").read_bytes())
    assert codes(reading) == {"category", "unsupported-type"}
    assert codes(reading, "phishing-1") == {
        "picture",
        "overall-feedback",
        "file-left-out",
        "weights-rounded",
        "negative-weight",
        "id-made",
        "link-left-out",
    }
    assert codes(reading, "places") == {"answer-feedback", "partial-credit", "answer-left-out", "id-made", "no-outcome"}
    assert {"scoring-changed"} < codes(reading, "order")
    assert {"unit-left-out"} < codes(reading, "num")


def test_moodle_with_two_right_answers_is_for_the_author_to_decide() -> None:
    answers = "".join(f'<answer fraction="100"><text>{text}</text></answer>' for text in "ab")
    text = f'<question type="multichoice"><questiontext><text>x</text></questiontext><single>true</single>{answers}</question>'
    reading = moodle(text)
    assert "two-right-answers" in codes(reading, "x")
    told = read("moodle", f"<quiz>{text}</quiz>".encode())
    assert any("only one choice can be right" in note.detail for note in told.notes if note.code == "check")


@pytest.mark.parametrize(
    "question",
    [
        '<question type="truefalse"><questiontext><text>x</text></questiontext></question>',
        '<question type="cloze"><name><text>x</text></name></question>',
        '<question type="cloze"><questiontext><text>{1:SHORTANSWER:}</text></questiontext></question>',
        '<question type="cloze"><questiontext><text>no gap</text></questiontext></question>',
        '<question type="essay"/>',
        '<question type="numerical"><questiontext><text>x</text></questiontext><answer fraction="100"><text>*</text></answer></question>',
        '<question type="nonsense"/>',
        "<question/>",
    ],
)
def test_moodle_that_makes_no_question_is_noted_and_left_out(question: str) -> None:
    reading = moodle(question)
    assert reading.items == ()
    assert len(codes(reading)) == 1


def test_canvas() -> None:
    items = sample("qti", "canvas.xml")
    assert items["gabc1"] == {
        "id": "gabc1",
        "type": "single-choice",
        "prompt": "What is **malware**?",
        "points": Decimal("2.5"),
        "feedback": "From “malicious software”.",
        "choices": [
            {"id": "harmful-software", "text": "Harmful software", "correct": True, "feedback": "Well done!"},
            {"id": "hardware", "text": "Hardware", "feedback": "One can drop it on a foot."},
        ],
    }
    assert items["gabc2"]["choices"] == [{"id": "true"}, {"id": "false", "correct": True}]
    assert items["gabc3"]["scoring"] == "exact"
    assert [choice.get("correct", False) for choice in items["gabc3"]["choices"]] == [True, True, False]
    assert items["gabc4"]["accept"] == ["Budapest", "budapest, hungary"]
    assert (items["gabc5"]["value"], items["gabc5"]["tolerance"]) == (32, Decimal("0.5"))
    assert [(prompt["text"], prompt["match"]) for prompt in items["gabc6"]["prompts"]] == [("Budapest", "n2001"), ("Malabo", "n2014")]
    assert [choice["text"] for choice in items["gabc6"]["choices"]] == ["2001", "2014", "1948"]
    assert items["gabc7"]["text"] == "Roses are {{colour}}."
    assert items["gabc8"] == {"id": "gabc8", "type": "essay", "prompt": "Discuss.", "points": 5}
    reading = read("qti", (SAMPLES / "canvas.xml").read_bytes())
    assert "file_upload_question" in next(note.detail for note in reading.notes if note.code == "unsupported-type")


def test_qti_1_2_without_canvas_words() -> None:
    item = sample("qti", "blackboard-1.2.xml")["q1"]
    assert item["prompt"] == "Which **two**?\n\na; b"
    assert [(choice["id"], choice["weight"]) for choice in item["choices"]] == [("alpha", 50), ("beta", 50), ("gamma", -50)]


def test_tao() -> None:
    assert sample("qti", "tao.xml")["i5f0c3a2b1d"] == {
        "id": "i5f0c3a2b1d",
        "type": "single-choice",
        "prompt": "A suspect says “it was not me”.\n\nWhat does an *address* prove?",
        "points": 3,
        "choices": [
            {"id": "choice-1", "text": "Who it was", "feedback": "A line is not a person."},
            {"id": "choice-2", "text": "Which line was used", "correct": True},
            {"id": "choice-3", "text": "Nothing"},
        ],
    }


def test_inspera() -> None:
    item = sample("qti", "inspera.xml")["id-118204411"]
    assert (item["prompt"], item["points"]) == ("Complete the sentence.", 4)
    assert item["text"] == "The convention of {{response-1}} is {{response-2}} since {{response-3}}."
    assert item["gaps"] == [
        {"id": "response-1", "kind": "text", "accept": ["Budapest", "Buda-Pest"], "weight": 2},
        {
            "id": "response-2",
            "kind": "choice",
            "choices": [{"id": "rid1", "text": "binding", "correct": True}, {"id": "rid2", "text": "void"}],
        },
        {"id": "response-3", "kind": "numeric", "range": [2000, 2002]},
    ]


def test_matching_of_qti_2_1() -> None:
    reading = read("qti", (SAMPLES / "matching-2.1.xml").read_bytes())
    (item,) = reading.items
    assert [(prompt["text"], prompt["match"]) for prompt in item["prompts"]] == [("Capulet", "r"), ("Demetrius", "m")]
    assert item["points"] == Decimal("1.5")
    assert ("answer-left-out", "Lysander") in {(note.code, note.detail) for note in reading.notes}


ITEM = (
    '<assessmentItem identifier="x" title="t"><responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">'
    "{declared}</responseDeclaration><itemBody><p>Q</p>{body}</itemBody>{rules}</assessmentItem>"
)
CHOICES = "".join(f'<simpleChoice identifier="{name}">{name.upper()}</simpleChoice>' for name in "abc")


def qti(body: str, declared: str = "", cardinality: str = "single", rules: str = "") -> Reading:
    return qti_read.read(ITEM.format(body=body, declared=declared, cardinality=cardinality, rules=rules).encode())


def test_qti_feedback_within_a_choice_is_that_choice_s() -> None:
    inner = '<feedbackInline outcomeIdentifier="F" identifier="a" showHide="show">No</feedbackInline>'
    body = f'<choiceInteraction responseIdentifier="R">{CHOICES.replace(">A<", f">A {inner}<")}</choiceInteraction>'
    (item,) = qti(body, "<correctResponse><value>b</value></correctResponse>").items
    assert item["choices"][0] == {"id": "a", "text": "A", "feedback": "No"}


def test_qti_all_or_nothing_is_exact_and_a_mapping_has_weights() -> None:
    body = f'<choiceInteraction responseIdentifier="R" maxChoices="0">{CHOICES}</choiceInteraction>'
    right = "<correctResponse><value>a</value><value>b</value></correctResponse>"
    (item,) = qti(body, right, "multiple").items
    assert item["scoring"] == "exact"
    mapping = '<mapping><mapEntry mapKey="a" mappedValue="3"/><mapEntry mapKey="b" mappedValue="1"/></mapping>'
    template = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}"/>'
    (item,) = qti(body, right + mapping, "multiple", template.format("map_response")).items
    assert [choice["weight"] for choice in item["choices"]] == [75, 25, 0]
    assert item["points"] == 4
    (item,) = qti(body, right + mapping, "multiple", template.format("match_correct")).items
    assert (item["scoring"], canonical(item).get("points")) == ("exact", None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "no-question"),
        ("<hotspotInteraction responseIdentifier='R'/>", "unsupported-type"),
        ("<uploadInteraction responseIdentifier='R'/>", "unsupported-type"),
        (f"<choiceInteraction responseIdentifier='R'>{CHOICES}</choiceInteraction>" * 2, "several-questions"),
        ("<choiceInteraction responseIdentifier='R'/>", "too-few-choices"),
        ("<orderInteraction responseIdentifier='R'><simpleChoice identifier='a'>A</simpleChoice></orderInteraction>", "no-right-answer"),
        ("<matchInteraction responseIdentifier='R'/>", "no-right-answer"),
        ("<p><textEntryInteraction responseIdentifier='R'/></p>", "no-accepted-answer"),
    ],
)
def test_qti_that_makes_no_question_is_noted_and_left_out(body: str, code: str) -> None:
    reading = qti(body)
    assert reading.items == ()
    assert codes(reading) == {code}


def test_a_package_without_a_manifest_and_one_with_gaps_in_it() -> None:
    tao = (SAMPLES / "tao.xml").read_bytes()
    assert len(qti_read.read(packed({"a.xml": tao})).items) == 1
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>'
        '<resource identifier="a" type="imsqti_item_xmlv2p2" href="items/a%20b.xml"><metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>'
        "<keyword><string>bloom:apply</string></keyword><keyword><string>law</string></keyword></general></lom></metadata></resource>"
        '<resource identifier="b" type="imsqti_item_xmlv2p2" href="items/missing.xml"/>'
        '<resource identifier="c" type="imsqti_test_xmlv2p2" href="test.xml"/><resource identifier="d" type="webcontent" href="x.css"/>'
        "</resources></manifest>"
    )
    files = {"p/imsmanifest.xml": manifest.encode(), "p/items/a b.xml": tao, "p/test.xml": b"<assessmentTest/>", "p/x.css": b"p{}"}
    reading = qti_read.read(packed(files))
    (item,) = reading.items
    assert (item["bloom"], item["tags"]) == ("apply", ["law"])
    assert codes(reading) == {"file-left-out", "file-missing", "test-left-out"}
