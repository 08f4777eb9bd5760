"""Figures of quizzes and items against a plain computation, written from the definitions with nothing of the code it checks."""

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.assessment.mark_sums import STATES, Marked, QuizSums, merged
from elearn.assessment.statistics import flags_of, item_figures, quiz_figures

POINT = 100_000
#: An attempt: by item, what it was given and out of what.
Sheet = Mapping[int, tuple[int, int]]


# --- the plain computation: lists of numbers, one definition after the other ---


def mean(numbers: Sequence[Any]) -> Fraction:
    return Fraction(sum(numbers)) / len(numbers)


def covariance(one: Sequence[Any], other: Sequence[Any]) -> Fraction:
    middle_one, middle_other = mean(one), mean(other)
    total = Fraction(0)
    for a, b in zip(one, other, strict=True):
        total += (a - middle_one) * (b - middle_other)
    return total / (len(one) - 1)


def moment(numbers: Sequence[Any], power: int) -> Fraction:
    middle = mean(numbers)
    total = Fraction(0)
    for number in numbers:
        total += (number - middle) ** power
    return total / len(numbers)


def plain_quiz(sheets: Sequence[Sheet], places: Sequence[Sequence[Fraction]]) -> dict[str, Any]:
    """Return the figures of the quiz; ``places`` are the marks place by place, one of each attempt."""
    found: dict[str, Any] = dict.fromkeys(
        ("mean", "median", "deviation", "skewness", "kurtosis", "consistency", "error_ratio", "standard_error")
    )
    totals = [Fraction(sum(points for points, _ in sheet.values())) for sheet in sheets]
    maximum = mean([sum(most for _, most in sheet.values()) for sheet in sheets]) if sheets else 0
    s = len(totals)
    if s < 1 or maximum == 0:
        return found
    found["mean"] = 100 * mean(totals) / maximum
    order = sorted(totals)
    found["median"] = 100 * (order[s // 2] if s % 2 else (order[s // 2 - 1] + order[s // 2]) / 2) / maximum
    if s < 2 or covariance(totals, totals) == 0:
        return found
    m2, m3, m4 = (moment(totals, power) for power in (2, 3, 4))
    k2 = s * m2 / (s - 1)
    assert k2 == covariance(totals, totals)
    found["deviation"] = 100 * sqrt(k2) / maximum
    if s >= 3:
        k3 = s**2 * m3 / ((s - 1) * (s - 2))
        found["skewness"] = float(k3) / float(k2) ** 1.5
    if s >= 4:
        k4 = s**2 * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / ((s - 1) * (s - 2) * (s - 3))
        found["kurtosis"] = k4 / k2**2
    p = len(places)
    if p >= 2 and s >= 3:
        inside = Fraction(0)
        for marks in places:
            inside += covariance(marks, marks)
        found["consistency"] = 100 * Fraction(p, p - 1) * (1 - inside / k2)
        found["error_ratio"] = 100 * sqrt(1 - found["consistency"] / 100)
        found["standard_error"] = found["error_ratio"] * found["deviation"] / 100
    return found


def plain_items(sheets: Sequence[Sheet]) -> dict[int, dict[str, Any]]:
    names = ("facility", "deviation", "discrimination", "efficiency", "weight")
    items = sorted({item for sheet in sheets for item in sheet})
    found: dict[int, dict[str, Any]] = {}
    columns: dict[int, tuple[list[int], list[int], list[int]]] = {}
    for item in items:
        met = [sheet for sheet in sheets if item in sheet]
        totals = [sum(points for points, _ in sheet.values()) for sheet in met]
        x = [sheet[item][0] for sheet in met]
        columns[item] = (x, totals, [total - own for total, own in zip(totals, x, strict=True)])
        found[item] = dict.fromkeys(names)
        maximum = met[0][item][1]
        if maximum == 0:
            continue
        found[item]["facility"] = mean(x) / maximum
        if len(x) < 2:
            continue
        rest = columns[item][2]
        variance, rest_variance = covariance(x, x), covariance(rest, rest)
        if variance:
            found[item]["deviation"] = 100 * sqrt(variance) / maximum
        if variance and rest_variance:
            found[item]["discrimination"] = 100 * float(covariance(x, rest)) / sqrt(variance * rest_variance)
        best = covariance(sorted(x), sorted(rest))
        if best:
            found[item]["efficiency"] = 100 * covariance(x, rest) / best
    shares = {item: covariance(x, totals) for item, (x, totals, _) in columns.items() if len(x) > 1}
    whole = sum(sqrt(share) for share in shares.values() if share >= 0)
    for item, share in shares.items():
        x, totals, _ = columns[item]
        if share >= 0 and whole and covariance(x, x) and covariance(totals, totals):
            found[item]["weight"] = 100 * sqrt(share) / whole
    return found


# --- both on the same attempts ---


def sums_of(sheets: Sequence[Sheet], places: Sequence[Mapping[int, str]] | None = None) -> QuizSums:
    """Return the sums; ``places`` says of each attempt where its items stood, by default each in its own place."""
    sums = QuizSums()
    for number, sheet in enumerate(sheets):
        where = places[number] if places else {item: str(item) for item in sheet}
        sums.add([Marked(item, where[item], points, most, "wrong") for item, (points, most) in sheet.items()])
    return sums


def agree(found: float | None, expected: Any) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return found == pytest.approx(float(expected), rel=1e-9, abs=1e-9)


def check(sheets: Sequence[Sheet], columns: Sequence[Sequence[Fraction]], places: Sequence[Mapping[int, str]] | None = None) -> None:
    sums = sums_of(sheets, places)
    quiz = quiz_figures(sums)
    for name, expected in plain_quiz(sheets, columns).items():
        assert agree(getattr(quiz, name), expected), (name, getattr(quiz, name), expected)
    expected_items = plain_items(sheets)
    found = item_figures(sums)
    assert set(found) == set(expected_items)
    for item, figures in expected_items.items():
        for name, expected in figures.items():
            assert agree(getattr(found[item], name), expected), (item, name, getattr(found[item], name), expected)


def check_fixed(sheets: Sequence[Sheet]) -> None:
    """Check a quiz that asks everyone everything: each item is a place, unless it brings no points."""
    items = sorted(sheets[0]) if sheets else []
    check(sheets, [[Fraction(sheet[item][0]) for sheet in sheets] for item in items if sheets[0][item][1]])


def fixed_quiz(seed: int, attempts: int) -> list[Sheet]:
    """Return attempts by people of different ability; the last but one item is keyed wrongly, the last is not marked."""
    random = Random(seed)
    maxima = [POINT, POINT, 2 * POINT, 3 * POINT, 100_001, 7, POINT, POINT, 0]
    sheets = []
    for _ in range(attempts):
        ability = random.gauss(0, 1)
        sheet = {}
        for item, most in enumerate(maxima, start=1):
            sign = -1 if item == 8 else 1
            share = min(max(0.5 + sign * 0.2 * ability + random.gauss(0, 0.4), 0), 1)
            grain = random.choice([1, 2, 3, 7])
            sheet[item] = (round(most * round(share * grain) / grain), most)
        sheets.append(sheet)
    return sheets


@pytest.mark.parametrize("seed", range(3))
def test_two_thousand_attempts_agree_with_the_plain_computation(seed: int) -> None:
    sheets = fixed_quiz(seed, 2000)
    check_fixed(sheets)
    figures = item_figures(sums_of(sheets))
    assert figures[8].is_negative
    assert figures[8].discrimination < 0
    assert figures[8].weight is None
    assert sum(each.weight or 0 for each in figures.values()) == pytest.approx(100)


@pytest.mark.parametrize("seed", range(3))
def test_two_thousand_attempts_of_a_drawn_quiz_agree(seed: int) -> None:
    random = Random(seed)
    sheets: list[Sheet] = []
    places = []
    columns: list[list[Fraction]] = [[] for _ in range(5)]
    for _ in range(2000):
        ability = random.gauss(0, 1)
        drawn = random.sample(range(1, 13), 5)
        sheet = {item: (POINT * (random.gauss(item / 12, 1) < ability), POINT) for item in drawn}
        sheets.append(sheet)
        places.append({item: f"any-{number}" for number, item in enumerate(drawn)})
        for number, item in enumerate(drawn):
            columns[number].append(Fraction(sheet[item][0]))
    check(sheets, columns, places)


few_marks = st.integers(0, 4).map(lambda quarters: quarters * POINT // 4)


@given(st.integers(0, 7), st.integers(1, 4), st.data())
def test_few_attempts_and_odd_ones_agree(attempts: int, items: int, data: st.DataObject) -> None:
    maxima = data.draw(st.lists(st.sampled_from([0, POINT]), min_size=items, max_size=items))
    sheets: list[Sheet] = [{item: (data.draw(few_marks) if most else 0, most) for item, most in enumerate(maxima)} for _ in range(attempts)]
    check_fixed(sheets)


@pytest.mark.parametrize("attempts", [0, 1, 2, 3])
def test_what_has_no_value_says_so(attempts: int) -> None:
    sheets: list[Sheet] = [{1: (n * POINT, 3 * POINT), 2: (n * n * POINT, 9 * POINT)} for n in range(attempts)]
    check_fixed(sheets)
    quiz = quiz_figures(sums_of(sheets))
    assert (quiz.mean is None) == (attempts < 1)
    assert (quiz.deviation is None) == (attempts < 2)
    assert (quiz.skewness is None) == (attempts < 3)
    assert (quiz.consistency is None) == (attempts < 3)
    assert quiz.kurtosis is None


def test_where_all_are_equal_there_is_no_spread_to_speak_of() -> None:
    sums = sums_of([{1: (POINT, POINT), 2: (0, POINT)}] * 5)
    quiz, items = quiz_figures(sums), item_figures(sums)
    assert (quiz.mean, quiz.median) == (50, 50)
    assert (quiz.deviation, quiz.skewness, quiz.kurtosis, quiz.consistency) == (None,) * 4
    for figures in items.values():
        assert (figures.deviation, figures.discrimination, figures.efficiency, figures.weight) == (None,) * 4
    assert [figures.facility for figures in items.values()] == [1, 0]


def test_one_item_agrees_with_nothing() -> None:
    sums = sums_of([{1: (n * POINT, 9 * POINT)} for n in range(10)])
    assert quiz_figures(sums).consistency is None
    assert item_figures(sums)[1].discrimination is None
    assert item_figures(sums)[1].weight == 100


def test_a_known_case_by_hand() -> None:
    # Totals 3, 2, 1, 0 of 3; the items sort people alike (Guttman): each V = 1/4 or 1/3, V(T) = 5/3, alpha = 3/2·(1 − (5/6)/(5/3)) = 3/4.
    sheets = [{item: (POINT * (item <= right), POINT) for item in (1, 2, 3)} for right in (3, 2, 1, 0)]
    quiz = quiz_figures(sums_of(sheets))
    assert (quiz.mean, quiz.median) == (50, 50)
    assert quiz.consistency == pytest.approx(75)
    assert quiz.error_ratio == pytest.approx(50)
    assert quiz.skewness == 0
    assert quiz.kurtosis == pytest.approx(-1.2)
    second = item_figures(sums_of(sheets))[2]
    assert second.facility == 0.5
    assert second.efficiency == pytest.approx(100)
    assert second.discrimination == pytest.approx(100 * (1 / 3) / sqrt(1 / 3 * 2 / 3))


# --- sums ---


marked = st.builds(
    Marked,
    st.integers(1, 5),
    st.sampled_from(["1", "2", "any-1"]),
    st.integers(0, POINT),
    st.just(POINT),
    st.sampled_from(STATES),
    st.lists(st.sampled_from(["a", "b", "c"]), unique=True),
)
attempts_made = st.lists(st.lists(marked, max_size=5, unique_by=lambda each: each.item_revision_id), max_size=12)


def counted(attempts: Sequence[Sequence[Marked]]) -> QuizSums:
    sums = QuizSums()
    for marks in attempts:
        sums.add(marks)
    return sums


@given(attempts_made, st.data())
def test_counting_in_parts_and_in_any_order_is_counting_at_once(attempts: list[list[Marked]], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(attempts))
    cut, other = sorted(data.draw(st.tuples(st.integers(0, len(attempts)), st.integers(0, len(attempts)))))
    parts = data.draw(st.permutations([counted(shuffled[:cut]), counted(shuffled[cut:other]), counted(shuffled[other:])]))
    before = [part.as_json() for part in parts]
    assert merged(parts) == counted(attempts)
    assert [part.as_json() for part in parts] == before


@given(attempts_made)
def test_what_is_kept_comes_back_the_same(attempts: list[list[Marked]]) -> None:
    sums = counted(attempts)
    assert QuizSums.from_json(json.loads(json.dumps(sums.as_json()))) == sums


def test_large_sums_stay_exact() -> None:
    sums = QuizSums()
    for _ in range(3):
        sums.add([Marked(1, "1", 10**11, 10**11, "right")])
    back = QuizSums.from_json(json.loads(json.dumps(sums.as_json())))
    assert back.powers[3] == 3 * 10**44


# --- flags ---


def flagged(sheets: Sequence[Sheet], item: int, **known: Any) -> tuple[str, ...]:
    sums = sums_of(sheets)
    return flags_of(sums.items[item], item_figures(sums)[item], **({"guess": None, "distractors": {}} | known))


def test_a_wrong_key_is_flagged_as_negative() -> None:
    assert "negative" in flagged([{1: (POINT * (n < 3), POINT), 2: (POINT * n, 9 * POINT)} for n in range(9)], 1)


def test_below_guessing_is_below_and_not_at_it() -> None:
    sheets: list[Sheet] = [{1: (POINT * (n == 0), POINT), 2: (POINT * (n < 2), POINT)} for n in range(4)]
    assert "guessing" not in flagged(sheets, 1, guess=Fraction(1, 4))
    assert "guessing" in flagged(sheets, 1, guess=Fraction(1, 3))
    assert "guessing" not in flagged(sheets, 1)


def test_low_efficiency_and_a_distractor_that_nobody_takes_are_flagged() -> None:
    random = Random(7)
    sheets: list[Sheet] = [{1: (POINT * random.randrange(2), POINT), 2: (random.randrange(100), 100)} for _ in range(500)]
    assert "efficiency" in flagged(sheets, 1)
    good: list[Sheet] = [{1: (POINT * (n > 5), POINT), 2: (POINT * n, 9 * POINT)} for n in range(10)]
    assert flagged(good, 1, distractors={"a": 1, "b": 2}) == ()
    assert flagged(good, 1, distractors={"a": 0, "b": 2}) == ("distractor",)
