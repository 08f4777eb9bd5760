"""What two texts have in common and what not: exact to the letter, readable, in any script, and quick whatever the texts."""

import random
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from elearn.adaptation.block_differences import as_read, block_rows, in_plain_words, stretches, words_changed
from elearn.adaptation.blocks import blocks_of, words_of
from elearn.catalogue.differences import Piece, matching, tokens, word_changes, words_in

WORDS = [
    "law",
    "the",
    "a",
    "crime",
    "crime's",
    "1,200",
    "e\u0301te\u0301",
    "नमस्ते",
    "الجَرِيمَة",
    "网络犯罪",
    "ภาษาไทย",
    ",",
    ".",
    " ",
    "\n",
    "\n\n",
    "  ",
    "👩\u200d👩\u200d👧",
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=60).map("".join))


def of(pieces, *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def shown(before: str, after: str) -> str:
    signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(signs[piece.kind].format(piece.text) for piece in word_changes(before, after))


@given(TEXTS, TEXTS)
@example("", "a")
@example("a \n\n b", "a b")
@example("\n\n\n", "\n")
def test_no_letter_is_lost_and_none_is_made_up(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert of(pieces, "same", "removed") == before
    assert of(pieces, "same", "added") == after
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_a_text_is_its_words_and_the_same_as_itself(text: str) -> None:
    assert "".join(tokens(text)) == text
    assert all(piece.kind == "same" for piece in word_changes(text, text))


@given(TEXTS, TEXTS)
def test_pieces_never_stand_twice_in_a_row_and_what_is_removed_comes_before_what_is_added(before: str, after: str) -> None:
    kinds = [piece.kind for piece in word_changes(before, after)]
    assert not {("same", "same"), ("added", "removed"), ("added", "added"), ("removed", "removed")} & set(pairwise(kinds))


@given(st.lists(st.integers(0, 6), max_size=40), st.lists(st.integers(0, 6), max_size=40))
def test_what_is_matched_is_equal_and_in_order(one: list[int], two: list[int]) -> None:
    pairs = matching(one, two)
    assert all(one[i] == two[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The law of 2001 holds.", "The law of 2015 holds.", "The law of [-2001-]{+2015+} holds."),
        ("Fraud is common.", "Fraud is very common.", "Fraud is {+very +}common."),
        ("It costs 1,200 euros", "It costs 1,300 euros", "It costs [-1,200-]{+1,300+} euros"),
        ("don't", "doesn't", "[-don't-]{+doesn't+}"),
        ("one  two", "one two", "one [- -]two"),
        ("网络犯罪很多", "网络欺诈很多", "网络[-犯罪-]{+欺诈+}很多"),
        ("サイバー犯罪の定義", "サイバー犯罪の範囲", "サイバー犯罪の[-定義-]{+範囲+}"),
        ("นี่คือกฎหมาย", "นี่คือคดี", "นี่คือ[-กฎหมาย-]{+คดี+}"),
        # The mark stays with its letter, so that a letter without it is another one.
        ("cafe\u0301 noir", "cafe noir", "[-cafe\u0301-]{+cafe+} noir"),
        ("كتاب جَديد هنا", "كتاب قديم هنا", "كتاب [-جَديد-]{+قديم+} هنا"),
        ("नया कानून यहाँ", "पुराना कानून यहाँ", "[-नया-]{+पुराना+} कानून यहाँ"),
    ],
)
def test_words_of_any_script_are_compared_as_wholes(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


def test_a_sentence_written_anew_is_no_confetti() -> None:
    before = "Most of the victims of such fraud in the world never tell anybody about it."
    after = "Nobody hears of the shame that people who lost their savings live with in silence."
    kinds = [piece.kind for piece in word_changes(before, after)]
    assert kinds.count("removed") == 1
    # The full stop at the end is the same.
    assert kinds in (["removed", "added"], ["removed", "added", "same"])


def test_two_changes_far_apart_leave_what_is_between_them_alone() -> None:
    before = "Three of the five offenders were found because they reused an address."
    after = "Four of the five offenders were found because they reused a password."
    assert shown(before, after) == ("[-Three-]{+Four+} of the five offenders were found because they reused [-an address-]{+a password+}.")


def test_a_new_paragraph_is_added_as_a_whole() -> None:
    before, new = "First paragraph of all.\n\nThird paragraph of all.\n", "Second paragraph of all.\n\n"
    after = before.replace("Third", new + "Third")
    assert [piece for piece in word_changes(before, after) if piece.kind != "same"] == [Piece("added", new)]


def _long(seed: int, words: int) -> list[str]:
    luck = random.Random(seed)
    vocabulary = ["".join(luck.choices("abcdefghij", k=luck.randint(2, 9))) for _ in range(3000)]
    text = luck.choices(vocabulary, weights=[1 / (n + 1) for n in range(3000)], k=words)
    return [word + ("\n\n" if n % 90 == 0 else " ") for n, word in enumerate(text, start=1)]


HARD = {
    "changed here and there": (_long(1, 20_000), None),
    "nothing in common but common words": (_long(1, 20_000), _long(2, 20_000)),
    "one word again and again": (["a "] * 20_000, ["a ", "b "] * 10_000),
    "two words in turns": (["a ", "b "] * 10_000, ["b ", "b ", "a "] * 7_000),
    "few words in any order": (random.Random(3).choices("abcdefgh", k=40_000), random.Random(4).choices("abcdefgh", k=40_000)),
    "short lines": (["- x\n", "- y\n"] * 5_000, ["- y\n", "- z\n"] * 5_000),
    "lines of their own": ([f"- one {n}\n" for n in range(5_000)], [f"- two {n + 7}\n" for n in range(5_000)]),
    "turned round": ([f"{n} " for n in range(20_000)], [f"{n} " for n in range(20_000, 0, -1)]),
    "signs": (["*"] * 20_000, ["* "] * 20_000),
    "brackets": (["["] * 20_000, ["[a]("] * 10_000),
    "spaces and ends": (["\n \t"] * 10_000, ["\n\n "] * 10_000),
}


@pytest.mark.parametrize("name", HARD)
def test_twenty_thousand_words_come_to_an_end_whatever_they_are(name: str) -> None:
    one, two = HARD[name]
    if two is None:
        luck = random.Random(9)
        two = [f"new{n} " if luck.random() < 0.05 else word for n, word in enumerate(one)]
    before, after = "".join(one), "".join(two)
    pieces = word_changes(before, after)
    rows = block_rows(before, after)
    assert of(pieces, "same", "removed") == before
    assert of(pieces, "same", "added") == after
    assert bool(rows) == bool((before + after).strip())


@given(TEXTS, TEXTS)
def test_rows_hold_every_block_of_both_texts_in_order(before: str, after: str) -> None:
    rows = block_rows(before, after)
    for text, side, others in ((before, "before", "added"), (after, "after", "removed")):
        here = [row for row in rows if row.kind != others]
        assert len(here) == len(blocks_of(text))
        for row, block in zip(here, blocks_of(text), strict=True):
            told = words_of("".join(piece.text for piece in getattr(row, side)))
            # What is the same is shown as the new text breaks its lines.
            assert told in {words_of(in_plain_words(block)), words_of(as_read(block))} or (side, row.kind) == ("before", "same")


def test_rows_follow_a_paragraph_that_was_changed_beside_one_that_is_new() -> None:
    before = "## Law\n\nStates agreed in 2001 on a treaty about crime.\n\nIt is open to all states.\n"
    after = before.replace("States", "This is new and says something else entirely.\n\nStates").replace("2001", "2024")
    rows = block_rows(before, after)
    assert [row.kind for row in rows] == ["same", "added", "changed", "same"]
    assert [piece.text for piece in rows[2].pieces if piece.kind != "same"] == ["2001", "2024"]
    assert rows[0].form == "heading"
    assert rows[0].after == (Piece("same", "Law"),)
    assert (words_changed(rows).removed, words_changed(rows).added) == (1, 9)


def test_other_line_ends_are_no_change() -> None:
    assert [row.kind for row in block_rows("One two\nthree four.\n", "One\ntwo three four.\n")] == ["same"]


def test_a_change_of_signs_alone_is_shown_with_its_signs() -> None:
    (row,) = block_rows("A **bold** word in here.\n", "A bold word in here.\n")
    assert row.kind == "changed"
    assert of(row.pieces, "removed") == "****"


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("## The *law*", "The law"),
        (
            "See [the treaty](https://example.org/t) and the [dark web]{glossary darknet} [@itu-2025, p. 3].",
            "See the treaty (https://example.org/t) and the dark web [itu-2025, p. 3].",
        ),
        ('![A map](media/map.svg "Caption")', "A map (media/map.svg)"),
        ("Two **strong** words and `code`,\nbroken 2 * 3 * 4.", "Two strong words and code, broken 2 * 3 * 4."),
        ("::: case x-one A title\nThe text.\n:::", "case x-one A title\nThe text."),
        ("```\n## not a heading\n```", "```\n## not a heading\n```"),
    ],
)
def test_a_block_reads_without_its_signs(block: str, expected: str) -> None:
    assert in_plain_words(block) == expected


def test_long_stretches_without_a_change_are_folded_and_what_stands_beside_one_is_not() -> None:
    same = [f"Paragraph number {n} says this.\n\n" for n in range(9)]
    rows = block_rows("".join(same), "".join([*same[:5], "Something new.\n\n", *same[5:]]))
    found = stretches(rows)
    assert [(stretch.is_folded, len(stretch.rows)) for stretch in found] == [(True, 4), (False, 3), (True, 3)]
    assert [row for stretch in found for row in stretch.rows] == list(rows)


def test_two_unchanged_blocks_are_not_worth_a_fold() -> None:
    rows = block_rows("A one.\n\nB two.\n\nC three.\n", "A one.\n\nB two.\n\nC three.\n\nD four.\n")
    assert [stretch.is_folded for stretch in stretches(rows)] == [False]


def test_words_are_counted_without_signs() -> None:
    assert words_in([Piece("added", "two words, – !"), Piece("removed", "x")], "added") == 2
