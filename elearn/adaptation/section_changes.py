"""What a professor does to the sections of a module, as changes: moved, held or followed again, restored, added. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from elearn.adaptation import overlays
from elearn.adaptation.deltas import changes_nothing
from elearn.adaptation.merge import merge
from elearn.adaptation.overlays import Changes, Held
from elearn.adaptation.texts import ModuleSource, SectionSource

LONGEST_KEY = 80


@dataclass(frozen=True)
class SectionState:
    """A section in the list of those who may change it, hidden ones too."""

    section: SectionSource
    is_hidden: bool
    #: The course's own section, which the base does not have.
    is_added: bool
    has_own_text: bool
    #: Whether the title, the minutes or whom it is for are the course's own.
    has_own_head: bool
    #: follow, hold, mine.
    intent: str

    @property
    def is_changed(self) -> bool:
        """Whether there is something to take back of it."""
        return not self.is_added and (self.has_own_text or self.has_own_head or self.intent != "follow")


def states_of(base: ModuleSource, changes: Mapping[str, Any], held: Held) -> tuple[SectionState, ...]:
    """Return the sections of a module in order, hidden ones where they would stand."""
    everything = overlays.resolve(base, {**changes, "hidden": []}, held)
    hidden, added = set(changes.get("hidden", ())), changes.get("added", {})
    return tuple(_state(section, hidden, added, changes.get("sections", {}).get(section.key, {})) for section in everything.sections)


def _state(section: SectionSource, hidden: Collection[str], added: Collection[str], entry: Mapping[str, Any]) -> SectionState:
    text = entry.get("text")
    return SectionState(
        section,
        section.key in hidden,
        section.key in added,
        text is not None and not changes_nothing(text),
        bool(entry.get("head")),
        entry.get("intent", "follow"),
    )


def moved(base: ModuleSource, changes: Changes, key: str, steps: int) -> Changes:
    """Return the changes with a section so many places further down, or up where below 0; at the end it stays."""
    keys = [section.key for section in base.sections]
    order = overlays.placed(keys, changes)
    if key in order:
        place = order.index(key)
        order.insert(max(0, place + steps), order.pop(place))
    return overlays.in_order(changes, keys, order)


def placed_behind(base: ModuleSource, changes: Changes, key: str, after: str | None) -> Changes:
    """Return the changes with a section behind another one; None: before all others."""
    keys = [section.key for section in base.sections]
    order = [each for each in overlays.placed(keys, changes) if each != key]
    order.insert(order.index(after) + 1 if after in order else 0, key)
    return overlays.in_order(changes, keys, order)


def with_intent(base: ModuleSource, changes: Changes, held: Held, key: str, intent: str, pin: Mapping[str, int]) -> Changes:
    """Return the changes with what the course means a section of the base to be; ``pin`` names the base.

    One that was held at an older text catches up with the base: what is the professor's in it stays.
    """
    now = base.section(key)
    section = held.get(key, now)
    if section is None or now is None:
        return changes
    if intent == "hold":
        at = changes.get("sections", {}).get(key, {}).get("base", pin)
        return overlays.with_intent(changes, section, "hold", base=at)
    loose = overlays.with_intent(changes, section, intent)
    if section == now:
        return loose
    older = replace(base, sections=tuple(section if each.key == key else each for each in base.sections))
    return merge(older, base, loose, held={each: there for each, there in held.items() if each != key}).changes


def restored(changes: Changes, key: str) -> Changes:
    """Return the changes with a section of the base as upstream has it: its text, its head, following again."""
    rest = {each: entry for each, entry in changes.get("sections", {}).items() if each != key}
    return overlays.without_empty({**changes, "sections": rest})


def own_key(course_id: int, title: str, taken: Collection[str], *, otherwise: str) -> str:
    """Return a key that the series never has, made from a title; ``otherwise`` where the title has no Latin letter."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or otherwise
    stem = f"c{course_id}-{words}"[: LONGEST_KEY - 4].rstrip("-")
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found
