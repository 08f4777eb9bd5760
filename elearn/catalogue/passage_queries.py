"""What a text of a module may point at, as a revision of the module has it among the series of today."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn import cache, media
from elearn.catalogue import bibliography
from elearn.catalogue.assembly import Assembly
from elearn.catalogue.content_files import ContentFiles
from elearn.catalogue.drafts import read_entries, read_series_yml
from elearn.catalogue.faults import Faults
from elearn.catalogue.markup import Context
from elearn.catalogue.models import ModuleFile, Section, SeriesFile
from elearn.catalogue.passages import Desk
from elearn.catalogue.pictures import read_picture
from elearn.catalogue.queries import current_release, current_series, published_module
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
    key = (current_release(), revision_id, language)
    return cache.kept("desks", key, lambda: _desk(revision_id, language), most=60)


def _desk(revision_id: int, language: str) -> Desk:
    module, source = published_module(revision_id), current_series().source
    shelf = cache.kept("desk-shelves", current_release(), _shelf, most=2)
    lines = module.lines(source, source)
    pictures = _pictures(revision_id)
    references_key = next((line.key for line in lines if line.kind == "references"), "")
    keys = shelf.sections.get(module.slug, frozenset()) | {line.key for line in lines}
    known = Known(
        frozenset(shelf.references), frozenset(shelf.terms), {**shelf.sections, module.slug: keys}, module.slug, frozenset(pictures),
    )  # fmt: skip
    return Desk(Context(language, source, module.slug, references_key, shelf.references, shelf.terms, pictures), known)


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


def _pictures(revision_id: int) -> dict[str, Picture]:
    rows = db.session.execute(
        select(ModuleFile.path, ModuleFile.digest).where(ModuleFile.revision_id == revision_id, ModuleFile.path.startswith("media/")),
    ).all()
    content = media.bytes_of([row.digest for row in rows])
    read = (read_picture(row.path, content[row.digest], Faults()) for row in rows)
    return {picture.name: picture for picture in read if picture}
