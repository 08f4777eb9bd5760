"""What the editor of a section says in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_time, ngettext
from flask_babel import gettext as _

from elearn import clock
from elearn.adaptation.draft_text import Difference


def difference_words(difference: Difference | None) -> str:
    """Return in a sentence what somebody changed in the text that a section is made on; None: it is made on none."""
    if difference is None:
        return _("This section is the course's own.")
    if difference.is_none:
        return _("This is the text that the section is based on, unchanged.")
    parts = [
        ngettext("%(num)s passage changed", "%(num)s passages changed", difference.changed) if difference.changed else "",
        ngettext("%(num)s taken out", "%(num)s taken out", difference.taken_out) if difference.taken_out else "",
        ngettext("%(num)s added", "%(num)s added", difference.added) if difference.added else "",
    ]
    of = ngettext("Of %(num)s passage of the text it is based on:", "Of %(num)s passages of the text it is based on:", difference.passages)
    return f"{of} {', '.join(part for part in parts if part)}."


def faults_words(errors: int, warnings: int) -> str:
    """Return how many faults there are."""
    if not errors and not warnings:
        return _("No faults.")
    parts = [
        ngettext("%(num)s fault", "%(num)s faults", errors) if errors else "",
        ngettext("%(num)s thing to look at", "%(num)s things to look at", warnings) if warnings else "",
    ]
    return ", ".join(part for part in parts if part) + "."


def moment_words(at: datetime, timezone: str) -> str:
    """Return a moment in a zone, without its day where that is today."""
    local = at.astimezone(ZoneInfo(timezone))
    time = format_time(local, "short", rebase=False)
    if local.date() != clock.now().astimezone(local.tzinfo).date():
        time = f"{format_date(local, 'medium', rebase=False)}, {time}"
    return f"{time} UTC" if timezone == "UTC" else time
