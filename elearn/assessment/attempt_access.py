"""The doors to an attempt, which is its person's alone."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, func, select

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.adaptation.queries import edition
from elearn.assessment.answers import Saved
from elearn.assessment.attempt_queries import (
    EXTENSION,
    SETTING,
    answers_together,
    extension_in,
    saved_answers,
    saved_in,
    setting_in,
)
from elearn.assessment.models import Attempt, QuizExtension, QuizSetting
from elearn.assessment.queries import revision_words
from elearn.assessment.regrade_models import STANDS, Regrade
from elearn.assessment.rules import QuizRules, author_rules, class_rules, extended, rules_of_quiz
from elearn.catalogue.models import Module
from elearn.db import db, dialect, table
from elearn.errors import NotAllowed, NotFound
from elearn.learning.access import STAFF, class_over
from elearn.learning.models import Activity, CourseClass, Enrolment
from elearn.learning.result_service import month_of

#: How long after the deadline what was sent before it may still be on its way.
GRACE = timedelta(seconds=10)


@dataclass(frozen=True)
class OwnAttempt:
    """An attempt of the person who asks for it."""

    id: int
    person_id: int
    class_id: int | None
    edition_id: int | None
    module_id: int
    revision_id: int
    slug: str
    number: int
    language: str
    layout: list[Any]
    started_at: datetime
    #: Up to when it may be answered; None: no limit.
    deadline_at: datetime | None
    finished_at: datetime | None
    #: How it ended: submitted, or closed at its deadline.
    finish: str | None
    points: int | None
    max_points: int | None
    #: How many answers wait for a person to mark them.
    pending_count: int
    #: Those of the rules that stay as they were when it was begun: {feedback, penalty}.
    begun_by: dict[str, Any]
    enrolment_id: int | None
    #: Whether the person is still in the class of the attempt.
    is_enrolled: bool
    #: As what; who studied there and now teaches there is not counted any more.
    role: str | None
    #: The class in which its quiz stands, also for a preview; None: practice.
    place_class_id: int | None
    #: How many attempts the person has begun in that place.
    begun: int
    #: Of the class of the attempt: where its days begin, its last one, and the later one that the person was given.
    timezone: str | None
    ends_on: date | None
    extended_until: date | None
    institution_id: int | None
    #: The quiz's rules as they hold for this person now.
    rules: QuizRules
    #: Whether regrades stand in its module.
    has_regrades: bool
    #: All that was saved in it, in order.
    saved: tuple[Saved, ...]
    #: The month, as it was locked, in which the person is counted already as at work in its module; None: not, or not asked.
    counted_in: date | None = None

    @property
    def is_immediate(self) -> bool:
        """Whether one learns question by question, where one asks, what was right."""
        return self.begun_by.get("feedback") == "immediate"

    def is_due(self, at: datetime) -> bool:
        """Return whether its time is over, though it was not submitted; a few seconds on the way are nobody's fault."""
        return self.finished_at is None and self.deadline_at is not None and at > self.deadline_at + GRACE

    def seconds_left(self, at: datetime) -> int | None:
        """Return how many whole seconds are left to answer; None: as many as one likes."""
        return None if self.deadline_at is None else max(int((self.deadline_at - at).total_seconds()), 0)

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
_SETTINGS, _EXTENSIONS = table(QuizSetting), table(QuizExtension)
_COLUMNS = (
    _ATTEMPTS.c.id,
    _ATTEMPTS.c.person_id,
    _ATTEMPTS.c.class_id,
    _ATTEMPTS.c.edition_id,
    _ATTEMPTS.c.module_id,
    _ATTEMPTS.c.revision_id,
    _MODULE.c.slug,
    _ATTEMPTS.c.number,
    _ATTEMPTS.c.language,
    _ATTEMPTS.c.layout,
    _ATTEMPTS.c.started_at,
    _ATTEMPTS.c.deadline_at,
    _ATTEMPTS.c.finished_at,
    _ATTEMPTS.c.finish,
    _ATTEMPTS.c.points,
    _ATTEMPTS.c.max_points,
    _ATTEMPTS.c.pending_count,
    _ATTEMPTS.c.rules.label("begun_by"),
    _ATTEMPTS.c.enrolment_id,
)
#: The seat that the person has now in the class of the attempt.
_SEAT, _PLACE, _OWN_SEAT = _ENROLMENT.alias("seat"), _CLASS.alias("place"), _ENROLMENT.alias("own_seat")
_TAUGHT = (
    select(func.min(_CLASS.c.id))
    .join(_OWN_SEAT, _OWN_SEAT.c.class_id == _CLASS.c.id)
    .where(
        _CLASS.c.edition_id == _ATTEMPTS.c.edition_id,
        _OWN_SEAT.c.role.in_(STAFF),
        _OWN_SEAT.c.person_id == _ATTEMPTS.c.person_id,
        _OWN_SEAT.c.ended_at.is_(None),
    )
    .correlate(_ATTEMPTS)
    .scalar_subquery()
)
_OTHER = _ATTEMPTS.alias()
_BEGUN = (
    select(func.count())
    .select_from(_OTHER)
    .where(
        _OTHER.c.person_id == _ATTEMPTS.c.person_id,
        _OTHER.c.module_id == _ATTEMPTS.c.module_id,
        _OTHER.c.class_id == _ATTEMPTS.c.class_id,
    )
    .correlate(_ATTEMPTS)
    .scalar_subquery()
)
#: Whether some item of the module was put right after it was answered: nothing more is asked where none was.
_HAS_REGRADES = (
    select(table(Regrade).c.id)
    .where(table(Regrade).c.module_id == _ATTEMPTS.c.module_id, table(Regrade).c.state.in_(STANDS))
    .correlate(_ATTEMPTS)
    .exists()
)
#: Whether the person's first act of the month in the module is counted: then what they do now is not put in again in vain.
_ACTIVITY = table(Activity)
_IS_COUNTED = (
    select(_ACTIVITY.c.id)
    .where(
        _ACTIVITY.c.person_id == _ATTEMPTS.c.person_id,
        _ACTIVITY.c.month == bindparam("month", type_=_ACTIVITY.c.month.type),
        _ACTIVITY.c.class_id == _ATTEMPTS.c.class_id,
        _ACTIVITY.c.module_id == _ATTEMPTS.c.module_id,
        _ACTIVITY.c.language == _ATTEMPTS.c.language,
    )
    .correlate(_ATTEMPTS)
    .exists()
)


