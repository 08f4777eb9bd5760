"""Questions on paper: with room for an answer, or with their keys. Pure; its texts are clean HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from random import Random
from string import ascii_uppercase
from typing import Any

from elearn.catalogue.items import writing
from elearn.catalogue.items.item import Explained, Shown
from elearn.catalogue.items.registry import type_of

#: How a text is set into its place.
Set = Callable[[str], str]


@dataclass(frozen=True)
class PaperChoice:
    """A choice, with the letter that stands before it."""

    letter: str
    html: str
    #: None: the key is not shown, or it is no such choice.
    right: bool | None = None
    feedback: str = ""


@dataclass(frozen=True)
class PaperPart:
    """A line that wants an answer of its own: its label or the number of its gap, and what a gap offers."""

    html: str
    options: tuple[str, ...] = ()
    #: With the key: what is right, and what there is to learn from it.
    right: str = ""
    feedback: str = ""


@dataclass(frozen=True)
class PaperQuestion:
    """A question."""

    #: radio, checkbox, text, textarea, match, order, gaps.
    form: str
    language: str
    prompt: str
    choices: tuple[PaperChoice, ...] = ()
    parts: tuple[PaperPart, ...] = ()
    unit: str = ""
    #: With the key, of what is typed or written: right answers, the feedback, a model answer.
    accepted: tuple[str, ...] = ()
    feedback: str = ""
    model: str = ""


def on_paper(definition: Mapping[str, Any], language: str, *, seed: int, with_key: bool, set_: Set = str) -> PaperQuestion:
    """Return a question, its choices shuffled by ``seed``: the author's order of some types is their key."""
    item = dict(definition)
    kind = type_of(item)
    drawn = [choice.id for choice in kind.show(item, language).choices]
    Random(seed).shuffle(drawn)  # noqa: S311 (the same paper again, not a secret)
    shown = kind.show(item, language, drawn)
    explained = kind.explain(item, None, language) if with_key else None
    form, prompt = _form(shown, item), shown.prompt_html + (_gapped(shown) if shown.input == "gaps" else "")
    model = writing.model_of(item, language) if with_key and "model_answer" in item["html"][shown.language] else ""
    return PaperQuestion(
        form,
        shown.language,
        set_(prompt),
        _choices(shown, explained, form, set_),
        _parts(shown, explained, form, set_),
        shown.unit,
        tuple(explained.accepted) if explained else (),
        set_(explained.feedback_html) if explained else "",
        set_(model),
    )


def _form(shown: Shown, item: Mapping[str, Any]) -> str:
    return ("order" if item["type"] == "ordering" else "match") if shown.input == "parts" else shown.input


def _gapped(shown: Shown) -> str:
    """Return the text with its gaps, numbered."""
    inside = (f'{part.html}<span class="gap">({number})</span>' for number, part in enumerate(shown.parts, start=1))
    return "".join(inside) + shown.closing_html


def _letters(shown: Shown) -> dict[str, str]:
    return {choice.id: ascii_uppercase[place % 26] for place, choice in enumerate(shown.choices)}


def _choices(shown: Shown, explained: Explained | None, form: str, set_: Set) -> tuple[PaperChoice, ...]:
    if form == "gaps":
        return ()
    letters, told = _letters(shown), {each.id: each for each in explained.choices} if explained else {}
    return tuple(
        PaperChoice(letters[each.id], set_(each.html), told[each.id].right, set_(told[each.id].feedback_html))
        if each.id in told
        else PaperChoice(letters[each.id], set_(each.html))
        for each in shown.choices
    )


def _parts(shown: Shown, explained: Explained | None, form: str, set_: Set) -> tuple[PaperPart, ...]:
    letters = _letters(shown)
    told = {each.id: each for each in explained.parts} if explained else {}
    if form == "order":
        # The letters in the right order, each with what there is to learn from it.
        return tuple(PaperPart(letters[each.id], right=each.right, feedback=set_(each.feedback_html)) for each in told.values())
    made = []
    for number, part in enumerate(shown.parts, start=1):
        html = set_(part.html) if form == "match" else f"({number})"
        options = () if form == "match" else tuple(set_(choice.html) for choice in part.choices)
        said = told.get(part.id)
        right = _right(part.choices, said.right, letters if form == "match" else {}, set_) if said else ""
        made.append(PaperPart(html, options, right, set_(said.feedback_html) if said else ""))
    return tuple(made)


def _right(choices: Any, right: str, letters: Mapping[str, str], set_: Set) -> str:
    """Return what is right as HTML: the letter of a choice, its text, or what may be typed."""
    if right in letters:
        return letters[right]
    return next((set_(choice.html) for choice in choices if choice.id == right), escape(right))
