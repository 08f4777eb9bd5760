"""Passages that a course replaced, proposed to those whose text it was."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

_OPEN = text("state = 'open'")


class PassageProposal(Base):
    """A course's text of a section, proposed to the editors of the series or to the professors of the course it was adapted from."""

    __tablename__ = "passage_proposal"
    __table_args__ = (
        CheckConstraint("state in ('open','accepted','declined','withdrawn')", name="state"),
        # A section is proposed once at a time.
        Index("uq_passage_proposal_open", "course_id", "module_id", "section_key", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_passage_proposal_to", "to_course_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    section_key: Mapped[str] = mapped_column(String(80))
    section_title: Mapped[str] = mapped_column(String(200))
    #: everyone, teacher.
    audience: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    #: To whose professors; None: to the editors of the series.
    to_course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    #: The revision of the series on which the text stands, directly or through courses.
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    #: The edition of the upstream course on which the text stands.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: The section as upstream had it, and as it is proposed; neither ever changes.
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    #: Under which it is given.
    licence: Mapped[str] = mapped_column(String(40))
    #: How those who made it wish to be named.
    authors: Mapped[str] = mapped_column(String(300))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: open, accepted, declined, withdrawn.
    state: Mapped[str] = mapped_column(String(10), default="open")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What came of it where it was accepted: {overlay: number of the upstream course's changes that hold it}.
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
