"""What newer bases make of modules of a course: merged, and nothing kept. Few statements, however many modules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from elearn.adaptation.base_queries import Base, BaseRef, bases_of
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.merge import Merged, held_on, merge
from elearn.adaptation.merge_blocks import Choices, Question
from elearn.adaptation.overlays import Held, resolve
from elearn.adaptation.texts import ModuleSource
from elearn.catalogue.item_queries import item_texts_of


@dataclass(frozen=True)
class Update:
    """What a newer base makes of one module of a course."""

    module: AdaptedModule
    upstream: Base
    merged: Merged
    #: The sections that stand as an older text has them, under upstream's keys.
    held: Held

    @property
    def before(self) -> ModuleSource:
        """The module as the course has it."""
        return self.module.source

    @cached_property
    def after(self) -> ModuleSource:
        """The module as the course would have it."""
        return resolve(self.upstream.source, self.merged.changes, self.held)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What only a person can decide; the same three texts are asked about once."""
        return tuple({question.key: question for question in self.merged.questions}.values())

    @cached_property
    def touched_items(self) -> tuple[str, ...]:
        """The questions of the quiz that are others afterwards, come or go, by key."""
        states = [{item.key: item.revision_id for item in module.items} for module in (self.before, self.after)]
        return tuple(sorted(key for key in states[0].keys() | states[1].keys() if states[0].get(key) != states[1].get(key)))


def updates_of(language: str, wanted: Sequence[tuple[AdaptedModule, BaseRef]], choices: Choices | None) -> list[Update]:
    """Return what these newer bases make of modules of a course in ``language``."""
    bases = bases_of([ref for _, ref in wanted], language)
    found = [(module, _filled(bases[ref], module)) for module, ref in wanted]
    asked = {base.revision_id for module, upstream in found if _replaced(module, upstream) for base in (module.base, upstream)}
    texts = item_texts_of(sorted(asked)) if asked else {}
    return [_update(module, upstream, texts, choices) for module, upstream in found]


def _filled(upstream: Base, module: AdaptedModule) -> Base:
    """Return the newer base with what the course's country puts into its slots, as the older one has it."""
    slots = {**upstream.source.slots, **module.base.source.slots}
    return replace(upstream, source=replace(upstream.source, slots=slots)) if slots else upstream


def _update(module: AdaptedModule, upstream: Base, texts: Mapping[int, Mapping[str, str]], choices: Choices | None) -> Update:
    changes, held = _pinned(module)
    keys = _replaced(module, upstream)
    base, newer = (_with_texts(each, keys, texts.get(each.revision_id, {})) for each in (module.base, upstream))
    merged = merge(base, newer, changes, choices=choices, held=held)
    return Update(module, upstream, merged, held_on(base, newer, held))


def _pinned(module: AdaptedModule) -> tuple[dict[str, Any], Held]:
    """Return the changes with each section that is held pinned to a text: else it would be held at whatever the base is next."""
    changes, held = module.overlay.changes, dict(module.held)
    loose = {
        key: {**entry, "base": module.base.ref.pin}
        for key, entry in changes.get("sections", {}).items()
        if entry.get("intent") == "hold" and "base" not in entry
    }
    held |= {key: section for key in loose if (section := module.base.source.section(key))}
    return ({**changes, "sections": {**changes["sections"], **loose}} if loose else changes), held


def _replaced(module: AdaptedModule, upstream: Base) -> list[str]:
    """Return the questions that both the course and upstream changed: only their texts are worth the reading."""
    before, after = ({item.key: item.revision_id for item in base.source.items} for base in (module.base, upstream))
    return [key for key in module.overlay.changes.get("items", {}) if before.get(key) != after.get(key)]


def _with_texts(base: Base, keys: Sequence[str], texts: Mapping[str, str]) -> ModuleSource:
    """Return the module with the texts of these questions, which a base's own are without."""
    if not keys:
        return base.source
    items = [replace(i, source=texts.get(i.key, "")) if i.key in keys and not i.source else i for i in base.source.items]
    return replace(base.source, items=tuple(items))
