"""How well a class masters what its modules teach: numbers of the class, and nobody's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, Subquery, case, cast, func, select

from elearn.adaptation.queries import ModuleInEdition
from elearn.assessment.mastery import FEWEST_QUESTIONS, MASTERED_FROM, Level
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.assessment.queries import revision_words
from elearn.assessment.rules import rules_of_quiz
from elearn.assessment.scoring import WHOLE, Total
from elearn.catalogue.models import ItemRevision
from elearn.db import db, table
from elearn.learning.access import TaughtClass
from elearn.learning.models import Enrolment

#: Fewer say too little of a class, and too much of each.
FEWEST_STUDENTS = 5

_ATTEMPT, _MARK, _PLACE, _REVISION = table(Attempt), table(Mark), table(Enrolment), table(ItemRevision)


@dataclass(frozen=True)
class ClassOutcome:
    """An outcome in words, and how the students of a class do in it who were asked for it."""

    words: str
    students: int
    total: Total
    #: How many students are at each level.
    levels: Mapping[Level, int]
    #: (key, title) of the sections that teach it.
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ClassMastery:
    """A module of a class; ``lines`` is None where too few have taken its quiz."""

    slug: str
    title: str
    pass_mark: int
    students: int
    lines: tuple[ClassOutcome, ...] | None


def class_mastery(taught: TaughtClass) -> list[ClassMastery]:
    """Return how the students that a class has now master each of its modules with a quiz; three statements, however many they are."""
    class_id = taught.course_class.id
    modules = [module for module in taught.edition.modules if module.quiz is not None and module.item_revision_ids]
    if not modules:
        return []
    gradings = _gradings(taught, [module.module_id for module in modules])
    marks = {module.module_id: module.quiz["pass_mark"] for module in modules if module.quiz is not None}
    counting = _counting_attempts(class_id, gradings)
    students = {row[0]: row[1] for row in db.session.execute(_students(counting))}
    enough = [module_id for module_id in marks if students.get(module_id, 0) >= FEWEST_STUDENTS]
    rows = db.session.execute(_by_outcome(counting, {key: marks[key] for key in enough})).all() if enough else []
    language = taught.edition.language
    return [
        ClassMastery(
            module.slug,
            module.title,
            marks[module.module_id],
            students.get(module.module_id, 0),
            _lines(module, language, [row for row in rows if row.module_id == module.module_id]) if module.module_id in enough else None,
        )
        for module in modules
    ]


def _lines(module: ModuleInEdition, language: str, rows: Sequence[Any]) -> tuple[ClassOutcome, ...]:
    """Return the outcomes of a module in its order; a question that belongs to none is left out."""
    words = revision_words(module.revision_id, language)
    places = {outcome: place for place, outcome in enumerate(words.outcomes)}
    return tuple(
        ClassOutcome(
            words.outcomes.get(row.outcome, row.outcome),
            row.students,
            # What PostgreSQL adds up twice is a decimal.
            Total(int(row.gained), int(row.out_of)),
            {level: int(getattr(row, level.name.lower())) for level in Level},
            tuple((s.key, s.title) for s in words.sections if row.outcome in s.outcomes and s.key in module.student_keys),
        )
        for row in sorted(rows, key=lambda row: places.get(row.outcome, len(places)))
        if row.outcome
    )


def _gradings(taught: TaughtClass, module_ids: Sequence[int]) -> dict[int, str]:
    """Return by module which of a student's attempts counts in the class."""
    rows = db.session.execute(
        select(QuizSetting.module_id, QuizSetting.grading).where(QuizSetting.class_id == taught.course_class.id),
    )
    chosen = {row.module_id: row.grading for row in rows if row.grading}
    return {module_id: chosen.get(module_id) or rules_of_quiz(taught.edition, module_id).grading for module_id in module_ids}


