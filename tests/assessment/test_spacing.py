"""When a question comes back."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.assessment.spacing import PAUSES, Card, begun, recalled

DAY = date(2026, 3, 28)
days = st.dates(date(2000, 1, 1), date(2090, 1, 1))
answers = st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=30)


def follow(wrong_on: date, answers: list[tuple[bool, int]]) -> list[tuple[date, bool, Card]]:
    """Return each (day, whether it was right, card after it), where each answer comes so many days after the question was due."""
    card, found = begun(wrong_on), []
    for right, late in answers:
        if card.due_on is None:
            break
        day = card.due_on + timedelta(days=late)
        card = recalled(card, day, right=right)
        found.append((day, right, card))
    return found


def test_it_comes_back_after_one_three_seven_and_twenty_one_days_and_is_then_finished() -> None:
    card, asked, day = begun(DAY), [], DAY
    while card.due_on is not None:
        asked.append((card.due_on - day).days)
        day = card.due_on
        card = recalled(card, day, right=True)
    assert asked == [1, 3, 7, 21]
    assert card.is_finished
    assert not card.is_due(date.max)


def test_it_is_due_from_its_day_on_and_not_a_day_before() -> None:
    card = begun(DAY)
    assert [card.is_due(DAY + timedelta(days=n)) for n in (0, 1, 2, 400)] == [False, True, True, True]


def test_what_is_finished_is_not_asked_again() -> None:
    with pytest.raises(ValueError, match="finished"):
        recalled(Card(len(PAUSES), None), DAY, right=False)


@given(days, answers)
def test_a_wrong_recall_begins_again_wherever_it_stood(wrong_on: date, answers: list[tuple[bool, int]]) -> None:
    for day, right, card in follow(wrong_on, answers):
        assert right or card == begun(day)


@given(days, answers)
def test_only_four_right_recalls_in_a_row_finish_it(wrong_on: date, answers: list[tuple[bool, int]]) -> None:
    run = 0
    for _day, right, card in follow(wrong_on, answers):
        run = run + 1 if right else 0
        assert card.is_finished == (run == len(PAUSES))
        assert card.step == run


@given(days, answers)
def test_it_is_never_due_on_the_day_it_was_answered_and_the_pauses_grow(wrong_on: date, answers: list[tuple[bool, int]]) -> None:
    before = PAUSES[0]
    for day, right, card in follow(wrong_on, answers):
        assert not card.is_due(day)
        if card.due_on is not None:
            pause = (card.due_on - day).days
            assert pause in PAUSES
            assert pause > before if right else pause == PAUSES[0]
            before = pause
