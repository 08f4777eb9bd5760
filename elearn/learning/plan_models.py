"""Plans of classes: every save is a row of its own, so that everything can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class ClassPlan(Base):
    """How a class is taught a module, as one save left it; the one with the highest number counts. Rows are added, never changed."""

    __tablename__ = "class_plan"
    __table_args__ = (UniqueConstraint("class_id", "module_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    #: From 1.
    number: Mapped[int]
    #: The number of the plan to which undoing this one leads; 0: the structure as its author wrote it; -1: it is undone already.
    former: Mapped[int]
    #: The class structure that it was made from.
    section_key: Mapped[str] = mapped_column(String(80))
    #: See ``plan_states.Settings``, ``planning.Entry`` and ``plan_states.Draw``.
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    draw: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: What the save did, such as ``move``.
    act: Mapped[str] = mapped_column(String(20))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
