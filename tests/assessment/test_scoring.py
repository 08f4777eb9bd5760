"""Drawing items and adding up marks."""

from collections import Counter
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from elearn.assessment.scoring import Drawable, Total, by_outcome, drawn_items, drawn_layout, name_of_mark, total

TAGS = ["a", "b", "c"]
seeds = st.integers(0, 2**31 - 1)
pools = st.lists(
    st.tuples(st.lists(st.sampled_from(TAGS), unique=True).map(tuple), st.integers(0, 4)),
    max_size=8,
).map(lambda entries: [Drawable(place, tags, tuple(f"c{n}" for n in range(choices))) for place, (tags, choices) in enumerate(entries, 1)])
rules_for_draws = st.lists(st.fixed_dictionaries({"tag": st.sampled_from(TAGS), "count": st.integers(1, 3)}), max_size=3)
marks = st.lists(st.tuples(st.sampled_from(TAGS), st.integers(0, 500_000), st.integers(0, 500_000)).filter(lambda m: m[1] <= m[2]))


@given(pools, rules_for_draws, seeds)
def test_the_same_seed_draws_the_same(pool: list[Drawable], rules: list[dict], seed: int) -> None:
    assert drawn_layout(pool, rules, seed) == drawn_layout(pool, rules, seed)


@given(pools, seeds)
def test_without_rules_every_item_is_asked_once_with_all_its_choices(pool: list[Drawable], seed: int) -> None:
    layout = drawn_layout(pool, [], seed)
    assert sorted(item for item, _ in layout) == [item.id for item in pool]
    assert {item: sorted(choices) for item, choices in layout} == {item.id: sorted(item.choices) for item in pool}


@given(pools, rules_for_draws)
def test_a_draw_fills_as_many_places_as_can_be_filled(pool: list[Drawable], rules: list[dict]) -> None:
    assume(rules)
    drawn = drawn_items(pool, rules)
    assert len({item.id for item in drawn}) == len(drawn)
    assert len(drawn) == _most(pool, Counter({tag: sum(r["count"] for r in rules if r["tag"] == tag) for tag in TAGS}))


def _most(pool: list[Drawable], wanted: Counter) -> int:
    """Return how many places can be filled at best, by Hall's theorem: over all sets of tags, what is wanted outside plus what is there."""
    best = sum(wanted.values())
    for chosen in range(2 ** len(TAGS)):
        inside = {tag for place, tag in enumerate(TAGS) if chosen >> place & 1}
        there = sum(bool(inside & set(item.tags)) for item in pool)
        best = min(best, sum(count for tag, count in wanted.items() if tag not in inside) + there)
    return best


def test_seeds_give_different_orders() -> None:
    pool = [Drawable(number, (), ("x", "y", "z")) for number in range(10)]
    orders = {str(drawn_layout(pool, [], seed)) for seed in range(20)}
    assert len(orders) == 20


@given(marks)
def test_outcomes_add_up_to_the_whole(given_marks: list[tuple[str, int, int]]) -> None:
    whole = total((points, maximum) for _, points, maximum in given_marks)
    outcomes = by_outcome(given_marks, ["c", "never asked"])
    assert sum(each.points for each in outcomes.values()) == whole.points
    assert sum(each.max_points for each in outcomes.values()) == whole.max_points
    assert "never asked" not in outcomes


@given(st.integers(0, 500_000), st.integers(1, 500_000), st.integers(0, 100))
def test_per_cent_never_shows_a_pass_where_there_is_none(points: int, maximum: int, pass_mark: int) -> None:
    mark = Total(min(points, maximum), maximum)
    assert mark.passes(pass_mark) == (mark.share * 100 >= pass_mark) == (mark.percent >= pass_mark)
    assert 0 <= mark.percent <= 100


def test_nothing_out_of_nothing_is_no_per_cent() -> None:
    assert (Total(0, 0).percent, Total(0, 0).share, Total(0, 0).passes(60), Total(0, 0).passes(0)) == (0, Fraction(0), False, True)


def test_a_mark_has_a_name() -> None:
    names = [name_of_mark(points, 2, is_answered=answered) for points, answered in [(0, False), (0, True), (1, True), (2, True)]]
    assert names == ["blank", "wrong", "partly", "right"]
