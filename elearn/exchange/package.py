"""Packages: zip files from outside, opened with care, and ours, written byte-stable. Pure."""

import io
import stat
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from elearn.exchange.limits import LARGEST_FILE, MOST_ITEMS, Refused, TooLarge

MOST_FILES = MOST_ITEMS + 1000
LARGEST_WHOLE = 60 * 1024 * 1024
#: Text packs to a tenth or so; a bomb to a thousandth.
MOST_TIMES = 150
#: So small a file may be packed however well.
SMALL = 64 * 1024


def is_package(content: bytes) -> bool:
    """Return whether the bytes are a zip file's."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def texts_of(content: bytes) -> tuple[dict[str, bytes], list[str]]:
    """Return the XML files of a package by name, and the names of the others; raise Refused where it is not harmless."""
    if len(content) > LARGEST_FILE:
        raise Refused("too-large", f"{LARGEST_FILE // (1024 * 1024)}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            _check(entries)
            texts = {entry.filename: _bytes_of(package, entry) for entry in entries if entry.filename.lower().endswith(".xml")}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError, OSError) as error:
        raise Refused("not-a-package", str(error)[:100]) from None
    return texts, [entry.filename for entry in entries if entry.filename not in texts]


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise TooLarge("files", MOST_FILES)
    if sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise Refused("package-too-large", f"{LARGEST_WHOLE // (1024 * 1024)}")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename or ":" in name or "\x00" in entry.orig_filename:
            raise Refused("path-outside", name[:80])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Refused("symbolic-link", name[:80])
        if entry.flag_bits & 1:
            raise Refused("encrypted", name[:80])
        if entry.file_size > SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise Refused("package-too-large", f"{LARGEST_WHOLE // (1024 * 1024)}")
        if name in seen:
            raise Refused("not-a-package", name[:80])
        seen.add(name)


def _bytes_of(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return what an entry holds; what it says of its size is not believed."""
    if entry.file_size > LARGEST_FILE:
        raise Refused("too-large", f"{LARGEST_FILE // (1024 * 1024)}")
    with package.open(entry) as packed:
        content = packed.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Refused("too-large", f"{LARGEST_FILE // (1024 * 1024)}")
    return content


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of ``files``: the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)
    return target.getvalue()
