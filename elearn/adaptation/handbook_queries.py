"""An edition as a book, and where the pictures of a book are found. A dozen statements at most, however many modules and sections."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from sqlalchemy import select

from elearn.adaptation.handbook_credit_queries import Facts, credits_of, facts_of
from elearn.adaptation.handbook_frame_queries import framed
from elearn.adaptation.handbook_texts import Book, BookModule, BookSection, Wanted
from elearn.adaptation.models import Course, Edition, EditionItem, EditionModule, EditionSection, Overlay
from elearn.adaptation.picture_queries import pictures_of
from elearn.catalogue.models import Module, ModuleFile, Section
from elearn.db import db


def titles_of(edition: Edition) -> list[tuple[str, str]]:
    """Return the modules of an edition in order, by slug and title; one statement."""
    rows = db.session.execute(
        select(Module.slug, EditionModule.title)
        .join(EditionModule, EditionModule.module_id == Module.id)
        .where(EditionModule.edition_id == edition.id)
        .order_by(EditionModule.position),
    )
    return [(row.slug, row.title) for row in rows]


def edition_book(course: Course, edition: Edition, wanted: Wanted) -> Book:
    """Return what is wanted of an edition, as it was published."""
    rows = db.session.execute(
        select(EditionModule, Module.slug, Overlay)
        .join(Module, Module.id == EditionModule.module_id)
        .join(Overlay, Overlay.id == EditionModule.overlay_id)
        .where(EditionModule.edition_id == edition.id)
        .order_by(EditionModule.position),
    ).all()
    taken = [row for row in rows if wanted.takes(row.slug)]
    facts = facts_of([row.EditionModule.revision_id for row in taken], edition.language)
    by_module = {row.EditionModule.module_id: facts[row.EditionModule.revision_id] for row in taken}
    credit = credits_of({row.EditionModule.module_id: row.Overlay for row in taken}, by_module)
    sections, items = _sections(edition, by_module, wanted), _items(edition.id) if wanted.questions != "none" else {}
    modules = [
        BookModule(
            row.slug,
            row.EditionModule.revision_id,
            row.EditionModule.title,
            row.EditionModule.summary if row.EditionModule.summary is not None else said.summary,
            said.language,
            row.EditionModule.week,
            tuple(said.outcomes.values()),
            said.content_notes,
            credit[row.EditionModule.module_id],
            tuple(sections.get(row.EditionModule.module_id, ())),
            tuple(items.get(row.EditionModule.module_id, ())),
        )
        for row in taken
        for said in [by_module[row.EditionModule.module_id]]
    ]
    return framed(course, edition, edition.published_at.date(), modules)


def _sections(edition: Edition, facts: Mapping[int, Facts], wanted: Wanted) -> dict[int, list[BookSection]]:
    found: dict[int, list[BookSection]] = {}
    own = (Section.html, Section.markdown, Section.outcomes, Section.steps, Section.language)
    asked = select(EditionSection, *own).outerjoin(Section, Section.id == EditionSection.section_id)
    readers = ["everyone", "teacher"] if wanted.teacher else ["everyone"]
    for row in db.session.execute(
        asked.where(
            EditionSection.edition_id == edition.id, EditionSection.module_id.in_(facts), EditionSection.audience.in_(readers)
        ).order_by(EditionSection.module_id, EditionSection.position),
    ):
        page = row.EditionSection
        head = page.head or {}
        found.setdefault(page.module_id, []).append(
            BookSection(
                page.key,
                page.title,
                page.kind,
                page.audience,
                page.minutes,
                row.language or edition.language,
                page.html if page.html is not None else row.html,
                page.markdown if page.markdown is not None else row.markdown or "",
                facts[page.module_id].worded(head.get("outcomes", row.outcomes) or ()),
                tuple(head.get("steps", row.steps) or ()),
            ),
        )
    return found


def _items(edition_id: int) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    asked = select(EditionItem.module_id, EditionItem.item_revision_id).where(EditionItem.edition_id == edition_id)
    for row in db.session.execute(asked.order_by(EditionItem.module_id, EditionItem.position)):
        found.setdefault(row.module_id, []).append(row.item_revision_id)
    return found


def picture_addresses(book: Book) -> dict[tuple[str, str], str]:
    """Return where pictures are found, by slug of a module and name; three statements at most."""
    own = pictures_of(book.course_id)
    found = {(module.slug, name): picture.url for module in book.modules for name, picture in own.items()}
    slugs = {module.revision_id: module.slug for module in book.modules}
    asked = select(ModuleFile.revision_id, ModuleFile.path, ModuleFile.digest)
    for row in db.session.execute(asked.where(ModuleFile.revision_id.in_(slugs), ModuleFile.path.startswith("media/"))):
        name = row.path.removeprefix("media/")
        found.setdefault((slugs[row.revision_id], name), f"/media/{row.digest}{PurePosixPath(name).suffix}")
    return found
