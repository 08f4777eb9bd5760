"""Charts: valid XML, honest when empty, safe with hostile labels, and as long as their values say."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from elearn.web.charts import (
    WIDTH,
    Bar,
    Frame,
    bar_chart,
    heat_strip,
    month_columns,
    outcome_bars,
    percentage,
    plain_number,
    progress_matrix,
    region_dots,
)

SVG = "{http://www.w3.org/2000/svg}"
FRAME = Frame(key="reach-by-region", title="Students by region", description="Longer bars are more students.", empty="Nobody yet.")
MIRRORED = Frame(key="mirrored", title="Students", description="Bars.", empty="Nobody yet.", direction="rtl")
HOSTILE = '</text><script>alert("1")</script>&\x00\x1b'

Pairs = list[tuple[str, float]]
labels = st.text(max_size=80)
shares = st.floats(0, 1)
numbers = st.integers(0, 10**9).map(float)
pairs = st.lists(st.tuples(labels, numbers), min_size=1, max_size=14)
sections = st.lists(st.tuples(labels, shares), min_size=1, max_size=30)

DRAWINGS: dict[str, Callable[[Pairs, Frame], Markup]] = {
    "bars": bar_chart,
    "outcomes": lambda rows, frame: outcome_bars([(name, value % 101) for name, value in rows], frame, pass_mark=60, pass_label=HOSTILE),
    "months": month_columns,
    "strip": lambda rows, frame: heat_strip([(name, min(value, 1)) for name, value in rows], frame),
    "matrix": lambda rows, frame: progress_matrix(
        [name for name, _ in rows], [(name, [min(value, 1) for _, value in rows]) for name, _ in rows], frame
    ),
    "dots": lambda rows, frame: region_dots([(name, rows) for name, _ in rows], frame),
}
each_drawing = pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS)


def drawn(markup: Markup) -> Element:
    """Read a drawing as XML; anything that is not well formed fails here."""
    root: Element = fromstring(str(markup))
    assert root.tag == f"{SVG}svg"
    return root


def bars_of(root: Element, kind: str = "chart-bar") -> list[Element]:
    return [rect for rect in root.iter(f"{SVG}rect") if kind in rect.attrib["class"].split()]


@each_drawing
@given(rows=pairs, direction=st.sampled_from(["ltr", "rtl"]))
def test_every_drawing_is_valid_xml_with_a_title_and_a_description(draw, rows, direction):
    root = drawn(draw(rows, Frame("chart-1", "A title", "A description", "Nothing yet.", direction)))
    title, description = root[0], root[1]
    assert (title.tag, title.text) == (f"{SVG}title", "A title")
    assert (description.tag, description.text) == (f"{SVG}desc", "A description")
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]] == ["chart-1-title", "chart-1-desc"]


@each_drawing
@given(rows=pairs, direction=st.sampled_from(["ltr", "rtl"]))
def test_no_shape_leaves_the_drawing(draw, rows, direction):
    root = drawn(draw(rows, Frame("chart-1", "A title", "A description", "Nothing yet.", direction)))
    _, _, wide, tall = (float(part) for part in root.attrib["viewBox"].split())
    assert wide == WIDTH
    for rect in root.iter(f"{SVG}rect"):
        left, top, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        assert min(left, top, width, height) >= -0.01
        assert left + width <= wide + 0.02
        assert top + height <= tall + 0.02
    for text in root.iter(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= wide
        assert 0 <= float(text.attrib["y"]) <= tall


@each_drawing
def test_hostile_labels_are_only_text(draw):
    markup = draw([(HOSTILE, 1.0)], Frame("chart-1", HOSTILE, HOSTILE, "Nothing yet."))
    assert "<script" not in markup
    allowed = {"svg", "title", "desc", "rect", "text", "line", "circle"}
    assert {element.tag.removeprefix(SVG) for element in drawn(markup).iter()} <= allowed


@each_drawing
def test_no_drawing_has_a_colour_or_a_style_of_its_own(draw):
    for element in drawn(draw([("Kenya", 1.0), ("Peru", 0.0)], FRAME)).iter():
        assert not {"style", "fill", "stroke"} & set(element.attrib)


@pytest.mark.parametrize(
    "markup",
    [
        bar_chart([], FRAME),
        outcome_bars([], FRAME, pass_mark=60, pass_label="pass mark"),
        month_columns([], FRAME),
        heat_strip([], FRAME),
        progress_matrix([], [], FRAME),
        progress_matrix(["One"], [], FRAME),
        region_dots([], FRAME),
        region_dots([("Africa", [])], FRAME),
    ],
)
def test_without_figures_it_says_so_and_draws_nothing(markup):
    assert "<svg" not in markup
    assert fromstring(str(markup)).text == "Nobody yet."


@given(values=st.lists(numbers, min_size=2, max_size=12).filter(any), direction=st.sampled_from(["ltr", "rtl"]))
def test_bars_are_as_long_as_their_values_and_the_longest_fills_the_width(values, direction):
    root = drawn(bar_chart([(f"Region {index}", value) for index, value in enumerate(values)], Frame("c", "T", "D", "E", direction)))
    for rect, value in zip(bars_of(root), values, strict=True):
        width = float(rect.attrib["width"])
        assert width == pytest.approx(WIDTH * value / max(values), abs=0.006)
        side = float(rect.attrib["x"]) + width if direction == "rtl" else WIDTH - float(rect.attrib["x"])
        assert side == pytest.approx(WIDTH, abs=0.02)


@given(values=st.lists(numbers, min_size=1, max_size=24).filter(any))
def test_columns_are_as_high_as_their_values(values):
    heights = [float(rect.attrib["height"]) for rect in bars_of(drawn(month_columns([("June", value) for value in values], FRAME)))]
    assert heights == pytest.approx([max(heights) * value / max(values) for value in values], abs=0.011)


@given(lower=numbers, more=st.integers(1, 10**6))
def test_an_uncertain_part_begins_where_the_certain_part_ends(lower, more):
    root = drawn(bar_chart([Bar("Africa", lower, lower + more)], FRAME))
    (certain,), (uncertain,) = bars_of(root), bars_of(root, "chart-range")
    assert float(uncertain.attrib["x"]) == pytest.approx(float(certain.attrib["width"]), abs=0.011)
    assert float(certain.attrib["width"]) + float(uncertain.attrib["width"]) == pytest.approx(WIDTH, abs=0.011)


def test_a_range_is_written_with_both_ends():
    assert "7,200–7,450" in bar_chart([Bar("World", 7200, 7450)], FRAME)
    assert "7,200–" not in bar_chart([Bar("World", 7200, 7200)], FRAME)


def test_values_of_nought_draw_bars_without_length():
    assert [rect.attrib["width"] for rect in bars_of(drawn(bar_chart([("Kenya", 0), ("Peru", 0)], FRAME)))] == ["0", "0"]


def test_the_direction_mirrors_where_a_bar_begins():
    (left,) = bars_of(drawn(bar_chart([("Kenya", 1)], FRAME, top=2)))
    (right,) = bars_of(drawn(bar_chart([("Kenya", 1)], MIRRORED, top=2)))
    assert (left.attrib["x"], right.attrib["x"]) == ("0", "180")
    assert drawn(bar_chart([("Kenya", 1)], MIRRORED)).attrib["direction"] == "rtl"


@given(value=st.floats(0, 100), mark=st.floats(0, 100))
def test_an_outcome_below_the_pass_mark_is_drawn_as_below(value, mark):
    root = drawn(outcome_bars([("Classify cases", value)], FRAME, pass_mark=mark, pass_label="pass mark"))
    assert bool(bars_of(root, "chart-below")) == (value < mark)
    (line,) = root.iter(f"{SVG}line")
    assert float(line.attrib["x1"]) == pytest.approx(WIDTH * mark / 100, abs=0.006)


@given(rows=sections)
def test_a_cell_is_empty_only_for_nobody_and_full_only_for_everybody(rows):
    root = drawn(heat_strip(rows, FRAME))
    steps = [int(rect.attrib["class"][-1]) for rect in root.iter(f"{SVG}rect")]
    assert [step == 0 for step in steps] == [share == 0 for _, share in rows]
    assert [step == 4 for step in steps] == [share == 1 for _, share in rows]
    by_share = [step for _, step in sorted(zip([share for _, share in rows], steps, strict=True))]
    assert by_share == sorted(by_share)


def test_a_matrix_refuses_a_row_of_the_wrong_length():
    with pytest.raises(ValueError, match="zip"):
        progress_matrix(["One", "Two"], [("Group A", [1.0])], FRAME)


def test_a_country_has_one_dot_of_the_same_size_as_any_other():
    root = drawn(region_dots([("Africa", [("Kenya", 900), ("Togo", 0)]), ("Oceania", [("Fiji", 1)])], FRAME))
    dots = list(root.iter(f"{SVG}circle"))
    assert [dot.attrib["class"] for dot in dots] == ["chart-dot", "chart-dot-empty", "chart-dot"]
    assert len({dot.attrib["r"] for dot in dots}) == 1
    assert [dot[0].text for dot in dots] == ["Kenya: 900", "Togo: 0", "Fiji: 1"]


def test_a_long_label_is_shortened_and_kept_whole_for_those_who_point_at_it():
    label = "Explain how traffic data, content data and subscriber information differ in law"
    root = drawn(bar_chart([(label, 3)], FRAME))
    shown = next(root.iter(f"{SVG}text")).text or ""
    assert shown.endswith("…")
    assert bars_of(root)[0][0].text == f"{label}: 3"


@pytest.mark.parametrize("key", ["", "two words", 'quote"', "ключ", "a\n"])
def test_a_key_that_could_not_be_an_id_is_refused(key):
    with pytest.raises(ValueError, match="letters"):
        Frame(key=key, title="T", description="D", empty="E")


def test_numbers_are_written_with_as_many_decimals_as_they_need():
    assert [plain_number(value) for value in (7450, 0.5, 12.0)] == ["7,450", "0.5", "12"]
    assert percentage(81.6) == "82 %"
