"""Which units hold an institution: itself, those above it in its country, the country, and the areas of the country."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import CTE, BindParameter, bindparam, select

from elearn.accounts.models import Institution
from elearn.db import db
from elearn.reach.places import institution_unit, units_of_country

#: By institution, the keys of the units that hold it.
Units = dict[int, tuple[str, ...]]


def ladder(institution_ids: Collection[int] | BindParameter[Any] | None = None) -> CTE:
    """Return the pairs (``id``, ``above_id``) of each institution and every one that holds it in its country, itself included."""
    first = select(
        Institution.id.label("id"),
        Institution.id.label("above_id"),
        Institution.parent_id.label("next_id"),
        Institution.country.label("country"),
    )
    if institution_ids is not None:
        first = first.where(Institution.id.in_(institution_ids))
    steps = first.cte("ladder", recursive=True)
    # A union without ALL ends by itself where parents go round in a ring.
    return steps.union(
        select(steps.c.id, Institution.id, Institution.parent_id, Institution.country).join(
            steps, (Institution.id == steps.c.next_id) & (Institution.country == steps.c.country)
        ),
    )


# Built once: to build it costs more than to ask it.
_STEPS = ladder(bindparam("ids", expanding=True))
_UNITS = select(_STEPS.c.id, _STEPS.c.above_id, _STEPS.c.country)


def units_of_institutions(institution_ids: Collection[int]) -> Units:
    """Return, by institution, the keys of the units that hold it; one statement."""
    found: dict[int, list[str]] = {}
    countries: dict[int, str] = {}
    for row in db.session.connection().execute(_UNITS, {"ids": sorted(institution_ids)}):
        found.setdefault(row.id, []).append(institution_unit(row.above_id))
        countries[row.id] = row.country
    return {key: (*units, *units_of_country(countries[key])) for key, units in found.items()}


def know(institution_ids: Iterable[int], units: Units) -> None:
    """Have ``units`` hold the units of these institutions; at most one statement."""
    if missing := set(institution_ids) - units.keys():
        units.update(units_of_institutions(missing))
