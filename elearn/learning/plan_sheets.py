"""A plan as one reads it: sessions on their days, with the clock beside each step. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from elearn.learning.planning import Entry, Frame

MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Line:
    """An entry and when it is: minutes after the session's beginning, and by the clock where that is known."""

    entry: Entry
    start: int
    clock: str
    is_first: bool
    is_last: bool

    @property
    def end(self) -> int:
        """When it is over."""
        return self.start + self.entry.minutes


@dataclass(frozen=True)
class Sheet:
    """One session."""

    number: int
    on: date | None
    minutes: int
    lines: tuple[Line, ...]
    left_out: tuple[Entry, ...]

    @property
    def used(self) -> int:
        """How many minutes are planned."""
        return self.lines[-1].end if self.lines else 0

    @property
    def free(self) -> int:
        """How many minutes are left."""
        return max(0, self.minutes - self.used)

    @property
    def over(self) -> int:
        """By how many minutes it is too long."""
        return max(0, self.used - self.minutes)


def days_of(first: date | None, weekdays: Iterable[int], sessions: int) -> tuple[date | None, ...]:
    """Return the day of each session: from ``first`` on, those on ``weekdays`` (Monday is 0); without any, the first day's of each week."""
    if first is None:
        return (None,) * sessions
    wanted = set(weekdays) or {first.weekday()}
    found: list[date] = []
    day = first
    while len(found) < sessions:
        if day.weekday() in wanted:
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def sheets(entries: Sequence[Entry], frame: Frame, days: Sequence[date | None] = (), starts_at: time | None = None) -> tuple[Sheet, ...]:
    """Return the sessions of a plan; ``days`` may be fewer."""
    return tuple(
        Sheet(
            number,
            days[number - 1] if number <= len(days) else None,
            frame.minutes,
            _lines([entry for entry in entries if entry.session == number and not entry.out], number, frame.sessions, starts_at),
            tuple(entry for entry in entries if entry.session == number and entry.out),
        )
        for number in range(1, frame.sessions + 1)
    )


def _lines(entries: Sequence[Entry], number: int, sessions: int, starts_at: time | None) -> tuple[Line, ...]:
    lines, start = [], 0
    for place, entry in enumerate(entries):
        is_first, is_last = number == 1 and place == 0, number == sessions and place == len(entries) - 1
        lines.append(Line(entry, start, clock_after(starts_at, start), is_first, is_last))
        start += entry.minutes
    return tuple(lines)


def clock_after(starts_at: time | None, minutes: int) -> str:
    """Return the time of day so many minutes after the beginning; where that is not known, the minutes as hours and minutes."""
    passed = minutes if starts_at is None else (starts_at.hour * 60 + starts_at.minute + minutes) % MINUTES_OF_A_DAY
    return f"{passed // 60}:{passed % 60:02}" if starts_at is None else f"{passed // 60:02}:{passed % 60:02}"
