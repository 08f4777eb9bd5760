"""Texts in QTI: our Markdown as elements, and elements as HTML that can be read. Pure."""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element  # Only the type: nothing is parsed as XML here.

from elearn.exchange.html_read import to_markdown
from elearn.exchange.report import Sink
from elearn.exchange.xml_safe import fit
from elearn.text import render_markdown

_VOID = frozenset({"br", "hr", "img"})
_KEPT = frozenset({"href", "alt"})


class _Builder(HTMLParser):
    """Hangs clean HTML as elements under a parent."""

    def __init__(self, parent: Element) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [parent]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: fit(value or "") for name, value in attrs if name in _KEPT})
        self.open[-1].append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + fit(data)
        else:
            parent.text = (parent.text or "") + fit(data)


def put(parent: Element, markdown: str, *, inline: bool = False) -> None:
    """Put a text into ``parent``; ``inline``: a single paragraph without its element."""
    html = str(render_markdown(markdown)).strip()
    inside = html.removeprefix("<p>").removesuffix("</p>")
    if inline and html.startswith("<p>") and "<p>" not in inside and "</p>" not in inside:
        html = inside
    builder = _Builder(parent)
    builder.feed(html)
    builder.close()


def html_of(element: Element, instead: Callable[[Element], str | None] = lambda _element: None) -> str:
    """Return what stands in an element as HTML; where ``instead`` gives a text for an element, that stands in its place."""
    parts = [escape(element.text or "")]
    for child in element:
        if not isinstance(child.tag, str):
            parts.append(escape(child.tail or ""))
            continue
        told = instead(child)
        if told is None:
            attributes = "".join(f' {name}="{escape(value)}"' for name, value in child.attrib.items() if name in _KEPT)
            told = f"<{child.tag}{attributes}>{html_of(child, instead)}" + ("" if child.tag in _VOID else f"</{child.tag}>")
        parts += [told, escape(child.tail or "")]
    return "".join(parts)


def markdown_of(element: Element, note: Sink, instead: Callable[[Element], str | None] = lambda _element: None) -> str:
    """Return what stands in an element as Markdown."""
    return to_markdown(html_of(element, instead), "html", note)
