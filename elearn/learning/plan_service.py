"""What changes the plan of a class: each save is a row of its own."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Conflict, Invalid
from elearn.learning.enrolment_queries import groups_of
from elearn.learning.enrolment_service import put_in_groups
from elearn.learning.group_service import MOST_GROUPS, add_group
from elearn.learning.plan_access import PlanDesk
from elearn.learning.plan_draws import LONGEST_SEED, countries_to_draw, drawn_countries, drawn_groups
from elearn.learning.plan_models import ClassPlan
from elearn.learning.plan_queries import plan_at, state_of_plan, state_of_structure, students_of
from elearn.learning.plan_states import NO_COUNTRIES, Draw, PlanState, entries_as_json
from elearn.learning.planning import MOST_STEPS, Shortfall, merged, replanned

#: A plan as JSON: far above what a professor writes, far below what would hurt.
LARGEST_PLAN = 400_000


def save_plan(visitor: Visitor, desk: PlanDesk, state: PlanState, *, act: str, former: int | None = None) -> ClassPlan | None:
    """Return the plan that counts now: this one, or, where it is the same, the one that stands; the class is locked."""
    if state == desk.state:
        return desk.plan
    if len(merged(state.entries)) > MOST_STEPS:
        raise Invalid(_("A plan has at most %(most)d steps.", most=MOST_STEPS))
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
    return plan


def replan(visitor: Visitor, desk: PlanDesk, state: PlanState, *, act: str = "replan") -> Shortfall | None:
    """Leave the steps of ``state`` planned for its time; where they do not fit, change nothing and return why."""
    planned = replanned(state.entries, state.settings.frame)
    if isinstance(planned, Shortfall):
        return planned
    save_plan(visitor, desk, replace(state, entries=planned), act=act)
    return None


def begin_again(visitor: Visitor, desk: PlanDesk, key: str) -> Shortfall | None:
    """Leave the plan as a structure of the module has it, in the time that the class has; groups and words for students stay."""
    line = next(line for line in desk.structures if line.key == key)
    steps = state_of_structure(desk.taught.edition, desk.module, line).entries
    return replan(visitor, desk, replace(desk.state, section_key=key, entries=steps), act="begin-again")


def undo(visitor: Visitor, desk: PlanDesk) -> None:
    """Leave the plan as it was before the newest save; undoing again goes further back."""
    if desk.plan is None or not desk.plan.former:
        raise Conflict(_("There is nothing to undo."))
    former = plan_at(desk.class_id, desk.module.module_id, desk.plan.former)
    if former is None:
        raise Conflict(_("There is nothing to undo."))
    save_plan(visitor, desk, state_of_plan(former), act="undo", former=former.former)


def new_seed() -> str:
    """Return a seed that was not used before."""
    return secrets.token_hex(LONGEST_SEED // 4)


def drawn(desk: PlanDesk, wanted: Draw) -> Draw:
    """Return groups and countries as ``wanted`` asks for them, from its seed; raise Invalid where there is nobody to draw."""
    members: Sequence[tuple[int, ...]] = ()
    group_ids: tuple[int, ...] = ()
    if wanted.way == "groups":
        group_ids = tuple(row[0] for row in groups_of(desk.class_id))
        if not group_ids:
            raise Invalid("", {"way": _("The class has no groups.")})
    elif wanted.way == "students":
        members = drawn_groups(students_of(desk.class_id), wanted.size, wanted.seed)
        if not members:
            raise Invalid("", {"way": _("Nobody has joined the class yet. Draw numbers instead.")})
    else:
        members = drawn_groups(range(1, wanted.people + 1), wanted.size, wanted.seed)
    places: Mapping[str, tuple[str, str]] = {} if wanted.area == NO_COUNTRIES else countries_to_draw(wanted.area)
    countries = drawn_countries(places, len(group_ids or members), wanted.seed)
    return replace(wanted, members=tuple(members), group_ids=group_ids, countries=countries)


def draw(visitor: Visitor, desk: PlanDesk, wanted: Draw) -> None:
    """Leave the plan with groups and countries drawn as ``wanted`` asks."""
    save_plan(visitor, desk, replace(desk.state, draw=drawn(desk, wanted)), act="draw")


def forget_draw(visitor: Visitor, desk: PlanDesk) -> None:
    """Leave the plan without groups and countries."""
    save_plan(visitor, desk, replace(desk.state, draw=None), act="forget-draw")


def fill_groups(visitor: Visitor, desk: PlanDesk) -> int:
    """Put the students who were drawn into groups of the class, called Group 1 and so on; return how many changed groups.

    A group of that name is used where there is one, else made. The plan stands on the class's groups then, with the same countries.
    """
    was = desk.state.draw
    if was is None or was.way != "students":
        raise Conflict(_("Draw groups of the class's students first."))
    course_class = desk.taught.course_class
    known = {name: id_ for id_, name, _count in groups_of(course_class.id)}
    names = [_("Group %(number)d", number=number) for number in range(1, len(was.members) + 1)]
    if len(known.keys() | set(names)) > MOST_GROUPS:
        raise Conflict(_("A class has at most %(most)d groups.", most=MOST_GROUPS))
    ids = [known[name] if name in known else add_group(course_class, name, by_id=visitor.id) for name in names]
    here = students_of(course_class.id)
    wanted: dict[int, int | None] = {place: id_ for id_, group in zip(ids, was.members, strict=True) for place in group if place in here}
    moved = put_in_groups(course_class, wanted, by_id=visitor.id)
    save_plan(visitor, desk, replace(desk.state, draw=replace(was, way="groups", members=(), group_ids=tuple(ids))), act="fill-groups")
    return len(moved)
