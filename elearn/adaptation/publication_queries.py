"""What courses have changed since their newest edition. Few statements, however many courses and modules."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from elearn.adaptation.models import Course, CourseModule, Edition, EditionModule, EditionSection, Overlay
from elearn.db import db


@dataclass(frozen=True)
class Unpublished:
    """What the newest edition of a course does not say yet."""

    #: None: nothing was published yet.
    edition: Edition | None
    #: Modules whose text changed, modules that are new in the course, titles of those that are gone.
    changed: frozenset[int] = frozenset()
    added: frozenset[int] = frozenset()
    gone: tuple[str, ...] = ()
    #: Whether the order, a week or a weight is another one.
    arranged: bool = False
    renamed: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether publishing would make the same edition again."""
        return self.edition is not None and not (self.changed or self.added or self.gone or self.arranged or self.renamed)


@dataclass(frozen=True)
class Place:
    """A module in a course as it stands."""

    module_id: int
    week: int | None
    weight: int
    overlay_id: int


def unpublished_of(courses: Sequence[Course]) -> dict[int, Unpublished]:
    """Return what courses have changed since their newest edition; five statements at most."""
    if not courses:
        return {}
    ids = [course.id for course in courses]
    newest = select(func.max(Overlay.id)).where(Overlay.course_id.in_(ids)).group_by(Overlay.course_id, Overlay.module_id)
    places: dict[int, list[Place]] = {}
    for row in db.session.execute(
        select(CourseModule, Overlay.id)
        .join(Overlay, (Overlay.course_id == CourseModule.course_id) & (Overlay.module_id == CourseModule.module_id))
        .where(Overlay.id.in_(newest))
        .order_by(CourseModule.position, CourseModule.module_id),
    ):
        place = Place(row.CourseModule.module_id, row.CourseModule.week, row.CourseModule.weight, row.id)
        places.setdefault(row.CourseModule.course_id, []).append(place)
    return unpublished({course: places.get(course.id, []) for course in courses})


def unpublished(known: Mapping[Course, Sequence[Place]]) -> dict[int, Unpublished]:
    """Return the same where the modules are known; three statements at most."""
    editions = _newest_editions([course.id for course in known])
    modules = _modules_of([edition.id for edition in editions.values()])
    compared = {
        overlay_id
        for course, places in known.items()
        if course.id in editions
        for place in places
        if (there := modules[editions[course.id].id].get(place.module_id)) and there.overlay_id != place.overlay_id
        for overlay_id in (there.overlay_id, place.overlay_id)
    }
    states = _states(compared)
    found = {}
    for course, places in known.items():
        edition = editions.get(course.id)
        found[course.id] = _compared(course, places, edition, modules[edition.id], states) if edition else Unpublished(None)
    return found


def _newest_editions(course_ids: Collection[int]) -> dict[int, Edition]:
    newest = select(func.max(Edition.id)).where(Edition.course_id.in_(course_ids)).group_by(Edition.course_id)
    return {edition.course_id: edition for edition in db.session.scalars(select(Edition).where(Edition.id.in_(newest)))}


def _modules_of(edition_ids: Collection[int]) -> dict[int, dict[int, Any]]:
    """Return the modules of editions in their order, by edition and module."""
    found: dict[int, dict[int, Any]] = {edition_id: {} for edition_id in edition_ids}
    columns = (EditionModule.edition_id, EditionModule.module_id, EditionModule.overlay_id, EditionModule.week, EditionModule.weight)
    asked = select(*columns, EditionModule.title).where(EditionModule.edition_id.in_(edition_ids)).order_by(EditionModule.position)
    for row in db.session.execute(asked) if edition_ids else ():
        found[row.edition_id][row.module_id] = row
    return found


def _states(overlay_ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Return what overlays say, by number of the row: what is said twice is the same, though it be another row."""
    ids = sorted(overlay_ids)
    asked = select(Overlay.id, Overlay.changes, Overlay.base_revision_id, Overlay.base_edition_id).where(Overlay.id.in_(ids))
    rows = db.session.execute(asked) if ids else ()
    return {row.id: (row.changes, row.base_revision_id, row.base_edition_id) for row in rows}


def _compared(
    course: Course, places: Sequence[Place], edition: Edition, modules: Mapping[int, Any], states: Mapping[int, tuple[Any, ...]]
) -> Unpublished:
    here = {place.module_id: place for place in places}
    both = [module_id for module_id in modules if module_id in here]
    changed = {
        module_id
        for module_id in both
        if (was := modules[module_id].overlay_id) != (now := here[module_id].overlay_id) and states[was] != states[now]
    }
    before = [(module_id, modules[module_id].week, modules[module_id].weight) for module_id in both]
    after = [(place.module_id, place.week, place.weight) for place in places if place.module_id in modules]
    return Unpublished(
        edition,
        frozenset(changed),
        frozenset(here.keys() - modules.keys()),
        tuple(row.title for module_id, row in modules.items() if module_id not in here),
        before != after,
        edition.title != course.title,
    )


def published_keys(course_id: int, module_id: int) -> set[str]:
    """Return the keys of all sections that students of a course ever read in a module: another section must not take over their marks."""
    here = (Edition.course_id == course_id, EditionSection.module_id == module_id)
    return set(
        db.session.scalars(select(EditionSection.key).join(Edition, Edition.id == EditionSection.edition_id).where(*here).distinct())
    )
