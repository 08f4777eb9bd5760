"""Questions about tries: which answers somebody had checked where feedback comes at once."""

from sqlalchemy import bindparam, select

from elearn.assessment.models import ItemTry
from elearn.db import db, table

_TRY = table(ItemTry)
_TRIES = (
    select(_TRY.c.item_revision_id, _TRY.c.answer_id, _TRY.c.is_right)
    .where(_TRY.c.attempt_id == bindparam("attempt_id"))
    .order_by(_TRY.c.item_revision_id, _TRY.c.number)
)


def tries_in(attempt_id: int) -> dict[int, tuple[int, ...]]:
    """Return the ids of the answers that were checked, in order, by item revision."""
    return {item: tuple(answer for answer, _right in rows) for item, rows in looks_in(attempt_id).items()}


def looks_in(attempt_id: int) -> dict[int, list[tuple[int, bool]]]:
    """Return each look at whether an answer was right, in order, by item revision: the answer's id, and what was seen."""
    found: dict[int, list[tuple[int, bool]]] = {}
    for row in db.session.execute(_TRIES, {"attempt_id": attempt_id}):
        found.setdefault(row.item_revision_id, []).append((row.answer_id, row.is_right))
    return found
