"""The report of a cut and a period: every figure, and the tables beneath it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from babel import Locale, UnknownLocaleError

from elearn import clock
from elearn.catalogue.queries import current_series
from elearn.countries import country_name, region_name
from elearn.reach import queries
from elearn.reach.figures import RULE_VERSION, Interval
from elearn.reach.periods import Period
from elearn.reach.places import Cut, NamedCut, area_unit, country_unit, institution_unit, region_codes, region_of
from elearn.reach.queries import Counts, Place
from elearn.reach.reported import AudienceFigure, Notes

UNIVERSITY = "university"


@dataclass(frozen=True)
class Line:
    """A row of a table: a place, module or language with its figures."""

    code: str
    name: str
    figures: dict[str, Interval]
    #: The country (alpha-2) or region (M49) that holds the place; empty where that says nothing.
    within: str = ""


@dataclass(frozen=True)
class Report:
    """What was reached in a cut and a period, and as of when."""

    period: Period
    as_of: datetime
    hierarchy_on: date
    named: NamedCut
    figures: dict[str, Interval]
    by_region: list[Line] = field(default_factory=list)
    by_country: list[Line] = field(default_factory=list)
    by_institution: list[Line] = field(default_factory=list)
    by_module: list[Line] = field(default_factory=list)
    by_language: list[Line] = field(default_factory=list)
    #: What the records of the period leave open in a figure; a figure that is not here leaves nothing open.
    notes: dict[str, Notes] = field(default_factory=dict)
    #: By audience.
    events: dict[str, AudienceFigure] = field(default_factory=dict)
    #: What the server saw.
    counts: Counts | None = None
    rule_version: int = RULE_VERSION


def report_on(period: Period, named: NamedCut, language: str) -> Report:
    """Return the report of what the server saw, with names in ``language``."""
    cut = named.cut
    counts = queries.counts(period, cut)
    home = _home(cut)
    regions, countries = _reached(cut, counts, home)
    return Report(
        period,
        clock.now(),
        period.last_day,
        named,
        _figures(cut, counts, home, countries, regions),
        [_region_line(region, cut, counts, home, language) for region in regions],
        sorted((_country_line(country, cut, counts, home, language) for country in countries), key=lambda line: line.name),
        [Line(p.code, p.name, _of_unit(counts, institution_unit(p.id)), p.country) for p in counts.places],
        _module_lines(counts, language),
        _language_lines(counts, language),
        counts=counts,
    )


def _home(cut: Cut) -> Place | None:
    """Return the institution that a cut of one institution or class counts with."""
    if cut.kind == "institution":
        return queries.topmost_of(int(cut.key))
    if cut.kind == "class":
        institution_id = queries.place_of_class(int(cut.key))
        return queries.topmost_of(institution_id) if institution_id is not None else None
    return None


def _reached(cut: Cut, counts: Counts, home: Place | None) -> tuple[list[str], list[str]]:
    """Return the regions and the countries of the cut in which anyone learned or was equipped."""
    if home is not None:
        countries = [home.country] if _is_reached(counts.own) else []
    else:
        found = {place.country for place in counts.places}
        countries = sorted(c for c in found if _is_reached(_in_country(cut, counts, c)))
    return sorted({region for country in countries if (region := region_of(country))}), countries


def _is_reached(numbers: dict[str, int]) -> bool:
    return bool(numbers.get("learners") or numbers.get("professors"))


def _in_country(cut: Cut, counts: Counts, country: str) -> dict[str, int]:
    if cut.kind in {"institution", "class"}:
        return counts.own
    return {what: counts.of(what, country_unit(country)) for what in counts.own}


def _in_region(cut: Cut, counts: Counts, region: str) -> dict[str, int]:
    """Return what the cut has in a region: in a cut that is smaller than the region, all it has."""
    if cut.kind == "world":
        return {what: counts.of(what, area_unit(region)) for what in counts.own}
    return counts.own


def _figures(cut: Cut, counts: Counts, home: Place | None, countries: list[str], regions: list[str]) -> dict[str, Interval]:
    modules = sum(1 for facet in counts.facets if facet.startswith("module:"))
    numbers = {
        **_of_people(counts.own),
        **({} if cut.facet else {"modules_taught": modules}),
        **_universities(cut, counts, home, counts.places),
        **({} if cut.kind == "class" else {"countries": len(countries), "regions": len(regions)}),
    }
    return {name: Interval.exactly(number) for name, number in numbers.items()}


def _of_people(numbers: dict[str, int]) -> dict[str, int]:
    learners = numbers.get("learners", 0)
    figures = {"students_taught": learners, "learners": learners}
    if "seats" in numbers:
        figures["seats"] = numbers["seats"]
    if "professors" in numbers:
        figures["professors_equipped"] = numbers["professors"]
    return figures


def _of_unit(counts: Counts, unit: str) -> dict[str, Interval]:
    numbers = _of_people({what: counts.of(what, unit) for what in counts.own})
    return {name: Interval.exactly(number) for name, number in numbers.items()}


def _universities(cut: Cut, counts: Counts, home: Place | None, places: Iterable[Place]) -> dict[str, int]:
    """Return how many universities teach and are equipped; in a cut of one institution, whether its university is."""
    if cut.kind == "class":
        return {}
    if home is not None:
        found = [counts.own] if home.kind == UNIVERSITY else []
    else:
        units = [institution_unit(place.id) for place in places if place.kind == UNIVERSITY]
        found = [{what: counts.of(what, unit) for what in counts.own} for unit in units]
    teaching = {"universities_teaching": sum(1 for numbers in found if numbers.get("learners"))}
    if "professors" not in counts.own:
        return teaching
    return {**teaching, "universities_equipped": sum(1 for numbers in found if numbers.get("professors"))}


def _line(numbers: dict[str, int], universities: dict[str, int]) -> dict[str, Interval]:
    return {name: Interval.exactly(number) for name, number in {**_of_people(numbers), **universities}.items()}


def _country_line(country: str, cut: Cut, counts: Counts, home: Place | None, language: str) -> Line:
    universities = _universities(cut, counts, home, [p for p in counts.places if p.country == country])
    figures = _line(_in_country(cut, counts, country), universities)
    return Line(country, country_name(country, language), figures, region_of(country) or "")


def _region_line(region: str, cut: Cut, counts: Counts, home: Place | None, language: str) -> Line:
    held = region_codes()[region]
    universities = _universities(cut, counts, home, [p for p in counts.places if p.country in held])
    return Line(region, region_name(region, language), _line(_in_region(cut, counts, region), universities))


def _module_lines(counts: Counts, language: str) -> list[Line]:
    """Return the modules with learners, in the order of the series; those it no longer has come last."""
    found = {int(facet.removeprefix("module:")): n for facet, n in counts.facets.items() if facet.startswith("module:")}
    series = current_series()
    titles = {module.module_id: module.text(language, series.source).title for module in series.modules}
    slugs = queries.slugs_of_modules(found)
    order = {module_id: place for place, module_id in enumerate(titles)}
    return [
        Line(slugs[key], titles.get(key, slugs[key]), _line({"learners": found[key]}, {}))
        for key in sorted(found, key=lambda key: (order.get(key, len(order)), slugs[key]))
    ]


def _language_lines(counts: Counts, language: str) -> list[Line]:
    found = {facet.removeprefix("language:"): n for facet, n in counts.facets.items() if facet.startswith("language:")}
    return [Line(tag, _language_name(tag, language), _line({"learners": found[tag]}, {})) for tag in sorted(found)]


def _language_name(tag: str, language: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name(language.replace("-", "_")) or tag
    except UnknownLocaleError:
        return tag
