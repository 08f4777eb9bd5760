"""What a person changes in a plan by hand. Pure: each returns the plan's entries anew, in order of their sessions."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from elearn.learning.planning import BY_PERSON, Entry

#: No key of the series holds a dot.
OWN = "own."


def entry_at(entries: Iterable[Entry], place: str) -> Entry | None:
    """Return the entry with this place on the page."""
    return next((entry for entry in entries if entry.place == place), None)


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.session))


def moved(entries: Sequence[Entry], place: str, step: int, sessions: int) -> tuple[Entry, ...]:
    """Return the plan with an entry one place up (``step`` -1) or down (1); past the end of a session it goes into the next."""
    here = next(i for i, entry in enumerate(entries) if entry.place == place)
    mine = entries[here]
    beside = here + step
    while 0 <= beside < len(entries) and entries[beside].out and entries[beside].session == mine.session:
        beside += step
    if 0 <= beside < len(entries) and entries[beside].session == mine.session:
        rest = [*entries[:here], *entries[here + 1 :]]
        rest.insert(beside, mine)
        return tuple(rest)
    session = mine.session + step
    if not 1 <= session <= sessions:
        return tuple(entries)
    return in_session(entries, place, session, first=step > 0)


def in_session(entries: Sequence[Entry], place: str, session: int, *, first: bool = False) -> tuple[Entry, ...]:
    """Return the plan with an entry in this session, at its end or its beginning."""
    rest = [entry for entry in entries if entry.place != place]
    mine = next(replace(entry, session=session) for entry in entries if entry.place == place)
    return _sorted([mine, *rest] if first else [*rest, mine])


def changed(
    entries: Sequence[Entry], place: str, *, minutes: int, title: str, text: str, notes: str, form: str, required: bool
) -> tuple[Entry, ...]:
    """Return the plan with an entry that lasts so long; its words hold for every part of its step.

    Who leaves the minutes as they are has chosen none: the step should last as long as before, if there is time.
    """
    mine = next(entry for entry in entries if entry.place == place)
    whole = minutes + sum(e.minutes for e in entries if e.key == mine.key and e.place != place and not e.out)
    whole = mine.wish if minutes == mine.minutes else whole
    step = replace(mine, wish=whole, title=title, text=text, notes=notes, form=form, required=required)
    return tuple(
        replace(step, minutes=minutes if entry.place == place else entry.minutes, session=entry.session, part=entry.part, out=entry.out)
        if entry.key == mine.key
        else entry
        for entry in entries
    )


def left_out(entries: Sequence[Entry], place: str) -> tuple[Entry, ...]:
    """Return the plan without this entry's step, all its parts; where it was is kept."""
    key = next(entry.key for entry in entries if entry.place == place)
    return tuple(replace(entry, out=BY_PERSON) if entry.key == key else entry for entry in entries)


def put_back(entries: Sequence[Entry], place: str) -> tuple[Entry, ...]:
    """Return the plan with a step that was left out, where it was."""
    key = next(entry.key for entry in entries if entry.place == place)
    return tuple(replace(entry, out="") if entry.key == key else entry for entry in entries)


def with_own(
    entries: Sequence[Entry], *, session: int, minutes: int, title: str, text: str, notes: str, form: str, required: bool
) -> tuple[Entry, ...]:
    """Return the plan with a step of the professor's own at the end of a session."""
    taken = [int(entry.key.removeprefix(OWN)) for entry in entries if entry.own]
    key = f"{OWN}{max(taken, default=0) + 1}"
    own = Entry(key, title, minutes, form, required=required, text=text, notes=notes, own=True, minutes=minutes, session=session)
    return _sorted([*entries, own])
