"""The second factor as a rule."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
from hypothesis import given
from hypothesis import strategies as st

from elearn.accounts import second_factor
from elearn.accounts.credentials import LETTERS
from elearn.accounts.devices import browser_and_system

KEY = "a key of this installation, long enough"
moments = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
SECRET = second_factor.secret_of("a nonce", KEY)


def code_at(at: datetime, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(at)


@given(moments, st.integers(-300, 300))
def test_a_code_is_right_for_one_step_either_way(at: datetime, late: int) -> None:
    step = int(at.timestamp()) // 30
    shown = at + timedelta(seconds=late)
    found = second_factor.step_of(code_at(shown), SECRET, at, None)
    distance = int(shown.timestamp()) // 30 - step
    if abs(distance) <= 1:
        assert found is not None
        assert code_at(datetime.fromtimestamp(found * 30, UTC)) == code_at(shown)
    else:
        assert found is None or code_at(datetime.fromtimestamp(found * 30, UTC)) == code_at(shown), "by chance, one in 300,000"


@given(moments)
def test_no_step_is_taken_twice_nor_one_before_it(at: datetime) -> None:
    step = second_factor.step_of(code_at(at), SECRET, at, None)
    assert second_factor.step_of(code_at(at), SECRET, at, step) is None
    before = at - timedelta(seconds=30)
    if code_at(before) not in {code_at(at), code_at(at + timedelta(seconds=30))}:
        assert second_factor.step_of(code_at(before), SECRET, at, step) is None


@given(st.text(max_size=70), moments)
def test_whatever_is_typed_is_answered(typed: str, at: datetime) -> None:
    second_factor.step_of(second_factor.typed_code(typed), SECRET, at, None)
    assert len(second_factor.digest_of_recovery_code(1, typed)) == 64


@given(st.lists(st.sampled_from(" -\u00a0\u2009"), min_size=6, max_size=6))
def test_spaces_and_digits_of_other_scripts_are_the_same_code(spaces: list[str]) -> None:
    assert second_factor.typed_code("".join(a + b for a, b in zip("123456", spaces, strict=True))) == "123456"
    assert second_factor.typed_code("١٢٣ ٤٥٦") == "123456"
    assert second_factor.typed_code("１２３４５６") == "123456"


def test_recovery_codes_are_many_random_bits_and_each_person_s_own() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == second_factor.RECOVERY_CODES == 10
    assert len(LETTERS) ** second_factor.RECOVERY_LETTERS > 2**50
    assert all(re.fullmatch(rf"([{LETTERS}]{{4}}-){{3}}[{LETTERS}]{{4}}", code) for code in codes)
    digest = second_factor.digest_of_recovery_code
    assert digest(1, codes[0]) == digest(1, codes[0].lower().replace("-", " "))
    assert digest(1, codes[0]) != digest(2, codes[0])


def test_a_secret_is_made_from_the_nonce_and_the_key() -> None:
    assert re.fullmatch(r"[A-Z2-7]{32}", SECRET)
    assert len({SECRET, second_factor.secret_of("a nonce", KEY + "x"), second_factor.secret_of("another nonce", KEY)}) == 3
    assert second_factor.new_nonce() != second_factor.new_nonce()
    assert second_factor.in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"


@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_any_name_makes_an_address_that_an_app_reads(account: str, issuer: str) -> None:
    made = second_factor.key_address(SECRET, account=account or "x", issuer=issuer)
    read = pyotp.parse_uri(made)
    assert read.secret == SECRET
    assert made.isascii()


def test_the_picture_is_one() -> None:
    picture = second_factor.picture(second_factor.key_address(SECRET, account="ana@example.org", issuer="elearn"))
    assert picture.startswith("data:image/svg+xml")
    assert "<script" not in picture


def test_a_device_is_known_by_two_words() -> None:
    known = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": ("Firefox", "Linux"),
        "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36": (
            "Chrome",
            "Android",
        ),
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0": ("Edge", "Windows"),
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile/15E148 Safari/604.1": (
            "Safari",
            "iPhone",
        ),
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36": (
            "Samsung Internet",
            "Android",
        ),
        "curl/8.5": ("", ""),
        "": ("", ""),
    }
    assert {agent: browser_and_system(agent) for agent in known} == known
