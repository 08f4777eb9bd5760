"""The door to the editions that a class may be moved to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Edition
from elearn.db import db
from elearn.errors import NotFound
from elearn.learning.access import TaughtClass, class_for_running

#: The newest of a course that can be chosen from a list.
MOST_LISTED = 50


@dataclass(frozen=True)
class MovableClass:
    """A class, and the editions of its course, the newest first."""

    taught: TaughtClass
    editions: Sequence[Edition]

    def edition(self, edition_id: int) -> Edition:
        """Return one of the editions; any other is not there."""
        found = next((each for each in self.editions if each.id == edition_id), None)
        if found is None:
            raise NotFound
        return found


def class_for_moving(visitor: Visitor, class_id: int) -> MovableClass:
    """Return a class that the visitor runs, with the editions of its course."""
    taught = class_for_running(visitor, class_id)
    editions = db.session.scalars(
        select(Edition).where(Edition.course_id == taught.edition.course_id).order_by(Edition.number.desc()).limit(MOST_LISTED),
    ).all()
    return MovableClass(taught, editions)
