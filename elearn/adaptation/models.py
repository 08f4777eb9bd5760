"""A professor's own course: the differences from its base, and its immutable editions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant


class Course(Base):
    """A composition that belongs to an institution and its professors."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(20))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    #: Goes up whenever its modules or their order change: two people never overwrite each other unseen.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    #: SPDX; empty: that of the series.
    licence: Mapped[str] = mapped_column(String(40), default="", server_default="")
    #: How those who made it wish to be named; empty: by their institution.
    authors: Mapped[str] = mapped_column(String(300), default="", server_default="")


class CourseProfessor(Base):
    """Who may change a course."""

    __tablename__ = "course_professor"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class CourseModule(Base):
    """A module of a course: where it stands, in which week it is taught, and what its quiz weighs."""

    __tablename__ = "course_module"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    position: Mapped[int]
    #: The week of a class, from 1; None: not said.
    week: Mapped[int | None]
    #: What the mark of its quiz weighs among those of the course; 0: it does not count.
    weight: Mapped[int] = mapped_column(default=1, server_default="1")


class Overlay(Base):
    """A course's differences from one module text, pinned to that base; a newer one is a new row.

    The base is a revision of the series or the same module in another course's edition.
    """

    __tablename__ = "overlay"
    __table_args__ = (
        UniqueConstraint("course_id", "module_id", "number"),
        CheckConstraint("(base_revision_id is null) <> (base_edition_id is null)", name="base"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    number: Mapped[int]
    base_revision_id: Mapped[int | None] = mapped_column(ForeignKey("module_revision.id"))
    base_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: Empty: the base as it stands.
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    #: What was done: edit, update (carried to a newer base), undo (what stood before, again), renew (an untouched module moved on),
    #: adapt (taken from a course that is shared).
    act: Mapped[str] = mapped_column(String(10), default="edit", server_default="edit")


class Edition(Base):
    """An immutable numbered publication of a course: what classes are taught on."""

    __tablename__ = "edition"
    __table_args__ = (UniqueConstraint("course_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    #: BCP 47.
    language: Mapped[str] = mapped_column(String(20))
    published_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime] = mapped_column(Instant)
    #: SPDX; empty: published before courses had one, under that of the series.
    licence: Mapped[str] = mapped_column(String(40), default="", server_default="")
    #: As the course had them.
    authors: Mapped[str] = mapped_column(String(300), default="", server_default="")


class EditionModule(Base):
    """A module in an edition, resolved: its base, its overlay and the rules of its quiz."""

    __tablename__ = "edition_module"
    __table_args__ = (UniqueConstraint("edition_id", "position"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    overlay_id: Mapped[int] = mapped_column(ForeignKey("overlay.id"))
    title: Mapped[str] = mapped_column(String(200))
    #: The module's own, where the course does not say it otherwise: None.
    summary: Mapped[str | None] = mapped_column(Text)
    week: Mapped[int | None]
    weight: Mapped[int] = mapped_column(default=1, server_default="1")
    #: {title, instructions_html, pass_mark, attempts, draw}; None: no quiz.
    quiz: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EditionSection(Base):
    """A section in an edition, resolved: untouched ones point at the series' section, changed ones carry their own HTML."""

    __tablename__ = "edition_section"
    __table_args__ = (CheckConstraint("(section_id is null) <> (html is null)", name="source"),)

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    html: Mapped[str | None] = mapped_column(Text)
    #: Of a changed one: its text as it is written.
    markdown: Mapped[str | None] = mapped_column(Text)
    #: What its head says beside the columns, where the course changed it or has the section alone: {outcomes, steps, descriptions},
    #: and the keys it had before: {formerly}.
    head: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EditionItem(Base):
    """An item in an edition, resolved to the revision that attempts begin with."""

    __tablename__ = "edition_item"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))
    #: Of a question that the course changed or has alone: its text as it is written.
    source: Mapped[str | None] = mapped_column(Text)
