"""Checks an author's Markdown against what it may point at. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from elearn.catalogue import syntax
from elearn.catalogue.faults import Faults, Severity
from elearn.catalogue.syntax import Token
from elearn.countries import countries

SLOTS = frozenset({"national-law", "reporting-body", "local-case"})


@dataclass(frozen=True)
class Known:
    """What exists: keys of references and terms, the sections of each module (old keys too), and the module's own."""

    references: frozenset[str]
    terms: frozenset[str]
    modules: Mapping[str, frozenset[str]]
    slug: str = ""
    pictures: frozenset[str] = frozenset()

    @property
    def sections(self) -> frozenset[str]:
        """The sections of the module that is being read."""
        return self.modules.get(self.slug, frozenset())


@dataclass(frozen=True)
class Allowed:
    """What may stand in a text of this sort."""

    name: str
    blocks: bool = True
    citations: bool = True
    sections: bool = True


SECTION = Allowed("a section")
OVERVIEW = Allowed("an overview", blocks=False)
QUESTION = Allowed("a question", blocks=False)
SLOT = Allowed("a slot", blocks=False, citations=False, sections=False)
DEFINITION = Allowed("a definition", blocks=False, citations=False, sections=False)


@dataclass
class Used:
    """What a text points at: keys, each with the line of its first use."""

    citations: dict[str, int] = field(default_factory=dict)
    terms: dict[str, int] = field(default_factory=dict)
    pictures: dict[str, int] = field(default_factory=dict)


