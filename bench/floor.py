"""The floor: the least that a Flask application does for a page that reads one row, and for a form that writes one.

It imports nothing of the platform. Its SQLite is set up as the platform's is, since a commit that is not durable would be no comparison.
"""

import os
from contextvars import ContextVar

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-16000")


class Base(DeclarativeBase):
    pass


class Page(Base):
    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    html: Mapped[str] = mapped_column(Text)


class Mark(Base):
    __tablename__ = "mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int]


db = SQLAlchemy(model_class=Base)
writing: ContextVar[bool] = ContextVar("writing", default=False)


def create_app(url: str | None = None) -> Flask:
    app = Flask("floor")
    app.config["SQLALCHEMY_DATABASE_URI"] = url or os.environ["FLOOR_DATABASE_URL"]
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _set_pragmas)
            event.listen(db.engine, "begin", _begin)

    @app.get("/pages/<int:page_id>")
    def page(page_id: int) -> ResponseReturnValue:
        writing.set(False)
        return db.session.get_one(Page, page_id).html

    @app.post("/marks")
    def mark() -> ResponseReturnValue:
        writing.set(True)
        db.session.add(Mark(page_id=int(request.form["page"])))
        db.session.commit()
        return "", 303, {"Location": "/pages/1"}

    return app


def _set_pragmas(connection, record) -> None:  # noqa: ARG001 (the event's signature)
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection) -> None:
    connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE" if writing.get() else "BEGIN")


def fill(url: str, html: str, pages: int) -> None:
    """Make the floor's tables, with ``pages`` pages of ``html``."""
    app = create_app(url)
    with app.app_context():
        db.create_all()
        writing.set(True)
        db.session.add_all(Page(id=number, html=html) for number in range(1, pages + 1))
        db.session.commit()
        db.engine.dispose()
