"""Writing a section of a course: drafts kept as one types, never one over another unseen; then saved into the course."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.course_service import save_changes, undo_change
from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.draft_queries import EditedSection, moved_on
from elearn.adaptation.draft_text import Written
from elearn.adaptation.models import Overlay
from elearn.adaptation.overlays import with_head, with_text
from elearn.db import db
from elearn.errors import Conflict, NotFound


class Stale(Conflict):
    """Somebody wrote meanwhile: both texts are to be shown."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this section meanwhile. Nothing is lost: both texts are here."))


def keep_draft(visitor: Visitor, edited: EditedSection, written: Written, *, version: int, seen: int) -> SectionDraft | None:
    """Return the draft with this text; None where there is none and the text is the course's; the course is locked.

    A repeat of what was kept changes nothing. Raise Stale where ``version`` is not the newest. ``seen``: the state of the course's changes
    that the text was made of.
    """
    draft = edited.draft
    begun_on = edited.known(seen)
    if draft and (draft.title, draft.text) == (written.title, written.text) and version in {draft.version, draft.version - 1}:
        draft.overlay_number = max(draft.overlay_number, begun_on)
        db.session.flush()
        return draft
    _check(edited, version)
    if draft is None and written == edited.saved:
        return None
    return _written(visitor, edited, written, begun_on=begun_on)


def take_series_text(visitor: Visitor, edited: EditedSection, written: Written, *, version: int, seen: int) -> SectionDraft:
    """Return the draft with the text that the section is made on; what was ``written`` comes back with ``undo_draft``."""
    if edited.made_on is None:
        raise NotFound
    _check(edited, version)
    base = Written(edited.made_on.title, edited.made_on.markdown)
    former = _former(written, edited.known(seen))
    return _written(visitor, edited, base, begun_on=edited.module.overlay.number, former=former)


def discard_draft(visitor: Visitor, edited: EditedSection, written: Written, *, version: int, seen: int) -> SectionDraft:
    """Return the draft, over; what was ``written`` comes back with ``undo_draft``."""
    _check(edited, version)
    former = _former(written, edited.known(seen))
    audit.record(
        "discard-draft",
        "course",
        edited.course.id,
        actor_id=visitor.id,
        institution_id=edited.course.institution_id,
        details={"module": edited.module.slug, "section": edited.key},
    )
    return _over(visitor, edited, former)


def undo_draft(visitor: Visitor, edited: EditedSection, *, version: int) -> SectionDraft:
    """Return the draft as it was before the last button; raise Conflict where somebody wrote since."""
    row = edited.row
    if row is None or row.version != version or row.former is None:
        raise Conflict(_("This cannot be undone any more: somebody wrote in this section since."))
    return _reopened(visitor, edited, row.former, row.former["overlay_number"])


@dataclass(frozen=True)
class Saved:
    """What ``undo_save`` wants to know."""

    number: int
    version: int


def save_section(visitor: Visitor, edited: EditedSection, written: Written, *, version: int, seen: int) -> Saved | None:
    """Leave the course with this text for the section, and no draft; return None where the course has it already.

    Raise Stale where somebody wrote meanwhile, in the draft or in the course. The text has no faults: the view has looked.
    """
    if edited.is_gone:
        raise Conflict(_("This section is no longer in the course. Copy what you need of your draft into another section."))
    draft = edited.draft
    if not (draft and (draft.title, draft.text) == (written.title, written.text) and version == draft.version - 1):
        _check(edited, version)
    begun_on = edited.known(seen)
    if moved_on(edited, begun_on):
        raise Stale
    made_on = edited.made_on or edited.section
    changes = with_head(edited.module.overlay.changes, made_on, {"title": written.title})
    changes = with_text(changes, made_on, written.text)
    before = edited.module.overlay.number
    overlay = save_changes(visitor, edited.course, edited.module, changes, seen=before)
    if overlay.number != before:
        row = _over(visitor, edited, _former(written, before))
        return Saved(overlay.number, row.version)
    if draft:
        _over(visitor, edited, None)
    return None


def undo_save(visitor: Visitor, edited: EditedSection, *, number: int, version: int) -> Overlay:
    """Return the course's newest changes: those before a section was saved, again; its draft waits again, if nobody wrote since."""
    overlay = undo_change(visitor, edited.course, edited.module, number=number)
    row = edited.row
    if row and row.version == version and row.former:
        _reopened(visitor, edited, row.former, overlay.number)
    return overlay


def _check(edited: EditedSection, version: int) -> None:
    if version != edited.version:
        raise Stale


def _former(written: Written, number: int) -> dict[str, Any]:
    return {"title": written.title, "text": written.text, "overlay_number": number}


def _written(
    visitor: Visitor, edited: EditedSection, written: Written, *, begun_on: int, former: dict[str, Any] | None = None
) -> SectionDraft:
    return _put(visitor, edited, written, begun_on, former, is_open=True)


def _over(visitor: Visitor, edited: EditedSection, former: dict[str, Any] | None) -> SectionDraft:
    return _put(visitor, edited, Written("", ""), edited.module.overlay.number, former, is_open=False)


def _reopened(visitor: Visitor, edited: EditedSection, former: dict[str, Any], begun_on: int) -> SectionDraft:
    return _written(visitor, edited, Written(former["title"], former["text"]), begun_on=begun_on)


def _put(
    visitor: Visitor, edited: EditedSection, written: Written, begun_on: int, former: dict[str, Any] | None, *, is_open: bool
) -> SectionDraft:
    row = edited.row
    if row is None:
        row = SectionDraft(course_id=edited.course.id, module_id=edited.module.module_id, key=edited.key)
        db.session.add(row)
    row.version = edited.version + 1
    row.is_open, row.title, row.text, row.overlay_number, row.former = is_open, written.title, written.text, begun_on, former
    row.saved_by_id, row.saved_at = visitor.id, clock.now()
    db.session.flush()
    return row
