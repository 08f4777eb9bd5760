"""The report with what was reported: what the server saw, and the records of the period."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from elearn.countries import country_name, region_name
from elearn.reach.figures import Interval
from elearn.reach.periods import Period
from elearn.reach.places import (
    WORLD_UNIT,
    Cut,
    NamedCut,
    area_unit,
    country_unit,
    institution_unit,
    module_facet,
    region_of,
    units_of_area,
    units_of_country,
)
from elearn.reach.queries import Counts, Place
from elearn.reach.record_queries import chains_of, modules_of, places_of, records_in, with_holders
from elearn.reach.records import VALIDATED, Record
from elearn.reach.report import UNIVERSITY, Line, Report, report_on
from elearn.reach.reported import (
    Ends,
    Notes,
    audience_figures,
    events_for,
    is_reached,
    named_countries,
    named_regions,
    notes_on,
    number_at_both_ends,
    returns_in,
)
from elearn.reach.unit_queries import number_in


def full_report_on(period: Period, named: NamedCut, language: str, *, confirmed: frozenset[str] = VALIDATED) -> Report:
    """Return the report with the records of the period; ``confirmed``: the states that lower ends take. A class has no records."""
    report = report_on(period, named, language)
    records = records_in(period) if named.kind != "class" else []
    if not records:
        return report
    ends = Ends.of(records, with_holders(records), period, _chain(named.cut), confirmed=confirmed)
    return _Reported(report, ends, language).report()


def _chain(cut: Cut) -> tuple[str, ...]:
    match cut.kind:
        case "institution":
            return chains_of([int(cut.key)])[int(cut.key)]
        case "country":
            return units_of_country(cut.key)
        case "area":
            return units_of_area(cut.key)
    return (WORLD_UNIT,)


class _Reported:
    """Makes the report of a cut out of what the server saw and the records."""

    def __init__(self, report: Report, ends: Ends, language: str) -> None:
        cut = report.named.cut
        self.seen, self.language, self.cut, self.period = report, language, cut, report.period
        self.all = ends
        module = report.named.module
        self.ends = ends.about(lambda record: module in record.modules) if module else ends
        self.returns, self.equipping = returns_in(self.ends), events_for(self.ends, "professors")
        self.institutions = places_of(self.returns.inside(cut.unit).upper, self.equipping.inside(cut.unit).upper)
        units = frozenset({cut.unit, *ends.above, *self._units_listed()})
        self.learners, self.professors = (number_in(report.period, what, cut.facet, units=units) for what in ("learners", "professors"))

    def _units_listed(self) -> set[str]:
        """Return the units of the places that the report lists."""
        countries = {country_unit(line.code) for line in self.seen.by_country}
        regions = {area_unit(line.code) for line in self.seen.by_region}
        return countries | regions | self._institutions_listed().keys()

    def report(self) -> Report:
        """Return the whole report."""
        return replace(
            self.seen,
            figures=self._figures(),
            by_region=self._regions(),
            by_country=self._countries(),
            by_institution=self._institutions(),
            by_module=self._modules() if not self.cut.facet else [],
            notes=self._notes(),
            events={} if self.cut.facet else audience_figures(self.ends, self.cut.unit, self.period),
        )

    def _figures(self) -> dict[str, Interval]:
        unit = self.cut.unit
        found = {"students_taught": self.returns.figure(unit, self.learners)}
        if not self.cut.facet:
            found["professors_equipped"] = self.equipping.figure(unit, self.professors)
            found["modules_taught"] = number_at_both_ends(self.returns.inside(unit).about(is_reached), self._modules_taught, None)
            found |= self._universities()
        both = self.returns if self.cut.facet else _together(self.returns, self.equipping)
        here = both.inside(unit).about(is_reached)
        countries = {line.code for line in self.seen.by_country}
        regions = {line.code for line in self.seen.by_region}
        found["countries"] = number_at_both_ends(here, lambda taken: countries | named_countries(taken), "countries_count")
        found["regions"] = number_at_both_ends(here, lambda taken: regions | named_regions(taken), "regions_count")
        return {**self.seen.figures, **found}

    def _modules_taught(self, taken: Sequence[Record]) -> Collection[str]:
        seen = {line.code for line in self.seen.by_module}
        return seen.union(*(record.modules for record in taken))

    def _universities(self) -> dict[str, Interval]:
        teaching = self._universities_with(self.returns, self.learners, "learners")
        return {
            "universities_teaching": teaching,
            "universities_equipped": self._universities_with(self.equipping, self.professors, "professors"),
        }

    def _universities_with(self, ends: Ends, counted: Callable[[str], int], what: str) -> Interval:
        """Return how many universities have anyone, each end by itself, or how many one record states."""
        here = ends.inside(self.cut.unit)
        known = self._universities_known(what)
        reached = {unit: ends.figure(unit, counted) for unit in known}
        numbers = [
            max([sum(1 for each in reached.values() if getattr(each, end)), *(r.universities_count or 0 for r in taken)])
            for end, taken in (("lower", here.lower), ("upper", here.upper))
        ]
        return Interval(numbers[0], max(numbers))

    def _universities_known(self, what: str) -> set[str]:
        """Return the units of the universities of the cut of which the server or a record says anything."""
        counts = self.seen.counts or Counts({}, {}, {})
        if self.cut.kind == "institution":
            return {unit for unit, place in self.institutions.items() if place.kind == UNIVERSITY} or (
                {self.cut.unit} if self.seen.figures.get(f"universities_{_DOING[what]}", _NONE).upper else set()
            )
        seen = {institution_unit(place.id) for place in counts.places if place.kind == UNIVERSITY}
        return seen | {unit for unit, place in self.institutions.items() if place.kind == UNIVERSITY}

    def _people(self, unit: str) -> dict[str, Interval]:
        """Return the figures of people of a place in the cut."""
        found = {"students_taught": self.returns.figure(unit, self.learners)}
        if not self.cut.facet:
            found["professors_equipped"] = self.equipping.figure(unit, self.professors)
        return found

    def _line(self, seen: dict[str, Line], code: str, name: str, unit: str, within: str = "") -> Line | None:
        people = self._people(unit)
        line = seen.get(code)
        if line is None and not any(interval.upper for interval in people.values()):
            return None
        return Line(code, name, {**(line.figures if line else {}), **people}, within)

    def _reported(self) -> list[Record]:
        return [*self.returns.inside(self.cut.unit).upper, *self.equipping.inside(self.cut.unit).upper]

    def _countries(self) -> list[Line]:
        seen = {line.code: line for line in self.seen.by_country}
        if self.cut.kind == "institution":
            return [replace(line, figures={**line.figures, **self._people(self.cut.unit)}) for line in self.seen.by_country]
        codes = seen.keys() | {code for code in named_countries(self._reported()) if self.ends.holds(self.cut.unit, country_unit(code))}
        lines = (self._line(seen, c, country_name(c, self.language), country_unit(c), region_of(c) or "") for c in codes)
        return sorted((line for line in lines if line), key=lambda line: line.name)

    def _regions(self) -> list[Line]:
        seen = {line.code: line for line in self.seen.by_region}
        if self.cut.kind != "world":
            return [replace(line, figures={**line.figures, **self._people(self.cut.unit)}) for line in self.seen.by_region]
        codes = seen.keys() | named_regions(self._reported())
        return [line for code in sorted(codes) if (line := self._line(seen, code, region_name(code, self.language), area_unit(code)))]

    def _institutions(self) -> list[Line]:
        seen = {line.code: line for line in self.seen.by_institution}
        units = {place.code: (unit, place) for unit, place in self._institutions_listed().items()}
        lines = [self._line(seen, code, place.name, unit, place.country) for code, (unit, place) in units.items()]
        return sorted((line for line in lines if line), key=lambda line: line.name.casefold())

    def _institutions_listed(self) -> dict[str, Place]:
        counts = self.seen.counts or Counts({}, {}, {})
        seen = {institution_unit(place.id): place for place in counts.places}
        return seen if self.cut.kind == "institution" else {**self.institutions, **seen}

    def _modules(self) -> list[Line]:
        seen = {line.code: line for line in self.seen.by_module}
        named = frozenset().union(*(record.modules for record in self.returns.inside(self.cut.unit).upper))
        found = []
        for code, module_id, title in modules_of(seen.keys() | named, self.language):
            people = self.returns.about(_names_module(code)).figure(
                self.cut.unit, number_in(self.period, "learners", module_facet(module_id))
            )  # fmt: skip
            if code in seen or people.upper:
                found.append(Line(code, title, {**(seen[code].figures if code in seen else {}), "students_taught": people}))
        return found

    def _notes(self) -> dict[str, Notes]:
        unit, period = self.cut.unit, self.period
        returns, equipping = self.returns.inside(unit).upper, self.equipping.inside(unit).upper
        students = notes_on(self.returns, unit, period)
        if self.seen.named.module:
            silent = (record.id for record in returns_in(self.all).inside(unit).upper if not record.modules)
            students = replace(students, not_stated=tuple(sorted({*students.not_stated, *silent})))
        return {
            "students_taught": students,
            "professors_equipped": notes_on(self.equipping, unit, period),
            "modules_taught": _silent(returns, lambda record: bool(record.modules)),
            "universities_teaching": _silent(returns, _names_universities),
            "universities_equipped": _silent(equipping, _names_universities),
            "countries": _silent((*returns, *equipping), _names_countries),
            "regions": _silent((*returns, *equipping), _names_regions),
        }


_DOING = {"learners": "teaching", "professors": "equipped"}
_NONE = Interval(0, 0)


def _together(one: Ends, two: Ends) -> Ends:
    return Ends([*one.lower, *two.lower], [*one.upper, *two.upper], one.everywhere, one.above)


def _names_module(code: str) -> Callable[[Record], bool]:
    return lambda record: code in record.modules


def _silent(records: Iterable[Record], says: Callable[[Record], bool]) -> Notes:
    return Notes(not_stated=tuple(sorted({record.id for record in records if not says(record)})))


def _names_universities(record: Record) -> bool:
    return bool(record.institution) or record.universities_count is not None


def _names_countries(record: Record) -> bool:
    return bool(record.institution or record.countries) or record.countries_count is not None


def _names_regions(record: Record) -> bool:
    return bool(record.institution or record.countries or record.areas) or record.regions_count is not None
