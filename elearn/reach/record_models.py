"""Teaching and events outside the platform: what was reported, in versions, and who did what with it."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class ReachRecord(Base):
    """A version of a record: it never changes but for its state; a correction is the next version."""

    __tablename__ = "reach_record"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("state in ('draft','claimed','verified','validated','sent-back','withdrawn')", name="state"),
        CheckConstraint("overlap in ('unknown','disjoint','within','same-as-class')", name="overlap"),
        CheckConstraint("people is null or people >= 0", name="people"),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("counts_on between first_day and last_day", name="counts_on"),
        Index("ix_reach_record_counts_on_state", "counts_on", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What people call it, in all its versions.
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    audience: Mapped[str] = mapped_column(String(40))
    #: None: not stated.
    people: Mapped[int | None]
    #: approximately, more-than; empty: exact.
    word: Mapped[str] = mapped_column(String(15), default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    #: Of ``same-as-class``.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"))
    #: ISO 3166-1 alpha-2, and UN M49.
    countries: Mapped[list[str]] = mapped_column(JSON)
    areas: Mapped[list[str]] = mapped_column(JSON)
    #: How many it names without saying which; None: not stated.
    countries_count: Mapped[int | None]
    universities_count: Mapped[int | None]
    regions_count: Mapped[int | None]
    #: Slugs of the series' modules.
    modules: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(20), default="")
    first_day: Mapped[date]
    last_day: Mapped[date]
    #: The day on which it counts: its last, unless the programme chose another of its days.
    counts_on: Mapped[date]
    overlap: Mapped[str] = mapped_column(String(15))
    #: Of ``within`` the code of the record that holds it; else for the reader only.
    overlap_with: Mapped[str] = mapped_column(String(40), default="")
    #: Where it was published, or what else proves it.
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10))
    #: None: the operator of the site, on the command line.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
