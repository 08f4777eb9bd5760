"""Taking updates from upstream into a course, undoing that, and putting it off."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import delete

from elearn import audit
from elearn.accounts.permissions import Visitor
from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.course_queries import adapted_modules
from elearn.adaptation.course_service import save_changes, undo_change
from elearn.adaptation.licence_service import check_licences
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.update_merge_queries import Update
from elearn.adaptation.update_models import PutOffUpdate
from elearn.db import db, insert
from elearn.errors import Conflict


def take_updates(visitor: Visitor, course: Course, updates: Sequence[Update]) -> dict[str, int]:
    """Return by module the number of its newest changes, each on its newer base; the course is locked.

    Raise Invalid, taking nothing, where upstream has gone over to a licence that does not fit the course's.
    """
    check_licences(course, [(update.upstream.ref, update.upstream.source.title) for update in updates])
    taken: dict[str, Overlay] = {}
    for update in updates:
        module, changes = update.module, update.merged.changes
        taken[module.slug] = save_changes(
            visitor, course, module, changes, seen=module.overlay.number, act="update", base=update.upstream.ref
        )
    return {slug: overlay.number for slug, overlay in taken.items()}


def undo_updates(visitor: Visitor, course: Course, numbers: Mapping[str, int]) -> None:
    """Leave the modules as they were before these changes, base and all; raise Conflict, undoing nothing, where one was changed since."""
    modules = {module.slug: module for module in adapted_modules(course)}
    if not numbers or not numbers.keys() <= modules.keys():
        raise Conflict(_("This cannot be undone any more: the course was changed since."))
    for slug, number in numbers.items():
        if modules[slug].overlay.act != "update":
            raise Conflict(_("This cannot be undone any more: the module was changed again since. Its history shows every state."))
        undo_change(visitor, course, modules[slug], number=number)


def put_off(visitor: Visitor, course: Course, slug: str, newer: BaseRef) -> None:
    """Have the update to just this text offered no more; a second time changes nothing."""
    row = {"revision_id": newer.revision_id or None, "edition_id": newer.edition_id or None}
    db.session.execute(
        insert(PutOffUpdate)
        .values(course_id=course.id, module_id=newer.module_id, **row)
        .on_conflict_do_update(index_elements=["course_id", "module_id"], set_=row),
    )
    details = {"module": slug, **newer.pin}
    audit.record("put-off-update", "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details=details)


def offer_again(course: Course, module_id: int) -> None:
    """Have updates of the module offered again, whatever was put off."""
    db.session.execute(delete(PutOffUpdate).where(PutOffUpdate.course_id == course.id, PutOffUpdate.module_id == module_id))
