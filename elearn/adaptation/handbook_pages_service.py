"""The sections of a course as it stands: the series' as they were laid out, those that the course changed laid out here."""

import hashlib
import json
from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import cache
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.edition_service import cited_in, has_own_texts, html_of, listed_by
from elearn.adaptation.handbook_texts import BookSection, Wanted
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.texts import SectionSource
from elearn.catalogue.models import Section
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.passages import Desk
from elearn.catalogue.queries import current_release
from elearn.catalogue.reading import Reference
from elearn.db import db
from elearn.errors import Invalid


def pages_of(course_id: int, language: str, modules: Sequence[AdaptedModule], wanted: Wanted) -> list[list[BookSection]]:
    """Return the sections of the modules, their outcomes by id."""
    changed = [module for module in modules if has_own_texts(module)]
    desks = desks_of([module.base.revision_id for module in changed], language) if changed else {}
    listed = listed_by(changed) if changed else {}
    pictures = course_pictures(course_id) if changed else None
    stored = _stored([s.section_id for module in modules for s in module.source.sections if s.section_id])
    found = []
    for module in modules:
        desk = desks.get(module.base.revision_id) if pictures and module in changed else None
        if desk and pictures:
            desk = pictures.beside(desk, [section.key for section in module.source.sections])
        cited = cited_in(module, desk, listed) if desk else []
        sections = []
        for section in module.source.sections:
            if section.head["audience"] == "everyone" or wanted.teacher:
                lists = cited if section.kind_is("references") else []
                if section.section_id is not None and not (desk and section.kind_is("references")):
                    html, spoken = stored[section.section_id]
                else:
                    html, spoken = _laid_out(module, desk, section, lists), language
                sections.append(_section(section, html, spoken))
        found.append(sections)
    return found


def _stored(section_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the HTML and the language of pages of the series; one statement."""
    rows = db.session.execute(select(Section.id, Section.html, Section.language).where(Section.id.in_(section_ids)))
    return {row.id: (row.html, row.language) for row in rows}


def _section(section: SectionSource, html: str, language: str) -> BookSection:
    head = section.head
    outcomes, steps = tuple(head.get("outcomes") or ()), tuple(head.get("steps") or ())
    return BookSection(
        section.key, section.title, head["kind"], head["audience"], head["minutes"], language, html, section.markdown, outcomes, steps
    )


def _laid_out(module: AdaptedModule, desk: Desk | None, section: SectionSource, cited: Sequence[Reference]) -> str:
    """Return a section of the course's own as pages show it; what this process laid out before is not laid out again."""
    if desk is None:
        return ""
    shown = {name: picture.digest for name, picture in desk.context.pictures.items() if name in section.markdown}
    about = [section.markdown, section.head.get("descriptions") or {}, {name: desk.context.descriptions.get(name) for name in shown}]
    said = json.dumps([*about, shown, [each.key for each in cited], sorted(desk.known.modules[module.slug])], sort_keys=True)
    place = (current_release(), module.base.revision_id, desk.context.language, hashlib.sha256(said.encode()).hexdigest())
    try:
        return cache.kept("handbook-sections", place, lambda: html_of(desk, section, cited), most=600)
    except Invalid as refusal:
        where = _("“%(section)s” of “%(module)s” cannot be laid out.", section=section.title, module=module.source.title)
        raise Invalid(f"{where} {refusal.message}") from None
