"""The doors to marking answers again: professors in their class, those who may change a course in its classes, editors everywhere."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.models import Course, CourseProfessor
from elearn.adaptation.queries import edition, newest_edition
from elearn.assessment.regrade_models import Regrade
from elearn.catalogue.access import module_for_reading
from elearn.catalogue.models import Module
from elearn.db import db
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import class_for_running, class_for_teaching


@dataclass(frozen=True)
class Ground:
    """A quiz, and how far somebody's word about it goes."""

    scope: str
    module_id: int
    slug: str
    module_title: str
    #: The items as they are asked now, in order.
    item_revision_ids: tuple[int, ...]
    #: The class or the course; empty: everywhere.
    title: str = ""
    class_id: int | None = None
    course_id: int | None = None
    institution_id: int | None = None
    #: Whether the visitor may have answers marked again in all classes of the course, too.
    is_whole_course: bool = False


def class_quiz_for_regrading(visitor: Visitor, class_id: int, slug: str) -> Ground:
    """Return the quiz of a module in a class, for one of its professors."""
    taught = class_for_running(visitor, class_id)
    module = taught.edition.module(slug)
    if module is None or module.quiz is None:
        raise NotFound
    course_id = taught.edition.course_id
    own = may(visitor, Permission.READ_TEACHER_SECTIONS) and _may_change(visitor, course_id)
    place = {"title": taught.course_class.title, "class_id": class_id, "course_id": course_id, "institution_id": taught.institution.id}
    return Ground("class", module.module_id, slug, module.title, module.item_revision_ids, is_whole_course=own, **place)  # type: ignore[arg-type]


def course_quiz_for_regrading(visitor: Visitor, course_id: int, slug: str) -> Ground:
    """Return the quiz of a module in a course, for those who may change it; answer keys are for confirmed teachers."""
    course = db.session.get(Course, course_id)
    if course is None or not _may_change(visitor, course_id):
        raise NotFound
    if not may(visitor, Permission.READ_TEACHER_SECTIONS):
        raise NotAllowed(_("You can do this once your institution has confirmed you as a professor."))
    module = edition(newest_edition(course_id).id).module(slug)
    if module is None or module.quiz is None:
        raise NotFound
    place = {"title": course.title, "course_id": course_id, "institution_id": course.institution_id}
    return Ground("course", module.module_id, slug, module.title, module.item_revision_ids, **place)  # type: ignore[arg-type]


def series_quiz_for_regrading(visitor: Visitor, slug: str) -> Ground:
    """Return the quiz of a module of the series, for editors."""
    if not may(visitor, Permission.EDIT_SERIES):
        raise NotAllowed(_("Only the editors of the series can do this."))
    series, module, language = module_for_reading(slug, None)
    if module.quiz is None:
        raise NotFound
    return Ground("programme", module.module_id, slug, module.text(language, series.source).title, module.quiz.item_revision_ids)


def _may_change(visitor: Visitor, course_id: int) -> bool:
    return db.session.get(CourseProfessor, (course_id, visitor.id)) is not None


@dataclass(frozen=True)
class RegradeInView:
    """A regrade as somebody may see it."""

    regrade: Regrade
    slug: str
    #: Whether names are shown: to those who teach the class it is about.
    shows_names: bool
    #: Whether the visitor may apply and undo it.
    may_decide: bool
    institution_id: int | None = None


def regrade_for_reading(visitor: Visitor, regrade_id: int) -> RegradeInView:
    """Return a regrade to those who teach its class, may change its course, or edit; not there and not theirs are the same."""
    found = db.session.execute(
        select(Regrade, Module.slug).join(Module, Module.id == Regrade.module_id).where(Regrade.id == regrade_id)
    ).first()
    if found is None:
        raise NotFound
    regrade, slug = found
    match regrade.scope:
        case "class":
            taught = class_for_teaching(visitor, regrade.class_id or 0)
            return RegradeInView(regrade, slug, shows_names=True, may_decide=taught.is_run, institution_id=taught.institution.id)
        case "course":
            course = db.session.get_one(Course, regrade.course_id)
            if not (_may_change(visitor, course.id) and may(visitor, Permission.READ_TEACHER_SECTIONS)):
                raise NotFound
            return RegradeInView(regrade, slug, shows_names=False, may_decide=True, institution_id=course.institution_id)
    if not may(visitor, Permission.EDIT_SERIES):
        raise NotFound
    return RegradeInView(regrade, slug, shows_names=False, may_decide=True)


def regrade_for_deciding(visitor: Visitor, regrade_id: int) -> RegradeInView:
    """Return a regrade to those who may apply and undo it."""
    found = regrade_for_reading(visitor, regrade_id)
    if not found.may_decide:
        raise NotAllowed(_("Only the professors of this class can do this. You assist in it."))
    return found
