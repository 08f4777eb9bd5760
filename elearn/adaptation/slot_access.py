"""The door to the slots of a module of a course."""

from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext as _

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.course_access import module_for_editing
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course
from elearn.adaptation.slot_queries import SlotState, country_of, states_in
from elearn.catalogue.filling_queries import FillingFacts, proposals_for
from elearn.countries import country_name
from elearn.db import db
from elearn.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class SlotDesk:
    """A module of a course, with its slots as one who may change it sees them."""

    course: Course
    module: AdaptedModule
    #: ISO 3166-1 alpha-2.
    country: str
    states: tuple[SlotState, ...]
    #: Whether the visitor reads what is for teachers.
    confirmed: bool

    @property
    def country_name(self) -> str:
        """The country, in words."""
        return country_name(self.country)

    @cached_property
    def proposals(self) -> dict[str, FillingFacts]:
        """What the institution proposed last, by slot."""
        return proposals_for(self.course.institution_id, self.module.module_id, self.course.language)

    def usual_names(self, visitor: Visitor) -> str:
        """Return who is usually named below a text: its author and the institution."""
        return f"{visitor.name}, {db.session.get_one(Institution, self.course.institution_id).name}"

    def state(self, key: str) -> SlotState:
        """Return one of the slots."""
        found = next((state for state in self.states if state.slot.key == key), None)
        if found is None:
            raise NotFound
        return found


def slots_for_filling(visitor: Visitor, course_id: int, slug: str, *, writing: bool = False) -> SlotDesk:
    """Return the slots of a module of a course that the visitor may change; those in sections for teachers only for teachers."""
    course, module = module_for_editing(visitor, course_id, slug, writing=writing)
    country, confirmed = country_of(course), may(visitor, Permission.READ_TEACHER_SECTIONS)
    states = states_in(course, [module], country, for_teachers=confirmed)[module.module_id]
    return SlotDesk(course, module, country, states, confirmed)


def slot_for_offering(visitor: Visitor, course_id: int, slug: str, key: str, *, writing: bool = False) -> tuple[SlotDesk, SlotState]:
    """Return a slot that the course fills itself, for a professor whom the institution confirmed."""
    desk = slots_for_filling(visitor, course_id, slug, writing=writing)
    state = desk.state(key)
    if state.own is None:
        raise NotFound
    if not desk.confirmed:
        raise NotAllowed(_("You can offer it once your institution has confirmed you as a professor."))
    return desk, state
