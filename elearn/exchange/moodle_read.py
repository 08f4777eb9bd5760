"""Moodle XML. Pure."""

import re
from collections.abc import Callable
from decimal import Decimal
from xml.etree.ElementTree import Element  # Only the type: xml_safe parses.

from elearn.exchange import foreign, moodle_cloze
from elearn.exchange.carry import with_aside
from elearn.exchange.foreign import Answer, Known, decimal
from elearn.exchange.gift_read import GRADINGS
from elearn.exchange.html_read import plain_text, to_markdown
from elearn.exchange.limits import MOST_ITEMS, Refused, TooLarge
from elearn.exchange.report import Item, Notes, Reading, Sink, Told, Unusable
from elearn.exchange.xml_safe import parse, text_at

_STYLES = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
ASIDE = "elearn"


def read(content: bytes, *, asides: bool = True) -> Reading:
    """Return the questions of a Moodle XML file."""
    root = parse(content)
    if root.tag != "quiz":
        raise Refused("other-format", root.tag[:40])
    questions = root.findall("question")
    if len(questions) > MOST_ITEMS:
        raise TooLarge("items", MOST_ITEMS)
    notes, items, taken = Notes(), list[Item](), set[str]()
    for number, element in enumerate(questions, start=1):
        if element.get("type") == "category":
            notes.add("", "category", text_at(element, "category/text").strip())
            continue
        told = Told()
        try:
            item = read_question(element, taken, told)
        except Unusable as reason:
            name = text_at(element, "name/text").strip()[:60]
            notes.add("", reason.code, f"{number} {name}: {reason.detail or element.get('type', '')}")
            continue
        for code, detail in told:
            notes.add(item["id"], code, detail)
        taken.add(item["id"])
        items.append(with_aside(item, text_at(element, ASIDE) if asides else "", notes))
    return Reading(tuple(items), tuple(notes.kept))


def read_question(element: Element, taken: set[str], note: Sink) -> Item:
    """Return a question as an author's item; raise Unusable where it has no counterpart."""
    make = _KINDS.get(element.get("type", ""))
    if make is None:
        raise Unusable("unsupported-type", element.get("type", ""))
    known = Known(
        id=text_at(element, "idnumber").strip(),
        name=text_at(element, "name/text").strip(),
        prompt="" if make is _cloze else _rich(element.find("questiontext"), note),
        feedback=_rich(element.find("generalfeedback"), note),
        points=decimal(text_at(element, "defaultgrade")),
        tags=[tag for each in element.findall("tags/tag") if (tag := text_at(each, "text").strip())],
        hints=[hint for each in element.findall("hint") if (hint := _rich(each, note))],
    )
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        if (said := _rich(element.find(name), note)) and said not in _USUAL:
            note("overall-feedback", said[:80])
    for file in element.iter("file"):
        note("file-left-out", file.get("name", "")[:80])
    return foreign.common(known, make(element, known, note), taken, note)


#: What Moodle writes unless the author changes it.
_USUAL = ("Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.")


def _style(element: Element, usual: str = "html") -> str:
    return _STYLES.get(element.get("format", ""), usual)


def _rich(element: Element | None, note: Sink, usual: str = "html") -> str:
    if element is None:
        return ""
    return to_markdown(text_at(element, "text").strip(), _style(element, usual), note)


def _answers(element: Element, note: Sink, *, typed: bool = False) -> list[Answer]:
    found = []
    for each in element.findall("answer"):
        text = text_at(each, "text")
        # What is typed is plain, whatever the file says of it.
        words = plain_text(text, "plain", note) if typed else _rich(each, note)
        fraction = decimal(each.get("fraction")) or Decimal(0)
        found.append(Answer(words, fraction, _rich(each.find("feedback"), note), tolerance=decimal(text_at(each, "tolerance"))))
    return found


def _multichoice(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    single = text_at(element, "single").strip().lower() not in {"false", "0"}
    return foreign.choices(_answers(element, note), single=single, note=note)


def _true_false(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    sides = {answer.text.strip().lower(): answer for answer in _answers(element, note, typed=True)}
    if sides.keys() != {"true", "false"}:
        raise Unusable("unsupported-type", "truefalse")
    right = sides["true"].fraction > sides["false"].fraction
    return foreign.true_false(right=right, if_true=sides["true"].feedback, if_false=sides["false"].feedback)


def _short_answer(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    answers = []
    for answer in _answers(element, note, typed=True):
        if re.search(r"(?<!\\)\*", answer.text):
            note("wildcard", answer.text)
            continue
        answer.text = answer.text.replace("\\*", "*")
        answers.append(answer)
    return foreign.short_text(answers, case=text_at(element, "usecase").strip() == "1", note=note)


def _numerical(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    units = [text_at(unit, "unit_name").strip() for unit in element.findall("units/unit")]
    for spare in units[1:]:
        note("unit-left-out", spare)
    return foreign.numeric(_answers(element, note, typed=True), unit=units[0] if units else "", note=note)


def _matching(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    pairs, spare = list[tuple[str, str]](), list[str]()
    for each in element.findall("subquestion"):
        left, right = _rich(each, note), plain_text(text_at(each, "answer/text"), "plain", note)
        if left:
            pairs.append((left, right))
        elif right:
            spare.append(right)
    return foreign.matching(pairs, spare, note)


def _ordering(element: Element, known: Known, note: Sink) -> Item:  # noqa: ARG001 (one shape for all)
    answers = sorted(_answers(element, note), key=lambda answer: answer.fraction)
    grading = text_at(element, "gradingtype").strip() or "ABSOLUTE_POSITION"
    if grading not in GRADINGS:
        note("scoring-changed", grading)
    return foreign.ordering([a.text for a in answers], GRADINGS.get(grading, "per-pair"), [a.feedback for a in answers])


def _cloze(element: Element, known: Known, note: Sink) -> Item:
    text = element.find("questiontext")
    if text is None:
        raise Unusable("no-question")
    fragment = moodle_cloze.read(text_at(text, "text").strip(), _style(text), note)
    known.prompt = fragment.pop("prompt") or known.name
    # The gaps alone make the mark, whatever else the file says.
    known.points = Decimal(sum(gap.get("weight", 1) for gap in fragment["gaps"]))
    return fragment


def _essay(element: Element, known: Known, note: Sink) -> Item:
    item: Item = {"type": "essay"} if known.points != 0 else {"type": "reflection", "points": 0}
    for ours, theirs in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if words := decimal(text_at(element, theirs)):
            item[ours] = min(max(int(words), 1), 5000)
    if answer := _rich(element.find("graderinfo"), note):
        item["model_answer"] = answer
    for name in ("responsetemplate", "attachments"):
        given = _rich(element.find(name), note) if name == "responsetemplate" else text_at(element, name).strip()
        if given and given != "0":
            note("left-out", name)
    return item


_KINDS: dict[str, Callable[[Element, Known, Sink], Item]] = {
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "multianswer": _cloze,
    "essay": _essay,
}
