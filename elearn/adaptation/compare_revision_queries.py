"""The published revisions of a module: what each brought, and what is other between two of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from elearn import cache
from elearn.adaptation.base_queries import Base, BaseRef, bases_of
from elearn.adaptation.compare_text_queries import Compared, Text, compared_texts
from elearn.catalogue.models import ModuleRevision, Release
from elearn.catalogue.module_check import version_key
from elearn.catalogue.queries import PublishedModule, current_release
from elearn.db import db

#: How many pairs one process remembers; a pair of revisions never changes.
MOST_KEPT = 40


@dataclass(frozen=True)
class Revision:
    """A published state of a module."""

    id: int
    number: int
    version: str
    released_at: datetime
    #: Versions with what their authors say of them, the newest first: its own, and those that were never published by themselves.
    notes: tuple[tuple[str, str], ...]


def revisions_of(module: PublishedModule) -> tuple[Revision, ...]:
    """Return the revisions of a module up to the published one, the newest first."""
    key = (current_release(), module.module_id)
    return cache.kept("revisions", key, lambda: _revisions(module), most=100)


def _revisions(module: PublishedModule) -> tuple[Revision, ...]:
    rows = db.session.execute(
        select(ModuleRevision.id, ModuleRevision.number, ModuleRevision.version, Release.released_at)
        .join(Release, Release.id == ModuleRevision.release_id)
        .where(ModuleRevision.module_id == module.module_id, ModuleRevision.number <= module.revision.number)
        .order_by(ModuleRevision.number),
    )
    # The newest revision knows the notes of all versions, as they are worded now.
    waiting = sorted(module.revision.changes, key=version_key)
    found = []
    for row in rows:
        come = [version for version in waiting if version_key(version) <= version_key(row.version)]
        waiting = waiting[len(come) :]
        notes = tuple((version, module.revision.changes[version]) for version in reversed(come))
        found.append(Revision(row.id, row.number, row.version, row.released_at, notes))
    return tuple(reversed(found))


def compared_revisions(module_id: int, before: Revision, after: Revision, language: str, *, confirmed: bool) -> Compared:
    """Return what is other between two revisions, as far as the reader may read them."""
    key = (current_release(), before.id, after.id, language, confirmed)

    def make() -> Compared:
        refs = [BaseRef(module_id, revision.id) for revision in (before, after)]
        bases = bases_of(refs, language)
        one, two = (_text(bases[ref]) for ref in refs)
        return compared_texts(one, two, language, confirmed=confirmed)

    return cache.kept("compared-revisions", key, make, most=MOST_KEPT)


def _text(base: Base) -> Text:
    return Text(base.source, base.revision_id)
