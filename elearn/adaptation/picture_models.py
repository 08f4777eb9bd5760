"""The pictures that a course adds to those of the series."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class CoursePicture(Base):
    """A picture of a course under the name by which its texts call it; its bytes stand in ``blob``."""

    __tablename__ = "course_picture"
    #: A name is never used again, so that a text of any time shows what it meant.
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    #: What somebody is told who does not see it.
    alt: Mapped[str] = mapped_column(String(300))
    #: More of the same, where a sentence is not enough; may be empty.
    description: Mapped[str] = mapped_column(Text)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
    #: No longer offered; texts that name it show it all the same.
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
