"""HTML has one door: nothing leaves it but what the allow-list names."""

import html5lib
import pytest
from html5lib.serializer import serialize
from hypothesis import given
from hypothesis import strategies as st

from elearn import text
from tests.data.hostile import HTML, MARKDOWN
from tests.data.sieves import DIFFERENCES, REASONS

XHTML = "{http://www.w3.org/1999/xhtml}"
CLEANED = [text.clean(html) for html in HTML] + [text.render_markdown(markdown) for markdown in MARKDOWN]


def document(html):
    """What a browser makes of ``html``, written in one way only."""
    tree = html5lib.parseFragment(html)
    return serialize(tree, alphabetical_attributes=True, quote_attr_values="always", omit_optional_tags=False, resolve_entities=False)


def assert_only_what_is_allowed(html):
    ids = []
    for element in html5lib.parseFragment(str(html)).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert isinstance(element.tag, str), "a comment is left"
        tag = element.tag.removeprefix(XHTML)
        assert tag in text.TAGS
        for name, value in element.attrib.items():
            assert text.allows(tag, name, value), (tag, name, value)
            if name == "id":
                ids.append(value)
    assert len(ids) == len(set(ids))


def test_the_corpus_is_large_enough():
    assert len(set(HTML) | set(MARKDOWN)) == len(HTML) + len(MARKDOWN) >= 240


@pytest.mark.parametrize("cleaned", CLEANED)
def test_only_what_is_allowed_is_left(cleaned):
    assert_only_what_is_allowed(cleaned)


@pytest.mark.parametrize("cleaned", CLEANED)
def test_cleaning_again_changes_nothing(cleaned):
    assert text.second_sieve(cleaned) == cleaned


@pytest.mark.parametrize("html", HTML)
def test_each_sieve_alone_leaves_only_what_is_allowed(html):
    for sieve in (text.first_sieve, text.second_sieve):
        for element in html5lib.parseFragment(sieve(html)).iter():
            if element.tag == "DOCUMENT_FRAGMENT":
                continue
            tag = element.tag.removeprefix(XHTML)
            assert tag in text.TAGS
            assert all(text.allows(tag, name, value) for name, value in element.attrib.items())


def test_each_place_where_the_sieves_differ_is_listed_with_its_reason():
    unclean = [text.Renderer().markdown.convert(markdown) for markdown in MARKDOWN]
    differing = {html for html in [*HTML, *unclean] if document(text.first_sieve(html)) != document(text.second_sieve(html))}
    assert differing == set(DIFFERENCES)
    assert set(DIFFERENCES.values()) == set(REASONS)


@pytest.mark.parametrize(
    "href",
    [
        "https://example.org/a:b",
        "http://example.org",
        "mailto:a@example.org",
        "a-key",
        "../slug/key",
        "/glossary#cybercrime",
        "#fn-1",
        "?a=b:c",
    ],
)
def test_a_link_that_leads_to_a_known_place_stays(href):
    assert f'href="{href}"' in text.clean(f'<a href="{href}">a</a>')


@pytest.mark.parametrize(
    "href", ["javascript\u200b:alert(1)", "//example.org", "\\\\example.org", "tel:1", "x:y", "\tjavascript:x", "/\n/example.org"]
)
def test_a_link_that_leads_elsewhere_loses_its_address(href):
    assert text.clean(f'<a href="{href}">a</a>') == "<a>a</a>"


def test_a_link_says_nothing_of_its_relation():
    assert text.clean('<a href="https://example.org" rel="opener" target="_blank">a</a>') == '<a href="https://example.org">a</a>'


def test_an_id_without_our_prefix_is_dropped():
    assert text.clean('<p id="location">a</p><p id="h-place">b</p>') == '<p>a</p><p id="h-place">b</p>'


def test_a_picture_from_elsewhere_is_not_fetched():
    assert text.clean('<img src="https://example.org/a.png" alt="a">') == '<img alt="a">'


@given(st.text(alphabet="<>/=\"'!-[]&;:# \n\tabpsvgmathtdliscriptxhref\x00\u200b", max_size=200))
def test_whatever_is_typed_only_what_is_allowed_is_left(typed):
    cleaned = text.clean(typed)
    assert_only_what_is_allowed(cleaned)
    assert text.second_sieve(cleaned) == cleaned


@given(st.text(alphabet="<>/=\"'!-[](){}&;:#*_`|^~ \n\tabjavascript1\u200b", max_size=200))
def test_whatever_markdown_is_typed_only_what_is_allowed_is_left(typed):
    assert_only_what_is_allowed(text.render_markdown(typed))
