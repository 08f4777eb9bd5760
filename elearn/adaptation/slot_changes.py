"""The slots of a module of a course, and what fills them. Pure; every function returns new changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from elearn.adaptation.blocks import blocks_of, slot_keys
from elearn.adaptation.overlays import Changes, without_empty
from elearn.adaptation.texts import SectionSource


@dataclass(frozen=True)
class Slot:
    """A place of a module that a country fills, in whichever sections it stands."""

    key: str
    #: As the text calls it; empty: it has no title.
    title: str
    #: Keys and titles of the sections.
    sections: tuple[tuple[str, str], ...]
    #: What stands there in general, as Markdown.
    default: str


def slots_of(sections: Iterable[SectionSource]) -> tuple[Slot, ...]:
    """Return the slots of these sections, each once; title and default are those of its first place."""
    found: dict[str, list[tuple[SectionSource, str, str]]] = {}
    for section in sections:
        for key, title, text in _places(section.markdown):
            found.setdefault(key, []).append((section, title, text))
    return tuple(Slot(key, there[0][1], tuple((s.key, s.title) for s, _, _ in there), there[0][2]) for key, there in found.items())


def _places(markdown: str) -> Iterator[tuple[str, str, str]]:
    for block in blocks_of(markdown) if "::: slot" in markdown else ():
        if keys := slot_keys(block):
            head, *inside = block.strip("\n").split("\n")
            _, _, more = head.partition(keys[0])
            yield keys[0], more.strip(), "\n".join(inside[:-1] if inside and inside[-1].strip() == ":::" else inside).strip()


def filled_by_course(changes: Mapping[str, Any], key: str, text: str) -> Changes:
    """Return the changes with the course's own text in a slot."""
    return {**filled_by_nobody(changes, key), "slots": {**changes.get("slots", {}), key: text}}


def filled_by_country(changes: Mapping[str, Any], key: str, filling_id: int) -> Changes:
    """Return the changes with a country's text in a slot."""
    return {**filled_by_nobody(changes, key), "fillings": {**changes.get("fillings", {}), key: filling_id}}


def filled_by_nobody(changes: Mapping[str, Any], key: str) -> Changes:
    """Return the changes with a slot as the text itself has it."""
    rest = {name: {k: v for k, v in changes.get(name, {}).items() if k != key} for name in ("slots", "fillings", "passed")}
    return without_empty({**changes, **rest})


def passing(changes: Mapping[str, Any], key: str, filling_id: int) -> Changes:
    """Return the changes with a country's text not wanted: it is not offered again until there is another."""
    return without_empty({**changes, "passed": {**changes.get("passed", {}), key: filling_id}})
