"""What is being written: the text of a section of a course before it is saved into the course."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class SectionDraft(Base):
    """The one draft of a section that all professors of its course write on; it may hold faults.

    The row stays when the draft is saved or discarded, so that its version never begins anew: whoever has an older one is told so.
    """

    __tablename__ = "section_draft"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: Goes up with every change.
    version: Mapped[int]
    #: False: it was saved into the course or discarded, and says nothing any more.
    is_open: Mapped[bool]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    #: The state of the course's changes whose text it was begun on, or was brought together with.
    overlay_number: Mapped[int]
    #: What the last button took away, until something is written: {title, text, overlay_number, is_open}.
    former: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(Instant)
