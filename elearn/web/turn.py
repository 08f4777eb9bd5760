"""A request's turn: it reads or it writes, and what it writes is committed once, whole, before the answer leaves."""

from collections.abc import Callable

from flask import Flask, Response, current_app, request, session
from flask.signals import request_started
from sqlalchemy.exc import IntegrityError, OperationalError

from elearn import db
from elearn.errors import Refusal

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def init_app(app: Flask, check_still_here: Callable[[], None]) -> None:
    """Give every request of ``app`` its turn; ``check_still_here`` refuses to keep anything of somebody who is gone meanwhile."""
    app.extensions["check_still_here"] = check_still_here
    # The signal precedes every before_request, so nothing can touch the database before the turn is known.
    request_started.connect(_begin, app)
    app.after_request(_end)
    app.teardown_request(_leave)


def is_writing() -> bool:
    """Return whether this request may change something."""
    return request.method not in READING


def _begin(sender: Flask, **_: object) -> None:
    db.writing.set(is_writing())
    if sender.config["MEASURE"]:
        db.statements.set([])


def _end(response: Response) -> Response:
    if is_writing() and response.status_code < 400:  # noqa: PLR2004 (where refusals begin)
        response = _completed(response)
    else:
        db.abandon()
    if current_app.config["MEASURE"]:
        response.headers["Server-Timing"] = f'sql;desc="{len(db.statements.get() or [])}"'
    return response


def _leave(error: BaseException | None) -> None:  # noqa: ARG001 (Flask's signature)
    # What the next one in this thread opens is not written by this request.
    db.writing.set(False)


def _completed(response: Response) -> Response:
    """Return ``response`` once its changes are committed, or the page that says why they are not."""
    try:
        current_app.extensions["check_still_here"]()
        db.complete()
    except (Refusal, OperationalError, IntegrityError) as fault:
        # Flask's own handling of errors ends before this: it would be a page for a bug.
        db.abandon()
        session.pop("_flashes", None)
        return current_app.make_response(current_app.handle_user_exception(fault))
    return response
