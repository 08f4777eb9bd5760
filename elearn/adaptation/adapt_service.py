"""Making a course of a shared one, and taking a module of a shared course into one's own. Nothing is copied: they stand on its edition."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import audit, clock, throttle
from elearn.accounts.permissions import Visitor
from elearn.adaptation.licence_service import check_licences, licence_made_of
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, EditionModule, Overlay
from elearn.adaptation.queries import EditionContents, ModuleInEdition, newest_overlays
from elearn.adaptation.sharing_labels import loop_words
from elearn.adaptation.upstream_chain_queries import Place, courses_above
from elearn.db import db
from elearn.errors import Conflict, Invalid

#: So many courses one person makes of others.
ADAPTED_PER_PERSON, WINDOW = 30, timedelta(hours=1)


def adapt_course(visitor: Visitor, contents: EditionContents, *, institution_id: int, title: str) -> Course:
    """Return a new course of the visitor's that stands on an edition, module by module, and changes nothing of it yet."""
    throttle.spend("adapt-course", str(visitor.id), limit=ADAPTED_PER_PERSON, window=WINDOW)
    licence = licence_made_of([Place(module.module_id, contents.id).ref for module in contents.modules], contents.title)
    at = clock.now()
    course = Course(
        institution_id=institution_id, title=title, language=contents.language, created_by_id=visitor.id, created_at=at, licence=licence
    )
    db.session.add(course)
    db.session.flush()
    db.session.add(CourseProfessor(course_id=course.id, person_id=visitor.id))
    arranged = select(EditionModule).where(EditionModule.edition_id == contents.id).order_by(EditionModule.position)
    for module in db.session.scalars(arranged).all():
        place = CourseModule(course_id=course.id, module_id=module.module_id, position=module.position)
        place.week, place.weight = module.week, module.weight
        db.session.add_all([place, _overlay(visitor, course, module.module_id, contents.id, 1)])
    db.session.flush()
    details = {"edition": contents.id, "of": contents.course_id}
    audit.record("adapt-course", "course", course.id, actor_id=visitor.id, institution_id=institution_id, details=details)
    return course


def take_module(visitor: Visitor, course: Course, contents: EditionContents, module: ModuleInEdition) -> None:
    """Put a module of a shared course's edition at the end of the locked course; raise Invalid, with the reason, where it does not fit."""
    _check_fits(course, contents, module)
    last = db.session.scalar(select(func.max(CourseModule.position)).where(CourseModule.course_id == course.id)) or 0
    former = newest_overlays(course.id).get(module.module_id)
    number = former.number + 1 if former else 1
    db.session.add(CourseModule(course_id=course.id, module_id=module.module_id, position=last + 1, week=None, weight=1))
    db.session.add(_overlay(visitor, course, module.module_id, contents.id, number))
    course.version += 1
    db.session.flush()
    details = {"module": module.slug, "edition": contents.id, "of": contents.course_id}
    audit.record("take-module", "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=details)


def _check_fits(course: Course, contents: EditionContents, module: ModuleInEdition) -> None:
    if db.session.get(CourseModule, (course.id, module.module_id)):
        words = _("Your course has this module already. Take it out first: what you changed in it is kept in its history.")
        raise Conflict(words)
    if course.language != contents.language:
        raise Invalid(_("“%(title)s” is in another language than your course.", title=module.title))
    place = Place(module.module_id, contents.id)
    if course.id == contents.course_id or course.id in courses_above(place):
        raise Invalid(loop_words(module.title, contents.title, course.title))
    check_licences(course, [(place.ref, module.title)])


def _overlay(visitor: Visitor, course: Course, module_id: int, edition_id: int, number: int) -> Overlay:
    return Overlay(
        course_id=course.id,
        module_id=module_id,
        number=number,
        base_edition_id=edition_id,
        changes={},
        made_by_id=visitor.id,
        made_at=clock.now(),
        act="adapt",
    )
