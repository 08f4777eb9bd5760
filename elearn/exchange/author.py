"""Items as authors write them: brought to one form, compared, and put together again. Pure.

What a format has no place for travels in an *aside*, which only elearn reads: the differences between an item and what is read of it from
the format's own places. Each difference says what was read, so that it is put back only where nobody changed the question meanwhile.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from elearn.exchange.report import Item

#: The order in which an item's fields are written.
ORDER = (
    "id", "type", "prompt", "text", "outcome", "bloom", "points", "tries", "scoring", "tags", "hints", "prompts", "choices",
    "gaps", "value", "tolerance", "range", "unit", "accept", "normalise", "anticipated", "kind", "weight", "correct", "match",
    "min_words", "max_words", "rubric", "levels", "model_answer", "feedback",
)  # fmt: skip
RULES = ("case", "space", "accents", "punctuation")
FULL = 100
DEEPEST = 12
#: A difference: where, what is read there (MISSING: nothing), what stands there (MISSING: nothing).
Where = tuple[str | int, ...]
Difference = tuple[Where, Any, Any]


class _Missing:
    """Nothing at all, where None might be a value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = _Missing()


def canonical(item: Item) -> Item:
    """Return the item without what goes without saying, so that two that mean the same are equal."""
    plain = {key: _plain(key, value) for key, value in item.items()}
    if plain.get("type") in {"matching", "ordering"} and plain.get("scoring") == "per-pair":
        del plain["scoring"]
    if plain.get("type") == "single-choice":
        plain["choices"] = [_single(choice) for choice in plain.get("choices") or []]
    elif plain.get("type") == "multiple-response":
        plain["choices"] = _weighed(plain.get("choices") or [])
    return _ordered({key: value for key, value in plain.items() if _tells(key, value) and (key, value) not in _TOP})


_TOP = (("points", 1), ("tries", 1))
_WITHOUT_SAYING = (("correct", False), ("tolerance", 0))


def _tells(key: str, value: Any) -> bool:
    # An empty list of rules says that none holds; any other empty list says nothing.
    return value is not None and (value != [] or key == "normalise") and (key, value) not in _WITHOUT_SAYING


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        inner = {name: _plain(name, each) for name, each in value.items()}
        kept = {name: each for name, each in inner.items() if _tells(name, each)}
        if "kind" in kept and kept.get("weight") == 1:
            del kept["weight"]
        return _ordered(kept)
    if key == "normalise" and isinstance(value, list):
        rules = [rule for rule in RULES if rule in value]
        return None if rules == ["case", "space"] else rules
    if isinstance(value, list):
        return [_plain("", each) for each in value]
    return tidy(value) if isinstance(value, str) else value


