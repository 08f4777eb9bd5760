"""What an update from upstream would make of modules of a course, as pages show it before anything is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from elearn.adaptation.base_queries import bases_of
from elearn.adaptation.course_queries import adapted_modules
from elearn.adaptation.given_answers import GivenAnswers, given_answers
from elearn.adaptation.merge import SectionOutcome
from elearn.adaptation.merge_blocks import Choices
from elearn.adaptation.models import Course
from elearn.adaptation.update_differences import SectionChange, changes_between
from elearn.adaptation.update_merge_queries import Update, updates_of
from elearn.adaptation.update_queries import Offer


@dataclass(frozen=True)
class Preview:
    """An update as a page shows it before anything is taken."""

    offer: Offer
    update: Update
    #: What students have to do with the questions that change.
    given: GivenAnswers

    @property
    def number(self) -> int:
        """The number of the course's changes it was made from."""
        return self.update.module.overlay.number

    @property
    def is_ready(self) -> bool:
        """Whether it asks nothing and nobody put it off."""
        return not self.update.questions and not self.offer.is_put_off

    @cached_property
    def changes(self) -> dict[str, SectionChange]:
        """How the sections of the course change, by key."""
        return changes_between(self.update.before, self.update.after)

    @cached_property
    def busy(self) -> tuple[SectionOutcome, ...]:
        """The sections for which there is something to say."""
        return tuple(
            each
            for each in self.update.merged.sections
            if each.updated or each.kept or each.state != "follow" or each.key in self.adapted or each.key in self.changes
        )

    @cached_property
    def adapted(self) -> frozenset[str]:
        """The sections that the course changed."""
        return frozenset(self.update.merged.changes.get("sections", ()))

    @cached_property
    def for_teachers(self) -> frozenset[str]:
        """The sections that only teachers read, before or after."""
        modules = (self.update.before, self.update.after, self.update.module.base.source, self.update.upstream.source)
        return frozenset(s.key for module in modules for s in module.sections if s.head["audience"] == "teacher")

    def title_of(self, key: str) -> str:
        """Return the heading of a section, or the key of a question."""
        modules = (self.update.after, self.update.upstream.source, self.update.before, self.update.module.base.source)
        return next((section.title for module in modules if (section := module.section(key))), key)


def previews_of(course: Course, offers: Sequence[Offer], choices: Choices | None = None) -> list[Preview]:
    """Return what these updates, none of them withdrawn, would do; some fifteen statements, however many they are."""
    newer = [(offer, offer.newer) for offer in offers if offer.newer]
    # All texts at once, so that the course finds those it stands on.
    bases_of([ref for offer, upstream in newer for ref in (offer.base, upstream)], course.language)
    modules = {module.slug: module for module in adapted_modules(course)} if newer else {}
    updates = updates_of(course.language, [(modules[offer.slug], ref) for offer, ref in newer], choices)
    given = given_answers(course.id, {update.module.module_id: update.touched_items for update in updates})
    return [Preview(offer, update, given[offer.module_id]) for (offer, _), update in zip(newer, updates, strict=True)]
