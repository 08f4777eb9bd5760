"""What the types share that list choices or parts by id. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from elearn.catalogue.items.item import Definition, Problem


def twice(entries: Sequence[Mapping[str, Any]], key: str) -> list[Problem]:
    """Return the problem of each entry of a list whose id another one has already."""
    ids = [entry["id"] for entry in entries]
    return [
        Problem((key, number, "id"), f"duplicate-{key.removesuffix('s')}", f"the {key.removesuffix('s')} “{id_}” stands twice")
        for number, id_ in enumerate(ids)
        if id_ in ids[:number]
    ]


def without_feedback(definition: Definition, key: str) -> list[Problem]:
    """Return a warning for each entry that has no feedback to learn from."""
    wording = definition["wording"][definition["language"]][key]
    one = key.removesuffix("s")
    return [
        Problem((key, number), "no-feedback", f"the {one} “{id_}” has no feedback to learn from", warning=True)
        for number, id_ in enumerate(entry["id"] for entry in definition[key])
        if not wording[id_]["feedback"]
    ]


def verdict(given: str | None, *, right: bool) -> str:
    """Return what a part is called after marking."""
    return "right" if right else "wrong" if given else "blank"


def words_of(definition: Definition, language: str) -> dict[str, Any]:
    """Return the wording in ``language``, or else in the source language."""
    wording: dict[str, dict[str, Any]] = definition["wording"]
    return wording.get(language) or wording[definition["language"]]
