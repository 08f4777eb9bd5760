"""Words for what was done to a plan, and a plan laid out for a page."""

from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from elearn.catalogue.labels import form_names
from elearn.countries import region_name
from elearn.learning.plan_sheets import days_of, sheets
from elearn.learning.plan_states import NO_COUNTRIES, PlanState
from elearn.learning.planning import Shortfall

#: UN M49 regions from which countries are drawn.
REGIONS = ("002", "019", "142", "150", "009")


def act_words(act: str) -> str:
    """Return what a page says after this act on a step."""
    return {
        "up": _("The step is moved up."),
        "down": _("The step is moved down."),
        "leave-out": _("The step is left out."),
        "bring-back": _("The step is back."),
    }[act]


def shortfall_words(short: Shortfall) -> str:
    """Return why a structure does not fit, and what would."""
    words = [
        _(
            "The steps that may not be left out need %(needed)d minutes even when they are short, and there are %(available)d.",
            needed=short.needed,
            available=short.available,
        )
    ]
    if short.minutes:
        words.append(_("Sessions of %(num)d minutes would do.", num=short.minutes))
    if short.sessions:
        words.append(ngettext("%(num)d session would do.", "%(num)d sessions would do.", short.sessions))
    return " ".join(words)


def laid_out(state: PlanState) -> dict[str, Any]:
    """Return what a page of a plan shows: its sessions on their days, and what the forms of steps are called."""
    settings = state.settings
    days = days_of(settings.first_on, settings.weekdays, settings.sessions)
    return {"sheets": sheets(state.entries, settings.frame, days, settings.starts_at), "forms": form_names()}


def weekday_choices() -> list[tuple[int, str]]:
    """Return the days of the week; Monday is 0."""
    locale = get_locale()
    assert locale is not None
    return [(day, str(name)) for day, name in sorted(locale.days["format"]["wide"].items())]


def way_choices() -> list[tuple[str, str]]:
    """Return whom one can draw."""
    return [
        ("students", _("The students of this class")),
        ("groups", _("Nobody: countries for the groups that the class has")),
        ("numbers", _("Numbers to call out")),
    ]


def by_choices() -> list[tuple[str, str]]:
    """Return what the number of a draw means."""
    return [("size", _("people in a group")), ("count", _("how many groups"))]


def area_choices() -> list[tuple[str, str]]:
    """Return from where countries are drawn."""
    regions = [(code, region_name(code, str(get_locale()))) for code in REGIONS]
    return [(NO_COUNTRIES, _("None")), ("", _("From the whole world")), *sorted(regions, key=lambda pair: pair[1])]
