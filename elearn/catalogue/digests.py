"""Digests by which a published state is known: equal exactly where what is meaningful is equal. Pure."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def of_bytes(content: bytes) -> str:
    """Return the SHA-256 digest of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def of_files(files: Mapping[str, bytes]) -> str:
    """Return the digest of files: of their paths and their bytes, in whatever order they come."""
    return of_value({path: of_bytes(content) for path, content in files.items()})


def of_value(value: Any) -> str:
    """Return the digest of a JSON value: the same for the same value, whatever the order of its keys."""
    return of_bytes(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8"))
