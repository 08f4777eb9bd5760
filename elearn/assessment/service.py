"""Saving answers in an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, update
from sqlalchemy import insert as core_insert

from elearn import clock
from elearn.assessment.answers import Saved, Sent, new_answers, standing
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.models import Answer, Attempt
from elearn.assessment.queries import laid_items
from elearn.assessment.responses import Given, read_given
from elearn.assessment.try_service import check_not_settled
from elearn.db import db, table
from elearn.errors import Conflict

#: An attempt holds so many answers and changed minds; a script that never ends fills no disk.
MOST_ANSWERS = 5000


# Built once: putting a statement together takes ten times as long as running it.
_INSERT_ANSWERS = core_insert(table(Answer)).returning(
    *(table(Answer).c[name] for name in ("item_revision_id", "sequence", "response", "sender", "sent_sequence", "id")),
)
_COUNT_ON = update(table(Attempt)).where(table(Attempt).c.id == bindparam("attempt")).values(sequence=bindparam("reached"))


@dataclass(frozen=True)
class Kept:
    """What became of answers that were sent: what now stands by item revision, and the ids of the items whose answers came too late."""

    standing: Mapping[int, Saved]
    late: frozenset[int] = frozenset()
    #: The highest sequence of the attempt's answers.
    sequence: int = 0


def save_answers(attempt: OwnAttempt, given: Sequence[Given], *, sender: str = "", at: datetime | None = None) -> Kept:
    """Return what became of what was ``given``: it is appended, all of it, or nothing.

    The attempt is locked. What was sent before, and what stands already, is not saved again. What comes after the deadline is kept as
    late: unmarked, until a professor accepts it.
    """
    at = at or clock.now()
    is_late = attempt.finished_at is not None or attempt.is_due(at)
    items = laid_items(attempt.layout)
    sent = read_given(items, given)
    added = new_answers(attempt.saved, sent, sender)
    if not added:
        # Also of an attempt that was submitted meanwhile: its acknowledgement was lost on the way.
        return _kept(attempt.saved, sent, is_late=is_late)
    if attempt.finish == "submitted":
        raise Conflict(_("This attempt is submitted. Its answers can no longer be changed."))
    # Late ones, too: what is right was seen by then.
    if attempt.is_immediate:
        check_not_settled(attempt, items, added)
    if added[-1].sequence > MOST_ANSWERS:
        raise Conflict(_("This attempt holds more changes than can be kept. What was saved before stays. Please submit it."))
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
                "saved_at": at,
                "is_late": is_late,
            }
            for answer in added
        ],
    )
    db.session.execute(_COUNT_ON, {"attempt": attempt.id, "reached": added[-1].sequence})
    new = [replace(Saved(*row), is_late=is_late, counts=not is_late) for row in rows]
    return _kept([*attempt.saved, *new], sent, is_late=is_late)


def _kept(saved: Sequence[Saved], sent: Sequence[Sent], *, is_late: bool) -> Kept:
    newest = {answer.item_revision_id: answer for answer in sorted(saved, key=lambda answer: answer.sequence)}
    late = {each.item_revision_id for each in sent if each.item_revision_id in newest and newest[each.item_revision_id].is_late}
    return Kept(standing(saved), frozenset(late) if is_late else frozenset(), max((answer.sequence for answer in saved), default=0))
