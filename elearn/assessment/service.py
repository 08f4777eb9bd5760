"""What changes attempts: beginning one, saving answers, submitting."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import insert as core_insert
from sqlalchemy import update

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.assessment.access import OwnAttempt, QuizPlace
from elearn.assessment.answers import Saved, new_answers, standing
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.assessment.queries import AttemptLine, LaidItem, attempts_at, drawn, laid_items, saved_answers
from elearn.assessment.responses import Given, read_given
from elearn.assessment.rules import rules_of_quiz
from elearn.assessment.scoring import total
from elearn.db import db, insert, table
from elearn.errors import Conflict
from elearn.learning.access import check_open, desk_for_learning
from elearn.learning.result_service import record_result
from elearn.learning.service import learner_at

SEEDS = 2**31


def start_attempt(visitor: Visitor, place: QuizPlace, *, at: datetime | None = None) -> int:
    """Return the id of ``visitor``'s open attempt at the quiz: the one there is, or else a new one.

    A second press finds the first one's attempt, also when both come at once: the database knows one open attempt only.
    """
    place.check_open(at)
    where = (visitor.id, place.module_id, place.class_id, place.edition_id)
    begun = attempts_at(*where)
    if open_id := _open_id(begun):
        return open_id
    if place.allowed and len(begun) >= place.allowed:
        message = ngettext(
            "You have used the one attempt that this quiz allows.",
            "You have used all %(num)s attempts that this quiz allows.",
            place.allowed,
        )
        raise Conflict(message)
    seed = secrets.randbelow(SEEDS)
    added = db.session.execute(
        insert(Attempt)
        .values(
            person_id=visitor.id,
            class_id=place.class_id,
            edition_id=place.edition_id,
            enrolment_id=place.desk.seat.enrolment_id if place.desk and place.class_id else None,
            module_id=place.module_id,
            revision_id=place.revision_id,
            number=max((line.number for line in begun), default=0) + 1,
            language=place.language,
            seed=seed,
            layout=drawn(place.item_revision_ids, place.draw, place.language, seed),
            started_at=at or clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Attempt.id),
    ).scalar()
    found = added or _open_id(attempts_at(*where))
    if found is None:
        raise Conflict(_("This attempt was begun and submitted in another tab meanwhile. Please look at the quiz again."))
    return found


def _open_id(begun: list[AttemptLine]) -> int | None:
    return next((line.id for line in begun if line.finished_at is None), None)


# Built once: putting a statement together takes ten times as long as running it.
_INSERT_ANSWERS = core_insert(table(Answer)).returning(
    *(table(Answer).c[name] for name in ("item_revision_id", "sequence", "response", "sender", "sent_sequence", "id")),
)
_INSERT_MARKS = core_insert(table(Mark))


def save_answers(attempt: OwnAttempt, given: Sequence[Given], *, sender: str = "", at: datetime | None = None) -> dict[int, Saved]:
    """Return the answer that now stands for each item revision, with what was ``given`` appended: all of it, or nothing.

    The attempt is locked. What was sent before, and what stands already, is not saved again.
    """
    if attempt.finished_at is not None:
        raise Conflict(_("This attempt is submitted. Its answers can no longer be changed."))
    sent = read_given(laid_items(attempt.layout), given)
    saved = saved_answers(attempt.id)
    added = new_answers(saved, sent, sender)
    if not added:
        return standing(saved)
    rows = db.session.execute(
        _INSERT_ANSWERS,
        [
            {
                "attempt_id": attempt.id,
                "item_revision_id": answer.item_revision_id,
                "sequence": answer.sequence,
                "sender": answer.sender,
                "sent_sequence": answer.sent_sequence,
                "response": answer.response,
                "saved_at": at or clock.now(),
                "is_late": False,
            }
            for answer in added
        ],
    )
    return standing([*saved, *(Saved(*row) for row in rows)])


def submit_attempt(attempt: OwnAttempt, answers: Mapping[int, Saved] | None = None, *, at: datetime | None = None) -> None:
    """Leave the attempt marked and finished, and in a class its result in the gradebook; a second submit changes nothing.

    The attempt is locked. ``answers`` are those that stand, where the caller has just saved them.
    """
    if attempt.finished_at is not None:
        return
    at = at or clock.now()
    # Before anything is written: whoever begins the next attempt holds the seat, too.
    desk = None
    if attempt.class_id is not None:
        desk = desk_for_learning(attempt.visitor, attempt.class_id, attempt.slug, writing=True)
        check_open(desk.seat, at)
    answers = standing(saved_answers(attempt.id)) if answers is None else answers
    marks = [_mark(attempt, item, answers.get(item.id), at) for item in laid_items(attempt.layout)]
    sums = total((mark["points"], mark["max_points"]) for mark in marks)
    db.session.execute(_INSERT_MARKS, marks)
    db.session.execute(
        update(Attempt)
        .where(Attempt.id == attempt.id)
        .values(finished_at=at, finish="submitted", points=sums.points, max_points=sums.max_points),
    )
    if desk is not None and not desk.seat.is_staff:
        record_result(
            learner_at(desk),
            attempt_id=attempt.id,
            points=sums.points,
            max_points=sums.max_points,
            is_provisional=False,
            grading=rules_of_quiz(desk.seat.edition, attempt.module_id).grading,
            section_count=len(desk.module.student_keys),
            at=at,
        )


def _mark(attempt: OwnAttempt, item: LaidItem, answer: Saved | None, at: datetime) -> dict[str, Any]:
    grade = item.graded(answer.response if answer else None)
    return {
        "attempt_id": attempt.id,
        "item_revision_id": item.id,
        "answer_id": answer.id if answer else None,
        "points": grade.points,
        "max_points": grade.maximum,
        "at": at,
    }
