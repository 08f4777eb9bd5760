"""Questions about what a class sets for its quizzes, and about answers that came late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from elearn.assessment.models import Answer, Attempt, LateAcceptance, QuizExtension, QuizSetting
from elearn.assessment.queries import LaidItem, laid_items
from elearn.db import db
from elearn.learning.models import Enrolment


@dataclass(frozen=True)
class QuizNumbers:
    """How far a class is with a quiz."""

    finished: int = 0
    open: int = 0
    #: Attempts with answers that a person must mark.
    waiting: int = 0
    #: Answers that came late and that nobody has accepted.
    late: int = 0


def numbers_of_quizzes(class_id: int) -> dict[int, QuizNumbers]:
    """Return how far a class is with each quiz, by module; two statements."""
    rows = db.session.execute(
        select(
            Attempt.module_id,
            func.count(Attempt.finished_at),
            func.sum(case((Attempt.finished_at.is_(None), 1), else_=0)),
            func.sum(case((Attempt.pending_count > 0, 1), else_=0)),
        )
        .where(Attempt.class_id == class_id)
        .group_by(Attempt.module_id),
    ).all()
    counted = db.session.execute(
        select(Attempt.module_id, func.count().label("late"))
        .select_from(Answer)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(*_late(class_id))
        .group_by(Attempt.module_id)
    )
    late = {row.module_id: row.late for row in counted}
    return {row[0]: QuizNumbers(row[1], row[2], row[3], late.get(row[0], 0)) for row in rows}


def _late(class_id: int) -> tuple[Any, ...]:
    accepted = select(LateAcceptance.answer_id).where(LateAcceptance.answer_id == Answer.id).exists()
    return (Attempt.class_id == class_id, Answer.is_late, ~accepted)


def settings_of_quizzes(class_id: int) -> dict[int, QuizSetting]:
    """Return what a class sets, by module."""
    return {row.module_id: row for row in db.session.scalars(select(QuizSetting).where(QuizSetting.class_id == class_id))}


@dataclass(frozen=True)
class ExtensionLine:
    """What one student was given beyond the rules of a quiz."""

    enrolment_id: int
    name: str
    closes_at: datetime | None
    more_minutes: int
    more_attempts: int


def extensions_of(class_id: int, module_id: int) -> list[ExtensionLine]:
    """Return what students of a class were given beyond the rules of a quiz, by name."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.name, QuizExtension.closes_at, QuizExtension.more_minutes, QuizExtension.more_attempts)
        .join(QuizExtension, QuizExtension.enrolment_id == Enrolment.id)
        .where(Enrolment.class_id == class_id, QuizExtension.module_id == module_id)
        .order_by(Enrolment.name_key, Enrolment.id)
    )
    return [ExtensionLine(*row) for row in rows]


def students_of(class_id: int) -> Sequence[tuple[int, str]]:
    """Return the students who are in a class now, by name: enrolment and name."""
    rows = db.session.execute(
        select(Enrolment.id, Enrolment.name)
        .where(
            Enrolment.class_id == class_id,
            Enrolment.role == "student",
            Enrolment.ended_at.is_(None),
            Enrolment.person_id.is_not(None),
        )
        .order_by(Enrolment.name_key, Enrolment.id)
    )
    return [(row.id, row.name) for row in rows]


@dataclass(frozen=True)
class LateAnswer:
    """An answer that came after the deadline, and stands unmarked until it is accepted."""

    id: int
    attempt_id: int
    attempt_number: int
    enrolment_id: int
    name: str
    item: LaidItem
    language: str
    response: Any
    saved_at: datetime
    deadline_at: datetime | None

    @property
    def in_words(self) -> list[str]:
        """The answer as its student sees it; empty where it was taken back."""
        if self.response is None:
            return []
        words = self.item.in_words(self.response, self.language)
        return words or [self.response if isinstance(self.response, str) else "; ".join(str(part) for part in self.response)]


#: More late answers of a quiz are shown once some of these are dealt with.
MOST_LATE = 200


def late_answers(class_id: int, module_id: int) -> list[LateAnswer]:
    """Return the late answers of a quiz that nobody has accepted, by student: of each question the one that came last."""
    newer = select(func.max(Answer.id)).where(Answer.is_late).group_by(Answer.attempt_id, Answer.item_revision_id)
    rows = db.session.execute(
        select(
            Answer.id,
            Attempt.id.label("attempt_id"),
            Attempt.number,
            Enrolment.id.label("enrolment_id"),
            Enrolment.name,
            Attempt.layout,
            Answer.item_revision_id,
            Attempt.language,
            Answer.response,
            Answer.saved_at,
            Attempt.deadline_at,
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(*_late(class_id), Attempt.module_id == module_id, Attempt.finished_at.is_not(None), Answer.id.in_(newer))
        .order_by(Enrolment.name_key, Attempt.id, Answer.item_revision_id)
        .limit(MOST_LATE)
    ).all()
    return [
        LateAnswer(
            row.id,
            row.attempt_id,
            row.number,
            row.enrolment_id,
            row.name,
            next(item for item in laid_items(row.layout) if item.id == row.item_revision_id),
            row.language,
            row.response,
            row.saved_at,
            row.deadline_at,
        )
        for row in rows
    ]
