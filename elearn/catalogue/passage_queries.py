"""What a text of a module may point at, as a revision of the module has it among the series of today."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from elearn import cache, media
from elearn.catalogue import bibliography
from elearn.catalogue.assembly import Assembly
from elearn.catalogue.content_files import ContentFiles
from elearn.catalogue.drafts import read_entries, read_series_yml
from elearn.catalogue.faults import Faults
from elearn.catalogue.markup import Context
from elearn.catalogue.models import Module, ModuleFile, ModuleRevision, Section, SeriesFile
from elearn.catalogue.passages import Desk
from elearn.catalogue.pictures import read_picture
from elearn.catalogue.queries import current_release, current_series
from elearn.catalogue.reading import Picture, Reference, Term
from elearn.catalogue.schema import ReferenceEntry, TermEntry
from elearn.catalogue.text_check import Known
from elearn.db import db
from elearn.errors import NotFound


@dataclass(frozen=True)
class _Shelf:
    """What all modules of the series share."""

    references: dict[str, Reference]
    terms: dict[str, Term]
    sections: dict[str, frozenset[str]]


def desk_of(revision_id: int, language: str) -> Desk:
    """Return the desk for texts of a module in ``language``, on a revision of it."""
    return desks_of([revision_id], language)[revision_id]


def desks_of(revision_ids: Collection[int], language: str) -> dict[int, Desk]:
    """Return the desks for texts on these revisions of modules."""
    release = current_release()

    def make(missing: list[tuple[int, int, str]]) -> dict[tuple[int, int, str], Desk]:
        return {(release, key, language): desk for key, desk in _desks([key for _, key, _ in missing], language).items()}

    found = cache.kept_each("desks", [(release, key, language) for key in dict.fromkeys(revision_ids)], make, most=60)
    return {key: desk for (_, key, _), desk in found.items()}


def _desks(ids: list[int], language: str) -> dict[int, Desk]:
    source, pictures = current_series().source, _pictures(ids)
    shelf = cache.kept("desk-shelves", current_release(), _shelf, most=2)
    slugs: dict[int, str] = {}
    keys: dict[int, set[str]] = {key: set() for key in ids}
    listing: dict[int, str] = {}
    asked = select(Section.revision_id, Section.key, Section.kind, Module.slug).join(
        ModuleRevision, ModuleRevision.id == Section.revision_id
    )
    for row in db.session.execute(
        asked.join(Module, Module.id == ModuleRevision.module_id).where(Section.revision_id.in_(ids), Section.language == source),
    ):
        slugs[row.revision_id] = row.slug
        keys[row.revision_id].add(row.key)
        if row.kind == "references":
            listing[row.revision_id] = row.key
    made = {}
    for revision_id, slug in slugs.items():
        own = pictures.get(revision_id, {})
        sections = {**shelf.sections, slug: shelf.sections.get(slug, frozenset()) | keys[revision_id]}
        known = Known(frozenset(shelf.references), frozenset(shelf.terms), sections, slug, frozenset(own))
        context = Context(language, source, slug, listing.get(revision_id, ""), shelf.references, shelf.terms, own)
        made[revision_id] = Desk(context, known)
    return made


def _shelf() -> _Shelf:
    series = current_series()
    if series.revision is None:
        raise NotFound
    rows = db.session.execute(select(SeriesFile.path, SeriesFile.digest).where(SeriesFile.revision_id == series.revision.id)).all()
    content = media.bytes_of([row.digest for row in rows])
    files, faults = ContentFiles({row.path: content[row.digest] for row in rows}), Faults()
    terms = [entry for _, entry in read_entries("glossary.yml", TermEntry, files, faults)[0]]
    references = bibliography.lettered([entry for _, entry in read_entries("references.yml", ReferenceEntry, files, faults)[0]])
    shared = Assembly(files, read_series_yml(files, faults).head, terms, references, {})
    revisions = {module.revision.id: module.slug for module in series.modules}
    found: dict[str, set[str]] = {slug: set() for slug in revisions.values()}
    listed = select(Section.revision_id, Section.key, Section.formerly)
    for row in db.session.execute(listed.where(Section.revision_id.in_(revisions), Section.language == series.source)):
        found[revisions[row.revision_id]] |= {row.key, *row.formerly}
    return _Shelf(
        {each.key: each for each in references}, shared.terms, {slug: frozenset(keys) for slug, keys in found.items()}
    )  # fmt: skip


def _pictures(ids: list[int]) -> dict[int, dict[str, Picture]]:
    rows = db.session.execute(
        select(ModuleFile.revision_id, ModuleFile.path, ModuleFile.digest).where(
            ModuleFile.revision_id.in_(ids), ModuleFile.path.startswith("media/")
        ),
    ).all()
    content = media.bytes_of(sorted({row.digest for row in rows}))
    found: dict[int, dict[str, Picture]] = {}
    for row in rows:
        if picture := read_picture(row.path, content[row.digest], Faults()):
            found.setdefault(row.revision_id, {})[picture.name] = picture
    return found
