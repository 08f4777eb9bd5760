"""The doors of the learning room."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import Row, and_, bindparam, or_, select

from elearn import clock
from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.queries import EditionContents, EditionLine, ModuleInEdition, edition
from elearn.catalogue.models import Module
from elearn.db import db, dialect, table
from elearn.errors import NotAllowed, NotFound
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress
from elearn.learning.terms import day_in, last_day, state_of

STAFF = frozenset({"professor", "assistant"})


@dataclass(frozen=True)
class Seat:
    """A person in a class: their way to everything in it."""

    enrolment_id: int
    role: str
    class_id: int
    class_title: str
    institution_id: int
    timezone: str
    edition: EditionContents
    visitor: Visitor
    ends_on: date = date.max
    #: This student may work until the end of this day, though the class is over.
    extended_until: date | None = None
    group_id: int | None = None
    #: When the person left or was withdrawn: what they did can still be read.
    ended_at: datetime | None = None

    @property
    def is_staff(self) -> bool:
        """Whether this person teaches here: staff does not count."""
        return self.role in STAFF

    @property
    def sees_teacher_sections(self) -> bool:
        """Whether this person may read answer keys here: anyone can make a class, so teaching it is not enough."""
        return self.is_staff and may(self.visitor, Permission.READ_TEACHER_SECTIONS)

    def closed(self, at: datetime | None = None) -> str:
        """Return why nothing can be done here any more, only read; empty while one may work. Staff always may."""
        if self.is_staff:
            return ""
        if self.ended_at is not None:
            day = day_in(self.timezone, self.ended_at)
            return _("You have not been in this class since %(day)s. Everything you did in it can still be read.", day=format_date(day))
        return class_over(self.timezone, self.ends_on, self.extended_until, at)


def class_over(timezone: str, ends_on: date, extended_until: date | None, at: datetime | None = None) -> str:
    """Return the words that say that a class is over for a student; empty while it is not."""
    last = last_day(ends_on, extended_until)
    if day_in(timezone, at or clock.now()) <= last:
        return ""
    return _("This class ended on %(day)s; everything in it can still be read.", day=format_date(last))


def check_open(seat: Seat, at: datetime | None = None) -> None:
    """Raise NotAllowed where ``seat`` may be read from, but not worked at."""
    if words := seat.closed(at):
        raise NotAllowed(words)


@dataclass(frozen=True)
class Desk:
    """A seat before one module, with what its occupant has done there."""

    seat: Seat
    module: ModuleInEdition
    done: tuple[str, ...] = ()
    done_count: int = 0
    last_key: str = ""
    points: int | None = None
    max_points: int | None = None
    attempts: int = 0
    completed_at: datetime | None = None
    #: Whether those points still wait for a person to mark a part of the quiz.
    is_provisional: bool = False

    @property
    def lines(self) -> tuple[EditionLine, ...]:
        """The sections that the desk's occupant may read."""
        everything = self.seat.sees_teacher_sections
        return tuple(line for line in self.module.lines if everything or line.audience == "everyone")


# Built once: putting a statement together takes ten times as long as running it.
_ENROLMENT, _CLASS, _PROGRESS, _MODULE = table(Enrolment), table(CourseClass), table(ModuleProgress), table(Module)
_OWN = (_ENROLMENT.c.class_id == bindparam("class_id"), _ENROLMENT.c.person_id == bindparam("person_id"))
#: A student who left, or was withdrawn, still reads what they did; who was removed as an error never was here.
_MAY_READ = or_(
    _ENROLMENT.c.ended_at.is_(None),
    and_(_ENROLMENT.c.role == "student", _ENROLMENT.c.end_reason.in_(("left", "withdrawn"))),
)
_SEAT = (
    select(
        _ENROLMENT.c.id.label("enrolment_id"),
        _ENROLMENT.c.role,
        _CLASS.c.id.label("class_id"),
        _CLASS.c.title,
        _CLASS.c.institution_id,
        _CLASS.c.timezone,
        _CLASS.c.edition_id,
        _CLASS.c.ends_on,
        _ENROLMENT.c.extended_until,
        _ENROLMENT.c.group_id,
        _ENROLMENT.c.ended_at,
    )
    .select_from(_ENROLMENT)
    .join(_CLASS, _CLASS.c.id == _ENROLMENT.c.class_id)
    .where(*_OWN, _MAY_READ)
    # The place one has now, before one that is over.
    .order_by(_ENROLMENT.c.ended_at.is_not(None), _ENROLMENT.c.ended_at.desc(), _ENROLMENT.c.id.desc())
    .limit(1)
)
_DESK = _SEAT.add_columns(
    _PROGRESS.c.done,
    _PROGRESS.c.done_count,
    _PROGRESS.c.last_key,
    _PROGRESS.c.points,
    _PROGRESS.c.max_points,
    _PROGRESS.c.attempts,
    _PROGRESS.c.completed_at,
    _PROGRESS.c.is_provisional,
).outerjoin(
    _PROGRESS,
    (_PROGRESS.c.enrolment_id == _ENROLMENT.c.id)
    & (_PROGRESS.c.module_id == select(_MODULE.c.id).where(_MODULE.c.slug == bindparam("slug")).scalar_subquery()),
)
_LOCK = select(_ENROLMENT.c.id).where(*_OWN, _ENROLMENT.c.ended_at.is_(None)).with_for_update()


