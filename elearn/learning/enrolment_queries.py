"""Questions about the students of a class: the list, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from elearn.accounts.models import Person
from elearn.db import db, name_holds
from elearn.learning.models import ClassGroup, Enrolment, EnrolmentChange, ModuleProgress, Result
from elearn.learning.queries import holds

#: The states of a student's place, as the list narrows by them.
STATES = ("in", "waiting", "left", "withdrawn", "removed")
SORTS = ("name", "last-name", "progress")
_STATE = case(
    (Enrolment.end_reason == "error", "removed"),
    (Enrolment.end_reason.is_not(None), Enrolment.end_reason),
    (Enrolment.person_id.is_(None), "waiting"),
    else_="in",
)


def groups_of(class_id: int) -> list[tuple[int, str, int]]:
    """Return the groups of a class by name: number, name, how many students are in it."""
    rows = db.session.execute(
        select(ClassGroup.id, ClassGroup.name, func.count(Enrolment.id))
        .outerjoin(Enrolment, (Enrolment.group_id == ClassGroup.id) & Enrolment.ended_at.is_(None) & (Enrolment.role == "student"))
        .where(ClassGroup.class_id == class_id, ClassGroup.removed_at.is_(None))
        .group_by(ClassGroup.id, ClassGroup.name)
        .order_by(ClassGroup.name),
    )
    return [(row[0], row[1], row[2]) for row in rows]


@dataclass(frozen=True)
class StudentLine:
    """A student in the list of a class."""

    id: int
    name: str
    student_id: str
    group_id: int | None
    state: str
    done: int
    extended_until: date | None


def _narrowed(class_id: int, text: str, group: str, state: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Enrolment.class_id == class_id, Enrolment.role == "student"]
    if text:
        conditions.append(name_holds(Enrolment, text) | holds(Enrolment.student_id, text))
    if group == "none":
        conditions.append(Enrolment.group_id.is_(None))
    elif group:
        conditions.append(Enrolment.group_id == int(group))
    if state:
        conditions.append(_STATE.in_([state]))
    return conditions


def counts_by_state(class_id: int, text: str, group: str) -> dict[str, int]:
    """Return how many students there are in each state, of those asked for."""
    rows = db.session.execute(select(_STATE, func.count()).where(*_narrowed(class_id, text, group, "")).group_by(_STATE))
    return {row[0]: row[1] for row in rows}


def student_lines(class_id: int, asked: dict[str, str], *, limit: int, offset: int) -> list[StudentLine]:
    """Return one page of a class's students, narrowed and sorted as asked; at most two statements."""
    conditions = _narrowed(class_id, asked["q"], asked["group"], asked["state"])
    column = asked["sort"].removeprefix("-") or "name"
    backwards = asked["sort"].startswith("-")
    done = (
        select(func.coalesce(func.sum(ModuleProgress.done_count), 0))
        .where(ModuleProgress.enrolment_id == Enrolment.id)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    question = select(
        Enrolment.id,
        Enrolment.name,
        Enrolment.student_id,
        Enrolment.group_id,
        _STATE.label("state"),
        done.label("done"),
        Enrolment.extended_until,
    )
    if column == "last-name":
        # No database knows what the last word of a name is; the page's are looked up by number.
        names = db.session.execute(select(Enrolment.id, Enrolment.name).where(*conditions)).all()
        ids = [row.id for row in sorted(names, key=_by_last_word, reverse=backwards)[offset : offset + limit]]
        found = {row.id: row for row in db.session.execute(question.where(Enrolment.id.in_(ids)))}
        return [StudentLine(*found[id_]) for id_ in ids]
    by: Any = done if column == "progress" else Enrolment.name_key
    rows = db.session.execute(
        question.where(*conditions).order_by(by.desc() if backwards else by, Enrolment.name_key, Enrolment.id).limit(limit).offset(offset),
    )
    return [StudentLine(*row) for row in rows]


def _by_last_word(row: Any) -> tuple[str, str, int]:
    words = row.name.casefold().split() or [""]
    return words[-1], row.name.casefold(), row.id


@dataclass(frozen=True)
class Step:
    """A step in the history of a place."""

    kind: str
    at: datetime
    #: None: the operator.
    by: str | None
    details: dict[str, Any]


def history_of(enrolment_id: int) -> list[Step]:
    """Return what became of a place, oldest first."""
    rows = db.session.execute(
        select(EnrolmentChange.kind, EnrolmentChange.at, Person.name, EnrolmentChange.details)
        .outerjoin(Person, Person.id == EnrolmentChange.by_id)
        .where(EnrolmentChange.enrolment_id == enrolment_id)
        .order_by(EnrolmentChange.at, EnrolmentChange.id)
        .limit(500),
    )
    return [Step(*row) for row in rows]


def group_names(ids: Sequence[int]) -> dict[int, str]:
    """Return what these groups are called, removed ones too."""
    if not ids:
        return {}
    rows = db.session.execute(select(ClassGroup.id, ClassGroup.name).where(ClassGroup.id.in_(ids)))
    return {row.id: row.name for row in rows}


@dataclass(frozen=True)
class ResultLine:
    """A submitted quiz of a student."""

    module_id: int
    points: int
    max_points: int
    at: datetime


def results_of(enrolment_id: int) -> list[ResultLine]:
    """Return the results of a student in a class, in order."""
    rows = db.session.execute(
        select(Result.module_id, Result.points, Result.max_points, Result.at)
        .where(Result.enrolment_id == enrolment_id)
        .order_by(Result.module_id, Result.at, Result.id),
    )
    return [ResultLine(*row) for row in rows]


def state_of_place(enrolment: Enrolment) -> str:
    """Return the state of one student's place, as the list names it."""
    if enrolment.end_reason is not None:
        return "removed" if enrolment.end_reason == "error" else enrolment.end_reason
    return "waiting" if enrolment.person_id is None else "in"
