"""Static files: read once, compressed once, and named by their digest, so that a browser fetches each only once."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Blueprint, Response, request

from elearn.config import STATIC
from elearn.errors import NotFound
from elearn.web.guard import public
from elearn.web.headers import A_YEAR

bp = Blueprint("assets", __name__)
_COMPRESSIBLE = ("text/", "image/svg+xml", "application/json", "application/manifest+json")


def accepts_brotli() -> bool:
    """Return whether the client takes brotli."""
    accepted = request.headers.get("Accept-Encoding", "")
    # Browsers weigh nothing; where somebody does, nought means no.
    return "br" in accepted and (";" not in accepted or request.accept_encodings.quality("br") > 0)


@dataclass(frozen=True)
class Asset:
    """A static file, ready to send."""

    content: bytes
    compressed: bytes | None
    content_type: str
    digest: str


def asset(path: str) -> Asset | None:
    """Return the static file at ``path``; None if there is none."""
    file = _files().get(path)
    return _read(file) if file is not None else None


@cache
def _files() -> dict[str, Path]:
    """Return every static file by its path: what somebody asks for is looked up here and never on the disk."""
    return {file.relative_to(STATIC).as_posix(): file for file in STATIC.rglob("*") if file.is_file()}


@cache
def _read(file: Path) -> Asset:
    content = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    compressed = brotli.compress(content) if kind.startswith(_COMPRESSIBLE) else None
    return Asset(content, compressed, kind, hashlib.sha256(content).hexdigest()[:12])


@cache
def asset_url(path: str) -> str:
    """Return the address of the static file at ``path``; it changes when the file does."""
    found = asset(path)
    if found is None:
        message = f"no static file {path}"
        raise LookupError(message)
    return f"/static/{found.digest}/{path}"


@bp.get("/static/<digest>/<path:path>")
@public
def send(digest: str, path: str) -> Response:
    """Send a static file; an outdated digest gets today's file, not to be kept."""
    found = asset(path)
    if found is None:
        raise NotFound
    response = Response(found.content, content_type=found.content_type)
    if found.compressed is not None:
        response.vary.add("Accept-Encoding")
        if accepts_brotli():
            response.set_data(found.compressed)
            response.content_encoding = "br"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if digest == found.digest else "no-cache"
    return response
