"""Attempts, what was answered, and how it was marked."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class Attempt(Base):
    """One go at a quiz; it keeps the item revisions it began with."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("class_id is null or edition_id is not null", name="place"),
        CheckConstraint("(class_id is null) = (enrolment_id is null)", name="enrolment"),
        CheckConstraint("(finish is null) = (finished_at is null)", name="finish"),
        CheckConstraint("finish in ('submitted','closed')", name="finish_kind"),
        Index(
            "uq_attempt_open_in_class",
            "person_id",
            "class_id",
            "module_id",
            unique=True,
            sqlite_where=text("finished_at is null and class_id is not null"),
            postgresql_where=text("finished_at is null and class_id is not null"),
        ),
        Index(
            "uq_attempt_open_practice",
            "person_id",
            "module_id",
            unique=True,
            sqlite_where=text("finished_at is null and edition_id is null"),
            postgresql_where=text("finished_at is null and edition_id is null"),
        ),
        Index(
            "uq_attempt_open_preview",
            "person_id",
            "edition_id",
            "module_id",
            unique=True,
            sqlite_where=text("finished_at is null and class_id is null and edition_id is not null"),
            postgresql_where=text("finished_at is null and class_id is null and edition_id is not null"),
        ),
        Index("ix_attempt_person_id_module_id_class_id", "person_id", "module_id", "class_id"),
        Index("ix_attempt_class_id_module_id", "class_id", "module_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: None: practice, or with an edition the preview of those who teach it; neither is ever counted.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: The seat in the class from which it was begun.
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    number: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    #: The order of items and choices is drawn from it.
    seed: Mapped[int]
    #: [[item revision id, [choice ids in order]], …]
    layout: Mapped[list[Any]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(Instant)
    #: An absolute moment, extension included; None: no limit.
    deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    finish: Mapped[str | None] = mapped_column(String(20))
    #: In 1/100,000 of a point.
    points: Mapped[int | None]
    max_points: Mapped[int | None]


class Answer(Base):
    """A response as it was saved; a changed mind is a new row with a higher sequence.

    A script names itself (``sender``) and numbers what it sends (``sent_sequence``), so that what is sent twice is saved once, while a
    second tab or device that knows nothing of the first one's numbers is still heard.
    """

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("attempt_id", "item_revision_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    #: 1, 2, 3, … within the attempt: the order in which answers were saved. The highest of an item is the one that stands.
    sequence: Mapped[int]
    sender: Mapped[str] = mapped_column(String(40), default="")
    sent_sequence: Mapped[int | None]
    #: What the item type made of it; null: taken back.
    response: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    #: Saved after the deadline: kept, unmarked.
    is_late: Mapped[bool] = mapped_column(default=False)


class Mark(Base):
    """What a response was given; a new judgement is a new row."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_attempt_id", "attempt_id"), Index("ix_mark_item_revision_id", "item_revision_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"))
    #: In 1/100,000 of a point.
    points: Mapped[int]
    max_points: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
