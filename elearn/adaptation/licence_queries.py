"""Under which licences courses and the texts they stand on are; two statements at most, however many modules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.licences import hindrance
from elearn.adaptation.models import Course, Edition, EditionModule
from elearn.catalogue.models import ModuleRevision
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.errors import NotFound


@dataclass(frozen=True)
class Mix:
    """A text whose licence does not go with the course's."""

    slug: str
    title: str
    licence: str
    #: As ``licences.hindrance`` names it.
    hindrance: str


def series_licence() -> str:
    """Return the licence of the series."""
    revision = current_series().revision
    return revision.licence if revision else ""


def licence_of(course: Course) -> str:
    """Return the licence of a course: its own, else that of the series."""
    return course.licence or series_licence()


def licences_of(refs: Collection[BaseRef]) -> dict[BaseRef, str]:
    """Return the licences of texts: of a module of the series as it says, of an edition as it was published."""
    revisions = {ref.revision_id for ref in refs if not ref.edition_id}
    editions = {ref.edition_id for ref in refs if ref.edition_id}
    found: dict[tuple[int, int], str] = {}
    if revisions:
        asked = select(ModuleRevision.id, ModuleRevision.licence).where(ModuleRevision.id.in_(revisions))
        found |= {(row.id, 0): row.licence for row in db.session.execute(asked)}
    if editions:
        # An edition of before courses had licences is under that of what it was made of.
        rows = db.session.execute(
            select(EditionModule.module_id, Edition.id, Edition.licence, ModuleRevision.licence.label("of_series"))
            .join(Edition, Edition.id == EditionModule.edition_id)
            .join(ModuleRevision, ModuleRevision.id == EditionModule.revision_id)
            .where(Edition.id.in_(editions)),
        )
        found |= {(row.module_id, row.id): row.licence or row.of_series for row in rows}
    return {ref: found[(ref.module_id, ref.edition_id) if ref.edition_id else (ref.revision_id, 0)] for ref in refs}


def mixes_of(modules: Sequence[AdaptedModule], licence: str) -> tuple[Mix, ...]:
    """Return which of these modules may not stand in a course under ``licence``."""
    licences = licences_of({module.base.ref for module in modules})
    found = ((module, licences[module.base.ref]) for module in modules)
    return tuple(
        Mix(module.slug, module.source.title, theirs, why) for module, theirs in found if (why := hindrance(theirs, licence))
    )  # fmt: skip


def edition_called(course_id: int, number: int) -> Edition:
    """Return the edition of a course with this number."""
    found = db.session.scalars(select(Edition).where(Edition.course_id == course_id, Edition.number == number)).one_or_none()
    if found is None:
        raise NotFound
    return found
