"""The doors of the assessment room: a quiz where it is taken, and an attempt, which is its person's alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Select, bindparam, func, select

from elearn.accounts.permissions import Visitor
from elearn.assessment.models import Attempt
from elearn.catalogue.access import module_for_reading
from elearn.catalogue.models import Module
from elearn.catalogue.queries import trusted
from elearn.db import db, table
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import STAFF, Desk, check_open, class_over, desk_for_learning
from elearn.learning.models import CourseClass, Enrolment


@dataclass(frozen=True)
class QuizPlace:
    """A quiz where somebody takes it: in a class, as a preview by those who teach it, or as practice on the series."""

    module_id: int
    revision_id: int
    slug: str
    module_title: str
    title: str
    instructions_html: Markup
    language: str
    pass_mark: int
    #: How often one may take it; 0: as often as one likes.
    allowed: int
    draw: list[dict[str, Any]]
    item_revision_ids: tuple[int, ...]
    #: None: practice.
    desk: Desk | None = None

    @property
    def is_preview(self) -> bool:
        """Whether the person teaches the class: what they try out is never counted."""
        return self.desk is not None and self.desk.seat.is_staff

    @property
    def class_id(self) -> int | None:
        """The class in which an attempt begun here counts; None: it counts nowhere."""
        return None if self.desk is None or self.is_preview else self.desk.seat.class_id

    @property
    def edition_id(self) -> int | None:
        """The edition on which an attempt begun here stands."""
        return None if self.desk is None else self.desk.seat.edition.id

    @property
    def closed(self) -> str:
        """Why nothing can be begun here any more; empty while it can."""
        return self.desk.seat.closed() if self.desk is not None else ""

    def check_open(self, at: datetime | None = None) -> None:
        """Raise NotAllowed where an attempt cannot be begun any more."""
        if self.desk is not None:
            check_open(self.desk.seat, at)

    @property
    def question_count(self) -> int:
        """How many questions an attempt begun here has."""
        return sum(rule["count"] for rule in self.draw) or len(self.item_revision_ids)


def quiz_in_class(visitor: Visitor, class_id: int, slug: str, *, writing: bool = False) -> QuizPlace:
    """Return the quiz of a module in ``visitor``'s class; for ``writing``, with their seat locked."""
    desk = desk_for_learning(visitor, class_id, slug, writing=writing)
    quiz = desk.module.quiz
    if quiz is None or not desk.module.item_revision_ids:
        raise NotFound
    return QuizPlace(
        desk.module.module_id,
        desk.module.revision_id,
        slug,
        desk.module.title,
        quiz["title"],
        trusted(quiz["instructions_html"] or ""),
        desk.seat.edition.language,
        quiz["pass_mark"],
        0 if desk.seat.is_staff else quiz["attempts"],
        quiz["draw"],
        desk.module.item_revision_ids,
        desk,
    )


def quiz_for_practice(slug: str) -> QuizPlace:
    """Return the quiz of a module of the series, to be taken as often as one likes; anyone may read what it is."""
    series, module, language = module_for_reading(slug, None)
    quiz = module.quiz
    if quiz is None or not quiz.item_revision_ids:
        raise NotFound
    title = module.text(language, series.source).title
    return QuizPlace(
        module.module_id,
        module.revision.id,
        slug,
        title,
        quiz.title.get(language) or title,
        trusted(quiz.instructions_html.get(language) or ""),
        language,
        quiz.pass_mark,
        0,
        quiz.draw,
        quiz.item_revision_ids,
    )


@dataclass(frozen=True)
class OwnAttempt:
    """An attempt of the person who asks for it."""

    id: int
    visitor: Visitor
    class_id: int | None
    edition_id: int | None
    module_id: int
    revision_id: int
    slug: str
    number: int
    language: str
    layout: list[Any]
    started_at: datetime
    finished_at: datetime | None
    points: int | None
    max_points: int | None
    #: Whether the person is still in the class of the attempt.
    is_enrolled: bool
    #: The class in which its quiz stands, also for a preview; None: practice.
    place_class_id: int | None
    #: How many attempts the person has begun in that place.
    begun: int
    #: Of the class of the attempt: where its days begin, its last one, and the later one that the person was given.
    timezone: str | None = None
    ends_on: date | None = None
    extended_until: date | None = None

    def closed(self, at: datetime | None = None) -> str:
        """Return why the attempt can be read, but not changed any more; empty while it can. An open one stays as it was saved."""
        if self.class_id is None:
            return ""
        if not self.is_enrolled:
            return _("You are no longer in this class. What you saved is kept, but cannot be changed.")
        return class_over(self.timezone, self.ends_on, self.extended_until, at) if self.timezone and self.ends_on else ""

    @property
    def is_preview(self) -> bool:
        """Whether somebody who teaches tried the quiz out."""
        return self.class_id is None and self.edition_id is not None


