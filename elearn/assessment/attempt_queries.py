"""Questions about a person's attempts at a quiz, and all that was saved in one; built once: that takes ten times as long as asking."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, bindparam, func, select

from elearn.assessment.answers import Saved
from elearn.assessment.models import Answer, Attempt, LateAcceptance, QuizExtension, QuizSetting
from elearn.db import db, table
from elearn.learning.models import CourseClass

_ATTEMPT, _ANSWER, _ACCEPTED = table(Attempt), table(Answer), table(LateAcceptance)
_SETTING, _EXTENSION, _CLASS = table(QuizSetting), table(QuizExtension), table(CourseClass)


@dataclass(frozen=True)
class AttemptLine:
    """An attempt, as the page of its quiz lists it."""

    id: int
    number: int
    started_at: datetime
    deadline_at: datetime | None
    finished_at: datetime | None
    points: int | None
    max_points: int | None
    pending_count: int


@dataclass(frozen=True)
class Begun:
    """What a person has begun at a quiz in one place, oldest first, and what the class sets for it."""

    lines: Sequence[AttemptLine]
    #: What the class sets, and what this student was given beyond it; None: nothing.
    setting: Mapping[str, Any] | None = None
    extension: Mapping[str, Any] | None = None

    @property
    def open(self) -> AttemptLine | None:
        """The attempt that is not finished."""
        return next((line for line in self.lines if line.finished_at is None), None)


_LINE = tuple(
    _ATTEMPT.c[name] for name in ("id", "number", "started_at", "deadline_at", "finished_at", "points", "max_points", "pending_count")
)
SETTING_NAMES = ("opens_at", "closes_at", "minutes", "attempts", "grading", "feedback", "penalty", "review", "is_blind")
EXTENSION_NAMES = ("closes_at", "more_minutes", "more_attempts")
SETTING = tuple(_SETTING.c[name].label(f"set_{name}") for name in SETTING_NAMES)
EXTENSION = tuple(_EXTENSION.c[name].label(f"given_{name}") for name in EXTENSION_NAMES)
_OWN = (_ATTEMPT.c.person_id == bindparam("person_id")) & (_ATTEMPT.c.module_id == bindparam("module_id"))


def _in_class(whose: Any) -> Any:
    return (
        select(_SETTING.c.class_id.label("is_set"), *SETTING, _EXTENSION.c.enrolment_id.label("is_given"), *EXTENSION, *_LINE)
        .select_from(_CLASS)
        .outerjoin(_SETTING, (_SETTING.c.class_id == _CLASS.c.id) & (_SETTING.c.module_id == bindparam("module_id")))
        .outerjoin(
            _EXTENSION, (_EXTENSION.c.enrolment_id == bindparam("enrolment_id")) & (_EXTENSION.c.module_id == bindparam("module_id"))
        )
        .outerjoin(_ATTEMPT, _OWN & whose)
        .where(_CLASS.c.id == bindparam("class_id"))
        .order_by(_ATTEMPT.c.number, _ATTEMPT.c.id)
    )


_COUNTED = _in_class(_ATTEMPT.c.class_id == _CLASS.c.id)
_PREVIEWED = _in_class(_ATTEMPT.c.class_id.is_(None) & (_ATTEMPT.c.edition_id == bindparam("edition_id")))
_PRACTISED = (
    select(*_LINE).where(_OWN, _ATTEMPT.c.class_id.is_(None), _ATTEMPT.c.edition_id.is_(None)).order_by(_ATTEMPT.c.number, _ATTEMPT.c.id)
)


def begun_in_class(class_id: int, module_id: int, person_id: int, enrolment_id: int, *, preview_of: int | None = None) -> Begun:
    """Return what a person has begun at a quiz of a class, in one statement; ``preview_of``: the edition that they try out."""
    rows = db.session.execute(
        _COUNTED if preview_of is None else _PREVIEWED,
        {"class_id": class_id, "module_id": module_id, "person_id": person_id, "enrolment_id": enrolment_id, "edition_id": preview_of},
    ).all()
    first = rows[0]
    return Begun([AttemptLine(*row[-len(_LINE) :]) for row in rows if row.id is not None], setting_in(first), extension_in(first))


def setting_in(row: Any) -> Mapping[str, Any] | None:
    """Return what a class sets, from a row with ``is_set`` and ``SETTING``."""
    return None if row.is_set is None else {name: getattr(row, f"set_{name}") for name in SETTING_NAMES}


def extension_in(row: Any) -> Mapping[str, Any] | None:
    """Return what a student was given, from a row with ``is_given`` and ``EXTENSION``."""
    return None if row.is_given is None else {name: getattr(row, f"given_{name}") for name in EXTENSION_NAMES}


def begun_practice(person_id: int, module_id: int) -> Begun:
    """Return what a person has begun to practise on the quiz of a module."""
    rows = db.session.execute(_PRACTISED, {"person_id": person_id, "module_id": module_id})
    return Begun([AttemptLine(*row) for row in rows])


_SAVED = ("item_revision_id", "sequence", "response", "sender", "sent_sequence", "id", "is_late")
_IS_ACCEPTED = select(_ACCEPTED.c.answer_id).where(_ACCEPTED.c.answer_id == _ANSWER.c.id).exists()
_ALL_SAVED = (
    select(*(_ANSWER.c[name] for name in _SAVED), _IS_ACCEPTED)
    .where(_ANSWER.c.attempt_id == bindparam("attempt_id"))
    .order_by(_ANSWER.c.sequence)
)


def saved_answers(attempt_id: int) -> list[Saved]:
    """Return all that was ever saved in an attempt, in order."""
    return [_saved(row) for row in db.session.execute(_ALL_SAVED, {"attempt_id": attempt_id})]


@cache
def answers_together(name: str) -> ScalarSelect[Any]:
    """Return the column, in a statement about attempts, that holds all that was saved in each; ``saved_in`` reads it.

    An attempt and its answers are one question so, and not an attempt for each of its answers.
    """
    columns: list[Any] = [_ANSWER.c[column] for column in _SAVED]
    if name == "postgresql":
        rows: Any = func.coalesce(func.json_agg(func.json_build_array(*columns, _IS_ACCEPTED)), func.json_build_array())
    else:
        columns[_SAVED.index("response")] = func.json(_ANSWER.c.response)
        rows = func.json_group_array(func.json_array(*columns, _IS_ACCEPTED))
    return select(rows).where(_ANSWER.c.attempt_id == _ATTEMPT.c.id).correlate(_ATTEMPT).scalar_subquery()


def saved_in(column: Any) -> list[Saved]:
    """Return what ``answers_together`` holds, in order."""
    rows = column if isinstance(column, list) else json.loads(column)
    return sorted((_saved(row) for row in rows), key=lambda answer: answer.sequence)


def _saved(row: Sequence[Any]) -> Saved:
    item, sequence, response, sender, sent_sequence, key, is_late, is_accepted = row
    return Saved(item, sequence, response, sender, sent_sequence, key, is_late=bool(is_late), counts=not is_late or bool(is_accepted))
