"""The editorial standard, as far as it can be measured."""

import pytest

from elearn.catalogue import editorial, measures
from elearn.catalogue.measures import ari, sentences_of
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT
from tests.catalogue import small


def codes(*changes):
    series = small.read(*changes).series
    return {fault.code for fault in editorial.faults(series, measures.measure(series))}


def test_the_shipped_series_meets_the_standard():
    series = read_series(CONTENT).series
    assert [str(fault) for fault in editorial.faults(series, measures.measure(series))] == []


def test_a_small_module_is_told_all_it_lacks():
    assert codes() >= {
        f"editorial-{what}"
        for what in (
            "words", "outcomes", "key-issues", "discussions", "figures", "slots", "items", "item-types", "references", "exercises", "cases",
            "case-regions", "class-minutes", "section-words", "sections", "remember",
        )
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("01-first/en/10-one.md", "The default.", "This is child pornography."), "editorial-term"),
        (("01-first/en/quiz.yml", "text: The second", "text: All of the above"), "editorial-term"),
        (
            ("01-first/en/quiz.yml", "correct: true, feedback: Yes.}\n      - {id: b", "correct: true}\n      - {id: b"),
            "editorial-feedback",
        ),
        (("01-first/en/10-one.md", "  box.svg: |\n    A box.\n\n    Nothing else.\n", "  {}\n"), "editorial-description"),
    ],
)
def test_each_departure_is_found(change, code):
    assert code in codes(change)
    assert code not in codes()


def test_the_title_of_a_law_may_be_quoted():
    quoted = "The law *On child pornography* was amended."
    assert "editorial-term" not in codes(("01-first/en/10-one.md", "The default.", quoted))


def test_a_sentence_that_stands_twice_is_found_where_it_stands_again():
    again = "The servers of the ministry of justice were slow for three whole days in a row."
    series = small.read(
        ("01-first/en/10-one.md", "Servers were slow.", again),
        (
            "01-first/en/20-plan.md",
            "\n---\n",
            "\n---\nText.\n\nFor three whole days in a row, the servers of the ministry of justice were slow.\n",
        ),
    ).series
    found = [fault for fault in editorial.faults(series, ()) if fault.code == "editorial-twice"]
    assert [(fault.path, fault.line) for fault in found] == [("01-first/en/20-plan.md", 12)]


def test_sentences_end_where_they_end():
    text = "The court (No. 5, art. 6) ruled on 2.5 claims. Was it right? “Yes.” United States v. Morris says so.\nA title\nE.g. this."
    assert sentences_of(text) == [
        "The court (No. 5, art. 6) ruled on 2.5 claims.",
        "Was it right?",
        "“Yes.",
        "United States v. Morris says so.",
        "A title",
        "E.g. this.",
    ]


def test_longer_words_and_sentences_are_harder_to_read():
    easy, hard = (
        ["The cat sat on the mat."],
        ["International jurisdictional arrangements notwithstanding, extraterritorial enforcement remains problematic."],
    )
    assert ari(easy) < 3
    assert ari(hard) > 20
    assert ari([]) == 0


def test_the_table_has_a_row_for_each_module():
    table = measures.table(measures.measure(small.read().series)).splitlines()
    assert len(table) == 2
    assert table[1].startswith("first")
    assert measures.table(()) == ""
