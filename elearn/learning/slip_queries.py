"""Questions about slips: which lines have one, what is to be printed, what a code opens, which were made for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, and_, exists, func, select
from sqlalchemy.orm import aliased

from elearn import clock
from elearn.accounts.models import EmailAddress, Membership, Person
from elearn.db import db, name_holds
from elearn.learning.models import ClassGroup, CourseClass, Enrolment, EnrolmentChange, Slip
from elearn.learning.roster_queries import waiting
from elearn.learning.slip_codes import digest_of_code, slip_code, typed_slip_code
from elearn.web.names import called

LINES_A_PAGE = 50
#: Ten fit a sheet; drawing more takes longer than one waits for a page.
SLIPS_A_PRINT = 100


def is_live() -> ColumnElement[bool]:
    """Return what makes a slip neither used nor revoked."""
    return and_(Slip.used_at.is_(None), Slip.revoked_at.is_(None))


def narrowed(class_id: int, group_id: int | None, name: str = "") -> tuple[ColumnElement[bool], ...]:
    """Return what makes an enrolment a waiting line of the class, of one group or with ``name`` in its name."""
    conditions = waiting(class_id)
    if group_id is not None:
        conditions += (Enrolment.group_id == group_id,)
    if name:
        conditions += (name_holds(Enrolment, name),)
    return conditions


@dataclass(frozen=True)
class SlipCounts:
    """Of the lines that wait: how many there are, and how many have a slip that can be printed."""

    lines: int
    slips: int


def slip_counts(class_id: int, group_id: int | None = None, name: str = "") -> SlipCounts:
    """Return how many lines wait and how many of them have a slip."""
    row = db.session.execute(
        select(func.count(Enrolment.id), func.count(Slip.id))
        .select_from(Enrolment)
        .outerjoin(Slip, and_(Slip.enrolment_id == Enrolment.id, Slip.kind == "place", is_live()))
        .where(*narrowed(class_id, group_id, name)),
    ).one()
    return SlipCounts(row[0], row[1])


def lines_page(class_id: int, group_id: int | None, name: str, offset: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of the lines that wait, by name: id, name, student id, group, when its slip was made."""
    return db.session.execute(
        select(Enrolment.id, Enrolment.name, Enrolment.student_id, ClassGroup.name.label("group"), Slip.made_at)
        .outerjoin(ClassGroup, ClassGroup.id == Enrolment.group_id)
        .outerjoin(Slip, and_(Slip.enrolment_id == Enrolment.id, Slip.kind == "place", is_live()))
        .where(*narrowed(class_id, group_id, name))
        .order_by(Enrolment.name_key, Enrolment.id)
        .limit(LINES_A_PAGE)
        .offset(offset),
    ).all()


@dataclass(frozen=True)
class PrintedSlip:
    """What stands on a slip."""

    name: str
    student_id: str
    group: str
    code: str


def code_of(slip_id: int, enrolment_id: int, made_at: datetime) -> str:
    """Return the code of a slip, in groups of four."""
    return slip_code(current_app.config["SECRET_KEY"], slip_id=slip_id, enrolment_id=enrolment_id, made_at=made_at)


def digest_of(code: str) -> str:
    """Return by what a slip is found."""
    return digest_of_code(current_app.config["SECRET_KEY"], code)


def slips_to_print(class_id: int, group_id: int | None, line_id: int | None, offset: int) -> list[PrintedSlip]:
    """Return the slips of lines that wait, by group and name; ``line_id``: of this line alone."""
    question = (
        select(Slip.id, Slip.enrolment_id, Slip.made_at, Enrolment.name, Enrolment.student_id, func.coalesce(ClassGroup.name, ""))
        .join(Enrolment, Enrolment.id == Slip.enrolment_id)
        .outerjoin(ClassGroup, ClassGroup.id == Enrolment.group_id)
        .where(Slip.kind == "place", is_live(), *narrowed(class_id, group_id))
        .order_by(func.coalesce(ClassGroup.name, ""), Enrolment.name_key, Enrolment.id)
        .limit(SLIPS_A_PRINT)
        .offset(offset)
    )
    if line_id is not None:
        question = question.where(Enrolment.id == line_id)
    return [PrintedSlip(row[3], row[4], row[5], code_of(row[0], row[1], row[2])) for row in db.session.execute(question)]


