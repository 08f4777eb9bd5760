"""A class structure, planned anew for so many sessions of so many minutes. Pure.

What is asked of a plan, in this order: the steps keep their order; a step that may not be left out is in it; no session is longer than
it is; no time is left while a step could be stretched. Steps stay whole where moving a boundary costs little time, else they go on in
the next session. Breaks are not steps: they are put in where a session is longer than anybody can listen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

SHORTEST, LONGEST = 20, 300
MOST_SESSIONS = 30
MOST_STEPS = 60
#: A session longer than so many minutes has a break in each such stretch after the first.
STRETCH = 100
BREAK = 10
#: A break stands between two steps if there is such a place within so many minutes of where it should be.
NEAR = 20
#: Steps last whole fives of minutes where everything that was asked for does.
FIVE = 5
CUT = 40  # What it costs to cut a step, in minutes by which sessions are too full or too empty.
#: Which steps a plan has left out: for want of time, or because a person took them out.
FOR_TIME, BY_PERSON = "time", "person"


@dataclass(frozen=True)
class Entry:
    """A step of a plan, or a part of one that goes on in another session, or a break."""

    key: str
    title: str
    #: How long the whole step should last, if there is time.
    wish: int
    form: str
    required: bool
    text: str = ""
    notes: str = ""
    #: Whether the professor added it.
    own: bool = False
    #: How long it lasts here.
    minutes: int = 0
    #: From 1; of what is left out, the session it would be in.
    session: int = 1
    #: From 1, of a step that is cut; 0: the step is whole.
    part: int = 0
    #: Why it is left out; empty: it is in.
    out: str = ""

    @property
    def is_break(self) -> bool:
        """Whether nothing is taught meanwhile."""
        return self.form == "break"

    @property
    def place(self) -> str:
        """What names the entry on its page."""
        return f"{self.key}.{self.part}"


@dataclass(frozen=True)
class Frame:
    """How much time there is: so many sessions of so many minutes."""

    minutes: int
    sessions: int

    @property
    def breaks(self) -> int:
        """How many breaks a session has."""
        return (self.minutes - 1) // STRETCH

    @property
    def usable(self) -> int:
        """How many minutes of a session are not a break."""
        return self.minutes - BREAK * self.breaks


@dataclass(frozen=True)
class Shortfall:
    """Why there is no plan: what may not be left out needs more time."""

    needed: int
    available: int
    #: Enough sessions of that length; 0: no number we plan for is.
    sessions: int
    #: Long enough for that number of sessions; 0: no length we plan for is.
    minutes: int


@dataclass(frozen=True)
class _Span:
    """A step, or a part of one, with the bounds of how long it may last."""

    entry: Entry
    low: int
    wish: int
    high: int


def replanned(entries: Sequence[Entry], frame: Frame) -> tuple[Entry, ...] | Shortfall:
    """Return the steps of ``entries`` in that order, planned for ``frame``; or why they do not fit.

    Planning a plan again for the same frame gives the same plan. What a person took out stays out; what was left out for want of time
    is tried again. At most ``MOST_STEPS`` steps.
    """
    steps = merged(entries)
    wanted = [step for step in steps if not step.out]
    grain = FIVE if all(n % FIVE == 0 for n in (frame.minutes, *(step.wish for step in wanted))) else 1
    spans = [_span(step, grain) for step in wanted]
    room = frame.usable * frame.sessions
    needed = sum(span.low for span in spans if span.entry.required)
    if needed > room:
        return _shortfall(needed, room, frame)
    kept = _kept(spans, room)
    sessions = _sessions(kept, frame, grain)
    title = next((entry.title for entry in entries if entry.is_break), "")
    planned = [part for number, parts in enumerate(sessions, 1) for part in _with_breaks(parts, number, frame, grain, title)]
    return _in_order(list(_numbered(planned)), steps)


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the steps that ``entries`` were made of: parts together again where the first of them stands, breaks and cuts gone."""
    steps: dict[str, Entry] = {}
    for entry in entries:
        if entry.is_break:
            continue
        known = steps.get(entry.key)
        out = BY_PERSON if entry.out == BY_PERSON and (known is None or known.out) else ""
        if known is None or (known.out and not out):
            place = {key: step for key, step in steps.items() if key != entry.key} if known else steps
            steps = place | {entry.key: replace(entry, out=out, part=0, minutes=0, session=1)}
    return tuple(steps.values())


