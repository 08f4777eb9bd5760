"""Words for the states of a class's things."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time
from flask_babel import gettext as _

from elearn.learning.enrolment_queries import Step


def state_names() -> dict[str, str]:
    """Return what the states of a student's place are called."""
    return {
        "in": _("in the class"),
        "waiting": _("not claimed yet"),
        "left": _("left"),
        "withdrawn": _("withdrawn"),
        "removed": _("removed as an error"),
    }


def words_of_step(step: Step, groups: dict[int, str]) -> str:
    """Return what happened to a place at one step of its history."""
    details = step.details
    if step.kind == "regrouped":
        return _group_words(groups, details.get("to"))
    if step.kind == "extended":
        return _extension_words(details.get("until"))
    return {
        "listed": _("Written into the list"),
        "joined": _("Joined the class"),
        "claimed": _("Took the place"),
        "left": _("Left the class"),
        "withdrawn": _("Withdrawn from the class"),
        "removed": _("Removed as an error"),
        "returned": _("Came back into the class"),
        "corrected": _("Name or student id corrected"),
    }.get(step.kind, step.kind)


def _group_words(groups: dict[int, str], to: Any) -> str:
    return _("Put into the group “%(name)s”", name=groups[to]) if to in groups else _("Put into no group")


def _extension_words(until: Any) -> str:
    if not until:
        return _("Extension ended")
    return _("May work until the end of %(day)s", day=format_date(date.fromisoformat(until)))


def moment(at: datetime, timezone: str) -> str:
    """Return a moment as people of ``timezone`` write it; the page names the zone."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{format_date(local, 'medium', rebase=False)}, {format_time(local, 'short', rebase=False)}"
