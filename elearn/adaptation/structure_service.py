"""What is done to the sections of a module of a course; each act is a state of its own, which can be undone."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from elearn.accounts.permissions import Visitor
from elearn.adaptation import overlays
from elearn.adaptation.course_access import check_may_read
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.draft_queries import sections_with_drafts
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.overlays import Changes
from elearn.adaptation.publication_queries import published_keys
from elearn.adaptation.section_changes import SectionState, moved, own_key, placed_behind, restored, states_of, with_intent
from elearn.errors import Conflict, NotFound

#: A module of more sections is no module.
MOST_SECTIONS = 90
ACTS = ("hide", "show", "up", "down", "follow", "hold", "mine", "restore", "remove")


def state_of(module: AdaptedModule, key: str) -> SectionState:
    """Return a section of a module of a course, a hidden one too."""
    states = states_of(module.base.source, module.overlay.changes, module.held)
    found = next((state for state in states if state.section.key == key), None)
    if found is None:
        raise NotFound
    return found


def keys_with_drafts(course: Course, module: AdaptedModule) -> set[str]:
    """Return the sections of a module of a course for which a draft waits."""
    return {key for module_id, key in sections_with_drafts(course.id) if module_id == module.module_id}


def act_on_section(visitor: Visitor, course: Course, module: AdaptedModule, key: str, act: str, *, seen: int) -> Overlay:
    """Do something to a section of the locked course; return the module's newest changes."""
    state = state_of(module, key)
    if act not in ACTS or (state.is_added and act in {"follow", "hold", "mine", "restore"}) or (act == "remove" and not state.is_added):
        raise NotFound
    changes = _changed(module, module.overlay.changes, key, act)
    if act in {"hide", "remove"} and not overlays.resolve(module.base.source, changes, module.held).sections:
        raise Conflict(_("A module needs a section. Take the module out of the course instead."))
    return save_changes(visitor, course, module, changes, seen=seen)


def _changed(module: AdaptedModule, changes: Changes, key: str, act: str) -> Changes:
    base = module.base.source
    if act == "hide":
        return overlays.hidden(changes, key)
    if act == "show":
        return overlays.shown(changes, key)
    if act in {"up", "down"}:
        return moved(base, changes, key, -1 if act == "up" else 1)
    if act == "restore":
        return restored(changes, key)
    if act == "remove":
        rest, keys = overlays.without_added(changes, key), [section.key for section in base.sections]
        return overlays.in_order(rest, keys, overlays.placed(keys, rest))
    return with_intent(base, changes, module.held, key, act, module.base.ref.pin)


def change_head(visitor: Visitor, course: Course, module: AdaptedModule, key: str, head: Mapping[str, Any], *, seen: int) -> Overlay:
    """Have the course say these fields of a section's head; what the base says itself is no change.

    Only who may read a section for teachers can open it to everyone.
    """
    section = state_of(module, key).section
    check_may_read(visitor, section.head["audience"])
    check_may_read(visitor, head.get("audience", "everyone"))
    changes = overlays.with_head(module.overlay.changes, module.made_on(key) or section, head)
    return save_changes(visitor, course, module, changes, seen=seen)


def add_section(
    visitor: Visitor, course: Course, module: AdaptedModule, head: Mapping[str, Any], *, after: str, seen: int
) -> tuple[str, Overlay]:
    """Add a section of the course's own, still without text, behind another one; ``first``: before all others. Return its key."""
    check_may_read(visitor, head["audience"])
    states = states_of(module.base.source, module.overlay.changes, module.held)
    if len(states) >= MOST_SECTIONS:
        raise Conflict(_("A module has at most %(most)s sections.", most=MOST_SECTIONS))
    taken = {state.section.key for state in states} | published_keys(course.id, module.module_id)
    key = own_key(course.id, head["title"], taken, otherwise="section")
    whole = {"outcomes": [], "steps": [], "descriptions": {}, **head}
    last = states[-1].section.key if states else None
    changes = overlays.with_added(module.overlay.changes, key, whole, "", after="")
    place = None if after == "first" else after if after in {state.section.key for state in states} else last
    changes = placed_behind(module.base.source, changes, key, place)
    return key, save_changes(visitor, course, module, changes, seen=seen)


def change_about(visitor: Visitor, course: Course, module: AdaptedModule, title: str, summary: str, *, seen: int) -> Overlay:
    """Have the course call a module so and sum it up so; the base's own words are no change."""
    base = module.base.source
    own = {name: text for name, text, was in (("title", title, base.title), ("summary", summary, base.summary)) if text != was}
    rest = {name: value for name, value in module.overlay.changes.items() if name not in {"title", "summary"}}
    return save_changes(visitor, course, module, {**rest, **own}, seen=seen)
