"""Questions about who did what to whom, and the names of those whom entries are about: one statement a kind, however many entries."""

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_, select

from elearn.accounts.audit_labels import action_names
from elearn.accounts.institution_queries import holding
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.permissions import Role
from elearn.audit import AuditEntry
from elearn.db import db, name_holds
from elearn.text import plain_cell

ENTRIES_A_PAGE = 50
ENTRIES_AT_ONCE = 500
COLUMNS = (
    "at",
    "who",
    "who_id",
    "action",
    "action_in_words",
    "about",
    "about_id",
    "about_name",
    "institution",
    "institution_name",
    "details",
)

#: Names by number of the things of one kind; rooms above hand theirs over (``init_namers``).
Namer = Callable[[Collection[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Asked:
    """What a reader of the audit narrows it by."""

    #: None: everywhere.
    places: Sequence[int] | None = None
    action: str = ""
    person: str = ""
    institution: str = ""
    first_day: date | None = None
    #: Included.
    last_day: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions on ``AuditEntry``."""
        found: list[ColumnElement[bool]] = []
        if self.places is not None:
            found.append(AuditEntry.institution_id.in_(self.places))
        if self.action:
            found.append(AuditEntry.action == self.action)
        if self.person:
            found.append(_concerns(self.person))
        if self.institution:
            named = select(Institution.id).where(name_holds(Institution, self.institution) | holding(self.institution, Institution.code))
            found.append(AuditEntry.institution_id.in_(named))
        if self.first_day:
            found.append(AuditEntry.at >= _midnight(self.first_day))
        if self.last_day:
            found.append(AuditEntry.at < _midnight(self.last_day) + timedelta(days=1))
        return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _concerns(name: str) -> ColumnElement[bool]:
    """Return the condition that somebody whose name holds this did it, or that it was done to them."""
    people = select(Person.id).where(name_holds(Person, name), Person.erased_at.is_(None))
    memberships = select(Membership.id).where(Membership.person_id.in_(people))
    return or_(
        AuditEntry.actor_id.in_(people),
        (AuditEntry.subject == "person") & AuditEntry.subject_id.in_(people),
        (AuditEntry.subject == "membership") & AuditEntry.subject_id.in_(memberships),
    )


@dataclass(frozen=True)
class Slice:
    """Some entries of the audit, newest first, and where those before and after them are to be found; None: there are none."""

    entries: Sequence[AuditEntry]
    older: int | None
    newer: int | None


def entries_around(asked: Asked, *, before: int | None = None, after: int | None = None) -> Slice:
    """Return the newest entries, or those just before or after the entry with this number; one statement, however many there are."""
    question = select(AuditEntry).where(*asked.conditions()).limit(ENTRIES_A_PAGE + 1)
    if after is not None:
        rows = list(db.session.scalars(question.where(AuditEntry.id > after).order_by(AuditEntry.id)))
        more, rows = len(rows) > ENTRIES_A_PAGE, rows[:ENTRIES_A_PAGE][::-1]
        return Slice(rows, rows[-1].id if rows else None, rows[0].id if rows and more else None)
    if before is not None:
        question = question.where(AuditEntry.id < before)
    rows = list(db.session.scalars(question.order_by(AuditEntry.id.desc())))
    more, rows = len(rows) > ENTRIES_A_PAGE, rows[:ENTRIES_A_PAGE]
    return Slice(rows, rows[-1].id if more else None, rows[0].id if rows and before is not None else None)


@dataclass
class Names:
    """What the people, institutions and things of some entries are called, and where a reader finds them."""

    people: dict[int, str] = field(default_factory=dict)
    institutions: dict[int, tuple[str, str]] = field(default_factory=dict)
    things: dict[tuple[str, int], str] = field(default_factory=dict)
    #: The person that a role belongs to.
    holders: dict[int, int] = field(default_factory=dict)
    #: Who deleted their account.
    erased: set[int] = field(default_factory=set)

    def actor(self, entry: AuditEntry) -> str:
        """Return who did it."""
        return self.people.get(entry.actor_id, "") if entry.actor_id is not None else _("the operator, on the command line")

    def subject(self, entry: AuditEntry) -> str:
        """Return the name of what it was done to; empty where it has none."""
        if entry.subject_id is None:
            return ""
        if entry.subject == "person":
            return self.people.get(entry.subject_id, "")
        if entry.subject == "membership":
            return self.people.get(self.holders.get(entry.subject_id, 0), "")
        if entry.subject == "institution":
            return self.institutions.get(entry.subject_id, ("", ""))[1]
        return self.things.get((entry.subject, entry.subject_id), "")


def init_namers(app: Any, namers: Mapping[str, Namer]) -> None:
    """Have the audit of ``app`` call the things of rooms above by the names that ``namers`` know, by kind of thing."""
    app.extensions["audit_namers"] = dict(namers)


def names_in(entries: Sequence[AuditEntry]) -> Names:
    """Return the names of all that these entries are about."""
    by_kind: dict[str, set[int]] = {}
    for entry in entries:
        if entry.subject_id is not None:
            by_kind.setdefault(entry.subject, set()).add(entry.subject_id)
    names = Names()
    if memberships := by_kind.get("membership"):
        rows = db.session.execute(select(Membership.id, Membership.person_id).where(Membership.id.in_(sorted(memberships))))
        names.holders = {row.id: row.person_id for row in rows}
    people = {e.actor_id for e in entries if e.actor_id is not None} | by_kind.get("person", set()) | set(names.holders.values())
    for row in db.session.execute(select(Person.id, Person.name, Person.erased_at).where(Person.id.in_(sorted(people)))):
        names.people[row.id] = row.name if row.erased_at is None else _("somebody who deleted their account")
        if row.erased_at is not None:
            names.erased.add(row.id)
    places = {e.institution_id for e in entries if e.institution_id is not None} | by_kind.get("institution", set())
    listed = db.session.execute(select(Institution.id, Institution.code, Institution.name).where(Institution.id.in_(sorted(places))))
    names.institutions = {row.id: (row.code, row.name) for row in listed}
    for kind, namer in current_app.extensions.get("audit_namers", {}).items():
        if ids := by_kind.get(kind):
            names.things |= {(kind, number): name for number, name in namer(sorted(ids)).items()}
    return names


def memberships_to_open(people: Collection[int], places: Sequence[int] | None) -> dict[int, int]:
    """Return, by person, their newest membership at ``places`` (None: anywhere), so that an entry can lead there; one statement."""
    question = select(Membership.person_id, Membership.id).where(Membership.person_id.in_(sorted(people))).order_by(Membership.id)
    if places is not None:
        question = question.where(Membership.institution_id.in_(places), Membership.role != Role.STUDENT)
    return {row.person_id: row.id for row in db.session.execute(question)}


def csv_lines(asked: Asked) -> Iterator[str]:
    """Yield the entries that are asked for as CSV, newest first, in pieces: a stream, whatever their number."""
    yield _line(COLUMNS)
    last: int | None = None
    labels = action_names()
    while True:
        question: Select[Any] = select(AuditEntry).where(*asked.conditions()).order_by(AuditEntry.id.desc()).limit(ENTRIES_AT_ONCE)
        entries = db.session.scalars(question if last is None else question.where(AuditEntry.id < last)).all()
        if not entries:
            return
        names = names_in(entries)
        yield "".join(_line(_cells(entry, names, labels)) for entry in entries)
        last = entries[-1].id
        # What is sent need not be remembered.
        db.session.expunge_all()


def _cells(entry: AuditEntry, names: Names, labels: Mapping[str, str]) -> list[str]:
    code, place = names.institutions.get(entry.institution_id or 0, ("", ""))
    return [
        entry.at.isoformat(timespec="seconds"),
        names.actor(entry),
        str(entry.actor_id or ""),
        entry.action,
        labels.get(entry.action, entry.action),
        entry.subject,
        str(entry.subject_id or ""),
        names.subject(entry),
        code,
        place,
        json.dumps(entry.details, ensure_ascii=False) if entry.details else "",
    ]


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([plain_cell(cell) for cell in cells])
    return buffer.getvalue()
