"""What changes when a person marks an answer: a mark more, what it adds up to, and a mail when nothing of the attempt waits any more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock, mail
from elearn.accounts.permissions import Visitor
from elearn.assessment.attempt_queries import SETTING_NAMES
from elearn.assessment.marking_access import WrittenAnswer
from elearn.assessment.marking_service import settle
from elearn.assessment.models import Attempt, Mark, QuizSetting
from elearn.assessment.rules import QuizRules, class_rules, rules_of_quiz
from elearn.db import db
from elearn.errors import Conflict
from elearn.learning.staff_queries import addresses_for_mail

#: What its mails are about.
ABOUT = "attempt-marked"


@dataclass(frozen=True)
class Judgement:
    """What somebody says of an answer."""

    levels: Mapping[str, str]
    points: int
    comment: str
    reason: str


def mark_answer(answer: WrittenAnswer, judgement: Judgement, visitor: Visitor, *, seen: int, at: datetime | None = None) -> int:
    """Leave the locked answer marked, its attempt and the gradebook with what that adds up to; return the number of the mark.

    ``seen`` is the newest mark that ``visitor`` knew of: where somebody was faster this is a Conflict, and nothing is changed. The same
    judgement sent twice is one.
    """
    newest = answer.newest
    if answer.is_erased:
        raise Conflict(_("The text was erased together with the account of its student. There is nothing left to mark."))
    if answer.is_void:
        raise Conflict(_("This question was taken out of the marks of this class. It brings no points to anybody."))
    if newest.id != seen:
        if _is_repeated(answer, judgement, visitor):
            return newest.id
        raise Conflict(_("Somebody else has marked this answer meanwhile. Nothing of yours is saved yet."))
    at = at or clock.now()
    mark_id = _add(answer, judgement, visitor, at)
    settle([answer.attempt_id], at)
    if newest.is_pending and not db.session.scalar(select(Attempt.pending_count).where(Attempt.id == answer.attempt_id)):
        _tell(answer, at)
    return mark_id


def _add(answer: WrittenAnswer, judgement: Judgement, visitor: Visitor, at: datetime) -> int:
    newest = answer.newest
    added = Mark(
        attempt_id=answer.attempt_id,
        item_revision_id=newest.item_revision_id,
        graded_revision_id=newest.graded_revision_id if newest.graded_revision_id != newest.item_revision_id else None,
        answer_id=newest.answer_id,
        points=judgement.points,
        max_points=answer.item.definition["points"],
        at=at,
        is_pending=False,
        cause="person",
        marked_by_id=visitor.id,
        comment=judgement.comment,
        reason=judgement.reason,
        rubric=dict(judgement.levels),
        tries=newest.tries,
    )
    db.session.add(added)
    db.session.flush()
    audit.record(
        "mark-answer",
        "attempt",
        answer.attempt_id,
        actor_id=visitor.id,
        institution_id=answer.seat.institution_id,
        details={"class": answer.seat.class_id, "item": answer.item.item_id, "mark": added.id, "before": newest.id},
    )
    return added.id


def _is_repeated(answer: WrittenAnswer, judgement: Judgement, visitor: Visitor) -> bool:
    """Return whether the newest mark is this very judgement: a form that was sent twice."""
    newest = answer.newest
    said = (newest.marked_by_id, newest.points, dict(newest.levels), newest.comment, newest.reason)
    return said == (visitor.id, judgement.points, dict(judgement.levels), judgement.comment, judgement.reason)


def _tell(answer: WrittenAnswer, at: datetime) -> None:
    """Write a mail to the student: all of their attempt is marked. It says neither points nor comments: mails are read by others, too."""
    url = f"{current_app.config['BASE_URL'].rstrip('/')}/attempts/{answer.attempt_id}"
    shown = _rules(answer).shows("marks", at)
    body = "\n\n".join(
        [
            _("All your answers to the quiz of “%(module)s” are marked now.", module=answer.module_title),
            _("Here you see what you reached, and what your professor wrote to you:")
            if shown
            else _("Your class does not show the marks of this quiz yet. Once it does, you see here what you reached:"),
            url,
            "-- \n" + _("You get this mail because you took this quiz in the class “%(title)s”.", title=answer.seat.class_title),
            "",
        ],
    )
    subject = _("Your quiz is marked: %(module)s", module=answer.module_title)
    letters = [mail.Letter(address, subject, body, person_id) for person_id, address in addresses_for_mail([answer.person_id])]
    mail.post(letters, about=ABOUT, about_id=answer.attempt_id)


def _rules(answer: WrittenAnswer) -> QuizRules:
    """Return the rules of the quiz as its class sets them."""
    setting = db.session.get(QuizSetting, (answer.seat.class_id, answer.module_id))
    names = {} if setting is None else {name: getattr(setting, name) for name in SETTING_NAMES}
    return class_rules(rules_of_quiz(answer.seat.edition, answer.module_id), names)
