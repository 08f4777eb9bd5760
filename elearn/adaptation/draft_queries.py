"""Questions about sections as courses have them written, and their drafts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from elearn.accounts.models import Person
from elearn.adaptation.course_queries import AdaptedModule, module_at
from elearn.adaptation.draft_models import SectionDraft
from elearn.adaptation.draft_text import Written
from elearn.adaptation.models import Course
from elearn.adaptation.overlays import resolve
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.texts import SectionSource
from elearn.catalogue.passage_queries import desk_of
from elearn.catalogue.passages import Desk
from elearn.db import db


@dataclass(frozen=True)
class EditedSection:
    """A section of a course, with the draft that waits for it."""

    course: Course
    module: AdaptedModule
    #: As the course has it, its slots as the text itself has them.
    section: SectionSource
    #: What the course's text is a difference from; None: the section is the course's own.
    made_on: SectionSource | None
    #: The row, also where the draft is over.
    row: SectionDraft | None
    #: Upstream or a colleague took the section out while the draft was there.
    is_gone: bool = False

    @property
    def key(self) -> str:
        """The section's key."""
        return self.section.key

    @property
    def draft(self) -> SectionDraft | None:
        """The draft, while there is one."""
        return self.row if self.row and self.row.is_open else None

    @property
    def version(self) -> int:
        """What a page says that was made from here."""
        return self.row.version if self.row else 0

    @property
    def saved(self) -> Written:
        """What the course has."""
        return Written(self.section.title, self.section.markdown)

    @property
    def written(self) -> Written:
        """What is to be gone on with: the draft, else what the course has."""
        return Written(self.draft.title, self.draft.text) if self.draft else self.saved

    @property
    def begun_on(self) -> int:
        """The state of the course's changes that the text to go on with was made of."""
        return self.draft.overlay_number if self.draft else self.module.overlay.number

    def known(self, seen: int) -> int:
        """Return the state of the course's changes that somebody says to have seen; where there is no such, the one to go on from."""
        return seen if 0 < seen <= self.module.overlay.number else self.begun_on

    @property
    def is_hidden(self) -> bool:
        """Whether students do not see the section."""
        return self.key in self.module.overlay.changes.get("hidden", ())

    @property
    def slots(self) -> Mapping[str, str]:
        """What stands in the slots of the course."""
        return {**self.module.base.source.slots, **self.module.overlay.changes.get("slots", {})}


def section_as_written(module: AdaptedModule, key: str) -> SectionSource | None:
    """Return a section as the course has it, a hidden one too, with its slots as the text itself has them."""
    plain = {name: value for name, value in module.overlay.changes.items() if name not in {"hidden", "slots"}}
    return resolve(replace(module.base.source, slots={}), plain, module.held).section(key)


def edited_section(course: Course, module: AdaptedModule, key: str) -> EditedSection | None:
    """Return a section for the editor; one that is gone only while a draft of it waits."""
    row = db.session.get(SectionDraft, (course.id, module.module_id, key), populate_existing=True)
    if section := section_as_written(module, key):
        return EditedSection(course, module, section, module.made_on(key), row)
    if row is None or not row.is_open:
        return None
    then = module_at(course, module, row.overlay_number)
    section = section_as_written(then, key) if then else None
    return EditedSection(course, module, section, None, row, is_gone=True) if section else None


def written_at(edited: EditedSection, number: int) -> Written:
    """Return what the course had for the section with the changes of this number; nothing, where it had none."""
    if number == edited.module.overlay.number:
        return edited.saved
    then = module_at(edited.course, edited.module, number)
    section = section_as_written(then, edited.key) if then else None
    return Written(section.title, section.markdown) if section else Written("", "")


def moved_on(edited: EditedSection, seen: int) -> bool:
    """Return whether the course has another text for the section than with the changes that somebody says to have seen."""
    number = edited.known(seen)
    return number != edited.module.overlay.number and written_at(edited, number) != edited.saved


def desk_for(edited: EditedSection) -> Desk:
    """Return what the section may point at: what the module may, and the sections and pictures that the course has besides."""
    desk = desk_of(edited.module.base.revision_id, edited.course.language)
    return course_pictures(edited.course.id).beside(desk, [*(s.key for s in edited.module.source.sections), edited.key])


def name_of(person_id: int) -> str:
    """Return the name of somebody who wrote; nothing, where they are gone."""
    return db.session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def sections_with_drafts(course_id: int) -> set[tuple[int, str]]:
    """Return the sections of a course for which a draft waits, by module and key; one statement."""
    waiting = select(SectionDraft.module_id, SectionDraft.key).where(SectionDraft.course_id == course_id, SectionDraft.is_open)
    return {(row.module_id, row.key) for row in db.session.execute(waiting)}
