"""Whose words a passage is: the series', or those of a course that put something else there; and what stands there now."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import func, select

from elearn.adaptation.models import Edition, EditionModule, EditionSection, Overlay
from elearn.adaptation.queries import edition, edition_page, newest_edition
from elearn.catalogue.models import Section
from elearn.catalogue.queries import current_series, section_page, trusted
from elearn.db import db
from elearn.problems.models import ProblemReport
from elearn.problems.passages import Passage, passages, same

#: A course on a course on a course, so far; beyond that, the last one answers.
LONGEST_CHAIN = 12


def course_that_wrote(edition_id: int, module_id: int, key: str, passage: Passage | None) -> int | None:
    """Return the course whose words a passage is, or (None) the page as a whole; None: they are the series'."""
    wrote = None
    for _ in range(LONGEST_CHAIN):
        there = _section(edition_id, module_id, key)
        if there is None or there.section_id is not None:
            return wrote if there is None else None
        wrote = there.course_id
        base = _base_of(there, module_id, key)
        if passage is None or base is None or same(passages(base), passage.digest, passage.place) is None:
            return wrote
        if there.base_edition_id is None:
            return None
        edition_id = there.base_edition_id
    return wrote


def _section(edition_id: int, module_id: int, key: str) -> Any:
    """Return where a section of an edition comes from."""
    base = (Overlay.base_edition_id, Overlay.base_revision_id)
    return db.session.execute(
        select(EditionSection.section_id, Edition.course_id, Edition.language, *base)
        .join(Edition, Edition.id == EditionSection.edition_id)
        .join(EditionModule, (EditionModule.edition_id == Edition.id) & (EditionModule.module_id == EditionSection.module_id))
        .join(Overlay, Overlay.id == EditionModule.overlay_id)
        .where(EditionSection.edition_id == edition_id, EditionSection.module_id == module_id, EditionSection.key == key),
    ).one_or_none()


def _base_of(there: Any, module_id: int, key: str) -> Markup | None:
    """Return the page of the section that the course changed; None: the section is the course's own."""
    if there.base_edition_id is not None:
        asked = (
            select(func.coalesce(EditionSection.html, Section.html))
            .outerjoin(Section, Section.id == EditionSection.section_id)
            .where(EditionSection.edition_id == there.base_edition_id, EditionSection.module_id == module_id, EditionSection.key == key)
        )
    else:
        # In the language of the course; where the series has no translation, in the language that it has first.
        asked = (
            select(Section.html)
            .where(Section.revision_id == there.base_revision_id, Section.key == key)
            .order_by(Section.language != there.language, Section.id)
        )
    html = db.session.scalar(asked.limit(1))
    return None if html is None else trusted(html)


def passages_now(report: ProblemReport) -> tuple[Passage, ...]:
    """Return the section's passages as they are now, for a report that may be read; none: the section is gone.

    Of a course's words they are those of its newest edition, else those of the newest release.
    """
    if report.course_id is not None:
        newest = edition(newest_edition(report.course_id).id).module_by_id(report.module_id)
        there = newest.line(report.section_key) if newest else None
        return passages(edition_page(newest_edition(report.course_id).id, report.module_id, there.key).html) if there else ()
    series = current_series()
    module = next((module for module in series.modules if module.module_id == report.module_id), None)
    lines = module.lines(report.language, series.source) if module else ()
    line = next((line for line in lines if line.key == report.section_key and line.language == report.language), None)
    return passages(section_page(line.id).html) if line else ()
