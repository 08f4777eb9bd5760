"""Publishing a course: its changes resolved once, into an edition that never changes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, insert, select

from elearn import clock
from elearn.adaptation.acts import EditionPublished
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.licence_labels import reason
from elearn.adaptation.licence_queries import licence_of, mixes_of
from elearn.adaptation.models import Course, Edition, EditionItem, EditionModule, EditionSection
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.texts import SectionSource
from elearn.catalogue import syntax
from elearn.catalogue.models import Section
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.passages import Desk, laid_out, look
from elearn.catalogue.queries import pinned_items
from elearn.catalogue.reading import Reference
from elearn.db import db, note, table
from elearn.errors import Invalid

_LISTED = re.compile(r'id="ref-([A-Za-z0-9-]+)"')


@dataclass(frozen=True)
class TextFault:
    """What keeps a text of a course from being published."""

    slug: str
    module: str
    #: Empty: the quiz.
    key: str
    section: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.module}, {self.section}" if self.section else self.module
        said = _("line %(line)s: %(fault)s", line=self.line, fault=self.message) if self.line else self.message
        return f"{where}: {said}"


class FaultyTexts(Invalid):
    """Some texts of a course have faults."""

    def __init__(self, faults: Sequence[TextFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([_("Some texts of the course have faults. Please put them right, then publish."), *map(str, faults)]))


def publish_edition(course: Course, *, person_id: int, at: datetime | None = None) -> Edition:
    """Return the next edition of ``course``; raise Invalid, naming each fault, where a text of the course cannot be published."""
    at = at or clock.now()
    modules = adapted_modules(course)
    licence = licence_of(course)
    pages = _pages(course, modules, _mixed(modules, licence))
    published = db.session.scalar(select(func.count()).select_from(Edition).where(Edition.course_id == course.id)) or 0
    edition = Edition(
        course_id=course.id,
        number=published + 1,
        title=course.title,
        language=course.language,
        published_by_id=person_id,
        published_at=at,
        licence=licence,
        authors=course.authors,
    )
    db.session.add(edition)
    db.session.flush()
    _insert(EditionModule, [_module_row(edition.id, place, module) for place, module in enumerate(modules, start=1)])
    _insert(EditionSection, [{"edition_id": edition.id, **page} for page in pages])
    _insert(EditionItem, [row for module in modules for row in _item_rows(edition.id, module)])
    note(EditionPublished(person_id, course.institution_id, at))
    return edition


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table(model)), rows)


def _module_row(edition_id: int, place: int, module: AdaptedModule) -> dict[str, Any]:
    source = module.source
    return {
        "edition_id": edition_id,
        "module_id": module.module_id,
        "position": place,
        "revision_id": module.base.revision_id,
        "overlay_id": module.overlay.id,
        "title": source.title,
        "summary": source.summary,
        "week": module.week,
        "weight": module.weight,
        "quiz": source.quiz if source.items else None,
    }


def _item_rows(edition_id: int, module: AdaptedModule) -> list[dict[str, Any]]:
    return [
        {
            "edition_id": edition_id,
            "module_id": module.module_id,
            "position": number,
            "item_revision_id": item.revision_id,
            "source": item.source or None,
        }
        for number, item in enumerate(module.source.items, start=1)
    ]


def _mixed(modules: Sequence[AdaptedModule], licence: str) -> list[TextFault]:
    """Return which modules may not be published under the course's licence, and why."""
    mixes = mixes_of(modules, licence)
    return [TextFault(mix.slug, mix.title, "", "", 0, reason(mix.hindrance, mix.licence, licence)) for mix in mixes]


def _pages(course: Course, modules: Sequence[AdaptedModule], mixed: Sequence[TextFault]) -> list[dict[str, Any]]:
    """Return the sections of the modules as an edition keeps them."""
    changed = [module for module in modules if has_own_texts(module)]
    desks = desks_of([module.base.revision_id for module in changed], course.language) if changed else {}
    listed, pictures = listed_by(changed), course_pictures(course.id)
    pages: list[dict[str, Any]] = []
    faults = [*mixed, *(fault for module in modules for fault in (*_missing(module), *_not_drawn(module)))]
    for module in modules:
        desk = desks.get(module.base.revision_id) if module in changed else None
        if desk:
            desk = pictures.beside(desk, [section.key for section in module.source.sections])
            faults += _faults(module, desk)
        cited = cited_in(module, desk, listed) if desk else []
        for place, section in enumerate(module.source.sections, start=1):
            pages.append(_page(module, desk, place, section, cited if desk and section.kind_is("references") else None))
    if faults:
        raise FaultyTexts(faults)
    return pages


