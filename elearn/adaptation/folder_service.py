"""A course's folder that was sent back: kept until it is used, and used whole or not at all."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation import overlays
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.course_service import save_changes, undo_change
from elearn.adaptation.folder_changes import Recognised
from elearn.adaptation.folder_items import MadeItem, source_of
from elearn.adaptation.folder_look_queries import LookedAt
from elearn.adaptation.folder_models import UPLOAD_WAITS, CourseUpload
from elearn.adaptation.models import Course
from elearn.catalogue.item_service import keep_state
from elearn.db import db
from elearn.errors import Conflict, Invalid

#: How deep the questions of the series stand in their files.
_DEPTH = 2


def keep_upload(course: Course, person_id: int, name: str, content: bytes) -> int:
    """Return the number of a folder that was sent, kept until it is used, or for a day; those that waited longer go."""
    at = clock.now()
    too_old = CourseUpload.sent_at <= at - UPLOAD_WAITS
    db.session.execute(update(CourseUpload).where(too_old, CourseUpload.content.is_not(None)).values(content=None))
    upload = CourseUpload(course_id=course.id, sent_by_id=person_id, sent_at=at, name=name.replace("\x00", "")[:200], content=content)
    db.session.add(upload)
    db.session.flush()
    return upload.id


def use_upload(
    visitor: Visitor, course: Course, upload: CourseUpload, looked: LookedAt, made: Mapping[str, tuple[MadeItem, ...]]
) -> dict[str, int]:
    """Change the locked course as the folder says, whole or not at all; return by module the number of its newest changes."""
    used = update(CourseUpload).where(CourseUpload.id == upload.id, CourseUpload.used_at.is_(None))
    if db.session.scalar(used.values(used_at=clock.now(), content=None).returning(CourseUpload.id)) is None:
        raise Conflict(_("This folder has been used already. Look at the course."))
    adapted = {module.slug: module for module in adapted_modules(course)}
    numbers = {}
    for slug, each in looked.changed.items():
        module = adapted.get(slug)
        if module is None:
            raise Conflict(_("The course has another set of modules by now. Please download its folder again."))
        changes = _with_items(module, each, made.get(slug, ()))
        overlay = save_changes(visitor, course, module, changes, seen=looked.seen[slug])
        if overlay.number != looked.seen[slug]:
            numbers[slug] = overlay.number
    return numbers


def _with_items(module: AdaptedModule, each: Recognised, made: tuple[MadeItem, ...]) -> dict[str, Any]:
    changes = each.changes
    states = {item.key: keep_state(module.module_id, item.as_read()) for item in made}
    base = {item.key: item.revision_id for item in module.base.source.items}
    for item in each.items:
        if item.key not in states:
            raise Invalid(_("The question “%(key)s” cannot be read.", key=item.key))
        source, revision = source_of(item.value, _DEPTH), states[item.key]
        if item.is_new:
            changes = overlays.with_added_item(changes, item.key, source, revision)
        elif base.get(item.key) == revision:
            changes = overlays.with_base_item(changes, item.key)
        else:
            changes = overlays.with_item(changes, item.key, source, revision)
    return changes


def undo_use(visitor: Visitor, course: Course, numbers: Mapping[str, int]) -> None:
    """Leave the modules of a locked course as they were before a folder was used; raise Conflict where one was changed since."""
    adapted = {module.slug: module for module in adapted_modules(course)}
    for slug, number in numbers.items():
        if slug not in adapted:
            raise Conflict(_("The course has another set of modules by now. Please look at its history."))
        undo_change(visitor, course, adapted[slug], number=number)
