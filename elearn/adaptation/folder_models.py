"""Folders of courses that were sent back, until they are used."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

#: How long a folder that was sent waits to be used.
UPLOAD_WAITS = timedelta(days=1)


class CourseUpload(Base):
    """A course's folder as it was sent, between its preview and its use; its bytes go once it is used, or a day later."""

    __tablename__ = "course_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
