"""Counting professors: those who published an edition, or taught a class in which a student learned, month by month.

A professor of a class is equipped in a month in which a student of it learned while they were its professor, or had learned before they
became its professor in that same month. Nothing is dated back to an earlier month.

Publishing counts for who is confirmed as professor of that institution at that moment: anyone may say that they are one. A class needs no
such question, since students get into it only where it has a confirmed professor.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from elearn.accounts.models import Membership, Person
from elearn.accounts.permissions import Role
from elearn.adaptation.acts import EditionPublished
from elearn.db import db, insert
from elearn.learning.acts import ActivityAdded, ProfessorAdded
from elearn.learning.models import Activity, CourseClass, Enrolment
from elearn.reach import locks
from elearn.reach.cells import Key
from elearn.reach.hierarchy import Units, know
from elearn.reach.models import ProfessorActivity
from elearn.reach.people import counts_here
from elearn.reach.periods import keys_of, month_at

#: Person, first day of the month, institution.
Taught = tuple[int, date, int]

# Built once: to build them costs more than to ask them.
_KEPT = (
    select(Person.id, ProfessorActivity.month, ProfessorActivity.institution_id)
    .outerjoin(ProfessorActivity, ProfessorActivity.person_id == Person.id)
    .where(Person.id.in_(bindparam("people", expanding=True)), counts_here())
)
_NOT_KEPT = (
    select(Enrolment.class_id, Enrolment.person_id, Enrolment.enrolled_at, Enrolment.ended_at)
    .join(CourseClass, CourseClass.id == Enrolment.class_id)
    .outerjoin(
        ProfessorActivity,
        (ProfessorActivity.person_id == Enrolment.person_id)
        & (ProfessorActivity.month == bindparam("month"))
        & (ProfessorActivity.institution_id == CourseClass.institution_id),
    )
    .where(
        Enrolment.class_id.in_(bindparam("classes", expanding=True)),
        Enrolment.role == "professor",
        Enrolment.person_id.is_not(None),
        ProfessorActivity.person_id.is_(None),
    )
)


def count(
    learned: Sequence[ActivityAdded],
    added: Sequence[ProfessorAdded],
    published: Sequence[EditionPublished],
    units: Units,
    changes: Counter[Key],
) -> None:
    """Keep who was equipped by these acts, and add to ``changes`` the cells in which they are new.

    Of ``learned`` one act is enough for each student, month and class.
    """
    equipped = {
        *_who_taught(learned),
        *_who_came_after_learners(added),
        *_who_published(published),
    }
    if not equipped:
        return
    people = {person for person, _, _ in equipped}
    locks.take_professors(people)
    before = _known(people)
    new = sorted(row for row in equipped if row[0] in before and row not in before[row[0]])
    if not new:
        return
    db.session.connection().execute(
        insert(ProfessorActivity).on_conflict_do_nothing(),
        [{"person_id": person, "month": month, "institution_id": institution} for person, month, institution in new],
    )
    know((institution for rows in (new, *before.values()) for _, _, institution in rows), units)
    for person in sorted({row[0] for row in new}):
        for period, unit in _cells((row for row in new if row[0] == person), units) - _cells(before[person], units):
            changes[period, "professors", "", unit] += 1


def _who_taught(learned: Sequence[ActivityAdded]) -> set[Taught]:
    """Return who was professor of a class at one of these acts, leaving out those already kept for that month."""
    by_month: dict[date, dict[int, list[ActivityAdded]]] = {}
    for act in learned:
        by_month.setdefault(act.month, {}).setdefault(act.class_id, []).append(act)
    found: set[Taught] = set()
    for month, acts in by_month.items():
        places = {class_id: of_class[0].institution_id for class_id, of_class in acts.items()}
        for row in db.session.connection().execute(_NOT_KEPT, {"month": month, "classes": sorted(places)}):
            if any(_taught(row.enrolled_at, row.ended_at, act.at) for act in acts[row.class_id]):
                found.add((row.person_id, month, places[row.class_id]))
    return found


def _taught(since: datetime, until: datetime | None, at: datetime) -> bool:
    """Return whether one who was professor from ``since`` to ``until`` taught somebody who learned ``at``."""
    return (since <= at and (until is None or at < until)) or (at <= since and month_at(at) == month_at(since))


def _who_came_after_learners(added: Sequence[ProfessorAdded]) -> set[Taught]:
    """Return who was added to a class in which a student had learned in that same month."""
    if not added:
        return set()
    rows = db.session.connection().execute(
        select(Activity.class_id, Activity.month, func.min(Activity.at).label("first_at"))
        .join(Person, Person.id == Activity.person_id)
        .where(
            Activity.class_id.in_(sorted({act.class_id for act in added})),
            Activity.month.in_(sorted({month_at(act.at) for act in added})),
            counts_here(),
        )
        .group_by(Activity.class_id, Activity.month),
    )
    first_at = {(row.class_id, row.month): row.first_at for row in rows}
    found: set[Taught] = set()
    for act in added:
        learned_at = first_at.get((act.class_id, month_at(act.at)))
        if learned_at is not None and learned_at <= act.at:
            found.add((act.person_id, month_at(act.at), act.institution_id))
    return found


def _who_published(published: Sequence[EditionPublished]) -> set[Taught]:
    """Return who was confirmed when they published."""
    if not published:
        return set()
    # Locked, so that a confirmation under way is waited for: its moment may lie before that of the act.
    rows = db.session.connection().execute(
        select(Membership.person_id, Membership.institution_id, Membership.state, Membership.decided_at, Membership.ended_at)
        .where(Membership.person_id.in_(sorted({act.person_id for act in published})), Membership.role == Role.PROFESSOR)
        .order_by(Membership.id)
        .with_for_update(read=True),
    )
    held = [row for row in rows if row.state == "confirmed"]
    return {
        (act.person_id, month_at(act.at), act.institution_id)
        for act in published
        for row in held
        if (row.person_id, row.institution_id) == (act.person_id, act.institution_id)
        and row.decided_at <= act.at
        and (row.ended_at is None or act.at < row.ended_at)
    }


def _known(people: Collection[int]) -> dict[int, set[Taught]]:
    """Return what is kept of these people; those who do not count here are left out."""
    rows = db.session.connection().execute(_KEPT, {"people": sorted(people)})
    found: dict[int, set[Taught]] = {}
    for person, month, institution in rows:
        kept = found.setdefault(person, set())
        if month is not None:
            kept.add((person, month, institution))
    return found


def _cells(rows: Iterable[Taught], units: Units) -> set[tuple[str, str]]:
    return {(period, unit) for _, month, institution in rows for period in keys_of(month) for unit in units[institution]}
