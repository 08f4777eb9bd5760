"""Who did what to whom, when: rows are added, never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.db import Base, Instant, db


class AuditEntry(Base):
    """One act that somebody may have to answer for."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    #: None: the operator, on the command line.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int | None]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    action: str,
    subject: str,
    subject_id: int | None,
    *,
    actor_id: int | None,
    institution_id: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Add an entry to the audit, within this unit of work."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=actor_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            institution_id=institution_id,
            details=details or {},
        ),
    )
