"""Beginning an attempt."""

import secrets
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.assessment.access import QuizPlace
from elearn.assessment.attempt_access import GRACE
from elearn.assessment.attempt_queries import begun_in_class, begun_practice
from elearn.assessment.models import Attempt
from elearn.assessment.queries import drawn
from elearn.assessment.submit_service import close_attempt
from elearn.db import db, dialect, insert, table
from elearn.errors import Conflict

SEEDS = 2**31


def new_seed() -> int:
    """Return the seed that a new attempt's order and questions are drawn from."""
    return secrets.randbelow(SEEDS)


def start_attempt(visitor: Visitor, place: QuizPlace, *, at: datetime | None = None) -> int:
    """Return the id of ``visitor``'s open attempt at the quiz: the one there is, or else a new one.

    A second press finds the first one's attempt, also when both come at once: the database knows one open attempt only. One whose time
    is over is closed first.
    """
    at = at or clock.now()
    place.check_open(at)
    begun = place.begun.open
    if begun is not None:
        if begun.deadline_at is None or at <= begun.deadline_at + GRACE:
            return begun.id
        close_attempt(begun.id, at=at)
    if place.allowed and len(place.begun.lines) >= place.allowed:
        message = ngettext(
            "You have used the one attempt that this quiz allows.",
            "You have used all %(num)s attempts that this quiz allows.",
            place.allowed,
        )
        raise Conflict(message)
    found = _begin(visitor, place, at) or _open_id(visitor, place)
    if found is None:
        raise Conflict(_("This attempt was begun and submitted in another tab meanwhile. Please look at the quiz again."))
    return found


@cache
def _insert(name: str) -> Any:
    """Return the insert of an attempt, which returns its id if there is no open one; built once: that takes longer than running it."""
    return insert(Attempt, name).on_conflict_do_nothing().returning(table(Attempt).c.id)


def _begin(visitor: Visitor, place: QuizPlace, at: datetime) -> int | None:
    """Return the id of a new attempt; None where another press has begun one at the same moment."""
    seed = new_seed()
    attempt = {
        "person_id": visitor.id,
        "class_id": place.class_id,
        "edition_id": place.edition_id,
        "enrolment_id": place.desk.seat.enrolment_id if place.desk and place.class_id else None,
        "module_id": place.module_id,
        "revision_id": place.revision_id,
        "number": max((line.number for line in place.begun.lines), default=0) + 1,
        "language": place.language,
        "seed": seed,
        "layout": drawn(place.item_revision_ids, place.draw, place.language, seed),
        "rules": {"feedback": place.rules.feedback, "penalty": place.rules.penalty},
        "started_at": at,
        "deadline_at": place.rules.deadline(at),
    }
    return db.session.execute(_insert(dialect()), attempt).scalar()


def _open_id(visitor: Visitor, place: QuizPlace) -> int | None:
    """Return the open attempt that another press has begun meanwhile."""
    if place.desk is None:
        begun = begun_practice(visitor.id, place.module_id)
    else:
        seat = place.desk.seat
        preview = seat.edition.id if place.is_preview else None
        begun = begun_in_class(seat.class_id, place.module_id, visitor.id, seat.enrolment_id, preview_of=preview)
    return begun.open.id if begun.open else None
