"""The rules of a quiz, as pure rules: deadlines, what is shown when, and that nobody who was given more has less."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from elearn.assessment.rules import MOMENTS, SHOWN, QuizRules, author_rules, class_rules, extended
from elearn.assessment.scoring import after_tries

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
rules = st.builds(
    QuizRules,
    pass_mark=st.integers(0, 100),
    attempts=st.integers(0, 5),
    minutes=st.integers(0, 1440),
    closes_at=st.none() | moments,
    review=st.fixed_dictionaries({what: st.sampled_from(MOMENTS) for what in SHOWN}),
)
extensions = st.none() | st.fixed_dictionaries(
    {"closes_at": st.none() | moments, "more_minutes": st.integers(0, 600), "more_attempts": st.integers(0, 5)}
)


@given(rules, moments)
def test_a_deadline_is_the_sooner_of_the_time_and_the_closing(quiz: QuizRules, began: datetime) -> None:
    deadline = quiz.deadline(began)
    limits = [limit for limit in (quiz.closes_at, began + timedelta(minutes=quiz.minutes) if quiz.minutes else None) if limit]
    assert deadline == (min(limits) if limits else None)


@given(rules, extensions, moments)
def test_whoever_was_given_more_never_has_less(quiz: QuizRules, extension, began: datetime) -> None:
    mine = extended(quiz, extension)
    before, after = quiz.deadline(began), mine.deadline(began)
    assert after is None or (before is not None and after >= before)
    assert mine.attempts == 0 or mine.attempts >= quiz.attempts > 0


@given(rules, moments)
def test_what_is_shown_after_closing_is_not_shown_before(quiz: QuizRules, at: datetime) -> None:
    for what in SHOWN:
        expected = {"submitted": True, "never": False, "closed": quiz.closes_at is None or at >= quiz.closes_at}
        assert quiz.shows(what, at) is expected[quiz.review[what]]


def test_what_a_class_leaves_open_is_as_its_author_set_it() -> None:
    author = author_rules({"pass_mark": 60, "attempts": 3, "grading": "last", "minutes": 30})
    assert class_rules(author, None) == author
    nothing = dict.fromkeys(("opens_at", "closes_at", "minutes", "attempts", "grading", "feedback", "penalty", "review"))
    assert class_rules(author, nothing | {"is_blind": False}) == author
    assert class_rules(author, nothing | {"attempts": 0, "minutes": 0, "is_blind": True}).attempts == 0


def test_an_edition_of_before_says_what_it_always_said() -> None:
    assert author_rules({"pass_mark": 60, "attempts": 3}) == QuizRules(60, 3)


@given(st.integers(0, 10**9), st.integers(1, 10), st.integers(0, 100))
def test_a_further_try_costs_its_share_and_never_more_than_all(points: int, tries: int, penalty: int) -> None:
    left = after_tries(points, tries, penalty)
    assert 0 <= left <= points
    assert abs(left - points * max(100 - penalty * (tries - 1), 0) / 100) <= 0.5
    assert after_tries(points, 1, penalty) == points
