"""Moodle XML, as Moodle 4 imports it. Pure.

An item's id is the question's ID number, its outcome, Bloom level and tags are tags; what Moodle XML has no place for stands in an element
``elearn`` of each question, which Moodle passes over.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element, indent, tostring  # Written, not parsed.

from elearn.exchange import moodle_cloze
from elearn.exchange.author import canonical
from elearn.exchange.carry import aside_of, fractions, note_grades, plain_number, tags_of
from elearn.exchange.gift_read import GRADINGS
from elearn.exchange.moodle_read import ASIDE, read_question
from elearn.exchange.report import Item, Notes, Unusable, Written
from elearn.exchange.xml_safe import add

_NAMES = {scoring: name for name, scoring in GRADINGS.items()}
_TYPES = {
    "single-choice": "multichoice", "multiple-response": "multichoice", "true-false": "truefalse", "short-text": "shortanswer",
    "numeric": "numerical", "matching": "matching", "ordering": "ordering", "cloze": "cloze", "essay": "essay", "reflection": "essay",
}  # fmt: skip


def write(items: Sequence[Item]) -> Written:
    """Return a Moodle XML file of the items and what it cannot say."""
    notes, quiz = Notes(), Element("quiz")
    for item in map(canonical, items):
        if item["type"] not in _TYPES:
            notes.add(item["id"], "item-left-out", item["type"])
            continue
        element = _question(item)
        try:
            back = canonical(read_question(element, set(), lambda *_: None))
        except Unusable:
            notes.add(item["id"], "item-left-out", item["type"])
            continue
        if item["type"] in {"single-choice", "multiple-response"}:
            note_grades(item, notes)
        if aside := aside_of(item, back, notes):
            add(element, ASIDE, aside)
        quiz.append(element)
    for each in quiz:
        indent(each, level=1)
    return Written(tostring(quiz, encoding="UTF-8", xml_declaration=True), tuple(notes.kept))


def _question(item: Item) -> Element:
    element = Element("question", type=_TYPES[item["type"]])
    _text(element, "name", item["id"])
    _rich(element, "questiontext", moodle_cloze.write(item) if item["type"] == "cloze" else item["prompt"])
    _rich(element, "generalfeedback", item.get("feedback", ""))
    if item["type"] != "cloze":
        add(element, "defaultgrade", plain_number(item.get("points", 1)))
    add(element, "penalty", "0")
    add(element, "hidden", "0")
    add(element, "idnumber", item["id"])
    _BODIES[item["type"]](element, item)
    for hint in item.get("hints", []):
        _rich(element, "hint", hint)
    if tags := tags_of(item):
        holder = add(element, "tags")
        for tag in tags:
            _text(holder, "tag", tag)
    return element


def _text(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    element = add(parent, tag, **attributes)
    add(element, "text", text)
    return element


def _rich(parent: Element, tag: str, text: str, **attributes: str) -> Element:
    return _text(parent, tag, text, format="markdown", **attributes)


def _answer(parent: Element, text: str, share: Decimal | int, feedback: str, style: str = "moodle_auto_format") -> Element:
    element = _text(parent, "answer", text, fraction=plain_number(share), format=style)
    _rich(element, "feedback", feedback)
    return element


def _choices(element: Element, item: Item) -> None:
    add(element, "single", "true" if item["type"] == "single-choice" else "false")
    add(element, "shuffleanswers", "true")
    add(element, "answernumbering", "none")
    for choice, share in zip(item["choices"], fractions(item), strict=True):
        _answer(element, choice["text"], share, choice.get("feedback", ""), "markdown")


def _true_false(element: Element, item: Item) -> None:
    for side in item["choices"]:
        _answer(element, side["id"], 100 if side.get("correct") else 0, side.get("feedback", ""))


def _short_text(element: Element, item: Item) -> None:
    add(element, "usecase", "0" if "case" in item.get("normalise", ["case"]) else "1")
    for text in item["accept"]:
        _answer(element, text.replace("*", "\\*"), 100, "")
    for known in item.get("anticipated", []):
        _answer(element, known["text"].replace("*", "\\*"), 0, known["feedback"])


def _numeric(element: Element, item: Item) -> None:
    for worth, share in [(item, 100), *((known, 0) for known in item.get("anticipated", []))]:
        if "range" in worth:
            low, high = (Decimal(str(end)) for end in worth["range"])
            value, tolerance = (low + high) / 2, (high - low) / 2
        else:
            value, tolerance = worth["value"], worth.get("tolerance", 0)
        said = worth.get("feedback", "") if share == 0 else ""
        add(_answer(element, plain_number(value), share, said), "tolerance", plain_number(tolerance))
    if "unit" in item:
        unit = add(add(element, "units"), "unit")
        add(unit, "multiplier", "1")
        add(unit, "unit_name", item["unit"])
        add(element, "unitgradingtype", "0")
        add(element, "unitpenalty", "0")
        add(element, "showunits", "0")
        add(element, "unitsleft", "0")


def _matching(element: Element, item: Item) -> None:
    add(element, "shuffleanswers", "true")
    texts = {choice["id"]: choice["text"] for choice in item["choices"]}
    for prompt in item["prompts"]:
        _text(_rich(element, "subquestion", prompt["text"]), "answer", texts[prompt["match"]])
    used = {prompt["match"] for prompt in item["prompts"]}
    for spare in (text for key, text in texts.items() if key not in used):
        _text(_rich(element, "subquestion", ""), "answer", spare)


def _ordering(element: Element, item: Item) -> None:
    add(element, "layouttype", "VERTICAL")
    add(element, "selecttype", "ALL")
    add(element, "selectcount", str(len(item["choices"])))
    add(element, "gradingtype", _NAMES.get(item.get("scoring", "per-pair"), "ABSOLUTE_POSITION"))
    add(element, "showgrading", "SHOW")
    add(element, "numberingstyle", "none")
    for place, choice in enumerate(item["choices"], start=1):
        _answer(element, choice["text"], place, choice.get("feedback", ""), "markdown")


def _cloze(element: Element, item: Item) -> None:
    """Leave the element as it is: the gaps stand in the text."""


def _essay(element: Element, item: Item) -> None:
    add(element, "responseformat", "editor")
    add(element, "responserequired", "1")
    add(element, "attachments", "0")
    for ours, theirs in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if ours in item:
            add(element, theirs, str(item[ours]))
    _rich(element, "graderinfo", item.get("model_answer", ""))


_BODIES: dict[str, Callable[[Element, Item], None]] = {
    "single-choice": _choices,
    "multiple-response": _choices,
    "true-false": _true_false,
    "short-text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "essay": _essay,
    "reflection": _essay,
}
