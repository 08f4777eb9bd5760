"""Which institutions may read and adapt the published editions of a course."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class CourseSharing(Base):
    """With whom a course is shared; no row: it never was."""

    __tablename__ = "course_sharing"
    __table_args__ = (CheckConstraint("audience in ('nobody','named','all')", name="audience"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    #: nobody (any more), named institutions, all.
    audience: Mapped[str] = mapped_column(String(10))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SharedWith(Base):
    """An institution that is named for a course; it counts while the course is shared with named ones."""

    __tablename__ = "course_shared_with"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True, index=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(Instant)
