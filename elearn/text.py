"""The one door for HTML: Markdown becomes HTML here, and no HTML reaches a page that has not passed ``clean``.

Two sieves share the allow-list below: bleach (which the client named) and behind it nh3; the content security policy is the third.
``render_personal`` is for what a person typed: it renders in a process of its own, which is killed when it takes too long.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from html.parser import HTMLParser
from itertools import accumulate, pairwise
from typing import Any, Final
from xml.etree.ElementTree import Element  # Only the type: nothing is parsed with it.

import bleach
import nh3
from flask_babel import gettext
from markdown import Extension, Markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup, escape

from elearn import bounded
from elearn.errors import Invalid

# The allow-list: the only place that says what HTML may hold.
SCHEMES: Final = frozenset({"http", "https", "mailto"})
TAGS: Final = frozenset(
    "a abbr aside blockquote br code dd del details div dl dt em figcaption figure hr img li ol p pre section span strong sub summary sup "  # noqa: SIM905 (one word per line would hide it)
    "table tbody td th thead tr ul h2 h3 h4 h5 h6".split(),
)

_CLASS: Final = re.compile(
    r"(directive(-(case|discuss|note|slot|label|title))?|citation|references|terms?|longdesc|footnote(-ref|-backref)?"
    r"|table-scroll|align-(left|center|right)|language-[a-z0-9+#-]{1,30})",
)
# Ids carry a prefix of ours, so that none can shadow a name that scripts read from the window or the document.
_ID: Final = re.compile(r"(h|fn|fnref[0-9]*|ref|term)-[a-z0-9][a-z0-9-]{0,99}")
_PICTURE: Final = re.compile(r"/media/[0-9a-f]{64}\.(svg|png|jpg|jpeg|webp)")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_TEXT: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*")
#: Attributes by tag, each with what its whole value must match; ``*`` holds for every tag. Neither sieve takes or adds ``rel``.
ATTRIBUTES: Final[dict[str, dict[str, re.Pattern[str]]]] = {
    "*": {"id": _ID, "class": re.compile(rf"{_CLASS.pattern}( {_CLASS.pattern})*")},
    "a": {"href": _TEXT, "title": _TEXT, "aria-describedby": _ID},
    "abbr": {"title": _TEXT},
    "aside": {"data-country": re.compile(r"[A-Z]{2}")},
    "div": {"tabindex": re.compile("0")},
    "img": {"src": _PICTURE, "alt": _TEXT, "width": _NUMBER, "height": _NUMBER, "loading": re.compile("lazy")},
    "ol": {"start": _NUMBER},
    "section": {"data-slot": re.compile(r"[a-z][a-z0-9-]{0,79}")},
    "th": {"scope": re.compile("col|row")},
}


#: A cell that begins with one of these is run as a formula by spreadsheets.
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def plain_cell(text: str) -> str:
    """Return ``text`` as a cell of a table such that no spreadsheet runs it."""
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def allows(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute may stand as it is; both sieves ask this."""
    pattern = ATTRIBUTES.get(tag, {}).get(name) or ATTRIBUTES["*"].get(name)
    if pattern is None or not pattern.fullmatch(value):
        return False
    return name != "href" or _leads_to_a_known_place(value)


def _leads_to_a_known_place(href: str) -> bool:
    # Browsers drop leading spaces and controls, and tabs and newlines anywhere; a backslash counts as a slash to them.
    seen = re.sub(r"[\t\n\r]", "", href.replace("\\", "/").lstrip("".join(map(chr, range(0x21)))))
    before, colon, _ = seen.partition(":")
    if colon and not re.search(r"[/?#]", before):
        return before.casefold() in SCHEMES
    return not seen.startswith("//")


def first_sieve(html: str) -> str:
    """Return ``html`` as bleach leaves it: what is not allowed is shown as text."""
    return bleach.clean(html, tags=TAGS, attributes=allows, protocols=SCHEMES, strip=False, strip_comments=True)


def second_sieve(html: str) -> str:
    """Return ``html`` as nh3 leaves it: what is not allowed is gone, and of equal ids only the first is kept."""
    ids: set[str] = set()

    def kept(tag: str, name: str, value: str) -> str | None:
        if not allows(tag, name, value) or (name == "id" and value in ids):
            return None
        if name == "id":
            ids.add(value)
        return value

    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=kept,
        url_schemes=set(SCHEMES),
        link_rel=None,
        strip_comments=True,
    )


def clean(html: str) -> Markup:
    """Return ``html`` with nothing in it but the allow-list; cleaning it again changes nothing."""
    # Repairing bad nesting can open the way to another repair; what never settles is shown as text.
    settled = second_sieve(first_sieve(html))
    for _ in range(5):
        again = second_sieve(settled)
        if again == settled:
            return Markup(settled)  # noqa: S704 (this is the door)
        settled = again
    return escape(html)


def joined(pieces: Iterable[object]) -> Markup:
    """Return pieces in a row: HTML as it is, anything else escaped. (``Markup.join`` does the same in ten times as long.)"""
    return Markup("".join([piece if type(piece) is Markup else escape(piece) for piece in pieces]))  # noqa: S704 (pieces of HTML)


