"""Out and back: what comes back is what went, save for what the report lists; and the report lists nothing else."""

import copy

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from elearn.config import CONTENT
from elearn.exchange.author import MISSING, canonical, differences, read_aside, restore, write_aside
from elearn.exchange.formats import FORMATS, read
from elearn.exchange.quiz_yaml import items_of, written
from tests.exchange.synthetic import COMMON, ITEMS, TYPES

SHIPPED = items_of((CONTENT / "01-introduction-to-cybercrime/en/quiz.yml").read_text(encoding="utf-8"))
QUIZZES = {"shipped": SHIPPED, "synthetic": ITEMS}


def left_out(name: str) -> set[str]:
    """Return the ids of the shipped questions that a format has no kind of question for: GIFT knows no gaps."""
    return {item["id"] for item in SHIPPED if name == "gift" and item["type"] == "cloze"}


def through(name: str) -> list[dict[str, object]]:
    """Return the shipped questions as they come back from a format."""
    return [canonical(item) for item in SHIPPED if item["id"] not in left_out(name)]


BOTH = pytest.mark.parametrize("quiz", list(QUIZZES))
EACH = pytest.mark.parametrize("name", list(FORMATS))
#: What each format has no place for, of the quiz with every type. A change here is a change of the decision record.
LOST = {
    "gift": {
        "one": {"wording", "points", "tries", "hints", "id"},
        "per-option": {"scoring"},
        "minus": {"points"},
        "exactly": {"points", "scoring"},
        "short": {"accept", "normalise"},
        "case": {"normalise"},
        "strict": {"normalise"},
        "number": {"unit"},
        "pairs": {"scoring", "id", "feedback", "order"},
        "order": {"wording", "feedback", "id"},
        "essay": {"points", "min-words", "max-words", "rubric", "model-answer"},
        "reflection": {"type", "points", "model-answer"},
    },
    "moodle": {
        "one": {"tries", "id"},
        "per-option": {"scoring"},
        "exactly": {"scoring"},
        "short": {"normalise"},
        "strict": {"normalise"},
        "between": {"range"},
        "pairs": {"scoring", "id", "feedback", "order"},
        "order": {"id"},
        "gaps": {"id", "points", "feedback", "unit", "range"},
        "essay": {"rubric"},
    },
    "qti": {
        "one": {"wording", "tries", "hints"},
        "short": {"normalise"},
        "strict": {"normalise"},
        "number": {"unit"},
        "pairs": {"feedback"},
        "order": {"scoring", "feedback"},
        "gaps": {"feedback", "unit"},
        "essay": {"min-words", "max-words", "rubric"},
    },
}
LEFT_OUT = {"gift": {"gaps"}, "moodle": set(), "qti": set()}


def test_the_synthetic_quiz_has_every_type() -> None:
    assert {item["type"] for item in ITEMS} == TYPES


@EACH
@BOTH
def test_what_comes_back_is_what_went_out(name: str, quiz: str) -> None:
    items = QUIZZES[quiz]
    made = FORMATS[name].write(items)
    gone = {note.item for note in made.notes if note.code == "item-left-out"}
    assert gone == (LEFT_OUT[name] if quiz == "synthetic" else left_out(name))
    back = FORMATS[name].read(made.content)
    assert list(back.items) == [canonical(item) for item in items if item["id"] not in gone]
    assert back.notes == ()


@EACH
def test_the_report_lists_what_the_format_has_no_place_for(name: str) -> None:
    found: dict[str, set[str]] = {}
    for note in FORMATS[name].write(ITEMS).notes:
        if note.code.startswith("apart-"):
            found.setdefault(note.item, set()).add(note.code.removeprefix("apart-"))
    assert found == LOST[name]


