"""What the records of a period add to a report: intervals for people, numbers for places, events by audience (pure)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from elearn.reach.figures import Interval
from elearn.reach.periods import Period
from elearn.reach.places import country_unit, region_of, units_of_area, units_of_country
from elearn.reach.records import (
    AUDIENCES,
    CLAIMED,
    VALIDATED,
    Record,
    at_the_lower_end,
    at_the_upper_end,
    audiences_in,
)
from elearn.reach.rule import counted_at_least, counted_at_most, figure, number_of


@dataclass(frozen=True)
class Notes:
    """The names of records that a figure leaves out in part, for whoever reads it."""

    #: They do not state it.
    not_stated: tuple[str, ...] = ()
    #: Some of their days lie outside the period.
    reaches_outside: tuple[str, ...] = ()
    #: They are of a wider place, of which nobody knows how much is in this one.
    not_broken_down: tuple[str, ...] = ()


@dataclass(frozen=True)
class AudienceFigure:
    """The people of one audience whom events reached."""

    people: Interval
    countries: int
    by_country: dict[str, Interval]
    notes: Notes


@dataclass(frozen=True)
class Ends:
    """The records of a period as both ends of a figure take them, and all that hold them by name."""

    lower: Sequence[Record]
    upper: Sequence[Record]
    everywhere: Mapping[str, Record]
    above: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        records: Sequence[Record],
        everywhere: Mapping[str, Record],
        period: Period,
        place: tuple[str, ...],
        *,
        confirmed: frozenset[str] = VALIDATED,
    ) -> "Ends":
        """Return the ends of a period; ``place``: the units that hold what is asked about; ``confirmed``: what the lower end takes."""
        lower, upper = at_the_lower_end(records, confirmed), at_the_upper_end(records, CLAIMED)
        lower, upper = ([each for each in taken if period.first_day <= each.day <= period.last_day] for taken in (lower, upper))
        above: dict[str, str | None] = {}
        for chain in (place, *map(chain_of, (*lower, *upper))):
            above |= {unit: chain[place + 1] if place + 1 < len(chain) else None for place, unit in enumerate(chain)}
        return cls(lower, upper, everywhere, above)

    def about(self, wanted: Callable[[Record], bool]) -> "Ends":
        """Return the ends with only some of the records."""
        return Ends([r for r in self.lower if wanted(r)], [r for r in self.upper if wanted(r)], self.everywhere, self.above)

    def holding(self, unit: str) -> list[Record]:
        """Return the records of a place that holds ``unit`` and is larger."""
        return [record for record in self.upper if record.unit != unit and self.holds(record.unit, unit)]

    def holds(self, unit: str, other: str) -> bool:
        """Return whether a unit holds another one, or is it."""
        at: str | None = other
        while at is not None and at != unit:
            at = self.above.get(at)
        return at == unit

    def inside(self, unit: str) -> "Ends":
        """Return the ends with the records that count in the cut of a unit."""
        return self.about(lambda record: self.holds(unit, record.unit))

    def figure(self, unit: str, counted: Callable[[str], int]) -> Interval:
        """Return the people of a unit: those counted, with those of the records."""
        here = self.inside(unit)
        least, most = counted_at_least(here.lower, self.everywhere), counted_at_most(here.upper, self.everywhere)
        return figure(unit, least, most, self.above.get, counted)


def chain_of(record: Record) -> tuple[str, ...]:
    """Return the units that hold a record, from its own to the world."""
    kind, _, key = record.unit.partition(":")
    if kind == "institution":
        return record.institution[record.institution.index(record.unit) :]
    return units_of_country(key) if kind == "country" else units_of_area(key)


def returns_in(ends: Ends) -> Ends:
    """Return the ends with the returns of teaching alone."""
    return ends.about(lambda record: record.is_return)


def events_for(ends: Ends, audience: str) -> Ends:
    """Return the ends with the events for an audience and those that it includes."""
    included = audiences_in(audience)
    return ends.about(lambda record: not record.is_return and record.audience in included)


def notes_on(ends: Ends, unit: str, period: Period) -> Notes:
    """Return what a figure of people leaves out of its records."""
    here = ends.inside(unit).upper
    return Notes(
        _names(record for record in here if record.people is None),
        _names(record for record in here if record.reaches_outside(period)),
        _names(ends.holding(unit)),
    )


def _names(records: Iterable[Record]) -> tuple[str, ...]:
    return tuple(sorted(record.id for record in records))


def audience_figures(ends: Ends, unit: str, period: Period) -> dict[str, AudienceFigure]:
    """Return by audience the people whom events reached; an audience of which no event says anything is left out."""
    found = {}
    for audience in AUDIENCES:
        taken = events_for(ends, audience)
        here = taken.inside(unit).upper
        if audience in {"students", "professors"} or not (here or taken.holding(unit)):
            continue
        countries = sorted(named_countries(here))
        by_country = {code: taken.figure(country_unit(code), _nobody) for code in countries}
        found[audience] = AudienceFigure(
            taken.figure(unit, _nobody),
            number_of(countries, (record.countries_count for record in here)),
            {code: interval for code, interval in by_country.items() if interval.upper},
            notes_on(taken, unit, period),
        )
    return found


def _nobody(_unit: str) -> int:
    return 0


def is_reached(record: Record) -> bool:
    """Return whether a record says that there was anybody: one without a number does."""
    return record.people is None or record.people > 0


def named_countries(records: Iterable[Record]) -> frozenset[str]:
    """Return the countries that records name, those of their institutions among them."""
    found: set[str] = set()
    for record in records:
        found |= record.countries
        found |= {unit.removeprefix("country:") for unit in record.institution if unit.startswith("country:")}
    return frozenset(found)


def named_regions(records: Iterable[Record]) -> frozenset[str]:
    """Return the regions (UN M49) of what records name."""
    found = {region for country in named_countries(records) if (region := region_of(country))}
    for record in records:
        # The last before the world: the region that holds the area.
        found |= {units_of_area(area)[-2].removeprefix("area:") for area in record.areas if len(units_of_area(area)) > 1}
    return frozenset(found)


def number_at_both_ends(ends: Ends, enumerated: Callable[[Sequence[Record]], Collection[str]], stated: str | None) -> Interval:
    """Return a number of places or modules: at each end those enumerated, or the most that one of its records states."""
    numbers = [
        number_of(enumerated(taken), (getattr(record, stated) for record in taken) if stated else ())
        for taken in (ends.lower, ends.upper)
    ]  # fmt: skip
    return Interval(numbers[0], max(numbers))