class _Outermost(HTMLParser):
    """Finds where the outermost elements of clean HTML begin."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.depth = 0
        self.starts: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the library's signature)
        if not self.depth:
            self.starts.append(self.getpos())
        self.depth += tag not in _VOID

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 (the library's signature)
        self.depth -= 1


_VOID: Final = frozenset({"br", "hr", "img"})


def blocks(html: Markup) -> list[Markup]:
    """Return what ``clean`` returned, cut between its outermost elements: paragraphs, headings, lists, tables, directives."""
    parser = _Outermost()
    parser.feed(html)
    parser.close()
    lengths = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
    cuts = [lengths[line - 1] + column for line, column in parser.starts]
    if not cuts:
        return [html] if html.strip() else []
    # Joined they are what they were cut from, so that nothing is lost.
    return [Markup(html[start:end]) for start, end in pairwise([0, *cuts[1:], len(html)])]  # noqa: S704 (clean HTML, whole elements)


class _Footnotes(FootnoteExtension):
    """Footnotes whose ids are numbered in a namespace, so that two texts can stand on one page and labels can be in any script."""

    def __init__(self, namespace: str, **settings: Any) -> None:
        super().__init__(SEPARATOR="-", **settings)
        self.namespace = namespace

    def _numbered(self, label: str) -> str:
        return f"{self.namespace}{list(self.footnotes).index(label) + 1}"

    def makeFootnoteId(self, id: str) -> str:  # noqa: A002, N802 (the library's names)
        return f"fn-{self._numbered(id)}"

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: A002, FBT001, FBT002, N802 (the library's names)
        return self.unique_ref(f"fnref-{self._numbered(id)}", found)


class _Shape(Treeprocessor):
    """Headings begin where the page wants them; tables say which cells are headings, align by class, and scroll within the page."""

    def __init__(self, markdown: Markdown, lowered: int) -> None:
        super().__init__(markdown)
        self.lowered = lowered

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            for place, child in enumerate(element):
                if child.tag == "table":
                    element[place] = _scrolled(child)
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(max(int(element.tag[1]) + self.lowered, 2), 6)}"
            elif element.tag in {"td", "th"}:
                if align := element.attrib.pop("align", None):
                    element.set("class", f"align-{align}")
                if element.tag == "th":
                    element.set("scope", "col")


def _scrolled(table: Element) -> Element:
    """Return the table in a frame that scrolls, also by keyboard, where the page is narrower than the table."""
    frame = Element("div", {"class": "table-scroll", "tabindex": "0"})
    frame.tail, table.tail = table.tail, "\n"
    frame.append(table)
    return frame


_USUAL: Final = [f"markdown.extensions.{name}" for name in ("def_list", "abbr", "fenced_code", "sane_lists")]


class Renderer:
    """Turns Markdown into clean HTML, many times with the same extensions."""

    def __init__(self, *, extensions: Sequence[Extension] = (), lowered: int = 0, back: str = "↩ %d", namespace: str = "") -> None:
        footnotes = _Footnotes(namespace, BACKLINK_TITLE=back)
        usual: list[str | Extension] = [TableExtension(use_align_attribute=True), footnotes, *_USUAL]
        self.markdown = Markdown(extensions=[*usual, *extensions], output_format="html")
        # Raw HTML is text like any other.
        self.markdown.preprocessors.deregister("html_block")
        self.markdown.inlinePatterns.deregister("html")
        self.markdown.treeprocessors.register(_Shape(self.markdown, lowered), "shape", 1)

    def __call__(self, source: str) -> Markup:
        """Return ``source`` as clean HTML."""
        self.markdown.reset()
        return clean(self.markdown.convert(source))


def render_markdown(source: str, *, extensions: Sequence[Extension] = ()) -> Markup:
    """Return a trusted author's Markdown as clean HTML; what a person typed goes through ``render_personal``."""
    return Renderer(extensions=extensions)(source)


LARGEST_PERSONAL = 200 * 1024
SECONDS_PERSONAL = 2.0


def render_personal(source: str, *, seconds: float = SECONDS_PERSONAL) -> Markup:
    """Return a person's Markdown as clean HTML; raise Invalid where it is too long or takes too long."""
    if not source.strip():
        return Markup("")
    return rendered_apart(source, _personal, seconds=seconds)


def rendered_apart(source: str, render: Callable[..., str], *args: Any, seconds: float = SECONDS_PERSONAL) -> Markup:
    """Return what ``render`` makes of a person's text and ``args`` in a process of its own, as clean HTML; raise Invalid as above."""
    typed = source.encode("utf-8", "replace")
    if len(typed) > LARGEST_PERSONAL:
        raise Invalid(gettext("This text is too long: at most %(size)s KB can be kept.", size=LARGEST_PERSONAL // 1024))
    try:
        html = bounded.run(render, typed.decode("utf-8"), *args, seconds=seconds)
    except bounded.Exceeded:
        message = gettext("This text could not be laid out in time. Please use fewer brackets, quotations and levels of lists.")
        raise Invalid(message) from None
    return Markup(html)  # noqa: S704 (cleaned by the process)


def _personal(source: str) -> str:
    namespace = hashlib.sha256(source.encode()).hexdigest()[:8] + "-"
    return str(Renderer(lowered=2, namespace=namespace)(source))
