"""The charts of statistics, each with the table it was drawn from, and their figures as people and spreadsheets read them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from elearn.assessment.mark_sums import STATES
from elearn.assessment.statistics_labels import ITEM_FIGURES, QUIZ_FIGURES
from elearn.assessment.statistics_report import STEPS, ItemLine, QuizReport, percent_of
from elearn.catalogue.items.item import MICRO
from elearn.learning.spreadsheet import csv_line, guarded_cell
from elearn.web.charts import Bar, Direction, Frame, bar_chart, month_columns

WHOLE = 100
COLUMNS = ("table", "question", "item_revision", "type", "choice", "figure", "value", "attempts", "quiz_version", "as_of", "note")


@dataclass(frozen=True)
class Drawing:
    """A chart with its caption and its table."""

    svg: Markup
    caption: str
    columns: list[str]
    rows: Sequence[tuple[str, ...]]


def shown(value: float | None, unit: str = "percent") -> str:
    """Return a figure as people read it in their language; "–" where it has no value."""
    if value is None:
        return "–"
    if unit == "number":
        return str(format_decimal(round(value, 2), "#,##0.00"))
    return f"{format_decimal(round(value, 1), '#,##0.0')} %"


def state_names() -> dict[str, str]:
    """Return what became of answers, as charts call it."""
    return {"right": _("Right"), "partly": _("Partly right"), "wrong": _("Not right"), "blank": _("Not answered")}


def totals_drawing(report: QuizReport) -> Drawing:
    """Return how the results lie, in tenths of the maximum."""
    names = [f"{WHOLE // STEPS * step}–{WHOLE // STEPS * (step + 1)}" for step in range(STEPS)]
    caption = _("Results, in tenths of the maximum")
    frame = _frame("totals", caption, _("One column for each tenth, named by where it begins; as high as the number of attempts in it."))
    marks = [f"{WHOLE // STEPS * step} %" for step in range(STEPS)]
    svg = month_columns(list(zip(marks, map(float, report.totals), strict=True)), frame, written=_count)
    rows = [(f"{name} %", _count(count)) for name, count in zip(names, report.totals, strict=True)]
    return Drawing(svg, caption, [_("Result"), _("Attempts")], rows)


def answers_drawing(item: ItemLine) -> Drawing:
    """Return how often each choice was taken, or what became of the answers where nothing was chosen."""
    if item.choices:
        caption = _("How often each choice was taken")
        bars = [(_("Right: %(choice)s", choice=choice.text) if choice.is_right else choice.text, choice.count) for choice in item.choices]
        if item.states.get("blank"):
            bars.append((state_names()["blank"], item.states["blank"]))
    else:
        caption = _("What became of the answers")
        bars = [(name, item.states.get(state, 0)) for state, name in state_names().items()]
    frame = _frame(f"answers-{item.id}", caption, _("One bar each, out of %(count)s attempts.", count=item.attempts))
    svg = bar_chart([Bar(label, count) for label, count in bars], frame, top=item.attempts or 1, written=_count)
    rows = [(label, _count(count), shown(percent_of(count, item.attempts))) for label, count in bars]
    return Drawing(svg, caption, [_("Answer"), _("Attempts"), _("Share")], rows)


def _count(count: float) -> str:
    return str(format_decimal(int(count)))


def _frame(key: str, title: str, description: str) -> Frame:
    locale = get_locale()
    direction: Direction = "rtl" if locale is not None and locale.text_direction == "rtl" else "ltr"
    return Frame(key, title, description, _("Nothing is counted yet."), direction)


def csv_lines(report: QuizReport, *, demonstration: bool) -> Iterator[str]:
    """Yield the figures of a page as CSV: one line a figure, unrounded, so that any table can be made of it."""
    yield "\ufeff" + csv_line(COLUMNS)
    as_of = report.quiz.oldest.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    foot = (report.quiz.version, as_of, "demonstration data" if demonstration else "")

    def line(table: str, item: ItemLine | None, choice: str, figure: str, value: object) -> str:
        named = (item.key, str(item.id), item.type) if item else ("", "", "")
        counted = item or report
        attempts = "" if counted.is_withheld else item.attempts if item else report.quiz.attempts
        cells = (table, *named, choice, figure, "" if value is None else str(value), str(attempts), *foot)
        return csv_line([guarded_cell(cell) if number != len(named) + 3 else cell for number, cell in enumerate(cells)])

    if report.is_withheld:
        yield line("quiz", None, "", "withheld", 1)
        return
    for label in QUIZ_FIGURES:
        yield line("quiz", None, "", label.name, getattr(report.figures, label.name))
    for step, count in enumerate(report.totals):
        yield line("results", None, f"{WHOLE // STEPS * step}-{WHOLE // STEPS * (step + 1)}", "attempts", count)
    for item in report.items:
        yield from _item_lines(item, line)


def _item_lines(item: ItemLine, line: Callable[..., str]) -> Iterator[str]:
    if item.is_withheld:
        yield line("question", item, "", "withheld", 1)
        return
    yield line("question", item, "", "points", item.max_points / MICRO)
    for label in ITEM_FIGURES:
        yield line("question", item, "", label.name, getattr(item.figures, label.name))
    for flag in item.flags:
        yield line("question", item, "", f"flag-{flag.key}", 1)
    for state in STATES:
        yield line("answers", item, "", state, item.states[state])
    for choice in item.choices:
        yield line("choices", item, choice.id, "right" if choice.is_right else "wrong", choice.count)
