"""What is said in public singles nobody out, as far as the rule says."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.reach.disclose import Shown, Whole, disclose, listed_of, places_said, rounded_down
from elearn.reach.figures import Interval

NUMBERS = st.tuples(st.integers(0, 30), st.integers(0, 10)).map(lambda p: Interval(p[0], p[0] + p[1]))


def wholes(depth: int) -> st.SearchStrategy[Whole]:
    """Return trees in which a whole has at least the people of its largest part."""
    if depth == 0:
        return st.builds(Whole, st.just(""), NUMBERS)
    parts = st.lists(wholes(depth - 1), max_size=8).map(
        lambda found: tuple(Whole(str(number), part.people, part.parts) for number, part in enumerate(found))
    )
    return st.tuples(NUMBERS, parts).map(
        lambda p: Whole(
            "",
            Interval(
                max([p[0].lower, *(part.people.lower for part in p[1])]),
                max([p[0].upper, *(part.people.upper for part in p[1])]),
            ),
            p[1],
        )
    )


def pairs(whole: Whole, shown: Shown):
    """Yield each whole that is shown with what is shown of it."""
    yield whole, shown
    listed = {part.key: part for part in shown.parts}
    for part in whole.parts:
        if part.key in listed:
            yield from pairs(part, listed[part.key])


@given(wholes(3))
def test_people_are_rounded_down_to_a_multiple_of_five_and_never_too_high(whole: Whole) -> None:
    for true, shown in pairs(whole, disclose(whole)):
        if shown.people is None:
            assert true.people.lower < 5
            assert not shown.parts
            assert shown.parts_in_all is None
        else:
            for end, said in ((true.people.lower, shown.people.lower), (true.people.upper, shown.people.upper)):
                assert said % 5 == 0
                assert end - 5 < said <= end
            assert shown.people.lower >= 5


@given(wholes(3))
def test_no_part_under_five_is_listed_and_those_left_out_hide_one_another(whole: Whole) -> None:
    for true, shown in pairs(whole, disclose(whole)):
        if shown.people is None:
            continue
        reached = [part for part in true.parts if part.people.upper > 0]
        listed = {part.key for part in shown.parts}
        assert all(part.people.lower >= 5 for part in reached if part.key in listed)
        left_out = [part.people.lower for part in reached if part.key not in listed]
        if left_out and listed:
            assert sum(left_out) >= 4 + len(left_out)
        if left_out and not listed:
            assert shown.parts_in_all is None
        if listed:
            assert shown.parts_in_all == len(reached)


@given(wholes(1))
def test_no_more_is_left_out_than_the_rule_asks_and_the_smallest_go_first(whole: Whole) -> None:
    parts = [part for part in whole.parts if part.people.upper > 0]
    listed = listed_of(parts)
    left_out = [part for part in parts if part not in listed]
    if all(part.people.lower >= 5 for part in parts):
        assert not left_out
    extra = sorted((part for part in left_out if part.people.lower >= 5), key=lambda part: (part.people.lower, part.key))
    if extra:
        assert all(extra[-1].people.lower <= part.people.lower for part in listed)
        without_last = [part.people.lower for part in left_out if part is not extra[-1]]
        assert sum(without_last) < 4 + len(without_last)


def test_the_words_of_the_ends_stay() -> None:
    assert rounded_down(Interval(7204, 7450, "more-than", "approximately")) == Interval(7200, 7450, "more-than", "approximately")


def test_one_small_part_takes_the_next_smallest_with_it() -> None:
    three, ten, forty = (Whole(str(n), Interval.exactly(n)) for n in (3, 10, 40))
    shown = disclose(Whole("", Interval.exactly(53), (three, ten, forty)))
    assert [part.key for part in shown.parts] == ["40"]
    assert shown.parts_in_all == 3
    assert disclose(Whole("", Interval.exactly(7), (three, Whole("4", Interval.exactly(4))))).parts_in_all is None


def test_a_number_of_places_is_not_said_where_it_would_tell_that_of_a_single_silent_one() -> None:
    says, silent = Shown("a", Interval.exactly(20), (), 3), Shown("b", Interval.exactly(20), (), None)
    assert places_said((says, says), 0, 6) == 6
    assert places_said((says, silent), 0, 5) is None
    assert places_said((says, silent), 1, 6) == 6
    assert places_said((), 2, 2) is None
