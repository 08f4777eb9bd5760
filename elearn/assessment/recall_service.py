"""What changes the review queue: switching it on and off, and answering a question of it."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.assessment.recall_models import ReviewAnswer, ReviewCard, ReviewHabit
from elearn.assessment.recall_queries import Queue, Waiting, habit_of
from elearn.assessment.spacing import Card, recalled
from elearn.catalogue.items.item import Grade
from elearn.db import db, insert
from elearn.errors import Conflict
from elearn.web.choices import OwnChoice


def switch_review(person_id: int, *, on: bool, at: datetime | None = None) -> None:
    """Leave reviewing on or off, as the person wishes; a repeat changes nothing but when."""
    values = {"is_on": on, "changed_at": at or clock.now()}
    statement = insert(ReviewHabit).values(person_id=person_id, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))


def is_asked(queue: Queue, waiting: Waiting, number: int) -> bool:
    """Return whether a question is due, and for the ``number``-th time: else the page is an old one."""
    return number == waiting.number and waiting in queue.due


def answer_question(
    visitor: Visitor, queue: Queue, waiting: Waiting, response: Any, grade: Grade, *, number: int, at: datetime | None = None
) -> int:
    """Return the id of the answer to a question of ``visitor``'s queue, with its card moved on; None is "I do not know".

    ``number`` is what the page said that it was. A second press, or a second tab, finds the first one's answer.
    """
    if not is_asked(queue, waiting, number):
        return answered_before(visitor, waiting, number)
    at = at or clock.now()
    card = recalled(waiting.card, queue.today, right=grade.correct is True)
    added = db.session.execute(
        insert(ReviewAnswer)
        .values(
            person_id=visitor.id,
            item_id=waiting.item_id,
            number=number,
            item_revision_id=waiting.pinned.id,
            module_id=waiting.module_id,
            revision_id=waiting.revision_id,
            class_id=waiting.class_id,
            edition_id=waiting.edition_id,
            language=waiting.language,
            response=response,
            points=grade.points,
            max_points=grade.maximum,
            answered_at=at,
            due_on=card.due_on,
        )
        .on_conflict_do_nothing()
        .returning(ReviewAnswer.id),
    ).scalar()
    if added is None:
        return answered_before(visitor, waiting, number)
    _keep(visitor, waiting, card, at)
    return added


def _keep(visitor: Visitor, waiting: Waiting, card: Card, at: datetime) -> None:
    values = {
        "step": card.step,
        "due_on": card.due_on,
        "answers": waiting.number,
        "last_at": at,
        "finished_at": at if card.is_finished else None,
    }
    statement = insert(ReviewCard).values(person_id=visitor.id, item_id=waiting.item_id, module_id=waiting.module_id, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=["person_id", "item_id"], set_=values))


def answered_before(visitor: Visitor, waiting: Waiting, number: int) -> int:
    """Return the answer that is there already; raise Conflict where the question is asked on another day."""
    found = db.session.scalar(
        select(ReviewAnswer.id).where(
            ReviewAnswer.person_id == visitor.id,
            ReviewAnswer.item_id == waiting.item_id,
            ReviewAnswer.number == number,
        ),
    )
    if found is None:
        raise Conflict(_("This question is not to be reviewed now. Your review page shows what is."))
    return found


def choice_of_review(person_id: int) -> OwnChoice:
    """Return how reviewing stands for a person, and how they switch it, on the page of their profile."""
    fields = {"next": "/account/profile"}
    if habit_of(person_id):
        text = _("Reviewing is on: questions that you answered wrong come back after 1, 3, 7 and 21 days.")
        return OwnChoice(_("Review"), text, _("Switch reviewing off"), "/review/habit", fields | {"wanted": "off"})
    text = _("Reviewing is off. Questions that you answered wrong can come back after 1, 3, 7 and 21 days; it never counts.")
    return OwnChoice(_("Review"), text, _("Switch reviewing on"), "/review/habit", fields | {"wanted": "on"})
