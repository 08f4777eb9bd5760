"""Marking answers again after a correction: what was decided and why, and what it does to each attempt."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

#: The states in which a regrade holds.
STANDS = ("running", "done")


class Regrade(Base):
    """One decision to mark the answers to an item again, in one class, in the classes of a course, or everywhere.

    ``draft``: it is being counted (``counts`` is None), or waits for a yes. From ``running`` on it holds: also for attempts of the same
    item that are submitted later. ``undoing`` and ``undone``: every mark is what it was before.
    """

    __tablename__ = "regrade"
    __table_args__ = (
        CheckConstraint("scope in ('class','course','programme')", name="scope"),
        CheckConstraint("(scope = 'class') = (class_id is not null)", name="class"),
        CheckConstraint("(scope = 'course') = (course_id is not null)", name="course"),
        CheckConstraint("policy in ('new-key','accept-both','only-raise','full-marks','void')", name="policy"),
        CheckConstraint("state in ('draft','running','done','undoing','undone')", name="state"),
        Index("ix_regrade_module_id", "module_id"),
        Index(
            "ix_regrade_standing",
            "item_id",
            sqlite_where=text("state in ('running','done')"),
            postgresql_where=text("state in ('running','done')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    scope: Mapped[str] = mapped_column(String(10))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    policy: Mapped[str] = mapped_column(String(20))
    #: The corrected item, by whose key answers are marked; None: the policy needs no key.
    new_revision_id: Mapped[int | None] = mapped_column(ForeignKey("item_revision.id"))
    #: For the log, and for the students whom it concerns.
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: What the dry run found: {attempts, people, changed, up, down, passes, fails}; None: it is not through.
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    counted_at: Mapped[datetime | None] = mapped_column(Instant)
    applied_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: When somebody said yes: regrades of an item hold in this order.
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undo_reason: Mapped[str] = mapped_column(Text, default="")
    job_id: Mapped[int | None]


class RegradeLine(Base):
    """What a regrade does to one item of one attempt: computed by the dry run, applied as a new mark, and undone as another one."""

    __tablename__ = "regrade_line"
    __table_args__ = (Index("ix_regrade_line_attempt_id", "attempt_id"), {"sqlite_with_rowid": False})

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrade.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"), primary_key=True)
    mark_before_id: Mapped[int] = mapped_column(ForeignKey("mark.id"))
    #: None: not applied, or there was nothing to change.
    mark_after_id: Mapped[int | None] = mapped_column(ForeignKey("mark.id"))
    #: Of the item, in 1/100,000 of a point.
    points_before: Mapped[int]
    max_before: Mapped[int]
    points_after: Mapped[int]
    max_after: Mapped[int]
    is_changed: Mapped[bool]
    #: Of the whole attempt.
    total_before: Mapped[int]
    out_of_before: Mapped[int]
    total_after: Mapped[int]
    out_of_after: Mapped[int]
    passed_before: Mapped[bool]
    passed_after: Mapped[bool]
    #: Whether the whole is better (1), worse (-1) or as good as before (0).
    turn: Mapped[int]
    #: The attempt was submitted after the regrade was applied: nobody ever saw the mark before.
    is_later: Mapped[bool] = mapped_column(default=False, server_default=false())
