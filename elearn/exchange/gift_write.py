"""GIFT, as Moodle and others read it. Pure.

An item's id, outcome, Bloom level and tags stand in a comment that Moodle reads (``// [id:…] [tag:…]``); what GIFT has no place for
stands in a comment that only elearn reads (``// elearn: {…}``).
"""

from collections.abc import Sequence

from elearn.exchange import gift_read
from elearn.exchange.author import canonical
from elearn.exchange.carry import aside_of, fractions, note_grades, plain_number, tags_of
from elearn.exchange.gift_read import GRADINGS
from elearn.exchange.gift_syntax import escape
from elearn.exchange.report import Item, Notes, Unusable, Written

_NAMES = {scoring: name for name, scoring in GRADINGS.items()}


def write(items: Sequence[Item]) -> Written:
    """Return a GIFT file of the items and what it cannot say."""
    notes, blocks = Notes(), list[str]()
    for item in map(canonical, items):
        try:
            head, question = _head(item), _question(item)
        except Unusable as reason:
            notes.add(item["id"], reason.code, reason.detail)
            continue
        back = gift_read.read(f"{head}\n{question}\n".encode(), asides=False).items
        if len(back) != 1:
            notes.add(item["id"], "item-left-out", "")
            continue
        if item["type"] in {"single-choice", "multiple-response"}:
            note_grades(item, notes)
        aside = aside_of(item, back[0], notes)
        blocks.append("\n".join([head, *([f"// elearn: {aside}"] if aside else []), question]))
    return Written(("\n\n".join(blocks) + "\n").encode("utf-8", "replace"), tuple(notes.kept))


def _head(item: Item) -> str:
    tags = [" ".join(tag.split()).replace("]", "\\]") for tag in tags_of(item)]
    return " ".join([f"// [id:{item['id']}]", *(f"[tag:{tag}]" for tag in tags)])


def _question(item: Item) -> str:
    lines = _BODIES.get(item["type"], _no_place)(item)
    if "feedback" in item:
        lines = [*lines, f"####{_rich(item['feedback'])}"]
    inside = "\n\t".join(lines)
    return (
        f"::{escape(item['id'])}::[markdown]{_marked(item['prompt'])}{{{inside}\n}}"
        if lines
        else (f"::{escape(item['id'])}::[markdown]{_marked(item['prompt'])}{{}}")
    )


def _rich(text: str) -> str:
    # A mark of another format at the start of a text is taken for one.
    return ("[markdown]" if text.startswith("[") else "") + _marked(text)


def _marked(text: str) -> str:
    # GIFT has no sign to escape its arrow with, and takes one anywhere for a question of pairs.
    return escape(text.strip("\n")).replace("->", "-&gt;")


def _said(entry: Item) -> str:
    return f"#{_rich(entry['feedback'])}" if "feedback" in entry else ""


def _choices(item: Item) -> list[str]:
    lines = [""]
    for choice, share in zip(item["choices"], fractions(item), strict=True):
        text = _rich(choice["text"])
        if item["type"] == "single-choice" and choice.get("correct"):
            weight = "=%100%" if text.startswith("%") else "="
        elif share or text.startswith("%"):
            weight = f"~%{plain_number(share)}%"
        else:
            weight = "~"
        lines.append(f"{weight}{text}{_said(choice)}")
    return lines


def _true_false(item: Item) -> list[str]:
    sides = {side["id"]: side for side in item["choices"]}
    right = next((key for key in ("true", "false") if sides[key].get("correct")), "true")
    wrong = sides["false" if right == "true" else "true"]
    if_wrong, if_right = wrong.get("feedback", ""), sides[right].get("feedback", "")
    said = f"#{_rich(if_wrong)}#{_rich(if_right)}" if if_right else f"#{_rich(if_wrong)}" if if_wrong else ""
    return [f"{right.upper()}{said}"]


def _short_text(item: Item) -> list[str]:
    accepted = [f"={'%100%' if text.startswith('%') else ''}{_typed(text)}" for text in item["accept"]]
    return ["", *accepted, *(f"=%0%{_typed(known['text'])}{_said(known)}" for known in item.get("anticipated", []))]


def _typed(text: str) -> str:
    return escape(text.replace("*", "\\*")).replace("->", "- >")


def _numeric(item: Item) -> list[str]:
    foreseen = [f"=%0%{_number(known)}{_said(known)}" for known in item.get("anticipated", [])]
    return ["#", f"={_number(item)}", *foreseen] if foreseen else [f"#{_number(item)}"]


def _number(worth: Item) -> str:
    if "range" in worth:
        return "..".join(plain_number(end) for end in worth["range"])
    value = plain_number(worth["value"])
    return f"{value}:{plain_number(worth['tolerance'])}" if "tolerance" in worth else value


def _matching(item: Item) -> list[str]:
    texts = {choice["id"]: escape(choice["text"]).replace("->", "- >") for choice in item["choices"]}
    pairs = [f"={_rich(prompt['text'])} -> {texts[prompt['match']]}" for prompt in item["prompts"]]
    used = {prompt["match"] for prompt in item["prompts"]}
    return ["", *pairs, *(f"= -> {text}" for key, text in texts.items() if key not in used)]


def _ordering(item: Item) -> list[str]:
    grading = _NAMES.get(item.get("scoring", "per-pair"), "ABSOLUTE_POSITION")
    return [f">{len(item['choices'])} ALL VERTICAL {grading} SHOW none", *(_rich(choice["text"]) for choice in item["choices"])]


def _essay(item: Item) -> list[str]:  # noqa: ARG001 (nothing stands between the braces)
    return []


def _no_place(item: Item) -> list[str]:
    raise Unusable("item-left-out", str(item["type"]))


_BODIES = {
    "single-choice": _choices,
    "multiple-response": _choices,
    "true-false": _true_false,
    "short-text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "reflection": _essay,
}
