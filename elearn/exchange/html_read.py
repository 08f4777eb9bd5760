"""The texts of others as our Markdown, conservatively: paragraphs, emphasis, code, lists and links; anything else as plain text. Pure.

The HTML is cleaned by nh3 first, so what is read here is well-formed whatever was sent.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

from elearn.exchange.report import Sink

LONGEST = 200_000
_BLOCKS = frozenset("p div ul ol li pre blockquote tr table h1 h2 h3 h4 h5 h6 hr dl dt dd".split())  # noqa: SIM905 (shorter to read)
#: Read without a word, since nothing is lost but looks.
_PLAIN = frozenset({"span", "div", "font", "tbody", "thead", "small", "label", "tr", "td", "th"})
_KNOWN = frozenset({"p", "em", "i", "strong", "b", "code", "tt", "kbd", "samp", "pre", "ul", "ol", "li", "a", "br"}) | _PLAIN
_TAGS = _KNOWN | _BLOCKS | {"td", "th", "u", "sub", "sup", "img"}
_DEEPEST = 40
_MOST_OPEN = 200
_CLOSED_BY_THEMSELVES = frozenset("p li tr td th dt dd br hr img input meta link col wbr source area".split())  # noqa: SIM905 (as above)
SCHEMES = frozenset({"http", "https", "mailto"})


def to_markdown(text: str, style: str, note: Sink) -> str:
    """Return a text written in ``style`` (html, moodle, markdown, plain) as Markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        note("text-too-long", f"{len(text):,}")
        text = text[:LONGEST]
    match style:
        case "markdown":
            return text.strip("\n").rstrip()
        case "plain":
            return _lines(text)
        case "moodle" if not re.search(r"<[a-zA-Z/!]|&[a-zA-Z#]", text):
            return _lines(text)
    return _read_html(text, note)


def plain_text(text: str, style: str, note: Sink) -> str:
    """Return a text as one line without marks: what somebody types, or picks from a list."""
    if style in {"html", "moodle"} and re.search(r"<[a-zA-Z/!]|&[a-zA-Z#]", text):
        text = re.sub(r"\\([^\w\s])", r"\1", _read_html(text[:LONGEST], note))
        text = text.replace("&lt;", "<").replace("&amp;", "&")
    return text.strip()


def _lines(text: str) -> str:
    paragraphs = re.split(r"\n[ \t]*\n", text.strip("\n"))
    return "\n\n".join("\n".join(escape(line.strip()) for line in each.split("\n")) for each in paragraphs if each.strip())


def escape(text: str) -> str:
    """Return a line of plain text such that Markdown shows it as it is."""
    text = re.sub(r"([\\`*\[\]{}])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    text = re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)
    text = re.sub(r"^(\s*)([#>+-]|:::|=+$)", r"\1\\\2", text)
    return re.sub(r"^(\s*\d+)([.)])(?=\s|$)", r"\1\\\2", text)


def _read_html(text: str, note: Sink) -> str:
    for tag in sorted({found.lower() for found in re.findall(r"<([a-zA-Z][a-zA-Z0-9:-]{0,20})", text)} - _KNOWN):
        note("picture" if tag in {"img", "object", "embed", "video", "audio", "iframe", "svg", "math"} else "html-left-out", tag)
    for target in re.findall(r"\bhref\s*=\s*[\"']?\s*([^\"'<>]{1,100})", text):
        scheme, colon, _ = target.partition(":")
        if colon and "/" not in scheme and scheme.strip().lower() not in SCHEMES:
            # nh3 takes these out before anything else sees them.
            note("link-left-out", target)
    if _is_too_deep(text):
        note("html-left-out", "…")
        text = re.sub(r"<[^<>]*>", " ", text)
    clean = nh3.clean(
        text,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "img": {"alt"}},
        url_schemes=set(SCHEMES),
        link_rel=None,
        clean_content_tags={"script", "style", "title", "svg", "math", "iframe", "object"},
    )
    tree = _Tree()
    tree.feed(clean)
    tree.close()
    return re.sub(r"\n{3,}", "\n\n", _blocks(tree.root, note)).strip("\n").rstrip()


