"""What everyone may see: the figures of a year as ``disclose`` leaves them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from elearn import cache, clock
from elearn.accounts.service import is_demonstration
from elearn.errors import NotFound
from elearn.reach import queries
from elearn.reach.disclose import HIDDEN_AMONG, Shown, Whole, disclose, places_said
from elearn.reach.figures import RULE_VERSION, Interval
from elearn.reach.formats import TABLES
from elearn.reach.periods import Period, year_of
from elearn.reach.report import Line, Report, report_on

#: How long a page may go on saying what it said.
SECONDS = 60
WORLD_KEY = ""


@dataclass(frozen=True)
class PublicReach:
    """A year as everyone sees it. None: too few to show, or not said."""

    year: int
    period: Period
    #: Whether the year is still running, so that only the world's headline is said of it.
    is_running: bool
    as_of: datetime
    figures: dict[str, Interval | None]
    by_place: Shown
    by_module: Shown
    by_language: Shown
    #: Names by key of what the three trees list.
    names: dict[str, str]
    rule_version: int = RULE_VERSION


@dataclass(frozen=True)
class Headline:
    """Whom the series reached in a year, for the front page. None: too few to show, or not said."""

    year: int
    is_running: bool
    students_taught: int | None
    professors_equipped: int | None
    universities: int | None
    countries: int | None
    regions: int | None

    @property
    def says_anything(self) -> bool:
        """Whether there is a figure to show."""
        return self.students_taught is not None or self.professors_equipped is not None


def years_to_show(language: str) -> list[int]:
    """Return the years of which something can be said, newest first; asked of the database once a minute."""
    return [year for year in _years_counted() if _headline(public_reach(year, language)).says_anything]


def _years_counted() -> list[int]:
    return cache.recent("reach-years", _ask_for_years, seconds=SECONDS)


def _ask_for_years() -> list[int]:
    today = clock.today()
    found = queries.years_counted(today.year)
    if today.year in found and _period_of(today.year) is None:
        found.remove(today.year)
    return found[::-1]


def _period_of(year: int) -> Period | None:
    """Return the days of ``year`` that are spoken of; None where none are yet.

    A year that is over is spoken of whole; of the running year, the months that are over, so that nobody can watch one person arrive.
    In a demonstration nobody is real, and the running year is shown like one that is over.
    """
    today = clock.today()
    whole = year_of(date(year, 1, 1))
    if whole.last_day < today or is_demonstration():
        return whole
    last_day = today.replace(day=1) - timedelta(days=1)
    return Period(whole.first_day, last_day) if last_day.year == year else None


def public_reach(year: int, language: str) -> PublicReach:
    """Return what everyone may see of ``year``, at most a minute old; raise NotFound where nothing can be shown."""
    if year not in _years_counted():
        raise NotFound
    return cache.recent(("reach", year, language), lambda: _public_reach(year, language), seconds=SECONDS)


def _public_reach(year: int, language: str) -> PublicReach:
    period = _period_of(year)
    if period is None:
        raise NotFound
    report = report_on(period, queries.named_cut(language), language)
    is_running = year_of(date(year, 1, 1)).last_day >= clock.today()
    world_only = is_running and not is_demonstration()
    shown = disclose(_by_place(report))
    modules = disclose(_flat(report, report.by_module, "module"))
    languages = disclose(_flat(report, report.by_language, "language"))
    return PublicReach(
        year,
        period,
        is_running,
        report.as_of,
        _figures(report, shown, modules),
        _without_parts(shown) if world_only else shown,
        _without_parts(modules) if world_only else modules,
        _without_parts(languages) if world_only else languages,
        {f"{kind}:{line.code}": line.name for table, kind in TABLES for line in getattr(report, table)},
    )


def _without_parts(shown: Shown) -> Shown:
    return Shown(shown.key, shown.people)


def _people(line: Line) -> Interval:
    return line.figures["students_taught"]


def _by_place(report: Report) -> Whole:
    """Return the tree world, regions, countries, institutions."""
    institutions: dict[str, list[Whole]] = {}
    for line in report.by_institution:
        institutions.setdefault(line.within, []).append(Whole(f"institution:{line.code}", _people(line)))
    countries: dict[str, list[Whole]] = {}
    for line in report.by_country:
        whole = Whole(f"country:{line.code}", _people(line), tuple(institutions.get(line.code, ())))
        countries.setdefault(line.within, []).append(whole)
    regions = [Whole(f"region:{line.code}", _people(line), tuple(countries.get(line.code, ()))) for line in report.by_region]
    return Whole(WORLD_KEY, report.figures["students_taught"], tuple(regions))


def _flat(report: Report, lines: list[Line], kind: str) -> Whole:
    parts = tuple(Whole(f"{kind}:{line.code}", _people(line)) for line in lines)
    return Whole(WORLD_KEY, report.figures["students_taught"], parts)


def _figures(report: Report, by_place: Shown, by_module: Shown) -> dict[str, Interval | None]:
    students, professors = (disclose(Whole(WORLD_KEY, report.figures[name])).people for name in ("students_taught", "professors_equipped"))
    said = _places_said(report, by_place)
    equipped = report.figures["universities_equipped"]
    enough = professors is not None and professors.lower >= HIDDEN_AMONG + equipped.upper
    return {
        "students_taught": students,
        "professors_equipped": professors,
        "universities_teaching": said["universities_teaching"],
        "universities_equipped": equipped if enough else None,
        "countries": said["countries"],
        "regions": said["regions"],
        "modules_taught": None if by_module.parts_in_all is None else report.figures["modules_taught"],
    }


def _places_said(report: Report, world: Shown) -> dict[str, Interval | None]:
    """Return the numbers of places that may be said: those of places that are listed, or hide among several that are not."""
    regions = report.figures["regions"]
    countries = report.figures["countries"]
    universities = report.figures["universities_teaching"]
    listed = [country for region in world.parts for country in region.parts]
    of_countries = places_said(world.parts, regions.upper - len(world.parts), countries.upper)
    of_universities = places_said(tuple(listed), countries.upper - len(listed), universities.upper)
    return {
        "regions": regions if world.parts else None,
        "countries": countries if of_countries is not None else None,
        "universities_teaching": universities if of_universities is not None else None,
    }


def headline(language: str) -> Headline | None:
    """Return whom the series reached in the newest year of which anything can be said; None: nothing can."""
    years = years_to_show(language)
    return _headline(public_reach(years[0], language)) if years else None


def _headline(reach: PublicReach) -> Headline:
    def lower(name: str) -> int | None:
        interval = reach.figures[name]
        return None if interval is None else interval.lower

    return Headline(
        reach.year,
        reach.is_running,
        lower("students_taught"),
        lower("professors_equipped"),
        lower("universities_teaching"),
        lower("countries"),
        lower("regions"),
    )


def public_version() -> Headline | None:
    """Return what the front page says of reach: the page is to be made again when this changes."""
    return headline("en")