_ATTEMPTS, _ENROLMENT, _CLASS, _MODULE = table(Attempt), table(Enrolment), table(CourseClass), table(Module)
_COLUMNS = (
    _ATTEMPTS.c.class_id,
    _ATTEMPTS.c.edition_id,
    _ATTEMPTS.c.module_id,
    _ATTEMPTS.c.revision_id,
    _MODULE.c.slug,
    _ATTEMPTS.c.number,
    _ATTEMPTS.c.language,
    _ATTEMPTS.c.layout,
    _ATTEMPTS.c.started_at,
    _ATTEMPTS.c.finished_at,
    _ATTEMPTS.c.points,
    _ATTEMPTS.c.max_points,
)
_OWN_SEAT = (_ENROLMENT.c.person_id == bindparam("person_id"), _ENROLMENT.c.ended_at.is_(None))
#: The seat that the person has now in the class of the attempt.
_SEAT, _PLACE = _ENROLMENT.alias("seat"), _CLASS.alias("place")
_TAUGHT = (
    select(func.min(_CLASS.c.id))
    .join(_ENROLMENT, _ENROLMENT.c.class_id == _CLASS.c.id)
    .where(_CLASS.c.edition_id == _ATTEMPTS.c.edition_id, _ENROLMENT.c.role.in_(STAFF), *_OWN_SEAT)
    .correlate(_ATTEMPTS)
    .scalar_subquery()
)
_OTHER = _ATTEMPTS.alias()
_BEGUN = (
    select(func.count())
    .select_from(_OTHER)
    .where(
        _OTHER.c.person_id == bindparam("person_id"),
        _OTHER.c.module_id == _ATTEMPTS.c.module_id,
        _OTHER.c.class_id == _ATTEMPTS.c.class_id,
    )
    .correlate(_ATTEMPTS)
    .scalar_subquery()
)
#: An attempt with all that its pages ask of it; built once, since putting it together takes ten times as long as running it.
_ATTEMPT = (
    select(
        *_COLUMNS,
        _SEAT.c.id.is_not(None),
        func.coalesce(_ATTEMPTS.c.class_id, _TAUGHT),
        _BEGUN,
        _PLACE.c.timezone,
        _PLACE.c.ends_on,
        _SEAT.c.extended_until,
    )
    .select_from(_ATTEMPTS)
    .join(_MODULE, _MODULE.c.id == _ATTEMPTS.c.module_id)
    .outerjoin(_PLACE, _PLACE.c.id == _ATTEMPTS.c.class_id)
    .outerjoin(
        _SEAT,
        (_SEAT.c.class_id == _ATTEMPTS.c.class_id) & (_SEAT.c.person_id == bindparam("person_id")) & _SEAT.c.ended_at.is_(None),
    )
    .where(_ATTEMPTS.c.id == bindparam("attempt_id"), _ATTEMPTS.c.person_id == bindparam("person_id"))
)
_ATTEMPT_LOCKED = _ATTEMPT.with_for_update(of=_ATTEMPTS)


def attempt_for_reading(visitor: Visitor, attempt_id: int) -> OwnAttempt:
    """Return ``visitor``'s attempt, in one statement; not there and somebody else's are the same."""
    return _found(visitor, attempt_id, _ATTEMPT)


def attempt_for_taking(visitor: Visitor, attempt_id: int, *, at: datetime | None = None) -> OwnAttempt:
    """Return ``visitor``'s attempt, locked; whoever has left its class, or whose class is over, may read it but not change it."""
    attempt = _found(visitor, attempt_id, _ATTEMPT_LOCKED)
    if words := attempt.closed(at):
        raise NotAllowed(words)
    return attempt


def _found(visitor: Visitor, attempt_id: int, statement: Select[Any]) -> OwnAttempt:
    row = db.session.execute(statement, {"attempt_id": attempt_id, "person_id": visitor.id}).first()
    if row is None:
        raise NotFound
    return OwnAttempt(attempt_id, visitor, *row)
