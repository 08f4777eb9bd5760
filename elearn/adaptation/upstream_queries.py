"""What the modules of a course stand on, in words, and whether upstream has something newer; four statements at most, however many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course, Edition, EditionModule
from elearn.adaptation.sharing_queries import not_shared_any_more
from elearn.adaptation.update_models import PutOffUpdate
from elearn.catalogue.models import ModuleRevision
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class Upstream:
    """How a module of a course stands to its base."""

    #: What its text stands on: a version of the series, or an edition of another course.
    name: str
    #: Whether there is something newer that nobody put off.
    has_update: bool
    #: Whether upstream does not have the module any more.
    is_withdrawn: bool
    #: Whether it is an edition of a course that is not shared any more, so that nothing newer comes.
    is_ended: bool = False


def upstream_of(course: Course, modules: Sequence[AdaptedModule]) -> dict[int, Upstream]:
    """Return by module how it stands to its base."""
    of_series = [module for module in modules if not module.base.ref.edition_id]
    of_courses = [module for module in modules if module.base.ref.edition_id]
    found = _of_series(of_series) | (_of_courses(of_courses) if of_courses else {})
    newer = {module_id for module_id, (_name, now) in found.items() if now not in {_HERE, _GONE}}
    put_off = _put_off(course.id) if newer else {}
    pairs = {module.module_id: (course.id, module.base.ref.edition_id) for module in of_courses}
    over = not_shared_any_more(pairs.values())
    ended = {module_id for module_id, pair in pairs.items() if pair in over}
    return {
        module_id: Upstream(
            name,
            module_id in newer - ended and put_off.get(module_id) != now,
            now == _GONE and module_id not in ended,
            module_id in ended,
        )
        for module_id, (name, now) in found.items()
    }


#: What upstream has instead: (revision, edition), one of them 0.
_Now = tuple[int, int]
_HERE: _Now = (0, 0)
_GONE: _Now = (-1, -1)


def _of_series(modules: Sequence[AdaptedModule]) -> dict[int, tuple[str, _Now]]:
    series = {module.module_id: module.revision for module in current_series().modules}
    versions = {revision.id: revision.version for revision in series.values()}
    older = [module.base.ref.revision_id for module in modules if module.base.ref.revision_id not in versions]
    if older:
        rows = db.session.execute(select(ModuleRevision.id, ModuleRevision.version).where(ModuleRevision.id.in_(older)))
        versions |= {row.id: row.version for row in rows}
    found = {}
    for module in modules:
        newest, mine = series.get(module.module_id), module.base.ref.revision_id
        now = _GONE if newest is None else _HERE if newest.id == mine else (newest.id, 0)
        found[module.module_id] = (_("version %(version)s of the series", version=versions[mine]), now)
    return found


def _of_courses(modules: Sequence[AdaptedModule]) -> dict[int, tuple[str, _Now]]:
    base, newest, later = aliased(EditionModule), aliased(EditionModule), aliased(Edition)
    last = select(func.max(later.id)).where(later.course_id == Edition.course_id).correlate(Edition).scalar_subquery()
    rows: dict[tuple[int, int], Any] = {}
    for row in db.session.execute(
        select(
            base.edition_id,
            base.module_id,
            base.overlay_id,
            base.revision_id,
            Edition.title,
            Edition.number,
            newest.edition_id.label("now_id"),
            newest.overlay_id.label("now_overlay_id"),
            newest.revision_id.label("now_revision_id"),
        )
        .join(Edition, Edition.id == base.edition_id)
        .outerjoin(newest, (newest.module_id == base.module_id) & (newest.edition_id == last))
        .where(base.edition_id.in_([module.base.ref.edition_id for module in modules])),
    ):
        rows[row.edition_id, row.module_id] = row
    found = {}
    for module in modules:
        row = rows[module.base.ref.edition_id, module.module_id]
        same = (row.overlay_id, row.revision_id) == (row.now_overlay_id, row.now_revision_id)
        now = _GONE if row.now_id is None else _HERE if same else (0, row.now_id)
        found[module.module_id] = (_("edition %(number)s of “%(course)s”", number=row.number, course=row.title), now)
    return found


def _put_off(course_id: int) -> dict[int, _Now]:
    rows = db.session.scalars(select(PutOffUpdate).where(PutOffUpdate.course_id == course_id))
    return {row.module_id: (row.revision_id or 0, row.edition_id or 0) for row in rows}
