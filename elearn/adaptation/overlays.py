"""What a course changes in a module: a difference that is laid over its base. Pure; every function returns new changes.

``changes`` is plain JSON, and every part of it may be missing::

    title, summary     the module's own, where the course says it otherwise
    order              [section key]: the order of sections
    hidden             [section key]
    sections           {key: {head: {field: value}, text: delta, intent: follow | hold | mine, base}}
    added              {key: {head, markdown, after}}
    items              {key: {source, revision}}: questions in the place of the base's
    excluded           [item key]
    added_items        [{key, source, revision}]
    quiz               {field: value}
    slots              {slot: text}: what the course puts there itself
    fillings           {slot: filling id}: what its country puts there
    passed             {slot: filling id}: what its country would put there, and the course did not want
    removed            [text]: passages taken out that the base does not hold any more, so that they never come back by themselves

A ``text`` is a difference by blocks (``deltas``) from the section at its own ``base`` ({revision: id} or {edition: id}), where that is set,
else from the module's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elearn.adaptation.blocks import blocks_of, filled, is_slot, joined, words_of
from elearn.adaptation.deltas import applied, changes_nothing, delta_of, replacements
from elearn.adaptation.merge_blocks import followed
from elearn.adaptation.texts import ItemSource, ModuleSource, SectionSource

Changes = dict[str, Any]
Held = Mapping[str, SectionSource]
NONE_HELD: Held = {}


def resolve(base: ModuleSource, changes: Mapping[str, Any], held: Held = NONE_HELD) -> ModuleSource:
    """Return the module as the course has it. ``held``: the sections that stand as an older revision had them, by key."""
    hidden, sections = set(changes.get("hidden", ())), changes.get("sections", {})
    slots = {**base.slots, **changes.get("slots", {})}
    found = {s.key: _section(held.get(s.key, s), sections.get(s.key, {}), slots) for s in base.sections if s.key not in hidden}
    for key, added in changes.get("added", {}).items():
        if key not in hidden:
            found[key] = _with_slots(SectionSource(key, added["head"], added["markdown"]), slots)
    keys = [key for key in placed([s.key for s in base.sections], changes) if key in found]
    return replace(
        base,
        title=changes.get("title", base.title),
        summary=changes.get("summary", base.summary),
        sections=tuple(found[key] for key in keys),
        items=_items(base.items, changes),
        quiz=None if base.quiz is None else {**base.quiz, **changes.get("quiz", {})},
        slots={},
    )


def placed(base: Sequence[str], changes: Mapping[str, Any]) -> list[str]:
    """Return the keys of all sections in order, hidden ones too; one that the order does not know stands behind its neighbour."""
    keys = list(changes.get("order", ()))
    behind = ""
    for key in base:
        if key not in keys:
            keys.insert(keys.index(behind) + 1 if behind in keys else 0, key)
        behind = key
    for key, added in changes.get("added", {}).items():
        if key not in keys:
            after = added.get("after", "")
            keys.insert(keys.index(after) + 1 if after in keys else len(keys), key)
    return [key for key in keys if key in set(base) | changes.get("added", {}).keys()]


def _section(section: SectionSource, change: Mapping[str, Any], slots: Mapping[str, str]) -> SectionSource:
    found = section
    if "text" in change:
        text = joined(applied(blocks_of(section.markdown), change["text"]))
        found = replace(found, markdown=text, section_id=None)
    if change.get("head"):
        found = replace(found, head={**found.head, **change["head"]})
    return _with_slots(found, slots)


def _with_slots(section: SectionSource, slots: Mapping[str, str]) -> SectionSource:
    if not slots or ":::" not in section.markdown:
        return section
    blocks = blocks_of(section.markdown)
    full = tuple(next((filled(block, text) for key, text in slots.items() if is_slot(block, key)), block) for block in blocks)
    return section if full == blocks else replace(section, markdown=joined(full), section_id=None)


def _items(items: Sequence[ItemSource], changes: Mapping[str, Any]) -> tuple[ItemSource, ...]:
    excluded, replaced = set(changes.get("excluded", ())), changes.get("items", {})
    kept = (item for item in items if item.key not in excluded)
    own = (ItemSource(each["key"], each["source"], each["revision"]) for each in changes.get("added_items", ()))
    return (
        *(ItemSource(i.key, replaced[i.key]["source"], replaced[i.key]["revision"]) if i.key in replaced else i for i in kept),
        *(item for item in own if item.key not in excluded),
    )


def with_text(changes: Changes, section: SectionSource, markdown: str) -> Changes:
    """Return the changes with this text for a section; ``section`` is the one they are made on. The base's own text is no change."""
    if section.key in changes.get("added", {}):
        return _with_added_fields(changes, section.key, {"markdown": markdown})
    base, mine = blocks_of(section.markdown), blocks_of(markdown)
    entry = {**changes.get("sections", {}).get(section.key, {}), "text": delta_of(base, mine)}
    if changes_nothing(entry["text"]) and entry.get("intent") != "mine":
        del entry["text"]
    said = {words_of(block) for block in mine}
    # What they write again themselves may stand.
    removed = [text for text in changes.get("removed", ()) if words_of(text) not in said]
    return without_empty({**_with_entry(changes, section.key, entry), "removed": removed})


def with_head(changes: Changes, section: SectionSource, head: Mapping[str, Any]) -> Changes:
    """Return the changes with these fields of a section's head; what the base says itself is no change."""
    if section.key in changes.get("added", {}):
        return _with_added_fields(changes, section.key, {"head": {**changes["added"][section.key]["head"], **head}})
    entry = dict(changes.get("sections", {}).get(section.key, {}))
    entry["head"] = {name: value for name, value in {**entry.get("head", {}), **head}.items() if section.head.get(name) != value}
    return _with_entry(changes, section.key, entry)


