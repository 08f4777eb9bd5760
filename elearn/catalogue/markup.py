"""What authors may write beyond Markdown, made into HTML: directives, citations, terms, links within the series, and figures. Pure.

Faults are found by ``syntax`` before; here, what leads nowhere becomes plain text.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Extension, Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from elearn.catalogue import bibliography, syntax
from elearn.catalogue.reading import Picture, Reference, Term
from elearn.countries import country_name

#: Words that stand within a text, in the text's language.
_LABELS = {
    "en": {
        "case": "Case study",
        "discuss": "Discuss",
        "note": "Note",
        "slot": "In your country",
        "national-law": "National law",
        "reporting-body": "Where to report",
        "local-case": "A case from here",
        "terms": "Terms on this page",
        "description": "Description of the picture",
        "back": "Back to the text, note %d",
        "true": "True",
        "false": "False",
    },
}


def label(language: str, key: str) -> str:
    """Return a word that stands within a text, in the text's language; in English where it has not been translated."""
    return _LABELS.get(language, _LABELS["en"]).get(key) or _LABELS["en"][key]


@dataclass(frozen=True)
class Context:
    """What a text may point at. ``absolute``: the text is shown on pages of any address (questions), so its links begin at the root."""

    language: str
    source: str
    slug: str
    #: The section that lists what the module cites; empty where there is none.
    references_key: str
    references: Mapping[str, Reference]
    terms: Mapping[str, Term]
    pictures: Mapping[str, Picture]
    absolute: bool = False
    descriptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """Where pages in this language begin."""
        return "" if self.language == self.source else f"/{self.language}"

    def section(self, key: str) -> str:
        """Return the address of a section of this module."""
        return f"{self.root}/modules/{self.slug}/{key}" if self.absolute else key

    def module(self, path: str) -> str:
        """Return the address of another module, or of its section where ``path`` is slug/key."""
        slug, _, key = path.partition("/")
        return f"{self.root}/modules/{slug}/{key}" if self.absolute else f"../{slug}/{key}"


class CourseMarkup(Extension):
    """The extension of one text; afterwards ``terms`` says which terms it used."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.terms: dict[str, Term] = {}

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the library's name)
        """Hang our steps between the library's."""
        md.preprocessors.register(_Fences(md), "fences", 22)
        md.parser.blockprocessors.register(_Directives(md.parser, self.context), "directives", 95)
        md.inlinePatterns.register(_Citations(syntax.CITATION, md, self.context), "citations", 178)
        md.inlinePatterns.register(_Terms(syntax.TERM, md, self), "terms", 177)
        md.treeprocessors.register(_Links(md, self.context), "series-links", 14)
        md.treeprocessors.register(_Figures(md, self.context), "figures", 13)
        md.treeprocessors.register(_HeadingIds(md), "heading-ids", 12)
        md.registerExtension(self)

    def reset(self) -> None:
        """Forget the text before."""
        self.terms.clear()


class _Fences(Preprocessor):
    """Gives each line of a directive's fence a block of its own."""

    def run(self, lines: list[str]) -> list[str]:
        return [part for line in lines for part in (("", line, "") if syntax.FENCE.match(line) else (line,))]


