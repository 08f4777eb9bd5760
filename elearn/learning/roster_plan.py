"""What importing a roster would do to a class, line by line (pure).

A line means the place of whoever has verified its address, else one with its address, else one with its student id; a line that nobody has
claimed and that says nothing but a name is found by the name. So importing the same file again changes nothing.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from elearn.learning.roster import Kind, Line, Oddity, name_key

#: What a line may change in a place.
CHANGEABLE = ("name", "email", "student_id", "language", "group")


class Step(StrEnum):
    """What becomes of a line."""

    #: Written down; nobody has claimed it yet.
    NEW = "new"
    #: The owner of its verified address is in the class at once.
    SEAT = "seat"
    CHANGED = "changed"
    SAME = "same"
    #: Its person left the class, or was withdrawn, and stays out.
    GONE = "gone"


@dataclass(frozen=True)
class Place:
    """A place in the class, or a line that waits; of those that have ended, only people's."""

    id: int
    person_id: int | None
    name: str
    email: str
    student_id: str
    language: str
    group: str
    is_current: bool = True

    @property
    def is_bare(self) -> bool:
        """Whether it waits and says nothing but a name."""
        return self.person_id is None and not self.email and not self.student_id


@dataclass(frozen=True)
class Move:
    """What becomes of one line; ``person_id``: who takes the place at once."""

    line: Line
    step: Step
    place: Place | None = None
    person_id: int | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What becomes of every line that could be read."""

    moves: tuple[Move, ...]
    #: Lines that could be read, and cannot be taken into this class.
    faults: tuple[Oddity, ...]

    @property
    def counts(self) -> Counter[Step]:
        """How many lines take each step."""
        return Counter(move.step for move in self.moves)

    def taking(self, *steps: Step) -> Iterator[Move]:
        """Yield the moves that take one of ``steps``."""
        return (move for move in self.moves if move.step in steps)


def plan_import(lines: Iterable[Line], places: Iterable[Place], owners: Mapping[str, int], staff: Collection[int]) -> Plan:
    """Return what importing ``lines`` would do; ``owners`` are people by verified address, ``staff`` those who teach the class."""
    planning = _Planning(owners, staff)
    for place in sorted(places, key=lambda place: (not place.is_current, place.id)):
        planning.know(place)
    found = [(line, planning.place_of(line)) for line in lines]
    moves = [move for line, place in found if (move := planning.move(line, place)) is not None]
    return Plan(tuple(moves), tuple(planning.faults))


@dataclass
class _Planning:
    owners: Mapping[str, int]
    staff: Collection[int]
    faults: list[Oddity] = field(default_factory=list)
    by_person: dict[int, Place] = field(default_factory=dict)
    by_address: dict[str, Place] = field(default_factory=dict)
    by_student_id: dict[str, Place] = field(default_factory=dict)
    by_name: dict[str, list[Place]] = field(default_factory=dict)
    #: The line that has taken each place, or each person's.
    taken: dict[tuple[str, int], int] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)

    def know(self, place: Place) -> None:
        """Have ``place`` be found; those that come first are preferred."""
        if place.person_id is not None:
            self.by_person.setdefault(place.person_id, place)
        if place.email:
            self.by_address.setdefault(place.email, place)
        if place.student_id:
            self.by_student_id.setdefault(name_key(place.student_id), place)
        if place.is_current:
            self.by_name.setdefault(name_key(place.name), []).append(place)

    def place_of(self, line: Line) -> Place | None:
        """Return the place that the line means by address or student id, and keep others from meaning it too."""
        owner = self.owners.get(line.email)
        if owner in self.staff:
            self._refuse(line, Kind.TEACHES, "email", line.email)
            return None
        by_address = (self.by_person.get(owner) if owner is not None else None) or self.by_address.get(line.email)
        by_id = self.by_student_id.get(name_key(line.student_id)) if line.student_id else None
        place = by_address or by_id
        stranger = by_address is None and by_id is not None and owner is not None and by_id.person_id not in {None, owner}
        if stranger or (by_address and by_id and by_address.is_current and by_id.is_current and by_address.id != by_id.id):
            self._refuse(line, Kind.TWO_PLACES, "student_id", line.student_id)
            return None
        self._take(line, place, owner)
        return place

    def _take(self, line: Line, place: Place | None, owner: int | None) -> None:
        keys = [("place", place.id)] if place else []
        if owner is not None:
            keys.append(("person", owner))
        for key in keys:
            if (earlier := self.taken.setdefault(key, line.number)) != line.number:
                self._refuse(line, Kind.SAME_PLACE, other=earlier)
                return

    def _refuse(self, line: Line, kind: Kind, column: str = "", value: str = "", other: int = 0) -> None:
        self.refused.add(line.number)
        self.faults.append(Oddity(line.number, kind, column, value, other))

    def move(self, line: Line, place: Place | None) -> Move | None:
        """Return what becomes of the line; None where it is refused."""
        if line.number in self.refused:
            return None
        place = place or self._place_by_name(line)
        owner = self.owners.get(line.email)
        if place is None:
            return Move(line, Step.NEW if owner is None else Step.SEAT, None, owner)
        if not place.is_current:
            return Move(line, Step.GONE, place)
        changes = tuple(_changes(line, place))
        if place.person_id is None and owner is not None:
            return Move(line, Step.SEAT, place, owner, changes)
        return Move(line, Step.CHANGED if changes else Step.SAME, place, None, changes)

    def _place_by_name(self, line: Line) -> Place | None:
        """Return a place of this name that no other line means.

        A line that says more than a name means only one that says no more and that nobody has claimed: namesakes are not to be mixed up.
        """
        free = [place for place in self.by_name.get(name_key(line.name), ()) if ("place", place.id) not in self.taken]
        if line.email or line.student_id:
            free = [place for place in free if place.is_bare]
        place = min(free, key=lambda place: (bool(place.email or place.student_id), place.id), default=None)
        if place is not None:
            self.taken["place", place.id] = line.number
        return place


def _changes(line: Line, place: Place) -> Iterator[str]:
    """Yield what the line says otherwise than the place; what it does not say stays."""
    for column in CHANGEABLE:
        said, kept = getattr(line, column), getattr(place, column)
        same = name_key(said) == name_key(kept) if column == "group" else said == kept
        if said and not same:
            yield column
