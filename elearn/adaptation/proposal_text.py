"""A proposed passage as text: beside what it replaces, in a file of the module, and found again in a later text. Pure."""

import re
from collections import Counter
from dataclasses import dataclass

from elearn.adaptation.block_differences import Stretch, Words, block_rows, stretches, words_changed
from elearn.adaptation.blocks import blocks_of, words_of
from elearn.adaptation.draft_text import Written, together

_SHOWN = re.compile(r"\(media/([A-Za-z0-9._-]+)")


@dataclass(frozen=True)
class Beside:
    """Two texts side by side."""

    stretches: tuple[Stretch, ...]
    words: Words


def beside(before: str, after: str) -> Beside:
    """Return what is other in the second text."""
    rows = block_rows(before, after)
    return Beside(stretches(rows), words_changed(rows))


def holds(text: str, before: str, after: str) -> bool:
    """Return whether a text has all that was put into ``after``, and nothing of what was taken out of ``before`` for it."""
    one, two = (Counter(map(words_of, blocks_of(each))) for each in (before, after))
    there = Counter(map(words_of, blocks_of(text)))
    new, gone = two - one, one - two
    return bool(new or gone) and not new - there and all(there[block] <= two[block] for block in gone)


@dataclass(frozen=True)
class Taken:
    """A proposal brought into the text of today."""

    text: str
    #: How many passages were changed on both sides: there the proposal stands.
    clashes: int


def taken_into(now: str, before: str, after: str) -> Taken:
    """Return the text of today with what was proposed in it."""
    if now == before:
        return Taken(after, 0)
    found = together(Written("", before), Written("", after), Written("", now))
    return Taken(found.written.text, len(found.clashes))


def in_file(file: str, text: str) -> str:
    """Return a Markdown file with another text under its head, which stays as it is written."""
    parts = file.replace("\r\n", "\n").split("---\n", 2)
    if len(parts) < 3 or parts[0]:  # noqa: PLR2004 (nothing, head, text)
        return text
    return f"---\n{parts[1]}---\n{text}"


def new_pictures(before: str, after: str) -> tuple[str, ...]:
    """Return the names of pictures that only the second text shows."""
    there = set(_SHOWN.findall(before))
    return tuple(name for name in dict.fromkeys(_SHOWN.findall(after)) if name not in there)
