"""What somebody changed in a course's folder, as changes of the course: found by comparing it with the folder as it was made. Pure.

Only what differs between the two readings becomes a change, so that a folder sent back untouched changes nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from elearn.adaptation import overlays
from elearn.adaptation.blocks import blocks_of, is_slot, joined, words_of
from elearn.adaptation.folder_reading import ReadModule, ReadSection
from elearn.adaptation.overlays import Changes, Held, resolve
from elearn.adaptation.texts import ModuleSource, SectionSource
from elearn.catalogue.faults import Fault

#: What is said of things that stay as they are.
LEFT_ALONE = frozenset({"fixed", "picture", "instructions", "no-quiz", "renamed"})
#: A section under another key that says this much of the same is the same section, renamed.
ALIKE = 0.5
_LONGEST_KEY = 80
_SECTION_LINK = re.compile(r"\(section:([a-z][a-z0-9-]*)")


@dataclass(frozen=True)
class Note:
    """One thing that was recognised, or that is left as it was."""

    kind: str
    #: What it is about, as people know it.
    name: str = ""
    #: How many passages are new and how many are gone.
    added: int = 0
    gone: int = 0


@dataclass(frozen=True)
class ItemEdit:
    """A question that is worded otherwise, or new; it becomes a change once it has a state of its own."""

    key: str
    value: Mapping[str, Any]
    is_new: bool


@dataclass(frozen=True)
class Recognised:
    """What a module's folder changes."""

    changes: Changes
    notes: tuple[Note, ...]
    faults: tuple[Fault, ...]
    items: tuple[ItemEdit, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A module of the course as it stands."""

    course_id: int
    base: ModuleSource
    changes: Changes
    held: Held

    def made_on(self, key: str) -> SectionSource | None:
        """Return the section on which the course's text of it is made."""
        return self.held.get(key) or self.base.section(key)


def recognised(standing: Standing, before: ReadModule, after: ReadModule) -> Recognised:
    """Return what ``after`` changes in the module that ``before`` was made of."""
    finding = _Finding(standing, before, after)
    finding.title()
    finding.sections()
    finding.quiz()
    finding.left_alone()
    return Recognised(overlays.without_empty(finding.changes), tuple(finding.notes), tuple(finding.faults), tuple(finding.items))


class _Finding:
    """Goes through a module once; afterwards ``changes`` and ``notes`` say what was found."""

    def __init__(self, standing: Standing, before: ReadModule, after: ReadModule) -> None:
        self.standing, self.before, self.after = standing, before, after
        self.changes: Changes = dict(standing.changes)
        self.notes: list[Note] = []
        self.faults: list[Fault] = []
        self.items: list[ItemEdit] = []
        self.keys = self._keys()

    def title(self) -> None:
        """Find another title and summary."""
        for name in ("title", "summary"):
            new = getattr(self.after, name)
            if new != getattr(self.before, name):
                self.changes = {**self.changes, name: None if new == getattr(self.standing.base, name).strip() else new}
                self.notes.append(Note(name, new))

    def _keys(self) -> dict[str, str]:
        """Return by the key that a file has the key of the section that it is."""
        gone = [section for section in self.before.sections if self.after.section(section.key) is None]
        fresh = [section for section in self.after.sections if self.before.section(section.key) is None]
        keys = {section.key: section.key for section in self.after.sections}
        taken = {*keys, *(s.key for s in self.standing.base.sections), *self.standing.changes.get("added", {})}
        hidden = set(self.standing.changes.get("hidden", ()))
        for section in fresh:
            former = next((g for g in gone if g.key in section.formerly or _alike(g.markdown, section.markdown)), None)
            if former is not None:
                gone.remove(former)
                keys[section.key] = former.key
            elif section.key not in hidden:
                keys[section.key] = _own_key(self.standing.course_id, section.key, taken)
                taken.add(keys[section.key])
        return keys

    def sections(self) -> None:
        """Find what is said otherwise, new, gone, hidden, shown again, and in another order."""
        after = {self.keys[section.key]: section for section in self.after.sections}
        own = self.standing.changes.get("added", {})
        for former in self.before.sections:
            if former.key in after:
                continue
            if former.key in own:
                self.changes = overlays.without_added(self.changes, former.key)
            else:
                self.changes = overlays.hidden(self.changes, former.key)
            self.notes.append(Note("removed" if former.key in own else "hidden", str(former.head["title"])))
        behind = ""
        for key, section in after.items():
            self._section(key, section, behind)
            behind = key
        self._order(list(after))

    def _section(self, key: str, section: ReadSection, behind: str) -> None:
        former = self.before.section(key)
        made_on = self.standing.made_on(key)
        text = self._linked(section.markdown)
        if former is None and made_on is None and key not in self.standing.changes.get("added", {}):
            self.changes = overlays.with_added(self.changes, key, section.head, joined(blocks_of(text)), after=behind)
            self._note("added", section, added=len(blocks_of(text)))
            self.faults.extend(section.faults)
            return
        if former is None:
            self.changes = overlays.shown(self.changes, key)
            self._note("shown", section)
            former = self._as_it_would_be(key, section)
        elif section.key != key:
            self._note("renamed", section)
        self._head(key, former, section)
        if blocks_of(text) != blocks_of(former.markdown):
            self._text(key, former, text)
            was, now = blocks_of(former.markdown), blocks_of(text)
            same = sum(size for _, _, size in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks())
            self._note("text", section, added=len(now) - same, gone=len(was) - same)
            self.faults.extend(section.faults)

    def _note(self, kind: str, section: ReadSection, *, added: int = 0, gone: int = 0) -> None:
        self.notes.append(Note(kind, str(section.head["title"]), added, gone))

    def _as_it_would_be(self, key: str, section: ReadSection) -> ReadSection:
        """Return a section that was hidden as it stands once it is shown."""
        found = resolve(self.standing.base, overlays.shown(dict(self.standing.changes), key), self.standing.held).section(key)
        assert found is not None
        return replace(section, head=found.head, markdown=found.markdown)

    def _head(self, key: str, former: ReadSection, section: ReadSection) -> None:
        fields = {name: value for name, value in section.head.items() if value != former.head.get(name)}
        if fields:
            self.changes = overlays.with_head(self.changes, self._made_on(key, former), fields)
            self._note("head", section)

    def _made_on(self, key: str, former: ReadSection) -> SectionSource:
        return self.standing.made_on(key) or SectionSource(key, former.head, former.markdown)

    def _text(self, key: str, former: ReadSection, text: str) -> None:
        """Take another text; what stands in a slot stays a filling of the slot, so that the place itself is not copied."""
        plain = resolve(
            replace(self.standing.base, slots={}), {**self.changes, "slots": {}}, self.standing.held
        ).section(key)  # fmt: skip
        empty = {slot: block for block in blocks_of(plain.markdown if plain else "") if (slot := _slot(block))}
        filled = {slot: block for block in blocks_of(former.markdown) if (slot := _slot(block))}
        mine = []
        for block in blocks_of(text):
            slot = _slot(block)
            if slot in empty and slot in filled:
                if words_of(block) != words_of(filled[slot]):
                    self.changes = {**self.changes, "slots": {**self.changes.get("slots", {}), slot: _inside(block)}}
                    self.notes.append(Note("slot", slot))
                mine.append(empty[slot].removesuffix("\n") + ("\n" if block.endswith("\n") else ""))
            else:
                mine.append(block)
        self.changes = overlays.with_text(self.changes, self._made_on(key, former), joined(mine))

    def _linked(self, text: str) -> str:
        """Return a text whose links to sections say the keys that these have in the course."""
        return _SECTION_LINK.sub(lambda found: f"(section:{self.keys.get(found[1], found[1])}", text)

    def _order(self, wanted: Sequence[str]) -> None:
        base = [section.key for section in self.standing.base.sections]
        full = overlays.placed(base, self.changes)
        if [key for key in full if key in wanted] == list(wanted):
            return
        # What is hidden stays behind what it stood behind.
        hidden_behind: dict[str, list[str]] = {}
        behind = ""
        for key in full:
            if key in wanted:
                behind = key
            else:
                hidden_behind.setdefault(behind, []).append(key)
        order = [*hidden_behind.get("", ()), *(each for key in wanted for each in (key, *hidden_behind.get(key, ())))]
        self.changes = overlays.in_order(self.changes, base, order)
        if [key for key in wanted if self.before.section(key)] != [s.key for s in self.before.sections if s.key in wanted]:
            self.notes.append(Note("order"))

    def quiz(self) -> None:
        """Find other rules of the quiz, and questions that are worded otherwise, new or gone."""
        if self.before.quiz is None or self.after.quiz is None:
            if self.before.quiz is not None:
                self.notes.append(Note("no-quiz"))
            return
        rules = {name: value for name, value in self.after.quiz.items() if value != self.before.quiz.get(name)}
        if rules.pop("instructions", None) is not None:
            self.notes.append(Note("instructions"))
        if rules:
            own = {**self.changes.get("quiz", {}), **rules}
            series = self.standing.base.quiz or {}
            self.changes = {**self.changes, "quiz": {name: value for name, value in own.items() if value != series.get(name)}}
            self.notes.append(Note("quiz"))
        self._items({item.key for item in self.standing.base.items})

    def _items(self, base: set[str]) -> None:
        for key, value in self.after.items.items():
            former = self.before.items.get(key)
            if former == value:
                continue
            if former is not None and former.get("type") != value.get("type"):
                path = self.after.quiz_path
                self.faults.append(
                    Fault(path, 1, 1, "item-type", f"{key}: a question keeps its type; answers of one type mean nothing to another")
                )
                continue
            self._item(key, value, is_known=former is not None or key in base)
        self._gone(base)

    def _item(self, key: str, value: Mapping[str, Any], *, is_known: bool) -> None:
        excluded = list(self.changes.get("excluded", ()))
        own = key if is_known else _own_key(self.standing.course_id, key, set(self.after.items))
        if key in excluded:
            self.changes = overlays.excluding(self.changes, (each for each in excluded if each != key))
        self.items.append(ItemEdit(own, {**value, "id": own}, is_new=not is_known))
        self.notes.append(Note("item" if is_known else "item-added", own))

    def _gone(self, base: Iterable[str]) -> None:
        gone = [key for key in self.before.items if key not in self.after.items]
        for key in gone:
            self.notes.append(Note("item-excluded" if key in base else "item-removed", key))
        if gone:
            left = [key for key in gone if key in base]
            own = [each for each in self.changes.get("added_items", ()) if each["key"] not in gone]
            self.changes = overlays.excluding({**self.changes, "added_items": own}, [*self.changes.get("excluded", ()), *left])

    def left_alone(self) -> None:
        """Say what was changed that a course does not change here."""
        self.notes.extend(Note("fixed", name) for name, value in self.after.fixed.items() if value != self.before.fixed.get(name))
        self.notes.extend(Note("picture", name) for name in self.after.pictures if name not in self.before.pictures)


def _alike(one: str, two: str) -> bool:
    was, now = blocks_of(one), blocks_of(two)
    return bool(was and now) and SequenceMatcher(None, was, now, autojunk=False).ratio() >= ALIKE


def _own_key(course_id: int, key: str, taken: set[str]) -> str:
    """Return a key that the series never has, for something of the course's own."""
    prefix = f"c{course_id}-"
    stem = prefix + re.sub(r"^c[0-9]+-", "", key)
    stem = stem[:_LONGEST_KEY].rstrip("-")
    number, found = 1, stem
    while found in taken and found != key:
        number += 1
        found = f"{stem[: _LONGEST_KEY - len(str(number)) - 1]}-{number}"
    return found


def _slot(block: str) -> str:
    """Return which place of a country the block is; none where it is none."""
    words = block.split("\n", 1)[0].split()
    return words[2] if len(words) > 2 and is_slot(block, words[2]) else ""  # noqa: PLR2004 (::: slot key)


def _inside(block: str) -> str:
    return "\n".join(block.strip().split("\n")[1:-1]).strip()
