"""Periods of whole days, UTC, and the keys under which counters keep them (pure)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

#: The programme's academic year begins in September, everywhere.
ACADEMIC_YEAR_BEGINS = 9
FIRST_YEAR = 1990
LAST_YEAR = 2199
MONTHS = 12
MONTHS_IN_A_QUARTER = 3


@dataclass(frozen=True, order=True)
class Period:
    """The days from the first to the last, both included; inside it is half-open, ``[starts_at, ends_at)``."""

    first_day: date
    last_day: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins, or lies where nothing can have been counted."""
        if self.last_day < self.first_day:
            raise ValueError("a period ends on the day it begins, or later")
        if self.first_day.year < FIRST_YEAR or self.last_day.year > LAST_YEAR:
            raise ValueError(f"a period lies between {FIRST_YEAR} and {LAST_YEAR}")

    @property
    def starts_at(self) -> datetime:
        """The first instant of the period."""
        return datetime.combine(self.first_day, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the period."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), UTC)

    def holds(self, at: datetime) -> bool:
        """Return whether ``at`` belongs to the period."""
        return self.starts_at <= at < self.ends_at

    @property
    def key(self) -> str | None:
        """The key of the counter period that has exactly these days; None: counters do not keep this one."""
        if self == EVER:
            return "ever"
        return next((written(self.first_day) for of, written in _KINDS if of(self.first_day) == self), None)

    @property
    def is_whole_months(self) -> bool:
        """Whether the period is a run of whole months."""
        return self.first_day.day == 1 and (self.last_day + timedelta(days=1)).day == 1

    def split(self) -> "tuple[Period | None, tuple[Period, ...]]":
        """Return the run of whole months in the period (or None), and the part months at its edges, each within one month."""
        if self.is_whole_months:
            return self, ()
        first, last = month_of(self.first_day), month_of(self.last_day)
        if first == last:
            return None, (self,)
        edges: list[Period] = []
        begin, end = self.first_day, self.last_day
        if begin != first.first_day:
            edges.append(Period(begin, first.last_day))
            begin = first.last_day + timedelta(days=1)
        if end != last.last_day:
            edges.append(Period(last.first_day, end))
            end = last.first_day - timedelta(days=1)
        return (Period(begin, end) if begin <= end else None), tuple(edges)


EVER = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def _run(year: int, month: int, months: int) -> Period:
    after = year * MONTHS + month - 1 + months
    return Period(date(year, month, 1), date(after // MONTHS, after % MONTHS + 1, 1) - timedelta(days=1))


def month_of(day: date) -> Period:
    """Return the month that holds ``day``."""
    return _run(day.year, day.month, 1)


def quarter_of(day: date) -> Period:
    """Return the calendar quarter that holds ``day``."""
    return _run(day.year, (day.month - 1) // MONTHS_IN_A_QUARTER * MONTHS_IN_A_QUARTER + 1, MONTHS_IN_A_QUARTER)


def year_of(day: date) -> Period:
    """Return the calendar year that holds ``day``."""
    return _run(day.year, 1, MONTHS)


def academic_year_of(day: date) -> Period:
    """Return the academic year that holds ``day``."""
    began = day.year if day.month >= ACADEMIC_YEAR_BEGINS else day.year - 1
    return _run(began, ACADEMIC_YEAR_BEGINS, MONTHS)


def _month_key(day: date) -> str:
    return f"{day.year}-{day.month:02}"


def _quarter_key(day: date) -> str:
    return f"{day.year}-Q{(day.month + MONTHS_IN_A_QUARTER - 1) // MONTHS_IN_A_QUARTER}"


def _year_key(day: date) -> str:
    return str(day.year)


def _academic_year_key(day: date) -> str:
    began = day.year if day.month >= ACADEMIC_YEAR_BEGINS else day.year - 1
    return f"{began}/{(began + 1) % 100:02}"


_KINDS: tuple[tuple[Callable[[date], Period], Callable[[date], str]], ...] = (
    (month_of, _month_key),
    (quarter_of, _quarter_key),
    (year_of, _year_key),
    (academic_year_of, _academic_year_key),
)


@lru_cache(maxsize=4096)
def _keys_of_month(first_day: date) -> tuple[str, ...]:
    return (*(written(first_day) for _, written in _KINDS), "ever")


def keys_of(day: date) -> tuple[str, ...]:
    """Return the keys of the counter periods to which a day belongs: month, quarter, year, academic year, ever."""
    return _keys_of_month(day.replace(day=1))


def months_in(period: Period) -> list[Period]:
    """Return the months that a period touches."""
    found = [month_of(period.first_day)]
    while found[-1].last_day < period.last_day:
        found.append(month_of(found[-1].last_day + timedelta(days=1)))
    return found


def month_at(at: datetime) -> date:
    """Return the first day of the month to which an instant belongs."""
    return at.astimezone(UTC).date().replace(day=1)
