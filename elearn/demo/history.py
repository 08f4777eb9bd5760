"""What an invented student does in a class, and when: pure; only the marks they get are left to the real thing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

#: Local hours in which people study, the evening more often.
HOURS = (8, 10, 13, 15, 17, 19, 19, 20, 20, 21)
SECTIONS_A_SITTING, SECTIONS_A_SITTING_OF_KEEN = 4, 2
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
#: Chance of sitting the quiz after all sections, after half of them, after any.
SITS_AFTER_ALL, SITS_AFTER_HALF, SITS_AFTER_ANY = 0.93, 0.45, 0.08
HALF = 0.5
SHORTEST_QUIZ, LONGEST_QUIZ = 11, 44
TAKEN_BACK = 0.006
LEFT_OPEN = 0.03


@dataclass(frozen=True)
class Temperament:
    """How able somebody is, how far they get in the sections, how often they try a quiz that they have not passed."""

    ability: float
    reach: float
    tries: int
    is_keen: bool = False


@dataclass(frozen=True)
class Term:
    """When a class is taught, and until when anything has happened in it."""

    starts_on: date
    ends_on: date
    zone: ZoneInfo
    #: Nothing is done then or later.
    until: datetime

    @property
    def days(self) -> int:
        """How long the class lasts."""
        return (self.ends_on - self.starts_on).days


@dataclass(frozen=True)
class Outline:
    """A module as a student meets it: its sections with their minutes, and whether it has a quiz."""

    slug: str
    sections: tuple[tuple[str, int], ...]
    has_quiz: bool


@dataclass(frozen=True)
class Marking:
    """A section is marked done, or not done after all."""

    at: datetime
    slug: str
    key: str
    is_done: bool = True


@dataclass(frozen=True)
class Sitting:
    """A quiz is taken; a further one only where the ones before were not passed."""

    at: datetime
    slug: str
    number: int
    minutes: int
    is_left_open: bool = False


Act = Marking | Sitting


def temperament(random: Random, engagement: float) -> Temperament:
    """Return how somebody studies in a class as engaging as ``engagement`` (1: as most)."""
    luck = random.random() / engagement
    if luck < 0.55:  # noqa: PLR2004 (the funnel: over half get to the end)
        reach = 1.0
    elif luck < 0.78:  # noqa: PLR2004
        reach = random.uniform(0.35, 0.95)
    elif luck < 0.93:  # noqa: PLR2004
        reach = random.uniform(0.06, 0.35)
    else:
        reach = 0.0
    return Temperament(random.gauss(0.2 + 0.45 * reach, 0.85), reach, random.choices((1, 2, 3), weights=(5, 4, 2))[0])


def moment(random: Random, day: date, zone: ZoneInfo) -> datetime:
    """Return a moment of ``day``, as it is where the student is, at which people study."""
    local = datetime.combine(day, time(random.choice(HOURS), random.randrange(60), random.randrange(60)), zone)
    return local.astimezone(UTC)


def joining(random: Random, term: Term) -> datetime:
    """Return when somebody joins: in the first days, a few later."""
    late = random.randrange(10) == 0
    return moment(random, term.starts_on + timedelta(days=random.randrange(7, 24) if late else random.randrange(6)), term.zone)


def acts(random: Random, student: Temperament, outlines: Sequence[Outline], term: Term, joined_at: datetime) -> Iterator[Act]:
    """Yield what a student does, in order of time, as long as it lies before the end of the class and before ``term.until``."""
    end = min(term.until, datetime.combine(term.ends_on + DAY, time(), term.zone).astimezone(UTC))
    for act in _all_acts(random, student, outlines, term, joined_at):
        over = act.at + MINUTE * act.minutes if isinstance(act, Sitting) else act.at
        if over >= end:
            return
        yield act


def _all_acts(random: Random, student: Temperament, outlines: Sequence[Outline], term: Term, joined_at: datetime) -> Iterator[Act]:
    total = sum(len(outline.sections) for outline in outlines)
    left = round(student.reach * total)
    pace = _pace(random, student, term, joined_at) / max(left, 1)
    at = joined_at + MINUTE * random.randrange(2, 25)
    for outline in outlines:
        reached = outline.sections[: max(left, 0)]
        left -= len(outline.sections)
        sitting = 0
        for key, minutes in reached:
            if sitting == 0:
                sitting = random.randint(1, SECTIONS_A_SITTING_OF_KEEN if student.is_keen else SECTIONS_A_SITTING)
                at = max(at, moment(random, (at + pace * sitting * random.uniform(0.7, 1.2)).date(), term.zone))
            sitting -= 1
            at += MINUTE * max(1, round(minutes * random.uniform(0.4, 1.6)))
            yield Marking(at, outline.slug, key)
            if random.random() < TAKEN_BACK:
                yield Marking(at + MINUTE, outline.slug, key, is_done=False)
                at += 2 * MINUTE
                yield Marking(at, outline.slug, key)
        if outline.has_quiz and _sits(random, student, len(reached), len(outline.sections)):
            for act in _sittings(random, student, outline.slug, at, term):
                at = act.at + MINUTE * act.minutes
                yield act


def _pace(random: Random, student: Temperament, term: Term, joined_at: datetime) -> timedelta:
    """Return how long the student takes over all they read; a keen one is at it until these days."""
    if student.is_keen:
        return max(term.until - 3 * DAY - joined_at, DAY)
    ends = datetime.combine(term.starts_on, time(), UTC) + DAY * term.days * random.uniform(0.45, 0.95)
    return max(ends - joined_at, 7 * DAY) * max(student.reach, 0.1)


def _sits(random: Random, student: Temperament, reached: int, sections: int) -> bool:
    chance = SITS_AFTER_ANY if reached else 0.0
    if reached == sections:
        chance = SITS_AFTER_ALL
    elif reached >= sections * HALF:
        chance = SITS_AFTER_HALF
    return bool(reached and student.is_keen) or random.random() < chance


def _sittings(random: Random, student: Temperament, slug: str, at: datetime, term: Term) -> Iterator[Sitting]:
    for number in range(1, student.tries + 1):
        day = (at + DAY * random.choice((0, 1) if student.is_keen else (0, 0, 1, 2, 5))).date()
        at = max(at + MINUTE * random.randrange(4, 30), moment(random, day, term.zone))
        minutes = random.randint(SHORTEST_QUIZ, LONGEST_QUIZ)
        is_left_open = not student.is_keen and random.random() < LEFT_OPEN
        yield Sitting(at, slug, number, minutes, is_left_open)
        if is_left_open:
            return
        at += MINUTE * minutes
