"""The doors to the plans of a class: for all who teach it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.adaptation.queries import EditionLine, ModuleInEdition
from elearn.db import db
from elearn.errors import Conflict, NotAllowed, NotFound
from elearn.learning.access import TaughtClass, class_for_teaching
from elearn.learning.models import CourseClass
from elearn.learning.plan_edits import entry_at
from elearn.learning.plan_models import ClassPlan
from elearn.learning.plan_queries import newest_plan, state_of_plan, state_of_structure, structures_of
from elearn.learning.plan_states import PlanState
from elearn.learning.planning import Entry


@dataclass(frozen=True)
class PlanDesk:
    """A module of a class before one who plans it."""

    taught: TaughtClass
    module: ModuleInEdition
    structures: tuple[EditionLine, ...]
    #: None: nothing is saved yet.
    plan: ClassPlan | None
    state: PlanState

    @property
    def number(self) -> int:
        """The number of the newest save; 0: none."""
        return self.plan.number if self.plan else 0

    @property
    def class_id(self) -> int:
        """The class."""
        return self.taught.course_class.id


def plan_for_teaching(visitor: Visitor, class_id: int, slug: str, *, writing: bool = False) -> PlanDesk:
    """Return the plan of a module to one who teaches the class, for ``writing`` with the class locked.

    Where the structure is for teachers only, it is not there for one whom nobody has confirmed as such.
    """
    taught = class_for_teaching(visitor, class_id)
    module = taught.edition.module(slug)
    if module is None:
        raise NotFound
    if writing:
        db.session.execute(select(CourseClass.id).where(CourseClass.id == class_id).with_for_update(key_share=True))
    lines = structures_of(module, for_teachers=taught.sees_teacher_sections(visitor))
    plan = newest_plan(class_id, module.module_id)
    if plan is not None:
        line = module.line(plan.section_key)
        if line is not None and line.audience == "teacher" and line not in lines:
            raise NotFound
        return PlanDesk(taught, module, tuple(lines), plan, state_of_plan(plan))
    if not lines:
        raise NotFound
    return PlanDesk(taught, module, tuple(lines), None, state_of_structure(taught.edition, module, lines[0]))


def entry_in_plan(desk: PlanDesk, place: str) -> Entry:
    """Return an entry of the plan; raise NotFound where it is not there."""
    entry = entry_at(desk.state.entries, place)
    if entry is None:
        raise NotFound
    return entry


def check_seen(desk: PlanDesk, seen: int | None) -> None:
    """Raise Conflict where somebody has changed the plan since the page was made."""
    if seen != desk.number:
        raise Conflict(_("Somebody changed this plan meanwhile. Nothing of yours was saved; this is the plan as it is now."))


def check_runs(desk: PlanDesk) -> None:
    """Raise NotAllowed where the visitor assists in the class: its groups are for its professors."""
    if not desk.taught.is_run:
        raise NotAllowed(_("Only the professors of this class can do this. You assist in it."))
