"""What changes rosters: a file is kept, looked at, and imported whole or not at all.

However long a file is, importing it takes a bounded number of statements: each is run once for all lines.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import JSON, Integer, bindparam, func, literal, select, update

from elearn import audit, clock
from elearn.accounts.models import Institution, Person
from elearn.db import db, insert, note, table
from elearn.errors import Conflict, Invalid
from elearn.learning import roster_queries as queries
from elearn.learning.acts import SeatTaken
from elearn.learning.models import ClassGroup, CourseClass, Enrolment, EnrolmentChange, RosterUpload
from elearn.learning.roster import Roster, name_key
from elearn.learning.roster_labels import enrolled_notice, invitation, refusal_words
from elearn.learning.roster_plan import Move, Place, Plan, Step, plan_import
from elearn.mail import Letter, post

_PLACE, _CHANGE = table(Enrolment), table(EnrolmentChange)


@dataclass(frozen=True)
class Outcome:
    """What an import has done."""

    new: int
    seats: int
    changed: int
    same: int
    gone: int
    left_out: int
    mails: int


def check_readable(roster: Roster) -> None:
    """Raise Invalid, saying what to do, where the file as a whole cannot be read."""
    if roster.refusal is not None:
        message = refusal_words(roster.refusal)
        raise Invalid(message, {"roster": message})


def keep_upload(class_id: int, person_id: int, name: str, content: bytes) -> RosterUpload:
    """Return the file, kept until it is imported, or for a day; those that waited longer go."""
    at = clock.now()
    too_old = RosterUpload.sent_at <= at - queries.UPLOAD_WAITS
    db.session.execute(update(RosterUpload).where(too_old, RosterUpload.content.is_not(None)).values(content=None))
    upload = RosterUpload(class_id=class_id, sent_by_id=person_id, sent_at=at, name=name[:200], content=content)
    db.session.add(upload)
    db.session.flush()
    return upload


def drop_upload(upload: RosterUpload) -> None:
    """Throw the file away without importing it."""
    upload.content = None


def planned(class_id: int, roster: Roster) -> Plan:
    """Return what importing ``roster`` into the class would do now."""
    owners = queries.owners_of(line.email for line in roster.lines)
    return plan_import(roster.lines, queries.places_in(class_id), owners, queries.staff_in(class_id))


def close_upload(upload_id: int) -> None:
    """Mark the upload as imported and let go of its bytes; raise Conflict where somebody was faster."""
    done = db.session.execute(
        update(RosterUpload)
        .where(RosterUpload.id == upload_id, RosterUpload.imported_at.is_(None), RosterUpload.content.is_not(None))
        .values(imported_at=clock.now(), content=None)
        .returning(RosterUpload.id),
    ).scalar()
    if done is None:
        raise Conflict(_("This roster has been imported or thrown away already. Look at the list of the class."))


def import_roster(class_id: int, roster: Roster, *, by_id: int | None, leave_out_faulty: bool, invite: bool) -> Outcome:
    """Take every good line of ``roster`` into the class; raise Invalid where lines have faults and are not to be left out.

    ``by_id``: None is the operator. ``invite``: new lines with an address are written to.
    """
    # The second of two imports sees what the first has done. People may still join meanwhile.
    course_class = db.session.scalars(select(CourseClass).where(CourseClass.id == class_id).with_for_update(key_share=True)).one()
    owners = queries.owners_of(line.email for line in roster.lines)
    _lock_people(owners.values())
    plan = plan_import(roster.lines, queries.places_in(class_id), owners, queries.staff_in(class_id))
    faulty = len({fault.line for fault in (*roster.faults, *plan.faults)})
    if faulty and not leave_out_faulty:
        message = _("Nothing was imported: put the faulty lines right and send the file again, or leave them out.")
        raise Invalid(message, {"leave_out_faulty": message})
    writing = _Writing(course_class, by_id, clock.now(), _groups(class_id, plan))
    seats = writing.write(plan)
    counts = plan.counts
    mails = _write_to(course_class, by_id, plan, seats, invite=invite)
    outcome = Outcome(counts[Step.NEW], len(seats), counts[Step.CHANGED], counts[Step.SAME], counts[Step.GONE], faulty, mails)
    audit.record(
        "import-roster",
        "class",
        class_id,
        actor_id=by_id,
        institution_id=course_class.institution_id,
        details={"new": outcome.new, "seats": outcome.seats, "changed": outcome.changed, "left_out": faulty},
    )
    return outcome


def _lock_people(ids: Iterable[int]) -> None:
    """Have none of these people take a place elsewhere in the meantime (see ``claims.lock_person``)."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), queries.ADDRESSES_AT_ONCE):
        some = wanted[start : start + queries.ADDRESSES_AT_ONCE]
        db.session.execute(select(Person.id).where(Person.id.in_(some)).order_by(Person.id).with_for_update(key_share=True)).all()


