"""The questions of a quiz with all their states, for those who put one right or have answers to it marked again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from elearn.adaptation.models import Edition, EditionItem
from elearn.catalogue.items.item import ItemType
from elearn.catalogue.items.registry import type_of
from elearn.catalogue.models import Item, ItemRevision, QuizItem
from elearn.catalogue.queries import PinnedItem, pinned_items, trusted
from elearn.db import db

_WORDS = 90


@dataclass(frozen=True)
class RevisionChoice:
    """A state of a question."""

    id: int
    number: int
    pinned: PinnedItem

    @property
    def _type(self) -> ItemType:
        return type_of(self.pinned.definition)

    def explained(self) -> Any:
        """Return the question with its key, as nobody answered it."""
        return self._type.explain(self.pinned.definition, None, self.pinned.definition["language"])

    @property
    def prompt_html(self) -> str:
        """The question as it is asked."""
        return str(self.pinned.definition["html"][self.pinned.definition["language"]]["prompt"])


@dataclass(frozen=True)
class ItemChoice:
    """A question of a quiz, whatever its state."""

    id: int
    key: str
    #: Its place among the questions as they are now; 0: it is not asked any more.
    number: int
    #: The states whose key may be used here, oldest first.
    revisions: tuple[RevisionChoice, ...]

    @property
    def newest(self) -> RevisionChoice:
        """Its newest state."""
        return self.revisions[-1]

    @property
    def words(self) -> str:
        """The first words of the question."""
        prompt = trusted(self.newest.prompt_html).striptags()
        return prompt if len(prompt) <= _WORDS else prompt[: _WORDS - 1].rstrip() + "…"


def items_of(module_id: int, present: Sequence[int], course_id: int | None = None) -> list[ItemChoice]:
    """Return the questions of a module in the order in which they are asked, those that are asked no more last.

    Their states are those of the series, and those that the course has made of them.
    """
    allowed: ColumnElement[bool] = ItemRevision.id.in_(select(QuizItem.item_revision_id))
    if course_id is not None:
        own = select(EditionItem.item_revision_id).join(Edition, Edition.id == EditionItem.edition_id).where(Edition.course_id == course_id)
        allowed = or_(allowed, ItemRevision.id.in_(own))
    rows = db.session.execute(
        select(Item.id, Item.key, ItemRevision.id.label("revision_id"), ItemRevision.number)
        .join(ItemRevision, ItemRevision.item_id == Item.id)
        .where(Item.module_id == module_id, allowed)
        .order_by(Item.id, ItemRevision.number),
    ).all()
    pinned = pinned_items(tuple(sorted(row.revision_id for row in rows)))
    places = {revision_id: place for place, revision_id in enumerate(present, start=1)}
    grouped: dict[tuple[int, str], list[RevisionChoice]] = {}
    for row in rows:
        grouped.setdefault((row.id, row.key), []).append(RevisionChoice(row.revision_id, row.number, pinned[row.revision_id]))
    items = [
        ItemChoice(item_id, key, max((places.get(revision.id, 0) for revision in revisions), default=0), tuple(revisions))
        for (item_id, key), revisions in grouped.items()
    ]
    return sorted(items, key=lambda item: (not item.number, item.number, item.id))
