"""The table of jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

WRONG = "error <> ''"
UNFINISHED = "state in ('queued','running')"


class Job(Base):
    """A piece of work, from when it was asked for until it is swept away."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('queued','running','done','failed')", name="state"),
        CheckConstraint("(state = 'running') = (held_until is not null)", name="held"),
        Index("ix_job_due", "due_at", "id", sqlite_where=text(UNFINISHED), postgresql_where=text(UNFINISHED)),
        Index("uq_job_unfinished_key", "key", unique=True, sqlite_where=text(UNFINISHED), postgresql_where=text(UNFINISHED)),
        Index("ix_job_key", "key", "id"),
        Index("ix_job_wrong", "finished_at", sqlite_where=text(WRONG), postgresql_where=text(WRONG)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    #: What it is about ("regrade:7"): one such job is unfinished at a time. None: any number may be.
    key: Mapped[str | None] = mapped_column(String(100))
    #: It comes round by itself, so often: a single row that is queued again each time.
    seconds: Mapped[int | None]
    #: It was asked for once more while it ran, by somebody whose changes it may not have seen: it is run again.
    again: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Not before.
    due_at: Mapped[datetime] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)
    #: So long it belongs to ``worker``, who renews it; afterwards it is anybody's.
    held_until: Mapped[datetime | None] = mapped_column(Instant)
    #: Another name for each try: what an earlier one writes down late changes nothing.
    worker: Mapped[str] = mapped_column(String(80), default="")
    tries: Mapped[int] = mapped_column(default=0)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: What went wrong last; where in the program stands below its first line.
    error: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
