"""All that is kept of a person, room by room: how much it is, written out, and erased."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _

from elearn import clock
from elearn.accounts import own_data as accounts
from elearn.adaptation import own_data as adaptation
from elearn.assessment import own_data as assessment
from elearn.catalogue import own_data as catalogue
from elearn.jobs import own_data as jobs
from elearn.learning import own_data as learning
from elearn.problems import own_data as problems
from elearn.reach import own_data as reach
from elearn.web.own_data import Lines, Obstacle, OwnData, Words

#: From the bottom of the house to its top. A room that keeps something of people is one line more.
ROOMS: tuple[OwnData, ...] = (accounts, jobs, catalogue, adaptation, learning, problems, assessment, reach)
#: What may keep an account from being deleted.
OBSTACLES = (accounts.obstacles, learning.obstacles)
#: What is locked, in the order in which people's own acts lock it: nobody waits for somebody who waits for them.
HOLDS = (assessment.hold, learning.hold, accounts.hold)

FORMAT = "elearn-own-data"
VERSION = 1


@dataclass(frozen=True)
class Part:
    """A part of what is kept of a person."""

    key: str
    words: Words
    lines: Lines


def parts_of(person_id: int) -> list[Part]:
    """Return what is kept of a person, part by part; their lines are read when they are wanted."""
    return [Part(key, room.WORDS[key], lines) for room in ROOMS for key, lines in room.export_of(person_id).items()]


def written_out(person_id: int, site: str) -> Iterator[str]:
    """Yield the text of a JSON document of all that is kept of a person, a line of a part at a time."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": clock.now(),
        "site": site,
        "about": _(
            "All that this site keeps of you. Each part says what it means. Moments are in UTC (ISO 8601). "
            "What others wrote, and the right answers of quizzes, are not yours and are not here."
        ),
    }
    yield _json(head)[:-2] + ',\n  "parts": {'
    for number, part in enumerate(parts_of(person_id)):
        yield ("," if number else "") + f"\n    {_json(part.key)}: "
        words = _json({"title": str(part.words.title), "meaning": str(part.words.meaning)})
        yield _indented(words[:-2], 4) + ',\n      "lines": ['
        empty = True
        for line in part.lines:
            yield ("" if empty else ",") + "\n        " + _indented(_json(line), 8)
            empty = False
        yield "]\n    }" if empty else "\n      ]\n    }"
    yield "\n  }\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_written)


def _indented(text: str, by: int) -> str:
    # In JSON a line break within a text is written as two letters: each one here is ours.
    return text.replace("\n", "\n" + " " * by)


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    message = f"nothing is known of how to write {type(value)}"
    raise TypeError(message)


def obstacles_of(person_id: int) -> list[Obstacle]:
    """Return what keeps a person's account from being deleted."""
    return [obstacle for obstacles in OBSTACLES for obstacle in obstacles(person_id)]


def hold(person_id: int) -> None:
    """Lock all that a person's own acts would change; raise NotFound where the account is deleted already."""
    for held in HOLDS:
        held(person_id)


def forget(person_id: int) -> None:
    """Erase the person in every room, the rooms above first: they may ask those below who it was."""
    for room in reversed(ROOMS):
        room.forget(person_id)
