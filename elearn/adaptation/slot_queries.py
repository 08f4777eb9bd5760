"""What stands in the slots of a course's modules, and what its country offers for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.models import Course
from elearn.adaptation.overlays import resolve
from elearn.adaptation.slot_changes import Slot, slots_of
from elearn.catalogue.filling_queries import Standing, standing_in
from elearn.db import db


@dataclass(frozen=True)
class SlotState:
    """A slot of a module of a course."""

    slot: Slot
    #: What the course put there itself; None: nothing.
    own: str | None
    #: The country's text that stands there, with its number; None: none.
    followed: str | None
    followed_id: int
    #: What the country has for it now; None: nothing, or just what the course has.
    newer: Standing | None
    #: Whether the course did not want just that.
    is_passed: bool

    @property
    def is_offered(self) -> bool:
        """Whether there is something to decide: what the course wrote itself is never questioned."""
        return self.newer is not None and self.own is None and not self.is_passed

    @property
    def text(self) -> str:
        """What stands there."""
        return self.own if self.own is not None else self.followed if self.followed is not None else self.slot.default


def country_of(course: Course) -> str:
    """Return the country of the course's institution."""
    return db.session.scalars(select(Institution.country).where(Institution.id == course.institution_id)).one()


def states_in(
    course: Course, modules: Sequence[AdaptedModule], country: str, *, for_teachers: bool = True
) -> dict[int, tuple[SlotState, ...]]:
    """Return the slots of modules of a course, by module, for whoever reads what is ``for_teachers`` or not; one statement at most."""
    standing = standing_in([module.module_id for module in modules if module.has_slots], course.language)
    found = {}
    for module in modules:
        there = standing.get(module.module_id, {})
        slots = _slots(module, for_teachers=for_teachers)
        found[module.module_id] = tuple(_state(module, slot, there.get((country, slot.key))) for slot in slots)
    return found


def _slots(module: AdaptedModule, *, for_teachers: bool) -> tuple[Slot, ...]:
    """Return the slots as the texts themselves have them, those of hidden sections not."""
    plain = {name: value for name, value in module.overlay.changes.items() if name != "slots"}
    sections = resolve(replace(module.base.source, slots={}), plain, module.held).sections
    return slots_of(section for section in sections if for_teachers or section.head["audience"] != "teacher")


def _state(module: AdaptedModule, slot: Slot, standing: Standing | None) -> SlotState:
    changes = module.overlay.changes
    followed_id = changes.get("fillings", {}).get(slot.key, 0)
    newer = standing if standing and standing.id != followed_id else None
    return SlotState(
        slot,
        changes.get("slots", {}).get(slot.key),
        module.base.source.slots.get(slot.key) if followed_id else None,
        followed_id,
        newer,
        newer is not None and changes.get("passed", {}).get(slot.key) == newer.id,
    )


@dataclass(frozen=True)
class CountryOffer:
    """A module of a course for whose slots its country has texts that nobody decided about yet."""

    slug: str
    title: str
    count: int


def country_offers(course: Course) -> list[CountryOffer]:
    """Return the modules of a course for which its country has something; the slots of sections for teachers count, too."""
    modules = [module for module in adapted_modules(course) if module.has_slots]
    states = states_in(course, modules, country_of(course)) if modules else {}
    counts = {module_id: sum(state.is_offered for state in found) for module_id, found in states.items()}
    return [CountryOffer(m.slug, m.source.title, counts[m.module_id]) for m in modules if counts[m.module_id]]
