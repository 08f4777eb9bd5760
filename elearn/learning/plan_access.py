"""The doors to the plans of a class: for all who teach it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.adaptation.queries import EditionLine, ModuleInEdition
from elearn.db import db
from elearn.errors import Conflict, NotFound
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

    @property
    def line(self) -> EditionLine | None:
        """The structure that the plan was made from, where the visitor reads it; None: the edition has it no more."""
        return next((line for line in self.structures if line.key == self.state.section_key), None)

    @property
    def is_open(self) -> bool:
        """Whether students may read the structure that the plan was made from, so that a handout may name its steps."""
        return self.line is not None and self.line.audience == "everyone"

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self.plan is not None and (self.plan.former > 0 or (self.plan.former == 0 and bool(self.structures)))


def plan_for_teaching(visitor: Visitor, class_id: int, slug: str, *, writing: bool = False) -> PlanDesk:
    """Return the plan of a module to one who teaches the class, for ``writing`` with the class locked.

    Where the structure is for teachers only, the plan is not there for one whom nobody has confirmed as such; neither is it where the
    edition has the structure no more, as nobody can say then for whom it was.
    """
    taught = class_for_teaching(visitor, class_id)
    module = taught.edition.module(slug)
    if module is None:
        raise NotFound
    if writing:
        db.session.execute(select(CourseClass.id).where(CourseClass.id == class_id).with_for_update(key_share=True))
    confirmed = taught.sees_teacher_sections(visitor)
    lines = tuple(structures_of(module, for_teachers=confirmed))
    plan = newest_plan(class_id, module.module_id)
    if plan is not None:
        desk = PlanDesk(taught, module, lines, plan, state_of_plan(plan))
        if desk.line is None and not confirmed:
            raise NotFound
        return desk
    if not lines:
        raise NotFound
    return PlanDesk(taught, module, lines, None, state_of_structure(taught.edition, module, lines[0]))


def check_seen(desk: PlanDesk, seen: int) -> None:
    """Raise Conflict where somebody has changed the plan since the page with number ``seen``."""
    if seen != desk.number:
        raise Conflict(
            _("Somebody changed this plan meanwhile, and nothing of yours was saved. Look at the plan as it is before you go on.")
        )


def plan_for_changing(visitor: Visitor, class_id: int, slug: str, seen: int) -> PlanDesk:
    """Return the plan with the class locked, if it is the one that the visitor has seen."""
    desk = plan_for_teaching(visitor, class_id, slug, writing=True)
    check_seen(desk, seen)
    return desk


def entry_in_plan(desk: PlanDesk, place: str) -> Entry:
    """Return an entry of the plan; raise NotFound where it is not there."""
    entry = entry_at(desk.state.entries, place)
    if entry is None:
        raise NotFound
    return entry
