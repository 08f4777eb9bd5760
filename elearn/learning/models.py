"""Classes, who is in them, and what they did.

What people did is added and never changed (``SectionMark``, ``Result``, ``Activity``); beside it stand summaries that can be made again
from it (``ModuleProgress``, ``SectionTally``), so that a page about a class costs the same however much its students did.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant, keep_name_key, name_key_column


class CourseClass(Base):
    """One delivery of an edition in a term, at one institution for good."""

    __tablename__ = "course_class"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Named on rosters and the command line.
    code: Mapped[str] = mapped_column(String(60), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    title: Mapped[str] = mapped_column(String(200))
    #: A word of welcome, as written and as rendered when saved.
    welcome: Mapped[str] = mapped_column(Text, default="")
    welcome_html: Mapped[str] = mapped_column(Text, default="")
    #: IANA.
    timezone: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    join_code: Mapped[str] = mapped_column(String(20), unique=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    #: The class that this one repeats, a term later.
    previous_class_id: Mapped[int | None] = mapped_column(ForeignKey("course_class.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)


class ClassGroup(Base):
    """A group within a class, such as a seminar; a student is in at most one."""

    __tablename__ = "class_group"
    __table_args__ = (
        Index(
            "uq_class_group_current",
            "class_id",
            "name",
            unique=True,
            sqlite_where=text("removed_at is null"),
            postgresql_where=text("removed_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    name: Mapped[str] = mapped_column(String(80))
    #: A removed group stays for what was announced to it; nobody is in it.
    removed_at: Mapped[datetime | None] = mapped_column(Instant)


@keep_name_key
class Enrolment(Base):
    """A person's place in a class, or a line of its roster that nobody has claimed yet.

    One person has one place in a class: leaving ends it, coming back opens it again, with all that was done in it. Each step is a row of
    ``EnrolmentChange``; what stands here is how things are now.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("role in ('student','assistant','professor')", name="role"),
        CheckConstraint("(end_reason is null) = (ended_at is null)", name="end"),
        CheckConstraint("end_reason in ('left','withdrawn','error')", name="end_reason"),
        Index(
            "uq_enrolment_current",
            "class_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at is null"),
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_enrolment_class_id_role_name_key", "class_id", "role", "name_key", "id"),
        # Every page of a class asks for one person's place in it, a former one too.
        Index("ix_enrolment_person_id_class_id", "person_id", "class_id"),
        Index(
            "ix_enrolment_waiting_email",
            "email",
            sqlite_where=text("person_id is null"),
            postgresql_where=text("person_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    #: None: a row of a roster that nobody has claimed yet.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    #: The name in this class's list.
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = name_key_column()
    student_id: Mapped[str] = mapped_column(String(60), default="")
    #: Of a roster's line: the address, in lower case, whose verified owner takes the place.
    email: Mapped[str] = mapped_column(String(254), default="")
    #: What the roster says of the person's language (BCP 47), for the account that is made from a slip.
    language: Mapped[str] = mapped_column(String(20), default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("class_group.id"), index=True)
    #: This student may work on until the end of this day, in the class's time zone, though the class is over.
    extended_until: Mapped[date | None]
    #: When the person took the place; of a line that nobody has claimed, when it was written down.
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    end_reason: Mapped[str | None] = mapped_column(String(20))
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)


class EnrolmentChange(Base):
    """One step in the life of an enrolment: rows are added, never changed."""

    __tablename__ = "enrolment_change"
    __table_args__ = (
        CheckConstraint(
            "kind in ('listed','joined','claimed','left','withdrawn','removed','returned','extended','regrouped','corrected')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Instant)
    #: None: the operator, on the command line.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Slip(Base):
    """A code on paper, good once: to claim a line of the roster, or to choose a new password.

    The code is not here but made from the slip's number and the installation's key, so that a page of slips can be printed again.
    """

    __tablename__ = "slip"
    __table_args__ = (CheckConstraint("kind in ('place','password')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    code_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class RosterUpload(Base):
    """A roster as it was sent, between its preview and its import; its bytes go once it is imported, or a day later."""

    __tablename__ = "roster_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"), index=True)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(Instant)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    imported_at: Mapped[datetime | None] = mapped_column(Instant)


class Announcement(Base):
    """Something said to a class, on its page and by mail."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"), index=True)
    #: None: to the whole class.
    group_id: Mapped[int | None] = mapped_column(ForeignKey("class_group.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(String(200))
    #: As written, and as rendered when saved.
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(Instant)
    by_mail: Mapped[bool] = mapped_column(default=False)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class SectionMark(Base):
    """A student said that a section is done, or not done after all."""

    __tablename__ = "section_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    section_key: Mapped[str] = mapped_column(String(80))
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    done: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Instant)


class ModuleProgress(Base):
    """Summary of a student's marks and results in one module of a class; can be made again from them."""

    __tablename__ = "module_progress"
    # SQLite keeps a student's modules beside each other, so that a gradebook reads in order.
    __table_args__ = ({"sqlite_with_rowid": False},)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    #: Keys of the sections marked done.
    done: Mapped[list[str]] = mapped_column(JSON)
    done_count: Mapped[int] = mapped_column(default=0)
    #: The section last marked done: one resumes after it.
    last_key: Mapped[str] = mapped_column(String(80), default="")
    #: The mark that counts, in 1/100,000 of a point; None: no quiz submitted yet.
    points: Mapped[int | None]
    max_points: Mapped[int | None]
    #: Whether that mark still waits for a person to mark a part of it.
    is_provisional: Mapped[bool] = mapped_column(default=False, server_default=false())
    attempts: Mapped[int] = mapped_column(default=0)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class SectionTally(Base):
    """Summary: how many students of a class have a section marked done."""

    __tablename__ = "section_tally"

    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    section_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    done: Mapped[int] = mapped_column(default=0)


class Result(Base):
    """A mark in the gradebook: one row per submitted quiz, and a further one that replaces it for each time it was marked anew.

    The mark that counts is chosen by rule from those that nothing replaces.
    """

    __tablename__ = "result"
    __table_args__ = (Index("ix_result_attempt_id", "attempt_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    #: The room above knows what an attempt is; here it is a number to find it by.
    attempt_id: Mapped[int]
    points: Mapped[int]
    max_points: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    #: The result that this one corrects: to mark anew is no act of the student.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("result.id"), unique=True)
    is_provisional: Mapped[bool] = mapped_column(default=False, server_default=false())


class Activity(Base):
    """That a student completed a section or submitted a quiz: one row per person, month, class, module and language."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("person_id", "month", "class_id", "module_id", "language"),
        Index("ix_activity_month_institution_id", "month", "institution_id"),
        Index("ix_activity_class_id", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Its first day.
    month: Mapped[date]
    class_id: Mapped[int] = mapped_column(ForeignKey("course_class.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    language: Mapped[str] = mapped_column(String(20))
    #: The act that made the row.
    at: Mapped[datetime] = mapped_column(Instant)
