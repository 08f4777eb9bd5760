"""The doors of the review queue: a person's own answers and questions, and nobody else's."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from elearn.accounts.permissions import Visitor
from elearn.assessment.recall_models import ReviewAnswer
from elearn.assessment.recall_queries import Queue, Waiting, habit_of, queue_of
from elearn.db import db, table
from elearn.errors import Conflict, NotFound


@dataclass(frozen=True)
class GivenAnswer:
    """An answer that somebody gave in review."""

    id: int
    item_id: int
    number: int
    item_revision_id: int
    module_id: int
    revision_id: int
    class_id: int | None
    edition_id: int | None
    language: str
    response: Any
    points: int
    max_points: int
    due_on: date | None


_ANSWER = table(ReviewAnswer)
_COLUMNS = (
    "id",
    "item_id",
    "number",
    "item_revision_id",
    "module_id",
    "revision_id",
    "class_id",
    "edition_id",
    "language",
    "response",
    "points",
    "max_points",
    "due_on",
)
# Built once: putting a statement together takes ten times as long as running it.
_BY_ID = select(*(_ANSWER.c[name] for name in _COLUMNS)).where(
    _ANSWER.c.id == bindparam("answer_id"),
    _ANSWER.c.person_id == bindparam("person_id"),
)


def review_answer_for_reading(visitor: Visitor, answer_id: int) -> GivenAnswer:
    """Return ``visitor``'s answer, in one statement; not there and somebody else's are the same."""
    row = db.session.execute(_BY_ID, {"answer_id": answer_id, "person_id": visitor.id}).first()
    if row is None:
        raise NotFound
    return GivenAnswer(*row)


def question_for_answering(visitor: Visitor, item_id: int) -> tuple[Queue, Waiting]:
    """Return ``visitor``'s queue and a question of it, due or not; what never came to them as a wrong answer is not there."""
    if not habit_of(visitor.id):
        raise Conflict(_("You have switched reviewing off. Switch it on to go on with it."))
    queue = queue_of(visitor)
    waiting = queue.waiting(item_id)
    if waiting is None:
        raise NotFound
    return queue, waiting
