"""The charts of reach, each with its caption and the table it was drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_date, format_decimal, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from elearn.countries import country_name
from elearn.reach import queries
from elearn.reach.disclose import Shown
from elearn.reach.figures import Interval
from elearn.reach.periods import months_in
from elearn.reach.places import region_codes
from elearn.reach.public import PublicReach
from elearn.reach.report import Report
from elearn.web import charts

#: A table longer than this is read as a table, not as bars.
MOST_BARS = 14
#: The most months that a trend shows: the last ones.
MOST_MONTHS = 36


@dataclass(frozen=True)
class Drawing:
    """A chart with its caption and its table."""

    svg: Markup
    caption: str
    columns: list[str]
    rows: list[tuple[str, str]]


def shown(interval: Interval | None) -> str:
    """Return an interval as people read it, in their language."""
    if interval is None:
        return _("too few to show")
    lower, upper = _number(interval.lower), _number(interval.upper)
    said = lower if lower == upper else f"{lower}–{upper}"
    if interval.lower_word == "more-than":
        return _("more than %(number)s", number=said)
    return _("about %(number)s", number=said) if interval.lower_word else said


def _number(value: float) -> str:
    return str(format_decimal(int(value)))


def _frame(key: str, title: str, description: str) -> charts.Frame:
    locale = get_locale()
    direction: charts.Direction = "rtl" if locale is not None and locale.text_direction == "rtl" else "ltr"
    return charts.Frame(key, title, description, _("Nobody is counted here yet."), direction)


def of_report(report: Report) -> list[Drawing]:
    """Return the charts of a report: its months, and its tables where they are short enough."""
    drawn = [_months(report)] if report.named.cut.kind != "class" else []
    for key, caption, lines in (
        ("regions", _("Students taught, by region"), report.by_region),
        ("countries", _("Students taught, by country"), report.by_country),
        ("institutions", _("Students taught, by institution"), report.by_institution),
        ("modules", _("Students taught, by module"), report.by_module),
    ):
        if 1 < len(lines) <= MOST_BARS:
            drawn.append(_bars(key, caption, [(line.name, line.figures["students_taught"]) for line in lines]))
    return drawn


def _months(report: Report) -> Drawing:
    months = months_in(report.period)[-MOST_MONTHS:]
    found = queries.learners_by_month(report.named.cut, [month.key or "" for month in months])
    caption = _("Learners in each month")
    pattern = "LLL" if report.period.first_day.year == report.period.last_day.year else "LLL yy"
    told = [(str(format_date(month.first_day, pattern)), found.get(month.key or "", 0)) for month in months]
    drawing = charts.month_columns(
        told,
        _frame("months", caption, _("One column for each month. A person who learned in several months is in each of them.")),
        written=_number,
    )
    return Drawing(drawing, caption, [_("Month"), _("Learners")], [(label, _number(value)) for label, value in told])


def _bars(key: str, caption: str, told: Sequence[tuple[str, Interval]]) -> Drawing:
    description = _("Longer bars are more students. Somebody taught in several places is in the bar of each.")
    bars = [charts.Bar(label, interval.lower, interval.upper) for label, interval in told]
    svg = charts.bar_chart(bars, _frame(key, caption, description), written=_number)
    return Drawing(svg, caption, ["", _("Students taught")], [(label, shown(interval)) for label, interval in told])


def of_public(reach: PublicReach) -> list[Drawing]:
    """Return the charts of the page for everyone, made of what is listed there and of nothing else."""
    drawn = []
    for key, caption, tree in (
        ("regions", _("Students taught, by region"), reach.by_place),
        ("modules", _("Students taught, by module"), reach.by_module),
    ):
        told = [(reach.names[part.key], part.people) for part in tree.parts if part.people is not None]
        if told:
            drawn.append(_bars(key, caption, told))
    if any(region.parts for region in reach.by_place.parts):
        drawn.append(_dots(reach))
    return drawn


def _dots(reach: PublicReach) -> Drawing:
    caption = _("Countries listed, by region")
    language = str(get_locale() or "en").replace("_", "-")
    listed = {country.key.partition(":")[2]: country for region in reach.by_place.parts for country in region.parts}
    rows = [(region, sorted(region_codes()[region.key.partition(":")[2]])) for region in reach.by_place.parts]
    svg = charts.region_dots(
        [
            (
                reach.names[region.key],
                [(country_name(code, language), _lower(listed.get(code))) for code in sorted(held, key=lambda c: (c not in listed, c))],
            )
            for region, held in rows
        ],
        _frame("dots", caption, _("One dot of equal size for each country or area of a region; filled where students are listed.")),
        written=_number,
    )
    told = [(reach.names[region.key], _number(len(region.parts))) for region, _held in rows]
    return Drawing(svg, caption, ["", _("Countries listed")], told)


def _lower(part: Shown | None) -> int:
    return part.people.lower if part is not None and part.people is not None else 0
