"""The doors to what other institutions share: what is not shared is not there."""

from collections.abc import Collection

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.models import Course, CourseProfessor, Edition
from elearn.adaptation.queries import EditionContents, ModuleInEdition, edition
from elearn.adaptation.sharing_queries import SharedCourse, newest_editions, shared_with
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


def institutions_for_sharing(visitor: Visitor) -> frozenset[int]:
    """Return the institutions for which the visitor reads what is shared: those that have confirmed them as a professor."""
    return frozenset(visitor.institutions(Permission.TEACH))


def shared_course_for_reading(visitor: Visitor, course_id: int) -> SharedCourse:
    """Return a course's newest edition as it is shared with the visitor's institutions, or as those see it who may change the course."""
    own = select(CourseProfessor.course_id).where(CourseProfessor.person_id == visitor.id)
    open_to = shared_with(Edition.course_id, institutions_for_sharing(visitor)) | Edition.course_id.in_(own)
    row = db.session.execute(newest_editions().where(Edition.course_id == course_id, open_to)).one_or_none()
    if row is None or not may(visitor, Permission.TEACH):
        raise NotFound
    return SharedCourse(*row)


def shared_module_for_reading(visitor: Visitor, course_id: int, slug: str) -> tuple[SharedCourse, EditionContents, ModuleInEdition]:
    """Return a module of a shared course, as published."""
    shared = shared_course_for_reading(visitor, course_id)
    contents = edition(shared.edition_id)
    module = contents.module(slug)
    if module is None:
        raise NotFound
    return shared, contents, module


def places_for_adapting(visitor: Visitor, shared: SharedCourse) -> frozenset[int]:
    """Return the visitor's institutions at which a shared course may be adapted; those who may change it adapt it wherever they teach."""
    theirs = institutions_for_sharing(visitor)
    if db.session.get(CourseProfessor, (shared.course_id, visitor.id)):
        return theirs
    return frozenset(each for each in theirs if _is_shared(shared.course_id, each))


def _is_shared(course_id: int, institution_id: int) -> bool:
    return bool(db.session.scalar(select(shared_with(course_id, [institution_id]))))


def course_for_taking(visitor: Visitor, shared: SharedCourse, course_id: int, places: Collection[int]) -> Course:
    """Return a course of the visitor's, locked, into which a module of a shared one is to be taken.

    Both are locked, in the same order whoever takes from whom, so that no two courses come to stand on each other at once.
    """
    pair = sorted({course_id, shared.course_id})
    db.session.execute(select(Course.id).where(Course.id.in_(pair)).order_by(Course.id).with_for_update(key_share=True)).all()
    course = course_for_editing(visitor, course_id, writing=True)
    if course.institution_id not in places:
        raise NotAllowed(_("“%(course)s” is not shared with the institution of your course.", course=shared.title))
    return course


def may_share_course(visitor: Visitor, course: Course) -> bool:
    """Return whether the institution of a course has confirmed the visitor as a professor."""
    return may(visitor, Permission.TEACH, course.institution_id)


def course_for_sharing(visitor: Visitor, course_id: int) -> Course:
    """Return a course, locked, whose sharing the visitor may change."""
    course = course_for_editing(visitor, course_id, writing=True)
    if not may_share_course(visitor, course):
        raise NotAllowed(_("You can share a course once its institution has confirmed you as a professor."))
    return course
