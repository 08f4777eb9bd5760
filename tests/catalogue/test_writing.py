"""Essays and reflections: what is counted as a word, what waits for a person, and what a rubric is worth."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from elearn.catalogue.items import essay, reflection, writing
from elearn.catalogue.items.item import MICRO, Unreadable
from elearn.catalogue.items.wording import rendered

COMMON = {"id": "item", "prompt": "Why?", "outcome": "know", "bloom": "evaluate"}
#: Letters of several scripts, marks that stand apart, spaces of several kinds, punctuation, line ends.
LETTERS = "aB é e\u0301 دﺍ\u064b ж 中国かナー が \u200b\u00a0\u3000\t\n\r.,;'’—–-!?…。、1٣😀"

points_st = st.decimals(min_value=0, max_value=50, places=5)


def compiled(type_, **facts):
    definition = type_.parse(type_.Source.model_validate({**COMMON, "type": type_.TYPE, **facts}), "en")
    wording = definition["wording"]["en"]
    return definition | {"html": {"en": rendered(wording, type_.WORDING, str, {})}}


def criterion(key, *points):
    levels = [{"id": f"l{n}", "text": f"Level {n}", "points": p} for n, p in enumerate(points)]
    return {"id": key, "text": f"Is it {key}?", "levels": levels}


@st.composite
def essays(draw):
    rubric = [
        criterion(f"c{number}", *sorted(draw(st.lists(points_st, min_size=2, max_size=5, unique=True)), reverse=draw(st.booleans())))
        for number in range(draw(st.integers(1, 6)))
    ]
    best = sum(max(level["points"] for level in each["levels"]) for each in rubric)
    return compiled(essay, rubric=rubric, points=best, model_answer="So.")


@st.composite
def judged(draw):
    definition = draw(essays())
    return definition, {each["id"]: draw(st.sampled_from(each["levels"]))["id"] for each in definition["rubric"]}


@given(essays())
def test_an_essay_whose_best_levels_sum_to_its_points_is_a_fair_question(definition):
    assert essay.check(definition) == []


@given(judged())
def test_a_rubric_brings_something_between_nothing_and_all(pair):
    definition, levels = pair
    points = essay.points_of(definition, levels)
    assert essay.missing_criteria(definition, levels) == []
    assert 0 <= points <= definition["points"]
    assert points == essay.points_of(definition, dict(reversed(levels.items())))


@given(judged(), st.randoms(use_true_random=False))
def test_a_rubric_in_another_order_brings_the_same(pair, random):
    definition, levels = pair
    before = essay.points_of(definition, levels)
    for each in definition["rubric"]:
        random.shuffle(each["levels"])
    random.shuffle(definition["rubric"])
    assert essay.points_of(definition, levels) == before


@given(essays())
def test_the_best_levels_bring_all_the_points(definition):
    best = {each["id"]: max(each["levels"], key=lambda level: level["points"])["id"] for each in definition["rubric"]}
    assert essay.points_of(definition, best) == definition["points"]


@given(judged())
def test_a_criterion_without_a_level_of_its_own_is_missing(pair):
    definition, levels = pair
    last = definition["rubric"][-1]["id"]
    assert essay.missing_criteria(definition, levels | {last: "no such level"}) == [last]
    assert essay.missing_criteria(definition, {key: value for key, value in levels.items() if key != last}) == [last]


@given(essays(), st.text(LETTERS, max_size=200))
def test_what_was_written_waits_for_a_person_and_a_blank_for_nobody(definition, text):
    response = essay.read(definition, [text])
    grade = essay.grade(definition, response)
    assert grade == essay.grade(definition, response)
    assert (grade.points, grade.maximum, grade.correct) == (0, definition["points"], None)
    assert grade.is_pending == bool(text.strip())
    assert (response is None) == (not text.strip())


@given(st.text(LETTERS, max_size=200))
def test_what_is_read_again_is_the_same(text):
    definition = compiled(reflection, model_answer="m")
    once = reflection.read(definition, [text])
    assert reflection.read(definition, [once] if once else []) == once
    if once is not None:
        assert once.split() == text.split()


@given(st.text(LETTERS, max_size=100))
def test_a_reflection_brings_no_points_and_waits_for_nobody(text):
    definition = compiled(reflection, model_answer="As I see it.")
    response = reflection.read(definition, [text])
    grade = reflection.grade(definition, response)
    assert (grade.points, grade.maximum, grade.correct, grade.is_pending) == (0, 0, None, False)
    assert reflection.grade(definition, response) == grade


def test_a_model_answer_is_shown_to_who_reflected_and_never_to_who_wrote_an_essay():
    thought = compiled(reflection, model_answer="As I see it.")
    assert reflection.explain(thought, None, "en").model_html == ""
    assert reflection.explain(thought, "Mine", "en").model_html == "As I see it."
    text = compiled(essay, rubric=[criterion("clear", 0, 1)], model_answer="The key")
    assert "The key" not in repr(essay.explain(text, "Mine", "en"))
    assert "The key" not in repr(essay.show(text, "en"))
    assert writing.model_of(text, "en") == "The key"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"rubric": [criterion("clear", 0, 1), criterion("sound", 0, 1)], "points": 3}, "rubric-does-not-sum"),
        ({"rubric": [criterion("clear", 0, 2, 1)], "points": 2}, "levels-out-of-order"),
        ({"rubric": [criterion("clear", 0, 1, 1)]}, "levels-out-of-order"),
        ({"rubric": [criterion("clear", 0, 1), criterion("clear", 0, 1)], "points": 2}, "duplicate-criterion"),
        ({"rubric": [{"id": "c", "text": "c", "levels": [{"id": "l", "text": "l", "points": p} for p in (0, 1)]}]}, "duplicate-level"),
        ({"rubric": [criterion("clear", 0, 1)], "min_words": 300, "max_words": 200}, "words"),
        ({"rubric": [criterion("clear", 0, 1)]}, "no-model-answer"),
    ],
)
def test_what_is_no_fair_essay_is_said(facts, code):
    problems = essay.check(compiled(essay, **facts))
    assert [problem.code for problem in problems if problem.code == code or not problem.warning] == [code]


@pytest.mark.parametrize(
    ("type_", "facts"),
    [
        (essay, {}),
        (essay, {"rubric": []}),
        (essay, {"rubric": [criterion("clear", 1)]}),
        (essay, {"rubric": [criterion("clear", -1, 1)]}),
        (essay, {"rubric": [criterion("clear", 0, Decimal("0.000001"))]}),
        (essay, {"rubric": [criterion("clear", 0, 1)], "min_words": 0}),
        (essay, {"rubric": [criterion("clear", 0, 1)], "max_words": 5001}),
        (reflection, {}),
        (reflection, {"model_answer": "m", "points": 1}),
    ],
)
def test_what_an_author_cannot_write_is_refused(type_, facts):
    with pytest.raises(ValidationError):
        compiled(type_, **facts)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \u3000\n …!? — 😀 ", 0),
        ("Two words", 2),
        ("don't re-enter an e-mail", 4),
        ("one—two – three", 3),
        ("  L’accès  non\u00a0autorisé ", 3),
        ("الجريمة السيبرانية مُعرَّفة", 3),
        ("Киберпреступность растёт.", 2),
        ("网络犯罪。", 4),
        ("网络犯罪 cybercrime 是 2 个词", 9),
        ("サイバー犯罪", 6),
        ("か\u3099", 1),
        ("사이버 범죄", 2),
        ("ឧក្រិដ្ឋកម្ម\u200bអ៊ីនធឺណិត", 2),
        ("e\u0301cole", 1),
        ("٣ 4", 2),
    ],
)
def test_words_are_counted_alike_in_every_script(text, words):
    assert writing.words_in(text) == words


@given(st.text(LETTERS, max_size=100), st.text(LETTERS, max_size=100))
def test_two_texts_apart_have_the_words_of_both(one, other):
    assert writing.words_in(f"{one}\n{other}") == writing.words_in(one) + writing.words_in(other)


def test_the_longest_text_is_taken_and_one_character_more_is_not():
    definition = compiled(reflection, model_answer="m")
    assert reflection.read(definition, ["a" * writing.LONGEST]) == "a" * writing.LONGEST
    with pytest.raises(Unreadable) as refused:
        reflection.read(definition, ["a" * (writing.LONGEST + 1)])
    assert refused.value.values == {"length": 40_001, "longest": 40_000}
    # A form ends its lines with two characters; they count as one, as the reader counts them.
    assert reflection.read(definition, ["\r\n" * 30_000 + "a"]) == "\n" * 30_000 + "a"


@pytest.mark.parametrize("sent", [["one", "two"], {"part": "text"}])
def test_what_is_no_text_is_refused(sent):
    with pytest.raises(Unreadable):
        essay.read({}, sent)


def test_paragraphs_are_what_blank_lines_part():
    assert writing.paragraphs_of("\n\nOne\r\ntwo \r\n \n\nThree\n") == [["One", "two"], ["Three"]]
    assert writing.paragraphs_of(" \n ") == []


def test_a_rubric_is_shown_in_the_language_read_and_the_rest_in_its_own():
    definition = compiled(essay, rubric=[criterion("clear", 0, Decimal("1.5")), criterion("sound", 2, 0)], points=Decimal("3.5"))
    wording = {"id": "item", "prompt": "Pourquoi ?", "rubric": [{"id": "clear", "text": "Clair ?"}]}
    problems = essay.translate(definition, essay.Wording.model_validate(wording), "fr")
    assert {problem.code for problem in problems} == {"not-translated"}
    definition["html"]["fr"] = rendered(definition["wording"]["fr"], essay.WORDING, str, {})
    clear, sound = essay.rubric_of(definition, "fr")
    assert (clear.html, clear.levels[1].html, clear.best) == ("Clair ?", "Level 1", MICRO * 3 // 2)
    assert (sound.html, sound.best) == ("Is it sound?", 2 * MICRO)
    assert essay.rubric_of(definition, "ru")[0].html == "Is it clear?"
