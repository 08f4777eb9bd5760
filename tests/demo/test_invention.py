"""Plans, histories and answers: pure, so tried without a database."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.items.registry import TYPES, type_of
from elearn.demo.history import Marking, Outline, Sitting, acts
from elearn.demo.minds import Mind
from elearn.demo.places import PLACES, places
from elearn.demo.plan import make_plan
from tests.catalogue.test_items import compiled

TODAY = date(2026, 11, 23)
MODULE = Outline("one", tuple((f"section-{number}", 10) for number in range(15)), has_quiz=True)

CHOICES = [{"id": key, "text": key, "correct": key == "a"} for key in "abcd"]
ITEMS = {
    "single-choice": {"choices": CHOICES},
    "true-false": {"choices": [{"id": "true", "correct": True}, {"id": "false"}]},
    "multiple-response": {"choices": CHOICES, "scoring": "per-option"},
    "matching": {
        "prompts": [{"id": key, "text": key, "match": key} for key in "abcd"],
        "choices": [{"id": key, "text": key} for key in "abcde"],
    },
    "ordering": {"choices": [{"id": key, "text": key} for key in "abcde"]},
    "numeric": {"value": 12, "tolerance": 1, "anticipated": [{"value": 24, "feedback": "no"}]},
    "cloze": {
        "text": "{{a}} {{b}} {{c}}",
        "gaps": [
            {"id": "a", "kind": "text", "accept": ["right"]},
            {"id": "b", "kind": "choice", "choices": CHOICES},
            {"id": "c", "kind": "numeric", "range": [3, 4], "unit": "km"},
        ],
    },
    "short-text": {"accept": ["right"], "anticipated": [{"text": "foreseen", "feedback": "no"}]},
}


def test_the_usual_plan_has_the_usual_size() -> None:
    plan = make_plan(students=400, institutions=12, seed=2026, today=TODAY)
    assert (len(plan.places), len(plan.classes), len(plan.professors), len(plan.students)) == (12, 20, 16, 400)
    lively = next(planned for planned in plan.classes if any(a.student == 0 for a in planned.attendances))
    assert 40 <= len(lively.attendances) <= 45
    assert 0 in lively.professors
    assert {professor for planned in plan.classes for professor in planned.professors} == set(range(16))


def test_names_come_in_many_scripts_and_lengths() -> None:
    names = [someone.name for someone in make_plan(students=400, institutions=12, seed=2026, today=TODAY).students]
    letters = "".join(names)
    for script in ("ا", "雪", "Д", "Đ", "ש", "ห", "ሰ", "김"):
        assert script in letters
    assert "O" in names
    assert max(map(len, names)) > 80
    assert max(Counter(names).values()) <= 3


@given(st.integers(1, 60), st.integers(1, 30), st.integers(), st.dates(date(2001, 1, 1), date(2090, 12, 31)))
def test_any_numbers_make_a_whole_plan(students: int, institutions: int, seed: int, today: date) -> None:
    plan = make_plan(students=students, institutions=institutions, seed=seed, today=today)
    assert len(plan.students) == students
    assert len({place.code for place in plan.places}) == len(plan.places) == institutions
    assert {a.student for planned in plan.classes for a in planned.attendances} == set(range(students))
    addresses = [someone.email for someone in (*plan.students, *plan.professors, *plan.coordinators)]
    assert len(set(addresses)) == len(addresses)
    for planned in plan.classes:
        assert plan.until - timedelta(days=425) < datetime.combine(planned.term.starts_on, plan.until.timetz())
        assert all(attendance.joined_at < plan.until for attendance in planned.attendances)


@given(st.integers())
def test_a_history_goes_forward_and_ends_before_today(seed: int) -> None:
    plan = make_plan(students=30, institutions=3, seed=seed, today=TODAY)
    for planned in plan.classes:
        for attendance in planned.attendances:
            done = list(acts(Random(seed), attendance.temperament, [MODULE], planned.term, attendance.joined_at))
            moments = [attendance.joined_at, *(act.at for act in done)]
            assert moments == sorted(moments)
            assert moments[-1] < plan.until
            assert all(act.at + timedelta(minutes=act.minutes) < plan.until for act in done if isinstance(act, Sitting))
            assert {act.key for act in done if isinstance(act, Marking)} <= {key for key, _ in MODULE.sections}


@pytest.mark.parametrize("type_", ITEMS)
def test_who_is_abler_answers_better(type_) -> None:
    definition = compiled(TYPES[type_], **ITEMS[type_])

    def mean(ability: float) -> float:
        item = type_of(definition)
        answers = [Mind(str(number), ability).response(definition, "an-item", 1) for number in range(300)]
        for answer in answers:
            assert item.read(definition, [answer] if isinstance(answer, str) else answer or []) == answer
        return sum(item.grade(definition, answer).points for answer in answers) / 300 / definition["points"]

    assert mean(-2) < mean(0.5) < mean(3)
    assert mean(3) > 0.85


def test_a_type_that_is_not_known_yet_is_left_out() -> None:
    assert Mind("a", 1.0).response({"type": "sculpture"}, "an-item", 1) is None


def test_further_institutions_are_numbered() -> None:
    assert places(14)[:12] == PLACES
    assert [place.code for place in places(14)[12:]] == ["D13", "D14"]
