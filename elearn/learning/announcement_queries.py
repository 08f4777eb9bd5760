"""Questions about what was said to a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, func, or_, select

from elearn.accounts.models import Person
from elearn.catalogue.queries import trusted
from elearn.db import db
from elearn.learning.access import Seat
from elearn.learning.models import Announcement, ClassGroup


@dataclass(frozen=True)
class AnnouncementLine:
    """An announcement as a page shows it."""

    id: int
    title: str
    html: Markup
    author: str
    #: None: to the whole class.
    group: str | None
    made_at: datetime
    by_mail: bool
    withdrawn_at: datetime | None
    author_id: int


def _shown_to(seat: Seat) -> list[ColumnElement[bool]]:
    """Return which announcements the occupant of a seat reads: the class's, their group's, and of those who have left, the older ones."""
    conditions: list[ColumnElement[bool]] = [Announcement.class_id == seat.class_id, Announcement.withdrawn_at.is_(None)]
    if not seat.is_staff:
        conditions.append(or_(Announcement.group_id.is_(None), Announcement.group_id == seat.group_id))
    if seat.ended_at is not None:
        conditions.append(Announcement.made_at <= seat.ended_at)
    return conditions


def count_for(seat: Seat) -> int:
    """Return how many announcements the occupant of a seat reads."""
    return db.session.scalar(select(func.count()).select_from(Announcement).where(*_shown_to(seat))) or 0


def announcements_for(seat: Seat, limit: int, offset: int = 0) -> list[AnnouncementLine]:
    """Return the announcements that the occupant of a seat reads, newest first."""
    return _lines(_shown_to(seat), limit, offset)


def count_in_class(class_id: int) -> int:
    """Return how many announcements were made to a class, withdrawn ones too."""
    return db.session.scalar(select(func.count()).select_from(Announcement).where(Announcement.class_id == class_id)) or 0


def announcements_in_class(class_id: int, limit: int, offset: int = 0) -> list[AnnouncementLine]:
    """Return what was announced to a class, newest first, withdrawn ones too."""
    return _lines([Announcement.class_id == class_id], limit, offset)


def _lines(conditions: Sequence[ColumnElement[Any]], limit: int, offset: int) -> list[AnnouncementLine]:
    rows = db.session.execute(
        select(
            Announcement.id,
            Announcement.title,
            Announcement.body_html,
            Person.name,
            ClassGroup.name.label("group"),
            Announcement.made_at,
            Announcement.by_mail,
            Announcement.withdrawn_at,
            Announcement.author_id,
        )
        .join(Person, Person.id == Announcement.author_id)
        .outerjoin(ClassGroup, ClassGroup.id == Announcement.group_id)
        .where(*conditions)
        .order_by(Announcement.made_at.desc(), Announcement.id.desc())
        .limit(limit)
        .offset(offset),
    )
    return [AnnouncementLine(row[0], row[1], trusted(row[2]), *row[3:]) for row in rows]
