"""A course set as one document: anchors, links within it, its glossary, and each module's references. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from elearn.adaptation.handbook_html import Apart, Places, Spot, by_name, set_in, taken_apart
from elearn.adaptation.handbook_questions import PaperQuestion, on_paper
from elearn.adaptation.handbook_texts import Book, BookModule, BookSection
from elearn.catalogue.items.item import Definition


@dataclass(frozen=True)
class LaidSection:
    """A section in its place."""

    anchor: str
    section: BookSection
    html: str


@dataclass(frozen=True)
class LaidQuestion:
    """A question in its place."""

    anchor: str
    asked: PaperQuestion


@dataclass(frozen=True)
class LaidModule:
    """A module in its place; what it cites stands at its end, then what is asked about it."""

    anchor: str
    number: int
    module: BookModule
    sections: tuple[LaidSection, ...]
    #: Where the references begin; their heading, empty: as the platform calls them; and what the course says above the list.
    references_anchor: str
    references_title: str
    references_html: str
    #: (id, HTML)
    references: tuple[tuple[str, str], ...]
    questions: tuple[LaidQuestion, ...]


@dataclass(frozen=True)
class LaidBook:
    """The whole document."""

    book: Book
    modules: tuple[LaidModule, ...]
    #: (key, name, definition)
    terms: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Outside:
    """What is not in the book: the site's address, and the language whose pages stand at its root."""

    site: str
    source: str

    def root(self, language: str) -> str:
        """Return where pages in a language begin."""
        return "" if language == self.source else f"/{language}"


def laid_book(book: Book, outside: Outside, items: Mapping[int, Definition], *, with_keys: bool) -> LaidBook:
    """Return the book as one document, with the questions in ``items``."""
    apart = {(m.slug, s.key): taken_apart(s.html) for m in book.modules for s in m.sections}
    found = by_name(pair for each in apart.values() for pair in each.terms.items())
    lists = {module.slug: _references(module, apart) for module in book.modules}
    anchors = {module.slug: f"m{number}" for number, module in enumerate(book.modules, start=1)}
    places = Places(
        outside.site,
        anchors,
        {place: f"{anchors[place[0]]}.{place[1]}" for place in apart},
        frozenset(key for key, _name, _definition in found),
        {slug: frozenset(listed) for slug, listed in lists.items()},
    )
    setter = _BookSetter(book, outside, places, apart, lists)
    terms = tuple((key, name, set_in(said, Spot("", f"t.{key}", outside.root(book.language)), places)) for key, name, said in found)
    modules = tuple(setter.module(number, module, items, with_keys=with_keys) for number, module in enumerate(book.modules, start=1))
    return LaidBook(book, modules, terms)


def _references(module: BookModule, apart: Mapping[tuple[str, str], Apart]) -> dict[str, str]:
    """Return what the module cites: its own list, and what that lacks where it is hidden or another text's."""
    sections = [apart[module.slug, section.key] for section in module.sections]
    listed = {key: html for each in sections for key, html in each.references.items()}
    cited = {key for each in sections for key in each.cited}
    return listed | {key: module.unlisted[key] for key in sorted(cited - listed.keys()) if key in module.unlisted}


@dataclass(frozen=True)
class _BookSetter:
    book: Book
    outside: Outside
    places: Places
    apart: Mapping[tuple[str, str], Apart]
    lists: Mapping[str, Mapping[str, str]]

    def module(self, number: int, module: BookModule, items: Mapping[int, Definition], *, with_keys: bool) -> LaidModule:
        anchor = self.places.modules[module.slug]
        listing = next((section for section in module.sections if section.kind == "references"), None)
        spot = Spot(module.slug, anchor, self.outside.root(module.language))
        return LaidModule(
            anchor,
            number,
            module,
            tuple(self._section(module, section) for section in module.sections if section is not listing),
            self.places.sections[module.slug, listing.key] if listing else f"{anchor}-references",
            listing.title if listing else "",
            self._section(module, listing).html if listing else "",
            tuple((f"{anchor}-ref-{key}", set_in(html, spot, self.places)) for key, html in self.lists[module.slug].items()),
            tuple(self._questions(module, anchor, items, with_keys=with_keys)),
        )

    def _section(self, module: BookModule, section: BookSection) -> LaidSection:
        anchor = self.places.sections[module.slug, section.key]
        spot = Spot(module.slug, anchor, self.outside.root(section.language))
        return LaidSection(anchor, section, set_in(self.apart[module.slug, section.key].html, spot, self.places))

    def _questions(self, module: BookModule, anchor: str, items: Mapping[int, Definition], *, with_keys: bool) -> Iterable[LaidQuestion]:
        asked = [key for key in module.item_revision_ids if key in items]
        for number, revision_id in enumerate(asked, start=1):
            prefix = f"{anchor}-question-{number}"
            spot = Spot(module.slug, prefix, self.outside.root(self.book.language))
            # Each text of a question has ids of its own: footnotes of two choices are both the first.
            counted = iter(range(1, 1000))

            def set_(html: str, spot: Spot = spot, counted: Iterable[int] = counted) -> str:
                return set_in(html, Spot(spot.slug, f"{spot.prefix}.{next(iter(counted))}", spot.root), self.places) if html else ""

            yield LaidQuestion(prefix, on_paper(items[revision_id], self.book.language, seed=revision_id, with_key=with_keys, set_=set_))