def _groups(class_id: int, plan: Plan) -> dict[str, int]:
    """Return the class's groups by the key of their name, those that the plan names for the first time made."""
    known = {name_key(group.name): group.id for group in queries.groups_of(class_id)}
    named = {name_key(move.line.group): move.line.group for move in plan.taking(Step.NEW, Step.SEAT, Step.CHANGED) if move.line.group}
    if missing := [name for key, name in named.items() if key not in known]:
        made = insert(ClassGroup).on_conflict_do_nothing()
        db.session.execute(made, [{"class_id": class_id, "name": name} for name in missing])
        known |= {name_key(group.name): group.id for group in queries.groups_of(class_id)}
    return known


@dataclass
class _Writing:
    """A plan that is being written down, each kind of row by one statement for all."""

    course_class: CourseClass
    by_id: int | None
    at: datetime
    groups: Mapping[str, int]

    def write(self, plan: Plan) -> dict[int, int]:
        """Write the plan down; return the enrolment of each person who has got a seat."""
        waited = [move for move in plan.taking(Step.SEAT) if move.place is not None]
        self._add([move for move in plan.taking(Step.NEW, Step.SEAT) if move.place is None])
        self._change([*plan.taking(Step.CHANGED), *waited])
        self._give(waited)
        return self._note_seats({move.place.id for move in waited if move.place is not None})

    def _row(self, move: Move) -> dict[str, Any]:
        line = move.line
        return {
            "class_id": self.course_class.id,
            "person_id": move.person_id,
            "role": "student",
            "name": line.name,
            "student_id": line.student_id,
            "email": line.email,
            "language": line.language,
            "group_id": self.groups.get(name_key(line.group)) if line.group else None,
            "enrolled_at": self.at,
        }

    def _add(self, moves: list[Move]) -> None:
        if not moves:
            return
        db.session.connection().execute(insert(Enrolment).on_conflict_do_nothing(), [self._row(move) for move in moves])
        # The new lines are known by their moment.
        listed = select(
            _PLACE.c.id,
            literal("listed"),
            literal(self.at, _CHANGE.c.at.type),
            literal(self.by_id, Integer),
            literal({"way": "roster"}, JSON),
        ).where(_PLACE.c.class_id == self.course_class.id, _PLACE.c.enrolled_at == self.at, _PLACE.c.person_id.is_(None))
        db.session.execute(_CHANGE.insert().from_select(["enrolment_id", "kind", "at", "by_id", "details"], listed))

    def _change(self, moves: list[Move]) -> None:
        """Write what lines say otherwise than their places; all columns of all of them, so that one statement does."""
        if not moves:
            return
        places = [(move, move.place) for move in moves if move.place is not None]
        statement = (
            update(_PLACE)
            .where(_PLACE.c.id == bindparam("place"))
            .values(
                name=bindparam("new_name"),
                student_id=bindparam("new_student_id"),
                email=bindparam("new_email"),
                language=bindparam("new_language"),
                # Nothing said: it stays in its group.
                group_id=func.coalesce(bindparam("new_group_id", type_=_PLACE.c.group_id.type), _PLACE.c.group_id),
            )
        )
        columns = ("name", "student_id", "email", "language")
        db.session.connection().execute(
            statement,
            [
                {"place": place.id, "new_group_id": self.groups.get(name_key(move.line.group)) if move.line.group else None}
                | {f"new_{column}": getattr(move.line, column) or getattr(place, column) for column in columns}
                for move, place in places
            ],
        )
        changes = [
            {
                "enrolment_id": place.id,
                "kind": "regrouped" if move.changes == ("group",) else "corrected",
                "at": self.at,
                "by_id": self.by_id,
                "details": {"way": "roster", "columns": list(move.changes)} | self._regrouping(move, place),
            }
            for move, place in places
            if move.changes
        ]
        if changes:
            db.session.connection().execute(_CHANGE.insert(), changes)

    def _regrouping(self, move: Move, place: Place) -> dict[str, Any]:
        """Return from which group to which one the place goes, by number; empty where it stays."""
        if "group" not in move.changes:
            return {}
        return {"from": self.groups.get(name_key(place.group)), "to": self.groups.get(name_key(move.line.group))}

    def _give(self, moves: list[Move]) -> None:
        """Give lines that waited to the owners of their addresses."""
        if not moves:
            return
        statement = (
            update(_PLACE)
            .where(_PLACE.c.id == bindparam("place"), _PLACE.c.person_id.is_(None), _PLACE.c.ended_at.is_(None))
            .values(person_id=bindparam("owner"), enrolled_at=self.at)
        )
        rows = [{"place": move.place.id, "owner": move.person_id} for move in moves if move.place is not None]
        db.session.connection().execute(statement, rows)

    def _note_seats(self, waited: Collection[int]) -> dict[int, int]:
        """Say what seats were taken, and return them by person; ``waited``: places that were lines before."""
        found = db.session.execute(
            select(_PLACE.c.person_id, _PLACE.c.id).where(
                _PLACE.c.class_id == self.course_class.id, _PLACE.c.enrolled_at == self.at, _PLACE.c.person_id.is_not(None)
            ),
        )
        seats = {row.person_id: row.id for row in found}
        step = {"at": self.at, "by_id": self.by_id, "details": {"way": "roster"}}
        changes = [{"enrolment_id": seat, "kind": "claimed" if seat in waited else "joined"} | step for seat in seats.values()]
        if changes:
            db.session.connection().execute(_CHANGE.insert(), changes)
        for _seat in seats:
            note(SeatTaken(self.course_class.id, self.course_class.institution_id, self.at))
        return seats


def _write_to(course_class: CourseClass, by_id: int | None, plan: Plan, seats: Mapping[int, int], *, invite: bool) -> int:
    """Write to those who are in the class now, and to those who are invited; return how many mails."""
    institution = db.session.get_one(Institution, course_class.institution_id)
    professor = db.session.get(Person, by_id) if by_id is not None else None
    base = current_app.config["BASE_URL"].rstrip("/")
    words = {
        "professor": professor.name if professor else institution.name,
        "title": course_class.title,
        "institution": institution.name,
    }
    letters = []
    for move in plan.taking(Step.SEAT, Step.NEW):
        if move.step is Step.SEAT and move.person_id in seats:
            subject, body = enrolled_notice(**words, name=move.line.name, url=f"{base}/classes/{course_class.id}/")
        elif move.step is Step.NEW and invite and move.line.email:
            subject, body = invitation(**words, name=move.line.name, url=f"{base}/join/{course_class.join_code}")
        else:
            continue
        letters.append(Letter(move.line.email, subject, body, move.person_id))
    return post(letters, about="roster", about_id=course_class.id)