def _seat(row: Row[*tuple[Any, ...]], visitor: Visitor) -> Seat:
    return Seat(
        row.enrolment_id,
        row.role,
        row.class_id,
        row.title,
        row.institution_id,
        row.timezone,
        edition(row.edition_id),
        visitor,
        row.ends_on,
        row.extended_until,
        row.group_id,
        row.ended_at,
    )


def seat_in_class(visitor: Visitor, class_id: int) -> Seat:
    """Return ``visitor``'s seat in the class, one that they have left too; not there and not theirs are the same."""
    row = db.session.execute(_SEAT, {"class_id": class_id, "person_id": visitor.id}).first()
    if row is None:
        raise NotFound
    return _seat(row, visitor)


def desk_for_learning(visitor: Visitor, class_id: int, slug: str, *, writing: bool = False) -> Desk:
    """Return ``visitor``'s desk before a module of the class, in one statement; locked where it is for ``writing``."""
    whose = {"class_id": class_id, "person_id": visitor.id}
    if writing and dialect() == "postgresql":
        # By itself: a statement that had to wait for the lock would still show the progress of before. SQLite has one writer anyway.
        db.session.execute(_LOCK, whose)
    row = db.session.execute(_DESK, whose | {"slug": slug}).first()
    if row is None:
        raise NotFound
    seat = _seat(row, visitor)
    module = seat.edition.module(slug)
    if module is None:
        raise NotFound
    if row.done is None:
        return Desk(seat, module)
    return Desk(
        seat,
        module,
        tuple(row.done),
        row.done_count,
        row.last_key,
        row.points,
        row.max_points,
        row.attempts,
        row.completed_at,
        row.is_provisional,
    )


def line_for_reading(desk: Desk, key: str) -> EditionLine:
    """Return the section with this key, if the desk's occupant may read it."""
    line = desk.module.line(key)
    if line is None or (line.audience != "everyone" and not desk.seat.sees_teacher_sections):
        raise NotFound
    return line


@dataclass(frozen=True)
class TaughtClass:
    """A class as those who teach it see it."""

    course_class: CourseClass
    institution: Institution
    edition: EditionContents
    role: str

    @property
    def state(self) -> str:
        """Whether the class is coming, running or over, where it is taught."""
        mine = self.course_class
        return state_of(mine.starts_on, mine.ends_on, day_in(mine.timezone, clock.now()))

    def sees_teacher_sections(self, visitor: Visitor) -> bool:
        """Return whether ``visitor``, who teaches here, may read answer keys: anyone can make a class, so teaching is not enough."""
        return may(visitor, Permission.READ_TEACHER_SECTIONS)

    @property
    def is_run(self) -> bool:
        """Whether the visitor runs the class, rather than assists in it."""
        return self.role == "professor"


def class_for_teaching(visitor: Visitor, class_id: int) -> TaughtClass:
    """Return the class if ``visitor`` teaches it now; not there and not theirs are the same."""
    row = db.session.execute(
        select(CourseClass, Institution, Enrolment.role)
        .join(Institution, Institution.id == CourseClass.institution_id)
        .join(Enrolment, Enrolment.class_id == CourseClass.id)
        .where(
            CourseClass.id == class_id,
            Enrolment.person_id == visitor.id,
            Enrolment.ended_at.is_(None),
            Enrolment.role.in_(STAFF),
        ),
    ).first()
    if row is None:
        raise NotFound
    return TaughtClass(row[0], row[1], edition(row[0].edition_id), row[2])


def class_for_running(visitor: Visitor, class_id: int) -> TaughtClass:
    """Return the class if ``visitor`` is a professor of it; raise NotAllowed for an assistant, who may look at it but not run it."""
    taught = class_for_teaching(visitor, class_id)
    if taught.role != "professor":
        raise NotAllowed(_("Only the professors of this class can do this. You assist in it."))
    return taught


def institutions_for_preparing(visitor: Visitor) -> list[Institution]:
    """Return the institutions at which ``visitor`` may make classes."""
    ids = list(visitor.institutions(Permission.PREPARE_CLASSES))
    return list(db.session.scalars(select(Institution).where(Institution.id.in_(ids)).order_by(Institution.name_key)))
