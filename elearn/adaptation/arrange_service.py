"""Which modules a course has, in which order, when they are taught and what they weigh."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.arrangement import Arranged
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.licence_service import check_licences
from elearn.adaptation.models import Course, CourseModule, Overlay
from elearn.adaptation.queries import newest_overlays
from elearn.adaptation.service import make_course
from elearn.catalogue.models import Module
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound


def arrangement_of(course: Course) -> tuple[Arranged, ...]:
    """Return the modules of a course in their order."""
    return tuple(Arranged(place.module_id, place.week, place.weight) for place in _places(course))


def _places(course: Course) -> Sequence[CourseModule]:
    return db.session.scalars(
        select(CourseModule).where(CourseModule.course_id == course.id).order_by(CourseModule.position, CourseModule.module_id),
    ).all()


def arrange(visitor: Visitor, course: Course, wanted: Sequence[Arranged], *, seen: int) -> bool:
    """Leave the locked course's modules in this order, with these weeks and weights; return whether that changes anything.

    Raise Conflict where they are not any more as ``seen``, or not just these.
    """
    places = {place.module_id: place for place in _places(course)}
    if seen != course.version or {each.module_id for each in wanted} != places.keys():
        raise Conflict(_("Somebody changed the modules of this course meanwhile. What you typed is kept: please compare, then save again."))
    if tuple(wanted) == arrangement_of(course):
        return False
    for number, each in enumerate(wanted, start=1):
        place = places[each.module_id]
        place.position, place.week, place.weight = number, each.week, each.weight
    _changed(visitor, course, "arrange-course", {"modules": [each.module_id for each in wanted]})
    return True


def add_module(visitor: Visitor, course: Course, slug: str) -> str:
    """Put a module of the series at the end of the locked course, and return its title; a second time changes nothing.

    It stands on its newest revision; one that was taken out before comes back as it was, with all that was changed in it. Raise Invalid,
    with the reason, where its licence does not fit the course's.
    """
    series = current_series()
    module = series.module(slug)
    if module is None or module.kind != "module":
        raise Invalid(_("Choose a module of the series."))
    title = module.text(course.language, series.source).title
    if db.session.get(CourseModule, (course.id, module.module_id)):
        return title
    former = newest_overlays(course.id).get(module.module_id)
    moved = former is None or (not former.changes and former.base_revision_id and former.base_revision_id != module.revision.id)
    ref = BaseRef(module.module_id, module.revision.id) if former is None or moved else BaseRef.of(former)
    check_licences(course, [(ref, title)])
    last = db.session.scalar(select(func.max(CourseModule.position)).where(CourseModule.course_id == course.id)) or 0
    db.session.add(CourseModule(course_id=course.id, module_id=module.module_id, position=last + 1, week=None, weight=1))
    if moved:
        db.session.add(
            Overlay(
                course_id=course.id,
                module_id=module.module_id,
                number=former.number + 1 if former else 1,
                base_revision_id=module.revision.id,
                changes={},
                made_by_id=visitor.id,
                made_at=clock.now(),
                act="renew" if former else "edit",
            ),
        )
    _changed(visitor, course, "add-module", {"module": slug})
    return title


def take_out(visitor: Visitor, course: Course, slug: str, *, seen: int) -> Arranged:
    """Take a module out of the locked course; return where it stood. What was changed in it is kept, for when it comes back."""
    place = db.session.scalars(
        select(CourseModule)
        .join(Module, Module.id == CourseModule.module_id)
        .where(CourseModule.course_id == course.id, Module.slug == slug),
    ).one_or_none()
    if place is None:
        raise NotFound
    if seen != course.version:
        raise Conflict(_("Somebody changed the modules of this course meanwhile. Nothing was taken out."))
    if len(_places(course)) < 2:  # noqa: PLR2004 (this one, and another)
        raise Conflict(_("A course needs a module. Add another one first."))
    stood = Arranged(place.module_id, place.week, place.weight)
    db.session.delete(place)
    _changed(visitor, course, "take-out-module", {"module": slug})
    return stood


def put_back(visitor: Visitor, course: Course, stood: Arranged, before: int) -> None:
    """Put a module that was taken out back to where it stood: before another one, or (0) at the end; a second time changes nothing."""
    if db.session.get(CourseModule, (course.id, stood.module_id)):
        return
    if stood.module_id not in newest_overlays(course.id):
        raise NotFound
    order = [*arrangement_of(course)]
    place = next((number for number, each in enumerate(order) if each.module_id == before), len(order))
    db.session.add(CourseModule(course_id=course.id, module_id=stood.module_id, position=0, week=stood.week, weight=stood.weight))
    db.session.flush()
    order.insert(place, stood)
    places = {each.module_id: each for each in _places(course)}
    for number, each in enumerate(order, start=1):
        places[each.module_id].position = number
    _changed(visitor, course, "add-module", {"module_id": stood.module_id})


def _changed(visitor: Visitor, course: Course, action: str, details: Mapping[str, object]) -> None:
    course.version += 1
    db.session.flush()
    audit.record(action, "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=dict(details))


def make_own_course(visitor: Visitor, institution_id: int, title: str, *, slugs: list[str], language: str) -> Course:
    """Return a new course of the visitor's, of these modules; nothing of it is published yet."""
    course = make_course(institution_id=institution_id, title=title, slugs=slugs, language=language, person_id=visitor.id)
    audit.record("make-course", "course", course.id, actor_id=visitor.id, institution_id=institution_id)
    return course


def rename(visitor: Visitor, course: Course, title: str) -> bool:
    """Give the locked course another title; return whether it is another one."""
    if title == course.title:
        return False
    course.title = title
    _changed(visitor, course, "rename-course", {})
    return True
