"""What an item is worth after a correction: policies, keys, tries."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from elearn.assessment.regrading import Given, Policy, Worth, carried_over, marked, regraded
from elearn.catalogue.items.registry import type_of
from tests.catalogue.test_items import answered

IDS = ["a", "b", "c", "d", "e"]
policies = st.sampled_from(Policy)
points = st.integers(1, 300_000)


@st.composite
def definitions(draw, type_: str | None = None) -> dict[str, Any]:
    type_ = type_ or draw(st.sampled_from(["single-choice", "multiple-response", "short-text"]))
    common = {"type": type_, "points": draw(points), "language": "en"}
    if type_ == "short-text":
        accept = draw(st.lists(st.sampled_from(["Mars", "mars ", "Venus", "tor"]), min_size=1, unique=True))
        return {**common, "accept": {"en": accept}, "normalise": draw(st.sampled_from([[], ["case", "space"]]))}
    offered = draw(st.lists(st.sampled_from(IDS), min_size=2, unique=True))
    right = {draw(st.sampled_from(offered))} if type_ == "single-choice" else set(draw(st.lists(st.sampled_from(offered), min_size=1)))
    more = {"scoring": draw(st.sampled_from(["exact", "per-option", "right-minus-wrong"]))} if type_ == "multiple-response" else {}
    return {**common, **more, "choices": [{"id": key, "correct": key in right} for key in offered]}


def responses(type_: str) -> st.SearchStrategy[Any]:
    match type_:
        case "single-choice":
            return st.none() | st.sampled_from(IDS)
        case "multiple-response":
            return st.none() | st.lists(st.sampled_from(IDS), min_size=1, unique=True)
    return st.none() | st.sampled_from(["MARS", "venus", "x"])


@st.composite
def cases(draw) -> tuple[dict[str, Any], dict[str, Any], Given]:
    """Return an item as asked, its correction, and what somebody has for it by the key of then."""
    asked = draw(definitions())
    new = draw(definitions(asked["type"]))
    tries = tuple(draw(st.lists(responses(asked["type"]), max_size=3))) or (None,)
    by_hand = draw(st.booleans())
    penalty = draw(st.integers(0, 100))
    present = marked(asked, Given(tries, Worth(0, 0), penalty))
    if by_hand:
        present = Worth(draw(st.integers(0, present.max_points)), present.max_points)
    return asked, new, Given(tries, present, penalty, by_hand)


@given(cases(), policies)
def test_a_mark_stays_within_its_bounds(case, policy: Policy) -> None:
    asked, new, given_ = case
    worth = regraded(policy, given_, asked, new)
    assert 0 <= worth.points <= worth.max_points
    assert worth.max_points in {0, new["points"], given_.present.max_points}


@given(cases(), st.sampled_from([Policy.NEW_KEY, Policy.ACCEPT_BOTH, Policy.ONLY_RAISE]))
def test_the_same_key_changes_nothing(case, policy: Policy) -> None:
    asked, _, given_ = case
    assert regraded(policy, given_, asked, asked) == given_.present
    assert regraded(policy, given_, asked) == given_.present


@given(cases(), policies)
def test_marking_again_twice_is_marking_again_once(case, policy: Policy) -> None:
    asked, new, given_ = case
    once = regraded(policy, given_, asked, new)
    again = Given(given_.tries, once, given_.penalty, given_.by_hand)
    assert regraded(policy, again, asked, new) == once


@given(cases())
def test_only_raise_never_lowers(case) -> None:
    asked, new, given_ = case
    worth = regraded(Policy.ONLY_RAISE, given_, asked, new)
    assert worth.points >= given_.present.points
    assert worth.max_points == given_.present.max_points


@given(cases())
def test_accepting_both_is_at_least_each_of_the_two(case) -> None:
    asked, new, given_ = case
    assume(not given_.by_hand)
    both = regraded(Policy.ACCEPT_BOTH, given_, asked, new)
    assert both.points >= regraded(Policy.NEW_KEY, given_, asked, new).points
    assert both.points >= carried_over(given_.present, new["points"]).points


@given(cases(), policies, st.randoms())
def test_the_order_of_choices_does_not_matter(case, policy: Policy, random) -> None:
    asked, new, given_ = case
    turned = deepcopy(new)
    for part in ("choices", "accept"):
        if part == "choices" and part in turned:
            random.shuffle(turned[part])
    assert regraded(policy, given_, asked, turned) == regraded(policy, given_, asked, new)


@given(definitions(), definitions(), st.data(), policies)
def test_no_answer_to_an_older_state_of_an_item_crashes_a_new_one(asked, new, data, policy: Policy) -> None:
    response = data.draw(responses(asked["type"]))
    present = Worth(0, asked["points"])
    worth = regraded(policy, Given((response,), present), asked, new)
    assert 0 <= worth.points <= worth.max_points


@given(cases(), policies)
def test_what_an_erased_account_had_typed_keeps_its_mark_where_the_answer_would_be_read(case, policy: Policy) -> None:
    asked, new, given_ = case
    erased = Given((None,), given_.present, given_.penalty, given_.by_hand, is_erased=True)
    worth = regraded(policy, erased, asked, new)
    assert worth == (given_.present if policy.reads_answers else regraded(policy, given_, asked, new))


SINGLE = {"type": "single-choice", "points": 100_000, "choices": [{"id": "a", "correct": True}, {"id": "b", "correct": False}]}
FIXED = {**SINGLE, "choices": [{"id": "a", "correct": False}, {"id": "b", "correct": True}]}


@pytest.mark.parametrize(
    ("policy", "right_before", "right_now", "blank"),
    [
        (Policy.NEW_KEY, 0, 100_000, 0),
        (Policy.ACCEPT_BOTH, 100_000, 100_000, 0),
        (Policy.ONLY_RAISE, 100_000, 100_000, 0),
        (Policy.FULL_MARKS, 100_000, 100_000, 100_000),
    ],
)
def test_what_each_policy_gives(policy: Policy, right_before: int, right_now: int, blank: int) -> None:
    for response, before, after in (("a", 100_000, right_before), ("b", 0, right_now), (None, 0, blank)):
        assert regraded(policy, Given((response,), Worth(before, 100_000)), SINGLE, FIXED) == Worth(after, 100_000)


def test_a_void_item_leaves_the_total() -> None:
    assert regraded(Policy.VOID, Given(("a",), Worth(100_000, 100_000)), SINGLE) == Worth(0, 0)


def test_a_try_that_was_right_all_along_counts_and_costs_no_more_than_the_tries_before_it() -> None:
    said = Given(("b", "a"), Worth(70_000, 100_000), penalty=30)
    assert marked(SINGLE, said) == Worth(70_000, 100_000)
    assert regraded(Policy.NEW_KEY, said, SINGLE, FIXED) == Worth(100_000, 100_000)


def test_what_a_person_marked_is_carried_over_to_a_new_maximum() -> None:
    essay = {"type": "essay", "points": 400_000}
    given_ = Given(("my words",), Worth(150_000, 200_000), by_hand=True)
    assert regraded(Policy.NEW_KEY, given_, {"type": "essay", "points": 200_000}, essay) == Worth(300_000, 400_000)
    assert regraded(Policy.FULL_MARKS, given_, essay, essay) == Worth(400_000, 400_000)
    assert regraded(Policy.ONLY_RAISE, given_, essay, essay) == given_.present


def test_a_removed_choice_is_no_right_answer_any_more() -> None:
    assert type_of(SINGLE).grade(SINGLE, "gone").points == 0
    without = {**SINGLE, "choices": [{"id": "b", "correct": True}, {"id": "c", "correct": False}]}
    assert regraded(Policy.NEW_KEY, Given(("a",), Worth(100_000, 100_000)), SINGLE, without) == Worth(0, 100_000)


@given(answered(), answered(), policies)
def test_every_type_is_marked_again_within_bounds_and_by_the_same_key_as_before(pair, other, policy: Policy) -> None:
    """Of every type that a machine marks, also where the correction is another item of its type."""
    asked, response = pair
    present = marked(asked, Given((response,), Worth(0, 0)))
    given_ = Given((response,), present)
    if policy.reads_answers:
        assert regraded(policy, given_, asked, asked) == present
    new = other[0] if other[0]["type"] == asked["type"] else asked
    worth = regraded(policy, given_, asked, new)
    assert 0 <= worth.points <= worth.max_points
    assert regraded(policy, given_, asked, new) == worth
    if policy is Policy.ONLY_RAISE:
        assert worth.points >= present.points
