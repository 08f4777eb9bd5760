"""When a class is: before its first day, running, over (pure). Days are days of the class's own time zone."""

import functools
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

STATES = ("running", "coming", "over")
LEAP_DAY = (2, 29)
#: For so long one may take back oneself that one left a class.
UNDO_FOR = timedelta(hours=1)


@functools.cache
def zones() -> tuple[str, ...]:
    """Return the time zones to choose from, by name."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))))


def day_in(timezone: str, at: datetime) -> date:
    """Return which day it is in ``timezone`` at this moment."""
    return at.astimezone(ZoneInfo(timezone)).date()


def state_of(starts_on: date, ends_on: date, today: date) -> str:
    """Return ``coming``, ``running`` or ``over``; the first and the last day belong to the class."""
    if today > ends_on:
        return "over"
    return "coming" if today < starts_on else "running"


def last_day(ends_on: date, extended_until: date | None) -> date:
    """Return the last day on which a student may work: the class's, or a later one that they were given."""
    return max(ends_on, extended_until) if extended_until else ends_on


def _years_later(day: date, years: int) -> date:
    moved = day.replace(day=28) if (day.month, day.day) == LEAP_DAY else day
    return moved.replace(year=day.year + years)


def next_term(starts_on: date, ends_on: date, today: date, *, later: str = "year") -> tuple[date, date]:
    """Return the dates a year (or half of one: ``term``) later, and further on until the class would not be over already."""
    length = ends_on - starts_on
    if later == "term":
        starts = starts_on + timedelta(weeks=26)
        while starts + length < today:
            starts += timedelta(weeks=26)
        return starts, starts + length
    years = 1
    while _years_later(starts_on, years) + length < today:
        years += 1
    starts = _years_later(starts_on, years)
    return starts, starts + length
