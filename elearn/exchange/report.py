"""What a conversion hands back: the result, and a note for whatever did not come through. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: An item as its author writes it in ``quiz.yml``.
Item = dict[str, Any]
#: Takes the code of a note and what it is about.
Sink = Callable[[str, str], None]


@dataclass(frozen=True)
class Note:
    """Something that did not come through: of which item (empty: of the file), what, and more about it (a line, a tag, a text)."""

    item: str
    code: str
    detail: str = ""


@dataclass
class Notes:
    """Collects notes; the same one is kept once."""

    kept: list[Note] = field(default_factory=list)

    def add(self, item: str, code: str, detail: str = "") -> None:
        """Keep a note, unless it is there."""
        note = Note(item, code, detail[:300])
        if note not in self.kept[-50:]:
            self.kept.append(note)


class Told(list[tuple[str, str]]):
    """What is noted of a question before it is known by an id."""

    def __call__(self, code: str, detail: str) -> None:
        """Keep a note."""
        self.append((code, detail))


@dataclass(frozen=True)
class Written:
    """A file for another system, and what that system will not know or not do."""

    content: bytes
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Reading:
    """The questions of a file from another system, and what was left out or changed."""

    items: tuple[Item, ...]
    notes: tuple[Note, ...]


class Unusable(Exception):
    """A question that has no counterpart here; ``code`` and ``detail`` make the note."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail
