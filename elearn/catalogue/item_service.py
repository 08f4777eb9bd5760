"""Putting a question of the series right: its new text is published as the module's next patch."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, media
from elearn.accounts.permissions import Visitor
from elearn.catalogue.item_access import FixableItem
from elearn.catalogue.item_fix import Tried, tried
from elearn.catalogue.models import ItemRevision, Module, ModuleFile, QuizItem
from elearn.catalogue.models import Quiz as QuizRow
from elearn.catalogue.queries import published_module
from elearn.catalogue.reading import Item
from elearn.catalogue.service import item_revision, publish, published_files
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound


def source_of(item: FixableItem) -> str:
    """Return the question as it stands in the published ``quiz.yml``."""
    text = item.place.source(published_files())
    if not text:
        raise NotFound
    return text


def look(item: FixableItem, text: str) -> Tried:
    """Return what would become of the question; nothing is kept."""
    return tried(published_files(), item.place, text)


def fix_item(visitor: Visitor, item: FixableItem, text: str, *, note: str, seen: int, confirmed: Collection[str]) -> tuple[int, str]:
    """Return the question's new state and the module's new version, with ``text`` published.

    Refused are a text with faults, one that changes nothing, ids that go without a word, and a text made from a version that is not the
    newest any more. Translations do not hold it up: what they lack is read in the first language until they follow.
    """
    if seen != item.revision_id:
        raise Conflict(_("Somebody published this module while you were writing. Your text is kept: please compare, then save again."))
    files = published_files()
    found = tried(files, item.place, text, note=note)
    sound(found, confirmed)
    release = publish(found.reading, by_id=visitor.id)
    state = _state(item)
    if release.release_id is None or state == item.item_revision_id:
        message = _("This changes nothing of the question.")
        raise Invalid(message, {"text": message})
    details = {"item": item.place.key, "module": item.slug, "version": found.version}
    audit.record("fix-item", "release", release.release_id, actor_id=visitor.id, details=details)
    return state, found.version


def sound(found: Tried, confirmed: Collection[str]) -> Item:
    """Return the question; raise Invalid where its text has faults, or ids are gone that nobody ``confirmed`` to be."""
    if not found.is_sound or found.item is None:
        raise Invalid(_("The text has faults."), {"text": _("The text has faults. They are listed above it, line by line.")})
    if lost := [key for key in found.removed if key not in confirmed]:
        message = _("Say for each choice that is gone that it is meant to be: %(ids)s.", ids=", ".join(lost))
        raise Invalid(message, {"removed": message})
    return found.item


def _state(item: FixableItem) -> int:
    """Return the state of the question in the newest revision of its module."""
    return db.session.scalars(
        select(QuizItem.item_revision_id)
        .join(QuizRow, QuizRow.id == QuizItem.quiz_id)
        .join(ItemRevision, ItemRevision.id == QuizItem.item_revision_id)
        .where(ItemRevision.item_id == item.item_id)
        .order_by(QuizRow.revision_id.desc())
        .limit(1)
    ).one()


def files_of(revision_id: int) -> dict[str, bytes]:
    """Return the published files, those of one module as a revision of it has them."""
    revision = published_module(revision_id).revision
    files = {path: content for path, content in published_files().items() if not path.startswith(f"{revision.folder}/")}
    own = db.session.execute(select(ModuleFile.path, ModuleFile.digest).where(ModuleFile.revision_id == revision_id)).all()
    content = media.bytes_of(sorted({row.digest for row in own}))
    return files | {f"{revision.folder}/{row.path}": content[row.digest] for row in own}


def keep_state(module_id: int, item: Item) -> int:
    """Return the number of the state of a question as read: the one that is there, or a new one."""
    return item_revision(db.session.get_one(Module, module_id), item).id
