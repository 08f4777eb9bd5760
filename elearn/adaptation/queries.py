"""Questions about courses and editions. An edition never changes, so what one process has read of it is kept."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select

from elearn import cache
from elearn.adaptation.models import Edition, EditionItem, EditionModule, EditionSection, Overlay
from elearn.catalogue.models import Module, ModuleText, Section
from elearn.catalogue.queries import current_release, current_series, trusted
from elearn.db import db
from elearn.errors import NotFound


@dataclass(frozen=True)
class EditionLine:
    """A section of an edition, as a list of contents shows it."""

    key: str
    title: str
    kind: str
    audience: str
    minutes: int
    section_id: int | None


@dataclass(frozen=True)
class ModuleInEdition:
    """A module as an edition has it."""

    module_id: int
    revision_id: int
    slug: str
    kind: str
    title: str
    summary: str
    lines: tuple[EditionLine, ...]
    #: {title, instructions_html, pass_mark, attempts, draw}; None: no quiz.
    quiz: dict[str, Any] | None
    item_revision_ids: tuple[int, ...]
    #: What the mark of its quiz counts for beside those of the others; without a quiz nothing.
    weight: int

    @cached_property
    def student_keys(self) -> tuple[str, ...]:
        """The keys of the sections that everyone reads, in order: what a student completes."""
        return tuple(line.key for line in self.lines if line.audience == "everyone")

    def line(self, key: str) -> EditionLine | None:
        """Return the section with this key."""
        return next((line for line in self.lines if line.key == key), None)


@dataclass(frozen=True)
class EditionContents:
    """An edition, resolved: what a class is taught on."""

    id: int
    course_id: int
    number: int
    title: str
    language: str
    modules: tuple[ModuleInEdition, ...]

    def module(self, slug: str) -> ModuleInEdition | None:
        """Return the module with this slug."""
        return next((m for m in self.modules if m.slug == slug), None)

    def module_by_id(self, module_id: int) -> ModuleInEdition | None:
        """Return the module with this id."""
        return next((m for m in self.modules if m.module_id == module_id), None)


def edition(edition_id: int) -> EditionContents:
    """Return an edition's contents."""
    return cache.kept("editions", edition_id, lambda: _edition(edition_id), most=500)


def _edition(edition_id: int) -> EditionContents:
    found = db.session.get(Edition, edition_id)
    if found is None:
        raise NotFound
    lines, items = _lines(edition_id), _items(edition_id)
    rows = db.session.execute(
        select(EditionModule, Module.slug, Module.kind, ModuleText.summary)
        .join(Module, Module.id == EditionModule.module_id)
        .outerjoin(
            ModuleText,
            (ModuleText.revision_id == EditionModule.revision_id) & (ModuleText.language == found.language),
        )
        .where(EditionModule.edition_id == edition_id)
        .order_by(EditionModule.position),
    )
    modules = tuple(
        ModuleInEdition(
            module.module_id,
            module.revision_id,
            slug,
            kind,
            module.title,
            module.summary if module.summary is not None else summary or "",
            tuple(lines.get(module.module_id, ())),
            module.quiz,
            tuple(items.get(module.module_id, ())),
            module.weight if module.quiz is not None else 0,
        )
        for module, slug, kind, summary in rows
    )
    return EditionContents(found.id, found.course_id, found.number, found.title, found.language, modules)


def _lines(edition_id: int) -> dict[int, list[EditionLine]]:
    """Return the sections of an edition by module, in order."""
    lines: dict[int, list[EditionLine]] = {}
    for row in db.session.execute(
        select(
            EditionSection.module_id,
            EditionSection.key,
            EditionSection.title,
            EditionSection.kind,
            EditionSection.audience,
            EditionSection.minutes,
            EditionSection.section_id,
        )
        .where(EditionSection.edition_id == edition_id)
        .order_by(EditionSection.module_id, EditionSection.position),
    ):
        lines.setdefault(row.module_id, []).append(EditionLine(*row[1:]))
    return lines


def _items(edition_id: int) -> dict[int, list[int]]:
    """Return the item revisions of an edition by module, in order."""
    items: dict[int, list[int]] = {}
    for module_id, revision_id in db.session.execute(
        select(EditionItem.module_id, EditionItem.item_revision_id)
        .where(EditionItem.edition_id == edition_id)
        .order_by(EditionItem.module_id, EditionItem.position),
    ):
        items.setdefault(module_id, []).append(revision_id)
    return items


@dataclass(frozen=True)
class EditionPage:
    """What a section's page in an edition shows."""

    html: Markup
    steps: tuple[dict[str, Any], ...]
    language: str


def edition_page(edition_id: int, module_id: int, key: str) -> EditionPage:
    """Return a section's text in an edition, as it was rendered and cleaned when it was published."""
    # An edition never changes; its HTML is made again now and then, which is a release of its own.
    place = (current_release(), edition_id, module_id, key)
    return cache.kept("edition-pages", place, lambda: _edition_page(edition_id, module_id, key), most=1000)


def _edition_page(edition_id: int, module_id: int, key: str) -> EditionPage:
    row = db.session.execute(
        select(
            EditionSection.html,
            EditionSection.head,
            Section.html.label("section_html"),
            Section.steps,
            Section.language,
            Edition.language.label("own"),
        )
        .join(Edition, Edition.id == EditionSection.edition_id)
        .outerjoin(Section, Section.id == EditionSection.section_id)
        .where(EditionSection.edition_id == edition_id, EditionSection.module_id == module_id, EditionSection.key == key),
    ).first()
    if row is None:
        raise NotFound
    html = trusted(row.html if row.html is not None else row.section_html)
    steps = (row.head or {}).get("steps", row.steps)
    return EditionPage(html, tuple(steps or ()), row.language or row.own)


def newest_edition(course_id: int) -> Edition:
    """Return the newest edition of a course; one of which nothing is published has none."""
    asked = select(Edition).where(Edition.course_id == course_id).order_by(Edition.number.desc()).limit(1)
    found = db.session.scalars(asked).first()
    if found is None:
        raise NotFound
    return found


def newest_overlays(course_id: int) -> dict[int, Overlay]:
    """Return by module the newest changes of a course."""
    newest = select(func.max(Overlay.id)).where(Overlay.course_id == course_id).group_by(Overlay.module_id)
    return {overlay.module_id: overlay for overlay in db.session.scalars(select(Overlay).where(Overlay.id.in_(newest)))}


@dataclass(frozen=True)
class Renewal:
    """What teaching a course again would stand on."""

    #: Titles of the modules that the series has in a newer revision than the course's newest edition.
    titles: tuple[str, ...]
    #: Whether the course is the series, with nothing changed, so that it can simply move to today's text.
    follows: bool


def renewal_of(course_id: int) -> Renewal:
    """Return how the newest edition of a course stands to the series of today."""
    newest, series = edition(newest_edition(course_id).id), current_series()
    today = {module.module_id: module.revision.id for module in series.modules}
    titles = tuple(m.title for m in newest.modules if today.get(m.module_id, m.revision_id) != m.revision_id)
    follows = not any(overlay.changes or overlay.base_edition_id for overlay in newest_overlays(course_id).values())
    return Renewal(titles, follows)
