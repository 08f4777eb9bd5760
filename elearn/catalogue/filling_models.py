"""What a country puts into the slots of the series: written by professors, or with the series; it stands from a release on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class Filling(Base):
    """A text for a slot, as it was proposed. It never changes; a better one is another row."""

    __tablename__ = "filling"
    __table_args__ = (
        CheckConstraint("state in ('proposed','approved','declined','withdrawn')", name="state"),
        CheckConstraint("state <> 'approved' or release_id is not null", name="released"),
        Index("ix_filling_module_id_language_state", "module_id", "language", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(20))
    #: None: the slots of this name in every module; so is what comes with the series.
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    key: Mapped[str] = mapped_column(String(40))
    markdown: Mapped[str] = mapped_column(Text)
    #: Who is to be named; empty: the series.
    credit: Mapped[str] = mapped_column(String(200), default="")
    #: The text with its credit, rendered and cleaned.
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    #: None: it came with the series.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the editor said.
    word: Mapped[str] = mapped_column(Text, default="")
    #: With which it began to stand.
    release_id: Mapped[int | None] = mapped_column(ForeignKey("release.id"))
