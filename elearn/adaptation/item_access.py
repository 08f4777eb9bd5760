"""The door to the questions of a course, for those who may change it."""

from dataclasses import dataclass

from flask_babel import gettext as _

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.models import Course, CourseProfessor, Overlay
from elearn.adaptation.queries import edition, newest_edition, newest_overlays
from elearn.catalogue.item_fix import Place
from elearn.catalogue.queries import pinned_items, published_module
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class CourseItem:
    """A question as a course asks it."""

    course: Course
    slug: str
    module_title: str
    #: The newest differences of the course from the module; its number tells whether somebody changed them meanwhile.
    overlay: Overlay
    base_revision_id: int
    place: Place
    item_revision_id: int
    number: int


def course_item_for_fixing(visitor: Visitor, course_id: int, slug: str, key: str, *, writing: bool = False) -> CourseItem:
    """Return a question of the course's newest edition, for ``writing`` with the course locked; not there and not theirs are the same."""
    course = db.session.get(Course, course_id, with_for_update=writing or None)
    if course is None or db.session.get(CourseProfessor, (course_id, visitor.id)) is None:
        raise NotFound
    if not may(visitor, Permission.READ_TEACHER_SECTIONS):
        raise NotAllowed(_("You can do this once your institution has confirmed you as a professor."))
    module = edition(newest_edition(course_id).id).module(slug)
    overlay = newest_overlays(course_id).get(module.module_id) if module else None
    if module is None or overlay is None or overlay.base_revision_id is None:
        raise NotFound
    pinned = pinned_items(module.item_revision_ids)
    for number, revision_id in enumerate(module.item_revision_ids, start=1):
        item = pinned[revision_id]
        if item.key == key:
            place = Place(published_module(overlay.base_revision_id).revision.folder, item.definition["language"], key)
            return CourseItem(course, slug, module.title, overlay, overlay.base_revision_id, place, revision_id, number)
    raise NotFound
