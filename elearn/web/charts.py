"""Charts as SVG, drawn by the server: pure functions from plain sequences to markup.

Nothing here has a colour: classes do (see ``static/css/app.css``), so that dark schemes and forced colours work. Each drawing is 360
units wide and scales with its view box; its smallest letters are 12 units, readable on a telephone 360 pixels wide. A drawing never
stands alone: the template ``parts/figures.html`` puts the table it was made from beneath it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Literal, NamedTuple, TypeAlias
from unicodedata import combining, east_asian_width

from markupsafe import Markup, escape

WIDTH = 360
ROW = 46
BAR = 14
CELL = 34
HEAT_STEPS = 4
WHOLE = 100
NAMED_MONTHS = 6
NOT_XML = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), " ")

Direction: TypeAlias = Literal["ltr", "rtl"]
Anchor: TypeAlias = Literal["start", "middle", "end"]
Written: TypeAlias = Callable[[float], str]


class Bar(NamedTuple):
    """A bar: its label, its value, and where the true value may be higher, the upper end. ``(label, value)`` will do."""

    label: str
    value: float
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for every chart: an id unique on the page, what it shows, and what to say when there is nothing to show."""

    key: str
    title: str
    description: str
    empty: str
    direction: Direction = "ltr"

    def __post_init__(self) -> None:
        """Refuse a key that could not be an id: ids are lists of words elsewhere, so a space would break the reference."""
        if not self.key or not self.key.isascii() or not self.key.replace("-", "").isalnum():
            message = f"a chart's key is made of letters, digits and hyphens: {self.key!r}"
            raise ValueError(message)


def plain_number(value: float) -> str:
    """Write a number without decimals where it has none; the caller's locale does better and is passed as ``written``."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def percentage(value: float) -> str:
    """Write a number of per cent."""
    return f"{value:.0f} %"


def bar_chart(
    bars: Sequence[Bar | tuple[str, float]], frame: Frame, *, top: float | None = None, written: Written = plain_number
) -> Markup:
    """Draw horizontal bars, each under its label, with its value at the end; a range shows its uncertain part dashed."""
    rows = [Bar(*bar) for bar in bars]
    if not rows:
        return _empty(frame)
    scale = WIDTH / (top or max(max(row.value, row.upper or 0) for row in rows) or 1)
    parts = [_bar_row(row, index * ROW, scale, frame.direction, written) for index, row in enumerate(rows)]
    return _svg(frame, len(rows) * ROW - 8, parts)


def outcome_bars(
    outcomes: Sequence[tuple[str, float]], frame: Frame, *, pass_mark: float, pass_label: str, written: Written = percentage
) -> Markup:
    """Draw the mean result by learning outcome, in per cent, with a line at the pass mark."""
    if not outcomes:
        return _empty(frame)
    scale = WIDTH / WHOLE
    place = _mirrored(pass_mark * scale, frame.direction)
    parts = [
        _bar_row(Bar(label, value), index * ROW, scale, frame.direction, written, below=value < pass_mark)
        for index, (label, value) in enumerate(outcomes)
    ]
    foot = len(outcomes) * ROW
    parts += [_line("chart-mark", (place, index * ROW + 19), (place, index * ROW + 41)) for index in range(len(outcomes))]
    anchor: Anchor = "end" if pass_mark > WHOLE / 2 else "start"
    parts.append(_text(place, foot + 10, pass_label, "chart-soft", anchor))
    return _svg(frame, foot + 16, parts)


def month_columns(months: Sequence[tuple[str, float]], frame: Frame, *, written: Written = plain_number) -> Markup:
    """Draw one column a month; the highest is written out, the others and the months' names where there is room."""
    if not months:
        return _empty(frame)
    height, head = 130, 22
    highest = max(value for _, value in months)
    pitch = WIDTH / len(months)
    every = ceil(len(months) / NAMED_MONTHS)
    last = len(months) - 1
    peak = max(range(len(months)), key=lambda index: months[index][1])
    parts: list[Markup] = []
    for index, (label, value) in enumerate(months):
        tall = height * value / (highest or 1)
        start = index * pitch + pitch * 0.15
        middle = _mirrored(index * pitch + pitch / 2, frame.direction)
        parts.append(_rect("chart-bar", start, head + height - tall, pitch * 0.7, tall, frame.direction, f"{label}: {written(value)}"))
        if index == peak or _width(written(value)) < pitch - 6:
            parts.append(_text(_held(middle), head + height - tall - 6, written(value), "chart-value", "middle"))
        if (last - index) % every == 0:
            room = pitch * every - 4
            parts.append(_text(middle, head + height + 18, _fitted(label, room), "chart-soft", "middle"))
    parts.append(_line("chart-axis", (0, head + height), (WIDTH, head + height)))
    return _svg(frame, head + height + 26, parts)


