"""A roster as it was sent: its lines, what is odd about each, and what it says of itself (pure).

Nothing that is sent can make the reader fail. A fault keeps a line out; a remark says what was done with something odd.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from elearn.learning.spreadsheet import (
    Record,
    csv_line,
    decoded,
    guarded_cell,
    is_text,
    records,
    separator_of,
    unguarded_cell,
)
from elearn.text import FORMULA_SIGNS

MOST_LINES = 50_000
LARGEST_FILE = 8 * 1024 * 1024
LONGEST = {"name": 200, "email": 254, "student_id": 60, "language": 20, "group": 80}
COLUMNS = tuple(LONGEST)
#: How else people call our columns, in lower case, letters and digits only.
_SYNONYMS = {
    "name": ("name", "fullname", "studentname", "student", "displayname"),
    "email": ("email", "emailaddress", "mail", "mailaddress"),
    "student_id": ("studentid", "id", "idnumber", "studentnumber", "matriculationnumber", "matricule", "registrationnumber"),
    "language": ("language", "lang"),
    "group": ("group", "groupname", "section", "seminar"),
    "given": ("firstname", "givenname", "forename", "firstnames", "givennames"),
    "family": ("lastname", "familyname", "surname", "lastnames", "surnames"),
}
_COLUMN_OF = {synonym: column for column, synonyms in _SYNONYMS.items() for synonym in synonyms}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
#: Letters that no name has, and of which no database keeps the first; spaces of every kind are made even.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
LONGEST_SHOWN = 80


class Kind(StrEnum):
    """What may be odd about a roster or a line of it; ``roster_labels`` has the words."""

    # The whole file cannot be read.
    EMPTY = "empty"
    NOT_TEXT = "not-text"
    TOO_LARGE = "too-large"
    TOO_MANY_LINES = "too-many-lines"
    NO_NAME_COLUMN = "no-name-column"
    COLUMN_TWICE = "column-twice"
    # Faults of a line.
    NO_NAME = "no-name"
    TOO_LONG = "too-long"
    BAD_ADDRESS = "bad-address"
    ADDRESS_TWICE = "address-twice"
    STUDENT_ID_TWICE = "student-id-twice"
    TOO_MANY_CELLS = "too-many-cells"
    QUOTES = "quotes"
    CONTROL = "control"
    # Faults that only the class knows of.
    TEACHES = "teaches"
    TWO_PLACES = "two-places"
    SAME_PLACE = "same-place"
    # Remarks.
    FORMULA = "formula"
    EMPTY_LINE = "empty-line"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Line:
    """A line of a roster that can be taken; an empty text says nothing."""

    number: int
    name: str
    email: str = ""
    student_id: str = ""
    language: str = ""
    group: str = ""


@dataclass(frozen=True)
class Oddity:
    """Something odd on a line (0: the whole file); ``column`` and ``value`` where one cell is meant, ``other`` where another line is."""

    line: int
    kind: Kind
    column: str = ""
    value: str = ""
    other: int = 0


@dataclass(frozen=True)
class Roster:
    """What was read of a file."""

    lines: tuple[Line, ...] = ()
    faults: tuple[Oddity, ...] = ()
    remarks: tuple[Oddity, ...] = ()
    #: Why the whole file cannot be read.
    refusal: Oddity | None = None
    encoding: str = "UTF-8"
    ignored_columns: tuple[str, ...] = ()

    @property
    def faulty_lines(self) -> int:
        """How many lines have faults."""
        return len({fault.line for fault in self.faults})


def name_key(text: str) -> str:
    """Return what two texts have in common that are the same to people: case, spaces and ways to write a letter do not matter."""
    return unicodedata.normalize("NFKC", " ".join(text.split())).casefold()


def roster_line(name: str, email: str, student_id: str, language: str, group: str) -> str:
    """Return a line of a roster as it is sent out; read again it says the same."""
    return csv_line([guarded_cell(cell) for cell in (name, email, student_id, language, group)])


def read_roster(content: bytes) -> Roster:
    """Return what a file says, however it was written."""
    if len(content) > LARGEST_FILE:
        return Roster(refusal=Oddity(0, Kind.TOO_LARGE))
    if not is_text(content):
        return Roster(refusal=Oddity(0, Kind.NOT_TEXT))
    text, encoding = decoded(content)
    if not text.strip():
        return Roster(refusal=Oddity(0, Kind.EMPTY), encoding=encoding)
    reading = _Reading(encoding)
    reading.read(text)
    if reading.refusal is not None:
        return Roster(refusal=reading.refusal, encoding=encoding, ignored_columns=tuple(reading.ignored))
    reading.faults.sort(key=lambda fault: fault.line)
    return Roster(tuple(reading.lines), tuple(reading.faults), tuple(reading.remarks), None, encoding, tuple(reading.ignored))


def _column(heading: str) -> str | None:
    """Return the column that a heading means; None: none of ours."""
    return _COLUMN_OF.get("".join(letter for letter in heading.casefold() if letter.isalnum()))


def _shown(value: str) -> str:
    """Return so much of a cell as is worth showing, on one line."""
    words = " ".join("".join(" " if unicodedata.category(c) == "Cc" else c for c in value[: 2 * LONGEST_SHOWN]).split())
    return words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"


@dataclass
class _Reading:
    """A file while it is read."""

    encoding: str
    lines: list[Line] = field(default_factory=list)
    faults: list[Oddity] = field(default_factory=list)
    remarks: list[Oddity] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    refusal: Oddity | None = None
    #: The column of each cell; None: not one of ours.
    columns: list[str | None] = field(default_factory=list)
    addresses: dict[str, int] = field(default_factory=dict)
    student_ids: dict[str, int] = field(default_factory=dict)

    def read(self, text: str) -> None:
        first, _, _ = text.lstrip("\r\n").partition("\n")
        told = re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE)
        separator = told.group(1) if told else separator_of(first)
        empty: list[int] = []
        count = 0
        for record in records(text, separator):
            if told and record.cells is not None and separator.join(record.cells).lower().startswith("sep="):
                told = None
                continue
            if record.cells is not None and not any(cell.strip() for cell in record.cells):
                empty.append(record.line)
                continue
            if not self.columns:
                self._head(record)
                if self.refusal is not None:
                    return
                empty.clear()
                continue
            # Empty lines at the end are nobody's.
            self.remarks += [Oddity(number, Kind.EMPTY_LINE) for number in empty]
            empty.clear()
            count += 1
            if count > MOST_LINES:
                self.refusal = Oddity(record.line, Kind.TOO_MANY_LINES)
                return
            self._line(record)
        if not count:
            self.refusal = Oddity(0, Kind.EMPTY)

    def _head(self, record: Record) -> None:
        """Learn which cell is which column from the first line."""
        headings = record.cells or ()
        self.columns = [_column(heading) for heading in headings]
        unknown = [heading for heading, column in zip(headings, self.columns, strict=True) if column is None and heading.strip()]
        self.ignored = [_shown(heading) for heading in unknown]
        known = [column for column in self.columns if column is not None]
        twice = [column for column in known if known.count(column) > 1]
        if twice:
            self.refusal = Oddity(record.line, Kind.COLUMN_TWICE, column=twice[0])
        elif not {"name", "given", "family"} & set(known):
            self.refusal = Oddity(record.line, Kind.NO_NAME_COLUMN, value=_shown(", ".join(headings)))

    def _line(self, record: Record) -> None:
        number, faults = record.line, list[Oddity]()
        if record.cells is None:
            self.faults.append(Oddity(number, Kind.QUOTES))
            return
        if any(cell.strip() for cell in record.cells[len(self.columns) :]):
            self.faults.append(Oddity(number, Kind.TOO_MANY_CELLS, value=str(len(self.columns))))
            return
        cells = self._cells(record, faults)
        line = self._said(number, cells, faults)
        self._compare(line, faults)
        if faults:
            self.faults += faults
        else:
            self.lines.append(line)

    def _cells(self, record: Record, faults: list[Oddity]) -> dict[str, str]:
        """Return what stands in our columns, with spaces made even."""
        cells: dict[str, str] = {}
        for column, cell in zip(self.columns, record.cells or (), strict=False):
            if column is None:
                continue
            if _CONTROL.search(cell):
                faults.append(Oddity(record.line, Kind.CONTROL, column, _shown(cell)))
            text = " ".join(unguarded_cell(cell.strip()).split())
            if text.startswith(FORMULA_SIGNS):
                self.remarks.append(Oddity(record.line, Kind.FORMULA, column, _shown(text)))
            cells[column] = text
        if "given" in cells or "family" in cells:
            both = f"{cells.pop('given', '')} {cells.pop('family', '')}".strip()
            cells["name"] = cells.get("name") or both
        return cells

    def _said(self, number: int, cells: dict[str, str], faults: list[Oddity]) -> Line:
        line = Line(
            number,
            cells.get("name", ""),
            cells.get("email", "").lower(),
            cells.get("student_id", ""),
            self._language(number, cells.get("language", "")),
            cells.get("group", ""),
        )
        if not line.name:
            faults.append(Oddity(number, Kind.NO_NAME, "name"))
        said = {column: getattr(line, column) for column in COLUMNS}
        faults += [Oddity(number, Kind.TOO_LONG, column, _shown(text)) for column, text in said.items() if len(text) > LONGEST[column]]
        if line.email and not _ADDRESS.fullmatch(line.email):
            faults.append(Oddity(number, Kind.BAD_ADDRESS, "email", _shown(line.email)))
        return line

    def _language(self, number: int, text: str) -> str:
        if not text or (_LANGUAGE.fullmatch(text) and len(text) <= LONGEST["language"]):
            return text
        self.remarks.append(Oddity(number, Kind.LANGUAGE, "language", _shown(text)))
        return ""

    def _compare(self, line: Line, faults: list[Oddity]) -> None:
        """Find what an earlier line has said already; two people do not share an address, whatever its case, or a student id."""
        is_address = _ADDRESS.fullmatch(line.email) is not None
        for value, seen, kind in (
            (line.email if is_address else "", self.addresses, Kind.ADDRESS_TWICE),
            (name_key(line.student_id), self.student_ids, Kind.STUDENT_ID_TWICE),
        ):
            if value and (earlier := seen.setdefault(value, line.number)) != line.number:
                column = "email" if kind is Kind.ADDRESS_TWICE else "student_id"
                faults.append(Oddity(line.number, kind, column, _shown(value), earlier))
