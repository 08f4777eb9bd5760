"""What is put into the slots of a module of a course: its own text, its country's, or what the text itself says."""

from flask_babel import gettext as _

from elearn.accounts.permissions import Visitor
from elearn.adaptation import slot_changes
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.slot_queries import SlotState, country_of
from elearn.catalogue.filling_queries import filling_named, waiting_proposal
from elearn.catalogue.filling_service import Place, propose_filling, withdraw_filling
from elearn.catalogue.filling_texts import laid_out_filling
from elearn.catalogue.passage_queries import desk_of
from elearn.errors import Conflict, Invalid, NotFound

ACTS = ("follow", "pass", "default")


def act_on_slot(
    visitor: Visitor, course: Course, module: AdaptedModule, state: SlotState, act: str, *, filling_id: int, seen: int
) -> Overlay:
    """Take the country's text for a slot of the locked course, pass it over, or have what the text itself says there."""
    if act not in ACTS:
        raise NotFound
    changes, key = module.overlay.changes, state.slot.key
    if act == "default":
        return save_changes(visitor, course, module, slot_changes.filled_by_nobody(changes, key), seen=seen)
    if state.newer is None or state.newer.id != filling_id:
        raise Conflict(_("Your country's text has changed meanwhile. Please look at it again."))
    made = slot_changes.filled_by_country if act == "follow" else slot_changes.passing
    return save_changes(visitor, course, module, made(changes, key, filling_id), seen=seen)


def fill_slot(visitor: Visitor, course: Course, module: AdaptedModule, state: SlotState, text: str, *, seen: int) -> Overlay:
    """Have the course's own text in a slot, which was looked at before."""
    return save_changes(visitor, course, module, slot_changes.filled_by_course(module.overlay.changes, state.slot.key, text), seen=seen)


def looked_at(course: Course, module: AdaptedModule, text: str) -> str:
    """Return a text for a slot as pages show it; raise Invalid, naming each fault, where it cannot stand there."""
    return laid_out_filling(desk_of(module.base.revision_id, course.language), text)


def offer_text(visitor: Visitor, course: Course, module: AdaptedModule, state: SlotState, credit: str) -> None:
    """Propose the course's own text for a slot to every course of its country."""
    if state.own is None:
        raise Invalid(_("Write the course's own text first, then offer it."))
    if state.newer is not None and (there := filling_named(state.newer.id)) and there.markdown == state.own:
        raise Conflict(_("Just this text stands for your country already."))
    place = Place(course.institution_id, country_of(course), module.module_id, course.language, state.slot.key)
    propose_filling(visitor, place, desk_of(module.base.revision_id, course.language), state.own, credit)


def withdraw_offer(visitor: Visitor, course: Course, module: AdaptedModule, state: SlotState) -> None:
    """Take back what the locked course's institution proposed for a slot, and nobody has decided yet."""
    found = waiting_proposal(course.institution_id, module.module_id, course.language, state.slot.key)
    if found is None:
        raise Conflict(_("Somebody decided about this text meanwhile, or it was taken back."))
    withdraw_filling(visitor, found)