def without(item: dict, codes: set[str]) -> dict:
    """Return the item as it is once all that ``codes`` name is given up."""
    item = copy.deepcopy(item)
    gone = {"points", "tries", "hints", "scoring", "rubric", "type"} & codes
    gone |= {code.replace("-", "_") for code in codes & {"min-words", "max-words", "model-answer"}}
    for key in gone:
        item.pop(key, None)

    def give_up(value: object, place: str = "") -> object:
        if isinstance(value, list):
            kept = [give_up(each, str(number)) for number, each in enumerate(value)]
            return sorted(kept, key=str) if "order" in codes else kept
        if not isinstance(value, dict):
            return value
        kept = {key: give_up(each) for key, each in value.items()}
        for code, keys in {
            "feedback": ["feedback"],
            "unit": ["unit"],
            "normalise": ["normalise"],
            "accept": ["accept"],
            "range": ["range", "value", "tolerance"],
            "wording": ["prompt", "text", "feedback"],
            "id": ["id", "match"],
        }.items():
            for key in keys if code in codes else []:
                kept.pop(key, None)
        return kept

    given_up = give_up(item)
    if "id" in codes and item["type" if "type" in item else "id"] == "cloze":
        given_up.pop("text")
    return given_up


@EACH
@BOTH
def test_another_system_gets_all_but_what_the_report_lists(name: str, quiz: str) -> None:
    made = FORMATS[name].write(QUIZZES[quiz])
    codes: dict[str, set[str]] = {}
    for note in made.notes:
        codes.setdefault(note.item, set()).add(note.code.removeprefix("apart-"))
    # A file from which the notes for elearn are gone, as after a stay in another system.
    items = {item["id"]: canonical(item) for item in QUIZZES[quiz]}
    seen = FORMATS[name].read(made.content, asides=False).items
    assert len(seen) == len(items) - len(LEFT_OUT[name] if quiz == "synthetic" else left_out(name))
    for item in seen:
        lost = codes.get(item["id"], set())
        assert without(canonical(item), lost) == without(items[item["id"]], lost), lost
        if not any(note.code.startswith("apart-") and note.item == item["id"] for note in made.notes):
            assert canonical(item) == items[item["id"]]


SPECIAL = st.sampled_from(
    [
        "~",
        "=",
        "#",
        "{",
        "}",
        ":",
        "\\",
        "\n",
        "\n\n",
        "%",
        "->",
        "####",
        "[html]",
        "<b>",
        "&amp;",
        "]]>",
        "*",
        "_",
        "ש",
        "نعم",
        "😀",
        "//",
        "::",
    ]
)
TEXTS = st.lists(st.one_of(SPECIAL, st.text(max_size=6)), max_size=12).map("".join).filter(str.strip)
LINES = TEXTS.map(lambda text: " ".join(text.split())).filter(str.strip)


def typed(text: str) -> bool:
    return 0 < len(text.strip()) <= 200


@st.composite
def quizzes(draw: st.DrawFn) -> list[dict]:
    feedback = st.none() | TEXTS
    single = {
        "id": "single",
        "type": "single-choice",
        "prompt": draw(TEXTS),
        "feedback": draw(feedback),
        "tags": draw(st.lists(LINES, max_size=2)),
        "choices": [{"id": key, "text": draw(TEXTS), "correct": key == "b", "feedback": draw(feedback)} for key in "abc"],
    }
    short = {
        "id": "short",
        "type": "short-text",
        "prompt": draw(TEXTS),
        "accept": draw(st.lists(LINES.filter(typed), min_size=1, max_size=3)),
        "anticipated": [{"text": draw(LINES.filter(typed)), "feedback": draw(TEXTS)}],
    }
    pairs = {
        "id": "pairs",
        "type": "matching",
        "prompt": draw(TEXTS),
        "prompts": [{"id": f"p{n}", "text": draw(TEXTS), "match": f"c{n}"} for n in "12"],
        "choices": [{"id": f"c{n}", "text": draw(LINES)} for n in "123"],
    }
    essay = {"id": "essay", "type": "essay", "prompt": draw(TEXTS), "hints": [draw(TEXTS)], "model_answer": draw(TEXTS)}
    return [item | COMMON for item in (single, short, pairs, essay)]


