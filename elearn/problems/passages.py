"""The passages of a page: what a report points at, and whether it still stands there. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from rapidfuzz import fuzz

from elearn.catalogue.render import plain_text
from elearn.text import blocks
from elearn.words import fold

#: How much alike, of 100, a passage has to be to be taken for a later wording of another.
ALIKE = 55
FIRST_WORDS = 90
#: What somebody selected has to be so long to say which passage it is in.
SHORTEST_SELECTION = 3
#: Longer passages are compared by their beginnings.
COMPARED = 3000


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, list, table or directive of a page."""

    place: int
    html: Markup
    text: str
    digest: str

    @property
    def value(self) -> str:
        """What a form sends for it: a page that changed meanwhile has no such passage."""
        return f"{self.place}-{self.digest[:16]}"

    @property
    def first_words(self) -> str:
        """How it begins, to tell it from the others."""
        return first_words(self.text)


def first_words(text: str) -> str:
    """Return how a text begins."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST_WORDS else line[:FIRST_WORDS].rpartition(" ")[0] + " …"


def passages(html: Markup) -> tuple[Passage, ...]:
    """Return the passages of clean HTML in order; what holds no words is none."""
    found = []
    for place, block in enumerate(blocks(html)):
        text = plain_text(block)
        found.append(Passage(place, block, text, hashlib.sha256(text.encode()).hexdigest()))
    return tuple(found)


def selected(known: Sequence[Passage], selection: str) -> Passage | None:
    """Return the passage in which somebody's selection begins; None where there is none."""
    wanted = _compared(selection)
    if len(wanted) < SHORTEST_SELECTION:
        return None
    for passage in known:
        if wanted in _compared(passage.text):
            return passage
    # A selection may run over into the next passage: then its beginning is the end of this one.
    return next((p for p in known if (text := _compared(p.text)) and _overlap(text, wanted)), None)


def _overlap(text: str, wanted: str) -> bool:
    """Return whether some words at the end of ``text`` are the first of ``wanted``."""
    start = text.rfind(" ".join(wanted.split(" ")[:4]))
    return start >= 0 and wanted.startswith(text[start:])


def _compared(text: str) -> str:
    return " ".join(fold(text).split())


def same(known: Sequence[Passage], digest: str, place: int) -> Passage | None:
    """Return the passage with exactly these words, of several the nearest to ``place``."""
    return min((p for p in known if p.digest == digest), key=lambda p: abs(p.place - place), default=None)


def successor(known: Sequence[Passage], text: str) -> Passage | None:
    """Return the passage that is most probably a later wording of ``text``; None: it is gone."""
    rated = [(fuzz.ratio(text[:COMPARED], p.text[:COMPARED]), -p.place, p) for p in known if p.text]
    best = max(rated, key=lambda rating: rating[:2], default=None)
    return best[2] if best and best[0] >= ALIKE else None
