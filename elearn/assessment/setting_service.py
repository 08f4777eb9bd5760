"""What a class sets for its quizzes, and what single students are given beyond that."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select, update

from elearn import audit, clock
from elearn.assessment.attempt_queries import EXTENSION_NAMES, SETTING_NAMES
from elearn.assessment.models import Attempt, QuizExtension, QuizSetting
from elearn.assessment.rules import QuizRules, class_rules, extended
from elearn.db import db, insert, table
from elearn.errors import Conflict, Invalid
from elearn.learning.models import CourseClass, Enrolment, ModuleProgress
from elearn.learning.result_service import count_again


def setting_for_changing(class_id: int, module_id: int) -> QuizSetting | None:
    """Return what a class sets for a quiz, locked; None: nothing so far."""
    return db.session.scalar(
        select(QuizSetting).where(QuizSetting.class_id == class_id, QuizSetting.module_id == module_id).with_for_update()
    )


def version_of(setting: QuizSetting | None) -> str:
    """Return what tells these settings from those saved before and after."""
    return setting.changed_at.isoformat() if setting else ""


def set_quiz(course_class: CourseClass, module_id: int, author: QuizRules, wanted: Mapping[str, Any], *, by_id: int, seen: str) -> None:
    """Leave the quiz of a class with the rules ``wanted`` (None: as its author set them); open attempts and the gradebook follow.

    Raise Invalid where it would close before it opens; Conflict where somebody else changed it since the settings that were ``seen``.
    """
    class_id = course_class.id
    setting = setting_for_changing(class_id, module_id)
    if seen != version_of(setting):
        raise Conflict(_("Somebody else has changed these settings meanwhile."))
    if wanted["opens_at"] and wanted["closes_at"] and wanted["closes_at"] <= wanted["opens_at"]:
        words = _("The quiz would close before it opens.")
        raise Invalid(words, {"closes_at": words})
    before = class_rules(author, {name: getattr(setting, name) for name in SETTING_NAMES} if setting else None)
    made = dict(wanted) | {"changed_by_id": by_id, "changed_at": clock.now()}
    statement = insert(QuizSetting).values(class_id=class_id, module_id=module_id, **made)
    db.session.execute(statement.on_conflict_do_update(index_elements=["class_id", "module_id"], set_=made))
    db.session.expire_all()
    after = class_rules(author, wanted)
    move_deadlines(class_id, module_id, after)
    if before.grading != after.grading:
        count_again(_places(class_id, module_id), after.grading)
    _record("set-quiz", course_class, "class", class_id, by_id, module=module_id)


def _record(action: str, course_class: CourseClass, subject: str, subject_id: int, by_id: int, **details: Any) -> None:
    audit.record(action, subject, subject_id, actor_id=by_id, institution_id=course_class.institution_id, details=details)


def _places(class_id: int, module_id: int) -> list[tuple[int, int]]:
    rows = db.session.execute(
        select(ModuleProgress.enrolment_id, ModuleProgress.module_id)
        .join(Enrolment, Enrolment.id == ModuleProgress.enrolment_id)
        .where(Enrolment.class_id == class_id, ModuleProgress.module_id == module_id, ModuleProgress.attempts > 0)
        .order_by(ModuleProgress.enrolment_id)
        .with_for_update(of=ModuleProgress)
    )
    return [(row.enrolment_id, row.module_id) for row in rows]


_MOVE = update(table(Attempt)).where(table(Attempt).c.id == bindparam("attempt")).values(deadline_at=bindparam("until"))


def move_deadlines(class_id: int, module_id: int, rules: QuizRules, *, enrolment_id: int | None = None) -> None:
    """Have the open attempts of a quiz end as ``rules`` and extensions now say; a deadline that was promised comes no sooner."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.started_at, Attempt.deadline_at, QuizExtension.enrolment_id.label("is_given"), *_GIVEN)
        .outerjoin(QuizExtension, (QuizExtension.enrolment_id == Attempt.enrolment_id) & (QuizExtension.module_id == Attempt.module_id))
        .where(
            Attempt.class_id == class_id,
            Attempt.module_id == module_id,
            Attempt.finished_at.is_(None),
            *([Attempt.enrolment_id == enrolment_id] if enrolment_id is not None else []),
        )
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ).all()
    moved = []
    for row in rows:
        given = {name: getattr(row, name) for name in EXTENSION_NAMES} if row.is_given is not None else None
        until = extended(rules, given).deadline(row.started_at)
        if row.deadline_at is None or until is None or until > row.deadline_at:
            moved.append({"attempt": row.id, "until": until})
    if moved:
        db.session.execute(_MOVE, moved)


_GIVEN = tuple(getattr(QuizExtension, name) for name in EXTENSION_NAMES)


def extend_quiz(
    course_class: CourseClass, module_id: int, enrolment_id: int, rules: QuizRules, wanted: Mapping[str, Any], *, by_id: int
) -> None:
    """Leave one student with what they are given beyond the class's ``rules``; their open attempt follows.

    Raise Invalid where a later closing is not later. All of nothing takes an extension back; what was promised to an open attempt stays.
    """
    closes_at: datetime | None = wanted["closes_at"]
    if closes_at and (rules.closes_at is None or closes_at <= rules.closes_at):
        words = _("The quiz is open to everybody until then. Choose a later moment.")
        raise Invalid(words, {"closes_at": words})
    made = dict(wanted) | {"given_by_id": by_id, "given_at": clock.now()}
    statement = insert(QuizExtension).values(enrolment_id=enrolment_id, module_id=module_id, **made)
    db.session.execute(statement.on_conflict_do_update(index_elements=["enrolment_id", "module_id"], set_=made))
    move_deadlines(course_class.id, module_id, rules, enrolment_id=enrolment_id)
    _record("extend-quiz", course_class, "enrolment", enrolment_id, by_id, module=module_id)
