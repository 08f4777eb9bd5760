"""What changes courses: for now, making one of chosen modules and publishing it as they stand."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from elearn import clock
from elearn.adaptation.acts import EditionPublished
from elearn.adaptation.models import Course, CourseProfessor, Edition, EditionItem, EditionModule, EditionSection, Overlay
from elearn.adaptation.queries import newest_edition, newest_overlays, renewal_of, replaced_items
from elearn.catalogue.queries import PublishedModule, PublishedSeries, QuizRules, current_series, pinned_items, published_module
from elearn.db import db, insert, note
from elearn.errors import Invalid

#: An overlay that changes nothing.
AS_IT_STANDS: dict[str, object] = {}


def make_course(
    *,
    institution_id: int,
    title: str,
    slugs: list[str],
    language: str,
    person_id: int,
    at: datetime | None = None,
) -> Course:
    """Return a new course of these modules, in the order of the series, each with an empty overlay on its newest revision."""
    at = at or clock.now()
    series = current_series()
    chosen = [module for module in series.modules if module.slug in slugs]
    if not chosen or len(chosen) < len(set(slugs)):
        message = _("Choose at least one module.")
        raise Invalid(message, {"modules": message})
    if language not in series.languages:
        message = _("The series is not published in that language.")
        raise Invalid(message, {"language": message})
    course = Course(institution_id=institution_id, title=title, language=language, created_by_id=person_id, created_at=at)
    db.session.add(course)
    db.session.flush()
    db.session.add(CourseProfessor(course_id=course.id, person_id=person_id))
    db.session.add_all(
        Overlay(
            course_id=course.id,
            module_id=module.module_id,
            number=1,
            base_revision_id=module.revision.id,
            changes=AS_IT_STANDS,
            made_by_id=person_id,
            made_at=at,
        )
        for module in chosen
    )
    db.session.flush()
    return course


def publish_edition(course: Course, *, person_id: int, at: datetime | None = None) -> Edition:
    """Return the next edition of ``course``: its newest overlays resolved, once and for good."""
    at = at or clock.now()
    series = current_series()
    overlays = {o.module_id: o for o in db.session.scalars(select(Overlay).where(Overlay.course_id == course.id).order_by(Overlay.number))}
    published = db.session.scalar(select(func.count()).select_from(Edition).where(Edition.course_id == course.id)) or 0
    edition = Edition(
        course_id=course.id,
        number=published + 1,
        title=course.title,
        language=course.language,
        published_by_id=person_id,
        published_at=at,
    )
    db.session.add(edition)
    db.session.flush()
    position = 0
    for module in series.modules:
        if overlay := overlays.get(module.module_id):
            position += 1
            # What a course changes is resolved on the base that it was made on, not on today's text.
            is_newest = overlay.base_revision_id in {None, module.revision.id}
            base = module if is_newest else published_module(overlay.base_revision_id or 0)
            _resolve(edition, series, base, overlay, position)
    db.session.flush()
    note(EditionPublished(person_id, course.institution_id, at))
    return edition


def edition_to_teach(course_id: int, *, person_id: int) -> Edition:
    """Return the edition on which a course is taught next: its newest one.

    A course that changes nothing of the series moves to today's text first, where that is newer: there is nothing to merge.
    """
    course = db.session.scalars(select(Course).where(Course.id == course_id).with_for_update()).one()
    renewal = renewal_of(course_id)
    if not renewal.titles or not renewal.follows:
        return newest_edition(course_id)
    at = clock.now()
    known = newest_overlays(course_id)
    for module in current_series().modules:
        overlay = known.get(module.module_id)
        if overlay is not None and overlay.base_revision_id != module.revision.id:
            db.session.add(
                Overlay(
                    course_id=course_id,
                    module_id=module.module_id,
                    number=overlay.number + 1,
                    base_revision_id=module.revision.id,
                    changes=AS_IT_STANDS,
                    made_by_id=person_id,
                    made_at=at,
                ),
            )
    db.session.flush()
    return publish_edition(course, person_id=person_id, at=at)


def share_course(course_id: int, person_id: int) -> None:
    """Make the person one of those who may change the course; a second time changes nothing."""
    db.session.execute(insert(CourseProfessor).values(course_id=course_id, person_id=person_id).on_conflict_do_nothing())


def unshare_course(course_id: int, person_ids: Collection[int]) -> None:
    """Have these people change the course no more."""
    db.session.execute(
        delete(CourseProfessor).where(CourseProfessor.course_id == course_id, CourseProfessor.person_id.in_(person_ids)),
    )


def _resolve(edition: Edition, series: PublishedSeries, module: PublishedModule, overlay: Overlay, position: int) -> None:
    """Write down what ``module`` is in ``edition``: an empty overlay points at the series' own sections and items."""
    language, source = edition.language, series.source
    quiz = module.quiz
    replaced = replaced_items(overlay.changes)
    keys = {each.id: each.key for each in pinned_items(quiz.item_revision_ids).values()} if quiz and replaced else {}
    db.session.add(
        EditionModule(
            edition_id=edition.id,
            module_id=module.module_id,
            position=position,
            revision_id=module.revision.id,
            overlay_id=overlay.id,
            title=module.text(language, source).title,
            quiz=_quiz_rules(quiz, language, source) if quiz else None,
        ),
    )
    db.session.add_all(
        EditionSection(
            edition_id=edition.id,
            module_id=module.module_id,
            key=line.key,
            position=number,
            title=line.title,
            kind=line.kind,
            audience=line.audience,
            minutes=line.minutes,
            section_id=line.id,
        )
        for number, line in enumerate(module.lines(language, source), start=1)
    )
    db.session.add_all(
        EditionItem(
            edition_id=edition.id,
            module_id=module.module_id,
            position=number,
            item_revision_id=replaced.get(keys.get(revision_id, ""), revision_id),
        )
        for number, revision_id in enumerate(quiz.item_revision_ids if quiz else (), start=1)
    )


def _quiz_rules(quiz: QuizRules, language: str, source: str) -> dict[str, Any]:
    """Return the rules of a quiz as an edition keeps them, worded in its language."""
    return {
        "title": quiz.title.get(language) or quiz.title[source],
        "instructions_html": quiz.instructions_html.get(language) or quiz.instructions_html.get(source, ""),
        "pass_mark": quiz.pass_mark,
        "attempts": quiz.attempts,
        "draw": quiz.draw,
        **quiz.rules,
    }
