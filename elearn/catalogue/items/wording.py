"""The texts of an item: which of them are Markdown, how they become HTML, and how a translation is set beside them. Pure.

A type says in ``WORDING`` where its Markdown stands, as paths through what an author writes: ``choices.*.text`` is the text of each choice.
In ``definition["wording"]`` what an author lists by id stands by that id, so that the same paths lead through it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from elearn.catalogue.items.item import Definition, Problem
from elearn.catalogue.items.source import WordingSource

#: A text of its own, with paragraphs; and one that stands within a label or a line, where no paragraph can.
BLOCK, INLINE = "block", "inline"
COMMON: Mapping[str, str] = {"prompt": BLOCK, "hints.*": BLOCK, "feedback": BLOCK}

Path = tuple[str | int, ...]


def texts(written: Any, paths: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Yield the Markdown of an item with its place: of what an author wrote, or of a wording. What is no text is passed over."""
    for path in (*COMMON, *paths):
        yield from _at(written, path.split("."), ())


def _at(value: Any, path: list[str], place: Path) -> Iterator[tuple[Path, str]]:
    if not path:
        if isinstance(value, str):
            yield place, value
        return
    for key, each in _inside(value):
        if path[0] in {"*", key}:
            yield from _at(each, path[1:], (*place, key))


def _inside(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def rendered(wording: Mapping[str, Any], paths: Mapping[str, str], render: Callable[[str], str], labels: Mapping[str, str]) -> Definition:
    """Return a wording with its Markdown as HTML; a choice without a text of its own is called what ``labels`` calls it."""
    html = deepcopy(dict(wording))
    for path, kind in {**COMMON, **paths}.items():
        for place, text in _at(wording, path.split("."), ()):
            inner: Any = html
            for step in place[:-1]:
                inner = inner[step]
            made = render(text)
            key = str(place[-2]) if kind == INLINE else ""
            inner[place[-1]] = str(made) if kind == BLOCK else inline(str(made)) or labels.get(key, key)
    return html


def inline(html: str) -> str:
    """Return a single paragraph without its element: a choice stands in a label, which holds no paragraphs."""
    inside = html.strip().removeprefix("<p>").removesuffix("</p>")
    return inside if html.startswith("<p>") and "<p>" not in inside else html


def translated(definition: Definition, wording: WordingSource, language: str) -> list[Problem]:
    """Leave the definition with its texts in one more language; return what of the translation fits nothing, and what it lacks."""
    problems: list[Problem] = []
    original = definition["wording"][definition["language"]]
    definition["wording"][language] = _beside(original, wording.model_dump(), (), problems)
    return problems


def _beside(original: Mapping[str, Any], given: Mapping[str, Any], where: Path, problems: list[Problem]) -> Definition:
    worded: Definition = {}
    for key, known in original.items():
        if isinstance(known, str):
            worded[key] = given.get(key) or ""
        elif isinstance(known, dict):
            worded[key] = _by_id(known, given.get(key) or [], (*where, key), problems)
        else:
            # Hints need not be as many. Anticipated answers stand in the source language alone.
            worded[key] = list(given.get(key) or []) if key == "hints" else []
    return worded


def _by_id(original: Mapping[str, Any], given: list[dict[str, Any]], where: Path, problems: list[Problem]) -> Definition:
    one = str(where[-1]).removesuffix("s")
    places = {each["id"]: number for number, each in enumerate(given)}
    for key, number in places.items():
        if key not in original:
            problems.append(Problem((*where, number), "unknown-choice", f"the source has no {one} “{key}”"))
    lacking = sorted(key for key in set(original) - set(places) if _says_something(original[key]))
    problems += (Problem(where[:-1], "not-translated", f"the {one} “{key}” is not translated") for key in lacking)
    # What a translation lacks is read in the first language.
    return {
        key: _beside(known, given[places[key]], (*where, places[key]), problems) if key in places else deepcopy(known)
        for key, known in original.items()
    }


def _says_something(worded: Any) -> bool:
    """Return whether there is anything to translate."""
    return any(_says_something(each) for _, each in _inside(worded)) if isinstance(worded, dict | list) else bool(worded)
