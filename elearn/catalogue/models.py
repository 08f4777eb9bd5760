"""The published series: immutable revisions, made from files and given back as files.

The bytes of every file are kept (``media.Blob``) with each revision, so that an export is the text as it was written; what is compiled from
them (sections, items, rendered HTML) stands beside them and can be made again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, Instant

Json = dict[str, Any]


class Release(Base):
    """One publication: the moment at which what it holds became current, all together."""

    __tablename__ = "release"

    id: Mapped[int] = mapped_column(primary_key=True)
    released_at: Mapped[datetime] = mapped_column(Instant)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SeriesRevision(Base):
    """An immutable state of what belongs to the series as a whole."""

    __tablename__ = "series_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    number: Mapped[int] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    publisher: Mapped[str] = mapped_column(String(200))
    licence: Mapped[str] = mapped_column(String(40))
    #: BCP 47; the first is the source language.
    languages: Mapped[list[str]] = mapped_column(JSON)
    #: By language.
    title: Mapped[Json] = mapped_column(JSON)
    description: Mapped[Json] = mapped_column(JSON)
    #: Slugs, in order.
    modules: Mapped[list[str]] = mapped_column(JSON)
    #: [{key, module, term: {language: …}, definition: {language: html}}]
    glossary: Mapped[list[Json]] = mapped_column(JSON)
    #: [{key, html, …}]
    references: Mapped[list[Json]] = mapped_column(JSON)
    #: [{country, language, key, html}]
    slots: Mapped[list[Json]] = mapped_column(JSON)


class SeriesFile(Base):
    """A file of a series revision: its path under the content folder, and its bytes by digest."""

    __tablename__ = "series_file"

    revision_id: Mapped[int] = mapped_column(ForeignKey("series_revision.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"))


class Module(Base):
    """A module or guide of the series, whatever its state; its slug is for good."""

    __tablename__ = "module"
    __table_args__ = (CheckConstraint("kind in ('module','guide')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(10))


class ModuleRevision(Base):
    """An immutable published state of a module, in all its languages."""

    __tablename__ = "module_revision"
    __table_args__ = (UniqueConstraint("module_id", "number"), UniqueConstraint("module_id", "version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), index=True)
    #: 1, 2, 3, …: the order in which revisions were published.
    number: Mapped[int]
    #: Semantic, as its authors call it.
    version: Mapped[str] = mapped_column(String(40))
    #: The module's number in the series, and the name of its folder.
    position: Mapped[int]
    folder: Mapped[str] = mapped_column(String(90))
    digest: Mapped[str] = mapped_column(String(64))
    changes: Mapped[Json] = mapped_column(JSON)
    level: Mapped[str] = mapped_column(String(20))
    #: Hours in tenths, so that 2.5 hours stay exact.
    hours_tenths: Mapped[int]
    disciplines: Mapped[list[str]] = mapped_column(JSON)
    keywords: Mapped[list[str]] = mapped_column(JSON)
    #: [{id, bloom}]
    outcomes: Mapped[list[Json]] = mapped_column(JSON)
    content_notes: Mapped[list[str]] = mapped_column(JSON)
    requires: Mapped[list[str]] = mapped_column(JSON)
    authors: Mapped[list[str]] = mapped_column(JSON)
    licence: Mapped[str] = mapped_column(String(40))


class ModuleFile(Base):
    """A file of a module revision: its path under the module's folder, and its bytes by digest."""

    __tablename__ = "module_file"

    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), index=True)


class ModuleText(Base):
    """What a module revision says about itself in one language."""

    __tablename__ = "module_text"

    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    overview_html: Mapped[str] = mapped_column(Text)
    #: Wording by outcome id.
    outcomes: Mapped[Json] = mapped_column(JSON)
    #: Wording by content note.
    content_notes: Mapped[Json] = mapped_column(JSON)
    #: The source version a translation was made from; empty in the source language.
    translates: Mapped[str] = mapped_column(String(40), default="")


class Section(Base):
    """A page of a module revision in one language: as written, and as rendered and cleaned at publication."""

    __tablename__ = "section"
    __table_args__ = (
        UniqueConstraint("revision_id", "language", "key"),
        CheckConstraint("audience in ('everyone','teacher')", name="audience"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"))
    language: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    #: Of a class structure: [{key, title, minutes, form, required, text}].
    steps: Mapped[list[Json]] = mapped_column(JSON)
    #: Long descriptions by picture; None: published before they were kept here.
    descriptions: Mapped[Json | None] = mapped_column(JSON(none_as_null=True))
    #: Keys under which the section was known before.
    formerly: Mapped[list[str]] = mapped_column(JSON)
    markdown: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    #: Plain text, for search.
    words: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))


class Quiz(Base):
    """The assessment of a module revision: its rules; its items stand in order in ``quiz_item``."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("module_revision.id"), unique=True)
    #: By language.
    title: Mapped[Json] = mapped_column(JSON)
    instructions_html: Mapped[Json] = mapped_column(JSON)
    #: Per cent.
    pass_mark: Mapped[int]
    #: How often one may take it; 0: as often as one likes.
    attempts: Mapped[int]
    #: [{tag, count}]; empty: all items.
    draw: Mapped[list[Json]] = mapped_column(JSON)
    #: What else the author set: {grading, feedback, penalty, minutes}.
    rules: Mapped[Json] = mapped_column(JSON, default=dict, server_default=text("'{}'"))


class Item(Base):
    """A question of a module, whatever its state; its key is for good."""

    __tablename__ = "item"
    __table_args__ = (UniqueConstraint("module_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id"))
    key: Mapped[str] = mapped_column(String(80))


class ItemRevision(Base):
    """An immutable state of a question: what is right, what it is worth and how it is worded in each language."""

    __tablename__ = "item_revision"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(30))
    #: In 1/100,000 of a point.
    points: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(80))
    bloom: Mapped[str] = mapped_column(String(20))
    tags: Mapped[list[str]] = mapped_column(JSON)
    #: What the item type needs to show, grade and explain it.
    definition: Mapped[Json] = mapped_column(JSON)


class QuizItem(Base):
    """The place of an item revision in a quiz."""

    __tablename__ = "quiz_item"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_revision_id: Mapped[int] = mapped_column(ForeignKey("item_revision.id"))


class SearchEntry(Base):
    """What search finds of the newest release: a module, a section or a term in one language. It can be made again from the rest.

    The databases keep their index beside it, by triggers (``search_index``: FTS5, or ``tsvector`` with GIN). Quizzes do not stand here.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        UniqueConstraint("kind", "module_id", "key", "language"),
        CheckConstraint("kind in ('module','section','term')", name="kind"),
        CheckConstraint("audience in ('everyone','teacher')", name="audience"),
    )

    # What narrows a search stands before the long texts: SQLite reads a row from its beginning.
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    #: Of a term: the module that defines it.
    module_id: Mapped[int | None] = mapped_column(ForeignKey("module.id"))
    #: Of a section or term; of a module empty.
    key: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(20))
    audience: Mapped[str] = mapped_column(String(10))
    #: Its place in the series: what is found equally well comes in the order of the series.
    place: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    #: Of a section: the keys of the terms it uses.
    terms: Mapped[list[str]] = mapped_column(JSON)
    title: Mapped[str] = mapped_column(String(200))
    folded_title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    folded_text: Mapped[str] = mapped_column(Text)
