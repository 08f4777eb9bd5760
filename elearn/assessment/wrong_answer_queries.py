"""Questions about what a person answered wrong: by the marks that count now, beside what they have reviewed of it since.

Nothing is kept for it: submitting a quiz writes nothing. One statement reads the marks of a person's own newest attempts beside the cards
that their review answers left.
"""

from typing import Any

from sqlalchemy import CTE, Row, Select, String, Subquery, bindparam, cast, func, or_, select

from elearn.adaptation.queries import edition
from elearn.assessment.models import Answer, Attempt, Mark, QuizExtension, QuizSetting
from elearn.assessment.recall_models import ReviewCard, ReviewHabit
from elearn.assessment.rules import QuizRules, author_rules, class_rules, extended, rules_of_quiz
from elearn.catalogue.models import ItemRevision
from elearn.db import db, table
from elearn.learning.models import CourseClass, Enrolment

#: Of so many attempts the wrong answers come back: one who practises for years is not asked about the first of them for ever.
NEWEST_ATTEMPTS = 100
#: What only a person can mark, or nobody marks, does not come back.
NOT_ASKED_AGAIN = ("essay", "reflection")

_ATTEMPT, _MARK, _ANSWER, _REVISION = table(Attempt), table(Mark), table(Answer), table(ItemRevision)
_ENROLMENT, _CLASS, _CARD, _HABIT = table(Enrolment), table(CourseClass), table(ReviewCard), table(ReviewHabit)
_SETTING, _EXTENSION = table(QuizSetting), table(QuizExtension)
#: What says, beside the edition, by which rules a quiz of a class is shown to one student.
RULED = (_SETTING.c.review, _SETTING.c.closes_at, _SETTING.c.grading, _EXTENSION.c.closes_at.label("extended_to"))


def ruled(row: Any) -> QuizRules:
    """Return the rules of a quiz for the student of ``row``: a module, the class's edition (None: practice), and what is RULED there."""
    author = rules_of_quiz(edition(row.edition_id), row.module_id) if row.edition_id is not None else author_rules(None)
    known = class_rules(author, {"review": row.review, "closes_at": row.closes_at, "grading": row.grading})
    return extended(known, {"closes_at": row.extended_to})


def _newest_attempts(*, if_wanted: bool) -> CTE:
    """Return the finished attempts that count for review: in a class or as practice; not a preview, not in a class one never was in."""
    finished = (
        select(*(_ATTEMPT.c[name] for name in ("id", "module_id", "class_id", "enrolment_id", "finished_at")))
        .outerjoin(_ENROLMENT, _ENROLMENT.c.id == _ATTEMPT.c.enrolment_id)
        .where(
            _ATTEMPT.c.person_id == bindparam("person_id"),
            _ATTEMPT.c.finished_at.is_not(None),
            or_(_ATTEMPT.c.class_id.is_not(None), _ATTEMPT.c.edition_id.is_(None)),
            or_(_ENROLMENT.c.end_reason.is_(None), _ENROLMENT.c.end_reason != "error"),
        )
        .order_by(_ATTEMPT.c.id.desc())
        .limit(NEWEST_ATTEMPTS)
    )
    if if_wanted:
        wants = select(_HABIT.c.person_id).where(_HABIT.c.person_id == bindparam("person_id"), _HABIT.c.is_on)
        finished = finished.where(wants.exists())
    return finished.cte("tried")


def _wrong_answers(tried: CTE) -> Subquery:
    """Return when each question was last answered wrong in these attempts, by question and class, by the marks that count now."""
    place = (tried.c.module_id, tried.c.class_id, tried.c.enrolment_id)
    # By their numbers: asked of each mark whether a newer one is there, SQLite goes through what all others answered to the question.
    counting = (
        select(func.max(_MARK.c.id).label("id"), tried.c.id.label("attempt_id"))
        .select_from(tried)
        .join(_MARK, _MARK.c.attempt_id == tried.c.id)
        .group_by(tried.c.id, _MARK.c.item_revision_id)
        .subquery("counting")
    )
    return (
        select(_REVISION.c.item_id, *place, func.max(tried.c.finished_at).label("wrong_at"))
        .select_from(counting)
        .join(_MARK, _MARK.c.id == counting.c.id)
        .join(tried, tried.c.id == counting.c.attempt_id)
        .join(_ANSWER, _ANSWER.c.id == _MARK.c.answer_id)
        .join(_REVISION, _REVISION.c.id == _MARK.c.item_revision_id)
        .where(
            _MARK.c.points < _MARK.c.max_points,
            ~_MARK.c.is_pending,
            # Taken back before it was submitted: not answered.
            cast(_ANSWER.c.response, String) != "null",
            _REVISION.c.type.not_in(NOT_ASKED_AGAIN),
        )
        .group_by(_REVISION.c.item_id, *place)
        .subquery("wrong")
    )


def _queue(*, if_wanted: bool) -> Select[Any]:
    wrong = _wrong_answers(_newest_attempts(if_wanted=if_wanted))
    return (
        select(
            wrong.c.item_id,
            wrong.c.module_id,
            wrong.c.class_id,
            _CLASS.c.edition_id,
            *RULED,
            wrong.c.wrong_at,
            _CARD.c.step,
            _CARD.c.due_on,
            _CARD.c.last_at,
            func.coalesce(_CARD.c.answers, 0).label("answers"),
        )
        .select_from(wrong)
        .outerjoin(_CLASS, _CLASS.c.id == wrong.c.class_id)
        .outerjoin(_SETTING, (_SETTING.c.class_id == wrong.c.class_id) & (_SETTING.c.module_id == wrong.c.module_id))
        .outerjoin(_EXTENSION, (_EXTENSION.c.enrolment_id == wrong.c.enrolment_id) & (_EXTENSION.c.module_id == wrong.c.module_id))
        .outerjoin(_CARD, (_CARD.c.person_id == bindparam("person_id")) & (_CARD.c.item_id == wrong.c.item_id))
    )


# Built once: putting a statement together takes ten times as long as running it.
_QUEUE, _QUEUE_IF_WANTED = _queue(if_wanted=False), _queue(if_wanted=True)


def wrong_answers_of(person_id: int, *, if_wanted: bool) -> list[Row[Any]]:
    """Return what a person answered wrong, by question and class; one statement. ``if_wanted``: nothing for who has not switched it on."""
    return list(db.session.execute(_QUEUE_IF_WANTED if if_wanted else _QUEUE, {"person_id": person_id}))
