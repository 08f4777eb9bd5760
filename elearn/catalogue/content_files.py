"""The files of a content folder: what may stand there, read as bytes and as text. Pure."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from elearn.catalogue.faults import Faults

LARGEST_TEXT = 200 * 1024
#: A picture of this size is refused before it is looked at.
LARGEST_PICTURE = 2 * 1024 * 1024

_KEY = "[a-z][a-z0-9-]*"
_LANGUAGE = "[a-z]{2,3}(?:-[A-Za-z]+)*"
MODULE_FOLDER = re.compile(rf"(\d\d)-({_KEY})")
SECTION_FILE = re.compile(rf"(\d\d)-({_KEY})\.md")
SLOT_FILE = re.compile(rf"slots/([^/]+)/({_LANGUAGE})/([^/]+)\.md")
_EXPECTED = re.compile(
    rf"(series|glossary|references)\.yml|{SLOT_FILE.pattern}"
    rf"|\d\d-{_KEY}/(module\.yml|media/[^/]+|{_LANGUAGE}/(module\.md|quiz\.yml|{SECTION_FILE.pattern}))",
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u2028\u2029]")


@dataclass
class ContentFiles:
    """Every file of the folder by its path within it, with slashes."""

    content: dict[str, bytes] = field(default_factory=dict)

    def under(self, prefix: str) -> dict[str, bytes]:
        """Return the files under a folder, by their path within that."""
        return {path.removeprefix(prefix): content for path, content in self.content.items() if path.startswith(prefix)}

    def text(self, path: str, faults: Faults) -> str | None:
        """Return a file as text with plain line ends; None, and a fault, where it is missing or no text."""
        content = self.content.get(path)
        if content is None:
            faults.add(path, 1, "missing-file", "this file is missing")
            return None
        if len(content) > LARGEST_TEXT:
            faults.add(path, 1, "too-large", f"{len(content) // 1024} KB; a text has at most {LARGEST_TEXT // 1024} KB")
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            faults.add(
                path, content.count(b"\n", 0, error.start) + 1, "bad-encoding", f"the byte 0x{content[error.start]:02x} is not UTF-8"
            )
            return None
        if text.startswith("\ufeff"):
            faults.add(path, 1, "byte-order-mark", "the file begins with a byte order mark; save it as UTF-8 without one")
            return None
        text = text.replace("\r\n", "\n")
        if found := _CONTROL.search(text):
            faults.add(path, text.count("\n", 0, found.start()) + 1, "control-character", f"U+{ord(found[0]):04X} cannot be shown")
            return None
        return text


def belongs(path: str) -> bool:
    """Return whether the guide names a file at this path."""
    return len(path) <= 190 and _EXPECTED.fullmatch(path) is not None  # noqa: PLR2004 (what the database keeps)


def read_files(folder: Path, faults: Faults) -> ContentFiles:
    """Return the files of ``folder``; hidden ones are passed over, and what the guide does not name is a fault."""
    files = ContentFiles()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if path.is_symlink():
            faults.add(name, 1, "symbolic-link", "a link to another file may not stand here")
        elif path.is_dir():
            continue
        elif not belongs(name):
            faults.add(name, 1, "unexpected-file", "no file of this name belongs here")
        elif path.stat().st_size > LARGEST_PICTURE:
            faults.add(name, 1, "too-large", f"{path.stat().st_size // 1024} KB")
        else:
            files.content[name] = path.read_bytes()
    return files
