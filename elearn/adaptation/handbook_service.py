"""A course as it stands, published or not, as a book: the series' pages as they were laid out, and those that the course changed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from elearn import cache, clock
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.edition_service import cited_in, has_own_texts, html_of, listed_by
from elearn.adaptation.handbook_queries import Facts, credits_of, facts_of, framed, section_pages
from elearn.adaptation.handbook_texts import Book, BookModule, BookSection, Credit, Wanted
from elearn.adaptation.models import Course
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.texts import SectionSource
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.passages import Desk
from elearn.catalogue.queries import current_release
from elearn.catalogue.reading import Reference
from elearn.errors import Invalid


def draft_book(course: Course, wanted: Wanted) -> Book:
    """Return what is wanted of a course as it stands; raise Invalid where a text of it cannot be laid out in time."""
    modules = [module for module in adapted_modules(course) if wanted.takes(module.slug)]
    facts = facts_of([module.base.revision_id for module in modules], course.language)
    by_module = {module.module_id: facts[module.base.revision_id] for module in modules}
    credit = credits_of({module.module_id: module.overlay for module in modules}, by_module)
    pages = _pages(course, modules, wanted)
    made = [
        _module(module, by_module[module.module_id], credit[module.module_id], sections, wanted)
        for module, sections in zip(modules, pages, strict=True)
    ]
    return framed(course, None, clock.today(), made)


def _module(module: AdaptedModule, facts: Facts, credit: Credit, sections: Sequence[BookSection], wanted: Wanted) -> BookModule:
    source = module.source
    return BookModule(
        module.slug,
        module.base.revision_id,
        source.title,
        source.summary,
        facts.language,
        module.week,
        tuple(facts.outcomes.values()),
        facts.content_notes,
        credit,
        tuple(replace(each, outcomes=facts.worded(each.outcomes)) for each in sections),
        tuple(item.revision_id for item in source.items) if wanted.questions != "none" else (),
    )


def _pages(course: Course, modules: Sequence[AdaptedModule], wanted: Wanted) -> list[list[BookSection]]:
    """Return the sections of the modules, their outcomes by id."""
    changed = [module for module in modules if has_own_texts(module)]
    desks = desks_of([module.base.revision_id for module in changed], course.language) if changed else {}
    listed = listed_by(changed) if changed else {}
    pictures = course_pictures(course.id) if changed else None
    stored = section_pages([s.section_id for module in modules for s in module.source.sections if s.section_id])
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
                    html, language = stored[section.section_id]
                else:
                    html, language = _laid_out(module, desk, section, lists), course.language
                sections.append(_section(section, html, language))
        found.append(sections)
    return found


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