def _is_too_deep(html: str) -> bool:
    """Return whether elements stand open in such a number that reading them would take its square."""
    open_: Counter[str] = Counter()
    depth = 0
    for closes, name in re.findall(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        tag = name.lower()
        if tag in _CLOSED_BY_THEMSELVES:
            continue
        step = 1 if not closes else -1 if open_[tag] else 0
        open_[tag] += step
        depth += step
        if depth > _MOST_OPEN:
            return True
    return False


@dataclass
class _Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["str | _Element"] = field(default_factory=list)


class _Tree(HTMLParser):
    """Builds a tree of clean HTML; what stands too deep is taken up into what holds it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Element("div")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        if tag in {"br", "hr", "img"}:
            self.open[-1].children.append(element)
            return
        if len(self.open) < _DEEPEST:
            self.open[-1].children.append(element)
            self.open.append(element)
        else:
            self.open.append(self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        if len(self.open) > 1 and tag not in {"br", "hr", "img"}:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _blocks(element: _Element, note: Sink) -> str:
    """Return the paragraphs and lists of an element, with an empty line between them."""
    parts: list[str] = []
    running: list[str | _Element] = []

    def close() -> None:
        if text := _paragraph(running, note):
            parts.append(text)
        running.clear()

    for child in element.children:
        if isinstance(child, str) or (child.tag not in _BLOCKS and not _holds_blocks(child)):
            running.append(child)
            continue
        close()
        if block := _block(child, note):
            parts.append(block)
    close()
    return "\n\n".join(parts)


def _holds_blocks(element: _Element) -> bool:
    return any(not isinstance(child, str) and (child.tag in _BLOCKS or _holds_blocks(child)) for child in element.children)


def _block(element: _Element, note: Sink) -> str:
    match element.tag:
        case "pre":
            code = _text(element).strip("\n")
            fence = "`" * max(3, _longest_run(code) + 1)
            return f"{fence}\n{code}\n{fence}" if code.strip() else ""
        case "ul" | "ol":
            rows = [child for child in element.children if not isinstance(child, str)]
            marks = [f"{number}." if element.tag == "ol" else "-" for number in range(1, len(rows) + 1)]
            return "\n".join(_row(mark, _blocks(row, note)) for mark, row in zip(marks, rows, strict=True))
        case "tr":
            cells = [_blocks(child, note).replace("\n", " ") for child in element.children if not isinstance(child, str)]
            return "; ".join(cell for cell in cells if cell)
    return _blocks(element, note)


def _row(mark: str, text: str) -> str:
    # Four columns: so far in must stand what belongs to a line of a list.
    return f"{mark} " + text.replace("\n", "\n    ").replace("\n    \n", "\n\n")


def _paragraph(children: list[str | _Element], note: Sink) -> str:
    text = _inline(children, note)
    lines = [re.sub(r"[ \t\n]+", " ", line).strip(" ") for line in text.split("\0")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return "  \n".join(_guarded(line) for line in lines)


def _guarded(line: str) -> str:
    """Return a line that begins nothing: no heading, list or quotation."""
    line = re.sub(r"^([#>+]|-(?!\*)|:::|=+$)", r"\\\1", line)
    return re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", line)


def _inline(children: list[str | _Element], note: Sink) -> str:
    return "".join(_marked(child, note) for child in children)


def _marked(child: str | _Element, note: Sink) -> str:
    if isinstance(child, str):
        return _bare(child.replace("\0", ""))
    inside = _inline(child.children, note)
    match child.tag:
        case "br":
            return "\0"
        case "img":
            return _bare(child.attributes.get("alt", ""))
        case "em" | "i":
            return _around(inside, "*")
        case "strong" | "b":
            return _around(inside, "**")
        case "code" | "tt" | "kbd" | "samp":
            return _code(_text(child))
        case "a":
            return _link(inside, child.attributes.get("href", ""), note)
    return inside


def _bare(text: str) -> str:
    """Return running text with what would be marks escaped; only the start of a line is not known yet."""
    text = re.sub(r"([\\`*\[\]{}])", r"\\\1", text)
    text = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", text)
    text = re.sub(r"&(?=#?\w+;)", "&amp;", text)
    return re.sub(r"<(?=[a-zA-Z/!?])", "&lt;", text)


def _around(inside: str, mark: str) -> str:
    core = inside.strip(" \n\t\0")
    if not core or "\0" in core:
        return inside
    before, _, after = inside.partition(core)
    return f"{before}{mark}{core}{mark}{after}"


def _code(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    if not text:
        return ""
    run = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{run}{pad}{text}{pad}{run}"


def _link(inside: str, target: str, note: Sink) -> str:
    try:
        known = urlsplit(target).scheme.lower() in SCHEMES
    except ValueError:
        known = False
    if not known or not inside.strip() or len(target) > 2000:  # noqa: PLR2004 (no address is longer)
        if target:
            note("link-left-out", target[:100])
        return inside
    for sign in " ()<>\"'\\[]*`":
        target = target.replace(sign, f"%{ord(sign):02X}")
    return f"[{inside.strip()}]({target})"


def _text(element: _Element) -> str:
    return "".join(child if isinstance(child, str) else "\n" if child.tag == "br" else _text(child) for child in element.children)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
