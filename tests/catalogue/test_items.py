"""The item types: what is shown, what is right, and what it is worth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.items import multiple_response, short_text, single_choice, true_false
from elearn.catalogue.items.item import MICRO, share_of
from elearn.catalogue.items.registry import TYPES, type_of
from elearn.catalogue.items.wording import rendered

COMMON = {"id": "item", "prompt": "Which?", "outcome": "know", "bloom": "apply"}
RULES = ("exact", "per-option", "right-minus-wrong")


def compiled(type_, **facts):
    source = type_.Source.model_validate({**COMMON, "type": type_.TYPE, **facts})
    definition = type_.parse(source, "en")
    wording, labels = definition["wording"]["en"], {"true": "True", "false": "False"}
    return definition | {"html": {"en": rendered(wording, type_.WORDING, lambda text: f"<p>{text}</p>" if text else "", labels)}}


def choices(*rights, **more):
    return [{"id": f"c{n}", "text": f"Choice {n}", "correct": right, "feedback": f"Since {n}.", **more} for n, right in enumerate(rights)]


#: Letters that Unicode writes in several ways, and what normalisation looks at. (Building all of Unicode takes hypothesis seconds.)
LETTERS = "abAB éÉe\u0301ßSſﬁåÅ.,'’-_…\t\u00a0\u200b٣३"

points_st = st.decimals(min_value=Decimal("0.00001"), max_value=1000, places=5)


@st.composite
def multiple(draw):
    rights = draw(st.lists(st.booleans(), min_size=2, max_size=8).filter(any))
    return compiled(multiple_response, scoring=draw(st.sampled_from(RULES)), choices=choices(*rights), points=draw(points_st))


@st.composite
def single(draw):
    count = draw(st.integers(2, 10))
    right = draw(st.integers(0, count - 1))
    return compiled(single_choice, choices=choices(*(n == right for n in range(count))), points=draw(points_st))


@st.composite
def words(draw):
    accept = draw(st.lists(st.text(LETTERS, min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=4))
    rules = draw(st.lists(st.sampled_from(["case", "space", "accents", "punctuation"]), unique=True))
    return compiled(short_text, accept=accept, normalise=rules, points=draw(points_st))


any_item = st.one_of(multiple(), single(), words())


def key_of(definition):
    if definition["type"] == "short-text":
        return definition["accept"]["en"][0]
    right = [choice["id"] for choice in definition["choices"] if choice["correct"]]
    return right if definition["type"] == "multiple-response" else right[0]


@st.composite
def answered(draw):
    definition = draw(any_item)
    if definition["type"] == "short-text":
        values = [draw(st.text(LETTERS, max_size=20))]
    else:
        known = [choice["id"] for choice in definition["choices"]]
        most = len(known) if definition["type"] == "multiple-response" else 1
        values = draw(st.lists(st.sampled_from(known), max_size=most, unique=True))
    return definition, type_of(definition).read(definition, values)


@given(answered())
def test_marks_lie_between_nothing_and_all(pair):
    definition, response = pair
    grade = type_of(definition).grade(definition, response)
    assert 0 <= grade.points <= grade.maximum == definition["points"]
    assert (grade.correct is None) == (response is None)
    assert (grade.correct is True) <= (grade.points == grade.maximum)


@given(answered())
def test_grading_twice_gives_the_same_mark(pair):
    definition, response = pair
    assert type_of(definition).grade(definition, response) == type_of(definition).grade(definition, response)


@given(any_item)
def test_the_full_key_brings_full_marks(definition):
    grade = type_of(definition).grade(definition, key_of(definition))
    assert (grade.points, grade.correct) == (grade.maximum, True)
    assert all(grade.verdicts.values())


@given(any_item)
def test_no_answer_brings_nothing_and_is_neither_right_nor_wrong(definition):
    grade = type_of(definition).grade(definition, None)
    assert (grade.points, grade.correct, dict(grade.verdicts)) == (0, None, {})


@given(answered(), st.randoms())
def test_the_order_of_the_choices_changes_no_mark(pair, random):
    definition, response = pair
    if "choices" not in definition:
        return
    shuffled = definition | {"choices": random.sample(definition["choices"], len(definition["choices"]))}
    values = response if isinstance(response, list) else [response or ""]
    again = type_of(shuffled).read(shuffled, list(reversed(values)))
    assert type_of(shuffled).grade(shuffled, again) == type_of(definition).grade(definition, response)


@given(multiple())
def test_ticking_one_more_wrong_choice_never_helps(definition):
    right, wrong = key_of(definition), [choice["id"] for choice in definition["choices"] if not choice["correct"]]
    marks = [multiple_response.grade(definition, right + wrong[:count]).points for count in range(len(wrong) + 1)]
    assert marks == sorted(marks, reverse=True)


@given(answered())
def test_reading_a_form_again_changes_nothing(pair):
    definition, response = pair
    if response is not None:
        values = response if isinstance(response, list) else [response]
        assert type_of(definition).read(definition, values) == response


@pytest.mark.parametrize(
    ("rule", "ticked", "share"),
    [
        ("exact", ["c0", "c1"], 1),
        ("exact", ["c0"], 0),
        ("exact", ["c0", "c1", "c2"], 0),
        ("per-option", ["c0", "c1"], 1),
        ("per-option", ["c0"], Fraction(4, 5)),
        ("per-option", ["c2", "c3", "c4"], 0),
        ("per-option", ["c0", "c1", "c2", "c3", "c4"], Fraction(2, 5)),
        ("right-minus-wrong", ["c0", "c1"], 1),
        ("right-minus-wrong", ["c0"], Fraction(1, 2)),
        ("right-minus-wrong", ["c0", "c2"], Fraction(1, 6)),
        ("right-minus-wrong", ["c2"], 0),
        ("right-minus-wrong", ["c0", "c1", "c2", "c3", "c4"], 0),
    ],
)
def test_each_scoring_rule_brings_its_share(rule, ticked, share):
    definition = compiled(multiple_response, scoring=rule, choices=choices(True, True, False, False, False), points=3)
    assert multiple_response.grade(definition, ticked).points == round(3 * MICRO * share)


def test_weights_sum_where_they_stand():
    weighted = [{"id": key, "text": key, "weight": weight, "feedback": "f"} for key, weight in (("a", 60), ("b", 40), ("c", -50))]
    definition = compiled(multiple_response, scoring="right-minus-wrong", choices=weighted)
    assert multiple_response.check(definition) == []
    assert [multiple_response.grade(definition, ticked).points for ticked in (["a"], ["a", "b"], ["a", "c"], ["c"])] == [
        60_000,
        100_000,
        10_000,
        0,
    ]


def test_a_single_choice_may_be_worth_a_part():
    weighted = [{"id": key, "text": key, "weight": weight, "feedback": "f"} for key, weight in (("a", 100), ("b", 50), ("c", 0))]
    definition = compiled(single_choice, choices=weighted, points=2)
    assert single_choice.check(definition) == []
    assert [single_choice.grade(definition, key).points for key in "abc"] == [200_000, 100_000, 0]
    assert single_choice.guess(definition) == Fraction(1, 2)


@pytest.mark.parametrize(
    ("type_", "facts", "code"),
    [
        (single_choice, {"choices": choices(False, False)}, "no-right-answer"),
        (single_choice, {"choices": choices(True, True)}, "two-right-answers"),
        (single_choice, {"choices": choices(True, False, weight=20)}, "weight"),
        (single_choice, {"choices": choices(True, False, feedback=None)}, "no-feedback"),
        (multiple_response, {"scoring": "exact", "choices": choices(False, False)}, "no-right-answer"),
        (multiple_response, {"scoring": "exact", "choices": choices(True, True, weight=50)}, "weight"),
        (multiple_response, {"scoring": "right-minus-wrong", "choices": choices(True, True, weight=40)}, "weights-do-not-sum"),
        (short_text, {"accept": ["…"], "normalise": ["punctuation"]}, "empty-answer"),
        (short_text, {"accept": ["Mülle r"], "anticipated": [{"text": " mülle  R", "feedback": "f"}]}, "anticipated-is-accepted"),
    ],
)
def test_what_is_no_fair_question_is_said(type_, facts, code):
    assert code in {problem.code for problem in type_.check(compiled(type_, **facts))}


@pytest.mark.parametrize(
    ("rules", "accepted", "typed", "right"),
    [
        ([], "Botnet", "Botnet", True),
        ([], "Botnet", "botnet", False),
        (["case"], "STRASSE", "straße", True),
        (["case", "space"], "child  abuse", " Child abuse\n", True),
        (["accents"], "réseau", "reseau", True),
        (["punctuation"], "e-mail", "email", True),
        (["case"], "ﬁle", "FILE", True),
        (["case", "space", "accents", "punctuation"], "Côte d’Ivoire", "cote divoire", True),
        (["case", "space"], "botnet", "botnets", False),
    ],
)
def test_short_texts_are_compared_as_the_item_says(rules, accepted, typed, right):
    definition = compiled(short_text, accept=[accepted], normalise=rules)
    assert short_text.grade(definition, short_text.read(definition, [typed])).correct is right


@given(st.text(LETTERS, max_size=40), st.lists(st.sampled_from(["case", "space", "accents", "punctuation"]), unique=True))
def test_normalising_again_changes_nothing(text, rules):
    once = short_text.normalised(text, rules)
    assert short_text.normalised(once, rules) == once


def test_a_translated_answer_is_right_in_every_language():
    definition = compiled(short_text, accept=["botnet"])
    definition["accept"]["fr"] = ["réseau de zombies"]
    assert short_text.grade(definition, "Réseau de zombies").correct


def test_a_foreseen_wrong_answer_gets_its_own_feedback():
    definition = compiled(short_text, accept=["botnet"], anticipated=[{"text": "Virus", "feedback": "Not that."}], feedback="So it is.")
    explained = short_text.explain(definition, "virus ", "en")
    assert (explained.answer_html, explained.feedback_html, explained.accepted) == ("<p>Not that.</p>", "<p>So it is.</p>", ("botnet",))
    assert short_text.explain(definition, "worm", "en").answer_html == ""


@pytest.mark.parametrize(("type_", "more"), [(single_choice, {}), (multiple_response, {"scoring": "exact"})])
def test_a_form_that_names_what_was_not_offered_is_refused(type_, more):
    definition = compiled(type_, choices=choices(True, False), **more)
    with pytest.raises(ValueError, match="has no choice"):
        type_.read(definition, ["c9"])


def test_two_answers_to_a_single_choice_are_refused():
    definition = compiled(single_choice, choices=choices(True, False))
    with pytest.raises(ValueError, match="takes one answer only"):
        single_choice.read(definition, ["c0", "c1"])


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="too long"):
        short_text.read(compiled(short_text, accept=["a"]), ["a" * 501])


def test_choices_are_shown_in_the_order_asked_for_and_say_not_which_is_right():
    definition = compiled(single_choice, choices=choices(False, True, False), hints=["Think."])
    shown = single_choice.show(definition, "fr", ["c2", "c0", "gone"])
    assert [choice.id for choice in shown.choices] == ["c2", "c0", "c1"]
    assert (shown.input, shown.language, shown.hints_html) == ("radio", "en", ("<p>Think.</p>",))
    assert shown.choices[0].html == "Choice 2"
    assert "correct" not in repr(shown)


def test_true_stands_before_false_and_both_are_worded_by_the_platform():
    sides = [{"id": "false", "correct": True, "feedback": "f"}, {"id": "true", "feedback": "f"}]
    definition = compiled(true_false, choices=sides)
    assert [(choice.id, choice.html) for choice in true_false.show(definition, "en", ["false", "true"]).choices] == [
        ("true", "True"),
        ("false", "False"),
    ]
    assert true_false.grade(definition, "false").correct
    assert not true_false.grade(definition, "true").correct
    assert true_false.guess(definition) == Fraction(1, 2)


def test_an_explanation_says_of_each_choice_whether_it_was_chosen_and_right():
    definition = compiled(multiple_response, scoring="exact", choices=choices(True, False))
    explained = multiple_response.explain(definition, ["c1"], "en")
    assert [(c.chosen, c.right, c.feedback_html) for c in explained.choices] == [
        (False, True, "<p>Since 0.</p>"),
        (True, False, "<p>Since 1.</p>"),
    ]


@given(points_st, st.fractions())
def test_a_share_is_rounded_once_and_never_beyond_the_whole(points, share):
    whole = int(points * MICRO)
    assert 0 <= share_of(whole, share) <= whole
    assert abs(share_of(whole, share) - whole * min(max(share, 0), 1)) <= Fraction(1, 2)


def test_every_type_answers_to_its_name():
    assert {name: type_.TYPE for name, type_ in TYPES.items()} == {name: name for name in TYPES}
    assert set(TYPES) == {"single-choice", "multiple-response", "true-false", "short-text"}
