"""What is done to the questions of a module of a course; each act is a state of its own, which can be undone, and is published with it."""

import re
from collections.abc import Collection

from flask_babel import gettext as _

from elearn import bounded
from elearn.accounts.permissions import Visitor
from elearn.adaptation import overlays
from elearn.adaptation.course_folder import value_of
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.course_service import save_changes
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.overlays import Changes
from elearn.adaptation.question_queries import known_keys, place_of, question_files, questions_of
from elearn.adaptation.question_trial import Trial, trial
from elearn.adaptation.section_changes import own_key
from elearn.catalogue.item_service import keep_state
from elearn.catalogue.item_source import shifted, with_id
from elearn.errors import Conflict, Invalid, NotFound

#: How long reading the module with a text may take; an honest one takes a second.
SECONDS = 10.0
MOST_QUESTIONS = 200
ACTS = ("exclude", "include", "restore", "remove")


def source_of(module: AdaptedModule, key: str) -> str:
    """Return a question as the course asks it."""
    text = place_of(module, key).source(question_files(module))
    if not text:
        raise NotFound
    return text


def look(module: AdaptedModule, key: str, text: str, *, is_new: bool = False) -> Trial:
    """Return what would become of a question; nothing is kept. Raise Invalid where that takes too long."""
    try:
        return bounded.run(trial, question_files(module), place_of(module, key), text, is_new, seconds=SECONDS)
    except bounded.Exceeded:
        message = _("The question could not be laid out in time. Please use fewer brackets, quotations and lists.")
        raise Invalid(message, {"text": message}) from None


def one_of(text: str) -> str:
    """Return the one question of a text that is a whole quiz file with one, as imports show it; any other text as it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].strip() != "items:":
        return text
    return "\n".join(shifted("\n".join(lines[first + 1 :]), 0))


def new_key(course: Course, module: AdaptedModule, text: str) -> str:
    """Return the key of a new question: what its text calls it, under the course's number."""
    # One that was removed was perhaps answered: its key stays its own.
    taken = known_keys(module.module_id) | {question.key for question in questions_of(module)}
    called = (value_of(text) or {}).get("id")
    return own_key(course.id, re.sub(r"^c\d+-", "", called) if isinstance(called, str) else "", taken, otherwise="question")


def _sound(found: Trial, confirmed: Collection[str]) -> None:
    if not found.is_sound:
        raise Invalid(_("The text has faults."), {"text": _("The text has faults. They are listed above it, line by line.")})
    if lost := [key for key in found.removed if key not in confirmed]:
        message = _("Say for each choice that is gone that it is meant to be: %(ids)s.", ids=", ".join(lost))
        raise Invalid(message, {"removed": message})


def save_question(
    visitor: Visitor, course: Course, module: AdaptedModule, key: str, text: str, found: Trial, *, confirmed: Collection[str], seen: int
) -> Overlay:
    """Have the locked course ask a question with this text, which was looked at; what is the series' own is no change."""
    _sound(found, confirmed)
    assert found.item is not None
    state = keep_state(module.module_id, found.item.as_read())
    base = module.base.source.item(key)
    changes: Changes = module.overlay.changes
    if base is not None and base.revision_id == state:
        changes = overlays.with_base_item(changes, key)
    else:
        changes = overlays.with_item(changes, key, _kept(text), state)
    if _states(module, module.overlay.changes).get(key) == state:
        message = _("This changes nothing of the question.")
        raise Invalid(message, {"text": message})
    return save_changes(visitor, course, module, changes, seen=seen)


def add_question(visitor: Visitor, course: Course, module: AdaptedModule, text: str, found: Trial, *, seen: int) -> Overlay:
    """Have the locked course ask a question more, at the end, which was looked at."""
    _sound(found, ())
    assert found.item is not None
    if len(questions_of(module)) >= MOST_QUESTIONS:
        raise Conflict(_("A quiz has at most %(most)s questions.", most=MOST_QUESTIONS))
    state = keep_state(module.module_id, found.item.as_read())
    changes = overlays.with_added_item(module.overlay.changes, found.item.key, _kept(with_id(text, found.item.key)), state)
    return save_changes(visitor, course, module, changes, seen=seen)


def _kept(text: str) -> str:
    return "\n".join(shifted(text, 2))


def _states(module: AdaptedModule, changes: Changes) -> dict[str, int]:
    items = overlays.resolve(module.base.source, {**changes, "excluded": []}, module.held).items
    return {item.key: item.revision_id for item in items}


def act_on_question(visitor: Visitor, course: Course, module: AdaptedModule, key: str, act: str, *, seen: int) -> Overlay:
    """Leave a question out, have it again, take the series' again, or remove one's own; the course is locked."""
    question = next((each for each in questions_of(module) if each.key == key), None)
    if question is None or act not in ACTS:
        raise NotFound
    changes, excluded = module.overlay.changes, list(module.overlay.changes.get("excluded", ()))
    if act == "exclude":
        changes = overlays.excluding(changes, [*excluded, key])
    elif act == "include":
        changes = overlays.excluding(changes, [each for each in excluded if each != key])
    elif act == "restore" and question.state == "replaced":
        changes = overlays.with_base_item(changes, key)
    elif act == "remove" and question.state == "own":
        rest = [each for each in changes["added_items"] if each["key"] != key]
        changes = overlays.excluding({**changes, "added_items": rest}, [each for each in excluded if each != key])
    else:
        raise NotFound
    return save_changes(visitor, course, module, changes, seen=seen)


def change_rules(visitor: Visitor, course: Course, module: AdaptedModule, rules: dict[str, object], *, seen: int) -> Overlay:
    """Have the course say these rules of a quiz; what the base says itself is no change."""
    base = module.base.source.quiz or {}
    own = {**module.overlay.changes.get("quiz", {}), **rules}
    own = {name: value for name, value in own.items() if value != base.get(name)}
    return save_changes(visitor, course, module, {**module.overlay.changes, "quiz": own}, seen=seen)
