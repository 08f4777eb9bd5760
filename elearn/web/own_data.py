"""What a room keeps of a person, to be given back to them part by part and erased with them.

Each room that keeps something has a file ``own_data.py``; ``front/own_data.py`` lists them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import LazyString
from sqlalchemy import Select, func, select

from elearn.db import db

Line = Mapping[str, Any]
ROWS_AT_ONCE = 500


class Lines(Protocol):
    """The lines of a part: counted without being read, read without all being held. A list will do."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Line]: ...


@dataclass(frozen=True)
class Asked(Sized, Iterable[Line]):
    """Lines that are asked of the database when they are wanted, in batches."""

    question: Select[*tuple[Any, ...]]
    line: Callable[[Any], Line]

    def __len__(self) -> int:
        """Return how many lines there are; one statement."""
        return db.session.scalar(select(func.count()).select_from(self.question.order_by(None).subquery())) or 0

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines; one statement, of which few rows are held at a time."""
        for row in db.session.execute(self.question, execution_options={"yield_per": ROWS_AT_ONCE}):
            yield self.line(row)


@dataclass(frozen=True)
class Words:
    """What a part of a person's data is called, and what it means and is kept for."""

    title: LazyString
    meaning: LazyString


class OwnData(Protocol):
    """What a room's ``own_data.py`` holds."""

    @property
    def WORDS(self) -> Mapping[str, Words]:  # noqa: N802 (a constant)
        """The words for each part, by its key."""
        ...

    def export_of(self, person_id: int) -> Mapping[str, Lines]:
        """Return what is kept of the person, by part; nothing of anybody else, and no answer keys."""
        ...

    def forget(self, person_id: int) -> None:
        """Erase who the person was; what was done stays, so that figures and marks hold."""
        ...


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot delete their account yet, and where that can be changed."""

    words: str
    url: str
    label: str
