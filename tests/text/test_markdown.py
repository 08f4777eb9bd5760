"""Markdown as everybody may write it."""

import pytest

from elearn.text import render_markdown


@pytest.mark.parametrize(
    ("markdown", "part"),
    [
        ("a *b* **c** `d`", "<p>a <em>b</em> <strong>c</strong> <code>d</code></p>"),
        ("|a|b|\n|-|-:|\n|1|2|", '<td class="align-right">2</td>'),
        ("|a|\n|-|\n|1|", '<th scope="col">a</th>'),
        ("a[^1]\n\n[^1]: note", '<a class="footnote-ref" href="#fn-1">1</a>'),
        ("term\n:   meaning", "<dl>\n<dt>term</dt>\n<dd>meaning</dd>\n</dl>"),
        ("*[MLA]: mutual legal assistance\n\nMLA", '<abbr title="mutual legal assistance">MLA</abbr>'),
        ("```python\na < b\n```", '<pre><code class="language-python">a &lt; b\n</code></pre>'),
        ("3. a\n4. b", '<ol start="3">'),
        ("## A\n\n### B", "<h2>A</h2>\n<h3>B</h3>"),
        ("# A", "<h2>A</h2>"),
        ("[a](key)", '<a href="key">a</a>'),
    ],
)
def test_markdown_becomes_html(markdown, part):
    assert part in render_markdown(markdown)


@pytest.mark.parametrize("markdown", ["<b>a</b>", "<div>\n\na\n\n</div>", "a <br> b", "<!-- a -->"])
def test_raw_html_is_text(markdown):
    assert "&lt;" in render_markdown(markdown)


def test_footnote_labels_in_any_script_lead_to_their_notes():
    rendered = render_markdown("أ[^حاشية] ب[^two words]\n\n[^حاشية]: first\n[^two words]: second\n")
    for number in (1, 2):
        assert f'href="#fn-{number}"' in rendered
        assert f'<li id="fn-{number}">' in rendered
        assert f'href="#fnref-{number}"' in rendered
        assert f'id="fnref-{number}"' in rendered
