"""Closed by default: every endpoint wants a signed-in person unless it is public, and may want a permission besides."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from elearn.errors import NotAllowed, Refusal
from elearn.web.turn import is_writing

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

LONGEST_BODY = 1024 * 1024
LONGEST_FORM_PART = 300 * 1024
MOST_FORM_PARTS = 1000


class NotSignedIn(Refusal):
    """This page is for people who have signed in."""

    status = 401


class Unreadable(Refusal):
    """The request holds what no text can hold."""


def public(view: View) -> View:
    """Open ``view`` to everyone."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def wants(permission: str) -> Callable[[View], View]:
    """Open ``view`` only to people who hold ``permission`` somewhere; ``access.py`` asks for the place."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def takes_up_to(size: int) -> Callable[[View], View]:
    """Let ``view`` be sent a body of ``size`` bytes, also in one field of a form, where others take less."""

    def mark(view: View) -> View:
        view.longest_body = size  # type: ignore[attr-defined]
        return view

    return mark


def init_app(app: Flask, may: Callable[[object, str], bool], withheld: Callable[[object, str], bool]) -> None:
    """Have every request of ``app`` judged; ``may`` says whether a person holds a permission, ``withheld`` whether it waits for a code."""
    app.config.update(
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LONGEST_FORM_PART,
        MAX_FORM_PARTS=MOST_FORM_PARTS,
    )
    app.extensions["may"] = may
    app.extensions["withheld"] = withheld
    app.before_request(_judge)


def read_first(app: Flask) -> None:
    """Have every request of ``app`` read before anyone looks for something with it; call it before other checks are hung on."""
    app.before_request(_read)


def _read() -> None:
    """Raise Unreadable where a zero byte stands in the address or a form: PostgreSQL's texts have no place for one."""
    if "\x00" in request.path or (request.query_string and _holds_zero(request.args)):
        raise Unreadable(_("The address holds a character that no text can hold."))
    longest = getattr(current_app.view_functions.get(request.endpoint or ""), "longest_body", None)
    if longest is not None:
        # Here, since the form is read next.
        request.max_content_length = longest
        request.max_form_memory_size = longest
    if is_writing() and _holds_zero(request.form):
        raise Unreadable(_("The form holds a character that no text can hold."))


def _holds_zero(typed: MultiDict[str, str]) -> bool:
    return any("\x00" in name or "\x00" in value for name, value in typed.items(multi=True))


def wants_json() -> bool:
    """Return whether the client asked for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"], default="text/html")
    return best != "text/html" or request.is_json


def _judge() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, "is_public", False):
        return None
    if not current_user.is_authenticated:
        if request.method == "GET" and not wants_json():
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        raise NotSignedIn(_("Please sign in first."))
    permission = getattr(view, "permission", None)
    if permission is not None and not current_app.extensions["may"](current_user, permission):
        return _refused(permission)
    return None


def _refused(permission: str) -> ResponseReturnValue:
    """Refuse the page; where only the second factor is missing, lead to where it is shown or set up."""
    if not current_app.extensions["withheld"](current_user, permission):
        raise NotAllowed(_("Your role does not include this page."))
    words = _("Your role wants a second factor: this page opens once you have shown it in this sign-in.")
    if request.method != "GET" or wants_json():
        raise NotAllowed(words)
    flash(words, "warning")
    return redirect(url_for("second_factor.overview", next=request.full_path.rstrip("?")))


def safe_next(target: str | None) -> str | None:
    """Return ``target`` if it is a path on this site, else None: nobody is sent elsewhere after signing in."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target):  # noqa: PLR2004 (control characters)
        return None
    return target
