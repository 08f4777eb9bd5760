"""How much a course changes in a module, in numbers that a list can show. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elearn.adaptation.deltas import changes_nothing, own_blocks


@dataclass(frozen=True)
class ChangeCounts:
    """What a module's changes come to."""

    #: Passages that are the course's own words, and sections whose text is changed at all.
    passages: int
    texts: int
    hidden: int
    added: int
    #: Sections that do not follow upstream: held at an older text, or the course's own for good.
    held: int
    mine: int
    #: Questions of the quiz.
    replaced: int
    excluded: int
    own_items: int
    #: Whether the sections stand in another order, heads, rules of the quiz or fillings of slots are the course's own.
    other: bool

    @property
    def is_nothing(self) -> bool:
        """Whether the module is the series' as it stands."""
        return self == NOTHING


NOTHING = ChangeCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, other=False)


def counts_of(changes: Mapping[str, Any]) -> ChangeCounts:
    """Return what a module's changes come to."""
    sections = changes.get("sections", {}).values()
    texts = [entry["text"] for entry in sections if "text" in entry and not changes_nothing(entry["text"])]
    intents = [entry.get("intent", "follow") for entry in sections]
    heads = any(entry.get("head") for entry in sections)
    return ChangeCounts(
        passages=sum(len(own_blocks(text)) for text in texts),
        texts=len(texts),
        hidden=len(changes.get("hidden", ())),
        added=len(changes.get("added", {})),
        held=intents.count("hold"),
        mine=intents.count("mine"),
        replaced=len(changes.get("items", {})),
        excluded=len(changes.get("excluded", ())),
        own_items=len(changes.get("added_items", ())),
        other=heads or any(changes.get(name) for name in ("order", "quiz", "slots", "fillings", "title", "summary")),
    )
