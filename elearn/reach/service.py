"""What reach does for the house: counting acts as they happen, and reporting."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from elearn.accounts.queries import is_demonstration
from elearn.errors import Invalid
from elearn.reach import counters
from elearn.reach.formats import as_json
from elearn.reach.full_report import full_report_on
from elearn.reach.periods import FIRST_YEAR, LAST_YEAR, Period
from elearn.reach.places import NamedCut


def count_acts(acts: list[object]) -> None:
    """Leave the counters as they are with ``acts`` counted; the listener that runs just before each commit."""
    counted = counters.Acts.among(acts)
    if any(counted):
        counters.count(counted)


def period_between(first_day: date, last_day: date) -> Period:
    """Return the period; raise Invalid, naming the field, where there is none."""
    if last_day < first_day:
        message = _("The period ends before it begins.")
        raise Invalid(message, {"to": message})
    for name, day in (("from", first_day), ("to", last_day)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = _("Choose a day between %(first)d and %(last)d.", first=FIRST_YEAR, last=LAST_YEAR)
            raise Invalid(message, {name: message})
    return Period(first_day, last_day)


def report(period: Period, named: NamedCut, language: str = "en") -> dict[str, Any]:
    """Return the report of a cut and a period as programs read it."""
    return as_json(full_report_on(period, named, language), demonstration=is_demonstration())
