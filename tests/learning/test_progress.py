"""Progress, as pure rules."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from elearn.learning.progress import (
    Gained,
    count_done,
    counting_mark,
    course_mark,
    done_keys,
    is_complete,
    key_to_resume,
    percent,
    shown_points,
)

KEYS = ["a", "b", "c", "d", "e"]
some_done = st.lists(st.sampled_from([*KEYS, "gone"]), unique=True)


@given(some_done, st.sampled_from(KEYS), st.booleans())
def test_marking_twice_is_marking_once(done, key, is_done) -> None:
    once = done_keys(done, key, KEYS, is_done=is_done)
    assert done_keys(once, key, KEYS, is_done=is_done) == once
    assert (key in once) is is_done
    assert set(once) - {key} == set(done) - {key}


@given(some_done)
def test_a_module_is_complete_when_everything_is_done_and_the_quiz_submitted(done) -> None:
    everything = set(KEYS) <= set(done)
    assert is_complete(done, KEYS, has_quiz=False, quiz_submitted=False) is everything
    assert is_complete(done, KEYS, has_quiz=True, quiz_submitted=True) is everything
    assert not is_complete(done, KEYS, has_quiz=True, quiz_submitted=False)
    assert 0 <= count_done(done, KEYS) <= len(KEYS)


@given(some_done, st.sampled_from(["", *KEYS]))
def test_one_resumes_at_something_not_done_after_the_last_where_there_is_such(done, last) -> None:
    key = key_to_resume(done, last, KEYS)
    left = [k for k in KEYS if k not in done]
    if not left:
        assert key is None
    else:
        assert key in left
        after = [k for k in left if last and KEYS.index(k) > KEYS.index(last)]
        assert not after or key == after[0]


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_per_cent_is_rounded_down(points, most) -> None:
    points = min(points, most)
    assert percent(points, most) * most <= points * 100 < (percent(points, most) + 1) * most


gained = st.lists(st.builds(Gained, st.integers(0, 100), st.integers(0, 100), is_provisional=st.booleans()), min_size=1, max_size=6)


@given(gained)
def test_of_several_marks_the_one_that_the_rule_says_counts(marks) -> None:
    best = counting_mark(marks, "best")
    assert best.share == max(mark.share for mark in marks)
    # An equal one does not replace it.
    assert best is next(mark for mark in marks if mark.share == best.share)
    assert (counting_mark(marks, "first"), counting_mark(marks, "last")) == (marks[0], marks[-1])


@given(gained)
def test_an_average_is_that_of_the_shares_and_waits_where_one_waits(marks) -> None:
    average = counting_mark(marks, "average")
    exact = sum(mark.share for mark in marks) / len(marks) * marks[-1].max_points
    assert average.max_points == marks[-1].max_points
    assert abs(average.points - exact) <= Fraction(1, 2)
    assert average.is_provisional is any(mark.is_provisional for mark in marks)


def test_points_are_shown_without_idle_zeros() -> None:
    assert [shown_points(p) for p in (0, 100_000, 150_000, 33_333, 66_667, 1_234_567)] == ["0", "1", "1.5", "0.33", "0.67", "12.35"]


MARK = st.tuples(st.integers(0, 50), st.integers(1, 50), st.integers(0, 5)).map(lambda m: (min(m[0], m[1]), m[1], m[2]))
MARKS = st.lists(MARK, max_size=8)


@given(MARKS, st.integers(0, 9))
def test_the_mark_of_a_course_is_the_exact_mean_by_weight(marks, more: int) -> None:
    total = sum(weight for _, _, weight in marks) + more
    found = course_mark(marks, total)
    weights = sum(weight for _, _, weight in marks)
    assert (found.taken, found.total) == (weights, total)
    if not weights:
        assert found.percent is None
        return
    exact = sum((Fraction(points, most) * weight for points, most, weight in marks), Fraction(0)) / weights * 100
    assert found.percent <= exact < found.percent + 1
    assert found == course_mark(reversed(marks), total)
