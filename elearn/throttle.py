"""Limits on tries, counted in the database, so that two workers do not double a limit and a restart forgets nothing."""

import hashlib
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.db import Base, Instant, db, insert, own_transaction
from elearn.errors import TooMany


class ThrottleCount(Base):
    """How many tries one bucket had in one window."""

    __tablename__ = "throttle_count"

    bucket: Mapped[str] = mapped_column(String(80), primary_key=True)
    window_started_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    tries: Mapped[int]


def bucket_of(kind: str, who: str) -> str:
    """Return the name under which tries of ``who`` are counted; hashed, so that no address or name stands in the table."""
    return f"{kind}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


def check(kind: str, who: str, *, limit: int, window: timedelta) -> None:
    """Raise TooMany when ``who`` has used up ``limit`` within ``window``; counts nothing.

    For what only failures are charged with: many people may share an address, and most of them are right.
    """
    at = clock.now()
    started = _start_of(window, at)
    tries = db.session.scalar(
        select(ThrottleCount.tries).where(ThrottleCount.bucket == bucket_of(kind, who), ThrottleCount.window_started_at == started),
    )
    if tries and tries >= limit:
        raise _too_many(started + window - at)


def spend(kind: str, who: str, *, limit: int, window: timedelta) -> None:
    """Count one try of ``who``; raise TooMany when it is one more than ``limit`` within ``window``.

    The try is remembered even if the request is refused later.
    """
    at = clock.now()
    started = _start_of(window, at)
    bucket = bucket_of(kind, who)
    with own_transaction() as connection:
        connection.execute(delete(ThrottleCount).where(ThrottleCount.window_started_at < at - timedelta(days=2)))
        counted = insert(ThrottleCount).values(bucket=bucket, window_started_at=started, tries=1)
        connection.execute(
            counted.on_conflict_do_update(
                index_elements=["bucket", "window_started_at"],
                set_={"tries": ThrottleCount.tries + 1},
            ),
        )
        tries = connection.scalar(
            select(ThrottleCount.tries).where(ThrottleCount.bucket == bucket, ThrottleCount.window_started_at == started),
        )
    if tries and tries > limit:
        raise _too_many(started + window - at)


def _start_of(window: timedelta, at: datetime) -> datetime:
    """Return when the window that holds ``at`` began."""
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, at.tzinfo)


def _too_many(wait: timedelta) -> TooMany:
    return TooMany(_("Too many tries. Please wait a few minutes, then try again."), max(1, int(wait.total_seconds())))
