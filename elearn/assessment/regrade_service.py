"""Decisions about regrades: beginning one with its dry run, applying it, undoing it. What they set going is done by a job."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.assessment.item_choice_queries import ItemChoice
from elearn.assessment.regrade_access import Ground, RegradeInView
from elearn.assessment.regrade_models import Regrade
from elearn.assessment.regrade_queries import Judge
from elearn.assessment.regrade_step_service import lock_item, locked
from elearn.assessment.regrading import Policy
from elearn.assessment.standing_queries import later_regrade
from elearn.db import db
from elearn.errors import Conflict, Invalid
from elearn.jobs.service import enqueue

LONGEST_REASON = 1000


def start_regrade(
    visitor: Visitor,
    ground: Ground,
    item: ItemChoice,
    *,
    policy: str,
    revision_id: int,
    reason: str,
    scope: str | None = None,
    at: datetime | None = None,
) -> int:
    """Return the number of a new regrade; its dry run is under way, and nothing is marked before somebody says so."""
    scope = scope or ground.scope
    if scope != ground.scope and not (scope == "course" and ground.is_whole_course):
        message = _("You can decide for this class only.")
        raise Invalid(message, {"scope": message})
    if Policy(policy).reads_answers and revision_id not in {revision.id for revision in item.revisions}:
        message = _("Choose the state of the question whose key is right.")
        raise Invalid(message, {"revision": message})
    regrade = Regrade(
        module_id=ground.module_id,
        item_id=item.id,
        scope=scope,
        class_id=ground.class_id if scope == "class" else None,
        course_id=ground.course_id if scope == "course" else None,
        policy=policy,
        new_revision_id=revision_id if Policy(policy).reads_answers else None,
        reason=reason,
        state="draft",
        made_by_id=visitor.id,
        made_at=at or clock.now(),
    )
    db.session.add(regrade)
    db.session.flush()
    _set_going(regrade, visitor)
    _record("start-regrade", regrade, visitor, ground.institution_id)
    return regrade.id


def apply_regrade(visitor: Visitor, found: RegradeInView, at: datetime | None = None) -> int:
    """Have the marks of a dry run given; return 0, or how many attempts came in since: they are counted first, and it waits for a yes."""
    regrade = locked(found.regrade.id)
    if regrade.state != "draft":
        raise Conflict(_("This was applied before. Nothing was changed."))
    if regrade.counts is None:
        raise Conflict(_("It is still being counted what this changes. Please look again in a moment."))
    _refuse_two_at_once(regrade)
    if news := Judge(regrade).count_of_news():
        regrade.counts = None
        _set_going(regrade, visitor)
        return news
    regrade.state, regrade.applied_by_id, regrade.applied_at = "running", visitor.id, at or clock.now()
    db.session.flush()
    _set_going(regrade, visitor)
    _record("apply-regrade", regrade, visitor, found.institution_id)
    return 0


def undo_regrade(visitor: Visitor, found: RegradeInView, reason: str, at: datetime | None = None) -> None:
    """Have every mark that a regrade changed be what it was before."""
    regrade = locked(found.regrade.id)
    if regrade.state in {"undoing", "undone"}:
        raise Conflict(_("This was undone before. Nothing was changed."))
    if regrade.state != "done":
        raise Conflict(_("This can be undone once it is applied."))
    _refuse_two_at_once(regrade)
    if later := later_regrade(regrade):
        words = _("Answers to this question were marked again after that (number %(number)d: %(reason)s). Undo that first.")
        raise Conflict(words % {"number": later.id, "reason": later.reason})
    regrade.state, regrade.undone_by_id, regrade.undone_at, regrade.undo_reason = "undoing", visitor.id, at or clock.now(), reason
    db.session.flush()
    _set_going(regrade, visitor)
    _record("undo-regrade", regrade, visitor, found.institution_id)


def _refuse_two_at_once(regrade: Regrade) -> None:
    """Raise Conflict while another regrade of the same item is being applied or undone; the item is locked until this is committed."""
    lock_item(regrade.item_id)
    busy = select(Regrade.id).where(Regrade.item_id == regrade.item_id, Regrade.id != regrade.id, Regrade.state.in_(("running", "undoing")))
    if db.session.scalar(busy.limit(1)) is not None:
        raise Conflict(_("Answers to this question are being marked again just now. Please try again in a few minutes."))


def _set_going(regrade: Regrade, visitor: Visitor) -> None:
    regrade.job_id = enqueue("regrade", {"regrade_id": regrade.id}, key=f"regrade:{regrade.id}", person_id=visitor.id)
    db.session.flush()


def _record(action: str, regrade: Regrade, visitor: Visitor, institution_id: int | None) -> None:
    details = {
        "item": regrade.item_id,
        "scope": regrade.scope,
        "policy": regrade.policy,
        "class": regrade.class_id,
        "course": regrade.course_id,
        "attempts_changed": (regrade.counts or {}).get("changed"),
    }
    audit.record(
        action,
        "regrade",
        regrade.id,
        actor_id=visitor.id,
        institution_id=institution_id,
        details={name: value for name, value in details.items() if value is not None},
    )