@dataclass(frozen=True)
class OpenedSlip:
    """A slip whose code was typed, neither used nor revoked."""

    slip: Slip
    place: Enrolment
    course_class: CourseClass


def slip_opened_by(typed: str) -> OpenedSlip | None:
    """Return the slip whose code was typed, however it was spaced, if it can still open something."""
    code = typed_slip_code(typed)
    if not code:
        return None
    row = db.session.execute(
        select(Slip, Enrolment, CourseClass)
        .join(Enrolment, Enrolment.id == Slip.enrolment_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .where(Slip.code_digest == digest_of(code), is_live(), Enrolment.ended_at.is_(None)),
    ).first()
    return OpenedSlip(row[0], row[1], row[2]) if row else None


def holds_office(person_id: int) -> bool:
    """Return whether the person is, or asks to be, anything but a student anywhere: here nobody but themselves sets their password."""
    role = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.role != "student",
        Membership.ended_at.is_(None),
        Membership.state != "declined",
    )
    teaching = select(Enrolment.id).where(Enrolment.person_id == person_id, Enrolment.role != "student", Enrolment.ended_at.is_(None))
    return bool(db.session.scalar(select(exists(role) | exists(teaching))))


def took_it_themselves(place: Enrolment) -> bool:
    """Return whether the person came into the class by a code or a slip, rather than by a roster that holds their address."""
    steps = select(EnrolmentChange.details).where(
        EnrolmentChange.enrolment_id == place.id,
        EnrolmentChange.kind.in_(("joined", "claimed")),
        EnrolmentChange.by_id == place.person_id,
    )
    return any(details.get("way") != "address" for details in db.session.scalars(steps))


def verified_addresses(person_id: int) -> list[str]:
    """Return the addresses that the person has verified."""
    verified = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    return list(db.session.scalars(verified))


@dataclass(frozen=True)
class SlipOfPerson:
    """A password slip as the student for whom it was made sees it."""

    made_at: datetime
    made_by: str
    class_title: str
    #: used, revoked, expired or waiting.
    state: str
    used_at: datetime | None


def slips_of(person_id: int) -> list[SlipOfPerson]:
    """Return the slips with which this person's password could be, or was, chosen anew; newest first."""
    maker = aliased(Person)
    rows = db.session.execute(
        select(Slip, maker.name, CourseClass.title)
        .join(Enrolment, Enrolment.id == Slip.enrolment_id)
        .join(CourseClass, CourseClass.id == Enrolment.class_id)
        .join(maker, maker.id == Slip.made_by_id)
        .where(Slip.kind == "password", Enrolment.person_id == person_id)
        .order_by(Slip.id.desc())
        .limit(50),
    )
    return [SlipOfPerson(slip.made_at, name, title, _state(slip), slip.used_at) for slip, name, title in rows]


def notices_of(person_id: int) -> list[str]:
    """Return what a person's account page says of the password slips that were made for them."""
    words = {
        "used": _("used"),
        "revoked": _("withdrawn"),
        "expired": _("too old, not used"),
        "waiting": _("not used yet"),
    }
    return [
        _(
            "%(name)s made a slip for a new password of yours, in “%(title)s”, on %(moment)s (%(state)s). If you did not ask for it, "
            "speak to them or to the people who run this site.",
            name=called(slip.made_by),
            title=slip.class_title,
            moment=format_datetime(slip.made_at, "medium"),
            state=words[slip.state],
        )
        for slip in slips_of(person_id)
    ]


def _state(slip: Slip) -> str:
    if slip.used_at is not None:
        return "used"
    if slip.revoked_at is not None:
        return "revoked"
    return "expired" if slip.expires_at <= clock.now() else "waiting"


def slip_made_by(slip_id: int | None, enrolment_id: int, maker_id: int) -> Slip | None:
    """Return the password slip of this number if it is for this place, made by this person, and can still be used."""
    conditions = (Slip.id == slip_id, Slip.kind == "password", Slip.enrolment_id == enrolment_id, Slip.made_by_id == maker_id, is_live())
    return db.session.scalar(select(Slip).where(*conditions, Slip.expires_at > clock.now()))


def sign_in_name_of(person_id: int | None) -> str | None:
    """Return the name with which the person signs in, if they have one."""
    return db.session.scalar(select(Person.sign_in_name).where(Person.id == person_id))
