"""A course's changes carried from their base to a newer one: what was not touched follows, what was stays, both at once is asked. Pure."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from elearn.adaptation.blocks import blocks_of, joined, words_of
from elearn.adaptation.deltas import applied, changes_nothing, delta_of, own_blocks
from elearn.adaptation.merge_blocks import Choices, MergedBlocks, Question, comes_back, merged_blocks
from elearn.adaptation.overlays import NONE_HELD, Changes, Held, resolve, unwanted, without_empty
from elearn.adaptation.texts import ItemSource, ModuleSource, SectionSource


@dataclass(frozen=True)
class SectionOutcome:
    """What an update does to one section, in passages."""

    key: str
    title: str
    updated: int
    kept: int
    #: follow, hold, mine; new, gone: upstream's section that was not there before, or is no more; hidden.
    state: str


@dataclass(frozen=True)
class Merged:
    """A course's changes on the newer base, and how they came about."""

    changes: Changes
    questions: tuple[Question, ...]
    sections: tuple[SectionOutcome, ...]
    #: Questions of the quiz that upstream changed, added or took out, by key.
    items: tuple[str, ...]

    @property
    def updated(self) -> int:
        """How many passages and questions the update changes in the course."""
        return sum(section.updated for section in self.sections) + len(self.items)

    @property
    def kept(self) -> int:
        """How many passages stay the course's own."""
        return sum(section.kept for section in self.sections)


def merge(
    base: ModuleSource, upstream: ModuleSource, changes: Mapping[str, Any], *, choices: Choices | None = None, held: Held = NONE_HELD
) -> Merged:
    """Return the changes that make the course of ``upstream`` instead of ``base``.

    Where both changed the same, ``choices`` says what stands, else what is the course's.
    """
    return _Merge(base, upstream, changes, choices or {}, held).run()


def held_on(base: ModuleSource, upstream: ModuleSource, held: Held) -> Held:
    """Return the sections that stand as an older text has them, under the keys that upstream has for them now."""
    names = _renames(base, upstream)
    return {names.get(key, key): replace(section, key=names.get(key, key)) for key, section in held.items()}


