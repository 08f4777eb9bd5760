"""GIFT, as Moodle reads it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from elearn.exchange import foreign
from elearn.exchange.carry import with_aside
from elearn.exchange.foreign import BLANK, FULL, Answer, Known
from elearn.exchange.gift_syntax import answers, parted, parted_last, unescape, unescaped
from elearn.exchange.html_read import plain_text, to_markdown
from elearn.exchange.limits import MOST_ITEMS, TooLarge, decoded
from elearn.exchange.report import Item, Notes, Reading, Sink, Told, Unusable

_META = re.compile(r"\[(id|tag):((?:\\\]|[^\]])+)\]")
_MARK = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"^\s*%(-?\d{1,3}(?:\.\d{0,10})?)%")
_TRUE_FALSE = re.compile(r"^(T|TRUE|F|FALSE)(?=#|$)", re.IGNORECASE)
_ORDERING = re.compile(
    r"^>\s*\d*\s*(?:ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*(?:HORIZONTAL|HORI|VERTICAL|VERT)?\s*(?P<grading>[A-Z][A-Z_]{3,40})?"
    r"[ \t]*(?:SHOW|HIDE)?[ \t]*(?:none|123|abc|ABCD|iii|IIII)?[ \t]*\n",
)
GRADINGS = {"ALL_OR_NOTHING": "exact", "ABSOLUTE_POSITION": "per-position", "RELATIVE_ALL_PREVIOUS_AND_NEXT": "per-pair"}


@dataclass
class _Block:
    """The lines of one question."""

    line: int
    lines: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read(content: bytes, *, asides: bool = True) -> Reading:
    """Return the questions of a GIFT file."""
    notes, items, taken = Notes(), list[Item](), set[str]()
    for block in _blocks(decoded(content), notes):
        if len(items) >= MOST_ITEMS:
            raise TooLarge("items", MOST_ITEMS)
        told = Told()
        try:
            item = _question(block, taken, told)
        except Unusable as reason:
            notes.add("", reason.code, f"{block.line}: {reason.detail or ' '.join(block.lines)[:60]}")
            continue
        for code, detail in told:
            notes.add(item["id"], code, detail)
        aside = next((line.removeprefix("elearn:").strip() for line in block.comments if line.startswith("elearn:")), "")
        taken.add(item["id"])
        items.append(with_aside(item, aside if asides else "", notes))
    return Reading(tuple(items), tuple(notes.kept))


def _blocks(text: str, notes: Notes) -> Iterator[_Block]:
    block = _Block(1)
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        bare = line.strip()
        if bare.startswith("//"):
            block.comments.append(bare[2:].strip())
        elif bare.upper().startswith("$CATEGORY:"):
            notes.add("", "category", bare[10:].strip())
        elif bare:
            block.line = number if not block.lines else block.line
            block.lines.append(line)
        elif block.lines:
            yield block
            block = _Block(number + 1)


def _question(block: _Block, taken: set[str], note: Sink) -> Item:
    known = Known()
    for kind, value in _META.findall(" ".join(line for line in block.comments if not line.startswith("elearn:"))):
        plain = value.replace("\\]", "]").strip()
        if kind == "id":
            known.id = plain
        else:
            known.tags.append(plain)
    text = "\n".join(block.lines).strip()
    if text.startswith("::"):
        name, closed, rest = parted(text[2:], "::")
        if closed:
            known.name, text = unescape(name).strip(), rest.strip()
    style, text = _styled(text, "moodle")
    fragment = _fragment(known, text, style, note)
    return foreign.common(known, fragment, taken, note)


def _styled(text: str, style: str) -> tuple[str, str]:
    mark = _MARK.match(text)
    return (mark[1], text[mark.end() :]) if mark else (style, text)


def _fragment(known: Known, text: str, style: str, note: Sink) -> Item:
    start = next(unescaped(text, "{"), None)
    end = next((place for place in unescaped(text, "}") if start is not None and place > start), None)
    if start is None or end is None:
        raise Unusable("not-closed" if start is not None else "no-question")
    before, body, after = text[:start].rstrip(), text[start + 1 : end].strip(), text[end + 1 :].strip()
    if after:
        before = f"{before} {BLANK} {after}" if after[0].isalnum() else f"{before} {BLANK}{after}"
    known.prompt = to_markdown(unescape(before.strip()), style, note)
    body, general = parted_last(body, "####")
    known.feedback = _rich(general, style, note)
    body = body.strip()
    rich, kind = partial(_rich, style=style, note=note), body.upper()
    if not body:
        return {"type": "essay"}
    if body.startswith("#"):
        return _numeric(body[1:], rich, note)
    if body.startswith(">"):
        return _ordering(body, rich, note)
    found = answers(body)
    if any(sign == "=" for sign, _ in found) and parted(body, "->")[1]:
        return _matching(found, rich, style, note)
    if _TRUE_FALSE.match(kind):
        return _true_false(body, rich)
    read = [_answer(sign, piece, rich) for sign, piece in found if sign]
    if any(sign == "~" for sign, _ in found):
        return foreign.choices(read, single=any(sign == "=" for sign, _ in found), note=note)
    for answer in read:
        answer.text = _typed(answer.raw, note)
    return foreign.short_text([answer for answer in read if answer.text], case=False, note=note)


def _rich(text: str, style: str, note: Sink) -> str:
    style, text = _styled(text.strip(), style)
    return to_markdown(unescape(text.strip()), style, note)


def _answer(sign: str, piece: str, rich: "partial[str]") -> Answer:
    """Return an answer, as a text and as it was written."""
    weight = _WEIGHT.match(piece)
    fraction = Decimal(weight[1]) if weight else FULL if sign == "=" else Decimal(0)
    text, _, feedback = parted(piece[weight.end() :] if weight else piece, "#")
    return Answer(rich(text), fraction, rich(feedback), raw=unescape(text.strip()))


def _typed(text: str, note: Sink) -> str:
    """Return an answer that is to be typed; an asterisk stands for any text in Moodle, unless a backslash stands before it."""
    if re.search(r"(?<!\\)\*", text):
        note("wildcard", text)
        return ""
    return plain_text(text.replace("\\*", "*"), "plain", note)


def _true_false(body: str, rich: "partial[str]") -> Item:
    verdict, _, rest = parted(body, "#")
    if_wrong, _, if_right = parted(rest, "#")
    right = verdict.strip().upper().startswith("T")
    said = (rich(if_right), rich(if_wrong))
    return foreign.true_false(right=right, if_true=said[0 if right else 1], if_false=said[1 if right else 0])


def _numeric(body: str, rich: "partial[str]", note: Sink) -> Item:
    read = []
    for sign, piece in ((sign or "=", piece) for sign, piece in answers(body)):
        answer = _answer(sign, piece, rich)
        low, dots, high = answer.raw.partition("..")
        ends = (foreign.decimal(low), foreign.decimal(high)) if dots else (None, None)
        if ends[0] is not None and ends[1] is not None:
            answer.range = (ends[0], ends[1])
        value, _, tolerance = answer.raw.partition(":")
        answer.text, answer.tolerance = value.strip(), foreign.decimal(tolerance)
        read.append(answer)
    return foreign.numeric(read, unit="", note=note)


def _matching(found: list[tuple[str, str]], rich: "partial[str]", style: str, note: Sink) -> Item:
    pairs, spare = list[tuple[str, str]](), list[str]()
    for sign, piece in found:
        left, arrow, right = parted(piece, "->")
        if sign != "=" or not arrow:
            note("answer-left-out", piece.strip()[:40])
            continue
        if parted(right, "#")[1]:
            note("answer-feedback", parted(right, "#")[2].strip()[:40])
            right = parted(right, "#")[0]
        match = plain_text(unescape(right.strip()), style if style == "html" else "plain", note)
        if left.strip():
            pairs.append((rich(left), match))
        else:
            spare.append(match)
    return foreign.matching(pairs, spare, note)


def _ordering(body: str, rich: "partial[str]", note: Sink) -> Item:
    head = _ORDERING.match(body + "\n")
    if head is None:
        raise Unusable("unsupported-type", "{> … }")
    scoring = GRADINGS.get(head["grading"] or "ABSOLUTE_POSITION", "")
    if not scoring:
        note("scoring-changed", head["grading"] or "")
    lines = [rich(line) for line in body[head.end() :].split("\n") if line.strip()]
    return foreign.ordering(lines, scoring or "per-pair")
