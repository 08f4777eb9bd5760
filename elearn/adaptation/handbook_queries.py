"""What a course's handbook and slides are made of. A dozen statements at most, however many modules and sections."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.adaptation.change_counts import counts_of
from elearn.adaptation.course_list_queries import colleagues_of
from elearn.adaptation.handbook_html import taken_apart
from elearn.adaptation.handbook_texts import Book, BookModule, BookSection, Credit, SeriesCredit, Wanted
from elearn.adaptation.models import Course, Edition, EditionItem, EditionModule, EditionSection, Overlay
from elearn.adaptation.picture_queries import pictures_of
from elearn.catalogue import bibliography
from elearn.catalogue.models import Module, ModuleFile, ModuleRevision, ModuleText, Section
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.text import clean


@dataclass(frozen=True)
class Facts:
    """What a revision of a module says about itself in a language."""

    title: str
    summary: str
    language: str
    #: Wording by id.
    outcomes: Mapping[str, str]
    content_notes: tuple[str, ...]
    version: str
    authors: tuple[str, ...]
    licence: str

    def worded(self, outcomes: Collection[str]) -> tuple[str, ...]:
        """Return outcomes in words."""
        return tuple(self.outcomes[key] for key in outcomes if key in self.outcomes)


def facts_of(revision_ids: Collection[int], language: str) -> dict[int, Facts]:
    """Return what revisions say about themselves, in the series' first language where they are not translated; one statement."""
    source = current_series().source
    asked = select(ModuleText, ModuleRevision.version, ModuleRevision.authors, ModuleRevision.licence).join(
        ModuleRevision, ModuleRevision.id == ModuleText.revision_id
    )
    found: dict[int, Facts] = {}
    for row in db.session.execute(
        asked.where(ModuleText.revision_id.in_(revision_ids), ModuleText.language.in_({language, source})),
    ):
        text = row.ModuleText
        if text.language == language or text.revision_id not in found:
            found[text.revision_id] = Facts(
                text.title,
                text.summary,
                text.language,
                text.outcomes,
                tuple(text.content_notes.values()),
                row.version,
                tuple(row.authors),
                row.licence,
            )
    return found


def credits_of(overlays: Mapping[int, Overlay], facts: Mapping[int, Facts]) -> dict[int, Credit]:
    """Return by module whose text it is and what was done to it; ``facts`` by module. One statement at most."""
    ids = {overlay.base_edition_id for overlay in overlays.values() if overlay.base_edition_id}
    courses: dict[int | None, tuple[str, int, str]] = {}
    if ids:
        asked = select(Edition.id, Edition.title, Edition.number, Institution.name).join(Course, Course.id == Edition.course_id)
        asked = asked.join(Institution, Institution.id == Course.institution_id).where(Edition.id.in_(ids))
        courses = {row.id: (row.title, row.number, row.name) for row in db.session.execute(asked)}
    return {
        module_id: Credit(
            said.title,
            said.version,
            said.authors,
            said.licence,
            courses.get(overlays[module_id].base_edition_id),
            counts_of(overlays[module_id].changes),
        )
        for module_id, said in facts.items()
    }


def framed(course: Course, edition: Edition | None, day: Any, modules: Sequence[BookModule]) -> Book:
    """Return the book of these modules: what stands on its cover. Two statements."""
    series = current_series()
    credit = SeriesCredit("", "", "", "")
    if said := series.revision:
        credit = SeriesCredit(said.title.get(course.language) or said.title[series.source], said.version, said.publisher, said.licence)
    institution = db.session.get_one(Institution, course.institution_id)
    people = tuple(colleague.name for colleague in colleagues_of(course) if colleague.name)
    title, number = (edition.title, edition.number) if edition else (course.title, None)
    listed = _with_unlisted(modules, course.language)
    return Book(course.id, title, institution.name, people, course.language, number, day, credit, tuple(listed))


def _with_unlisted(modules: Sequence[BookModule], language: str) -> list[BookModule]:
    """Return the modules; one whose list of references is not there, with what its sections cite."""
    cited = {}
    for module in modules:
        if not any(section.kind == "references" for section in module.sections):
            found = [taken_apart(section.html) for section in module.sections]
            cited[module.slug] = {key for each in found for key in each.cited}
    if not any(cited.values()):
        return list(modules)
    newest = {module.slug: module.revision.id for module in current_series().modules}
    desks = desks_of(newest.values(), language)
    # All modules of the series cite from the same list.
    known = next(iter(desks.values())).context.references if desks else {}
    listed = {slug: bibliography.in_order(known[key] for key in keys if key in known) for slug, keys in cited.items()}
    html = {slug: {each.key: str(clean(bibliography.full(each, language))) for each in found} for slug, found in listed.items()}
    return [replace(module, unlisted=html.get(module.slug, {})) for module in modules]


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


def section_pages(section_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the HTML and the language of pages of the series; one statement."""
    rows = db.session.execute(select(Section.id, Section.html, Section.language).where(Section.id.in_(section_ids)))
    return {row.id: (row.html, row.language) for row in rows}


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
