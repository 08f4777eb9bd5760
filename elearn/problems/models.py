"""Reports of problems with a passage, and what was said and done about them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

LONGEST_PASSAGE = 4000


class ProblemReport(Base):
    """What a reader says is wrong with a passage; it stays attached to the revision it was made on.

    Of a reader without an account nothing is kept but their words.
    """

    __tablename__ = "problem_report"
    __table_args__ = (
        CheckConstraint("kind in ('fact','link','hard','language','accessibility','other')", name="kind"),
        CheckConstraint("state in ('open','answered','mended','no-fault')", name="state"),
        CheckConstraint("audience in ('everyone','teacher')", name="audience"),
        CheckConstraint("(state = 'mended') = (mended_by_id is not null)", name="mended"),
        Index("ix_problem_report_module_id_section_key", "module_id", "section_key", "state"),
        Index("ix_problem_report_class_id_state", "class_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    section_key: Mapped[str] = mapped_column(String(80))
    section_title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(10))
    #: The class in which it was read; None: in the series.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"))
    #: The course whose words they are, where a course put something else there; None: the series'.
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), index=True)
    #: The passage: its place among the section's, a digest of its words, and these as they were; None: the page as a whole.
    passage_place: Mapped[int | None]
    passage_digest: Mapped[str] = mapped_column(String(64), default="")
    passage: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Whether the reporter wishes to be told by mail.
    wants_mail: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="open")
    #: The revision that mends it; of a course's words, the one on which the edition stands that does.
    mended_by_id: Mapped[int | None] = mapped_column(ForeignKey("module_revision.id"))
    mended_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: When professors handed it to the editors.
    passed_on_at: Mapped[datetime | None] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: Drawn for the form that was sent: sent twice, it makes one report.
    once: Mapped[str] = mapped_column(String(32), unique=True)


class ProblemAnswer(Base):
    """Something said or done about a report, by whom and when."""

    __tablename__ = "problem_answer"
    __table_args__ = (CheckConstraint("act in ('answered','mended','no-fault','reopened','passed-on')", name="act"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("problem_report.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    #: Of "mended": the revision, or the edition with the revision on which it stands.
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("module_revision.id"))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    at: Mapped[datetime] = mapped_column(Instant)
