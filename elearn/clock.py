"""The only clock of the house."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """Return this instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Return this day, in UTC."""
    return now().date()
