"""How many a unit has of what is counted, asked when it is wanted."""

from collections.abc import Callable
from functools import cache

from sqlalchemy import select

from elearn.db import db
from elearn.reach.models import Cell
from elearn.reach.periods import Period
from elearn.reach.places import WORLD_UNIT, Cut
from elearn.reach.queries import counts


def number_in(period: Period, what: str, facet: str = "") -> Callable[[str], int]:
    """Return a function that says how many ``what`` (learners, professors) a unit has in a period; a statement for each unit, once."""

    @cache
    def of(unit: str) -> int:
        if period.key is not None:
            asked = (Cell.period == period.key, Cell.figure == what, Cell.facet == facet, Cell.unit == unit)
            return db.session.scalar(select(Cell.count).where(*asked)) or 0
        kind, _, key = unit.partition(":")
        return counts(period, Cut(facet=facet) if unit == WORLD_UNIT else Cut(kind, key, facet)).own.get(what, 0)

    return of
