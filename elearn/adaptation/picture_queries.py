"""Questions about the pictures of a course."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.sql import Select

from elearn.adaptation.picture_decoding import SUFFIX
from elearn.adaptation.picture_models import CoursePicture
from elearn.catalogue.reading import Picture
from elearn.db import db


def pictures_of(course_id: int) -> dict[str, Picture]:
    """Return the pictures that texts of the course may show, by name; a removed one is among them, so that no text loses what it shows.

    What a page needs to show them stands in them, their bytes do not: a page has those fetched by address.
    """
    rows = db.session.execute(
        select(CoursePicture.name, CoursePicture.digest, CoursePicture.size, CoursePicture.width, CoursePicture.height).where(
            CoursePicture.course_id == course_id
        ),
    )
    return {row.name: Picture(row.name, row.digest, SUFFIX, b"", row.size, row.width, row.height) for row in rows}


def descriptions_of(course_id: int) -> Mapping[str, str]:
    """Return the long descriptions of the course's pictures by name, of those that have one."""
    described = select(CoursePicture.name, CoursePicture.description).where(CoursePicture.course_id == course_id)
    return {row.name: row.description for row in db.session.execute(described.where(CoursePicture.description != ""))}


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
