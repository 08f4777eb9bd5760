"""Words as search compares them, questions as they are read, and snippets: properties, and the cases that people type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue.search_question import LONGEST_QUESTION, MOST_PARTS, MOST_WORDS, read_question
from elearn.catalogue.search_snippets import LENGTH, Piece, marked, snippet
from elearn.words import LONGEST_WORD, fold, words

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
HOSTILE = [
    *['"', "*", "NEAR(", "a OR", "(((", "a AND", "-a", "^a", "a:b", "{x}", "?!…", "🦑🦑", "\\", "%_"],
    "x" * 10_000,
    "'; drop table person; --",
]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Éléments", "elements"),
        ("STRASSE", "straße"),
        ("Åland", "aland"),
        ("smørrebrød", "smorrebrod"),
        ("cœur", "coeur"),
        ("ﬁle", "file"),
        ("ｃｙｂｅｒ", "cyber"),
        ("e\u0301tat", "état"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("جَرِيمَة", "جريمه"),
        ("الإنترنت", "الانترنت"),
        ("آمن", "امن"),
        ("ســلام", "سلام"),
        ("مستشفى", "مستشفي"),
        ("٢٠٠١", "2001"),
        ("policies", "policy"),
        ("crimes", "crime"),
        ("délits", "délit"),
        ("cyber\u00adcrime", "cybercrime"),
    ],
)
def test_what_people_take_for_the_same_word_is_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(("one", "other"), [("class", "clas"), ("access", "acces"), ("bus", "bu"), ("crime", "crimea"), ("2001s", "2001")])
def test_words_that_differ_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_chinese_is_taken_character_by_character() -> None:
    assert fold("网络犯罪 and カナ") == "网 络 犯 罪 and カ ナ"


@given(LETTERS)
def test_folded_text_holds_nothing_that_a_database_takes_for_more_than_letters(text: str) -> None:
    folded = fold(text)
    assert not re.search(r"[\x00-\x09\x0b-\x1f!-/:-@A-Z\[-`{-\x7f]", folded)
    assert all(len(word) <= LONGEST_WORD for word in folded.split())
    assert folded.count("\n") == text.count("\n")


@given(LETTERS)
def test_folding_again_changes_nothing_but_endings(text: str) -> None:
    plain = " ".join(word.plain for word in words(text))
    assert " ".join(word.plain for word in words(plain)) == plain


@given(LETTERS)
def test_case_makes_no_difference(text: str) -> None:
    ascii_ = text.encode("ascii", "ignore").decode()
    assert fold(ascii_.upper()) == fold(ascii_.lower()) == fold(ascii_)


@given(LETTERS)
def test_words_stand_in_order_where_they_are_said_to_stand(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]).split()[:1] == [word.folded] or word.folded in fold(text[word.start : word.end]).split()
        end = word.start


@given(st.one_of(st.text(max_size=400), st.sampled_from(HOSTILE)))
def test_any_question_is_bounded_and_holds_no_operator(typed: str) -> None:
    question = read_question(typed)
    assert len(question.parts) <= MOST_PARTS
    assert sum(len(part.words) for part in question.parts) <= MOST_WORDS
    assert question.is_cut or len(typed) <= LONGEST_QUESTION
    unquoted = re.sub(r'"[^"]*"', "", question.for_sqlite())
    assert re.fullmatch(r"(?:[()* ]|AND|OR)*", unquoted)
    unquoted = re.sub(r"'[^']*'", "", question.for_postgresql())
    assert re.fullmatch(r"(?:[()& |]|<->|:\*)*", unquoted)


@pytest.mark.parametrize(
    ("typed", "sqlite"),
    [
        ("Hacking", '"hacking" *'),
        ("two words", '"two" AND ("word" OR "words" *)'),
        ('"legal assistance"', '"legal assistance"'),
        ("“legal assistance” treaty", '"legal assistance" AND ("treati" OR "treaty" *)'),
        ('open "end', '"open" AND "end"'),
        ("cyber-dependent x", '"cyber dependent" AND "x"'),
        # A single character is no beginning of a longer word.
        ("网络", '"网 络"'),
        ("a OR", '"a" AND "or" *'),
        ("🦑 !", ""),
        ('""', ""),
    ],
)
def test_questions_are_read_as_people_mean_them(typed: str, sqlite: str) -> None:
    assert read_question(typed).for_sqlite() == sqlite


@given(LETTERS, LETTERS)
def test_pieces_put_together_are_the_text(text: str, typed: str) -> None:
    assert "".join(piece.text for piece in marked(text, read_question(typed))) == text


@given(LETTERS.filter(lambda text: any(words(text))), st.data())
def test_a_word_of_the_text_is_marked_in_it(text: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(list(words(text))))
    question = read_question(text[word.start : word.end])
    if question.parts:
        assert any(piece.is_match for piece in marked(text, question))


@given(st.lists(st.text(st.sampled_from("ab cé网\u0301<&"), max_size=300), max_size=6), st.sampled_from(["a", "b c", "网", '"a b"', "é"]))
def test_a_snippet_is_a_piece_of_the_text_and_not_long(lines: list[str], typed: str) -> None:
    text = "\n".join(lines)
    pieces = snippet(text, fold(text), read_question(typed))
    shown = "".join(piece.text for piece in pieces)
    assert shown.removeprefix("… ").removesuffix(" …") in text
    assert len(shown) <= 2 * LENGTH + 350


def test_a_snippet_shows_the_line_that_has_most_of_what_is_wanted() -> None:
    text = "Networks are old.\nA botnet is a network of captured devices.\nDevices."
    pieces = snippet(text, fold(text), read_question("networks devices"))
    assert [piece.text for piece in pieces if piece.is_match] == ["network", "devices"]
    assert pieces[0] == Piece("A botnet is a ", is_match=False)


def test_a_phrase_is_marked_as_one() -> None:
    pieces = marked("Mutual assistance and mutual legal assistance.", read_question('"mutual legal assistance"'))
    assert [piece.text for piece in pieces if piece.is_match] == ["mutual legal assistance"]


def test_long_lines_are_cut_between_words() -> None:
    text = "word " * 100 + "needle " + "tail " * 100
    shown = "".join(piece.text for piece in snippet(text, fold(text), read_question("needle")))
    assert shown.startswith("… word")
    assert shown.endswith("tail …")
    assert "needle" in shown
