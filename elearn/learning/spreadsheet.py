"""Tables as spreadsheets write them: any of their encodings, separators and ways to quote is read, whatever is sent (pure)."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elearn.text import FORMULA_SIGNS

SEPARATORS = (",", ";", "\t")
#: No cell we know of is longer; a quotation mark that is never closed swallows no more than this.
LONGEST_CELL = 4000
#: Nor does a record with quotation marks have more cells: what is given up after a look is looked at again from its second line on.
MOST_QUOTED_CELLS = 100
#: What files of spreadsheets, documents and archives begin with.
NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"{\\rtf")

_LINE_END = re.compile(r"\r\n|\n|\r")
_AFTER_QUOTE = re.compile(r"[ ]*")


@dataclass(frozen=True)
class Record:
    """A record of a table, and the line on which it begins, counted from 1; ``cells`` is None where its quotation marks do not match."""

    line: int
    cells: tuple[str, ...] | None


def guarded_cell(text: str) -> str:
    """Return ``text`` such that no spreadsheet runs it and ``unguarded_cell`` gives it back."""
    return "'" + text if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded_cell(text: str) -> str:
    """Return what a cell says: an apostrophe before a formula is the sign of a spreadsheet, or ours, that it is text."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS) else text


def csv_line(cells: Sequence[str]) -> str:
    """Return the cells as a line of CSV, with its end."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the name of the encoding in which it was read."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("windows-1252"), "Windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def is_text(content: bytes) -> bool:
    """Return whether the bytes may be those of a table as text, not of a spreadsheet's own format."""
    return not content.startswith(NOT_TEXT)


def separator_of(first_line: str) -> str:
    """Return what separates the cells of a table whose first line this is."""
    outside = re.sub(r'"[^"]*"', "", first_line)
    return max(SEPARATORS, key=lambda separator: (outside.count(separator), -SEPARATORS.index(separator)))


def records(text: str, separator: str) -> Iterator[Record]:
    """Yield the records of a table, those that are empty too.

    Where quotation marks do not match, the line on which the record begins is given up and reading goes on with the next one.
    """
    place, line, end = 0, 1, len(text)
    while place < end:
        found = _LINE_END.search(text, place)
        stop, after = (found.start(), found.end()) if found else (end, end)
        if '"' not in text[place:stop]:
            yield Record(line, tuple(text[place:stop].split(separator)))
            place, line = after, line + 1
            continue
        cells, reached = _quoted_record(text, place, separator)
        if cells is None:
            yield Record(line, None)
            place, line = after, line + 1
        else:
            yield Record(line, tuple(cells))
            line += len(_LINE_END.findall(text, place, reached))
            place = reached


def _quoted_record(text: str, place: int, separator: str) -> tuple[list[str] | None, int]:
    """Return the cells of the record that begins at ``place``, and where the next one begins; None where its quotes do not match."""
    cells: list[str] = []
    ends = re.compile(rf"{re.escape(separator)}|\r\n|\n|\r")
    while True:
        if text.startswith('"', place):
            cell, place = _quoted_cell(text, place + 1)
            if cell is None:
                return None, place
            found = ends.match(text, place)
            if found is None and place < len(text):
                return None, place
        else:
            found = ends.search(text, place)
            cell = text[place : found.start() if found else len(text)]
        cells.append(cell)
        if len(cells) > MOST_QUOTED_CELLS:
            return None, place
        if found is None:
            return cells, len(text)
        place = found.end()
        if found.group() != separator:
            return cells, place


def _quoted_cell(text: str, place: int) -> tuple[str | None, int]:
    """Return the cell whose opening quotation mark stands before ``place``, and where it ends; None where it is not closed."""
    limit, start, parts = place + LONGEST_CELL, place, []
    while True:
        quote = text.find('"', place, limit)
        if quote < 0:
            return None, place
        if not text.startswith('"', quote + 1):
            parts.append(text[start:quote])
            return "".join(parts), _AFTER_QUOTE.match(text, quote + 1).end()  # type: ignore[union-attr]  # it matches nothing, too
        parts.append(text[start : quote + 1])
        place = start = quote + 2
