"""What upstream has newer for courses, and what changed in words. Few statements, however many courses."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from elearn.adaptation.base_queries import BaseRef
from elearn.adaptation.models import Course, CourseModule, CourseProfessor, Edition, EditionModule, Overlay
from elearn.adaptation.sharing_queries import not_shared_any_more
from elearn.adaptation.update_models import PutOffUpdate
from elearn.catalogue.models import Module, ModuleRevision, ModuleText, Release
from elearn.catalogue.module_check import version_key
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class ReleaseNote:
    """What a newer text says of itself."""

    #: Of the series: a version; of another course: the number of its edition.
    version: str
    on: datetime
    #: Empty: an edition, which says nothing of itself.
    words: str
    #: The course whose edition it is; empty: the series.
    course: str = ""


@dataclass(frozen=True)
class Offer:
    """A module of a course whose base has something newer, or is not published any more."""

    course_id: int
    module_id: int
    slug: str
    title: str
    #: What the module stands on.
    base: BaseRef
    #: None: withdrawn; upstream does not have the module any more, and the course stays as it is.
    newer: BaseRef | None
    #: The newest first.
    notes: tuple[ReleaseNote, ...]
    #: Whether somebody said "not now" to just this one.
    is_put_off: bool
    #: Whether the base is an edition of a course that is not shared any more: the course stays as it is.
    is_ended: bool = False

    @property
    def pin(self) -> str:
        """The newer text, for forms."""
        ref = self.newer
        return "" if ref is None else f"e{ref.edition_id}" if ref.edition_id else f"r{ref.revision_id}"


def offers_of(course: Course) -> tuple[Offer, ...]:
    """Return what upstream has newer for the modules of a course, in its order."""
    return offers([course]).get(course.id, ())


def offers(courses: Sequence[Course]) -> dict[int, tuple[Offer, ...]]:
    """Return by course what upstream has newer for its modules; eight statements at most, one where there is nothing newer."""
    return _offers(_lines([course.id for course in courses])) if courses else {}


@dataclass(frozen=True)
class CourseWithUpdates:
    """A course for which upstream has something newer that nobody put off."""

    id: int
    title: str


def courses_with_updates(person_id: int) -> list[CourseWithUpdates]:
    """Return those of the courses that the person may change, the newest first."""
    lines = _lines(select(CourseProfessor.course_id).where(CourseProfessor.person_id == person_id))
    found, titles = _offers(lines), {line.course_id: line.course for line in lines}
    open_to = [course_id for course_id, each in found.items() if any(offer.newer and not offer.is_put_off for offer in each)]
    return [CourseWithUpdates(course_id, titles[course_id]) for course_id in sorted(open_to, reverse=True)]


def _offers(lines: Sequence[Any]) -> dict[int, tuple[Offer, ...]]:
    newest = _newest_of_series(lines) | _newest_editions({line.base_edition_id for line in lines if line.base_edition_id})
    ended = not_shared_any_more((line.course_id, line.base_edition_id) for line in lines if line.base_edition_id)
    newest_for = {line: None if (line.course_id, line.base_edition_id) in ended else newest.get(_place(line)) for line in lines}
    moved = [(line, there) for line, there in newest_for.items() if there is None or there.is_newer]
    if not moved:
        return {}
    revisions = _revisions({line.module_id for line, there in moved if there})
    put_off = _put_off({line.course_id for line, _ in moved})
    lost = {line.module_id: line.revision_id for line, there in moved if there is None}
    titles = _titles(lost) if lost else {}
    found: dict[int, list[Offer]] = {}
    for line, there in moved:
        title = there.title(line.language) if there else titles.get((line.module_id, line.language), line.slug)
        ref = there.ref if there else None
        notes = there.notes(line.revision_id, revisions.get(line.module_id, [])) if there else ()
        dull = ref is not None and put_off.get((line.course_id, line.module_id)) == ref
        base = BaseRef(line.module_id, line.base_revision_id or 0, line.base_edition_id or 0)
        over = (line.course_id, line.base_edition_id) in ended
        found.setdefault(line.course_id, []).append(Offer(line.course_id, line.module_id, line.slug, title, base, ref, notes, dull, over))
    return {course_id: tuple(each) for course_id, each in found.items()}


@dataclass(frozen=True)
class _Newest:
    """The newest text of a module upstream."""

    ref: BaseRef
    is_newer: bool
    #: By language; under the empty key the one for all others.
    titles: Mapping[str, str]
    revision_id: int
    #: Of a course: the editions since the base, the newest first.
    editions: tuple[ReleaseNote, ...] = ()

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles[""]

    def notes(self, from_id: int, revisions: Sequence[Any]) -> tuple[ReleaseNote, ...]:
        return (*self.editions, *_notes(revisions, from_id, self.revision_id))


def _place(line: Any) -> tuple[int, int]:
    """Return what tells on which text a module of a course stands: the module, with an edition, or (below 0) a revision."""
    return line.module_id, line.base_edition_id or -line.base_revision_id


def _lines(course_ids: Collection[int] | Select[int]) -> Sequence[Any]:
    """Return the modules of the courses, each with the base of its newest changes."""
    newest = select(func.max(Overlay.id)).where(Overlay.course_id.in_(course_ids)).group_by(Overlay.course_id, Overlay.module_id)
    return db.session.execute(
        select(
            Overlay.course_id, Overlay.module_id, Overlay.base_edition_id, Overlay.base_revision_id, Module.slug,
            Course.title.label("course"), Course.language,
            func.coalesce(Overlay.base_revision_id, EditionModule.revision_id).label("revision_id"),
        )
        .join(CourseModule, (CourseModule.course_id == Overlay.course_id) & (CourseModule.module_id == Overlay.module_id))
        .join(Course, Course.id == Overlay.course_id)
        .join(Module, Module.id == Overlay.module_id)
        .outerjoin(
            EditionModule, (EditionModule.edition_id == Overlay.base_edition_id) & (EditionModule.module_id == Overlay.module_id)
        )
        .where(Overlay.id.in_(newest))
        .order_by(Overlay.course_id, CourseModule.position, CourseModule.module_id),
    ).all()  # fmt: skip


def _newest_of_series(lines: Sequence[Any]) -> dict[tuple[int, int], _Newest]:
    series = current_series()
    there = {module.module_id: module for module in series.modules}
    found = {}
    for line in lines:
        module = there.get(line.module_id)
        if module is not None and line.base_revision_id:
            titles = {language: text.title for language, text in module.texts.items()}
            titles[""] = module.text(series.source, series.source).title
            ref = BaseRef(line.module_id, module.revision.id)
            found[_place(line)] = _Newest(ref, line.base_revision_id != module.revision.id, titles, module.revision.id)
    return found


def _newest_editions(ids: Collection[int]) -> dict[tuple[int, int], _Newest]:
    """Return the newest texts of modules that stand in these editions, by module and edition."""
    if not ids:
        return {}
    upstream = select(Edition.course_id).where(Edition.id.in_(ids))
    since: dict[int, list[Any]] = {}
    for row in db.session.execute(
        select(Edition.id, Edition.course_id, Edition.number, Edition.title, Edition.published_at)
        .where(Edition.course_id.in_(upstream))
        .order_by(Edition.course_id, Edition.number.desc()),
    ):
        since.setdefault(row.course_id, []).append(row)
    modules = _modules_in({*ids, *(editions[0].id for editions in since.values())})
    found = {}
    for editions in since.values():
        for base in [edition for edition in editions if edition.id in ids]:
            later = [edition for edition in editions if edition.number > base.number]
            for module_id in modules.get(base.id, {}).keys() & modules.get(editions[0].id, {}).keys():
                found[module_id, base.id] = _newest_edition(modules[base.id][module_id], modules[editions[0].id][module_id], later)
    return found


def _modules_in(edition_ids: Collection[int]) -> dict[int, dict[int, Any]]:
    """Return the modules of editions, by edition and module."""
    columns = (EditionModule.edition_id, EditionModule.module_id, EditionModule.overlay_id, EditionModule.revision_id, EditionModule.title)
    found: dict[int, dict[int, Any]] = {}
    for row in db.session.execute(select(*columns).where(EditionModule.edition_id.in_(edition_ids))):
        found.setdefault(row.edition_id, {})[row.module_id] = row
    return found


def _newest_edition(before: Any, now: Any, later: Sequence[Any]) -> _Newest:
    notes = tuple(ReleaseNote(str(edition.number), edition.published_at, "", edition.title) for edition in later)
    # An edition in which another module changed has nothing new for this one.
    is_newer = (before.overlay_id, before.revision_id) != (now.overlay_id, now.revision_id)
    return _Newest(BaseRef(now.module_id, 0, now.edition_id), is_newer, {"": now.title}, now.revision_id, notes)


def _revisions(module_ids: Collection[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in db.session.execute(
        select(
            ModuleRevision.id, ModuleRevision.module_id, ModuleRevision.number, ModuleRevision.version, ModuleRevision.changes,
            Release.released_at,
        )
        .join(Release, Release.id == ModuleRevision.release_id)
        .where(ModuleRevision.module_id.in_(module_ids))
        .order_by(ModuleRevision.number.desc()),
    ):  # fmt: skip
        found.setdefault(row.module_id, []).append(row)
    return found


def _notes(revisions: Sequence[Any], from_id: int, to_id: int) -> tuple[ReleaseNote, ...]:
    """Return what the series says of all its versions after a revision up to another, the newest first."""
    by_id = {row.id: row for row in revisions}
    before, now = by_id.get(from_id), by_id.get(to_id)
    if before is None or now is None or now.number <= before.number:
        return ()
    dates = {row.version: row.released_at for row in revisions}
    between = [v for v in now.changes if version_key(before.version) < version_key(v) <= version_key(now.version)]
    # A version that was never published by itself came with the newest one.
    return tuple(ReleaseNote(v, dates.get(v, now.released_at), now.changes[v]) for v in sorted(between, key=version_key, reverse=True))


def _put_off(course_ids: Collection[int]) -> dict[tuple[int, int], BaseRef]:
    rows = db.session.scalars(select(PutOffUpdate).where(PutOffUpdate.course_id.in_(course_ids)))
    return {(row.course_id, row.module_id): BaseRef(row.module_id, row.revision_id or 0, row.edition_id or 0) for row in rows}


def _titles(lost: Mapping[int, int]) -> dict[tuple[int, str], str]:
    """Return the titles of modules as revisions have them, by module and language."""
    rows = db.session.execute(
        select(ModuleRevision.module_id, ModuleText.language, ModuleText.title)
        .join(ModuleText, ModuleText.revision_id == ModuleRevision.id)
        .where(ModuleRevision.id.in_(lost.values())),
    )
    return {(row.module_id, row.language): row.title for row in rows}
