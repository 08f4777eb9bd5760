"""The texts of others as our Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.exchange.html_read import plain_text, to_markdown
from elearn.text import render_markdown


def markdown(html: str) -> tuple[str, list[tuple[str, str]]]:
    told: list[tuple[str, str]] = []
    return to_markdown(html, "html", lambda code, detail: told.append((code, detail))), told


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>two", "One  \ntwo"),
        ("<p>a <strong> b </strong>c</p>", "a  **b** c".replace("  ", " ")),
        ("<b><i>x</i></b>", "***x***"),
        ("<code>a`b</code>", "``a`b``"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>", "- a\n- b\n\n    - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<a href='https://example.org/?a=1&amp;b=2'>x</a>", "[x](https://example.org/?a=1&b=2)"),
        ("<a href='mailto:a@example.org'>x</a>", "[x](mailto:a@example.org)"),
        ("5 * 3 _a_ [b](c) snake_case `d` \\", "5 \\* 3 \\_a\\_ \\[b\\](c) snake_case \\`d\\` \\\\"),
        ("# not a heading", "\\# not a heading"),
        ("1. not a list", "1\\. not a list"),
        ("- not a list", "\\- not a list"),
        ("<span dir='rtl'>שלום</span>&nbsp;&#128512;", "שלום\u00a0😀"),
        ("&lt;b&gt;", "&lt;b>"),
        ("&amp;amp;", "&amp;amp;"),
        ("{{gap}}", "\\{\\{gap\\}\\}"),
    ],
)
def test_what_is_known_is_kept(html: str, expected: str) -> None:
    assert markdown(html) == (expected, [])


@pytest.mark.parametrize(
    ("html", "expected", "code"),
    [
        ("<img src='x' alt='A cat'>", "A cat", "picture"),
        ("<script>alert(1)</script>x", "x", "html-left-out"),
        ("<style>p{}</style>x", "x", "html-left-out"),
        ("<h2>Title</h2>x", "Title\n\nx", "html-left-out"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a; b", "html-left-out"),
        ("x<sup>2</sup>", "x2", "html-left-out"),
        ("<iframe src='https://example.org'></iframe>x", "x", "picture"),
        ("<a href='/local'>x</a>", "x", "link-left-out"),
    ],
)
def test_what_is_not_known_is_text_and_noted(html: str, expected: str, code: str) -> None:
    text, told = markdown(html)
    assert (text, {code for code, _ in told}) == (expected, {code})


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "vbscript:x", "java\tscript:x", "//example.org"]
)
def test_links_lead_to_known_places_only(address: str) -> None:
    text, told = markdown(f"<a href='{address}'>x</a>")
    assert (text, {code for code, _ in told}) == ("x", {"link-left-out"})


@given(st.text(st.sampled_from("ab *_`[]()<>#-+1.!{}\\|&~:\n"), max_size=40))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    shown = render_markdown(to_markdown(text, "plain", lambda *_: None))
    assert "<a " not in shown
    assert not {"<em>", "<strong>", "<code>", "<li>", "<h1>", "<h2>"} & {shown[i : i + n] for n in (4, 6, 8) for i in range(len(shown))}


@given(st.text(st.sampled_from("ab<>/ p=\"'&;!-strongemlia"), max_size=80))
def test_any_html_is_read(html: str) -> None:
    markdown(html)


def test_an_answer_to_be_typed_is_plain() -> None:
    assert plain_text("<p>a * b &amp; c</p>", "html", lambda *_: None) == "a * b & c"
    assert plain_text(" a_b ", "plain", lambda *_: None) == "a_b"


def test_a_text_that_is_too_long_is_cut_and_noted() -> None:
    text, told = markdown("a" * 200_001)
    assert (len(text), told) == (200_000, [("text-too-long", "200,001")])
