"""Pages that are the same for everyone without a session: made, compressed well, and kept."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import brotli
from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from elearn import cache
from elearn.web.assets import accepts_brotli

QUALITY = 9
MOST = 500


@dataclass(frozen=True)
class KeptPage:
    """A page, ready to send."""

    body: bytes
    compressed: bytes
    content_type: str
    digest: str


View = Callable[..., ResponseReturnValue]


def same_for_everyone(version: Callable[[], Hashable]) -> Callable[[View], View]:
    """Have a view's page kept, for requests without a session or a query, until ``version`` answers differently."""

    def wrap(view: View) -> View:
        @wraps(view)
        def answer(**arguments: Any) -> ResponseReturnValue:
            if request.query_string or current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
                return view(**arguments)
            key = (version(), current_app.extensions["is_demonstration"](), request.path, str(get_locale()))
            return _send(cache.kept("pages", key, lambda: _made(view(**arguments)), most=MOST))

        return answer

    return wrap


def _made(answer: ResponseReturnValue) -> KeptPage:
    response = make_response(answer)
    body = response.get_data()
    return KeptPage(
        body,
        brotli.compress(body, quality=QUALITY),
        response.content_type or "text/html; charset=utf-8",
        hashlib.sha256(body).hexdigest()[:20],
    )


def _send(page: KeptPage) -> Response:
    compress = accepts_brotli()
    response = Response(page.compressed if compress else page.body, content_type=page.content_type)
    if compress:
        response.headers["Content-Encoding"] = "br"
    # The cookie decides whether one sees one's own name; the browser asks each time, and is mostly told "not modified".
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    response.set_etag(page.digest, weak=True)
    if request.if_none_match:
        response.make_conditional(request)
    return response
