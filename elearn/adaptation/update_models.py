"""Updates from upstream that a course does not take now."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class PutOffUpdate(Base):
    """Up to which text upstream's updates of a module are not offered any more; a newer one is offered again."""

    __tablename__ = "put_off_update"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("module_revision.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
