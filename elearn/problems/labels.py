"""What kinds and states of reports are called on a page."""

from flask_babel import gettext as _


def kind_names() -> dict[str, str]:
    """Return what kinds of problems are called."""
    return {
        "fact": _("A fact is wrong or out of date"),
        "link": _("A link is broken"),
        "hard": _("It is hard to understand"),
        "language": _("Spelling, grammar or translation"),
        "accessibility": _("I cannot see, hear or use it"),
        "other": _("Something else"),
    }


def short_kind_names() -> dict[str, str]:
    """Return the same in a word or two, for lists."""
    return {
        "fact": _("fact"),
        "link": _("link"),
        "hard": _("hard to understand"),
        "language": _("language"),
        "accessibility": _("accessibility"),
        "other": _("other"),
    }


def state_names() -> dict[str, str]:
    """Return what the states of a report are called."""
    return {"open": _("open"), "answered": _("answered"), "mended": _("mended"), "no-fault": _("not a fault")}


def act_names() -> dict[str, str]:
    """Return what was said or done, as a line's head."""
    return {
        "answered": _("Answer"),
        "mended": _("Mended"),
        "no-fault": _("Not a fault"),
        "reopened": _("Opened again"),
        "passed-on": _("Passed on to the editors"),
    }
