"""Two texts of a module of a course, to be laid side by side: the course's, its base's, upstream's, an edition's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from elearn.adaptation.base_queries import BaseRef, base_of
from elearn.adaptation.compare_text_queries import Compared, Text, compared_texts
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course, Edition, EditionModule
from elearn.adaptation.update_queries import offers_of
from elearn.db import db
from elearn.errors import NotFound


@dataclass(frozen=True)
class Side:
    """A text that can be compared: how forms call it, and where it stands."""

    name: str
    #: base, upstream, edition or mine.
    kind: str
    #: Of an edition: which; of the series: 0.
    number: int
    ref: BaseRef | None


def sides_of(course: Course, module: AdaptedModule) -> tuple[Side, ...]:
    """Return what a module of a course can be compared with: the course's own text, its base, upstream's newest, its editions."""
    found = [Side("mine", "mine", 0, None), Side("base", "base", 0, module.base.ref)]
    offer = next((offer for offer in offers_of(course) if offer.module_id == module.module_id), None)
    if offer and offer.newer:
        found.append(Side("upstream", "upstream", 0, offer.newer))
    rows = db.session.execute(
        select(Edition.id, Edition.number)
        .join(EditionModule, EditionModule.edition_id == Edition.id)
        .where(Edition.course_id == course.id, EditionModule.module_id == module.module_id)
        .order_by(Edition.number.desc())
        .limit(50),
    )
    found += [Side(f"edition-{row.number}", "edition", row.number, BaseRef(module.module_id, 0, row.id)) for row in rows]
    return tuple(found)


def side_called(sides: Sequence[Side], name: str) -> Side:
    """Return the text of this name; raise NotFound where there is none."""
    for side in sides:
        if side.name == name:
            return side
    raise NotFound


def compared(course: Course, module: AdaptedModule, before: Side, after: Side, *, confirmed: bool) -> Compared:
    """Return two texts of a module side by side; what is for teachers only where the reader is ``confirmed`` as one."""
    one, two = _text(course, module, before), _text(course, module, after)
    return compared_texts(one, two, course.language, confirmed=confirmed)


def _text(course: Course, module: AdaptedModule, side: Side) -> Text:
    if side.ref is None:
        return Text(module.source, module.base.revision_id)
    base = base_of(side.ref, course.language)
    return Text(base.source, base.revision_id)
