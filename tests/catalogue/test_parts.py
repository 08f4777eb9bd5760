"""The parts of the compiler, each by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.catalogue import bibliography, digests, syntax
from elearn.catalogue.faults import Faults
from elearn.catalogue.items.short_text import normalised
from elearn.catalogue.pictures import read_picture
from elearn.catalogue.reader import read_content
from elearn.catalogue.render import count_words, plain_text
from elearn.catalogue.schema import ReferenceEntry
from elearn.catalogue.yaml_source import load_yaml
from tests.catalogue import small

MARKUP = ":[]{}()@!#*`<>/-=|^\\\n ~aglosry.0"


def load(text):
    faults = Faults()
    source = load_yaml(text, "a.yml", faults)
    return source, [f"{fault.line}: {fault.code}" for fault in faults]


def test_values_are_what_an_author_means():
    source, faults = load("a: yes\nb: 1.10\nc: 010\nd: 2001-01-01\ne: true\nf:\ng: 5\nNO: 1:30\n")
    assert {key: str(value) for key, value in source.value.items()} == {
        "a": "yes", "b": "1.10", "c": "010", "d": "2001-01-01", "e": "True", "f": "None", "g": "5", "NO": "1:30",
    }  # fmt: skip
    assert isinstance(source.value["g"], int)
    assert faults == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\na: 2\n", "2: duplicate-key"),
        ("a: &x 1\nb: *x\n", "1: yaml-alias"),
        ("a: !!python/name:os.system x\n", "1: yaml-tag"),
        ("a: !new x\n", "1: yaml-tag"),
        ("a: [1\n", "2: yaml"),
        ("a: b: c\n", "1: yaml"),
        ("? [a]\n: b\n", "1: yaml"),
        ("a: 1\n--- \nb: 2\n", "2: yaml"),
        ("[" * 1500, "1: yaml"),
    ],
)
def test_what_is_not_for_authors_is_refused(text, fault):
    assert fault in load(text)[1]


def test_every_value_knows_its_line():
    source, _ = load("a:\n  - b: 1\n    c: >-\n      one\n      two @key\n  - d\n")
    assert source.place(("a", 0, "c")).line == 3
    assert source.line_of(("a", 0, "c"), "@key") == 5
    assert source.place(("a", 1, "nothing")).line == 6


@given(st.text(alphabet=MARKUP, max_size=120))
def test_any_text_can_be_looked_at(text):
    for token in syntax.tokens(text):
        assert 1 <= token.line <= text.count("\n") + 1
    assert syntax.without_code(text).count("\n") == text.count("\n")


@given(st.text(alphabet=MARKUP, max_size=120))
def test_any_text_can_be_read_and_rendered(text):
    files = small.files()
    files["01-first/en/10-one.md"] = b"---\ntitle: One\nkind: tools\naudience: everyone\nminutes: 5\n---\n" + text.encode()
    reading = read_content(files)
    assert isinstance(str(reading.series.modules[0].texts["en"].sections[0].rendered.html), str)


@given(st.text(alphabet="abc:-[]{}#&*!|>'\"%@`, \n?~", max_size=60))
def test_any_yaml_is_read_or_refused(text):
    source, faults = load(text)
    assert source is not None or faults


@pytest.mark.parametrize(
    ("inside", "cited"),
    [
        ("@coe-2001", [("coe-2001", "")]),
        ("@coe-2001, art. 6", [("coe-2001", "art. 6")]),
        ("@a; @b,\n p. 3, 4", [("a", ""), ("b", "p. 3, 4")]),
        ("@a b", None),
        ("@a; b", None),
        ("see @a", None),
    ],
)
def test_citations_are_taken_apart(inside, cited):
    assert syntax.citations(inside) == cited


def entry(**facts):
    return ReferenceEntry.model_validate({"key": "key", "type": "book", "title": "A Title", **facts})


@pytest.mark.parametrize(
    ("facts", "cited", "full"),
    [
        ({"authors": ["Wall, David S."], "year": 2007, "publisher": "Polity", "place": "Cambridge"},
         "Wall, 2007", "Wall, David S. (2007). <em>A Title</em>. Polity, Cambridge."),
        ({"authors": ["A, B", "C, D"], "year": 1999, "type": "article", "container": "Journal", "volume": "4", "issue": "2", "pages": "1"},
         "A and C, 1999", "A, B; C, D (1999). A Title. <em>Journal</em>, 4 (2), 1."),
        ({"authors": ["A, B", "C, D", "E, F"], "doi": "10.1234/x"},
         "A et al., n.d.", 'A, B; C, D; E, F (n.d.). <em>A Title</em>. <a href="https://doi.org/10.1234/x">https://doi.org/10.1234/x</a>'),
        ({"type": "case", "year": 1991, "court": "Second Circuit", "number": "928 F.2d 504", "open": True},
         "A Title, 1991", "<em>A Title</em> (1991). Second Circuit, 928 F.2d 504. Open access."),
        ({"authors": ["<b>"], "year": 2000, "note": "press statement"},
         "<b>, 2000", "&lt;b&gt; (2000). <em>A Title</em>. Press statement."),
    ],
)  # fmt: skip
def test_references_are_written_in_one_style(facts, cited, full):
    (reference,) = bibliography.lettered([entry(**facts)])
    assert bibliography.citation(reference, "en") == cited
    assert bibliography.full(reference, "en") == full


def test_two_sources_of_one_year_are_told_apart():
    entries = [
        entry(key="b", authors=["X"], year=2001, title="Second"),
        entry(key="a", authors=["X"], year=2001, title="First"),
        entry(key="c", authors=["X"]),
    ]
    assert {r.key: bibliography.citation(r, "fr", "p. 1") for r in bibliography.lettered(entries)} == {
        "a": "X, 2001a, p. 1",
        "b": "X, 2001b, p. 1",
        "c": "X, n.d., p. 1",
    }


@pytest.mark.parametrize(
    ("inside", "codes"),
    [
        ("<rect/>", []),
        ("<style>rect{fill:url(#a)} @media (prefers-color-scheme:dark){}</style>", []),
        ('<a xmlns:x="http://www.w3.org/1999/xlink" x:href="https://example.org"/>', ["picture-outside"]),
        ('<use href="data:image/svg+xml,x"/>', ["picture-outside"]),
        ('<rect style="fill:url(//example.org)"/>', ["picture-outside"]),
        ("<style>a{background:image-set('x')}</style>", ["picture-outside"]),
        ('<x:script xmlns:x="http://www.w3.org/2000/svg"/>', ["picture-script"]),
        ('<rect ONLOAD="x"/>', ["picture-script"]),
        ('<animate attributeName="href" values="javascript:x"/>', ["picture-script"]),
        ("<html:p xmlns:html='http://www.w3.org/1999/xhtml'/>", ["picture-xml"]),
    ],
)
def test_a_picture_runs_and_fetches_nothing(inside, codes):
    faults = Faults()
    read_picture("media/a.svg", f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inside}</svg>'.encode(), faults)
    assert [fault.code for fault in faults] == codes


@given(st.dictionaries(st.text(max_size=3), st.integers()), st.randoms())
def test_a_digest_depends_on_what_is_said_and_not_on_its_order(value, random):
    keys = random.sample(list(value), len(value))
    assert digests.of_value({key: value[key] for key in keys}) == digests.of_value(value)
    assert digests.of_value(value | {"new": 1}) != digests.of_value(value | {"new": 2})


def test_plain_text_leaves_out_marks_and_keeps_blocks_apart():
    html = (
        '<p>a <b>b</b>\nc<sup id="fnref-1"><a class="footnote-ref" href="#fn-1">1</a></sup></p><table><tr><td>d</td><td>e</td></tr></table>'
    )
    assert plain_text(html) == "a b c\nd e"


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("It's a well-known 4,294 fact.", 5), ("网络犯罪", 4), ("— … —", 0), ("الجريمة السيبرانية", 2)]
)
def test_words_are_counted_in_any_script(text, words):
    assert count_words(text) == words


def test_arabic_and_full_width_answers_are_normalised():
    assert normalised("ＤＤｏＳ", {"case"}) == "ddos"
    assert normalised("٣", set()) == "٣"
