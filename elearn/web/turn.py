"""A request's turn: it reads or it writes, and what it writes is committed once, whole, before the answer leaves."""

from flask import Flask, Response, current_app, request
from flask.signals import request_started

from elearn import db

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask) -> None:
    """Give every request of ``app`` its turn."""
    # The signal precedes every before_request, so nothing can touch the database before the turn is known.
    request_started.connect(_begin, app)
    app.after_request(_end)


def is_writing() -> bool:
    """Return whether this request may change something."""
    return request.method not in READING


def _begin(sender: Flask, **_: object) -> None:
    db.writing.set(is_writing())
    if sender.config["MEASURE"]:
        db.statements.set([])


def _end(response: Response) -> Response:
    if is_writing() and response.status_code < 400:  # noqa: PLR2004 (where refusals begin)
        db.complete()
    else:
        db.abandon()
    if current_app.config["MEASURE"]:
        response.headers["Server-Timing"] = f'sql;desc="{len(db.statements.get() or [])}"'
    return response
