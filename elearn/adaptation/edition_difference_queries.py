"""What one edition of a course has that another has not, section by section and question by question. Few statements, however many."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from elearn.adaptation.models import EditionItem, EditionSection
from elearn.adaptation.queries import EditionContents
from elearn.catalogue.models import Item, ItemRevision, Section
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class ItemDifference:
    """The questions of a module that are others in another edition, by key."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def touched(self) -> tuple[str, ...]:
        """Those that students may have answered."""
        return (*self.gone, *self.changed)


NO_ITEMS = ItemDifference((), (), ())


def changed_sections(before_id: int, after_id: int, renamed: Mapping[int, Mapping[str, str]]) -> set[tuple[int, str]]:
    """Return the sections (module, key in the later edition) that both have and that say or are called something else."""
    before, after = aliased(EditionSection), aliased(EditionSection)
    was, now = aliased(Section), aliased(Section)
    names = [
        ((after.module_id == module_id) & (after.key == new), old) for module_id, pairs in renamed.items() for old, new in pairs.items()
    ]
    key = case(*names, else_=after.key) if names else after.key
    one, two = func.coalesce(before.html, was.html), func.coalesce(after.html, now.html)
    rows = db.session.execute(
        select(after.module_id, after.key)
        .join(before, (before.module_id == after.module_id) & (before.key == key) & (before.edition_id == before_id))
        .outerjoin(was, was.id == before.section_id)
        .outerjoin(now, now.id == after.section_id)
        .where(after.edition_id == after_id, (one != two) | (before.title != after.title)),
    )
    return {(row.module_id, row.key) for row in rows}


def renamed_sections(before: EditionContents, after: EditionContents) -> dict[int, dict[str, str]]:
    """Return by module the key in the later edition of each section that has another one in the earlier."""
    asked = {module.revision_id: module.module_id for module in after.modules}
    rows = db.session.execute(
        select(Section.revision_id, Section.key, Section.formerly).where(
            Section.revision_id.in_(asked), Section.language == current_series().source
        ),
    )
    here = {module.module_id: {line.key for line in module.lines} for module in after.modules}
    there = {module.module_id: {line.key for line in module.lines} for module in before.modules}
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        module_id = asked[row.revision_id]
        was, now = there.get(module_id, set()), here[module_id]
        old = next((key for key in row.formerly if key in was and key not in now), None)
        if old is not None and row.key in now and row.key not in was:
            found.setdefault(module_id, {})[old] = row.key
    return found


def item_differences(before_id: int, after_id: int) -> dict[int, ItemDifference]:
    """Return by module which questions are others in the later edition; modules without any are left out."""
    states: dict[tuple[int, int], dict[str, int]] = {}
    for row in _items({before_id, after_id}):
        states.setdefault((row.edition_id, row.module_id), {})[row.key] = row.item_revision_id
    found = {}
    for module_id in {module_id for _edition_id, module_id in states}:
        was, now = states.get((before_id, module_id), {}), states.get((after_id, module_id), {})
        changed = tuple(key for key in now if key in was and was[key] != now[key])
        difference = ItemDifference(tuple(k for k in now if k not in was), tuple(k for k in was if k not in now), changed)
        if difference != NO_ITEMS:
            found[module_id] = difference
    return found


def _items(edition_ids: Collection[int]) -> Any:
    return db.session.execute(
        select(EditionItem.edition_id, EditionItem.module_id, EditionItem.item_revision_id, Item.key)
        .join(ItemRevision, ItemRevision.id == EditionItem.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(EditionItem.edition_id.in_(edition_ids))
        .order_by(EditionItem.position),
    )
