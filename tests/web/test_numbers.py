"""Numbers that a form or an address sends: whatever stands there, a number or none."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.web.numbers import number_in, numbers_in


@given(st.integers(0, 999_999_999))
def test_a_number_is_read_as_it_was_sent(number: int) -> None:
    assert number_in(str(number)) == number


@given(st.text())
def test_anything_else_is_no_number(text: str) -> None:
    assert 0 <= number_in(text) < 10**9
    assert all(number > 0 for number in numbers_in(text).values())


def test_what_no_row_can_have_is_none() -> None:
    assert [number_in(text) for text in (None, "", "-1", "1.5", "٣", "9" * 10, " 7")] == [0] * 7
    assert numbers_in("one:3 two:x :4 three") == {"one": 3}
