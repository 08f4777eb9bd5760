"""Headers that every answer carries."""

from urllib.parse import quote

from flask import Flask, Response, current_app, request
from werkzeug.wrappers import Response as BaseResponse

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: A picture may carry its own style (light and dark) and nothing else, also when opened by itself.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = 31_536_000


def attach(response: Response, name: str) -> Response:
    """Return ``response`` as a file to be kept under ``name``, which may be in any script (RFC 6266)."""
    names = {"filename": name}
    if not name.isascii():
        names = {"filename": name.encode("ascii", "ignore").decode(), "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    return response


def leave_nothing(response: BaseResponse) -> BaseResponse:
    """Return ``response`` such that the browser keeps nothing of this site for whoever sits down at it next.

    Where answers of other accounts wait in it (``static/js/device.js`` says so), those stay: the script erases this account's alone.
    """
    response.headers["Clear-Site-Data"] = '"cache"' if "others-wait" in request.form else '"cache", "storage"'
    return response


def init_app(app: Flask) -> None:
    """Set the headers on every answer of ``app``."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    headers = response.headers
    for name, value in EVERY_ANSWER.items():
        headers[name] = value
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = POLICY
    if "Cache-Control" not in headers:
        # On a shared computer the back button must not show the last person's pages.
        headers["Cache-Control"] = "no-store"
    if request.is_secure and current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    return response
