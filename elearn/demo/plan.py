"""Who and what a demonstration consists of, invented from a seed: pure, and the same for the same seed, numbers and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from elearn.demo.history import Temperament, Term, joining, temperament
from elearn.demo.names import invented_name
from elearn.demo.places import DOMAIN, PROFESSOR, STUDENT, Place, places

DAY = timedelta(days=1)
#: Days ago, at the most and the least, that classes of the first and the second term began.
FIRST_TERM, SECOND_TERM = (420, 398), (112, 72)
SHORTEST_CLASS, LONGEST_CLASS = 98, 119
#: The class of the sample student and professor.
LIVELY_BEGAN, LIVELY_LASTS = 63, 105
#: One student in so many sits in the class of the sample student.
LIVELY_SHARE = 10
#: So many of a hundred students of the first term come again in the second.
COME_AGAIN = 8
PREPARED = 9 * DAY
#: Namesakes are fewer than chance would have it.
TRIES_FOR_A_NAME = 6


@dataclass(frozen=True)
class Someone:
    """A person to be invented: everything about them follows from their number."""

    name: str
    email: str
    place: int


@dataclass(frozen=True)
class Attendance:
    """A student in a class."""

    student: int
    joined_at: datetime
    temperament: Temperament


@dataclass(frozen=True)
class PlannedClass:
    """A class to be taught."""

    title: str
    place: int
    professors: tuple[int, ...]
    term: Term
    attendances: tuple[Attendance, ...]


@dataclass(frozen=True)
class Plan:
    """A whole demonstration."""

    seed: str
    places: tuple[Place, ...]
    professors: tuple[Someone, ...]
    coordinators: tuple[Someone, ...]
    students: tuple[Someone, ...]
    classes: tuple[PlannedClass, ...]
    until: datetime

    @property
    def began_at(self) -> datetime:
        """When the institutions and their staff came."""
        return self.until - DAY * (FIRST_TERM[0] + 30)


@dataclass(frozen=True)
class _Slot:
    """A class before it has students."""

    place: int
    number: int
    professors: tuple[int, ...]
    term: Term
    is_lively: bool


def make_plan(*, students: int, institutions: int, seed: int, today: date) -> Plan:
    """Return the demonstration that these make, its last acts on the day before ``today``."""
    key = f"{seed}:{students}:{institutions}"
    known = places(institutions)
    until = datetime.combine(today, time(), UTC)
    professors, teaching = _professors(key, known)
    slots = sorted(_slots(key, known, teaching, until), key=lambda slot: slot.term.starts_on)
    homes = _homes(key, slots, students)
    return Plan(
        key,
        known,
        professors,
        _staff(key, known, "coordinator"),
        _students(key, slots, homes, known),
        tuple(_classes(key, slots, homes, known)),
        until,
    )


def _random(*parts: object) -> Random:
    """Return a source of chance of its own for each purpose, so that one more throw here changes nothing there."""
    return Random(":".join(map(str, parts)))  # noqa: S311 (to be repeated)


def _staff(seed: str, known: Sequence[Place], word: str) -> tuple[Someone, ...]:
    return tuple(
        Someone(invented_name(_random(seed, word, number), place.country, 0), f"{word}.{place.code.lower()}@{DOMAIN}", number)
        for number, place in enumerate(known)
    )


def _professors(seed: str, known: Sequence[Place]) -> tuple[tuple[Someone, ...], list[list[int]]]:
    """Return the professors, and by place the numbers of those who teach there: two at each third place."""
    people = list(_staff(seed, known, "professor"))
    people[0] = Someone(PROFESSOR.name, PROFESSOR.email, 0)
    teaching = [[number] for number in range(len(known))]
    for place in range(0, len(known), 3):
        teaching[place].append(len(people))
        name = invented_name(_random(seed, "second professor", place), known[place].country, 0)
        people.append(Someone(name, f"professor2.{known[place].code.lower()}@{DOMAIN}", place))
    return tuple(people), teaching


def _slots(seed: str, known: Sequence[Place], teaching: list[list[int]], until: datetime) -> list[_Slot]:
    """Return the classes: at each place one in the second term, at two of three another in the first."""
    slots = []
    for number, place in enumerate(known):
        is_first = number == 0
        random = _random(seed, "terms", number)
        if number % 3 != 2:  # noqa: PLR2004 (two of three)
            term = _term(random, place, until, random.randint(*sorted(FIRST_TERM)), None)
            slots.append(_Slot(number, 0, (teaching[number][0 if is_first else -1],), term, is_lively=False))
        days = LIVELY_BEGAN if is_first else random.randint(*sorted(SECOND_TERM))
        term = _term(random, place, until, days, LIVELY_LASTS if is_first else None)
        slots.append(_Slot(number, 1, tuple(teaching[number][: 2 if is_first else 1]), term, is_lively=is_first))
    return slots


def _term(random: Random, place: Place, until: datetime, days_ago: int, lasts: int | None) -> Term:
    starts_on = until.date() - DAY * days_ago
    lasts = lasts or random.randint(SHORTEST_CLASS, LONGEST_CLASS)
    return Term(starts_on, starts_on + DAY * lasts, ZoneInfo(place.timezone), until)


def _homes(seed: str, slots: Sequence[_Slot], students: int) -> list[int]:
    """Return for each student the number of the class they take first; the sample student's is the lively one."""
    lively = next(number for number, slot in enumerate(slots) if slot.is_lively)
    others = [number for number in range(len(slots)) if number != lively]
    random = _random(seed, "homes")
    weights = [random.uniform(0.7, 1.6) for _ in others]
    in_lively = max(1, students // LIVELY_SHARE) if others else students
    return [lively] * in_lively + (random.choices(others, weights, k=students - in_lively) if others else [])


def _students(seed: str, slots: Sequence[_Slot], homes: Sequence[int], known: Sequence[Place]) -> tuple[Someone, ...]:
    students = [Someone(STUDENT.name, STUDENT.email, 0)]
    taken = {STUDENT.name}
    for number, home in enumerate(homes[1:], start=1):
        place = slots[home].place
        random = _random(seed, "name", number)
        name = next(
            (name for _ in range(TRIES_FOR_A_NAME) if (name := invented_name(random, known[place].country, number)) not in taken),
            invented_name(random, known[place].country, number),
        )
        taken.add(name)
        students.append(Someone(name, f"student{number}@{DOMAIN}", place))
    return tuple(students)


def _classes(seed: str, slots: Sequence[_Slot], homes: Sequence[int], known: Sequence[Place]) -> list[PlannedClass]:
    classes = []
    for number, slot in enumerate(slots):
        again = [
            student
            for student, home in enumerate(homes)
            if slot.number == 1 and slots[home].place == slot.place and slots[home].number == 0
            if _random(seed, "again", student).randrange(100) < COME_AGAIN
        ]
        here = [student for student, home in enumerate(homes) if home == number]
        engagement = _random(seed, "engagement", number).uniform(0.75, 1.15)
        classes.append(
            PlannedClass(
                known[slot.place].titles[slot.number],
                slot.place,
                slot.professors,
                slot.term,
                tuple(sorted((_attendance(seed, student, number, slot.term, engagement) for student in here + again), key=_joined)),
            ),
        )
    return classes


def _joined(attendance: Attendance) -> datetime:
    return attendance.joined_at


def _attendance(seed: str, student: int, number: int, term: Term, engagement: float) -> Attendance:
    random = _random(seed, "attendance", student, number)
    joined_at = joining(random, term)
    if student == 0:
        return Attendance(student, joined_at, Temperament(0.6, 0.6, 1, is_keen=True))
    return Attendance(student, joined_at, temperament(random, engagement))
