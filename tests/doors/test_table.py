"""Every route × every role × an object of one's own and a foreign one: the status that ``table.txt`` says, and a row for every route."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from tests.applications import close, make_app
from tests.cast import Cast
from tests.conftest import House, _template
from tests.doors import walk
from tests.doors.walk import ASKING, NOBODY, REFUSED, Door
from tests.doors.world import SIDES, make_world, objects

#: Who may enter is decided by the same code on every database; what that asks of them is tested where it stands.
pytestmark = pytest.mark.pages
ROWS = walk.table()


@contextmanager
def fresh(house: House) -> Iterator[Flask]:
    """An application on a copy of the world of doors."""
    _template(house, "doors", make_world)
    name = house.copy("doors")
    app = make_app(house.url(name))
    try:
        yield app
    finally:
        close(app)
        house.drop(name)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    present = {str(door) for door in walk.doors(app)}
    assert present == set(ROWS), "write a row in tests/doors/table.txt for each new route; a wrong row prints what it found"


@pytest.mark.parametrize("row", sorted(ROWS))
def test_everyone_gets_what_the_table_says(house: House, row: str) -> None:
    method, endpoint = row.split()
    found = [observed(house, Door(method, endpoint), side) for side in (0, 1)]
    columns = list(ASKING)
    wrong = [
        f"{columns[place]} at {institution}: {statuses[place]}, not {expected}"
        for place, expected in enumerate(ROWS[row])
        for institution, statuses in zip(SIDES, found, strict=True)
        if statuses[place] not in {expected, NOBODY}
    ]
    assert not wrong, f"{len(wrong)} wrong: {wrong[:4]}; found:\n{row} {' '.join(map(both, *found))}"


def both(one: str, other: str) -> str:
    """Return what was found on both sides, for the table; "200/404" where they differ, as no row may."""
    seen = sorted({one, other} - {NOBODY})
    return "/".join(seen)


def observed(house: House, door: Door, side: int) -> list[str]:
    """Return the status that each column gets for an object of one side."""
    statuses: list[str] = []
    asking = [people[side] for people in ASKING.values()]
    while len(statuses) < len(asking):
        # Who is let in may change what the next one finds: they get a world of their own.
        with fresh(house) as app:
            with app.app_context():
                cast = Cast.found()
                path = walk.address(app, walk.doors(app)[door], objects(cast, list(SIDES)[side]))
            for name in asking[len(statuses) :]:
                status = NOBODY if name == NOBODY else str(walk.asked(app, cast.people[name] if name else None, door, path))
                statuses.append(status)
                if door.method != "GET" and status < REFUSED and status != NOBODY:
                    break
    return statuses
