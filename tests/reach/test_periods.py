"""Periods: which counter keeps them, and how they are cut into months."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.reach.periods import (
    EVER,
    FIRST_YEAR,
    LAST_YEAR,
    Period,
    academic_year_of,
    keys_of,
    month_at,
    month_of,
    months_in,
    quarter_of,
    year_of,
)

DAYS = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(0, 3000)).map(lambda p: Period(p[0], min(p[0] + timedelta(days=p[1]), date(LAST_YEAR, 12, 31))))


@given(DAYS)
def test_a_day_lies_in_the_five_periods_whose_keys_it_has(day: date) -> None:
    holders = [month_of(day), quarter_of(day), year_of(day), academic_year_of(day), EVER]
    assert all(p.first_day <= day <= p.last_day for p in holders)
    assert tuple(p.key for p in holders) == keys_of(day)
    assert len(set(keys_of(day))) == 5


@given(DAYS, DAYS)
def test_two_days_share_a_key_exactly_where_they_share_the_period(one: date, other: date) -> None:
    for of, place in ((month_of, 0), (quarter_of, 1), (year_of, 2), (academic_year_of, 3)):
        assert (of(one) == of(other)) == (keys_of(one)[place] == keys_of(other)[place])


@given(PERIODS)
def test_split_gives_back_every_day_once(period: Period) -> None:
    months, edges = period.split()
    parts = sorted([*edges, *([months] if months else [])])
    assert parts[0].first_day == period.first_day
    assert parts[-1].last_day == period.last_day
    for before, after in pairwise(parts):
        assert before.last_day + timedelta(days=1) == after.first_day
    assert months is None or months.is_whole_months
    assert all(month_of(edge.first_day) == month_of(edge.last_day) and not edge.is_whole_months for edge in edges)
    assert period.is_whole_months == (months == period)


@given(PERIODS)
def test_only_counter_periods_have_a_key_and_they_are_whole_months(period: Period) -> None:
    kinds = (month_of, quarter_of, year_of, academic_year_of)
    assert (period.key is not None) == (period == EVER or any(of(period.first_day) == period for of in kinds))
    assert period.key is None or period.is_whole_months


@given(PERIODS)
def test_the_months_of_a_period_touch_it_and_follow_one_another(period: Period) -> None:
    months = months_in(period)
    assert months[0].first_day <= period.first_day
    assert months[-1].last_day >= period.last_day
    assert all(month_of(month.first_day) == month for month in months)
    assert len({month.key for month in months}) == len(months)


def test_keys_are_written_as_people_write_them() -> None:
    assert keys_of(date(2026, 11, 23)) == ("2026-11", "2026-Q4", "2026", "2026/27", "ever")
    assert keys_of(date(2026, 8, 31)) == ("2026-08", "2026-Q3", "2026", "2025/26", "ever")
    assert keys_of(date(2099, 9, 1))[3] == "2099/00"


def test_the_last_day_is_in_the_period_to_its_last_instant() -> None:
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    assert period.holds(datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    assert not period.holds(datetime(2027, 1, 1, tzinfo=UTC))
    assert month_at(datetime.fromisoformat("2027-01-01T01:00:00+02:00")) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 2, 1), date(2026, 1, 1)), (date(1, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), date(9999, 12, 31))],
)
def test_a_period_that_cannot_be_is_refused(first: date, last: date) -> None:
    with pytest.raises(ValueError, match="period"):
        Period(first, last)
