"""What stands on the cover of a course's handbook, and what its modules cite though no list of theirs names it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from elearn.accounts.models import Institution
from elearn.adaptation.course_list_queries import colleagues_of
from elearn.adaptation.handbook_html import taken_apart
from elearn.adaptation.handbook_texts import Book, BookModule, SeriesCredit
from elearn.adaptation.models import Course, Edition
from elearn.catalogue import bibliography
from elearn.catalogue.passage_queries import desks_of
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.text import clean


def framed(course: Course, edition: Edition | None, day: date, modules: Sequence[BookModule]) -> Book:
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