def heat_strip(sections: Sequence[tuple[str, float]], frame: Frame, *, written: Written = percentage) -> Markup:
    """Draw one cell for each section of a module, darker the larger the share (0 to 1) of a class that has done it."""
    if not sections:
        return _empty(frame)
    across = WIDTH // (CELL + 8)
    parts: list[Markup] = []
    for index, (label, share) in enumerate(sections):
        column, row = index % across, index // across
        left, up = column * (CELL + 8) + 4.0, row * (CELL + 24) + 16.0
        middle = _mirrored(left + CELL / 2, frame.direction)
        parts.append(_text(middle, up - 4, str(index + 1), "chart-soft", "middle"))
        parts.append(_heat_cell(left, up, CELL, label, share, frame.direction, written))
        parts.append(_text(middle, up + CELL / 2 + 4, f"{share * WHOLE:.0f}", f"heat-text-{_step(share)}", "middle"))
    rows = ceil(len(sections) / across)
    return _svg(frame, rows * (CELL + 24), parts)


def progress_matrix(
    columns: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]], frame: Frame, *, written: Written = percentage
) -> Markup:
    """Draw rows (modules, groups or students) by columns (sections); each cell is darker the larger its share (0 to 1)."""
    if not columns or not rows:
        return _empty(frame)
    pitch = WIDTH / len(columns)
    size = min(pitch * 0.88, 26.0)
    parts: list[Markup] = []
    every = ceil(len(columns) * 20 / WIDTH)
    for index in range(0, len(columns), every):
        middle = _mirrored(index * pitch + size / 2, frame.direction)
        parts.append(_text(middle, 12, str(index + 1), "chart-soft", "middle"))
    for number, (label, shares) in enumerate(rows):
        up = 22 + number * (size + 32.0)
        parts.append(_text(_mirrored(0, frame.direction), up + 11, _fitted(label, WIDTH), "", "start"))
        for index, (column, share) in enumerate(zip(columns, shares, strict=True)):
            parts.append(_heat_cell(index * pitch, up + 17, size, f"{label}, {column}", share, frame.direction, written))
    return _svg(frame, 22 + len(rows) * (size + 32) - 12, parts)


def region_dots(regions: Sequence[tuple[str, Sequence[tuple[str, float]]]], frame: Frame, *, written: Written = plain_number) -> Markup:
    """Draw one dot of equal size for each country under its region, filled where the value is above nought.

    A plot without a map: no border is drawn, and a small country counts as much to the eye as a large one.
    """
    if not any(countries for _, countries in regions):
        return _empty(frame)
    pitch, radius, head = 20, 7, 22
    across = WIDTH // pitch
    parts: list[Markup] = []
    top = 0.0
    for region, countries in regions:
        reached = sum(1 for _, value in countries if value > 0)
        count = f"{reached} / {len(countries)}"
        parts.append(_text(_mirrored(0, frame.direction), top + 13, _fitted(region, WIDTH - 60), "", "start"))
        parts.append(_text(_mirrored(WIDTH, frame.direction), top + 13, count, "chart-value", "end"))
        for index, (country, value) in enumerate(countries):
            across_units = _mirrored(index % across * pitch + radius + 1.0, frame.direction)
            down = top + head + index // across * pitch + radius + 1
            dot = Markup('<circle class="{kind}" cx="{x}" cy="{y}" r="{r}"><title>{words}</title></circle>')
            kind = "chart-dot" if value > 0 else "chart-dot-empty"
            words = _clean(f"{country}: {written(value)}")
            parts.append(dot.format(kind=kind, x=_units(across_units), y=_units(down), r=radius, words=words))
        top += head + ceil(len(countries) / across) * pitch + 16
    return _svg(frame, top - 12, parts)