def _span(step: Entry, grain: int) -> _Span:
    low = min(step.wish, max(FIVE, _up(step.wish, 2, grain)))
    return _Span(step, low, step.wish, max(step.wish, step.wish * 3 // 2 // grain * grain))


def _up(number: int, parts: int, grain: int) -> int:
    return -(-number // (parts * grain)) * grain


def _shortfall(needed: int, room: int, frame: Frame) -> Shortfall:
    sessions = -(-needed // frame.usable)
    longer = (length for length in range(frame.minutes, LONGEST + 1, FIVE) if Frame(length, 1).usable * frame.sessions >= needed)
    return Shortfall(needed, room, sessions if sessions <= MOST_SESSIONS else 0, next(longer, 0))


def _kept(spans: Sequence[_Span], room: int) -> list[_Span]:
    """Return the steps to plan: all that may not be left out, and of the others, from the first on, those for which there is time."""
    left = room - sum(span.wish for span in spans if span.entry.required)
    kept = []
    for span in spans:
        if not span.entry.required:
            if span.low > left:
                continue
            left -= span.low
        kept.append(span)
    return kept


def _fitted(spans: Sequence[_Span], room: int, grain: int) -> list[int]:
    """Return how long each lasts, within its bounds, so that they fill ``room`` as far as they can; what may go gives way first."""
    minutes = [span.wish for span in spans]
    for required_too in (False, True):
        while sum(minutes) > room:
            giving = [i for i, each in enumerate(spans) if (required_too or not each.entry.required) and minutes[i] - grain >= each.low]
            if not giving:
                break
            most = max(giving, key=lambda i: (minutes[i] / spans[i].wish, i))
            minutes[most] -= grain
    while sum(minutes) + grain <= room:
        taking = [i for i, span in enumerate(spans) if minutes[i] + grain <= span.high]
        if not taking:
            break
        minutes[min(taking, key=lambda i: (minutes[i] / spans[i].wish, i))] += grain
    return minutes


@dataclass(frozen=True)
class _Line:
    """All steps one after the other, each as long as it would be without sessions: where sessions may end, and what is between."""

    spans: Sequence[_Span]
    minutes: Sequence[int]
    frame: Frame
    grain: int

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where each step ends, after a 0."""
        ends = [0]
        for minutes in self.minutes:
            ends.append(ends[-1] + minutes)
        return tuple(ends)

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Where a session may end: with a step, or where it is full when all are equally full."""
        total, grain, count = self.ends[-1], self.grain, self.frame.sessions
        even = {total * number // (count * grain) * grain for number in range(1, count)}
        return tuple(sorted({*self.ends, *even}))

    def between(self, start: int, end: int) -> list[_Span]:
        """Return what lies between two places, bounds of a cut step in proportion."""
        found = []
        for span, minutes, (first, last) in zip(self.spans, self.minutes, pairwise(self.ends), strict=True):
            size = min(end, last) - max(start, first)
            if size == minutes:
                found.append(span)
            elif size > 0:
                low = -(-span.low * size // (minutes * self.grain)) * self.grain
                high = max(size, span.high * size // (minutes * self.grain) * self.grain)
                wish = min(max(span.wish * size // (minutes * self.grain) * self.grain, low), high)
                found.append(_Span(span.entry, low, wish, high))
        return found

    def cost(self, start: int, end: int) -> int | None:
        """Return what a session between two places costs; None: it would be too long."""
        if sum(span.low for span in self.between(start, end)) > self.frame.usable:
            return None
        off = abs(self.ends[-1] - (end - start) * self.frame.sessions)
        return off + (0 if end in self.ends else CUT * self.frame.sessions)


def _sessions(spans: Sequence[_Span], frame: Frame, grain: int) -> list[list[tuple[Entry, int]]]:
    """Return what each session holds, with its minutes: the cheapest way to lay the line of steps into the sessions."""
    line = _Line(spans, _fitted(spans, frame.usable * frame.sessions // grain * grain, grain), frame, grain)
    costs: dict[tuple[int, int], int | None] = {}
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, (0,))}
    for _number in range(frame.sessions):
        found: dict[int, tuple[int, tuple[int, ...]]] = {}
        for start, (so_far, way) in best.items():
            for end in (place for place in line.places if place >= start):
                if (start, end) not in costs:
                    costs[start, end] = line.cost(start, end)
                cost = costs[start, end]
                if cost is None:
                    break
                if end not in found or so_far + cost < found[end][0]:
                    found[end] = (so_far + cost, (*way, end))
        best = found
    way = best[line.ends[-1]][1]
    sessions = []
    for start, end in pairwise(way):
        held = line.between(start, end)
        sessions.append([(span.entry, minutes) for span, minutes in zip(held, _fitted(held, frame.usable, grain), strict=True)])
    return sessions


def _with_breaks(parts: Sequence[tuple[Entry, int]], number: int, frame: Frame, grain: int, title: str) -> list[Entry]:
    """Return a session's entries, its breaks among them: between two steps where that is near enough, else within one."""
    left = [replace(entry, minutes=minutes, session=number) for entry, minutes in parts]
    used = sum(entry.minutes for entry in left)
    # With free time at the end, a session may be short enough without.
    breaks = max(count for count in range(frame.breaks + 1) if not count or used + BREAK * count > STRETCH * count)
    found: list[Entry] = []
    for count in range(1, breaks + 1):
        mark = used * count // ((breaks + 1) * grain) * grain
        ends = [sum(entry.minutes for entry in found if not entry.is_break)]
        for entry in left:
            ends.append(ends[-1] + entry.minutes)
        near = min(range(1, len(ends) - 1), key=lambda i: (abs(ends[i] - mark), i), default=0)
        if near and abs(ends[near] - mark) <= NEAR:
            found, left = [*found, *left[:near]], left[near:]
        else:
            cut = max(i for i in range(len(ends) - 1) if ends[i] < mark)
            before = mark - ends[cut]
            split = left[cut]
            found = [*found, *left[:cut], replace(split, minutes=before)]
            left = [replace(split, minutes=split.minutes - before), *left[cut + 1 :]] if split.minutes > before else left[cut + 1 :]
        found.append(Entry(f"break.{number}.{count}", title, BREAK, "break", required=True, minutes=BREAK, session=number))
    return [*found, *left]


def _numbered(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries with the parts of steps that are cut numbered."""
    count = Counter(entry.key for entry in entries)
    seen: Counter[str] = Counter()
    for entry in entries:
        seen[entry.key] += 1
        yield replace(entry, part=seen[entry.key] if count[entry.key] > 1 else 0)


def _in_order(planned: Sequence[Entry], steps: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return a plan with what is left out where it would have been."""
    found: list[Entry] = []
    waiting, held = planned, {entry.key for entry in planned}
    for step in steps:
        if step.key not in held:
            session = found[-1].session if found else 1
            found.append(replace(step, minutes=step.wish, session=session, part=0, out=step.out or FOR_TIME))
            continue
        last = max(i for i, entry in enumerate(waiting) if entry.key == step.key)
        found, waiting = [*found, *waiting[: last + 1]], waiting[last + 1 :]
    return (*found, *waiting)