class _Directives(BlockProcessor):
    """Makes an element of what stands between two fences."""

    def __init__(self, parser: Any, context: Context) -> None:
        super().__init__(parser)
        self.context = context

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002 (the library's signature)
        found = syntax.FENCE.match(block)
        return bool(found and found["rest"].split()[:1] and found["rest"].split()[0] in syntax.DIRECTIVES)

    def run(self, parent: Element, blocks: list[str]) -> None:
        name, _, more = blocks.pop(0).removeprefix(":::").strip().partition(" ")
        argument, _, title = more.strip().partition(" ") if syntax.DIRECTIVES[name] else ("", "", more.strip())
        inside = []
        while blocks and (block := blocks.pop(0)).strip() != ":::":
            inside.append(block)
        element = self._opened(parent, name, argument)
        if title.strip():
            SubElement(element, "p", {"class": "directive-title"}).text = title.strip()
        self.parser.parseBlocks(element, inside)

    def _opened(self, parent: Element, name: str, argument: str) -> Element:
        language = self.context.language
        element = SubElement(parent, "section" if name == "slot" else "aside", {"class": f"directive directive-{name}"})
        words = [label(language, name)]
        if name == "slot":
            element.set("data-slot", argument)
            words.append(label(language, argument))
        elif argument and argument != "XX":
            element.set("data-country", argument)
            words.append(country_name(argument, language))
        SubElement(element, "p", {"class": "directive-label"}).text = AtomicString(" · ".join(words))
        return element


class _Citations(InlineProcessor):
    """Makes (Council of Europe, 2001, art. 6) of [@coe-2001, art. 6]."""

    def __init__(self, pattern: str, md: Markdown, context: Context) -> None:
        super().__init__(pattern, md)
        self.context = context

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802 (the library's)
        cited = [(self.context.references.get(key), locator) for key, locator in syntax.citations(m[1]) or []]
        known = [(reference, locator) for reference, locator in cited if reference]
        if not known:
            return None, None, None
        span = Element("span", {"class": "citation"})
        links = []
        for reference, locator in known:
            links.append(SubElement(span, "a", {"href": f"{self.context.section(self.context.references_key)}#ref-{reference.key}"}))
            links[-1].text = AtomicString(bibliography.citation(reference, self.context.language, locator))
        span.text = AtomicString("(")
        for one, _ in pairwise(links):
            one.tail = AtomicString("; ")
        links[-1].tail = AtomicString(")")
        return span, m.start(0), m.end(0)


class _Terms(InlineProcessor):
    """Makes a link to the glossary, described by the definition that stands at the end of the page."""

    def __init__(self, pattern: str, md: Markdown, extension: CourseMarkup) -> None:
        super().__init__(pattern, md)
        self.extension = extension

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802 (the library's)
        key, context = syntax.term_key(m[1], m[2]), self.extension.context
        term = context.terms.get(key)
        if term is None:
            return None, None, None
        link = Element("a", {"class": "term", "href": f"{context.root}/glossary/{key}"})
        if not context.absolute:
            link.set("aria-describedby", f"term-{key}")
        self.extension.terms[key] = term
        link.text = m[1]
        return link, m.start(0), m.end(0)


class _Links(Treeprocessor):
    """Resolves ``section:`` and ``module:``."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            scheme, _, path = link.get("href", "").partition(":")
            if scheme == "section":
                link.set("href", self.context.section(path))
            elif scheme == "module":
                link.set("href", self.context.module(path))


class _Figures(Treeprocessor):
    """Makes a figure of a picture that stands alone in a paragraph."""

    def __init__(self, md: Markdown, context: Context) -> None:
        super().__init__(md)
        self.context = context

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "p" and len(child) == 1 and child[0].tag == "img" and not (child.text or "").strip():
                    picture = self.context.pictures.get(child[0].get("src", "").removeprefix("media/"))
                    if picture:
                        parent[place] = self._figure(child[0], picture)
                        parent[place].tail = child.tail

    def _figure(self, image: Element, picture: Picture) -> Element:
        figure = Element("figure")
        shown = SubElement(figure, "img", {"src": picture.url, "alt": image.get("alt", ""), "loading": "lazy"})
        if picture.width and picture.height:
            shown.set("width", str(picture.width))
            shown.set("height", str(picture.height))
        if caption := image.get("title"):
            SubElement(figure, "figcaption").text = AtomicString(caption)
        if described := self.context.descriptions.get(picture.name):
            details = SubElement(figure, "details", {"class": "longdesc"})
            SubElement(details, "summary").text = AtomicString(label(self.context.language, "description"))
            for paragraph in re.split(r"\n\s*\n", described.strip()):
                SubElement(details, "p").text = AtomicString(" ".join(paragraph.split()))
        return figure


class _HeadingIds(Treeprocessor):
    """Gives headings ids by which they can be linked to; in other scripts than Latin they are numbered."""

    def run(self, root: Element) -> None:
        seen: dict[str, int] = {}
        for number, heading in enumerate((e for e in root.iter() if re.fullmatch("h[2-6]", e.tag)), start=1):
            words = re.sub("\x02[^\x03]*\x03", " ", "".join(heading.itertext()))
            ascii_ = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
            slug = re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60].rstrip("-") or str(number)
            seen[slug] = seen.get(slug, 0) + 1
            heading.set("id", f"h-{slug}" if seen[slug] == 1 else f"h-{slug}-{seen[slug]}")
