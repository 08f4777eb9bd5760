"""What changes the plan of a class: each save is a row of its own."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound
from elearn.learning.plan_access import PlanDesk, entry_in_plan
from elearn.learning.plan_edits import changed, in_session, left_out, moved, put_back, with_own
from elearn.learning.plan_labels import shortfall_words
from elearn.learning.plan_models import ClassPlan
from elearn.learning.plan_queries import plan_at, state_of_plan, state_of_structure
from elearn.learning.plan_states import PlanState, Settings, entries_as_json
from elearn.learning.planning import LONGEST, MOST_STEPS, Entry, Shortfall, merged, replanned

#: ``former`` of a plan that is the structure again, as its author wrote it.
UNDONE = -1


def save_plan(visitor: Visitor, desk: PlanDesk, state: PlanState, *, act: str, former: int | None = None) -> int:
    """Leave the plan as ``state``, unless it is so already, and return the number of the plan that counts; the class is locked."""
    if state == desk.state:
        return desk.number
    plan = ClassPlan(
        class_id=desk.class_id,
        module_id=desk.module.module_id,
        number=desk.number + 1,
        former=desk.number if former is None else former,
        section_key=state.section_key,
        settings=state.settings.as_json(),
        steps=entries_as_json(state.entries),
        draw=state.draw.as_json() if state.draw else None,
        act=act,
        made_by_id=visitor.id,
        made_at=clock.now(),
    )
    db.session.add(plan)
    db.session.flush()
    course_class = desk.taught.course_class
    details = {"module": desk.module.slug, "number": plan.number, "act": act}
    audit.record("plan-class", "class", course_class.id, actor_id=visitor.id, institution_id=course_class.institution_id, details=details)
    return plan.number


def _change(visitor: Visitor, desk: PlanDesk, entries: Sequence[Entry], act: str) -> int:
    if len(merged(entries)) > MOST_STEPS:
        raise Conflict(_("A plan has at most %(most)d steps.", most=MOST_STEPS))
    return save_plan(visitor, desk, replace(desk.state, entries=tuple(entries)), act=act)


def _planned(state: PlanState) -> PlanState:
    """Return ``state`` with its steps planned for its time; raise Invalid where what may not be left out does not fit."""
    planned = replanned(state.entries, state.settings.frame)
    if isinstance(planned, Shortfall):
        raise Invalid("", {"minutes": shortfall_words(planned)})
    return replace(state, entries=planned)


def replan(visitor: Visitor, desk: PlanDesk, *, minutes: int, sessions: int) -> int:
    """Plan the steps anew for so many sessions of so many minutes; order, lengths and what was taken out stay."""
    settings = replace(desk.state.settings, minutes=minutes, sessions=sessions)
    return save_plan(visitor, desk, _planned(replace(desk.state, settings=settings)), act="replan")


def begin_again(visitor: Visitor, desk: PlanDesk, key: str) -> int:
    """Leave the plan as a structure of the module has it, in the time that the class has; groups and words for students stay."""
    line = next((line for line in desk.structures if line.key == key), None)
    if line is None:
        raise NotFound
    steps = state_of_structure(desk.taught.edition, desk.module, line).entries
    return save_plan(visitor, desk, _planned(replace(desk.state, section_key=key, entries=steps)), act="begin-again")


def set_details(visitor: Visitor, desk: PlanDesk, settings: Settings) -> int:
    """Leave the plan with the days and the words for students that ``settings`` has; no step moves."""
    kept = desk.state.settings
    timed = replace(settings, minutes=kept.minutes, sessions=kept.sessions)
    return save_plan(visitor, desk, replace(desk.state, settings=timed), act="details")


def move_step(visitor: Visitor, desk: PlanDesk, place: str, step: int) -> int:
    """Move an entry one place up (``step`` -1) or down (1); past the end of a session it goes into the next."""
    entry_in_plan(desk, place)
    return _change(visitor, desk, moved(desk.state.entries, place, step, desk.state.settings.sessions), "move")


def leave_out(visitor: Visitor, desk: PlanDesk, place: str) -> int:
    """Leave out a step, with all its parts, if its author lets it be left out."""
    entry = entry_in_plan(desk, place)
    if entry.required and not entry.is_break:
        raise Conflict(_("This step may not be left out: the rest builds on it. You can make it shorter."))
    return _change(visitor, desk, left_out(desk.state.entries, place), "leave-out")


def bring_back(visitor: Visitor, desk: PlanDesk, place: str) -> int:
    """Bring back a step that was left out, where it was."""
    entry_in_plan(desk, place)
    return _change(visitor, desk, put_back(desk.state.entries, place), "bring-back")


def change_step(visitor: Visitor, desk: PlanDesk, place: str, wanted: Entry) -> int:
    """Leave a step as long, in the session and with the words that ``wanted`` has."""
    entry = entry_in_plan(desk, place)
    words = {name: getattr(wanted, name) for name in ("title", "text", "notes", "form", "required")}
    entries = changed(desk.state.entries, place, minutes=wanted.minutes, **words)
    if max(each.wish for each in entries if each.key == entry.key) > LONGEST:
        raise Invalid("", {"minutes": _("A step lasts at most %(most)d minutes, all its parts together.", most=LONGEST)})
    if wanted.session != entry.session:
        entries = in_session(entries, place, wanted.session)
    return _change(visitor, desk, entries, "change")


def add_step(visitor: Visitor, desk: PlanDesk, wanted: Entry) -> int:
    """Add a step of the visitor's own at the end of a session; it may be left out like any that is not needed."""
    words = {name: getattr(wanted, name) for name in ("session", "minutes", "title", "text", "notes", "form", "required")}
    return _change(visitor, desk, with_own(desk.state.entries, **words), "add")


def undo(visitor: Visitor, desk: PlanDesk) -> int:
    """Leave the plan as it was before the newest save; undoing again goes further back, to the structure as its author wrote it."""
    if desk.plan is None or not desk.can_undo:
        raise Conflict(_("There is nothing to undo."))
    if not desk.plan.former:
        line = desk.line or desk.structures[0]
        state = state_of_structure(desk.taught.edition, desk.module, line)
        return save_plan(visitor, desk, state, act="undo", former=UNDONE)
    former = plan_at(desk.class_id, desk.module.module_id, desk.plan.former)
    if former is None:
        raise Conflict(_("There is nothing to undo."))
    return save_plan(visitor, desk, state_of_plan(former), act="undo", former=former.former)
