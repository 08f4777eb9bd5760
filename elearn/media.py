"""The one door for files: kept in the database under the digest of their bytes, so that backups hold them and any server serves them."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from flask import Flask, current_app
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base, db, insert

#: What may be served, by the file's suffix.
CONTENT_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


class Blob(Base):
    """Bytes under their SHA-256 digest; never changed."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


def digest_of(content: bytes) -> str:
    """Return the SHA-256 digest of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def keep(files: Mapping[str, bytes]) -> dict[str, str]:
    """Keep the bytes of each file and return the digest under which each name's bytes stand."""
    digests = {name: digest_of(content) for name, content in files.items()}
    rows = {digests[name]: content for name, content in files.items()}
    if rows:
        statement = insert(Blob).values([{"digest": d, "content": c} for d, c in rows.items()])
        db.session.execute(statement.on_conflict_do_nothing())
    return digests


def bytes_of(digests: list[str]) -> dict[str, bytes]:
    """Return the bytes kept under each of ``digests``."""
    rows = db.session.execute(select(Blob.digest, Blob.content).where(Blob.digest.in_(digests)))
    return {row.digest: row.content for row in rows}


def content_type(name: str) -> str | None:
    """Return the type under which a file of this name may be served; None if it may not."""
    return CONTENT_TYPES.get(PurePosixPath(name).suffix.lower())


def init_app(app: Flask, name_of: Callable[[str], str | None]) -> None:
    """Have ``name_of`` say what a picture with a digest is called that is not the series' own; None: there is none."""
    app.extensions["other_pictures"] = name_of


def other_name(digest: str) -> str | None:
    """Return what a picture with this digest is called that is not the series' own; None: there is none."""
    return current_app.extensions["other_pictures"](digest)
