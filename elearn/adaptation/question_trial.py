"""A question of a course as it would be, were its text taken. Pure; done apart, within bounds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.adaptation.folder_items import MadeItem
from elearn.catalogue.item_fix import LineFault, Place, tried, tried_new
from elearn.catalogue.items.registry import type_of


@dataclass(frozen=True)
class Trial:
    """What came of a text."""

    faults: tuple[LineFault, ...]
    #: The ids of choices and parts that were there before, and are not any more.
    removed: tuple[str, ...]
    #: None: it cannot be taken.
    item: MadeItem | None

    @property
    def is_sound(self) -> bool:
        """Whether it can be taken."""
        return self.item is not None

    def prompt_html(self) -> str:
        """Return the question as it would be asked."""
        assert self.item is not None
        return str(self.item.definition["html"][self.item.definition["language"]]["prompt"])

    def explained(self) -> Any:
        """Return the question with its key, as nobody answered it."""
        assert self.item is not None
        definition = dict(self.item.definition)
        return type_of(definition).explain(definition, None, definition["language"])


def trial(files: Mapping[str, bytes], place: Place, text: str, is_new: bool) -> Trial:  # noqa: FBT001 (a process gets what it does by place)
    """Return what comes of a text for a question that is there, or for one more."""
    found = tried_new(files, place, text) if is_new else tried(files, place, text)
    made = None
    if found.is_sound and (item := found.item):
        made = MadeItem(item.key, item.type, item.points, item.outcome, item.bloom, item.tags, item.definition, item.digest)
    return Trial(found.faults, found.removed, made)
