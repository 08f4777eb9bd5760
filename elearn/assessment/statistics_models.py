"""What is kept of the marks of a class, so that statistics are read without its attempts. All of it can be made again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class QuizStatistics(Base):
    """The sums of marks of a class at one quiz: the first finished attempts of its students."""

    __tablename__ = "quiz_statistics"
    __table_args__ = (
        UniqueConstraint("class_id", "module_id", "revision_id", "form"),
        Index("ix_quiz_statistics_module_id", "module_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    #: Which items it asks, or draws from: quizzes of one revision and form are the same quiz.
    form: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    #: Of ``mark_sums.QuizSums``.
    sums: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The moment before the attempts were read.
    as_of: Mapped[datetime] = mapped_column(Instant)


class StatisticsSweep(Base):
    """Up to which mark the statistics are known to be fresh; one row."""

    __tablename__ = "statistics_sweep"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    mark_id: Mapped[int]
