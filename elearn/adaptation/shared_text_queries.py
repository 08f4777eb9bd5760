"""What a shared course says, as published, and what its modules were made from; few statements, however many modules."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.adaptation.base_queries import BaseRef, base_of
from elearn.adaptation.change_counts import ChangeCounts, counts_of
from elearn.adaptation.compare_text_queries import Compared, Text, compared_texts
from elearn.adaptation.models import Edition, EditionModule, Overlay
from elearn.adaptation.queries import EditionContents, ModuleInEdition
from elearn.catalogue.models import ModuleRevision
from elearn.db import db


@dataclass(frozen=True)
class SharedModule:
    """A module of a shared course."""

    module: ModuleInEdition
    #: What is changed in it, beside what it was made from.
    counts: ChangeCounts
    #: What it was made from, in words.
    base: str


def shared_modules(contents: EditionContents) -> list[SharedModule]:
    """Return the modules of an edition with what each was made from; one statement."""
    rows = db.session.execute(
        select(EditionModule.module_id, Overlay.changes, ModuleRevision.version, Edition.number, Edition.title)
        .join(Overlay, Overlay.id == EditionModule.overlay_id)
        .outerjoin(ModuleRevision, ModuleRevision.id == Overlay.base_revision_id)
        .outerjoin(Edition, Edition.id == Overlay.base_edition_id)
        .where(EditionModule.edition_id == contents.id),
    )
    known = {row.module_id: row for row in rows}
    return [SharedModule(each, counts_of(known[each.module_id].changes), _base(known[each.module_id])) for each in contents.modules]


def _base(row: object) -> str:
    if row.version is not None:  # type: ignore[attr-defined]
        return _("version %(version)s of the series", version=row.version)  # type: ignore[attr-defined]
    return _("edition %(number)s of “%(course)s”", number=row.number, course=row.title)  # type: ignore[attr-defined]


def compared_with_base(contents: EditionContents, module: ModuleInEdition) -> Compared:
    """Return a module of an edition beside what it was made from, for those who may read what is for teachers."""
    overlay = db.session.scalars(
        select(Overlay)
        .join(EditionModule, EditionModule.overlay_id == Overlay.id)
        .where(EditionModule.edition_id == contents.id, EditionModule.module_id == module.module_id),
    ).one()
    before = base_of(BaseRef.of(overlay), contents.language)
    after = base_of(BaseRef(module.module_id, 0, contents.id), contents.language)
    return compared_texts(Text(before.source, before.revision_id), Text(after.source, after.revision_id), contents.language, confirmed=True)
