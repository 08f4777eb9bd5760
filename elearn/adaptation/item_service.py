"""Putting a question of a course right: another state of it, and an edition that asks that one. The series stays as it is."""

from collections.abc import Collection

from flask_babel import gettext as _

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.item_access import CourseItem
from elearn.adaptation.models import Overlay
from elearn.catalogue.item_fix import Tried, tried
from elearn.catalogue.item_service import files_of, keep_state, sound
from elearn.catalogue.item_source import item_text, with_item
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound


def source_of(item: CourseItem) -> str:
    """Return the question as the course asks it."""
    text = item.place.source(_files(item))
    if not text:
        raise NotFound
    return text


def look(item: CourseItem, text: str) -> Tried:
    """Return what would become of the question; nothing is kept."""
    return tried(_files(item), item.place, text)


def _files(item: CourseItem) -> dict[str, bytes]:
    """Return the files as they were on the course's base, with the questions that the course has put right."""
    files = files_of(item.base_revision_id)
    quiz = files[item.place.path].decode()
    for key, change in item.overlay.changes.get("items", {}).items():
        if there := item_text(quiz, key):
            quiz = with_item(quiz, there, change["source"])
    return {**files, item.place.path: quiz.encode()}


def fix_item(visitor: Visitor, item: CourseItem, text: str, *, seen: int, confirmed: Collection[str]) -> int:
    """Return the number of the course's new edition, which asks the question with ``text``; the course is locked.

    Refused are a text with faults, one that changes nothing, ids that go without a word, and a text made from differences that are not the
    newest any more.
    """
    if seen != item.overlay.number:
        raise Conflict(_("Somebody changed this module of the course meanwhile. Your text is kept: please compare, then save again."))
    state = keep_state(item.overlay.module_id, sound(look(item, text), confirmed))
    if state == item.item_revision_id:
        message = _("This changes nothing of the question.")
        raise Invalid(message, {"text": message})
    _lay_over(visitor, item, {"source": text, "revision": state})
    edition = publish_edition(item.course, person_id=visitor.id)
    audit.record(
        "fix-item",
        "course",
        item.course.id,
        actor_id=visitor.id,
        institution_id=item.course.institution_id,
        details={"item": item.place.key, "module": item.slug, "edition": edition.number},
    )
    return edition.id


def _lay_over(visitor: Visitor, item: CourseItem, difference: dict[str, object]) -> None:
    """Leave the course with a newer overlay, in which the question is as ``difference`` says."""
    items = {**item.overlay.changes.get("items", {}), item.place.key: difference}
    db.session.add(
        Overlay(
            course_id=item.course.id,
            module_id=item.overlay.module_id,
            number=item.overlay.number + 1,
            base_revision_id=item.base_revision_id,
            changes={**item.overlay.changes, "items": items},
            made_by_id=visitor.id,
            made_at=clock.now(),
        ),
    )
    db.session.flush()
