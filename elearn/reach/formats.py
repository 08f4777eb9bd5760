"""A report as JSON, CSV and plain text."""

import csv
import io
from datetime import UTC
from typing import Any

from elearn.reach.figures import EVENTS, FIGURES, Interval
from elearn.reach.report import Line, Report
from elearn.reach.reported import AudienceFigure, Notes

#: What each table calls its code, in the order of the report.
TABLES = (
    ("by_region", "region"),
    ("by_country", "country"),
    ("by_institution", "institution"),
    ("by_module", "module"),
    ("by_language", "language"),
)
CSV_COLUMNS = (
    *("rule_version", "from", "to", "as_of", "cut", "table", "code", "name"),
    *("figure", "lower", "upper", "qualifier_lower", "qualifier_upper"),
)
#: A spreadsheet takes a cell that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(report: Report, *, demonstration: bool) -> dict[str, Any]:
    """Return the report as programs read it."""
    said: dict[str, Any] = {"demonstration": True} if demonstration else {}
    cut = {"kind": report.named.kind, "code": report.named.code, "name": report.named.name}
    if report.named.module:
        cut["module"] = report.named.module
    return {
        **said,
        "rule_version": report.rule_version,
        "period": {"from": report.period.first_day.isoformat(), "to": report.period.last_day.isoformat()},
        "as_of": _instant(report),
        "hierarchy_on": report.hierarchy_on.isoformat(),
        "cut": cut,
        "figures": {
            name: {
                **_interval(interval),
                **_notes(report.notes.get(name, Notes())),
                "definition": str(FIGURES[name].definition),
            }
            for name, interval in report.figures.items()
        }
        | {"event_participants": {"by_audience": {name: _events(each) for name, each in report.events.items()}, "definition": str(EVENTS)}},
        **{table: [_line(line, code) for line in getattr(report, table)] for table, code in TABLES},
    }


def _notes(notes: Notes) -> dict[str, list[str]]:
    return {name: list(getattr(notes, name)) for name in ("not_stated", "reaches_outside", "not_broken_down")}


def _events(found: AudienceFigure) -> dict[str, Any]:
    """Return an audience; ``by_country`` holds the lower ends, as published text uses them."""
    by_country = {
        "by_country": {code: interval.lower for code, interval in found.by_country.items()},
        "by_country_upper": {code: interval.upper for code, interval in found.by_country.items()},
    }
    return {**_interval(found.people), **_notes(found.notes), "countries": found.countries, **by_country}


def _instant(report: Report) -> str:
    return report.as_of.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _interval(interval: Interval) -> dict[str, Any]:
    return {
        "lower": interval.lower,
        "upper": interval.upper,
        "qualifier": {"lower": interval.lower_word, "upper": interval.upper_word},
    }


def _line(line: Line, code: str) -> dict[str, Any]:
    figures = {name: _interval(interval) for name, interval in line.figures.items()}
    return {code: line.code, "name": line.name, **({"within": line.within} if line.within else {}), "figures": figures}


def as_csv(report: Report, *, demonstration: bool) -> str:
    """Return the report with one row a figure, so that any table can be made of it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*CSV_COLUMNS, "note"))
    note = "demonstration data" if demonstration else ""
    head = (report.rule_version, report.period.first_day, report.period.last_day, _instant(report), report.named.code)
    whole = Line(report.named.code, report.named.name, report.figures)
    for table, lines in (("figures", [whole]), *((table, getattr(report, table)) for table, _ in TABLES)):
        for line in lines:
            for name, i in line.figures.items():
                row = (*head, table, line.code, line.name, name, i.lower, i.upper, i.lower_word or "", i.upper_word or "", note)
                writer.writerow([_cell(value) for value in row])
    for audience, found in report.events.items():
        for code, i in {report.named.code: found.people, **found.by_country}.items():
            ends = (i.lower, i.upper, i.lower_word or "", i.upper_word or "")
            row = (*head, "event_participants", code, audience, "event_participants", *ends, note)
            writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_text(report: Report, *, demonstration: bool) -> str:
    """Return the report for a terminal."""
    out = ["DEMONSTRATION DATA"] if demonstration else []
    out += [
        f"{report.named.name}, {report.period.first_day} to {report.period.last_day} (both included, UTC)",
        f"Rule version {report.rule_version}, as of {_instant(report)}",
        "",
    ]
    for name, interval in report.figures.items():
        out += [f"{FIGURES[name].label}: {in_words(interval)}", f"    {FIGURES[name].definition}"]
    if report.events:
        out += ["", "People at events, by audience"]
        out += [f"    {audience:<63} {in_words(found.people):>9}" for audience, found in report.events.items()]
    for table, _code in TABLES:
        lines: list[Line] = getattr(report, table)
        if lines:
            out += ["", f"{table.removeprefix('by_').capitalize()}: students taught"]
            out += [f"    {line.code:<12} {line.name:<50} {in_words(line.figures['students_taught']):>9}" for line in lines]
    return "\n".join(out) + "\n"


def in_words(interval: Interval) -> str:
    """Return an interval as people read it: one number where both ends agree."""
    return f"{interval.lower:,}" if interval.lower == interval.upper else f"{interval.lower:,}–{interval.upper:,}"
