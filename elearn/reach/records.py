"""Teaching and events outside the platform, as records of so many people of one audience (pure).

A record of kind ``teaching`` is a return: its audience is students. Every other kind is an event. The two are never added.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from elearn.reach.periods import Period
from elearn.reach.places import WORLD_UNIT, country_unit, units_of_area, units_of_country

TEACHING = "teaching"
KINDS = (TEACHING, "training", "workshop", "exhibition", "campaign", "school-strategy", "other")
#: By audience, the one that includes it; None: no other does.
AUDIENCES: Mapping[str, str | None] = {
    "students": None,
    "professors": None,
    "teachers": None,
    "pupils": None,
    "parents": None,
    "public": None,
    "criminal-justice-practitioners": None,
    "law-enforcement": "criminal-justice-practitioners",
    "prosecutors": "criminal-justice-practitioners",
    "judges": "criminal-justice-practitioners",
    "forensic-examiners": "criminal-justice-practitioners",
    "financial-investigators": "criminal-justice-practitioners",
}
WORDS = (None, "approximately", "more-than")
OVERLAPS = ("unknown", "disjoint", "within", "same-as-class")
STATES = ("draft", "claimed", "verified", "validated", "sent-back", "withdrawn")
#: What counts at an end of a figure.
VALIDATED = frozenset({"validated"})
VERIFIED = frozenset({"verified", "validated"})
CLAIMED = frozenset({"claimed", "verified", "validated"})


@dataclass(frozen=True)
class Record:
    """So many people of one audience, somewhere, over some days; counted whole in the period that holds one day."""

    #: What people call it.
    id: str
    kind: str
    audience: str
    #: None: not stated; then it adds no people, and what else it states still holds.
    people: int | None
    first_day: date
    last_day: date
    #: approximately, more-than, or None.
    word: str | None = None
    #: Its last day, unless the programme chose another one within its days.
    counted_on: date | None = None
    #: Units that hold its institution, that one first, as far as the institutions of its country; empty: it names none.
    institution: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    #: UN M49.
    areas: frozenset[str] = frozenset()
    #: How many countries, universities and regions it names without saying which; None: not stated.
    countries_count: int | None = None
    universities_count: int | None = None
    regions_count: int | None = None
    #: Slugs.
    modules: frozenset[str] = frozenset()
    language: str = ""
    overlap: str = "unknown"
    #: Of ``within`` the record that holds it; of ``same-as-class`` the class's code; else for the reader only.
    overlap_with: str = ""
    state: str = "validated"
    #: What was confirmed before, where this corrects it and is not confirmed as far.
    corrects: "Record | None" = None

    @property
    def day(self) -> date:
        """The day on which it counts."""
        return self.counted_on or self.last_day

    @property
    def is_return(self) -> bool:
        """Whether it is a return of teaching."""
        return self.kind == TEACHING

    @property
    def unit(self) -> str:
        """The smallest unit that holds every place it names."""
        # The country of the institution says nothing more.
        countries = [country for country in sorted(self.countries) if country_unit(country) not in self.institution]
        chains = [units_of_country(country) for country in countries] + [units_of_area(area) for area in sorted(self.areas)]
        return smallest_common([self.institution, *chains] if self.institution else chains)

    def reaches_outside(self, period: Period) -> bool:
        """Return whether some of its days lie outside a period."""
        return self.first_day < period.first_day or self.last_day > period.last_day


def smallest_common(chains: Iterable[tuple[str, ...]]) -> str:
    """Return the first unit of each chain that is in all the others; the world where there is none."""
    found = list(chains)
    if not found:
        return WORLD_UNIT
    rest = [frozenset(chain) for chain in found[1:]]
    return next((unit for unit in found[0] if all(unit in chain for chain in rest)), WORLD_UNIT)


def audiences_in(audience: str) -> frozenset[str]:
    """Return an audience with those that it includes."""
    return frozenset({audience, *(name for name, wider in AUDIENCES.items() if wider == audience)})


def is_wider(audience: str, other: str) -> bool:
    """Return whether an audience is another one or includes it."""
    return other in audiences_in(audience)


def at_the_lower_end(records: Iterable[Record], states: frozenset[str] = VALIDATED) -> list[Record]:
    """Return the records as the lower end takes them: of a correction that is not confirmed as far, what was, with the smaller number."""
    found = []
    for record in records:
        before = record.corrects
        if record.state in states:
            found.append(record)
        elif before is not None and before.state in states:
            # What is claimed now may be smaller: no more than both say is known.
            found.append(_with_people(before, [record.people, before.people], min))
    return found


def at_the_upper_end(records: Iterable[Record], states: frozenset[str] = CLAIMED) -> list[Record]:
    """Return the records as the upper end takes them: of a correction that is not confirmed as far, the new one with the larger number."""
    found = []
    for record in records:
        if record.state in states:
            before = record.corrects if record.state != "validated" else None
            found.append(_with_people(record, [record.people, before.people], max) if before else record)
        elif record.corrects is not None and record.corrects.state in states:
            # A correction that was sent back or is still being written: what stood before still does.
            found.append(record.corrects)
    return found


def _with_people(record: Record, said: list[int | None], choose: Callable[[list[int]], int]) -> Record:
    known = [number for number in said if number is not None]
    return replace(record, people=choose(known) if known else None)
