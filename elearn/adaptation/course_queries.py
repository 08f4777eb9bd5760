"""A course as it stands: its modules in order, each with its base, its changes and what they make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import func, select

from elearn.adaptation.base_queries import Base, BaseRef, bases_of
from elearn.adaptation.blocks import slot_keys
from elearn.adaptation.models import Course, CourseModule, Overlay
from elearn.adaptation.overlays import resolve
from elearn.adaptation.texts import ModuleSource, SectionSource
from elearn.catalogue.filling_queries import followed_texts
from elearn.db import db


@dataclass(frozen=True)
class AdaptedModule:
    """A module of a course."""

    module_id: int
    position: int
    week: int | None
    weight: int
    overlay: Overlay
    base: Base
    #: The sections that stand as an older text has them, by key.
    held: Mapping[str, SectionSource]

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.base.source.slug

    @cached_property
    def source(self) -> ModuleSource:
        """The module as the course has it."""
        return resolve(self.base.source, self.overlay.changes, self.held)

    @cached_property
    def has_slots(self) -> bool:
        """Whether there is a place in it that a country fills."""
        return any(slot_keys(section.markdown) for section in self.base.source.sections if "::: slot" in section.markdown)

    def made_on(self, key: str) -> SectionSource | None:
        """Return the section on which the course's text of a section is made: its base's, an older one where it is held."""
        return self.held.get(key) or self.base.source.section(key)


def adapted_modules(course: Course) -> tuple[AdaptedModule, ...]:
    """Return the modules of a course, in its order."""
    newest = select(func.max(Overlay.id)).where(Overlay.course_id == course.id).group_by(Overlay.module_id)
    rows = db.session.execute(
        select(CourseModule, Overlay)
        .join(Overlay, (Overlay.course_id == CourseModule.course_id) & (Overlay.module_id == CourseModule.module_id))
        .where(Overlay.id.in_(newest))
        .order_by(CourseModule.position, CourseModule.module_id),
    )
    return _adapted(course.language, [(row.CourseModule, row.Overlay) for row in rows])


def adapted_module(course: Course, slug: str) -> AdaptedModule | None:
    """Return one module of a course."""
    return next((module for module in adapted_modules(course) if module.slug == slug), None)


def module_at(course: Course, module: AdaptedModule, number: int) -> AdaptedModule | None:
    """Return a module of a course as it stood with the changes of this number."""
    asked = select(CourseModule, Overlay).join(
        Overlay, (Overlay.course_id == CourseModule.course_id) & (Overlay.module_id == CourseModule.module_id)
    )
    here = (CourseModule.course_id == course.id, CourseModule.module_id == module.module_id, Overlay.number == number)
    row = db.session.execute(asked.where(*here)).one_or_none()
    return _adapted(course.language, [(row.CourseModule, row.Overlay)])[0] if row else None


def _adapted(language: str, found: Sequence[tuple[CourseModule, Overlay]]) -> tuple[AdaptedModule, ...]:
    refs = [BaseRef.of(overlay) for _, overlay in found]
    holding = {(overlay.module_id, key): BaseRef.held(overlay.module_id, entry["base"]) for _, overlay in found
               for key, entry in overlay.changes.get("sections", {}).items() if "base" in entry}  # fmt: skip
    bases = bases_of([*refs, *holding.values()], language)
    texts = followed_texts({filling_id for _, overlay in found for filling_id in overlay.changes.get("fillings", {}).values()})
    made = []
    for place, overlay in found:
        here = _with_fillings(bases[BaseRef.of(overlay)], overlay.changes.get("fillings", {}), texts)
        base = here.source
        held = {key: _held(base, bases[ref].source, key) for (module_id, key), ref in holding.items() if module_id == overlay.module_id}
        made.append(
            AdaptedModule(
                place.module_id,
                place.position,
                place.week,
                place.weight,
                overlay,
                here,
                {key: section for key, section in held.items() if section},
            ),
        )
    return tuple(made)


def _with_fillings(base: Base, fillings: Mapping[str, int], texts: Mapping[int, str]) -> Base:
    """Return the base with what the course's country puts into its slots."""
    followed = {key: texts[filling_id] for key, filling_id in fillings.items() if filling_id in texts}
    return replace(base, source=replace(base.source, slots={**base.source.slots, **followed})) if followed else base


def _held(base: ModuleSource, older: ModuleSource, key: str) -> SectionSource | None:
    """Return a section as an older text has it, perhaps under another key."""
    now = base.section(key)
    found = next((there for known in (key, *(now.formerly if now else ())) if (there := older.section(known))), None)
    return replace(found, key=key) if found else None
