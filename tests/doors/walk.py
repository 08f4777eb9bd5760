"""Walks every route as everyone who might ask for it, for an object of each institution.

``professor`` is of the object's institution, ``other-professor`` of the other one; as there is a walk for an object of each, they change
places, and every expectation is tried twice.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import Rule

from tests.reader import Browser

#: Nobody of the cast stands there on that side.
NOBODY = "-"
#: By column of the table: who asks, for an object of Bruno's institution and for one of Dora's.
ASKING: dict[str, tuple[str | None, str | None]] = {
    "anonymous": (None, None),
    "deactivated": ("Hugo", "Hugo"),
    "student": ("Ana", "Emil"),
    "assistant": ("Ida", "Jon"),
    "professor": ("Bruno", "Dora"),
    "unconfirmed": ("Gita", NOBODY),
    "coordinator": ("Carla", "Faisal"),
    "regional": ("Rosa", NOBODY),
    "other-student": ("Emil", "Ana"),
    "other-assistant": ("Jon", "Ida"),
    "other-professor": ("Dora", "Bruno"),
    "other-unconfirmed": (NOBODY, "Gita"),
    "other-coordinator": ("Faisal", "Carla"),
    "other-regional": (NOBODY, "Rosa"),
    "editor": ("Edda", "Edda"),
    "programme": ("Root", "Root"),
}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE = Path(__file__).with_name("table.txt")
#: Statuses from here on are refusals.
REFUSED = "400"


@dataclass(frozen=True)
class Door:
    """A way of asking for something: a method and an endpoint."""

    method: str
    endpoint: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def doors(app: Flask) -> dict[Door, Rule]:
    """Return every door of the application, with the longest rule that leads to it."""
    found: dict[Door, Rule] = {}
    for rule in app.url_map.iter_rules():
        for method in METHODS:
            door = Door(method, rule.endpoint)
            if method in (rule.methods or ()) and (door not in found or len(rule.arguments) > len(found[door].arguments)):
                found[door] = rule
    return found


def table() -> dict[str, list[str]]:
    """Return what the table expects: by door, a status for each column of ``ASKING``."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            method, endpoint, *cells = line.split()
            assert f"{method} {endpoint}" not in rows, f"{method} {endpoint} stands twice"
            assert len(cells) == len(ASKING), f"{method} {endpoint}: {len(cells)} cells, not {len(ASKING)}"
            rows[f"{method} {endpoint}"] = cells
    return rows


def address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    """Return the rule's address for these objects; an argument nobody has given a value is a fault of the table."""
    with app.test_request_context():
        chosen: dict[str, object] = {
            name: options.split(",")[0].strip() for options, name in re.findall(r"<any\(([^)]*)\):(\w+)>", rule.rule)
        }
        for name in rule.arguments - chosen.keys() | (rule.arguments & {"suffix"}):
            chosen[name] = values.get(f"{rule.endpoint}.{name}", values.get(name))
            assert chosen[name] is not None, f"{rule.endpoint}: tests/doors/world.py has no {name}"
        path = app.url_map.bind("localhost").build(rule.endpoint, chosen, method=next(iter(rule.methods or {"GET"}), "GET"))
    # Where the object is named behind the question mark.
    asked = values.get(f"{rule.endpoint}?")
    return f"{path}?{urlencode(asked)}" if asked else path


def asked(app: Flask, who: int | None, door: Door, path: str) -> int:
    """Return the status with which ``path`` answers this person; forms are sent empty but for their token."""
    browser = Browser.of(app, who)
    fields = {} if door.method == "GET" else {"csrf_token": browser.csrf_token}
    return browser.client.open(path, method=door.method, data=fields or None).status_code