def with_intent(changes: Changes, section: SectionSource, intent: str, *, base: Mapping[str, int] | None = None) -> Changes:
    """Return the changes with what the course means a section to be.

    ``follow``: it takes upstream's corrections; ``hold``: it stands as it is in ``base``; ``mine``: its text is the course's.
    ``section`` is the section as the changes are made on it.
    """
    entry = {k: v for k, v in changes.get("sections", {}).get(section.key, {}).items() if k not in {"intent", "base"}}
    if intent != "follow":
        entry["intent"] = intent
    if intent == "hold" and base is not None:
        entry["base"] = dict(base)
    if intent == "mine":
        entry.setdefault("text", delta_of(blocks_of(section.markdown), blocks_of(section.markdown)))
    elif "text" in entry and changes_nothing(entry["text"]):
        del entry["text"]
    return _with_entry(changes, section.key, entry)


def hidden(changes: Changes, key: str) -> Changes:
    """Return the changes with a section hidden."""
    return {**changes, "hidden": [*(k for k in changes.get("hidden", ()) if k != key), key]}


def shown(changes: Changes, key: str) -> Changes:
    """Return the changes with a section shown again."""
    return without_empty({**changes, "hidden": [k for k in changes.get("hidden", ()) if k != key]})


def with_added(changes: Changes, key: str, head: Mapping[str, Any], markdown: str, *, after: str = "") -> Changes:
    """Return the changes with a section of the course's own, behind the section ``after``."""
    added = {**changes.get("added", {}), key: {"head": dict(head), "markdown": markdown, "after": after}}
    order = list(changes.get("order", ()))
    if order:
        order.insert(order.index(after) + 1 if after in order else len(order), key)
    return without_empty({**changes, "added": added, "order": order})


def without_added(changes: Changes, key: str) -> Changes:
    """Return the changes without a section of the course's own."""
    rest = {k: v for k, v in changes.get("added", {}).items() if k != key}
    lists = {name: [k for k in changes.get(name, ()) if k != key] for name in ("order", "hidden")}
    return without_empty({**changes, "added": rest, **lists})


def in_order(changes: Changes, base: Sequence[str], order: Sequence[str]) -> Changes:
    """Return the changes with the sections in this order; the base's own order is no change."""
    plain = placed(base, {**changes, "order": []})
    wanted = [*(key for key in order if key in plain), *(key for key in plain if key not in order)]
    return without_empty({**changes, "order": [] if wanted == plain else wanted})


def with_item(changes: Changes, key: str, source: str, revision: int) -> Changes:
    """Return the changes with this state of a question, the base's or the course's own."""
    own = [each["key"] for each in changes.get("added_items", ())]
    if key in own:
        items = [{**each, "source": source, "revision": revision} if each["key"] == key else each for each in changes["added_items"]]
        return {**changes, "added_items": items}
    return {**changes, "items": {**changes.get("items", {}), key: {"source": source, "revision": revision}}}


def with_added_item(changes: Changes, key: str, source: str, revision: int) -> Changes:
    """Return the changes with a question of the course's own, at the end."""
    return {**changes, "added_items": [*changes.get("added_items", ()), {"key": key, "source": source, "revision": revision}]}


def with_base_item(changes: Changes, key: str) -> Changes:
    """Return the changes without the course's own state of a question."""
    return without_empty({**changes, "items": {k: v for k, v in changes.get("items", {}).items() if k != key}})


def excluding(changes: Changes, keys: Iterable[str]) -> Changes:
    """Return the changes with just these questions left out."""
    return without_empty({**changes, "excluded": list(dict.fromkeys(keys))})


def unwanted(base: ModuleSource, changes: Mapping[str, Any], held: Held = NONE_HELD) -> tuple[str, ...]:
    """Return the passages that the course took out or hid: they never come back by themselves."""
    found = list(changes.get("removed", ()))
    hidden_keys = set(changes.get("hidden", ()))
    for section in base.sections:
        blocks = blocks_of(held.get(section.key, section).markdown)
        entry = changes.get("sections", {}).get(section.key, {})
        if section.key in hidden_keys:
            found.extend(blocks)
        elif "text" in entry:
            found.extend(text for out, own in replacements(blocks, entry["text"]) for text in _taken_out(out, own))
    return tuple(dict.fromkeys(found))


def _taken_out(out: Sequence[str], own: Sequence[str]) -> list[str]:
    """Return what was taken out for good: a passage that was only put in other words is not."""
    became = followed([words_of(block) for block in out], [words_of(block) for block in own])
    return [block for place, block in enumerate(out) if place not in became]


def without_empty(changes: Mapping[str, Any]) -> Changes:
    """Return the changes without parts that say nothing, so that equal courses have equal changes."""
    return {name: value for name, value in changes.items() if value not in ({}, [], None)}


def _with_entry(changes: Changes, key: str, entry: Mapping[str, Any]) -> Changes:
    entry = {name: value for name, value in entry.items() if name == "text" or value not in ({}, None)}
    sections = {k: v for k, v in changes.get("sections", {}).items() if k != key}
    return without_empty({**changes, "sections": {**sections, key: entry} if entry else sections})


def _with_added_fields(changes: Changes, key: str, fields: Mapping[str, Any]) -> Changes:
    return {**changes, "added": {**changes["added"], key: {**changes["added"][key], **fields}}}
