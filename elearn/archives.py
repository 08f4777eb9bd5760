"""Zip files from outside, opened with care, and ours, written byte-stable. Pure."""

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

#: Text packs to a tenth or so; a bomb to a thousandth.
MOST_TIMES = 150
#: So small a file may be packed however well.
SMALL = 64 * 1024
_MEGABYTE = 1024 * 1024


class BadArchive(Exception):
    """The whole file is refused; ``code`` and ``detail`` say why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Limits:
    """How much a zip file may hold: packed, in one file, in all files together, and how many of them."""

    packed: int
    largest: int
    whole: int
    files: int


def is_archive(content: bytes) -> bool:
    """Return whether the bytes are a zip file's."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def opened(content: bytes, limits: Limits, wanted: Callable[[str], bool]) -> tuple[dict[str, bytes], list[str]]:
    """Return the wanted files of a zip file by name, and the names of the others; raise BadArchive where it is not harmless."""
    if len(content) > limits.packed:
        raise BadArchive("too-large", f"{limits.packed // _MEGABYTE}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries, limits)
            found = {entry.filename: _bytes_of(archive, entry, limits.largest) for entry in entries if wanted(entry.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, ValueError, OSError) as error:
        raise BadArchive("not-a-package", str(error)[:100]) from None
    return found, [entry.filename for entry in entries if entry.filename not in found]


def _check(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.files:
        raise BadArchive("too-many-files", f"{limits.files:,}")
    if sum(entry.file_size for entry in entries) > limits.whole:
        raise BadArchive("package-too-large", f"{limits.whole // _MEGABYTE}")
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename or ":" in name or "\x00" in entry.orig_filename:
            raise BadArchive("path-outside", name[:80])
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadArchive("symbolic-link", name[:80])
        if entry.flag_bits & 1:
            raise BadArchive("encrypted", name[:80])
        if entry.file_size > SMALL and entry.file_size > MOST_TIMES * max(entry.compress_size, 1):
            raise BadArchive("package-too-large", f"{limits.whole // _MEGABYTE}")
        if name in seen:
            raise BadArchive("not-a-package", name[:80])
        seen.add(name)


def _bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int) -> bytes:
    """Return what an entry holds; what it says of its size is not believed."""
    if entry.file_size > largest:
        raise BadArchive("too-large", f"{largest // _MEGABYTE}")
    with archive.open(entry) as packed_file:
        content = packed_file.read(largest + 1)
    if len(content) > largest:
        raise BadArchive("too-large", f"{largest // _MEGABYTE}")
    return content


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of ``files``: the same bytes for the same files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return target.getvalue()
