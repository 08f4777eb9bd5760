"""What every page shares: its frame's context, compression, and the pages for refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import brotli
from babel import Locale
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from elearn import db
from elearn.errors import Invalid, Refusal, TooMany
from elearn.web.assets import accepts_brotli, asset_url
from elearn.web.blanks import blank
from elearn.web.guard import wants_json
from elearn.web.names import called

WORTH_COMPRESSING = 800
#: Quick: these bodies are made for one person; pages for everyone are compressed well, once, and kept.
QUICK_QUALITY = 1


@dataclass(frozen=True)
class Language:
    """A language as a page needs it."""

    code: str
    direction: str


def language_of(tag: str) -> Language:
    """Return the language of a BCP 47 tag with its direction."""
    return Language(tag, "rtl" if Locale.parse(tag, sep="-").text_direction == "rtl" else "ltr")


@dataclass(frozen=True)
class Place:
    """An entry of the main navigation."""

    label: str
    url: str
    current: bool


def init_app(app: Flask, navigation: Callable[[], list[Place]], is_demonstration: Callable[[], bool]) -> None:
    """Give the templates of ``app`` their context and its refusals their pages."""
    app.extensions["is_demonstration"] = is_demonstration
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = asset_url
    app.jinja_env.globals["may"] = _may
    app.jinja_env.globals["blank"] = blank
    app.jinja_env.filters["called"] = called

    @app.context_processor
    def _frame() -> dict[str, Any]:
        tag = str(get_locale() or "en").replace("_", "-")
        # An apology must not ask the database that has just failed.
        bare = g.get("bare", False)
        # The visitor, and not the proxy: a page asks for them again and again.
        visitor = None if bare else current_user._get_current_object()  # noqa: SLF001 (the documented name)
        return {
            "person": visitor if visitor is not None and visitor.is_authenticated else None,
            "navigation": [] if bare else navigation(),
            "language": language_of(tag),
            "demonstration": not bare and is_demonstration(),
            "site_name": app.config["SITE_NAME"],
        }

    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _refused_by_framework)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(IntegrityError, _somebody_was_faster)
    app.register_error_handler(500, _broken)
    app.after_request(_compress)


def _may(permission: str, **where: object) -> bool:
    return bool(current_app.extensions["may"](current_user, permission, **where))


def _compress(response: Response) -> Response:
    if (
        not response.direct_passthrough
        and not response.is_streamed
        and not response.content_encoding
        and (response.content_type or "").startswith(("text/", "application/json", "application/problem+json", "image/svg+xml"))
    ):
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if len(body) >= WORTH_COMPRESSING and accepts_brotli():
            response.set_data(brotli.compress(body, quality=QUICK_QUALITY))
            response.content_encoding = "br"
    return response


def titles() -> dict[int, str]:
    """Return what the page for each status says at its top."""
    return {
        400: _("That request cannot be read"),
        401: _("Please sign in"),
        403: _("This page is not open to you"),
        404: _("There is no such page"),
        405: _("That cannot be done here"),
        409: _("Something changed meanwhile"),
        413: _("That is too large"),
        422: _("Something needs to be put right"),
        429: _("Too many tries"),
        500: _("Something went wrong on our side"),
        503: _("The site is busy"),
    }


@dataclass(frozen=True)
class NextStep:
    """What to do about a refusal, and where the help page says more."""

    words: str
    help: str


def next_step(status: int) -> NextStep:
    """Return what somebody can do who was refused so."""
    steps = {
        400: NextStep(_("Go back, load the page again, and send it once more."), "pages"),
        401: NextStep(_("Sign in, and you can go on."), "getting-in"),
        403: NextStep(_("Look at your home page: it says what your roles are, and whose turn it is where one waits."), "not-open"),
        404: NextStep("", "not-found"),
        405: NextStep("", "pages"),
        409: NextStep(_("Go back and load the page again: it shows how things are now."), "changed"),
        413: NextStep("", "pages"),
        422: NextStep(_("Go back: what you typed is still there."), "put-right"),
        429: NextStep(_("Nothing is lost. If it was not you, somebody who shares your connection may have tried."), "too-many"),
    }
    return steps.get(status, NextStep("", "broken"))


def refusal_page(status: int, message: str, **context: Any) -> Response:
    """Return the page, or the RFC 9457 problem, that says why something was refused."""
    title = titles().get(status, titles()[400])
    if wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": message, **context.get("extra", {})})
        response.content_type = "application/problem+json"
    else:
        page = render_template("web/refusal.html", status=status, title=title, message=message, next=next_step(status), **context)
        response = Response(page)
    response.status_code = status
    return response


def _refused(refusal: Refusal) -> ResponseReturnValue:
    message = refusal.message or {
        404: _("The page may have moved, or it is not open to you. Check the address, or begin at the home page."),
        403: _("Your role does not include this."),
    }.get(refusal.status, "")
    db.abandon()
    extra = {"fields": refusal.fields} if isinstance(refusal, Invalid) else {}
    response = refusal_page(refusal.status, message, extra=extra)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _refused_by_framework(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status in {301, 302, 303, 307, 308}:
        return error.get_response()
    messages = {
        404: _("The page may have moved, or it is not open to you. Check the address, or begin at the home page."),
        405: _("The address is right, but it does not take this kind of request."),
        413: _("What you sent is larger than this page takes. Please make it smaller and send it again."),
    }
    response = refusal_page(status, messages.get(status, _("Please go back and try again.")))
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or []))
    return response


def _expired(error: CSRFError) -> ResponseReturnValue:  # noqa: ARG001 (the handler's signature)
    """Say that the form has expired and offer what was typed again, if the form was ours."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and request.headers.get("Origin") in {
        None,
        request.host_url.rstrip("/"),
    }
    typed = [(name, value) for name, value in request.form.items(multi=True) if "password" not in name and name != "csrf_token"]
    message = _("This form was open for too long, or you signed in or out in another tab. Nothing was changed.")
    return refusal_page(400, message, typed=typed if ours else [], target=request.path)


def _database_away(error: OperationalError) -> ResponseReturnValue:
    current_app.logger.error("database: %s", error.orig)
    g.bare = True
    db.abandon()
    return refusal_page(503, _("The database does not answer right now. Nothing was changed. Please try again in a minute."))


def _somebody_was_faster(error: IntegrityError) -> ResponseReturnValue:
    """Say that two wrote the same thing at the same moment; a service that expects it says so better."""
    current_app.logger.error("database: %s", error.orig)
    db.abandon()
    return refusal_page(409, _("Somebody else changed the same thing at the same moment. Nothing was changed. Please try again."))


def _broken(error: BaseException) -> ResponseReturnValue:  # noqa: ARG001 (the handler's signature)
    g.bare = True
    db.abandon()
    return refusal_page(500, _("We are sorry. The fault is logged, and nothing you did is half-written. Please try again."))
