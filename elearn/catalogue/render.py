"""From an author's text to the HTML that is kept: what ``markup`` makes of it, with the terms and references it uses. Pure."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from markupsafe import Markup

from elearn.catalogue import bibliography
from elearn.catalogue.markup import Context, CourseMarkup, label
from elearn.catalogue.reading import Reference, Rendered
from elearn.text import Renderer

#: Elements whose end ends a line of plain text.
_BLOCKS = frozenset("p li dt dd h2 h3 h4 h5 h6 pre figcaption summary tr blockquote aside section figure".split())  # noqa: SIM905


class ContentRenderer:
    """Renders texts of one module in one language, many times."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.extension = CourseMarkup(context)
        self._render = Renderer(extensions=[self.extension], back=label(context.language, "back"))

    def __call__(self, markdown: str) -> Markup:
        """Return ``markdown`` as clean HTML; nothing stays nothing."""
        return self._render(markdown) if markdown.strip() else Markup("")

    def section(self, markdown: str, references: Iterable[Reference] = ()) -> Rendered:
        """Return a section with the terms it used, and with ``references`` listed at its end."""
        body = self(markdown)
        text = plain_text(body)
        html = Markup("\n").join(part for part in (body, self._references(references), self._terms()) if part)
        return Rendered(html, text, count_words(text))

    def _references(self, references: Iterable[Reference]) -> Markup:
        entries = [
            Markup('<li id="ref-{}">{}</li>').format(reference.key, bibliography.full(reference, self.context.language))
            for reference in bibliography.in_order(references)
        ]
        return Markup('<ul class="references">\n{}\n</ul>').format(Markup("\n").join(entries)) if entries else Markup("")

    def _terms(self) -> Markup:
        language, source = self.context.language, self.context.source
        entries = []
        for key, term in sorted(self.extension.terms.items()):
            name = term.entry.term.get(language) or term.entry.term[source]
            definition = Markup(term.definition_html.get(language) or term.definition_html[source])  # noqa: S704 (cleaned by the reader)
            entries.append(Markup('<dt>{}</dt>\n<dd id="term-{}">{}</dd>').format(name, key, definition))
        if not entries:
            return Markup("")
        page = Markup('<details class="terms">\n<summary>{}</summary>\n<dl>\n{}\n</dl>\n</details>')
        return page.format(label(language, "terms"), Markup("\n").join(entries))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if self.skipped or (tag == "a" and "footnote-" in classes):
            self.skipped += tag == "a"
        elif tag in {"td", "th", "br"}:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and tag == "a":
            self.skipped -= 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """Return what a reader reads, one line for each block."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


def count_words(text: str) -> int:
    """Return the number of words; where a script sets no spaces between words, of its characters."""
    return len(
        re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+(?:['’.,/-][^\W_\u3040-\u30ff\u3400-\u9fff]+)*", text)
    )
