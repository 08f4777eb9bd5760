"""What is kept of a plan, between its JSON and the objects one works with. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time
from typing import Any

from elearn.learning.planning import LONGEST, MOST_SESSIONS, SHORTEST, Entry, Frame, Shortfall, merged, replanned

Json = dict[str, Any]


@dataclass(frozen=True)
class Settings:
    """How a class meets, and what its students are told."""

    minutes: int
    sessions: int
    first_on: date | None = None
    #: Monday is 0; none: the weekday of the first day.
    weekdays: tuple[int, ...] = ()
    starts_at: time | None = None
    prepare: str = ""
    questions: str = ""
    #: Keys of the sections to read beforehand.
    reads: tuple[str, ...] = ()

    @property
    def frame(self) -> Frame:
        """The time there is."""
        return Frame(self.minutes, self.sessions)

    def as_json(self) -> Json:
        """Return what is kept."""
        first_on, starts_at = self.first_on, self.starts_at
        times = {"first_on": first_on and first_on.isoformat(), "starts_at": starts_at and starts_at.strftime("%H:%M")}
        return asdict(self) | times | {"weekdays": list(self.weekdays), "reads": list(self.reads)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Settings":
        """Return what was kept."""
        first_on, starts_at = kept.get("first_on"), kept.get("starts_at")
        return cls(
            kept["minutes"],
            kept["sessions"],
            date.fromisoformat(first_on) if first_on else None,
            tuple(kept.get("weekdays", ())),
            time.fromisoformat(starts_at) if starts_at else None,
            kept.get("prepare", ""),
            kept.get("questions", ""),
            tuple(kept.get("reads", ())),
        )


#: What is drawn: the students of the class, numbers to call out, or countries alone for the groups that the class has.
WAYS = ("students", "numbers", "groups")
NO_COUNTRIES = "none"


@dataclass(frozen=True)
class Draw:
    """Groups and countries as they were drawn."""

    way: str
    seed: str
    size: int
    #: Of numbers to call out: how many.
    people: int = 0
    #: A UN M49 region; empty: the world; ``none``: no countries.
    area: str = ""
    #: Places in the class, or numbers; none where the class's own groups stand.
    members: tuple[tuple[int, ...], ...] = ()
    group_ids: tuple[int, ...] = ()
    countries: tuple[str, ...] = ()
    #: How many groups were asked for; 0: as many as ``size`` takes.
    count: int = 0

    def as_json(self) -> Json:
        """Return what is kept."""
        return asdict(self) | {
            "members": [list(group) for group in self.members],
            "group_ids": list(self.group_ids),
            "countries": list(self.countries),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Draw | None":
        """Return what was kept; None: nothing was drawn."""
        if not kept:
            return None
        lists = {
            "members": tuple(map(tuple, kept["members"])),
            "group_ids": tuple(kept["group_ids"]),
            "countries": tuple(kept["countries"]),
        }
        return cls(**{**kept, **lists})


@dataclass(frozen=True)
class PlanState:
    """A plan as it stands."""

    section_key: str
    settings: Settings
    entries: tuple[Entry, ...] = field(default=())
    draw: Draw | None = None


def entries_as_json(entries: Iterable[Entry]) -> list[Json]:
    """Return what is kept of the entries of a plan."""
    return [asdict(entry) for entry in entries]


def entries_of(kept: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the entries that were kept."""
    return tuple(Entry(**entry) for entry in kept)


def entries_of_structure(steps: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Return the steps of a class structure, not planned yet."""
    return tuple(
        Entry(s["key"], s["title"], s["minutes"], s["form"], s["required"], s.get("text") or "", minutes=s["minutes"]) for s in steps
    )


def first_plan(section_key: str, steps: Iterable[Mapping[str, Any]]) -> PlanState:
    """Return a structure as its author meant it, in one session where that can be."""
    entries = entries_of_structure(steps)
    minutes = min(max(sum(entry.minutes for entry in entries), SHORTEST), LONGEST)
    for sessions in range(1, MOST_SESSIONS + 1):
        planned = replanned(entries, Frame(minutes, sessions))
        if not isinstance(planned, Shortfall):
            return PlanState(section_key, Settings(minutes, sessions), planned)
    return PlanState(section_key, Settings(minutes, 1), tuple(merged(entries)))
