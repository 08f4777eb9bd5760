"""How what a format has no place for travels all the same, and how the report comes about. Pure.

A writer reads its own file back without asides. Whatever differs goes into the aside, and each difference becomes a note: so the report
leaves nothing out, since nobody has to think of what belongs in it.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from elearn.exchange.author import MISSING, Difference, canonical, differences, read_aside, rename_gaps, restore, write_aside
from elearn.exchange.report import Item, Notes

#: Marks of ours that other systems show as they are typed: terms, citations, directives.
OWN_MARKS = re.compile(r"\]\{[a-z]|\[@[\w-]|^:::", re.MULTILINE)
#: What Moodle takes as the worth of an answer, in per cent.
MOODLE_GRADES = frozenset(
    Decimal(grade)
    for grade in (
        "100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "16.66667", "14.28571",
        "12.5", "11.11111", "10", "5", "0",
    )
)  # fmt: skip


def aside_of(item: Item, read: Item, notes: Notes) -> str:
    """Return the aside for an item of which ``read`` comes through by itself, and note what does not."""
    key = str(item["id"])
    gaps: list[str] = []
    if read.get("type") == item.get("type") == "cloze" and len(read["gaps"]) == len(item["gaps"]):
        ids = [gap["id"] for gap in item["gaps"]]
        if ids != [gap["id"] for gap in read["gaps"]]:
            gaps, read = ids, canonical(rename_gaps(read, ids))
            notes.add(key, "apart-id")
    apart = list(differences(read, item))
    for difference in apart:
        notes.add(key, _code(difference))
    if OWN_MARKS.search("\n".join(_texts(item))):
        notes.add(key, "own-marks")
    return write_aside(gaps, apart)


def with_aside(read: Item, line: str, notes: Notes) -> Item:
    """Return the item with what travelled beside it; a part that was changed elsewhere stays as it is now."""
    gaps, apart = read_aside(line)
    whole, complete = restore(rename_gaps(read, gaps) if gaps else read, apart)
    if not complete:
        notes.add(str(read["id"]), "changed-elsewhere")
    return whole


def _code(difference: Difference) -> str:
    where, was, stands = difference
    name = str(next(part for part in reversed(where) if isinstance(part, str)))
    if name in {"id", "match"}:
        return "apart-id"
    if name in {"prompt", "text", "feedback"} and was is not MISSING and stands is not MISSING:
        return "apart-wording"
    if name in {"value", "tolerance", "range"}:
        return "apart-range"
    if isinstance(was, list) and isinstance(stands, list) and name in {"choices", "prompts"}:
        return "apart-order"
    return f"apart-{name.replace('_', '-')}"


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _texts(each)]


def fractions(item: Item) -> list[Decimal]:
    """Return what each choice is worth in per cent, with five decimals, as GIFT and Moodle XML write it."""
    entries = item["choices"]
    right = sum(1 for entry in entries if entry.get("correct"))
    wrong = len(entries) - right
    single = item["type"] != "multiple-response"
    found = []
    for entry in entries:
        if "weight" in entry:
            share = Decimal(entry["weight"])
        elif single:
            share = Decimal(100 if entry.get("correct") else 0)
        else:
            share = Decimal(100) / right if entry.get("correct") else Decimal(-100) / wrong
        found.append(share.quantize(Decimal("0.00001")))
    return found


def note_grades(item: Item, notes: Notes) -> None:
    """Note a share that Moodle's list of grades does not know."""
    odd = [share for share in fractions(item) if abs(share).normalize() not in MOODLE_GRADES]
    if odd:
        notes.add(str(item["id"]), "moodle-grades", ", ".join(plain_number(share) for share in odd[:4]))


def plain_number(value: object) -> str:
    """Return a number without an exponent or needless zeros."""
    text = format(Decimal(str(value)), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def tags_of(item: Item) -> list[str]:
    """Return an item's tags, with its outcome and Bloom level among them."""
    named = [f"{name}:{item[name]}" for name in ("outcome", "bloom") if name in item]
    return [*named, *item.get("tags", [])]
