"""Questions about what people marked: what they said to a student, and which attempts they are done with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select, union_all

from elearn.accounts.models import Person
from elearn.assessment.marking_queries import IS_NEWEST, waiting_by_class
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.catalogue.models import Module, ModuleText
from elearn.db import db
from elearn.learning.models import CourseClass, Enrolment


@dataclass(frozen=True)
class MarkerWords:
    """What a student reads of who marked an answer, and how."""

    levels: Mapping[str, str]
    comment: str
    reason: str
    graded_revision_id: int
    #: None: marked blind, so by role alone; or their account is deleted.
    marked_by: str | None
    #: As which staff of the class; None: no longer known.
    role: str | None


def words_of_markers(attempt_id: int) -> dict[int, MarkerWords]:
    """Return what people said of the answers of an attempt in their newest marks, by item revision; one statement."""
    role = (
        select(func.max(Enrolment.role))
        .where(Enrolment.class_id == Attempt.class_id, Enrolment.person_id == Mark.marked_by_id, Enrolment.role != "student")
        .correlate(Attempt, Mark)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            Mark.item_revision_id,
            Mark.rubric,
            Mark.comment,
            Mark.reason,
            func.coalesce(Mark.graded_revision_id, Mark.item_revision_id),
            case((QuizSetting.is_blind, None), else_=Person.name),
            role,
        )
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .outerjoin(Person, Person.id == Mark.marked_by_id)
        .outerjoin(QuizSetting, and_(QuizSetting.class_id == Attempt.class_id, QuizSetting.module_id == Attempt.module_id))
        .where(Mark.attempt_id == attempt_id, Mark.marked_by_id.is_not(None), IS_NEWEST),
    )
    return {row[0]: MarkerWords(row[1] or {}, *row[2:]) for row in rows}


@dataclass(frozen=True)
class News:
    """What marking has for a person's home: a class with answers that wait for them, or an attempt of theirs that is marked."""

    kind: str
    #: Of the class, or of the attempt.
    id: int
    class_title: str
    #: How many answers wait.
    waiting: int
    #: Of the attempt's module.
    title: str


def news_of_marking(person_id: int, *, since: datetime, teaches: bool) -> list[News]:
    """Return what waits for a person to mark (kind ``waiting``), most first, and what was marked of theirs since then (``marked``).

    One statement. An attempt is marked when a person marked it and nothing of it waits any more.
    """
    recent = (
        select(Mark.attempt_id)
        .join(Attempt, Attempt.id == Mark.attempt_id)
        .where(Attempt.person_id == person_id, Attempt.pending_count == 0, Mark.cause == "person", Mark.at >= since)
    )
    parts: list[Any] = [
        select(literal("marked"), Attempt.id, CourseClass.title, literal(0), func.coalesce(ModuleText.title, Module.slug))
        .join(Module, Module.id == Attempt.module_id)
        .join(CourseClass, CourseClass.id == Attempt.class_id)
        .outerjoin(ModuleText, and_(ModuleText.revision_id == Attempt.revision_id, ModuleText.language == Attempt.language))
        .where(Attempt.id.in_(recent)),
    ]
    if teaches:
        waiting = waiting_by_class(person_id).subquery()
        parts.append(select(literal("waiting"), *waiting.c, literal("")))
    found = [News(*row) for row in db.session.execute(union_all(*parts))]
    return sorted(found, key=lambda each: (-each.waiting, -each.id))