def has_own_texts(module: AdaptedModule) -> bool:
    """Return whether some page is not just the series': then what the module cites may be something else, too."""
    own = any(section.section_id is None for section in module.source.sections)
    return own or {s.key for s in module.source.sections} != {s.key for s in module.base.source.sections}


def _faults(module: AdaptedModule, desk: Desk) -> list[TextFault]:
    own = [section for section in module.source.sections if section.section_id is None]
    return [
        TextFault(module.slug, module.source.title, section.key, section.title, fault.line, fault.message)
        for section in own
        for fault in look(desk, section.markdown).errors
    ]


def _missing(module: AdaptedModule) -> list[TextFault]:
    """Return what a module is without that students would miss: a text of a section that the course added, any section at all."""
    title = module.source.title
    if not module.source.sections:
        return [TextFault(module.slug, title, "", "", 0, _("every section is hidden; show one, or take the module out of the course"))]
    return [
        TextFault(module.slug, title, section.key, section.title, 0, _("it has no text yet; write it, hide it or remove it"))
        for section in module.source.sections
        if section.section_id is None and not section.markdown.strip() and section.head["kind"] not in {"references", "class-structure"}
    ]


def _not_drawn(module: AdaptedModule) -> list[TextFault]:
    """Return the rules of drawing that the course leaves without enough questions."""
    draw = (module.source.quiz or {}).get("draw") or ()
    if not draw or not {"quiz", "excluded", "items", "added_items"} & module.overlay.changes.keys():
        return []
    items = pinned_items(tuple(item.revision_id for item in module.source.items))
    lacking = [rule for rule in draw if sum(rule["tag"] in item.tags for item in items.values()) < rule["count"]]
    title, where = module.source.title, _("quiz")
    return [
        TextFault(module.slug, title, "", where, 0, _("its rules draw %(count)s questions “%(tag)s”, and there are fewer", **rule))
        for rule in lacking
    ]


def _page(
    module: AdaptedModule, desk: Desk | None, place: int, section: SectionSource, cited: Sequence[Reference] | None
) -> dict[str, Any]:
    row = {"module_id": module.module_id, "key": section.key, "position": place}
    row |= {name: section.head[name] for name in ("title", "kind", "audience", "minutes")}
    points = section.section_id is not None and cited is None
    there = module.made_on(section.key)
    says_itself = not points or there is None or section.head != there.head or module.base.ref.edition_id
    more = {name: section.head[name] for name in ("outcomes", "steps", "descriptions")} if says_itself else None
    if more is not None and section.formerly:
        # Courses on this one follow a section whatever it is called.
        more["formerly"] = list(section.formerly)
    html = None if points or desk is None else html_of(desk, section, cited or ())
    return row | {
        "section_id": section.section_id if points else None,
        "html": html,
        "markdown": None if points else section.markdown,
        "head": more,
    }


def html_of(desk: Desk, section: SectionSource, cited: Sequence[Reference]) -> str:
    """Return a section of the course's own laid out, with ``cited`` listed at its end."""
    used = look(desk, section.markdown).used
    descriptions = {**desk.context.descriptions, **(section.head.get("descriptions") or {})}
    return laid_out(desk, section.markdown, used, descriptions=descriptions, cited=cited)


def listed_by(modules: Sequence[AdaptedModule]) -> dict[int, frozenset[str]]:
    """Return by page of the series the references that it lists."""
    pages = [s.section_id for module in modules for s in module.base.source.sections if s.kind_is("references") and s.section_id]
    rows = db.session.execute(select(Section.id, Section.html).where(Section.id.in_(pages))) if pages else ()
    return {row.id: frozenset(_LISTED.findall(row.html)) for row in rows}


def cited_in(module: AdaptedModule, desk: Desk, listed: Mapping[int, frozenset[str]]) -> list[Reference]:
    """Return what the course's text of the module cites: what the series lists, less what only its texts cited, with the course's own."""
    before, after = _keys(module.base.source.sections), _keys(module.source.sections)
    shown = {key for s in module.base.source.sections for key in listed.get(s.section_id or 0, ())}
    known: Mapping[str, Reference] = desk.context.references
    return [known[key] for key in sorted((shown - before) | after) if key in known]


def _keys(sections: Sequence[SectionSource]) -> set[str]:
    found = (match[1] for s in sections for match in re.finditer(syntax.CITATION, syntax.without_code(s.markdown)))
    return {key for inside in found for key, _locator in syntax.citations(inside) or []}
