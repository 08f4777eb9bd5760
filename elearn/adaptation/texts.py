"""A module's text in one language as its authors wrote it: what overlays change and merges compare. Pure, immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: What the head of a section says; courses may change each.
HEAD_FIELDS = ("title", "kind", "audience", "minutes", "outcomes", "steps", "descriptions")
#: What a quiz says of how it is taken; courses may change each.
QUIZ_FIELDS = ("title", "instructions", "pass_mark", "attempts", "draw", "grading", "feedback", "penalty", "minutes")


@dataclass(frozen=True)
class SectionSource:
    """A section as it is written."""

    key: str
    #: By ``HEAD_FIELDS``.
    head: Mapping[str, Any]
    markdown: str
    #: Keys under which it was known before.
    formerly: tuple[str, ...] = ()
    #: The series' own page of just this text; None: no page of the series has it.
    section_id: int | None = None

    @property
    def title(self) -> str:
        """Its heading."""
        return str(self.head["title"])

    def kind_is(self, kind: str) -> bool:
        """Return whether it is a section of this kind."""
        return bool(self.head["kind"] == kind)


@dataclass(frozen=True)
class ItemSource:
    """A question as it is written, with the state that attempts ask."""

    key: str
    source: str
    revision_id: int


@dataclass(frozen=True)
class ModuleSource:
    """A module as it is written: a revision of the series, an edition of a course, or what an overlay makes of either."""

    slug: str
    title: str
    summary: str
    sections: tuple[SectionSource, ...]
    items: tuple[ItemSource, ...] = ()
    #: By ``QUIZ_FIELDS``; None: no quiz.
    quiz: Mapping[str, Any] | None = None
    #: Texts by slot that stand in all sections which have the slot.
    slots: Mapping[str, str] = field(default_factory=dict)

    def section(self, key: str) -> SectionSource | None:
        """Return the section with this key."""
        return next((section for section in self.sections if section.key == key), None)

    def item(self, key: str) -> ItemSource | None:
        """Return the question with this key."""
        return next((item for item in self.items if item.key == key), None)
