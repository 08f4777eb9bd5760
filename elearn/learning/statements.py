"""Statements of what students do most, built once for each kind of database: building one takes ten times as long as running it."""

import functools

from sqlalchemy import Integer, bindparam
from sqlalchemy.sql.base import Executable

from elearn.db import insert
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
def upsert_tally(name: str) -> Executable:
    """Return the statement that adds ``change`` to the number who have a section done."""
    return insert(SectionTally, name).on_conflict_do_update(
        index_elements=["class_id", "module_id", "section_key"],
        set_={"done": SectionTally.done + bindparam("change", type_=Integer)},
    )
