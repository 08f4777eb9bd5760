"""Records in a table, as spreadsheets write them: read whole, with every fault at its line (pure)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from elearn.countries import countries, regions
from elearn.learning.spreadsheet import decoded, is_text, records, separator_of
from elearn.reach.periods import FIRST_YEAR, LAST_YEAR
from elearn.reach.records import AUDIENCES, KINDS, OVERLAPS, STATES, TEACHING

COLUMNS = (
    *("record_id", "paragraph", "kind", "title", "audience", "participants", "qualifier", "countries", "regions", "countries_count"),
    *("universities_count", "regions_count", "period_start", "period_end", "counted_on", "overlap", "overlap_with", "note"),
)
MORE_COLUMNS = ("institution_code", "modules", "language", "status")
WANTED = ("record_id", "kind", "title", "audience", "period_start", "period_end")
LARGEST_FILE = 5 * 1024 * 1024
MOST_LINES = 20_000
#: More people than there are.
MOST_PEOPLE = 10**10
#: More countries, universities or regions than there are.
MOST_PLACES = 100_000
LONGEST = {"record_id": 40, "title": 300, "note": 4000, "overlap_with": 40, "institution_code": 40, "language": 20, "paragraph": 20}
QUALIFIERS = {"": "", "exact": "", "approximately": "approximately", "more-than": "more-than"}


@dataclass(frozen=True)
class RecordLine:
    """A record as a line of a table says it."""

    line: int
    code: str
    kind: str
    title: str
    audience: str
    people: int | None
    word: str
    countries: tuple[str, ...]
    areas: tuple[str, ...]
    countries_count: int | None
    universities_count: int | None
    regions_count: int | None
    first_day: date
    last_day: date
    counts_on: date
    overlap: str
    overlap_with: str
    note: str
    institution_code: str = ""
    modules: tuple[str, ...] = ()
    language: str = ""
    #: Empty: as the command says.
    state: str = ""


@dataclass
class Reading:
    """What a file holds, and what is wrong with it."""

    lines: list[RecordLine] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    encoding: str = "UTF-8"


def read_records(content: bytes) -> Reading:
    """Return the records of a file; where anything is wrong, every fault with its line."""
    reading = Reading()
    if len(content) > LARGEST_FILE or not is_text(content) or b"\x00" in content:
        reading.faults.append("The file is no CSV of at most 5 MB; a spreadsheet is saved as CSV first.")
        return reading
    text, reading.encoding = decoded(content)
    rows = list(records(text, separator_of(text.partition("\n")[0])))
    rows = [row for row in rows if row.cells is None or any(cell.strip() for cell in row.cells)]
    if not rows or rows[0].cells is None:
        reading.faults.append("The file has no lines.")
        return reading
    names = [cell.strip() for cell in rows[0].cells]
    if strangers := [name for name in names if name not in COLUMNS + MORE_COLUMNS]:
        reading.faults.append(f"line 1: no such column: {', '.join(strangers)}.")
    if missing := [name for name in WANTED if name not in names]:
        reading.faults.append(f"line 1: a column is missing: {', '.join(missing)}.")
    if len(rows) - 1 > MOST_LINES:
        reading.faults.append(f"The file has more than {MOST_LINES} records.")
    if reading.faults:
        return reading
    for row in rows[1:]:
        if row.cells is None or len(row.cells) > len(names):
            reading.faults.append(f"line {row.line}: its quotation marks or columns do not match.")
            continue
        cells = dict(zip(names, (cell.strip() for cell in row.cells), strict=False))
        line = _Line(row.line, cells)
        if found := line.read():
            reading.lines.append(found)
        reading.faults += line.faults
    codes = [line.code for line in reading.lines]
    reading.faults += [f"line {line.line}: {line.code} stands twice." for line in reading.lines if codes.count(line.code) > 1]
    return reading


class _Line:
    """Reads one line."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number, self.cells = number, cells
        self.faults: list[str] = []

    def read(self) -> RecordLine | None:
        """Return the record; None where something is wrong with it."""
        for name in WANTED:
            if not self.cells.get(name):
                self._fault(f"{name} is wanted")
        for name, most in LONGEST.items():
            if len(self.cells.get(name, "")) > most:
                self._fault(f"{name} is a text of at most {most} characters")
        kind, audience = self._one_of("kind", KINDS), self._one_of("audience", AUDIENCES)
        if kind and audience and (kind == TEACHING) != (audience == "students"):
            self._fault("students are those of kind teaching, and teaching has no other audience")
        first, last = self._day("period_start"), self._day("period_end")
        counted = self._day("counted_on") or last
        if first and last and counted and not first <= counted <= last:
            self._fault("it ends before it begins" if last < first else "counted_on lies outside its days")
        overlap = self._one_of("overlap", OVERLAPS) if self.cells.get("overlap") else "unknown"
        if overlap in {"within", "same-as-class"} and not self.cells.get("overlap_with"):
            self._fault(f"{overlap}: overlap_with says which")
        found = self._record(kind, audience, overlap)
        if self.faults or not (first and last and counted):
            return None
        return RecordLine(**found, first_day=first, last_day=last, counts_on=counted)

    def _record(self, kind: str, audience: str, overlap: str) -> dict[str, Any]:
        paragraph, note = self.cells.get("paragraph", ""), self.cells.get("note", "")
        return {
            "line": self.number,
            "code": self.cells.get("record_id", ""),
            "kind": kind,
            "title": self.cells.get("title", ""),
            "audience": audience,
            "people": self._number("participants", MOST_PEOPLE),
            "word": QUALIFIERS[self._one_of("qualifier", QUALIFIERS) if self.cells.get("qualifier") else ""],
            "countries": self._codes("countries", countries(), "country code (ISO 3166-1 alpha-2)"),
            "areas": self._codes("regions", regions(), "region (UN M49)"),
            **{name: self._number(name, MOST_PLACES) for name in ("countries_count", "universities_count", "regions_count")},
            "overlap": overlap,
            "overlap_with": self.cells.get("overlap_with", ""),
            "note": f"paragraph {paragraph}. {note}".strip() if paragraph else note,
            "institution_code": self.cells.get("institution_code", ""),
            "modules": tuple(dict.fromkeys(code.strip() for code in self.cells.get("modules", "").split(";") if code.strip())),
            "language": self.cells.get("language", ""),
            "state": self._one_of("status", STATES) if self.cells.get("status") else "",
        }

    def _fault(self, words: str) -> None:
        self.faults.append(f"line {self.number}: {words}.")

    def _one_of(self, name: str, known: Collection[str]) -> str:
        value = self.cells.get(name, "")
        if value and value not in known:
            self._fault(f"{name} is one of {', '.join(each for each in known if each)}")
        return value if value in known else ""

    def _day(self, name: str) -> date | None:
        value = self.cells.get(name, "")
        try:
            day = date.fromisoformat(value) if value else None
        except ValueError:
            self._fault(f"{name}: {value[:40]!r} is no date such as 2026-09-01")
            return None
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._fault(f"{name} lies between {FIRST_YEAR} and {LAST_YEAR}")
            return None
        return day

    def _number(self, name: str, most: int) -> int | None:
        value = self.cells.get(name, "")
        if not value:
            return None
        if not (value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and int(value) <= most):
            self._fault(f"{name} is a whole number from 0 to {most}, without separators")
            return None
        return int(value)

    def _codes(self, name: str, known: Collection[str], what: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(code.strip() for code in self.cells.get(name, "").split(";") if code.strip()))
        for code in found:
            if code not in known:
                self._fault(f"{name}: {code[:20]!r} is no {what}")
        return found
