"""The series as the compiler has read it: everything that publication needs, immutable. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from elearn.catalogue.faults import Fault
from elearn.catalogue.items.item import Definition
from elearn.catalogue.schema import ModuleYml, ReferenceEntry, SeriesFile, TermEntry


@dataclass(frozen=True)
class Picture:
    """A picture of a module, under the digest of its bytes."""

    name: str
    digest: str
    suffix: str
    content: bytes = field(repr=False)
    #: What it weighs on the wire: text compressed, the rest as it is.
    weight: int
    width: int | None = None
    height: int | None = None

    @property
    def url(self) -> str:
        """Where a page finds it."""
        return f"/media/{self.digest}{self.suffix}"


@dataclass(frozen=True)
class Term:
    """A term of the glossary; its definitions are HTML by language."""

    key: str
    entry: TermEntry
    definition_html: Mapping[str, str]


@dataclass(frozen=True)
class Reference:
    """A source, with the letter that tells it from another of the same authors and year."""

    key: str
    entry: ReferenceEntry
    letter: str = ""


@dataclass(frozen=True)
class SlotFilling:
    """What a country puts into a slot, in one language."""

    country: str
    language: str
    key: str
    markdown: str
    html: str


@dataclass(frozen=True)
class Step:
    """A step of a class structure in one language."""

    key: str
    title: str
    minutes: int
    form: str
    required: bool
    text: str


@dataclass(frozen=True)
class Rendered:
    """A text as pages show it and as search reads it."""

    html: str
    text: str
    words: int


@dataclass(frozen=True)
class Section:
    """A page in one language."""

    key: str
    position: int
    title: str
    kind: str
    audience: str
    minutes: int
    outcomes: tuple[str, ...]
    steps: tuple[Step, ...]
    formerly: tuple[str, ...]
    #: The file's path under the content folder, and the line on which its text begins.
    path: str
    first_line: int
    markdown: str
    digest: str
    pictures: tuple[str, ...]
    #: Long descriptions by picture.
    descriptions: Mapping[str, str]
    #: Makes the HTML; called when it is first wanted, so that reading unchanged text stays quick.
    render: Callable[[], Rendered] = field(repr=False, compare=False)

    @cached_property
    def rendered(self) -> Rendered:
        """The section as pages show it."""
        return self.render()


@dataclass(frozen=True)
class ModuleText:
    """What a module says in one language."""

    language: str
    title: str
    summary: str
    outcomes: Mapping[str, str]
    content_notes: Mapping[str, str]
    overview_html: str
    #: The source version a translation was made from; empty in the source language.
    translates: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Item:
    """A question in all its languages."""

    key: str
    type: str
    points: int
    outcome: str
    bloom: str
    tags: tuple[str, ...]
    #: What its authors wrote, in all languages.
    written: Definition = field(repr=False)
    digest: str
    #: The line of ``quiz.yml`` on which it begins.
    line: int
    #: Makes the HTML of its wording, by language.
    render: Callable[[], dict[str, Any]] = field(repr=False, compare=False)

    @cached_property
    def definition(self) -> Definition:
        """All that its type needs to show, grade and explain it."""
        return self.written | {"html": self.render()}


@dataclass(frozen=True)
class Quiz:
    """The assessment of a module."""

    path: str
    title: Mapping[str, str]
    instructions_html: Mapping[str, str]
    pass_mark: int
    attempts: int
    draw: tuple[tuple[str, int], ...]
    #: What else its author set: {grading, feedback, penalty, minutes}.
    rules: Mapping[str, Any]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Module:
    """A module or guide in all its languages."""

    folder: str
    yml: ModuleYml
    texts: Mapping[str, ModuleText]
    quiz: Quiz | None
    pictures: Mapping[str, Picture]
    #: Bytes by path under the module's folder, for an export that is the text as it was written.
    files: Mapping[str, bytes] = field(repr=False)
    digest: str

    @property
    def slug(self) -> str:
        """The name under which it is read."""
        return self.yml.slug


@dataclass(frozen=True)
class Series:
    """The whole, modules in order."""

    yml: SeriesFile
    modules: tuple[Module, ...]
    terms: tuple[Term, ...]
    references: tuple[Reference, ...]
    slots: tuple[SlotFilling, ...]
    #: Bytes by path under the content folder, of what belongs to no module.
    files: Mapping[str, bytes] = field(repr=False)
    digest: str

    @property
    def source(self) -> str:
        """The language in which the series is written first."""
        return self.yml.languages[0]


@dataclass(frozen=True)
class Reading:
    """What came of reading a folder; the series is None where it could not be made out at all."""

    series: Series | None
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
