"""What a course's folder is made of."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from elearn import media
from elearn.adaptation.course_folder import CourseHead, FolderModule
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.models import Course
from elearn.adaptation.picture_queries import course_pictures
from elearn.catalogue.models import ModuleFile
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.queries import current_series, published_module
from elearn.catalogue.text_check import Known
from elearn.db import db

_SHOWN = re.compile(r"\(media/([A-Za-z0-9._-]+)")


@dataclass(frozen=True)
class FolderParts:
    """A course as its folder has it now."""

    head: CourseHead
    modules: tuple[FolderModule, ...]
    #: By slug: the module as the course adapts it, and what its texts may point at.
    adapted: Mapping[str, AdaptedModule]
    known: Mapping[str, Known]


def parts_of(course: Course, *, with_pictures: bool = True) -> FolderParts:
    """Return what the folder of a course is made of; its pictures by name only, where their bytes are not wanted."""
    adapted = adapted_modules(course)
    files = _files([module.base.revision_id for module in adapted], course.language)
    beside, desks = course_pictures(course.id), desks_of([module.base.revision_id for module in adapted], course.language)
    own = {name: picture.digest for name, picture in beside.pictures.items()}
    made, known, pictures = [], {}, {}
    for module in adapted:
        there = files.get(module.base.revision_id, {})
        shown = {name for section in module.source.sections for name in _SHOWN.findall(section.markdown)}
        series = {path.removeprefix("media/"): digest for path, digest in there.items() if path.startswith("media/")}
        pictures[module.slug] = {name: digest for name, digest in {**series, **own}.items() if name in shown or name in series}
        keys = {*(s.key for s in module.source.sections), *(s.key for s in module.base.source.sections)}
        known[module.slug] = beside.beside(desks[module.base.revision_id], keys).known
        made.append((module, {path: digest for path, digest in there.items() if not path.startswith("media/")}))
    wanted = {digest for _, texts in made for digest in texts.values()}
    if with_pictures:
        wanted |= {digest for found in pictures.values() for digest in found.values()}
    content = media.bytes_of(sorted(wanted))
    modules = tuple(
        FolderModule(
            published_module(module.base.revision_id).revision.folder,
            module.source,
            {path: content[digest] for path, digest in texts.items()},
            {name: content.get(digest, b"") for name, digest in pictures[module.slug].items()},
        )
        for module, texts in made
    )
    return FolderParts(_head(course, adapted), modules, {module.slug: module for module in adapted}, known)


def _head(course: Course, adapted: Collection[AdaptedModule]) -> CourseHead:
    states = {module.slug: {"changes": module.overlay.number, "base": module.base.ref.pin} for module in adapted}
    return CourseHead(course.id, course.title, course.language, course.created_at.isoformat(), states)


def _files(revision_ids: Collection[int], language: str) -> dict[int, dict[str, str]]:
    """Return by revision the digests of what stands in a module's folder: what says what it is, its pages in ``language``, its pictures."""
    texts = ["module.yml", f"{language}/module.md"]
    if language == current_series().source:
        # Elsewhere a quiz file holds wording only.
        texts.append(f"{language}/quiz.yml")
    found: dict[int, dict[str, str]] = {}
    for row in db.session.execute(
        select(ModuleFile.revision_id, ModuleFile.path, ModuleFile.digest).where(
            ModuleFile.revision_id.in_(revision_ids),
            ModuleFile.path.in_(texts) | ModuleFile.path.startswith("media/"),
        ),
    ):
        found.setdefault(row.revision_id, {})[row.path] = row.digest
    return found
