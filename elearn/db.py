"""The database: one session per request or command, one commit per unit of work.

SQLite needs a deliberate set-up. The driver runs in autocommit and a ``begin`` listener says ``BEGIN IMMEDIATE`` for writers and
``BEGIN`` for readers: a plain BEGIN that later wants to write fails with "database is locked" as soon as two people write at once.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any, cast

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, Connection, DateTime, Dialect, Engine, Insert, MetaData, String, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from elearn.config import MIGRATIONS
from elearn.words import sort_key

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 10_000


class Base(DeclarativeBase):
    """What all tables share: names of constraints by convention, so that a migration can name what it drops."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()

#: Whether what runs now may write; the turn sets it before anything else looks at the database.
writing: ContextVar[bool] = ContextVar("writing", default=False)
#: How many SQL statements ran in this context (for tests, benches and Server-Timing).
statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on every database, refused when it has no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` as the database keeps it."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a zone"
            raise ValueError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the base's signature)
        """Return ``value`` as an aware moment."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _key_of_name(context: Any) -> str:
    return sort_key(context.get_current_parameters()["name"])


def name_key_column() -> Mapped[str]:
    """Return the column ``name_key`` of a table with a ``name``: what puts names into the order in which people look for them."""
    return mapped_column(String(200), default=_key_of_name)


def keep_name_key(model: type[Base]) -> type[Base]:
    """Have ``name_key`` follow ``name`` when an object of ``model`` is renamed; a statement that sets the one sets the other itself."""

    def follow(target: Any, name: str, *_rest: object) -> None:
        target.name_key = sort_key(name)

    event.listen(model.name, "set", follow)  # type: ignore[attr-defined]
    return model


def name_holds(model: Any, typed: str) -> ColumnElement[bool]:
    """Return the condition that what was typed stands in the name, whatever its capitals and accents."""
    return cast("ColumnElement[bool]", model.name_key.contains(sort_key(typed), autoescape=True))


def init_app(app: Flask) -> None:
    """Give ``app`` its engine, session and migrations."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    app.extensions["before_commit"] = []
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Hang our listeners on ``engine``."""
    event.listen(engine, "before_cursor_execute", _count)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, record: Any) -> None:  # noqa: ARG001 (the event's signature)
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}", "cache_size=-16000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.info["began"] = time.monotonic()
    # Straight to the driver: a begin is not one of the page's statements.
    driver = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    if writing.get():
        _begin_writing(driver)
    else:
        driver.execute("BEGIN")


def _begin_writing(driver: sqlite3.Connection) -> None:
    """Take the one writer's place, once it is free.

    SQLite itself asks for it after 1, 2, 5, 10, 15, 20 ms and so on: a place that is free again after two milliseconds stands empty
    while everybody sleeps. Asking costs a hundredth of a millisecond.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        for pause in chain(repeat(0.0005, 20), repeat(0.002)):
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as fault:
                if fault.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(pause)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:  # noqa: ARG001 (the event's signature)
    counted = statements.get()
    if counted is not None:
        counted.append(statement)


def picture_began() -> float | None:
    """Return when, by the monotonic clock, the picture was taken that this session sees all the while; None: it sees what is new."""
    if db.engine.dialect.name != "sqlite" or not db.session.registry.has():
        return None
    session = db.session()
    return session.connection().info.get("began") if session.in_transaction() else None


def before_commit(app: Flask, listener: Callable[[list[object]], None]) -> None:
    """Have ``listener`` called with the acts noted in a unit of work, just before its commit."""
    app.extensions["before_commit"].append(listener)


def note(act: object) -> None:
    """Say to the listeners, within this unit of work, that ``act`` happened."""
    db.session().info.setdefault("acts", []).append(act)


def after_commit(call: Callable[[], None]) -> None:
    """Have ``call`` run, once, when this unit of work is committed; never, if it is not."""
    waiting = db.session().info.setdefault("after_commit", [])
    if call not in waiting:
        waiting.append(call)


def complete() -> None:
    """Commit what the session holds, with its counters, as one unit; then run what waited for the commit."""
    session = db.session()
    session.flush()
    # A listener may note acts of its own: what a verified address opens in one room is counted in another.
    while acts := session.info.pop("acts", []):
        for listener in current_app.extensions["before_commit"]:
            listener(acts)
    session.commit()
    for call in session.info.pop("after_commit", []):
        call()


def abandon() -> None:
    """Throw away what the session holds."""
    session = db.session()
    session.rollback()
    session.info.clear()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Run a command or a job as one unit: committed whole, or not at all."""
    token = writing.set(True)
    try:
        yield
        complete()
    except BaseException:
        abandon()
        raise
    finally:
        writing.reset(token)


@contextmanager
def own_transaction() -> Iterator[Connection]:
    """Yield a connection whose work is kept whatever becomes of the request: for what must be remembered of a refusal.

    The session's transaction is ended first, since SQLite has one writer: call it before the session has changed anything.
    """
    db.session.rollback()
    token = writing.set(True)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        writing.reset(token)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Yield a list that fills with the SQL statements run inside."""
    counted: list[str] = []
    token = statements.set(counted)
    try:
        yield counted
    finally:
        statements.reset(token)


def table(model: type[Base]) -> Table:
    """Return the table of ``model``: a statement on tables runs in a third of the time of one on mapped classes."""
    return cast("Table", model.__table__)


def dialect() -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return db.engine.dialect.name


def insert(into: Table | type[Base], name: str | None = None) -> "postgresql.Insert | sqlite.Insert":
    """Return an insert that knows ON CONFLICT, for the database in use or the dialect named."""
    target = into if isinstance(into, Table) else table(into)
    make: Callable[..., Insert] = postgresql.insert if (name or dialect()) == "postgresql" else sqlite.insert
    return make(target)  # type: ignore[return-value]
