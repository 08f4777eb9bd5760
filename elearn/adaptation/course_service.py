"""What changes a course's text of a module: each save is a row of its own, so that everything can be undone."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.overlays import without_empty
from elearn.adaptation.upstream_chain_queries import Place, courses_above
from elearn.db import db
from elearn.errors import Conflict

#: A course's changes of one module, as JSON: far above what a professor writes in one, far below what would hurt.
LARGEST_CHANGES = 4_000_000


def save_changes(
    visitor: Visitor,
    course: Course,
    module: AdaptedModule,
    changes: Mapping[str, Any],
    *,
    seen: int,
    act: str = "edit",
    base: BaseRef | None = None,
) -> Overlay:
    """Return the module's newest changes: these, or, where they are the same, those that stand; the course is locked.

    Raise Conflict where they were made from changes that are not the newest any more (``seen``: the number of those).
    """
    if seen != module.overlay.number:
        raise Conflict(_("Somebody changed this module of the course meanwhile. Your text is kept: please compare, then save again."))
    changes, ref = without_empty(changes), base or module.base.ref
    if changes == module.overlay.changes and ref == module.base.ref:
        return module.overlay
    overlay = Overlay(
        course_id=course.id,
        module_id=module.module_id,
        number=module.overlay.number + 1,
        base_revision_id=ref.revision_id or None,
        base_edition_id=ref.edition_id or None,
        changes=changes,
        made_by_id=visitor.id,
        made_at=clock.now(),
        act=act,
    )
    db.session.add(overlay)
    db.session.flush()
    details = {"module": module.slug, "number": overlay.number, "act": act}
    audit.record("change-course", "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=details)
    return overlay


def undo_change(visitor: Visitor, course: Course, module: AdaptedModule, *, number: int) -> Overlay:
    """Return the module's newest changes: those before ``number`` again, base and all; raise Conflict where it is not the newest."""
    if number != module.overlay.number or number == 1:
        raise Conflict(_("This cannot be undone any more: the module was changed again since. Its history shows every state."))
    return restore(visitor, course, module, number=number - 1, act="undo")


def restore(visitor: Visitor, course: Course, module: AdaptedModule, *, number: int, act: str = "restore") -> Overlay:
    """Return the module's newest changes: those of an earlier state, on the base it had.

    Raise Conflict where that base has come to stand on this course meanwhile.
    """
    former = db.session.scalars(
        select(Overlay).where(Overlay.course_id == course.id, Overlay.module_id == module.module_id, Overlay.number == number),
    ).one()
    seen, base = module.overlay.number, BaseRef.of(former)
    if base.edition_id and base != module.base.ref and course.id in courses_above(Place(base.module_id, base.edition_id)):
        raise Conflict(_("That state stands on a course which is made from yours by now: each would wait for the other's updates."))
    return save_changes(visitor, course, module, former.changes, seen=seen, act=act, base=base)
