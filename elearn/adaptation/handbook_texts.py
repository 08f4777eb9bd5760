"""A course as a book: what is taken from it, before anything is laid out. Pure, immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.adaptation.change_counts import NOTHING, ChangeCounts

#: How questions stand in a handbook.
QUESTIONS = ("none", "plain", "keys")
PAPERS = ("a4", "letter")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants of a course."""

    #: Slugs; empty: every module.
    modules: tuple[str, ...] = ()
    #: Whether the sections for teachers are wanted.
    teacher: bool = False
    questions: str = "none"
    paper: str = "a4"

    @property
    def is_for_teachers(self) -> bool:
        """Whether it holds what only those read who may read answer keys: their sections, and questions of any kind."""
        return self.teacher or self.questions != "none"

    def takes(self, slug: str) -> bool:
        """Return whether the module is wanted."""
        return not self.modules or slug in self.modules


@dataclass(frozen=True)
class BookSection:
    """A section, as it is written and as it was laid out."""

    key: str
    title: str
    kind: str
    audience: str
    minutes: int
    #: Of the text, where it is not translated the series' first one.
    language: str
    #: Clean, as pages show it.
    html: str = field(repr=False)
    markdown: str = field(repr=False)
    #: In words.
    outcomes: tuple[str, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Credit:
    """Whose text a module is, and what was done to it."""

    #: As its authors call it.
    title: str
    version: str
    authors: tuple[str, ...]
    licence: str
    #: The course on whose edition it stands: its title, the number and its institution; None: on the series itself.
    course: tuple[str, int, str] | None = None
    changes: ChangeCounts = NOTHING


@dataclass(frozen=True)
class BookModule:
    """A module."""

    slug: str
    #: The revision of the series to which its text goes back.
    revision_id: int
    title: str
    summary: str
    language: str
    week: int | None
    outcomes: tuple[str, ...]
    #: Sensitive matter, in words.
    content_notes: tuple[str, ...]
    credit: Credit
    sections: tuple[BookSection, ...]
    item_revision_ids: tuple[int, ...] = ()
    #: Of references that its sections cite and no list of its own has: clean HTML by key.
    unlisted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SeriesCredit:
    """The series on which the course stands."""

    title: str
    version: str
    publisher: str
    licence: str


@dataclass(frozen=True)
class Book:
    """A course, or an edition of it."""

    course_id: int
    title: str
    institution: str
    people: tuple[str, ...]
    language: str
    #: None: the course as it stands, published or not.
    edition: int | None
    #: When that edition was published; of a draft, the day it was taken.
    day: date
    series: SeriesCredit
    modules: tuple[BookModule, ...]
