"""One text that somebody other than the series' editors writes: checked and laid out by the same compiler. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from elearn.catalogue.faults import Fault, Faults
from elearn.catalogue.markup import Context
from elearn.catalogue.reading import Picture, Reference
from elearn.catalogue.render import ContentRenderer
from elearn.catalogue.text_check import SECTION, SLOT, Allowed, Known, TextCheck, Used
from elearn.text import rendered_apart


@dataclass(frozen=True)
class Desk:
    """What a text of one module in one language may point at."""

    context: Context
    known: Known

    def beside(self, sections: Collection[str], pictures: Mapping[str, Picture]) -> "Desk":
        """Return the desk with sections and pictures that a course has besides."""
        slug = self.context.slug
        modules = {**self.known.modules, slug: self.known.modules.get(slug, frozenset()) | frozenset(sections)}
        both = {**self.context.pictures, **pictures}
        known = replace(self.known, modules=modules, pictures=frozenset(both))
        return Desk(replace(self.context, pictures=both), known)

    def without_content(self) -> "Desk":
        """Return the desk for those who only look: it says what exists, not what it holds."""
        return replace(self, context=replace(self.context, references={}, terms={}, pictures={}, descriptions={}))

    def for_fillings(self, used: Used) -> Context:
        """Return the context in which a text that is to stand in slots of any page is laid out."""
        terms = {key: term for key, term in self.context.terms.items() if key in used.terms}
        return replace(self.without_content().context, terms=terms, absolute=True)


@dataclass(frozen=True)
class Looked:
    """What the compiler says of a text."""

    faults: tuple[Fault, ...]
    used: Used = field(repr=False)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What must be put right before it can be published."""
        return tuple(fault for fault in self.faults if fault.severity == "error")


def look(desk: Desk, markdown: str, *, path: str = "text", allowed: Allowed = SECTION) -> Looked:
    """Return every fault of a text, each at its line, and what it points at."""
    faults = Faults()
    used = TextCheck(path, desk.known, allowed, faults, lambda token: token.line).run(markdown)
    return Looked(tuple(sorted((*faults.errors, *faults.warnings), key=lambda fault: fault.line)), used)


def look_at_filling(desk: Desk, markdown: str) -> Looked:
    """Return every fault of a text that is to stand in a slot."""
    return look(desk, markdown, allowed=SLOT)


def laid_out(
    desk: Desk, markdown: str, used: Used, *, descriptions: Mapping[str, str] | None = None, cited: Collection[Reference] = ()
) -> str:
    """Return a text as pages show it, with ``cited`` listed at its end; raise Invalid where that takes too long.

    It is made in a process of its own, which gets no more of the series than the text uses.
    """
    context = desk.context
    terms = {key: term for key, term in context.terms.items() if key in used.terms}
    references = {key: each for key, each in context.references.items() if key in used.citations}
    pictures = {name: replace(each, content=b"") for name, each in context.pictures.items() if name in used.pictures}
    own = replace(context, terms=terms, references=references, pictures=pictures, descriptions=dict(descriptions or {}))
    if not markdown.strip() and not cited:
        return ""
    return str(rendered_apart(markdown, section_html, own, tuple(cited)))


def section_html(markdown: str, context: Context, cited: tuple[Reference, ...]) -> str:
    """Return a section as clean HTML, with its terms, and ``cited`` listed at its end."""
    return str(ContentRenderer(context).section(markdown, cited).html)