def _counting_attempts(class_id: int, gradings: Mapping[int, str]) -> Subquery:
    """Return (attempt, module, enrolment) of the attempts that count in the gradebook, of the students that the class has now."""
    whose = (_ATTEMPT.c.enrolment_id, _ATTEMPT.c.module_id)
    share = case((_ATTEMPT.c.max_points > 0, cast(_ATTEMPT.c.points, Float) / _ATTEMPT.c.max_points), else_=0.0)

    def place(*order: ColumnElement[Any]) -> ColumnElement[int]:
        return func.row_number().over(partition_by=whose, order_by=order)

    tried = (
        select(
            _ATTEMPT.c.id,
            *whose,
            place(_ATTEMPT.c.id).label("first"),
            place(_ATTEMPT.c.id.desc()).label("last"),
            place(share.desc(), _ATTEMPT.c.id).label("best"),
        )
        .join(_PLACE, _PLACE.c.id == _ATTEMPT.c.enrolment_id)
        .where(
            _ATTEMPT.c.class_id == class_id,
            _ATTEMPT.c.module_id.in_(list(gradings)),
            _ATTEMPT.c.finished_at.is_not(None),
            _PLACE.c.role == "student",
            _PLACE.c.ended_at.is_(None),
        )
        .subquery("tried")
    )
    counts = case(*((tried.c.module_id == key, 1 if grading == "average" else tried.c[grading]) for key, grading in gradings.items()))
    return select(tried.c.id, tried.c.module_id, tried.c.enrolment_id).where(counts == 1).subquery("counting")


def _students(counting: Subquery) -> Any:
    number = func.count(func.distinct(counting.c.enrolment_id))
    return select(counting.c.module_id, number).group_by(counting.c.module_id)


def _newest_marks(counting: Subquery, module_ids: Sequence[int]) -> Subquery:
    """Return the marks that count (id, module, enrolment) in these attempts."""
    # By their numbers: asked of each mark whether a newer one is there, SQLite goes through what all others answered to the question.
    return (
        select(func.max(_MARK.c.id).label("id"), counting.c.module_id, counting.c.enrolment_id)
        .select_from(counting)
        .join(_MARK, _MARK.c.attempt_id == counting.c.id)
        .where(counting.c.module_id.in_(module_ids))
        .group_by(counting.c.id, counting.c.module_id, counting.c.enrolment_id, _MARK.c.item_revision_id)
        .subquery("newest")
    )


def _by_outcome(counting: Subquery, pass_marks: Mapping[int, int]) -> Any:
    """Return by module and outcome: how many students, points, maximum, and how many of them are at each level."""
    newest = _newest_marks(counting, list(pass_marks))
    each = (
        select(
            newest.c.module_id,
            _REVISION.c.outcome,
            newest.c.enrolment_id,
            func.count().label("questions"),
            func.sum(_MARK.c.points).label("gained"),
            func.sum(_MARK.c.max_points).label("out_of"),
        )
        .select_from(newest)
        .join(_MARK, _MARK.c.id == newest.c.id)
        .join(_REVISION, _REVISION.c.id == _MARK.c.item_revision_id)
        .where(_MARK.c.max_points > 0, ~_MARK.c.is_pending)
        .group_by(newest.c.module_id, _REVISION.c.outcome, newest.c.enrolment_id)
        .subquery("each")
    )
    needed = case(*((each.c.module_id == key, mark) for key, mark in pass_marks.items()), else_=0)
    level = case(
        (each.c.questions < FEWEST_QUESTIONS, Level.TOO_FEW.value),
        (each.c.gained * WHOLE < needed * each.c.out_of, Level.NOT_YET.value),
        (each.c.gained * WHOLE >= MASTERED_FROM * each.c.out_of, Level.MASTERED.value),
        else_=Level.ON_THE_WAY.value,
    )
    return select(
        each.c.module_id,
        each.c.outcome,
        func.count().label("students"),
        func.sum(each.c.gained).label("gained"),
        func.sum(each.c.out_of).label("out_of"),
        *(func.sum(case((level == name.value, 1), else_=0)).label(name.name.lower()) for name in Level),
    ).group_by(each.c.module_id, each.c.outcome)
