"""A question as it would be, were its text in the files: with the compiler's faults at the lines of that text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from elearn.catalogue.faults import Fault
from elearn.catalogue.item_source import (
    adds_elsewhere,
    differs_elsewhere,
    item_text,
    next_patch,
    part_ids,
    with_id,
    with_item,
    with_new_item,
    with_version,
)
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.reader import read_content
from elearn.catalogue.reading import Item, Reading


@dataclass(frozen=True)
class Place:
    """Where a question stands among the files of a series."""

    folder: str
    language: str
    key: str

    @property
    def path(self) -> str:
        """The quiz file."""
        return f"{self.folder}/{self.language}/quiz.yml"

    def source(self, files: Mapping[str, bytes]) -> str:
        """Return the text of the question; empty where there is none."""
        there = item_text(files[self.path].decode(), self.key) if self.path in files else None
        return there.text if there else ""


@dataclass(frozen=True)
class LineFault:
    """A fault at a line of the text; 0: elsewhere."""

    line: int
    message: str
    is_warning: bool


@dataclass(frozen=True)
class Tried:
    """What came of a text."""

    faults: tuple[LineFault, ...]
    #: The ids of choices and parts that were there before, and are not any more.
    removed: tuple[str, ...]
    item: Item | None
    reading: Reading
    version: str

    @property
    def is_sound(self) -> bool:
        """Whether it can be published."""
        return self.item is not None and not any(not fault.is_warning for fault in self.faults)

    def prompt_html(self) -> str:
        """Return the question as it would be asked."""
        assert self.item is not None
        return str(self.item.definition["html"][self.item.definition["language"]]["prompt"])

    def explained(self) -> Any:
        """Return the question with its key, as nobody answered it."""
        assert self.item is not None
        return type_of(self.item.definition).explain(self.item.definition, None, self.item.definition["language"])


def tried(files: Mapping[str, bytes], place: Place, text: str, *, note: str = "") -> Tried:
    """Return what becomes of the files with ``text`` for the question; with a ``note``, as the module's next version."""
    quiz = files[place.path].decode()
    there = item_text(quiz, place.key)
    assert there is not None
    new = with_item(quiz, there, text)
    module_path = f"{place.folder}/module.yml"
    changed = {**files, place.path: new.encode()}
    version = ""
    if note:
        version = next_patch(_version(files[module_path].decode()))
        changed[module_path] = with_version(files[module_path].decode(), version, note).encode()
    reading = read_content(changed)
    elsewhere = differs_elsewhere(quiz, new, there)
    before, after = part_ids(quiz, place.key), part_ids(new, place.key)
    found = next((item for item in _items(reading, place.folder) if item.key == place.key), None)
    faults = _faults(reading, place, there.line, len(new.split("\n")) - len(quiz.split("\n")) + there.last_line)
    return Tried(
        (*_own(elsewhere), *faults), tuple(key for key in before if key not in after), None if elsewhere else found, reading, version
    )


def tried_new(files: Mapping[str, bytes], place: Place, text: str) -> Tried:
    """Return what becomes of the files with ``text`` as one question more, under the key of ``place``."""
    quiz = files[place.path].decode()
    new, there = with_new_item(quiz, with_id(text, place.key))
    reading = read_content({**files, place.path: new.encode()})
    found = next((item for item in _items(reading, place.folder) if item.key == place.key), None)
    faults = _faults(reading, place, there.line, there.last_line)
    elsewhere = _own("outside" if adds_elsewhere(quiz, new) else "")
    return Tried((*elsewhere, *faults), (), None if elsewhere else found, reading, "")


def _version(module: str) -> str:
    return str(yaml.load(module, Loader=yaml.BaseLoader)["version"])  # noqa: S506 (strings only)


def _items(reading: Reading, folder: str) -> tuple[Item, ...]:
    modules = reading.series.modules if reading.series else ()
    return next((module.quiz.items for module in modules if module.folder == folder and module.quiz), ())


def _own(elsewhere: str) -> tuple[LineFault, ...]:
    words = {
        "id": "the id of a question is for good; answers are found by it",
        "type": "a question keeps its type; answers of one type mean nothing to another",
        "outside": "only this one question can be changed here; it begins with “- id:”, and its lines stand as deep as before",
    }
    return (LineFault(0, words[elsewhere], is_warning=False),) if elsewhere in words else ()


def _faults(reading: Reading, place: Place, first: int, last: int) -> list[LineFault]:
    """Return the faults within the text, and the errors elsewhere that only show where the text itself has none."""
    mine = [fault for fault in (*reading.errors, *reading.warnings) if fault.path == place.path and first <= fault.line <= last]
    inside = [LineFault(fault.line - first + 1, fault.message, fault.severity == "warning") for fault in mine]
    if any(not fault.is_warning for fault in inside):
        return inside
    outside = [fault for fault in reading.errors if fault not in mine]
    return inside + [LineFault(0, _said(fault, place, last), is_warning=False) for fault in outside]


def _said(fault: Fault, place: Place, last: int) -> str:
    # A text that ends in the middle of something is found out on the line after it.
    return fault.message if fault.path == place.path and fault.line == last + 1 else str(fault)