@lru_cache(maxsize=2000)
def _bar_row(bar: Bar, top: float, scale: float, direction: Direction, written: Written, *, below: bool = False) -> Markup:
    """Draw a label, a value, a track and a bar, and the part between the lower and the upper end."""
    words = written(bar.value)
    if bar.upper is not None and bar.upper > bar.value:
        words = f"{words}–{written(bar.upper)}"
    room = WIDTH - _width(words) - 10
    parts = [
        _text(_mirrored(0, direction), top + 14, _fitted(bar.label, room), "", "start"),
        _text(_mirrored(WIDTH, direction), top + 14, words, "chart-value", "end"),
        _rect("chart-track", 0, top + 22, WIDTH, BAR, direction),
    ]
    whole = f"{bar.label}: {words}"
    certain = min(bar.value * scale, WIDTH)
    if bar.upper is not None and bar.upper > bar.value:
        further = min(bar.upper * scale, WIDTH) - certain
        parts.append(_rect("chart-range", certain, top + 22, further, BAR, direction, whole))
    kind = "chart-bar chart-below" if below else "chart-bar"
    parts.append(_rect(kind, 0, top + 22, certain, BAR, direction, whole))
    return Markup("").join(parts)


def _heat_cell(left: float, top: float, size: float, label: str, share: float, direction: Direction, written: Written) -> Markup:
    """Draw one shaded square."""
    words = f"{label}: {written(share * WHOLE)}"
    return _rect(f"chart-cell heat-{_step(share)}", left, top, size, size, direction, words)


def _step(share: float) -> int:
    """Return how dark a share is: 0 for nothing at all, 4 for everybody, three steps between."""
    if share <= 0:
        return 0
    return HEAT_STEPS if share >= 1 else 1 + min(int(share * (HEAT_STEPS - 1)), HEAT_STEPS - 2)


def _svg(frame: Frame, height: float, parts: Sequence[Markup]) -> Markup:
    """Put a drawing into its frame, with the title and the description that a screen reader says."""
    opening = Markup(
        '<svg class="chart-svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-size="13" '
        'direction="{direction}" aria-labelledby="{key}-title {key}-desc">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{description}</desc>'
    ).format(
        width=WIDTH,
        height=_units(height),
        direction=frame.direction,
        key=frame.key,
        title=_clean(frame.title),
        description=_clean(frame.description),
    )
    return opening + Markup("").join(parts) + Markup("</svg>")


def _empty(frame: Frame) -> Markup:
    """Say that there is nothing to draw: an axis without bars would look like a figure of nought."""
    words = Markup('<p class="chart-empty" id="{key}-title">{empty}</p>')
    return words.format(key=frame.key, empty=_clean(frame.empty))


def _rect(kind: str, left: float, top: float, wide: float, tall: float, direction: Direction, words: str = "") -> Markup:
    """Draw a rectangle that starts ``left`` units from the side where reading starts."""
    start = WIDTH - left - wide if direction == "rtl" else left
    title = Markup("<title>{}</title>").format(_clean(words)) if words else Markup("")
    shape = Markup('<rect class="{kind}" x="{x}" y="{y}" width="{wide}" height="{tall}" rx="2">{title}</rect>')
    return shape.format(kind=kind, x=_units(start), y=_units(top), wide=_units(wide), tall=_units(tall), title=title)


def _line(kind: str, start: tuple[float, float], end: tuple[float, float]) -> Markup:
    """Draw a line."""
    shape = Markup('<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    return shape.format(kind=kind, x1=_units(start[0]), y1=_units(start[1]), x2=_units(end[0]), y2=_units(end[1]))


def _text(place: float, top: float, words: str, kind: str, anchor: Anchor) -> Markup:
    """Write words; ``start`` and ``end`` follow the direction of the whole drawing."""
    shape = Markup('<text{kind} x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>')
    named = Markup(' class="{}"').format(kind) if kind else Markup("")
    return shape.format(kind=named, x=_units(place), y=_units(top), anchor=anchor, words=_clean(words))


def _mirrored(place: float, direction: Direction) -> float:
    """Count units from the side where reading starts."""
    return WIDTH - place if direction == "rtl" else place


def _held(place: float) -> float:
    """Keep a centred value inside the drawing."""
    return min(max(place, 22.0), WIDTH - 22.0)


def _units(value: float) -> str:
    """Write a length to a hundredth, without trailing noughts."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _clean(words: str) -> Markup:
    """Escape words; characters that XML cannot hold become spaces."""
    return escape(str(words).translate(NOT_XML))


def _width(words: str) -> float:
    """Estimate how wide words are at 13 units: wide East Asian characters take a whole em, marks nothing."""
    ems = sum(0.0 if combining(letter) else 1.0 if east_asian_width(letter) in "WF" else 0.56 for letter in words)
    return ems * 13


def _fitted(words: str, room: float) -> str:
    """Shorten words to a room; the table beneath the chart, and the bar's own title, have them whole."""
    if _width(words) <= room:
        return words
    kept = words
    while kept and _width(kept) > room - 8:
        kept = kept[:-1]
    return kept.rstrip() + "…"