class TextCheck:
    """Looks at one text; ``line`` says on which line of the file a token stands."""

    def __init__(self, path: str, known: Known, allowed: Allowed, faults: Faults, line: Callable[[Token], int]) -> None:
        self.path, self.known, self.allowed, self.faults, self.line = path, known, allowed, faults, line
        self.used = Used()
        self.level = 1
        self.open: Token | None = None
        self.slots: set[str] = set()
        self.notes: dict[str, Token] = {}
        self.noted: set[str] = set()

    def run(self, source: str) -> Used:
        """Note every fault of ``source`` and return what it points at."""
        found = syntax.tokens(source)
        for token in found:
            getattr(self, "_" + token.kind.replace("-", "_"))(token)
        if self.open:
            self._fault(self.open, "unbalanced-directive", f"::: {self.open.name} is never closed")
        if unclosed := syntax.unclosed_code(source):
            self._fault(Token("code", unclosed, 1, raw="```"), "unbalanced-code", "this code is never closed")
        self._check_footnotes(found)
        self._check_empty(source, found)
        return self.used

    def _fault(self, token: Token, code: str, message: str, severity: Severity = "error") -> None:
        self.faults.add(self.path, self.line(token), code, message, column=token.column, severity=severity)

    def _not_here(self, token: Token, what: str) -> None:
        self._fault(token, "not-here", f"{what} cannot stand in {self.allowed.name}")

    def _heading(self, token: Token) -> None:
        level = int(token.name)
        if not self.allowed.blocks:
            self._not_here(token, "a heading")
        elif level == 1:
            self._fault(token, "heading-level", "headings begin at ##: the page's title is its only first-level heading")
        elif level > self.level + 1:
            self._fault(token, "heading-skips", f"a heading of level {level} follows one of level {self.level}")
        elif not token.rest:
            self._fault(token, "heading-empty", "this heading has no text")
        self.level = max(level, 2)

    def _setext(self, token: Token) -> None:
        self._fault(token, "heading-underlined", "write headings with ## (or leave a blank line before a rule)")

    def _open(self, token: Token) -> None:
        if not self.allowed.blocks:
            self._not_here(token, "a directive")
        if self.open:
            self._fault(token, "nested-directive", f"directives are not nested: ::: {self.open.name} is still open")
        self.open = token
        if token.name not in syntax.DIRECTIVES:
            self._fault(token, "unknown-directive", f"“{token.name}” is none of {', '.join(syntax.DIRECTIVES)}")
        elif token.name == "case":
            self._case(token)
        elif token.name == "slot":
            self._slot(token)

    def _case(self, token: Token) -> None:
        if token.argument != "XX" and token.argument not in countries():
            self._fault(token, "unknown-country", f"“{token.argument}” is no country code (ISO 3166-1 alpha-2; XX for none in particular)")

    def _slot(self, token: Token) -> None:
        if token.argument not in SLOTS:
            self._fault(token, "unknown-slot", f"“{token.argument}” is none of {', '.join(sorted(SLOTS))}")
        elif token.argument in self.slots:
            self._fault(token, "duplicate-slot", f"the slot “{token.argument}” stands twice in this section")
        self.slots.add(token.argument)

    def _close(self, token: Token) -> None:
        if self.open is None:
            self._fault(token, "unbalanced-directive", "nothing is open here that ::: could close")
        self.open = None

    def _indented_directive(self, token: Token) -> None:
        self._fault(token, "indented-directive", "::: begins its line")

    def _citation(self, token: Token) -> None:
        cited = syntax.citations(token.name)
        if not self.allowed.citations:
            self._not_here(token, "a citation")
        elif cited is None:
            self._fault(token, "bad-citation", "write [@key], [@key, art. 6] or [@one; @two, p. 3]")
        for key, _ in cited or []:
            self.used.citations.setdefault(key, self.line(token))
            if key not in self.known.references:
                self._fault(token, "unknown-reference", f"“{key}” does not stand in references.yml")

    def _term(self, token: Token) -> None:
        self.used.terms.setdefault(token.name, self.line(token))
        if token.name not in self.known.terms:
            self._fault(token, "unknown-term", f"“{token.name}” does not stand in glossary.yml")

    def _unknown_mark(self, token: Token) -> None:
        self._fault(token, "unknown-mark", "only {glossary} or {glossary key} may follow a bracket")

    def _picture(self, token: Token) -> None:
        folder, _, name = token.name.rpartition("/")
        if not self.allowed.blocks:
            self._not_here(token, "a picture")
            return
        if not token.rest:
            self._fault(token, "no-alternative-text", f"{token.name} has no alternative text")
        if folder != "media":
            self._fault(token, "outside-picture", f"{token.name}: pictures stand in the module's media folder")
        elif name not in self.known.pictures:
            self._fault(token, "missing-picture", f"{token.name} is missing")
        elif not token.argument:
            self._fault(token, "picture-not-alone", "a picture stands alone in a paragraph")
        self.used.pictures.setdefault(name, self.line(token))

    def _broken_picture(self, token: Token) -> None:
        self._fault(token, "bad-picture", 'write ![alternative text](media/name.svg "The caption")')

    def _link(self, token: Token) -> None:
        scheme, colon, rest = token.name.partition(":")
        if scheme == "section" and colon:
            if not self.allowed.sections:
                self._not_here(token, "a link to a section of the module")
            elif rest not in self.known.sections:
                self._fault(token, "unknown-section", f"this module has no section “{rest}”")
        elif scheme == "module" and colon:
            self._module_link(token, rest)
        elif scheme == "http":
            self._fault(token, "insecure-link", f"{token.name}: write https:", "warning")
        elif scheme not in {"https", "mailto"} or not rest.strip("/"):
            self._fault(token, "bad-link", f"“{token.name}”: a link is section:key, module:slug, module:slug/key, https: or mailto:")

    def _module_link(self, token: Token, rest: str) -> None:
        slug, _, key = rest.partition("/")
        if slug not in self.known.modules:
            self._fault(token, "unknown-module", f"the series has no module “{slug}”")
        elif key and key not in self.known.modules[slug]:
            self._fault(token, "unknown-section", f"the module “{slug}” has no section “{key}”")

    def _reference_link(self, token: Token) -> None:
        self._fault(token, "reference-link", "write the address with the link: [text](address)")

    def _html(self, token: Token) -> None:
        self._fault(token, "raw-html", f"raw HTML is not allowed: {token.name}")

    def _footnote(self, token: Token) -> None:
        self.notes.setdefault(token.name, token)

    def _footnote_definition(self, token: Token) -> None:
        if token.name in self.noted:
            self._fault(token, "duplicate-footnote", f"the footnote “{token.name}” is written twice")
        self.noted.add(token.name)

    def _check_footnotes(self, found: list[Token]) -> None:
        for name, token in self.notes.items():
            if name not in self.noted:
                self._fault(token, "unknown-footnote", f"the footnote “{name}” is not written")
        for token in found:
            if token.kind == "footnote-definition" and token.name not in self.notes:
                self._fault(token, "unused-footnote", f"nothing refers to the footnote “{token.name}”", "warning")

    def _check_empty(self, source: str, found: list[Token]) -> None:
        fences = [token for token in found if token.kind in {"open", "close"}]
        lines = source.split("\n")
        for first, second in pairwise(fences):
            if first.kind == "open" and second.kind == "close" and not "".join(lines[first.line : second.line - 1]).strip():
                self._fault(first, "empty-directive", f"::: {first.name} holds nothing")
