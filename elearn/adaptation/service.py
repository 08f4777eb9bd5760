"""Making a course of chosen modules, teaching it on its newest edition, and who may change it."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select

from elearn import clock
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, Edition, Overlay
from elearn.adaptation.queries import newest_edition, newest_overlays, renewal_of
from elearn.catalogue.queries import current_series
from elearn.db import db, insert
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
        CourseModule(course_id=course.id, module_id=module.module_id, position=place) for place, module in enumerate(chosen, start=1)
    )
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
                    act="renew",
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
