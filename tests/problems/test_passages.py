"""Passages: a page cut into its blocks, found again by their words."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from elearn.problems.passages import Passage, first_words, passages, same, selected, successor
from elearn.text import blocks, clean, render_markdown

PAGE = """An introduction with *emphasis* and a ![picture](x.png).

## A heading

- one
- two

| a | b |
|---|---|
| 1 | 2 |

    code < here

An introduction with *emphasis*.
"""
TEXT = st.text(st.sampled_from("ab <>&'\"*_#-|[]()\n\n`é网 1."), max_size=300)


def test_a_page_is_cut_between_its_outermost_elements() -> None:
    texts = [passage.text for passage in passages(render_markdown(PAGE))]
    assert texts == [
        "An introduction with emphasis and a .",
        "A heading",
        "one\ntwo",
        "a b\n1 2",
        "code < here",
        "An introduction with emphasis.",
    ]


@given(TEXT)
def test_nothing_is_lost_and_each_block_is_whole(source: str) -> None:
    html = render_markdown(source)
    cut = blocks(html)
    assert "".join(cut) == html
    assert all(clean(block).strip() == block.strip() for block in cut)


ELEMENTS = ["<p>a<br>b</p>", "<hr>", "<p>é\n&amp;</p>\n", "<ul><li>x</li></ul>", '<div><img alt=""></div>']


@given(st.lists(st.sampled_from(ELEMENTS), max_size=8))
def test_there_are_as_many_blocks_as_elements(elements: list[str]) -> None:
    assert len(blocks(Markup("".join(elements)))) == len(elements)


def test_a_passage_is_known_by_its_words_and_of_equal_ones_by_its_place() -> None:
    known = passages(render_markdown("Same.\n\nOther.\n\nSame."))
    assert same(known, known[0].digest, 2) == known[2]
    assert same(known, known[0].digest, 0) == known[0]
    assert same(known, "0" * 64, 0) is None


def test_a_later_wording_is_recognised_and_what_is_gone_is_not() -> None:
    known = passages(render_markdown("A botnet is a network of captured machines.\n\nSomething else entirely."))
    assert successor(known, "A botnet is a network of caught machines.") == known[0]
    assert successor(known, "Zebras eat grass 123 456 789 000 xyz.") is None
    assert successor((), "anything") is None


def test_a_selection_leads_to_its_passage() -> None:
    known = passages(render_markdown("First one here.\n\nThe second passage ends like this.\n\nAnd the third begins."))
    assert selected(known, "SECOND  passage") == known[1]
    assert selected(known, "passage ends like this.\n\nAnd the third") == known[1]
    assert selected(known, "nowhere at all to be found") is None
    assert selected(known, "  ") is None


@given(TEXT, TEXT)
def test_any_selection_is_a_passage_or_none(source: str, selection: str) -> None:
    found = selected(passages(render_markdown(source)), selection)
    assert found is None or isinstance(found, Passage)


@given(st.text(max_size=400))
def test_first_words_are_one_short_line(text: str) -> None:
    assert len(first_words(text)) <= 93
    assert "\n" not in first_words(text)
