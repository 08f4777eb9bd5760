"""Attempts, what was answered, how it was marked, and what a class sets for its quizzes."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
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
        Index("ix_attempt_class_id_module_id_finished_at", "class_id", "module_id", "finished_at"),
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
    #: By which rules it was begun, as far as they must not change under the hand: {feedback, penalty}.
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    #: An absolute moment, extension included; None: no limit.
    deadline_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    finish: Mapped[str | None] = mapped_column(String(20))
    #: In 1/100,000 of a point.
    points: Mapped[int | None]
    max_points: Mapped[int | None]
    #: How many of its answers still wait for a person to mark them: until then its points are points so far.
    pending_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: The highest sequence of its answers: who has waited for the attempt's lock sees by it whether the answers read are the newest.
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Answer(Base):
    """A response as it was saved; a changed mind is a new row with a higher sequence.

    A script names itself (``sender``) and numbers what it sends (``sent_sequence``), so that what is sent twice is saved once, while a
    second tab or device that knows nothing of the first one's numbers is still heard.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_revision_id", "sequence"),
        # The few that came late are found without a look at all the others.
        Index("ix_answer_late", "attempt_id", sqlite_where=text("is_late = 1"), postgresql_where=text("is_late")),
    )

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


class LateAcceptance(Base):
    """That a professor lets a late answer count."""

    __tablename__ = "late_acceptance"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), primary_key=True)
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime] = mapped_column(Instant)


class ItemTry(Base):
    """One look at whether an answer is right, where feedback comes at once: 1, 2, 3, … of an item in an attempt."""

    __tablename__ = "item_try"
    __table_args__ = (UniqueConstraint("attempt_id", "item_revision_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    number: Mapped[int]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"))
    is_right: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class Mark(Base):
    """What a response was given; a new judgement is a new row, and the newest of an attempt's item revision counts."""

    __tablename__ = "mark"
    __table_args__ = (
        CheckConstraint("cause in ('submit','person','late','regrade','undo')", name="cause"),
        # An attempt's marks, and of each item the newest.
        Index("ix_mark_attempt_id_item_revision_id_id", "attempt_id", "item_revision_id", "id"),
        Index("ix_mark_item_revision_id", "item_revision_id"),
        Index("ix_mark_regrade_id", "regrade_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answer.id"))
    #: In 1/100,000 of a point.
    points: Mapped[int]
    max_points: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    #: Whether the answer waits for a person; its points are none so far.
    is_pending: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: What brought this judgement about.
    cause: Mapped[str] = mapped_column(String(10), default="submit", server_default="submit")
    #: The item revision by whose key it was marked, where that is not the one that was asked.
    graded_revision_id: Mapped[int | None] = mapped_column(ForeignKey("item_revision.id"))
    regrade_id: Mapped[int | None]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    #: Of a person, to the student.
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: {criterion id: level id}
    rubric: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Why a person gave other points than the rubric's, or changed a mark; the student reads it.
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: How many tries the answer took; each after the first costs the attempt's penalty.
    tries: Mapped[int] = mapped_column(default=1, server_default=text("1"))


class QuizSetting(Base):
    """What a class sets for the quiz of a module; None: as its edition says."""

    __tablename__ = "quiz_setting"

    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    #: 0: no limit.
    minutes: Mapped[int | None]
    #: 0: as often as one likes.
    attempts: Mapped[int | None]
    grading: Mapped[str | None] = mapped_column(String(10))
    feedback: Mapped[str | None] = mapped_column(String(10))
    #: Per cent of the points that each further try costs.
    penalty: Mapped[int | None]
    #: {marks, answers, key}: from which moment on each is shown.
    review: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: Whether who marks sees no names.
    is_blind: Mapped[bool] = mapped_column(default=False)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class QuizExtension(Base):
    """What one student was given beyond the rules of a quiz."""

    __tablename__ = "quiz_extension"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    #: A later closing; None: as for all.
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    more_minutes: Mapped[int] = mapped_column(default=0)
    more_attempts: Mapped[int] = mapped_column(default=0)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime] = mapped_column(Instant)
