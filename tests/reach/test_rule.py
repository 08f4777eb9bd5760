"""The counting rule: in random worlds with a known truth the true number lies within the interval, and no cut exceeds one that holds it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.reach.figures import Interval
from elearn.reach.places import WORLD_UNIT, units_of_country
from elearn.reach.records import CLAIMED, VALIDATED, Record, at_the_lower_end, at_the_upper_end, audiences_in, is_wider
from elearn.reach.rule import Amount, counted_at_least, counted_at_most, figure, number_of

DAY = date(2026, 3, 1)
COUNTRIES = ("KE", "UG", "PE", "FR")


def chain(institution: int) -> tuple[str, ...]:
    return (f"institution:{institution}", *units_of_country(COUNTRIES[institution % len(COUNTRIES)]))


CHAINS = [chain(number) for number in range(6)]
UNITS = sorted({unit for each in CHAINS for unit in each})
ABOVE = {unit: each[place + 1] if place + 1 < len(each) else None for each in CHAINS for place, unit in enumerate(each)}


def holds(unit: str, other: str) -> bool:
    """Return whether a unit holds another one."""
    above: str | None = other
    while above is not None and above != unit:
        above = ABOVE[above]
    return above == unit


def record(name: str, people: int | None, unit: str, **more: object) -> Record:
    kind, _, key = unit.partition(":")
    where = {
        "institution": lambda: {"institution": chain(int(key))},
        "country": lambda: {"countries": frozenset({key})},
        "area": lambda: {"areas": frozenset({key}) if unit != WORLD_UNIT else frozenset()},
    }[kind]()
    return Record(name, "teaching", "students", people, DAY, DAY, **where, **more)


@dataclass
class World:
    """People who exist: learners of classes, and those whom records are about."""

    random: Random
    everyone: count = field(default_factory=count)
    classes: dict[str, tuple[int, set[int]]] = field(default_factory=dict)
    outside: dict[str, set[int]] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    about: dict[str, set[int]] = field(default_factory=dict)
    #: Those who may be in no other record than unknown ones.
    alone: set[int] = field(default_factory=set)

    def new(self, most: int) -> set[int]:
        return {next(self.everyone) for _ in range(self.random.randint(0, most))}

    def learners(self, unit: str) -> set[int]:
        if unit in self.classes:
            return self.classes[unit][1]
        return set().union(*(people for place, people in self.classes.values() if holds(unit, f"institution:{place}")))

    def within(self, unit: str) -> set[int]:
        """Return everyone in a unit: its learners, those reported in it or below it, and those of whom nobody knows."""
        reported = (people for name, people in self.about.items() if holds(unit, self.records[name].unit))
        return self.learners(unit).union(*reported, *(people for place, people in self.outside.items() if holds(unit, place)))

    def add(self, unit: str, overlap: str, people: set[int], overlap_with: str = "") -> str:
        name = f"R{len(self.records)}"
        self.records[name] = record(name, len(people), unit, overlap=overlap, overlap_with=overlap_with)
        self.about[name] = people
        return name

    def some(self, people: set[int]) -> set[int]:
        return set(self.random.sample(sorted(people), self.random.randint(0, len(people))))

    def truth(self, unit: str) -> int:
        reported = (people for name, people in self.about.items() if holds(unit, self.records[name].unit))
        return len(self.learners(unit).union(*reported))

    def figure(self, unit: str) -> Interval:
        here = [each for each in self.records.values() if holds(unit, each.unit)]
        ends = counted_at_least(here, self.records), counted_at_most(here, self.records)
        return figure(unit, *ends, ABOVE.get, lambda place: len(self.learners(place)))


def a_world(seed: int) -> World:
    random = Random(seed)
    world = World(random)
    for number in range(random.randint(0, 5)):
        place = random.randrange(len(CHAINS))
        known = set().union(*(people for where, people in world.classes.values() if where == place))
        world.classes[f"class:{number}"] = (place, world.new(6) | world.some(known))
    for unit in UNITS:
        world.outside[unit] = world.new(4)
    # From below upwards: what a wider unit knows may be the same people.
    for unit in sorted(UNITS, key=lambda unit: -sum(holds(other, unit) for other in UNITS)):
        for _ in range(random.choice((0, 0, 1, 1, 2))):
            fill(world, unit)
    return world


def fill(world: World, unit: str) -> None:
    choice = world.random.choice(("unknown", "unknown", "disjoint", "same-as-class", "within"))
    mine = [name for name, (place, _) in world.classes.items() if unit == f"institution:{place}"]
    if choice == "same-as-class" and mine:
        of = world.random.choice(mine)
        others = set().union(*(world.about[n] - world.learners(of) for n, r in world.records.items() if r.overlap_with == of))
        # Several returns on one class are of the same people, some of them known to one only.
        world.add(unit, choice, world.learners(of) | (world.some(others) if world.random.random() < 0.5 else others | world.new(4)), of)
    elif choice == "disjoint":
        world.add(unit, choice, world.new(5))
    elif choice == "within":
        # It lies in a wider record, perhaps of a wider unit.
        inside = world.some(world.within(unit))
        name = world.add(unit, "unknown", inside)
        wider = world.random.choice([other for other in UNITS if holds(other, unit)])
        holder = world.add(wider, "unknown", inside | world.some(world.within(wider)))
        world.records[name] = replace(world.records[name], overlap="within", overlap_with=holder)
    else:
        world.add(unit, "unknown", world.some(world.within(unit)))


@given(st.integers(0, 10**9))
@settings(max_examples=300)
def test_the_true_number_lies_within_the_interval_of_every_cut(seed: int) -> None:
    world = a_world(seed)
    for unit in UNITS:
        found = world.figure(unit)
        assert found.lower <= world.truth(unit) <= found.upper, (unit, found, world.truth(unit), world.records)


@given(st.integers(0, 10**9))
@settings(max_examples=300)
def test_no_cut_exceeds_one_that_holds_it(seed: int) -> None:
    world = a_world(seed)
    figures = {unit: world.figure(unit) for unit in UNITS}
    for unit, found in figures.items():
        parent = ABOVE[unit]
        while parent is not None:
            assert found.lower <= figures[parent].lower, (unit, parent)
            assert found.upper <= figures[parent].upper, (unit, parent)
            parent = ABOVE[parent]


STATE = st.sampled_from(["draft", "claimed", "verified", "validated", "sent-back", "withdrawn"])


@st.composite
def histories(draw: Callable) -> list[Record]:
    """Records in any state, some of which correct what was validated before."""
    found = []
    for number in range(draw(st.integers(0, 6))):
        unit = draw(st.sampled_from(UNITS))
        one = record(f"R{number}", draw(st.none() | st.integers(0, 50)), unit, overlap=draw(st.sampled_from(["unknown", "disjoint"])))
        before = replace(one, people=draw(st.none() | st.integers(0, 50)), state="validated") if draw(st.booleans()) else None
        found.append(replace(one, state=draw(STATE), word=draw(st.sampled_from([None, "approximately", "more-than"])), corrects=before))
    return found


@given(histories(), st.integers(0, 30))
@settings(max_examples=300)
def test_the_lower_end_never_exceeds_the_upper_one_whatever_is_confirmed(records: list[Record], learners: int) -> None:
    known = {each.id: each for each in records}
    lower, upper = counted_at_least(at_the_lower_end(records), known), counted_at_most(at_the_upper_end(records), known)
    for unit in UNITS:
        ends = [[each for each in taken if holds(unit, each.unit)] for taken in (lower, upper)]
        found = figure(unit, *ends, ABOVE.get, lambda _unit: learners)
        assert learners <= found.lower <= found.upper
        assert found.lower_word in {None, "approximately", "more-than"}


def one(unit: str, *records: Record, learners: int = 0) -> tuple[int, int, str | None, str | None]:
    known = {each.id: each for each in records}
    ends = counted_at_least(records, known), counted_at_most(records, known)
    found = figure(unit, *ends, ABOVE.get, lambda place: learners if place in {unit, "class:1"} else 0)
    return found.lower, found.upper, found.lower_word, found.upper_word


HOME = "institution:0"


def test_an_unknown_record_may_be_all_learners_or_none_of_them() -> None:
    assert one(HOME, record("A", 30, HOME), learners=20) == (30, 50, None, None)
    assert one(HOME, record("A", 10, HOME, word="more-than"), learners=20) == (20, 30, None, "more-than")
    assert one(HOME, record("A", 30, HOME), record("B", 40, HOME, word="approximately")) == (40, 70, "approximately", "approximately")


def test_a_disjoint_record_adds_at_both_ends() -> None:
    assert one(HOME, record("A", 30, HOME, overlap="disjoint"), learners=20) == (50, 50, None, None)


def test_a_return_on_a_class_adds_those_beyond_its_learners_and_of_several_the_largest() -> None:
    on_class = [record(name, n, HOME, overlap="same-as-class", overlap_with="class:1") for name, n in (("A", 25), ("B", 28))]
    assert one(HOME, *on_class, learners=20) == (28, 28, None, None)
    assert one(HOME, replace(on_class[0], people=12, word="more-than"), learners=20) == (20, 20, None, None)


def test_what_lies_within_another_adds_nothing_where_that_one_counts() -> None:
    whole, part = record("A", 30, WORLD_UNIT), record("B", 10, HOME, overlap="within", overlap_with="A")
    inner = record("C", 5, HOME, overlap="within", overlap_with="B")
    assert one(WORLD_UNIT, whole, part, inner) == (30, 30, None, None)
    assert [each.id for each in counted_at_most([part, inner], {"A": whole, "B": part, "C": inner})] == ["B"]
    # Two parts of two wholes: the world has at least what its countries have.
    two = [replace(whole, id="D", people=8), record("E", 8, "institution:1", overlap="within", overlap_with="D")]
    assert one(WORLD_UNIT, replace(whole, people=10), part, *two) == (18, 18, None, None)
    # Where the other one does not count, nothing is known of it.
    assert one(HOME, part) == (10, 10, None, None)
    ring = [record(a, 5, HOME, overlap="within", overlap_with=b) for a, b in (("X", "Y"), ("Y", "X"))]
    assert {each.id for each in counted_at_most(ring[:1], {each.id: each for each in ring})} == {"X"}


def test_a_tie_takes_the_words_of_the_sum() -> None:
    country = "country:KE"
    parts = record("A", 30, HOME, overlap="disjoint", word="more-than")
    assert one(country, parts, record("B", 30, country)) == (30, 60, "more-than", "more-than")
    assert one(country, parts, record("B", 31, country)) == (31, 61, None, "more-than")


def test_a_correction_counts_with_the_smaller_number_below_and_the_larger_above_until_it_is_confirmed() -> None:
    before = record("A", 30, HOME)
    for people, ends in ((20, (20, 30)), (50, (30, 50)), (None, (30, 30))):
        now = replace(before, people=people, state="claimed", corrects=before)
        assert [each.people for each in (*at_the_lower_end([now]), *at_the_upper_end([now]))] == list(ends)
        now = replace(now, state="validated")
        assert [each.people for each in (*at_the_lower_end([now]), *at_the_upper_end([now]))] == [people] * 2
    back = replace(before, people=90, state="sent-back", corrects=before)
    assert [each.people for each in (*at_the_lower_end([back]), *at_the_upper_end([back]))] == [30, 30]


def test_the_unit_of_a_record_is_the_smallest_that_holds_every_place() -> None:
    def unit(**places: object) -> str:
        named = {name: value if name == "institution" else frozenset(value) for name, value in places.items()}
        return Record("A", "training", "judges", 1, DAY, DAY, **named).unit

    assert unit() == WORLD_UNIT
    assert unit(countries={"SV"}) == "country:SV"
    assert unit(countries={"ER", "ET", "KE", "UG", "TZ"}) == "area:014"
    assert unit(countries={"CN"}, areas={"035"}) == "area:142"
    assert unit(areas={"034", "035"}) == "area:142"
    assert unit(areas={"002"}) == "area:002"
    assert unit(countries={"KE", "FR"}) == WORLD_UNIT
    assert unit(institution=chain(0)) == HOME
    assert unit(institution=chain(0), countries={"KE"}) == HOME
    assert unit(institution=chain(0), countries={"UG"}) == "area:014"


def test_audiences_include_those_below_them() -> None:
    assert {"judges", "law-enforcement"} < audiences_in("criminal-justice-practitioners")
    assert audiences_in("teachers") == {"teachers"}
    assert is_wider("criminal-justice-practitioners", "judges")
    assert not is_wider("judges", "criminal-justice-practitioners")


def test_places_are_those_enumerated_or_the_most_that_one_record_states() -> None:
    assert number_of({"KE", "UG"}, [None, 1]) == 2
    assert number_of({"KE"}, [25, None, 5]) == 25
    assert number_of((), []) == 0


@pytest.mark.parametrize(("words", "word"), [((), None), (("more-than",), "more-than"), (("more-than", "approximately"), "approximately")])
def test_the_surest_words_are_lost_first(words: tuple[str, ...], word: str | None) -> None:
    assert Amount(3, frozenset(words)).word == word


def test_what_counts_at_the_ends() -> None:
    assert VALIDATED < CLAIMED
    assert not {"draft", "sent-back", "withdrawn"} & CLAIMED
