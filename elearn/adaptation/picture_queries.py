"""Questions about the pictures of a course."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.sql import Select

from elearn.adaptation.models import Edition, Overlay
from elearn.adaptation.picture_decoding import SUFFIX
from elearn.adaptation.picture_models import CoursePicture
from elearn.catalogue.passages import Desk
from elearn.catalogue.reading import Picture
from elearn.db import db


@dataclass(frozen=True)
class CoursePictures:
    """What texts of a course may show beside the pictures of the series."""

    pictures: Mapping[str, Picture]
    #: Long descriptions by name, of those that have one.
    descriptions: Mapping[str, str]

    def beside(self, desk: Desk, sections: Collection[str]) -> Desk:
        """Return the desk for texts of the course, which has these sections."""
        own = desk.beside(sections, self.pictures)
        return replace(own, context=replace(own.context, descriptions=self.descriptions))


def course_pictures(course_id: int) -> CoursePictures:
    """Return the pictures that texts of the course may show; a removed one is among them, so that no text loses what it shows.

    Where the course stands on another's edition, whose texts show that one's pictures, those are among them too. What a page needs to show
    them stands in them, their bytes do not: a page has those fetched by address.
    """
    courses = [course_id, *_upstream(course_id)]
    rows = db.session.execute(
        select(
            CoursePicture.course_id,
            CoursePicture.name,
            CoursePicture.digest,
            CoursePicture.size,
            CoursePicture.width,
            CoursePicture.height,
            CoursePicture.description,
        ).where(CoursePicture.course_id.in_(courses)),
    ).all()
    # The nearest course has the word on a name.
    nearest = {row.name: row for row in sorted(rows, key=lambda row: courses.index(row.course_id), reverse=True)}
    pictures = {name: Picture(name, row.digest, SUFFIX, b"", row.size, row.width, row.height) for name, row in nearest.items()}
    return CoursePictures(pictures, {name: row.description for name, row in nearest.items() if row.description})


def pictures_of(course_id: int) -> dict[str, Picture]:
    """Return the pictures that texts of the course may show, by name."""
    return dict(course_pictures(course_id).pictures)


def _upstream(course_id: int) -> list[int]:
    """Return the courses on whose editions this one stands, the nearest first."""
    found: list[int] = []
    asked = [course_id]
    while asked:
        rows = db.session.scalars(
            select(Edition.course_id).join(Overlay, Overlay.base_edition_id == Edition.id).where(Overlay.course_id.in_(asked)).distinct(),
        )
        asked = sorted({each for each in rows if each not in {course_id, *found}})
        found.extend(asked)
    return found


def _offered(course_id: int, words: str) -> Select[CoursePicture]:
    offered = select(CoursePicture).where(CoursePicture.course_id == course_id, CoursePicture.removed_at.is_(None))
    if words:
        offered = offered.where(CoursePicture.alt.icontains(words, autoescape=True) | CoursePicture.name.icontains(words, autoescape=True))
    return offered


def count_of_pictures(course_id: int, words: str = "") -> int:
    """Return how many pictures the course offers to its texts, whose name or alternative text holds ``words``."""
    return db.session.scalar(select(func.count()).select_from(_offered(course_id, words).subquery())) or 0


def pictures_listed(course_id: int, words: str, *, offset: int, size: int) -> list[CoursePicture]:
    """Return some of them, the newest first."""
    rows = _offered(course_id, words).order_by(CoursePicture.added_at.desc(), CoursePicture.id.desc())
    return list(db.session.scalars(rows.offset(offset).limit(size)))


def name_of_course_picture(digest: str) -> str | None:
    """Return what a picture of some course with this digest is called, also of one that was removed: editions that show it stay."""
    return db.session.scalar(select(CoursePicture.name).where(CoursePicture.digest == digest).limit(1))
