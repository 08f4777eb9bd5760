"""A class on another edition: what its students did is kept, and counted on the sections that the class has now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from elearn.adaptation.edition_difference_queries import renamed_sections
from elearn.adaptation.queries import EditionContents, ModuleInEdition
from elearn.db import db, dialect, table
from elearn.learning import statements
from elearn.learning.models import Enrolment, ModuleProgress, SectionMark
from elearn.learning.progress import count_done, done_keys, is_complete

_UPDATE = (
    update(table(ModuleProgress))
    .where(table(ModuleProgress).c.enrolment_id == bindparam("of"), table(ModuleProgress).c.module_id == bindparam("about"))
    .values(done=bindparam("keys"), done_count=bindparam("count"), completed_at=bindparam("since"))
)


def carry_progress(class_id: int, before: EditionContents, after: EditionContents, at: datetime) -> None:
    """Leave the summaries of a class as its sections of now make them; what was complete stays complete, what was done stays done.

    A section that has another key now is done by whoever had it done. Whoever has all of a module done that is left of it has completed it.
    """
    renamed = renamed_sections(before, after)
    former = {module.module_id: module for module in before.modules}
    modules = {module.module_id: module for module in after.modules if _differs(former.get(module.module_id), module)}
    if not modules:
        return
    # Whoever marks a section meanwhile waits, and then sees the class on its new edition; SQLite has one writer anyway.
    students = select(Enrolment.id).where(Enrolment.class_id == class_id, Enrolment.role == "student")
    if dialect() == "postgresql":
        db.session.execute(students.with_for_update(key_share=True)).all()
    kept = table(ModuleProgress).c
    rows = db.session.execute(
        select(kept.enrolment_id, kept.module_id, kept.done, kept.done_count, kept.attempts, kept.completed_at, Enrolment.ended_at)
        .join(Enrolment, Enrolment.id == kept.enrolment_id)
        .where(kept.enrolment_id.in_(students), kept.module_id.in_(modules)),
    ).all()
    marks = [mark for row in rows for mark in _carried(row, renamed.get(row.module_id, {}), after.id, at)]
    changed = [line for row in rows if (line := _summary(row, modules[row.module_id], renamed.get(row.module_id, {}), at))]
    if marks:
        db.session.execute(insert(table(SectionMark)), marks)
        _count(class_id, rows, marks)
    if changed:
        db.session.execute(_UPDATE, changed)


def _differs(before: ModuleInEdition | None, after: ModuleInEdition) -> bool:
    return before is None or before.student_keys != after.student_keys or (before.quiz is None) != (after.quiz is None)


def _carried(row: Any, renamed: Mapping[str, str], edition_id: int, at: datetime) -> list[dict[str, Any]]:
    """Return the acts that say of sections under their new keys what was said under the old ones."""
    return [
        {
            "enrolment_id": row.enrolment_id,
            "module_id": row.module_id,
            "section_key": new,
            "edition_id": edition_id,
            "done": True,
            "at": at,
        }
        for old, new in renamed.items()
        if old in row.done and new not in row.done
    ]


def _summary(row: Any, module: ModuleInEdition, renamed: Mapping[str, str], at: datetime) -> dict[str, Any] | None:
    order, done = module.student_keys, list(row.done)
    for old, new in renamed.items():
        if old in done:
            done = done_keys(done, new, order, is_done=True)
    complete = is_complete(done, order, has_quiz=module.quiz is not None, quiz_submitted=row.attempts > 0)
    since = row.completed_at or (at if complete else None)
    counted = count_done(done, order)
    if (done, counted, since) == (list(row.done), row.done_count, row.completed_at):
        return None
    return {"of": row.enrolment_id, "about": row.module_id, "keys": done, "count": counted, "since": since}


def _count(class_id: int, rows: Any, marks: list[dict[str, Any]]) -> None:
    """Count those who have a section done under its new key; who left the class is not counted."""
    here = {row.enrolment_id for row in rows if row.ended_at is None}
    counts: dict[tuple[int, str], int] = {}
    for mark in marks:
        place = (mark["module_id"], mark["section_key"])
        counts[place] = counts.get(place, 0) + (mark["enrolment_id"] in here)
    for (module_id, key), change in counts.items():
        values = {"class_id": class_id, "module_id": module_id, "section_key": key, "done": change, "change": change}
        db.session.execute(statements.upsert_tally(dialect()), values)