@cache
def _statement(name: str, *, locked: bool = False, own: bool = True) -> Select[Any]:
    """Return an attempt with all that its pages ask of it; built once: that takes ten times as long as running it."""
    statement = (
        select(
            *_COLUMNS,
            _SEAT.c.id.is_not(None).label("is_enrolled"),
            _SEAT.c.role.label("role"),
            func.coalesce(_ATTEMPTS.c.class_id, _TAUGHT).label("place_class_id"),
            _BEGUN.label("begun"),
            _PLACE.c.timezone,
            _PLACE.c.ends_on,
            _SEAT.c.extended_until,
            _PLACE.c.institution_id,
            _ATTEMPTS.c.sequence,
            _SETTINGS.c.class_id.label("is_set"),
            *SETTING,
            _EXTENSIONS.c.enrolment_id.label("is_given"),
            *EXTENSION,
            answers_together(name).label("answers"),
            _HAS_REGRADES.label("has_regrades"),
        )
        .select_from(_ATTEMPTS)
        .join(_MODULE, _MODULE.c.id == _ATTEMPTS.c.module_id)
        .outerjoin(_PLACE, _PLACE.c.id == _ATTEMPTS.c.class_id)
        .outerjoin(
            _SEAT,
            (_SEAT.c.class_id == _ATTEMPTS.c.class_id) & (_SEAT.c.person_id == _ATTEMPTS.c.person_id) & _SEAT.c.ended_at.is_(None),
        )
        .outerjoin(_SETTINGS, (_SETTINGS.c.class_id == _ATTEMPTS.c.class_id) & (_SETTINGS.c.module_id == _ATTEMPTS.c.module_id))
        .outerjoin(
            _EXTENSIONS,
            (_EXTENSIONS.c.enrolment_id == _ATTEMPTS.c.enrolment_id) & (_EXTENSIONS.c.module_id == _ATTEMPTS.c.module_id),
        )
        .where(_ATTEMPTS.c.id == bindparam("attempt_id"))
    )
    if own:
        statement = statement.where(_ATTEMPTS.c.person_id == bindparam("person_id"))
    return statement.add_columns(_IS_COUNTED.label("is_counted")).with_for_update(of=_ATTEMPTS) if locked else statement


def attempt_for_reading(visitor: Visitor, attempt_id: int) -> OwnAttempt:
    """Return ``visitor``'s attempt, in one statement; not there and somebody else's are the same."""
    return _found({"attempt_id": attempt_id, "person_id": visitor.id}, _statement(dialect()))


def attempt_for_taking(visitor: Visitor, attempt_id: int, *, at: datetime | None = None) -> OwnAttempt:
    """Return ``visitor``'s attempt, locked; whoever has left its class, or whose class is over, may read it but not change it."""
    attempt = _found({"attempt_id": attempt_id, "person_id": visitor.id}, _statement(dialect(), locked=True), month_of(at or clock.now()))
    if words := attempt.closed(at):
        raise NotAllowed(words)
    return attempt


def attempt_for_closing(attempt_id: int) -> OwnAttempt:
    """Return an attempt, locked, whoever's it is: its time is over, and the house closes it."""
    return _found({"attempt_id": attempt_id}, _statement(dialect(), locked=True, own=False), month_of(clock.now()))


def _found(asked: dict[str, int], statement: Select[Any], month: date | None = None) -> OwnAttempt:
    row = db.session.execute(statement, asked | {"month": month} if month else asked).first()
    if row is None:
        raise NotFound
    found = row._mapping  # noqa: SLF001 (the documented name)
    saved = saved_in(row.answers)
    if row.sequence != (saved[-1].sequence if saved else 0):
        # Another tab saved while this statement waited for the lock: it shows the attempt of now with the answers of before.
        saved = saved_answers(row.id)
    return OwnAttempt(
        **{name: found[name] for name in _PLAIN},
        rules=_rules(row),
        saved=tuple(saved),
        counted_in=month if month and row.is_counted else None,
    )


_PLAIN = {each.name for each in fields(OwnAttempt)} - {"rules", "saved", "counted_in"}


def _rules(row: Any) -> QuizRules:
    """Return the rules that hold for the attempt: its edition's, or its module's for practice, with what the class sets and gave."""
    if row.edition_id is None:
        words = revision_words(row.revision_id, row.language)
        return replace(author_rules({"pass_mark": words.pass_mark, **words.rules}), minutes=0)
    author = rules_of_quiz(edition(row.edition_id), row.module_id)
    return extended(class_rules(author, setting_in(row)), extension_in(row))