class _Merge:
    def __init__(self, base: ModuleSource, upstream: ModuleSource, changes: Mapping[str, Any], choices: Choices, held: Held) -> None:
        self.base, self.upstream, self.choices, self.held = base, upstream, choices, held_on(base, upstream, held)
        self.changes = _renamed(base, upstream, changes)
        self.out = {words_of(text) for text in unwanted(base, changes, held)} - self._said(resolve(base, changes, held))
        self.questions: list[Question] = []
        self.outcomes: list[SectionOutcome] = []
        self.items: list[str] = []

    @staticmethod
    def _said(module: ModuleSource) -> set[str]:
        return {words_of(block) for section in module.sections for block in blocks_of(section.markdown)}

    def run(self) -> Merged:
        names = {new: old for old, new in _renames(self.base, self.upstream).items()}
        before = {names.get(s.key, s.key): s for s in self.upstream.sections}
        known = {section.key: section for section in self.base.sections}
        new: Changes = {**self.changes, "sections": {}, "added": dict(self.changes.get("added", {}))}
        for key, section in before.items():
            self._section(new, known.get(key), section)
        for key, section in known.items():
            if key not in before:
                self._gone(new, section)
        for name in ("title", "summary"):
            if name in new:
                self._field(new, "", "head", name, getattr(self.base, name), getattr(self.upstream, name))
        self._quiz(new)
        self._merge_items(new)
        new = without_empty(new)
        new["removed"] = self._still_removed(new)
        return Merged(without_empty(new), tuple(self.questions), tuple(self.outcomes), tuple(self.items))

    def _ask(self, about: str, kind: str, name: str = "", *, base: str, upstream: str, mine: str) -> str:
        """Return the text that was chosen."""
        return self._chosen(about, kind, name, base=base, upstream=upstream, mine=mine)[1]

    def _chosen(self, about: str, kind: str, name: str, *, base: str, upstream: str, mine: str) -> tuple[str, str]:
        """Return whose text was chosen, and the text; note the question in any case, so that it is shown with its answer."""
        key = hashlib.sha256(json.dumps([about, kind, name, base, upstream, mine]).encode()).hexdigest()[:16]
        self.questions.append(Question(key, about, kind, name, base, upstream, mine))
        taken, text = self.choices.get(key, ("mine", ""))
        return taken, {"mine": mine, "upstream": upstream}.get(taken, text)

    def _section(self, new: Changes, base: SectionSource | None, upstream: SectionSource) -> None:
        key = upstream.key
        entry = dict(self.changes.get("sections", {}).get(key, {}))
        own = new["added"].pop(key, None)
        if base is None and own is not None:
            # Upstream has again what it took out and the course kept.
            entry = {"head": own["head"], "text": delta_of(blocks_of(upstream.markdown), blocks_of(own["markdown"]))}
            base = upstream
        if base is None:
            self._appears(new, upstream)
            return
        if entry.get("intent") == "hold":
            self._keep_entry(new, key, entry)
            self._outcome(upstream, "hold", kept=int(base.markdown != upstream.markdown))
            return
        self._heads(entry, base, upstream)
        if "text" in entry or self.out:
            self._text(new, entry, base, upstream)
        else:
            self._keep_entry(new, key, entry)
            self._outcome(upstream, self._state(key, "follow"), updated=_changed_blocks(base.markdown, upstream.markdown))

    def _text(self, new: Changes, entry: dict[str, Any], base: SectionSource, upstream: SectionSource) -> None:
        blocks, theirs = blocks_of(base.markdown), blocks_of(upstream.markdown)
        mine = applied(blocks, entry["text"]) if "text" in entry else blocks
        if upstream is base:
            merged = MergedBlocks(list(mine))
        elif entry.get("intent") == "mine":
            merged = MergedBlocks(list(mine), kept=int(blocks != theirs))
        elif upstream.key in self.changes.get("hidden", ()):
            merged = MergedBlocks(list(theirs)) if "text" not in entry else self._merged(upstream.key, blocks, mine, theirs, set())
        else:
            merged = self._merged(upstream.key, blocks, mine, theirs, self.out)
        entry["text"] = delta_of(theirs, tuple(merged.blocks))
        if changes_nothing(entry["text"]) and entry.get("intent") != "mine":
            del entry["text"]
        self._keep_entry(new, upstream.key, entry)
        self._outcome(upstream, self._state(upstream.key, entry.get("intent", "follow")), merged.updated, merged.kept)

    def _merged(self, key: str, base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...], out: set[str]) -> MergedBlocks:
        return merged_blocks(base, mine, theirs, unwanted=out, ask=lambda kind, **texts: self._ask(key, kind, **texts))

    def _state(self, key: str, otherwise: str) -> str:
        return "hidden" if key in self.changes.get("hidden", ()) else otherwise

    def _outcome(self, section: SectionSource, state: str, updated: int = 0, kept: int = 0) -> None:
        self.outcomes.append(SectionOutcome(section.key, section.title, updated, kept, state))

    @staticmethod
    def _keep_entry(new: Changes, key: str, entry: Mapping[str, Any]) -> None:
        kept = {name: value for name, value in entry.items() if name == "text" or value not in ({}, None)}
        if kept:
            new["sections"][key] = kept

    def _appears(self, new: Changes, section: SectionSource) -> None:
        """Take in a section that upstream added, without what was taken out or hidden here before."""
        blocks = blocks_of(section.markdown)
        wanted = [block for block in blocks if not comes_back(block, self.out)]
        if section.key in new.get("hidden", ()):
            self._outcome(section, "hidden")
        elif len(wanted) == len(blocks):
            self._outcome(section, "new", updated=len(blocks))
        elif any(not block.startswith("#") for block in wanted):
            new["sections"][section.key] = {"text": delta_of(blocks, wanted)}
            self._outcome(section, "new", updated=len(wanted), kept=len(blocks) - len(wanted))
        else:
            new["hidden"] = [*new.get("hidden", ()), section.key]
            self._outcome(section, "hidden", kept=len(blocks))

    def _gone(self, new: Changes, section: SectionSource) -> None:
        """Let a section go that upstream took out, unless the course has words of its own in it, or holds it."""
        entry = self.changes.get("sections", {}).get(section.key, {})
        there = self.held.get(section.key, section)
        mine = applied(blocks_of(there.markdown), entry["text"]) if "text" in entry else blocks_of(there.markdown)
        written = own_blocks(entry.get("text", [])) or entry.get("head") or entry.get("intent", "follow") != "follow"
        taken = "upstream"
        if written:
            taken, text = self._chosen(section.key, "gone", "section", base=there.markdown, upstream="", mine=joined(mine))
        if taken != "upstream":
            behind = self._behind(section.key)
            head = {**there.head, **entry.get("head", {})}
            new["added"][section.key] = {"head": head, "markdown": text, "after": behind}
        self._outcome(section, "gone", updated=int(taken == "upstream"), kept=int(taken != "upstream"))

    def _behind(self, key: str) -> str:
        """Return the section before this one of the base that upstream still has, by upstream's key; empty: there is none."""
        names, keys = _renames(self.base, self.upstream), [s.key for s in self.base.sections]
        there = {s.key for s in self.upstream.sections}
        before = (names.get(each, each) for each in reversed(keys[: keys.index(key)]))
        return next((each for each in before if each in there), "")

    def _heads(self, entry: dict[str, Any], base: SectionSource, upstream: SectionSource) -> None:
        fields = dict(entry.get("head", {}))
        for name in list(fields):
            self._field(fields, upstream.key, "head", name, base.head.get(name), upstream.head.get(name))
        entry["head"] = {name: value for name, value in fields.items() if upstream.head.get(name) != value}

    def _field(self, fields: dict[str, Any], about: str, kind: str, name: str, base: Any, upstream: Any) -> None:
        """Leave a field as the course has it, or as upstream has it where that was chosen or is the same."""
        mine = fields[name]
        if upstream not in (base, mine):
            texts = {"base": _said(base), "upstream": _said(upstream), "mine": _said(mine)}
            if self._ask(about, kind, name, **texts) == texts["upstream"]:
                mine = upstream
        if mine == upstream:
            del fields[name]

    def _quiz(self, new: Changes) -> None:
        rules, base = dict(new.get("quiz", {})), self.base.quiz or {}
        for name in list(rules):
            self._field(rules, "", "quiz", name, base.get(name), (self.upstream.quiz or {}).get(name))
        new["quiz"] = rules

    def _merge_items(self, new: Changes) -> None:
        own, added = dict(new.get("items", {})), list(new.get("added_items", ()))
        base, upstream = {i.key: i for i in self.base.items}, {i.key: i for i in self.upstream.items}
        for key in list(own):
            kept = self._item(key, own[key], base.get(key), upstream.get(key))
            if kept == "mine" and key not in upstream:
                added.append({"key": key, **own.pop(key)})
            elif kept != "mine":
                own.pop(key)
        for each in [each for each in added if each["key"] in upstream]:
            added.remove(each)
            own[each["key"]] = {"source": each["source"], "revision": each["revision"]}
        new["items"], new["added_items"] = own, added
        out = set(new.get("excluded", ())) | set(own)
        changed = {k for k in base.keys() | upstream.keys() if _state_of(base.get(k)) != _state_of(upstream.get(k))}
        self.items = sorted(changed - out)

    def _item(self, key: str, mine: Mapping[str, Any], base: ItemSource | None, upstream: ItemSource | None) -> str:
        """Return whose a question that the course replaced is from now on."""
        there = upstream.source if upstream else ""
        if upstream and upstream.revision_id == mine["revision"]:
            return "upstream"
        if _state_of(base) == _state_of(upstream):
            return "mine"
        taken = self._ask(
            key, "item" if upstream else "gone", "item", base=base.source if base else "", upstream=there, mine=mine["source"]
        )
        return "mine" if taken == mine["source"] else "upstream"

    def _still_removed(self, new: Changes) -> list[str]:
        """Return the passages that were taken out and that the new base does not hold, in order."""
        there = {words_of(text) for text in unwanted(self.upstream, {**new, "removed": []}, self.held)}
        said = self._said(resolve(self.upstream, new, self.held))
        return sorted(text for text in self.out if text not in there and text not in said)