@EACH
@given(quiz=quizzes())
def test_any_text_comes_back_as_it_was(name: str, quiz: list[dict]) -> None:
    made = FORMATS[name].write(quiz)
    gone = {note.item for note in made.notes if note.code == "item-left-out"}
    back = FORMATS[name].read(made.content)
    assert list(back.items) == [canonical(item) for item in quiz if item["id"] not in gone]


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=30)


@pytest.mark.parametrize("name", ["gift", "moodle"])
@given(text=PLAIN.filter(lambda text: "->" not in text))
@example("a\\nb")
@example("\\\\~=#{}:")
@example("[html]<b>x</b>")
@example("]]>")
@example("%100%")
def test_a_text_needs_no_help_to_come_through(name: str, text: str) -> None:
    item = {
        "id": "x",
        "type": "single-choice",
        "prompt": text,
        "feedback": text,
        **COMMON,
        "choices": [{"id": key, "text": text + key, "correct": key == "a", "feedback": text} for key in "ab"],
    }
    made = FORMATS[name].write([item])
    (seen,) = FORMATS[name].read(made.content, asides=False).items
    assert (seen["prompt"], seen["feedback"]) == (text, text)
    assert [(c["text"], c["feedback"]) for c in seen["choices"]] == [(text + "a", text), (text + "b", text)]


@pytest.mark.parametrize("name", ["gift", "moodle"])
def test_what_was_changed_elsewhere_stays_changed_and_is_noted(name: str) -> None:
    made = FORMATS[name].write([ITEMS[0] | {"prompt": "Which one?"}])
    changed = made.content.replace("نعم، هذا صحيح".encode(), "كلا".encode())
    assert changed != made.content
    back = read(name, changed)
    (item,) = back.items
    assert item["choices"][3]["text"] == "كلا 😀"
    assert item["choices"][3]["id"] != "d", "an answer that is another one now is not called as before"
    assert item["choices"][0]["id"] == "a"
    assert "changed-elsewhere" in {note.code for note in back.notes}


def test_an_aside_is_put_back_only_where_nothing_changed() -> None:
    apart = list(differences({"a": 1, "b": [{"c": "x"}]}, {"a": 1, "b": [{"c": "y"}], "d": True}))
    assert apart == [(("b", 0, "c"), "x", "y"), (("d",), MISSING, True)]
    gaps, told = read_aside(write_aside([], apart))
    assert (gaps, told) == ([], apart)
    assert restore({"a": 1, "b": [{"c": "x"}]}, told) == ({"a": 1, "b": [{"c": "y"}], "d": True}, True)
    assert restore({"a": 1, "b": [{"c": "z"}]}, told) == ({"a": 1, "b": [{"c": "z"}], "d": True}, False)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "3",
        '{"apart": 3}',
        '{"apart": [3]}',
        '{"apart": [{"at": []}]}',
        '{"apart": [{"at": [null]}]}',
        "[" * 5000,
        '{"gaps": {}}',
        '{"apart": [{"at": ["x"], "is": ' + "[" * 400 + "]" * 400 + "}]}",
        '{"apart": [{"at": [true], "is": 1}]}',
    ],
)
def test_an_aside_that_is_none_says_nothing(line: str) -> None:
    assert read_aside(line) == ([], [])


@given(
    st.recursive(
        st.integers(-3, 3) | st.sampled_from(["a", "b"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    )
)
def test_a_hostile_aside_breaks_nothing(value: object) -> None:
    line = write_aside([], [(("choices", 0, "id"), MISSING, value), (("prompt", "x"), value, value), (("type",), MISSING, value)])
    restore(ITEMS[0], read_aside(line)[1])


def test_the_text_of_a_quiz_yml_is_read_back_as_it_is() -> None:
    for quiz in QUIZZES.values():
        assert items_of(written(quiz)) == [canonical(item) for item in quiz]


@given(quiz=quizzes())
def test_any_quiz_yml_is_read_back_as_it_is(quiz: list[dict]) -> None:
    assert items_of(written(quiz)) == [canonical(item) for item in quiz]
