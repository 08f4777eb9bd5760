"""Questions about the plans of a class, and who is drawn for them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from elearn.adaptation.queries import EditionContents, EditionLine, ModuleInEdition, edition_page
from elearn.db import db
from elearn.learning.models import Enrolment
from elearn.learning.plan_models import ClassPlan
from elearn.learning.plan_states import Draw, PlanState, Settings, entries_of, first_plan

KIND = "class-structure"


def structures_of(module: ModuleInEdition, *, for_teachers: bool) -> list[EditionLine]:
    """Return the class structures of a module; those for teachers only where ``for_teachers``."""
    return [line for line in module.lines if line.kind == KIND and (for_teachers or line.audience == "everyone")]


def newest_plan(class_id: int, module_id: int) -> ClassPlan | None:
    """Return the plan that counts."""
    mine = (ClassPlan.class_id == class_id, ClassPlan.module_id == module_id)
    return db.session.scalars(select(ClassPlan).where(*mine).order_by(ClassPlan.number.desc()).limit(1)).first()


def plan_at(class_id: int, module_id: int, number: int) -> ClassPlan | None:
    """Return the plan as the save with this number left it."""
    mine = (ClassPlan.class_id == class_id, ClassPlan.module_id == module_id, ClassPlan.number == number)
    return db.session.scalars(select(ClassPlan).where(*mine)).first()


def newest_plans(class_id: int) -> Mapping[int, ClassPlan]:
    """Return the plans of a class that count, by module."""
    last = select(func.max(ClassPlan.id)).where(ClassPlan.class_id == class_id).group_by(ClassPlan.module_id)
    return {plan.module_id: plan for plan in db.session.scalars(select(ClassPlan).where(ClassPlan.id.in_(last)))}


def state_of_plan(plan: ClassPlan) -> PlanState:
    """Return what a save left."""
    return PlanState(plan.section_key, Settings.of(plan.settings), entries_of(plan.steps), Draw.of(plan.draw))


def state_of_structure(edition: EditionContents, module: ModuleInEdition, line: EditionLine) -> PlanState:
    """Return the plan that a class has before anything is saved: the structure as its author wrote it."""
    return first_plan(line.key, edition_page(edition.id, module.module_id, line.key).steps)


def students_of(class_id: int) -> dict[int, str]:
    """Return the names of the students of a class by the number of their place, in order; accounts that are deleted have none."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.name)
        .where(Enrolment.class_id == class_id, Enrolment.role == "student", Enrolment.ended_at.is_(None), Enrolment.name != "")
        .order_by(Enrolment.name_key, Enrolment.id),
    )
    return {row.id: row.name for row in rows}


def students_by_group(class_id: int) -> dict[int, list[str]]:
    """Return the names of the students of each group of a class, in order."""
    found: dict[int, list[str]] = {}
    for group_id, name in db.session.execute(
        select(Enrolment.group_id, Enrolment.name)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.role == "student",
            Enrolment.ended_at.is_(None),
            Enrolment.name != "",
        )
        .order_by(Enrolment.name_key, Enrolment.id),
    ):
        if group_id is not None:
            found.setdefault(group_id, []).append(name)
    return found


def read_before(module: ModuleInEdition, keys: Sequence[str]) -> list[EditionLine]:
    """Return those of a module's sections that everyone reads and that have one of these keys."""
    return [line for line in module.lines if line.key in keys and line.audience == "everyone"]
