"""Which courses institutions share with each other. Whoever is not named reads nothing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from elearn.accounts.models import Institution
from elearn.adaptation.models import Course, CourseProfessor, Edition, EditionModule, Overlay
from elearn.adaptation.sharing_models import CourseSharing, SharedWith
from elearn.catalogue.models import Module
from elearn.db import db, name_holds

#: So many institutions are shown to whoever searches one by name.
MOST_FOUND = 20


def shared_with(course_id: Any, institution_ids: Collection[int] | Any) -> ColumnElement[bool]:
    """Return the condition that a course is shared with one of these institutions, and its own is there."""
    owner, home = aliased(Course), aliased(Institution)
    named = (SharedWith.course_id == CourseSharing.course_id) & SharedWith.institution_id.in_(institution_ids)
    asked = (
        select(CourseSharing.course_id)
        .join(owner, owner.id == CourseSharing.course_id)
        .join(home, (home.id == owner.institution_id) & (home.state == "confirmed"))
        .outerjoin(SharedWith, named)
        .where(CourseSharing.course_id == course_id)
        .where((CourseSharing.audience == "all") | ((CourseSharing.audience == "named") & SharedWith.course_id.is_not(None)))
    )
    return exists(asked.correlate_except(CourseSharing, SharedWith, owner, home))


def not_shared_any_more(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those pairs of a course and an edition it stands on whose upstream course gives it nothing newer; one statement.

    Whoever may change both courses needs no sharing.
    """
    asked = set(pairs)
    if not asked:
        return set()
    here, there = aliased(CourseProfessor), aliased(CourseProfessor)
    both = exists(
        select(here.person_id)
        .join(there, there.person_id == here.person_id)
        .where(here.course_id == Course.id, there.course_id == Edition.course_id)
        .correlate(Course, Edition),
    )
    rows = db.session.execute(
        select(Course.id, Edition.id)
        .join(Edition, Edition.id.in_({edition_id for _, edition_id in asked}))
        .where(Course.id.in_({course_id for course_id, _ in asked}), or_(shared_with(Edition.course_id, [Course.institution_id]), both)),
    )
    return asked - {(row[0], row[1]) for row in rows}


@dataclass(frozen=True)
class Sharing:
    """With whom a course is shared."""

    #: nobody, named, all.
    audience: str = "nobody"
    #: When that was said; None: never.
    changed_at: datetime | None = None
    #: The named institutions, by name.
    institutions: tuple[Any, ...] = ()


def sharing_of(course_id: int) -> Sharing:
    """Return with whom a course is shared; two statements."""
    row = db.session.get(CourseSharing, course_id)
    if row is None:
        return Sharing()
    named = db.session.execute(
        select(Institution.id, Institution.name, Institution.country)
        .join(SharedWith, SharedWith.institution_id == Institution.id)
        .where(SharedWith.course_id == course_id)
        .order_by(Institution.name_key, Institution.id),
    ).all()
    return Sharing(row.audience, row.changed_at, tuple(named))


def institutions_found(course_id: int, words: str) -> Sequence[Any]:
    """Return institutions whose name holds ``words`` and that are not named for the course yet."""
    named = select(SharedWith.institution_id).where(SharedWith.course_id == course_id)
    return db.session.execute(
        select(Institution.id, Institution.name, Institution.country)
        .where(Institution.state == "confirmed", Institution.id.not_in(named), name_holds(Institution, words))
        .order_by(Institution.name_key, Institution.id)
        .limit(MOST_FOUND),
    ).all()


@dataclass(frozen=True)
class Adapter:
    """An institution of which courses stand on a course's editions."""

    institution: str
    courses: int


def adapters_of(course_id: int) -> list[Adapter]:
    """Return who adapts a course: how many courses of which institution, by name; never who or what in them."""
    newest = select(func.max(Overlay.id)).group_by(Overlay.course_id, Overlay.module_id).scalar_subquery()
    rows = db.session.execute(
        select(Institution.name, func.count(Course.id.distinct()))
        .join(Course, Course.institution_id == Institution.id)
        .join(Overlay, Overlay.course_id == Course.id)
        .join(Edition, Edition.id == Overlay.base_edition_id)
        .where(Edition.course_id == course_id, Course.id != course_id, Overlay.id.in_(newest))
        .group_by(Institution.id, Institution.name, Institution.name_key)
        .order_by(Institution.name_key),
    )
    return [Adapter(name, number) for name, number in rows]


