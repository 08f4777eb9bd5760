"""The item types: what is shown, what is right, and what it is worth."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.items import cloze, matching, multiple_response, numeric, ordering, short_text, single_choice, true_false
from elearn.catalogue.items.item import MICRO, Unreadable, share_of
from elearn.catalogue.items.registry import TYPES, html_of, type_of

COMMON = {"id": "item", "prompt": "Which?", "outcome": "know", "bloom": "apply"}
RULES = ("exact", "per-option", "right-minus-wrong")
ORDERS = ("exact", "per-position", "per-pair")


def compiled(type_, **facts):
    source = type_.Source.model_validate({**COMMON, "type": type_.TYPE, **facts})
    definition = type_.parse(source, "en")
    labels = {"true": "True", "false": "False"}
    return definition | {"html": {"en": html_of(definition, "en", lambda text: f"<p>{text}</p>" if text else "", labels)}}


def choices(*rights, **more):
    return [{"id": f"c{n}", "text": f"Choice {n}", "correct": right, "feedback": f"Since {n}.", **more} for n, right in enumerate(rights)]


def choices_of_a_gap(*rights):
    return [{"id": f"c{n}", "text": f"Choice {n}", "correct": right} for n, right in enumerate(rights)]


PROMPT = {"id": "p", "text": "P", "match": "a", "feedback": "f"}
MATCHING = {
    "prompts": [PROMPT, {"id": "q", "text": "Q", "match": "a", "feedback": "f"}],
    "choices": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}],
}


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


@st.composite
def matched(draw):
    options = draw(st.integers(2, 6))
    matches = draw(st.lists(st.integers(0, options - 1), min_size=2, max_size=6))
    prompts = [{"id": f"p{n}", "text": f"Prompt {n}", "match": f"c{match}", "feedback": f"Since {n}."} for n, match in enumerate(matches)]
    offered = [{"id": f"c{n}", "text": f"Choice {n}"} for n in range(options)]
    return compiled(
        matching, scoring=draw(st.sampled_from(["per-pair", "exact"])), prompts=prompts, choices=offered, points=draw(points_st)
    )


@st.composite
def in_order(draw):
    elements = [{"id": f"c{n}", "text": f"Element {n}", "feedback": f"Since {n}."} for n in range(draw(st.integers(3, 6)))]
    return compiled(ordering, scoring=draw(st.sampled_from(ORDERS)), choices=elements, points=draw(points_st))


numbers_st = st.one_of(st.integers(-1000, 1000), st.decimals(min_value=-1000, max_value=1000, places=3))


@st.composite
def number_facts(draw):
    unit = {"unit": "km"} if draw(st.booleans()) else {}
    if draw(st.booleans()):
        return unit | {"range": sorted([draw(numbers_st), draw(numbers_st)])}
    return unit | {"value": draw(numbers_st), "tolerance": draw(st.integers(0, 5))}


@st.composite
def number(draw):
    return compiled(numeric, points=draw(points_st), **draw(number_facts()))


@st.composite
def gap(draw, key):
    common = {"id": key, "weight": draw(st.integers(1, 3)), "feedback": "f"}
    match draw(st.sampled_from(["text", "choice", "numeric"])):
        case "text":
            return common | {"kind": "text", "accept": [draw(st.sampled_from(["botnet", "Straße", "e-mail"]))]}
        case "choice":
            offered = [{"id": f"c{n}", "text": f"Choice {n}", "correct": n == 0} for n in range(draw(st.integers(2, 4)))]
            return common | {"kind": "choice", "choices": offered}
    return common | {"kind": "numeric"} | draw(number_facts())


@st.composite
def gapped(draw):
    keys = [f"g{n}" for n in range(draw(st.integers(1, 4)))]
    text = " and ".join(f"the {{{{{key}}}}}" for key in draw(st.permutations(keys)))
    return compiled(cloze, text=text, gaps=[draw(gap(key)) for key in keys], points=draw(points_st))


any_item = st.one_of(multiple(), single(), words(), matched(), in_order(), number(), gapped())


def key_of(definition):
    return type_of(definition).right_response(definition)


typed_st = st.one_of(st.text(LETTERS, max_size=20), st.sampled_from(["botnet", "straße", "1,5", "٣", "-7"]))


@st.composite
def sent(draw, definition):
    """Something that a form can send for an item: right, wrong or nothing."""
    shown = type_of(definition).show(definition, "en")
    if shown.input == "text":
        return [draw(numbers_st.map(str) if definition["type"] == "numeric" else typed_st)]
    if shown.input in {"radio", "checkbox"}:
        known = [choice.id for choice in shown.choices]
        return draw(st.lists(st.sampled_from(known), max_size=len(known) if shown.input == "checkbox" else 1, unique=True))
    right, kinds = key_of(definition), {g["id"]: g["kind"] for g in definition.get("gaps", [])}
    typed = {"numeric": numbers_st.map(str), "text": typed_st}
    filled = {}
    for part in shown.parts:
        any_ = st.sampled_from([choice.id for choice in part.choices]) if part.choices else typed[kinds[part.id]]
        filled[part.id] = draw(st.one_of(any_, st.just(right[part.id]), st.just("")))
    return filled


@st.composite
def answered(draw):
    definition = draw(any_item)
    return definition, type_of(definition).read(definition, draw(sent(definition)))


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
def test_the_order_in_which_choices_are_listed_and_shown_changes_no_mark(pair, random):
    definition, response = pair
    type_ = type_of(definition)
    shuffled = dict(definition)
    for key in {"choices", "prompts", "gaps"} & set(definition) - ({"choices"} if definition["type"] == "ordering" else set()):
        shuffled[key] = random.sample(definition[key], len(definition[key]))
    values = response if isinstance(response, list) else [response or ""]
    again = type_.read(shuffled, dict(reversed(response.items())) if isinstance(response, dict) else list(reversed(values)))
    assert type_.grade(shuffled, again) == type_.grade(definition, response)
    drawn = [choice.id for choice in type_.show(definition, "en").choices]
    shown = type_.show(definition, "en", random.sample(drawn, len(drawn)))
    assert sorted(choice.id for choice in shown.choices) == sorted(drawn)
    assert {part.id for part in shown.parts} == {part.id for part in type_.show(definition, "en").parts}


@given(multiple())
def test_ticking_one_more_wrong_choice_never_helps(definition):
    right, wrong = key_of(definition), [choice["id"] for choice in definition["choices"] if not choice["correct"]]
    marks = [multiple_response.grade(definition, right + wrong[:count]).points for count in range(len(wrong) + 1)]
    assert marks == sorted(marks, reverse=True)


@given(answered())
def test_reading_a_response_again_changes_nothing(pair):
    definition, response = pair
    if response is not None:
        values = [response] if isinstance(response, str) else response
        assert type_of(definition).read(definition, values) == response


@given(answered(), any_item)
def test_a_response_to_another_revision_is_graded_and_explained(pair, other):
    _, response = pair
    for known in (response, "gone", ["gone"], {"gone": "1", "p0": "gone", "c0": "99", "g0": "gone"}):
        grade = type_of(other).grade(other, known)
        assert 0 <= grade.points <= grade.maximum
        explained = type_of(other).explain(other, known, "en")
        assert len(explained.parts) == len(type_of(other).show(other, "en").parts)
        assert all(isinstance(words, str) for words in type_of(other).in_words(other, known, "fr"))


@given(any_item)
def test_what_is_shown_says_not_what_is_right(definition):
    shown = repr(type_of(definition).show(definition, "en"))
    assert not [word for word in ("correct", "accept", "match", "Since", "tolerance", "botnet") if word in shown]


@given(any_item)
def test_guessing_brings_a_share_or_is_not_known(definition):
    guess = type_of(definition).guess(definition)
    assert guess is None or 0 <= guess <= 1
    assert all(sentence.endswith(".") for sentence in type_of(definition).rule(definition))


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
        (matching, MATCHING | {"prompts": [PROMPT, PROMPT]}, "duplicate-prompt"),
        (matching, MATCHING | {"choices": [{"id": "b", "text": "B"}] * 2}, "duplicate-choice"),
        (matching, MATCHING | {"choices": [{"id": "b", "text": "B"}, {"id": "c", "text": "C"}]}, "unknown-choice"),
        (matching, MATCHING | {"prompts": [PROMPT, {"id": "q", "text": "Q", "match": "a"}]}, "no-feedback"),
        (ordering, {"choices": [{"id": "a", "text": "A", "feedback": "f"}] * 3}, "duplicate-choice"),
        (ordering, {"choices": [{"id": key, "text": "A"} for key in "abc"]}, "no-feedback"),
        (numeric, {}, "value-or-range"),
        (numeric, {"value": 1, "range": [1, 2]}, "value-or-range"),
        (numeric, {"range": [1, 2], "tolerance": 1}, "value-or-range"),
        (numeric, {"range": [2, 1]}, "range"),
        (numeric, {"value": 1, "tolerance": 1, "anticipated": [{"value": 2, "feedback": "f"}]}, "anticipated-is-accepted"),
        (cloze, {"text": "{{a}}", "gaps": [{"id": "a", "kind": "numeric"}]}, "value-or-range"),
        (cloze, {"text": "{{a}}", "gaps": [{"id": "a", "kind": "choice", "choices": choices_of_a_gap(False, False)}]}, "no-right-answer"),
        (cloze, {"text": "{{a}}", "gaps": [{"id": "a", "kind": "choice", "choices": choices_of_a_gap(True, True)}]}, "two-right-answers"),
        (cloze, {"text": "{{a}}", "gaps": [{"id": "a", "kind": "text", "accept": ["…"], "normalise": ["punctuation"]}]}, "empty-answer"),
        (cloze, {"text": "{{a}}", "gaps": [{"id": "a", "kind": "text", "accept": ["x"]}]}, "no-feedback"),
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


def pairs(*matches, **more):
    prompts = [{"id": f"p{n}", "text": f"Prompt {n}", "match": match, "feedback": f"Since {n}."} for n, match in enumerate(matches)]
    return compiled(matching, prompts=prompts, choices=[{"id": key, "text": key.upper()} for key in "abcd"], **more)


@pytest.mark.parametrize(
    ("rule", "given_", "share"),
    [
        ("per-pair", {"p0": "a", "p1": "b", "p2": "b"}, 1),
        ("per-pair", {"p0": "a", "p1": "a"}, Fraction(1, 3)),
        ("per-pair", {"p0": "a", "p1": "gone"}, Fraction(1, 3)),
        ("per-pair", {"p2": "c"}, 0),
        ("exact", {"p0": "a", "p1": "b", "p2": "b"}, 1),
        ("exact", {"p0": "a", "p1": "b", "p2": "b", "gone": "a"}, 1),
        ("exact", {"p0": "a", "p1": "b"}, 0),
    ],
)
def test_each_prompt_rightly_matched_brings_its_share(rule, given_, share):
    definition = pairs("a", "b", "b", scoring=rule, points=3)
    assert matching.grade(definition, given_).points == round(3 * MICRO * share)
    assert matching.guess(definition) == Fraction(1, 4)


def steps(rule, count=4):
    elements = [{"id": f"c{n}", "text": f"Element {n}", "feedback": f"Since {n}."} for n in range(count)]
    return compiled(ordering, scoring=rule, choices=elements)


@pytest.mark.parametrize(
    ("places", "exact", "per_position", "per_pair"),
    [
        ("1234", 1, 1, 1),
        ("4321", 0, 0, 0),
        ("2134", 0, Fraction(1, 2), Fraction(5, 6)),
        ("4123", 0, 0, Fraction(1, 2)),
        ("1134", 0, Fraction(1, 2), Fraction(1, 6)),
        ("123-", 0, Fraction(3, 4), Fraction(1, 2)),
        ("1---", 0, Fraction(1, 4), 0),
        ("1111", 0, 0, 0),
    ],
)
def test_an_order_is_worth_what_its_rule_says(places, exact, per_position, per_pair):
    response = {f"c{n}": place for n, place in enumerate(places) if place != "-"}
    shares = [ordering.grade(steps(rule), response).points for rule in ORDERS]
    assert shares == [round(MICRO * share) for share in (exact, per_position, per_pair)]


def test_an_element_that_is_gone_leaves_no_hole():
    full = {"c0": "1", "gone": "2", "c1": "3", "c2": "4"}
    assert [ordering.grade(steps(rule, 3), full).correct for rule in ORDERS] == [True, True, True]
    assert ordering.in_words(steps("exact", 3), full, "en") == ["1. Element 0", "2. gone", "3. Element 1", "4. Element 2"]


def test_a_position_may_be_given_twice_and_an_unknown_one_may_not():
    assert ordering.read(steps("exact"), {"c0": "1", "c1": "1", "c2": ""}) == {"c0": "1", "c1": "1"}
    for place in ("0", "5", "1.0", "one", "١"):
        with pytest.raises(ValueError, match="no position"):
            ordering.read(steps("exact"), {"c0": place})


def test_what_is_to_be_ordered_is_shown_as_drawn_and_explained_as_is_right():
    definition = steps("exact")
    drawn = ["c2", "c0", "c3", "c1"]
    assert [part.id for part in ordering.show(definition, "en", drawn).parts] == drawn
    explained = ordering.explain(definition, {"c0": "1", "c1": "1", "c2": "3"}, "en")
    assert [(part.id, part.given, part.right, part.verdict) for part in explained.parts] == [
        ("c0", "1", "1", "wrong"),
        ("c1", "1", "2", "wrong"),
        ("c2", "3", "3", "right"),
        ("c3", "", "4", "blank"),
    ]


CLOZE = {
    "text": "On {{when}} a *{{what}}* hit {{how-many}} systems.",
    "gaps": [
        {"id": "what", "kind": "text", "accept": ["worm", "a worm"], "weight": 2, "feedback": "It spread by itself."},
        {"id": "when", "kind": "choice", "choices": [{"id": "a", "text": "Monday", "correct": True}, {"id": "b", "text": "Sunday"}]},
        {"id": "how-many", "kind": "numeric", "value": 6000, "tolerance": 100, "unit": "hosts"},
    ],
}


def test_a_text_is_taken_apart_at_its_gaps_and_is_whole_again_with_them():
    shown = cloze.show(compiled(cloze, **CLOZE), "en", ["when.b", "when.a"])
    assert [(part.id, part.html, part.input, part.unit) for part in shown.parts] == [
        ("when", "<p>On ", "select", ""),
        ("what", " a *", "text", ""),
        ("how-many", "* hit ", "text", "hosts"),
    ]
    assert [choice.id for choice in shown.parts[0].choices] == ["b", "a"]
    whole = "".join(f"{part.html}{{{{{part.id}}}}}" for part in shown.parts) + shown.closing_html
    assert whole == f"<p>{CLOZE['text']}</p>"


@pytest.mark.parametrize(
    ("filled", "share"),
    [
        ({"when": "a", "what": "Worm", "how-many": "6 000 hosts"}, 1),
        ({"when": "b", "what": "a  worm"}, Fraction(1, 2)),
        ({"when": "a", "how-many": "6,100"}, Fraction(1, 2)),
        ({"when": "gone", "what": "virus", "how-many": "5899.99"}, 0),
    ],
)
def test_gaps_bring_their_share_by_weight(filled, share):
    definition = compiled(cloze, **CLOZE, points=4)
    assert cloze.grade(definition, filled).points == round(4 * MICRO * share)
    assert cloze.guess(definition) == Fraction(1, 8)


def test_a_gap_is_explained_with_what_it_takes():
    parts = cloze.explain(compiled(cloze, **CLOZE), {"when": "b", "how-many": "6000"}, "en").parts
    assert [(part.given, part.right, part.verdict) for part in parts] == [
        ("b", "a", "wrong"),
        ("", "worm · a worm", "blank"),
        ("6000", "6000 ± 100 hosts", "right"),
    ]


@pytest.mark.parametrize(
    ("filled", "words"),
    [
        ({"how-many": "many"}, "Gap 3 of question 7 asks for a number in hosts."),
        ({"how-many": "5 km"}, "Gap 3 of question 7 asks for a number in hosts."),
        ({"when": "c"}, "Question 7 has no choice “c”."),
        ({"where": "here"}, "Question 7 has no part “where”."),
        ({"what": "x" * 201}, "Your answer to question 7 is too long."),
        ({"how-many": "1" * 51}, "Your answer to question 7 is too long."),
        (["worm"], "Question 7 is answered in parts."),
    ],
)
def test_what_cannot_stand_in_a_gap_is_refused_with_its_reason(filled, words):
    with pytest.raises(Unreadable) as refused:
        cloze.read(compiled(cloze, **CLOZE), filled)
    assert (refused.value.message % {"number": 7, **refused.value.values}).startswith(words)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{{one}} and {{two}} and {{three}}", "unknown-gap"),
        ("{{one}}", "missing-gap"),
        ("{{one}} {{two}} {{one}}", "repeated-gap"),
        ("{{one}} {{ two }}", "bad-gap"),
        ("`{{one}}` {{two}}", "gap-not-here"),
        ("{{two}}\n\n    {{one}}", "gap-not-here"),
        ("[a {{one}}](https://example.org) {{two}}", "gap-not-here"),
        ("[a](https://example.org/{{one}}) {{two}}", "gap-not-here"),
        ("[a {{one}}]{glossary} {{two}}", "gap-not-here"),
        ("## So {{one}}\n\n{{two}}", "gap-not-here"),
    ],
)
def test_a_gap_that_is_not_once_in_running_text_is_a_fault(text, code):
    gaps = [{"id": key, "kind": "text", "accept": ["x"], "feedback": "f"} for key in ("one", "two")]
    assert code in {problem.code for problem in cloze.check(compiled(cloze, text=text, gaps=gaps))}


def test_gaps_in_lists_tables_and_emphasis_are_no_fault():
    gaps = [{"id": key, "kind": "text", "accept": ["x"], "feedback": "f"} for key in ("one", "two", "three")]
    text = "- **{{one}}**\n\n| a | b |\n|---|---|\n| {{two}} | {{three}} |\n"
    assert cloze.check(compiled(cloze, text=text, gaps=gaps)) == []


def test_a_foreseen_wrong_number_gets_its_own_feedback_and_is_said_as_it_was_read():
    known = [{"value": 1200, "tolerance": 10, "feedback": "That is a thousand times as much."}]
    definition = compiled(numeric, value=Decimal("1.2"), unit="km", anticipated=known, feedback="So it is.")
    explained = numeric.explain(definition, "١٬٢٠٥ km", "en")
    assert (explained.answer_html, explained.read_as) == ("<p>That is a thousand times as much.</p>", "1205")
    assert explained.accepted == ("1.2 km",)
    # One comma before three digits may mean either: it is right if either is.
    assert [numeric.explain(definition, typed, "en").read_as for typed in ("1,200", "1.300", "1,208")] == ["1.200", "1.300", "1208"]
    assert [numeric.grade(definition, typed).correct for typed in ("1,200", "1.300", "1,208")] == [True, False, False]


def test_fifteen_thousand_is_fifteen_thousand_with_a_comma_too():
    definition = compiled(numeric, value=15000)
    for typed in ("15000", "15,000", "15.000", "15 000", "15'000", "١٥٬٠٠٠", "15000.0", "1.5e4"):
        assert numeric.grade(definition, typed).correct, typed
    assert numeric.explain(definition, "15,000", "en").read_as == "15000"
    assert not numeric.grade(definition, "15").correct


@pytest.mark.parametrize(
    ("typed", "right"),
    [("0.1", True), ("0.3", True), ("0,30000000000000000000000001", False), ("0.2999999", True), ("0.09999999999999999999999999", False)],
)
def test_a_tolerance_holds_its_ends_and_is_exact(typed, right):
    definition = compiled(numeric, value=Decimal("0.2"), tolerance=Decimal("0.1"))
    assert numeric.grade(definition, typed).correct is right


@given(points_st, st.fractions())
def test_a_share_is_rounded_once_and_never_beyond_the_whole(points, share):
    whole = int(points * MICRO)
    assert 0 <= share_of(whole, share) <= whole
    assert abs(share_of(whole, share) - whole * min(max(share, 0), 1)) <= Fraction(1, 2)


def test_every_type_answers_to_its_name():
    assert {name: type_.TYPE for name, type_ in TYPES.items()} == {name: name for name in TYPES}
    assert set(TYPES) >= {"single-choice", "multiple-response", "true-false", "matching", "ordering", "short-text", "numeric", "cloze"}