def _renames(base: ModuleSource, upstream: ModuleSource) -> dict[str, str]:
    """Return the new key of each section that upstream renamed."""
    there, known = {s.key for s in upstream.sections}, {s.key for s in base.sections}
    return {old: s.key for s in upstream.sections if s.key not in known for old in s.formerly if old in known and old not in there}


def _renamed(base: ModuleSource, upstream: ModuleSource, changes: Mapping[str, Any]) -> Changes:
    names = _renames(base, upstream)
    lists = {name: [names.get(key, key) for key in changes[name]] for name in ("order", "hidden") if name in changes}
    sections = {names.get(key, key): entry for key, entry in changes.get("sections", {}).items()}
    added = {
        key: {**each, "after": names.get(each.get("after", ""), each.get("after", ""))} for key, each in changes.get("added", {}).items()
    }
    return {**changes, **lists, "sections": sections, "added": added}


def _changed_blocks(before: str, after: str) -> int:
    if before == after:
        return 0
    one, two = ([words_of(block) for block in blocks_of(text)] for text in (before, after))
    steps = delta_of(one, two)
    return max(len(own_blocks(steps)), -sum(step for step in steps if isinstance(step, int) and step < 0))


def _state_of(item: ItemSource | None) -> int:
    return item.revision_id if item else 0


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
