"""A course as it stands, published or not, as a book."""

from collections.abc import Sequence
from dataclasses import replace

from elearn import clock
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.handbook_credit_queries import Facts, credits_of, facts_of
from elearn.adaptation.handbook_frame_queries import framed
from elearn.adaptation.handbook_pages_service import pages_of
from elearn.adaptation.handbook_texts import Book, BookModule, BookSection, Credit, Wanted
from elearn.adaptation.models import Course


def draft_book(course: Course, wanted: Wanted) -> Book:
    """Return what is wanted of a course as it stands; raise Invalid where a text of it cannot be laid out in time."""
    modules = [module for module in adapted_modules(course) if wanted.takes(module.slug)]
    facts = facts_of([module.base.revision_id for module in modules], course.language)
    by_module = {module.module_id: facts[module.base.revision_id] for module in modules}
    credit = credits_of({module.module_id: module.overlay for module in modules}, by_module)
    pages = pages_of(course.id, course.language, modules, wanted)
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