@dataclass(frozen=True)
class SharedCourse:
    """A course that is shared, as its newest edition has it: nothing of it that is not published."""

    course_id: int
    edition_id: int
    number: int
    title: str
    language: str
    licence: str
    authors: str
    published_at: datetime
    institution_id: int
    institution: str
    country: str


def newest_editions() -> Any:
    """Return the question of the newest editions of courses, with where they are from."""
    later = aliased(Edition)
    last = select(func.max(later.id)).where(later.course_id == Edition.course_id).correlate(Edition).scalar_subquery()
    return (
        select(
            Edition.course_id, Edition.id, Edition.number, Edition.title, Edition.language, Edition.licence, Edition.authors,
            Edition.published_at, Course.institution_id, Institution.name, Institution.country,
        )
        .join(Course, Course.id == Edition.course_id)
        .join(Institution, Institution.id == Course.institution_id)
        .where(Edition.id == last)
    )  # fmt: skip


def _asked(institution_ids: Collection[int], asked: dict[str, str], series_licence: str) -> Any:
    found = newest_editions().where(shared_with(Edition.course_id, institution_ids))
    if words := asked.get("q"):
        inside = exists(
            select(EditionModule.module_id)
            .where(EditionModule.edition_id == Edition.id, EditionModule.title.icontains(words, autoescape=True)),
        )  # fmt: skip
        found = found.where(Edition.title.icontains(words, autoescape=True) | name_holds(Institution, words) | inside)
    if asked.get("language"):
        found = found.where(Edition.language == asked["language"])
    if asked.get("module"):
        has = select(EditionModule.edition_id).join(Module, Module.id == EditionModule.module_id).where(Module.slug == asked["module"])
        found = found.where(Edition.id.in_(has))
    if licence := asked.get("licence"):
        found = found.where(Edition.licence.in_([licence, ""] if licence == series_licence else [licence]))
    return found


def count_of_shared(institution_ids: Collection[int], asked: dict[str, str], series_licence: str) -> int:
    """Return how many courses are shared with one of these institutions and fit what is asked for."""
    return db.session.scalar(select(func.count()).select_from(_asked(institution_ids, asked, series_licence).subquery())) or 0


@dataclass(frozen=True)
class SharedLine:
    """A course in the list of those that are shared."""

    course: SharedCourse
    modules: tuple[str, ...]


def shared_lines(institution_ids: Collection[int], asked: dict[str, str], series_licence: str, limit: int, offset: int) -> list[SharedLine]:
    """Return some of them, what was published last first; two statements."""
    rows = db.session.execute(
        _asked(institution_ids, asked, series_licence).order_by(Edition.published_at.desc(), Edition.id.desc()).limit(limit).offset(offset),
    )
    courses = [SharedCourse(*row) for row in rows]
    titles: dict[int, list[str]] = {}
    for row in db.session.execute(
        select(EditionModule.edition_id, EditionModule.title)
        .where(EditionModule.edition_id.in_([course.edition_id for course in courses]))
        .order_by(EditionModule.position),
    ):
        titles.setdefault(row.edition_id, []).append(row.title)
    return [SharedLine(course, tuple(titles.get(course.edition_id, ()))) for course in courses]


def modules_shared(institution_ids: Collection[int]) -> list[tuple[str, str]]:
    """Return (slug, title) of the modules that stand in some course shared with one of these institutions."""
    rows = db.session.execute(
        select(Module.slug, func.min(EditionModule.title))
        .join(EditionModule, EditionModule.module_id == Module.id)
        .join(Edition, Edition.id == EditionModule.edition_id)
        .where(shared_with(Edition.course_id, institution_ids))
        .group_by(Module.slug)
        .order_by(func.min(EditionModule.title), Module.slug),
    )
    return [(slug, title) for slug, title in rows]
