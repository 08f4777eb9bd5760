"""Sections that were laid out for pages of their own, set into one document. Pure; takes clean HTML and leaves it clean.

Ids get the section's name before them, links lead to places in the book where there is one, headings go down under the section's own, and
terms and references are taken out: they stand once, at the end of the book and of the module. What is read here is what ``text.clean``
wrote: each tag in small letters, each value in double quotes, no ``<`` but that of a tag.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*) ?/?>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_TERMS = re.compile(r'\s*<details class="terms">.*?</details>', re.DOTALL)
_TERM = re.compile(r'<dt>(.*?)</dt>\s*<dd id="term-([a-z0-9-]+)">(.*?)</dd>', re.DOTALL)
_LIST = re.compile(r'\s*<ul class="references">(.*?)</ul>', re.DOTALL)
_LISTED = re.compile(r'<li id="ref-([a-z0-9-]+)">(.*?)</li>', re.DOTALL)
_CITED = re.compile(r'<a href="[^"#]*#ref-([a-z0-9-]+)"')
_OF_THE_SITE = re.compile(r"(?:/[A-Za-z-]{2,12})?/modules/([^/]+)/?([^/]*)")
_TERM_PAGE = re.compile(r"(?:/[A-Za-z-]{2,12})?/glossary/([a-z0-9-]+)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_OWN_SECTION = re.compile(r"c\d+-")
_HEADING = re.compile(r"h[2-6]")
_LOWERED, _LOWEST = 2, 6
_PICTURE = re.compile(r'(<img(?: [a-z-]+="[^"]*")*? src=")(/media/([0-9a-f]{64})\.([a-z]+))(?=")')


@dataclass(frozen=True)
class Apart:
    """A section's HTML, and what was at its end, taken out."""

    html: str
    #: By key: the term's name and its definition.
    terms: Mapping[str, tuple[str, str]]
    #: By key, in the order of the list.
    references: Mapping[str, str]
    #: The references that its text points at.
    cited: frozenset[str]


def taken_apart(html: str) -> Apart:
    """Return a section without the terms and references listed at its end, and those."""
    terms = {key: (name, definition) for found in _TERMS.findall(html) for name, key, definition in _TERM.findall(found)}
    references = dict(pair for inside in _LIST.findall(html) for pair in _LISTED.findall(inside))
    return Apart(_LIST.sub("", _TERMS.sub("", html)).strip(), terms, references, frozenset(_CITED.findall(html)))


@dataclass(frozen=True)
class Places:
    """Where things stand in the book."""

    #: The address of the site, for what does not stand in it.
    site: str
    #: By slug of a module, and by its slug with a section's key: the id.
    modules: Mapping[str, str]
    sections: Mapping[tuple[str, str], str]
    terms: frozenset[str]
    #: By slug of a module: the references that are listed for it.
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """The place of one text: the module it belongs to, the prefix of its ids, and where the site has pages in its language."""

    slug: str
    prefix: str
    root: str = ""


def set_in(html: str, spot: Spot, places: Places) -> str:
    """Return a text as it stands in the book."""
    setter = _Setter(spot, places)
    return _TAG.sub(setter.tag, html)


class _Setter:
    """Goes through the tags of one text."""

    def __init__(self, spot: Spot, places: Places) -> None:
        self.spot, self.places = spot, places
        #: Links do not stand in links: whether the one that is open leads anywhere.
        self.leads = True

    def tag(self, found: re.Match[str]) -> str:
        closes, name, rest = found[1], found[2], found[3]
        if _HEADING.fullmatch(name):
            name = f"h{min(int(name[1]) + _LOWERED, _LOWEST)}"
        elif name in {"details", "summary"}:
            # What folds on a page is read on paper.
            name, rest = ("div", rest) if name == "details" else ("p", _attribute("class", "longdesc-label"))
        if closes:
            return f"</{name}>" if name != "a" or self.leads else "</span>"
        kept = {key: value for key, value in _ATTRIBUTE.findall(rest) if key != "loading"}
        if name == "a":
            target = self._target(kept.pop("href", ""), kept.get("class", "").split())
            self.leads = target is not None
            name, kept = ("span", {"class": kept.get("class", "")}) if target is None else ("a", {"href": target, **kept})
        if "id" in kept:
            kept["id"] = f"{self.spot.prefix}.{kept['id']}"
        if "aria-describedby" in kept and kept["aria-describedby"].removeprefix("term-") not in self.places.terms:
            del kept["aria-describedby"]
        return f"<{name}{''.join(_attribute(key, value) for key, value in kept.items() if value or key == 'alt')}>"

    def _target(self, href: str, classes: list[str]) -> str | None:
        """Return where a link leads from the book; None: nowhere that anyone could follow."""
        path, _hash, fragment = href.partition("#")
        if not path:
            return f"#{self.spot.prefix}.{fragment}"
        if _SCHEME.match(path):
            return href
        if term := _TERM_PAGE.fullmatch(path):
            return f"#term-{term[1]}" if "term" in classes and term[1] in self.places.terms else f"{escape(self.places.site)}{href}"
        if fragment.startswith("ref-"):
            return self._reference(fragment.removeprefix("ref-"))
        return self._page(path)

    def _reference(self, key: str) -> str | None:
        listed = self.places.references.get(self.spot.slug, frozenset())
        return f"#{self.places.modules[self.spot.slug]}-ref-{key}" if key in listed else None

    def _page(self, path: str) -> str | None:
        """Return the place of a module or a section, on the site where the book does not have it."""
        if path.startswith("/"):
            found = _OF_THE_SITE.fullmatch(path)
            if found is None:
                return f"{escape(self.places.site)}{path}"
            slug, key = found[1], found[2]
        elif path.startswith("../"):
            slug, _slash, key = path.removeprefix("../").partition("/")
        else:
            slug, key = self.spot.slug, path
        here = self.places.sections.get((slug, key)) if key else self.places.modules.get(slug)
        if here:
            return f"#{here}"
        if _OWN_SECTION.match(key):
            return None  # The site has no public page of it.
        return f"{escape(self.places.site)}{self.spot.root}/modules/{slug}/{key}"


def _attribute(name: str, value: str) -> str:
    return f' {name}="{value}"'


def pictures_in(document: str) -> dict[str, int]:
    """Return the digests of the pictures in a document, each with how often it is shown."""
    found: dict[str, int] = {}
    for match in _PICTURE.finditer(document):
        found[match[3]] = found.get(match[3], 0) + 1
    return found


def with_pictures(document: str, pictures: Mapping[str, bytes], types: Mapping[str, str]) -> Iterator[str]:
    """Yield a document with its pictures in it, piece by piece; one whose bytes are not there keeps its address."""
    begin = 0
    for match in _PICTURE.finditer(document):
        content, kind = pictures.get(match[3]), types.get(f".{match[4]}")
        if content is not None and kind is not None:
            yield document[begin : match.end(1)]
            yield f"data:{kind};base64,{base64.b64encode(content).decode()}"
            begin = match.end()
    yield document[begin:]


def by_name(terms: Iterable[tuple[str, tuple[str, str]]]) -> list[tuple[str, str, str]]:
    """Return terms as (key, name, definition), in the order of their names."""
    found = {key: (name, definition) for key, (name, definition) in terms}
    return sorted(((key, *said) for key, said in found.items()), key=lambda each: (each[1].casefold(), each[0]))
