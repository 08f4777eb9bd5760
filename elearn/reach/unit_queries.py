"""How many a unit has of what is counted, asked when it is wanted."""

from collections.abc import Callable, Collection
from functools import cache

from sqlalchemy import select

from elearn.db import db
from elearn.reach.models import Cell
from elearn.reach.periods import Period
from elearn.reach.places import WORLD_UNIT, Cut
from elearn.reach.queries import counts


def number_in(period: Period, what: str, facet: str = "", *, units: Collection[str] = ()) -> Callable[[str], int]:
    """Return a function that says how many ``what`` (learners, professors) a unit has in a period.

    Where counters keep the period, the numbers of ``units`` are asked by one statement; of any other unit by one of its own, once.
    """
    here = (Cell.period == period.key, Cell.figure == what, Cell.facet == facet)
    asked = select(Cell.unit, Cell.count.label("number")).where(*here, Cell.unit.in_(units))
    known = {row.unit: row.number for row in db.session.execute(asked)} if units and period.key is not None else {}

    @cache
    def of(unit: str) -> int:
        if period.key is not None:
            if unit in units:
                return known.get(unit, 0)
            return db.session.scalar(select(Cell.count).where(*here, Cell.unit == unit)) or 0
        kind, _, key = unit.partition(":")
        return counts(period, Cut(facet=facet) if unit == WORLD_UNIT else Cut(kind, key, facet)).own.get(what, 0)

    return of