def tidy(text: str) -> str:
    """Return a text with plain line ends and no empty lines around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def _single(choice: Item) -> Item:
    weight = choice.get("weight")
    kept = {key: value for key, value in choice.items() if key != "weight" or value not in (0, FULL)}
    return _ordered(kept | {"correct": True}) if weight == FULL else kept


def _weighed(choices: list[Item]) -> list[Item]:
    weights = [int(choice["weight"]) for choice in choices if "weight" in choice]
    if not choices or len(weights) < len(choices):
        return choices
    right, wrong = [w for w in weights if w > 0], [w for w in weights if w <= 0]
    alike = all(w * len(right) == FULL for w in right) and all(w * len(wrong) == -FULL for w in wrong)
    marked = [{**choice, **({"correct": True} if choice["weight"] > 0 else {})} for choice in choices]
    return [_ordered({key: value for key, value in choice.items() if not (alike and key == "weight")}) for choice in marked]


def _ordered(value: Item) -> Item:
    return {key: value[key] for key in sorted(value, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))}


def differences(read: Any, stands: Any, where: Where = ()) -> Iterator[Difference]:
    """Yield where what was read is not what stands there."""
    if isinstance(read, dict) and isinstance(stands, dict):
        for key in [*stands, *(key for key in read if key not in stands)]:
            yield from differences(read.get(key, MISSING), stands.get(key, MISSING), (*where, key))
    elif isinstance(read, list) and isinstance(stands, list) and len(read) == len(stands) and not _turned(read, stands):
        for number, (left, right) in enumerate(zip(read, stands, strict=True)):
            yield from differences(left, right, (*where, number))
    elif read is MISSING or stands is MISSING or type(read) is bool or type(stands) is bool:
        if read is not stands:
            yield where, read, stands
    elif read != stands:
        yield where, read, stands


def _turned(read: list[Any], stands: list[Any]) -> bool:
    """Return whether the two hold the same texts in another order."""
    one, other = ([str(each["text"]) for each in side if isinstance(each, dict) and "text" in each] for side in (read, stands))
    return one != other and len(one) == len(read) and sorted(one) == sorted(other)


def restore(read: Item, apart: list[Difference]) -> tuple[Item, bool]:
    """Return the item with the differences put back, and whether all of them could be."""
    whole: Any = json.loads(to_json(read), object_hook=_number)
    complete = True
    for where, was, stands in apart:
        parent = whole
        for part in where[:-1]:
            parent = _at(parent, part)
        if parent is MISSING or not _same(_at(parent, where[-1]), was):
            complete = False
        elif stands is MISSING:
            del parent[where[-1]]
        elif isinstance(parent, dict) or was is not MISSING:
            parent[where[-1]] = stands
    return canonical(whole), complete


def _at(value: Any, part: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(part), MISSING)
    return value[part] if isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value) else MISSING


def _same(one: Any, other: Any) -> bool:
    return one is other or (one is not MISSING and other is not MISSING and type(one) is type(other) and one == other) or _equal(one, other)


def _equal(one: Any, other: Any) -> bool:
    numbers = (int, Decimal)
    return isinstance(one, numbers) and isinstance(other, numbers) and not isinstance(one, bool | None) and one == other


def to_json(value: Any) -> str:
    """Return a value as one line of JSON in ASCII; exact numbers stay exact."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), default=lambda number: {"number": str(number)})


def _number(value: dict[str, Any]) -> Any:
    if value.keys() == {"number"} and isinstance(value["number"], str):
        try:
            return Decimal(value["number"])
        except InvalidOperation:
            return 0
    return value


def write_aside(gaps: list[str], apart: list[Difference]) -> str:
    """Return the line of JSON that travels beside an item; nothing where there is nothing to say."""
    told = [
        {"at": list(where)} | ({} if was is MISSING else {"read": was}) | ({} if stands is MISSING else {"is": stands})
        for where, was, stands in apart
    ]
    return to_json(({"gaps": gaps} if gaps else {}) | {"apart": told}) if gaps or told else ""


def read_aside(line: str) -> tuple[list[str], list[Difference]]:
    """Return what stands in an aside; one that cannot be read says nothing."""
    apart: list[Difference] = []
    try:
        told = json.loads(line, object_hook=_number, parse_float=Decimal) if line else {}
    except (ValueError, RecursionError):
        return [], []
    if not isinstance(told, dict) or not all(isinstance(told.get(key, []), list) for key in ("apart", "gaps")) or _is_deep(told):
        return [], []
    gaps = [gap for gap in told.get("gaps", []) if isinstance(gap, str) and re.fullmatch(r"[a-z][a-z0-9-]{0,79}", gap)]
    for each in told.get("apart", []):
        where = each.get("at") if isinstance(each, dict) else None
        if isinstance(where, list) and where and all(type(part) in {str, int} for part in where):
            apart.append((tuple(where), each.get("read", MISSING), each.get("is", MISSING)))
    return gaps, apart


def _is_deep(value: Any) -> bool:
    """Return whether the value is nested more deeply than any item: whoever wrote it was not elearn."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level if isinstance(each, dict | list) for inner in (each.values() if isinstance(each, dict) else each)]
    return bool(level)


def rename_gaps(item: Item, ids: list[str]) -> Item:
    """Return a cloze item whose gaps are called ``ids``, in their order; unchanged where their number differs."""
    gaps = item.get("gaps", [])
    if item.get("type") != "cloze" or len(gaps) != len(ids):
        return item
    called: dict[str, str] = dict(zip([gap["id"] for gap in gaps], ids, strict=True))
    text = re.sub(r"\{\{([a-z][a-z0-9-]*)\}\}", lambda found: "{{" + called.get(found[1], str(found[1])) + "}}", item["text"])
    return item | {"text": text, "gaps": [gap | {"id": called[gap["id"]]} for gap in gaps]}
