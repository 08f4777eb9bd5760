"""A course as it stands: its modules in order, each with its base, its changes and what they make of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select

from elearn.adaptation.base_queries import Base, BaseRef, bases_of
from elearn.adaptation.models import Course, CourseModule, Overlay
from elearn.adaptation.overlays import resolve
from elearn.adaptation.queries import newest_overlays
from elearn.adaptation.texts import ModuleSource, SectionSource
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

    def made_on(self, key: str) -> SectionSource | None:
        """Return the section on which the course's text of a section is made: its base's, an older one where it is held."""
        return self.held.get(key) or self.base.source.section(key)


def adapted_modules(course: Course) -> tuple[AdaptedModule, ...]:
    """Return the modules of a course, in its order."""
    places = db.session.scalars(select(CourseModule).where(CourseModule.course_id == course.id).order_by(CourseModule.position)).all()
    overlays = newest_overlays(course.id)
    return _adapted(course.language, [(place, overlays[place.module_id]) for place in places if place.module_id in overlays])


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
    made = []
    for place, overlay in found:
        base = bases[BaseRef.of(overlay)].source
        held = {key: _held(base, bases[ref].source, key) for (module_id, key), ref in holding.items() if module_id == overlay.module_id}
        made.append(
            AdaptedModule(
                place.module_id,
                place.position,
                place.week,
                place.weight,
                overlay,
                bases[BaseRef.of(overlay)],
                {key: section for key, section in held.items() if section},
            ),
        )
    return tuple(made)


def _held(base: ModuleSource, older: ModuleSource, key: str) -> SectionSource | None:
    """Return a section as an older text has it, perhaps under another key."""
    now = base.section(key)
    found = next((there for known in (key, *(now.formerly if now else ())) if (there := older.section(known))), None)
    return replace(found, key=key) if found else None
