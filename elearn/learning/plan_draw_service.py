"""Groups and countries of a plan, drawn from a seed that is kept with them."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from flask_babel import gettext as _

from elearn.accounts.permissions import Visitor
from elearn.errors import Invalid
from elearn.learning.enrolment_queries import groups_of
from elearn.learning.plan_access import PlanDesk
from elearn.learning.plan_draws import LONGEST_SEED, MOST_PEOPLE, countries_to_draw, drawn_countries, drawn_groups
from elearn.learning.plan_queries import students_of
from elearn.learning.plan_service import save_plan
from elearn.learning.plan_states import NO_COUNTRIES, Draw


def new_seed() -> str:
    """Return a seed that was not used before."""
    return secrets.token_hex(LONGEST_SEED // 4)


def _drawn(desk: PlanDesk, wanted: Draw) -> Draw:
    """Return groups and countries as ``wanted`` asks for them, from its seed; raise Invalid where there is nobody to draw."""
    members: tuple[tuple[int, ...], ...] = ()
    group_ids: tuple[int, ...] = ()
    if wanted.way == "groups":
        group_ids = tuple(row[0] for row in groups_of(desk.class_id))
        if not group_ids:
            raise Invalid("", {"way": _("The class has no groups. Draw from its students, or numbers.")})
    elif wanted.way == "students":
        students = students_of(desk.class_id)
        if not students:
            raise Invalid("", {"way": _("Nobody has joined the class yet. Draw numbers instead.")})
        if len(students) > MOST_PEOPLE:
            raise Invalid("", {"way": _("At most %(most)d students are drawn at once.", most=MOST_PEOPLE)})
        members = drawn_groups(students, wanted.size, wanted.seed, wanted.count)
    else:
        members = drawn_groups(range(1, wanted.people + 1), wanted.size, wanted.seed, wanted.count)
    places: Mapping[str, tuple[str, str]] = {} if wanted.area == NO_COUNTRIES else countries_to_draw(wanted.area)
    countries = drawn_countries(places, len(group_ids or members), wanted.seed)
    return replace(wanted, members=members, group_ids=group_ids, countries=countries)


def draw(visitor: Visitor, desk: PlanDesk, wanted: Draw) -> int:
    """Leave the plan with groups and countries drawn as ``wanted`` asks; without a seed, from a new one."""
    seeded = replace(wanted, seed=wanted.seed or new_seed())
    return save_plan(visitor, desk, replace(desk.state, draw=_drawn(desk, seeded)), act="draw")


def forget_draw(visitor: Visitor, desk: PlanDesk) -> int:
    """Leave the plan without groups and countries."""
    return save_plan(visitor, desk, replace(desk.state, draw=None), act="forget-draw")
