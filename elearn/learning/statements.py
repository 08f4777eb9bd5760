"""Statements of what students do most, built once for each kind of database: building one takes ten times as long as running it."""

import functools
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, case, cast, literal
from sqlalchemy.sql.base import Executable

from elearn.db import insert, table
from elearn.learning.models import Activity, ModuleProgress, Result, SectionMark, SectionTally


@functools.cache
def insert_section_mark(name: str) -> Executable:
    """Return the insert of an act of marking."""
    return insert(SectionMark, name)


@functools.cache
def insert_result(name: str) -> Executable:
    """Return the insert of a mark in the gradebook."""
    return insert(Result, name)


@functools.cache
def insert_activity(name: str) -> Executable:
    """Return the insert of an activity, which returns its id if the row is new."""
    return insert(Activity, name).on_conflict_do_nothing().returning(Activity.id)


@functools.cache
def upsert_progress(name: str) -> Executable:
    """Return the statement that leaves a student's summary in a module as its parameters say."""
    statement = insert(ModuleProgress, name)
    columns = {column.name: statement.excluded[column.name] for column in ModuleProgress.__table__.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["enrolment_id", "module_id"], set_=columns)


@functools.cache
def add_result(name: str, grading: str, *, is_complete: bool) -> Executable:
    """Return the statement that counts a submitted quiz in a student's summary, without a look at what stands there.

    ``is_complete``: the quiz is all that the module asks for; else it asks for ``section_count`` sections, too.
    """
    kept = table(ModuleProgress).c
    begun = insert(ModuleProgress, name).values(
        enrolment_id=bindparam("enrolment_id"),
        module_id=bindparam("module_id"),
        done=[],
        done_count=0,
        last_key="",
        points=bindparam("points"),
        max_points=bindparam("max_points"),
        is_provisional=bindparam("is_provisional"),
        attempts=1,
        completed_at=bindparam("at") if is_complete else None,
        changed_at=bindparam("at"),
    )
    new = begun.excluded
    counts = kept.points.is_(None) | _beats(new, kept, grading)
    return begun.on_conflict_do_update(
        index_elements=["enrolment_id", "module_id"],
        set_={column: case((counts, new[column]), else_=kept[column]) for column in ("points", "max_points", "is_provisional")}
        | {
            "attempts": kept.attempts + 1,
            "completed_at": case(
                (kept.completed_at.is_not(None), kept.completed_at),
                (kept.done_count >= bindparam("section_count", type_=Integer), new.changed_at),
                else_=None,
            ),
            "changed_at": new.changed_at,
        },
    )


def _beats(new: Any, kept: Any, grading: str) -> ColumnElement[bool]:
    """Return the condition that a new mark counts in place of the one kept."""
    if grading in {"first", "last"}:
        return literal(value=grading == "last")
    # Products of two marks leave the range of the columns.
    gained, out_of = cast(new.points, BigInteger), cast(new.max_points, BigInteger)
    return (new.max_points > 0) & ((kept.max_points == 0) | (gained * kept.max_points > kept.points * out_of))


@functools.cache
def upsert_tally(name: str) -> Executable:
    """Return the statement that adds ``change`` to the number who have a section done."""
    return insert(SectionTally, name).on_conflict_do_update(
        index_elements=["class_id", "module_id", "section_key"],
        set_={"done": SectionTally.done + bindparam("change", type_=Integer)},
    )
