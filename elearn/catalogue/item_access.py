"""The door to the questions of the series, for editors."""

from dataclasses import dataclass

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, may
from elearn.catalogue.access import module_for_reading
from elearn.catalogue.item_fix import Place
from elearn.catalogue.queries import PinnedItem, PublishedModule, pinned_items
from elearn.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class FixableItem:
    """A question of the newest revision of a module."""

    slug: str
    module_title: str
    place: Place
    #: Of the module.
    revision_id: int
    version: str
    item_id: int
    item_revision_id: int
    number: int


def quiz_for_fixing(visitor: object, slug: str) -> tuple[PublishedModule, str, list[PinnedItem]]:
    """Return a module, its title, and the questions of its quiz in order."""
    if not may(visitor, Permission.EDIT_SERIES):
        raise NotAllowed(_("Only the editors of the series can do this."))
    series, module, _language = module_for_reading(slug, None)
    if module.quiz is None:
        raise NotFound
    pinned = pinned_items(module.quiz.item_revision_ids)
    return module, module.text(series.source, series.source).title, [pinned[each] for each in module.quiz.item_revision_ids]


def item_for_fixing(visitor: object, slug: str, key: str) -> FixableItem:
    """Return a question of a module."""
    module, title, items = quiz_for_fixing(visitor, slug)
    for number, item in enumerate(items, start=1):
        if item.key == key:
            place = Place(module.revision.folder, item.definition["language"], key)
            revision = module.revision
            return FixableItem(slug, title, place, revision.id, revision.version, item.item_id, item.id, number)
    raise NotFound
