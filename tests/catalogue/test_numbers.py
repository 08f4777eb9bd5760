"""Numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.items.numbers import NotANumber, accepted, read_number, readings, text_of

UNITS = ("km", "per cent", "%", "€")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("+12", "12"),
        ("007", "7"),
        ("1.5", "1.5"),
        ("1,5", "1.5"),
        ("1,200", "1.2"),
        ("1.200", "1.2"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1,200,000", "1200000"),
        ("1.200.000", "1200000"),
        ("1,200.5", "1200.5"),
        ("1.200,5", "1200.5"),
        ("12,34,567.8", "1234567.8"),
        ("1 200", "1200"),
        ("1\u00a0200\u202f000,25", "1200000.25"),
        ("1\u2009200", "1200"),
        ("1'200.5", "1200.5"),
        ("1’200’000", "1200000"),
        ("١٢٣", "123"),
        ("١٢٣٫٥", "123.5"),
        ("١٬٢٠٠٫٥", "1200.5"),
        ("١٢٣،٥", "123.5"),
        ("۱۲۳٫۵", "123.5"),
        ("१२३.५", "123.5"),
        ("\uff11\uff12\uff0e\uff15", "12.5"),
        ("\u200f١٢\u200e", "12"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("–5", "-5"),
        ("\uff0d5", "-5"),
        ("- 5", "-5"),
        ("-0", "0"),
        ("1e3", "1000"),
        ("1,5E-3", "0.0015"),
        ("2e+2", "200"),
        ("5 km", "5"),
        ("5km", "5"),
        ("٥ km", "5"),
        ("12,5 %", "12.5"),
        ("١٢٫٥٪", "12.5"),
        ("7 Per Cent", "7"),
        ("  7  ", "7"),
        ("3\u00a0€", "3"),
        ("1" * 50, "1" * 50),
    ],
)
def test_a_number_is_read_as_it_is_meant(typed, number):
    assert read_number(typed, UNITS) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "both"),
    [
        ("1,200", ["1.2", "1200"]),
        ("-15.000", ["-15", "-15000"]),
        ("0.125", ["0.125"]),
        ("1,20", ["1.2"]),
        ("1٫200", ["1.2"]),
        ("1234,567", ["1234.567"]),
    ],
)
def test_one_separator_before_three_digits_may_mean_either(typed, both):
    assert list(readings(typed)) == [Decimal(number) for number in both]


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "km", ",", "-", "five", "5 miles", "5 KM", "5 km km", "1 2", "12 34", "1,2,3", "1.2.3,4", "1,200'000", "1..2", "1,,2",
        "1,200.000.5", "--5", "5-", "5 - 3", "1/2", "²", "½", "Ⅳ", "1e", "1e999", "1e1.5", "0x10", "1_000", "NaN", "Infinity", "1" * 51,
        "\x00", "1\x002", "1٫5٫5", "(5)", "5=5", "<5",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(typed):
    with pytest.raises(NotANumber):
        read_number(typed, UNITS)


@given(st.text(max_size=60))
def test_anything_can_be_typed(text):
    try:
        number = read_number(text, UNITS)
    except NotANumber:
        return
    assert number.is_finite()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_number_that_is_written_out_is_read_the_same(number):
    assert read_number(text_of(number)) == number
    assert read_number(f"{number:,f}".replace(",", " ")) == number
    assert read_number(f"{number:f}".replace(".", "٫").translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == number


@given(st.integers(-1000, 1000), st.integers(0, 1000), st.integers(-3000, 3000))
def test_what_is_accepted_lies_no_further_off_than_the_tolerance(value, tolerance, typed):
    assert accepted({"value": str(value), "tolerance": str(tolerance)}).takes(str(typed)) == (abs(typed - value) <= tolerance)
    assert accepted({"range": [str(value), str(value + tolerance)]}).holds(Decimal(typed)) == (value <= typed <= value + tolerance)
