"""Through which courses a module's text came down: an edition may stand on another course's edition, and that one on a third."""

from dataclasses import dataclass

from sqlalchemy import func, select

from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.models import Edition, EditionModule, Overlay
from elearn.db import db

#: Further up nobody looks: each step is a course of somebody's.
HIGHEST = 40


@dataclass(frozen=True)
class Place:
    """A module in an edition."""

    module_id: int
    edition_id: int

    @property
    def ref(self) -> BaseRef:
        """The same as a text on which courses stand."""
        return BaseRef(self.module_id, 0, self.edition_id)


def courses_above(place: Place) -> set[int]:
    """Return the courses from which a module in an edition came, as it was published or as they stand now; two statements a step."""
    found: set[int] = set()
    seen: set[int] = set()
    asked = {place.edition_id}
    for _step in range(HIGHEST):
        rows = db.session.execute(
            select(Edition.course_id, Overlay.base_edition_id)
            .join(EditionModule, EditionModule.edition_id == Edition.id)
            .join(Overlay, Overlay.id == EditionModule.overlay_id)
            .where(Edition.id.in_(asked), EditionModule.module_id == place.module_id),
        ).all()
        newest = (
            select(func.max(Overlay.id))
            .where(Overlay.course_id.in_({row.course_id for row in rows}), Overlay.module_id == place.module_id)
            .group_by(Overlay.course_id)
        )
        now = db.session.scalars(select(Overlay.base_edition_id).where(Overlay.id.in_(newest))).all()
        seen |= asked
        found |= {row.course_id for row in rows}
        asked = {each for each in (*(row.base_edition_id for row in rows), *now) if each} - seen
        if not asked:
            break
    return found
