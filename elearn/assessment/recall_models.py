"""The review queue: who wants it, where each question stands on its way back, and what was answered there."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class ReviewHabit(Base):
    """Whether a person wants questions to come back; without a row they were not asked yet."""

    __tablename__ = "review_habit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(Instant)


class ReviewCard(Base):
    """Where a question stands on its way back to a person: a summary of their review answers to it.

    It is first written when the person reviews the question; until then, and after a later wrong answer in a quiz, the marks say when it
    is due.
    """

    __tablename__ = "review_card"
    __table_args__ = (
        UniqueConstraint("person_id", "item_id"),
        CheckConstraint("(due_on is null) = (finished_at is not null)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    #: Which of the pauses it waits for, from 0; after the last it is finished.
    step: Mapped[int]
    due_on: Mapped[date | None]
    #: How often it was answered in review.
    answers: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class ReviewAnswer(Base):
    """What was answered in review: practice, which counts in no mark, no progress and no figure. Rows are added, never changed."""

    __tablename__ = "review_answer"
    __table_args__ = (
        # The number is on the form: a second press, or a second tab, finds the first one's answer.
        UniqueConstraint("person_id", "item_id", "number"),
        Index("ix_review_answer_item_revision_id", "item_revision_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    #: 1, 2, 3, … of this person and question.
    number: Mapped[int]
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    #: Where it was asked: on which revision of its module, and in which class; None: on the series.
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    language: Mapped[str] = mapped_column(String(20))
    #: Null: the person said that they do not know.
    response: Mapped[Any] = mapped_column(JSON)
    #: In 1/100,000 of a point.
    points: Mapped[int]
    max_points: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(Instant)
    #: The day on which the question was to come back after this; None: it was finished.
    due_on: Mapped[date | None]
