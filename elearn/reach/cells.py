"""Writing cells: many at once, sorted, in one statement."""

import json
from collections import Counter

from sqlalchemy import TextClause, text

from elearn.db import db

#: Period, figure, facet, unit.
Key = tuple[str, str, str, str]

CELLS_A_STATEMENT = 20_000
# One text whatever the number of rows, so that it is prepared once; both keep the order of the rows.
_ON_CONFLICT = "on conflict (period, figure, facet, unit) do update set count = reach_cell.count + excluded.count"
_SQLITE = text(
    "insert into reach_cell (period, figure, facet, unit, count) "  # noqa: S608 (constants)
    "select json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), json_extract(value, '$[3]'), "
    "json_extract(value, '$[4]') from json_each(:rows) where true " + _ON_CONFLICT,
)
_POSTGRESQL = text(
    "insert into reach_cell (period, figure, facet, unit, count) select * from unnest("  # noqa: S608 (constants)
    "cast(:periods as text[]), cast(:figures as text[]), cast(:facets as text[]), cast(:units as text[]), cast(:counts as int[])) "
    + _ON_CONFLICT,
)


def add(changes: Counter[Key]) -> None:
    """Add ``changes`` to the cells."""
    rows = sorted((*key, step) for key, step in changes.items() if step)
    for start in range(0, len(rows), CELLS_A_STATEMENT):
        statement, values = _upsert(rows[start : start + CELLS_A_STATEMENT])
        db.session.connection().execute(statement, values)


def _upsert(rows: list[tuple[str, str, str, str, int]]) -> tuple[TextClause, dict[str, object]]:
    if db.engine.dialect.name == "sqlite":
        return _SQLITE, {"rows": json.dumps(rows)}
    columns = ("periods", "figures", "facets", "units", "counts")
    return _POSTGRESQL, {name: list(values) for name, values in zip(columns, zip(*rows, strict=True), strict=True)}
