"""Reading rosters: every dialect and encoding, every oddity with its line, and nothing that makes the reader fail."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.learning import roster as rosters
from elearn.learning.roster import Kind, Line, Oddity, Roster, name_key, read_roster, roster_line
from elearn.learning.spreadsheet import LONGEST_CELL, csv_line, decoded, guarded_cell, records, unguarded_cell
from elearn.text import plain_cell

HEAD = "name,email,student_id,language,group\n"


def read(text: str) -> Roster:
    return read_roster(text.encode())


def faults(text: str) -> list[tuple[int, Kind]]:
    return [(fault.line, fault.kind) for fault in read(text).faults]


#: What may stand in a cell: anything with quotation marks, separators, line ends and letters of any script.
cells = st.text(st.sampled_from("\",;\t\n\r'= aéعж字"), max_size=12)
tables = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8))


@given(tables, st.sampled_from(",;\t"), st.sampled_from(["\r\n", "\n", "\r"]), st.booleans())
def test_what_is_written_in_any_dialect_is_read_back(table, separator: str, end: str, quote_all: bool) -> None:
    buffer = io.StringIO()
    # Python's writer quotes a lone line end only where its letter is in the line's own.
    quoting = csv.QUOTE_ALL if quote_all or end != "\r\n" else csv.QUOTE_MINIMAL
    csv.writer(buffer, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    written = buffer.getvalue()
    assert [list(record.cells or ()) for record in records(written, separator)] == table


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
def test_text_in_any_unicode_encoding_is_read_back(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    expected = text.removeprefix("\ufeff") if encoding.startswith("utf-8") else text
    assert decoded(content)[0] in {expected, text}


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60).map(lambda s: " ".join(s.split())).filter(bool)
ids = st.text(st.sampled_from("0123456789ABC-/'=+@"), max_size=20)


@given(st.lists(st.tuples(names, ids, names), max_size=8, unique_by=lambda row: name_key(row[1]) or id(row)), st.booleans())
def test_a_roster_that_is_sent_out_says_the_same_when_it_comes_back(rows, latin: bool) -> None:
    lines = [(name, f"p{n}@example.org", student_id, "en", group) for n, (name, student_id, group) in enumerate(rows)]
    text = HEAD + "".join(roster_line(*line) for line in lines)
    found = read(text)
    if not lines:
        assert found.refusal == Oddity(0, Kind.EMPTY)
        return
    assert [(x.name, x.email, x.student_id, x.language, x.group) for x in found.lines] == lines
    assert not found.faults


@given(st.binary(max_size=400))
def test_the_reader_never_fails_on_bytes(content: bytes) -> None:
    read_roster(content)
    read_roster(HEAD.encode() + content)


@given(st.text(st.sampled_from('",;\n\r\t\x00 a@.=é'), max_size=300))
def test_the_reader_never_fails_on_text_and_every_line_is_accounted_for(text: str) -> None:
    found = read(HEAD + text)
    taken = [line.number for line in found.lines]
    assert len(set(taken)) == len(taken)
    assert not set(taken) & {fault.line for fault in found.faults}


@given(st.text(max_size=20))
def test_a_cell_is_guarded_against_formulas_and_given_back(text: str) -> None:
    guarded = guarded_cell(text)
    assert unguarded_cell(guarded) == text
    assert plain_cell(guarded) == guarded, "no spreadsheet runs it"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("latin-1", "Windows-1252"), ("windows-1252", "Windows-1252"), ("utf-16", "UTF-16")],
)
def test_encodings_and_separators_are_recognised_and_said(separator: str, encoding: str, said: str) -> None:
    text = separator.join(["Name", "E-Mail", "Student ID"]) + "\r\n" + separator.join(["José Muñoz", "Jose@Example.org", "17"]) + "\r\n"
    found = read_roster(text.encode(encoding))
    assert found.encoding == said
    assert found.lines == (Line(2, "José Muñoz", "jose@example.org", "17"),)


def test_bytes_that_windows_does_not_know_are_read_as_latin_1() -> None:
    assert read_roster(b"name\nJos\xe9\x81\n").encoding == "Latin-1"


def test_a_line_that_names_the_separator_is_heeded() -> None:
    assert read("sep=;\nname;email\nAna, B.;a@x.org\n").lines == (Line(3, "Ana, B.", "a@x.org"),)


def test_headings_stand_in_any_order_and_others_are_named_and_passed_over() -> None:
    found = read("GROUP,Shoe size,E-mail address, Full Name ,Matriculation number\nMonday,38,a@x.org,Ana,9\n")
    assert found.lines == (Line(2, "Ana", "a@x.org", "9", "", "Monday"),)
    assert found.ignored_columns == ("Shoe size",)


def test_first_and_last_names_are_put_together() -> None:
    assert read("Last name,First name\nSilva,Ana\n,Cher\n").lines == (Line(2, "Ana Silva"), Line(3, "Cher"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", Kind.EMPTY),
        (b"\xef\xbb\xbf \r\n", Kind.EMPTY),
        (b"name,email\n", Kind.EMPTY),
        (b"name,email\n\n,\n", Kind.EMPTY),
        (b"PK\x03\x04rest of a workbook", Kind.NOT_TEXT),
        (b"Ana,ana@x.org\nBen,ben@x.org\n", Kind.NO_NAME_COLUMN),
        (b"email,student_id\na@x.org,1\n", Kind.NO_NAME_COLUMN),
        (b"name,email,E-Mail\nAna,a@x.org,b@x.org\n", Kind.COLUMN_TWICE),
    ],
)
def test_a_file_that_cannot_be_a_roster_is_refused_with_its_reason(content: bytes, kind: Kind) -> None:
    found = read_roster(content)
    assert found.refusal is not None
    assert found.refusal.kind is kind
    assert not found.lines


def test_a_roster_has_an_end(monkeypatch) -> None:
    monkeypatch.setattr(rosters, "MOST_LINES", 3)
    assert len(read("name\na\nb\nc\n").lines) == 3
    assert read("name\na\nb\nc\nd\n").refusal == Oddity(5, Kind.TOO_MANY_LINES)
    monkeypatch.setattr(rosters, "LARGEST_FILE", 10)
    assert read("name\nabcdef\n").refusal == Oddity(0, Kind.TOO_LARGE)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (",a@x.org,,,", Kind.NO_NAME),
        ("   ,a@x.org,,,", Kind.NO_NAME),
        ("x" * 201 + ",,,,", Kind.TOO_LONG),
        ("Ana,,1234567890" + "1" * 51 + ",,", Kind.TOO_LONG),
        ("Ana," + "a" * 250 + "@x.org,,,", Kind.TOO_LONG),
        ("Ana,,,," + "g" * 81, Kind.TOO_LONG),
        ("Ana,ana at x.org,,,", Kind.BAD_ADDRESS),
        ("Ana,ana@x,,,", Kind.BAD_ADDRESS),
        ("Ana,,,,,more", Kind.TOO_MANY_CELLS),
        ('"Ana,a@x.org,,,', Kind.QUOTES),
        ('"Ana"Silva,a@x.org,,,', Kind.QUOTES),
        ("An\x00a,,,,", Kind.CONTROL),
        ("An\x07a,,,,", Kind.CONTROL),
    ],
)
def test_a_faulty_line_is_named_and_keeps_no_other_out(line: str, kind: Kind) -> None:
    found = read(HEAD + "Before,,,,\n" + line + "\nAfter,,,,\n")
    assert [(fault.line, fault.kind) for fault in found.faults] == [(3, kind)]
    assert [x.name for x in found.lines] == ["Before", "After"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("A", "A"),
        ("x" * 200, "x" * 200),
        ("👩🏽‍🎓", "👩🏽‍🎓"),
        ("محمد علي", "محمد علي"),
        ("  Ana \u00a0 María\t", "Ana María"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_names_of_one_letter_of_200_of_emoji_and_from_right_to_left_are_names(name: str, kept: str) -> None:
    assert read(f"name\n{name}\n").lines == (Line(2, kept),)


def test_the_same_address_in_another_case_and_the_same_student_id_are_one_student() -> None:
    found = read(HEAD + "Ana,Ana@X.org,1,,\nBen,ana@x.ORG,2,,\nCem,c@x.org,1,,\n")
    assert [x.name for x in found.lines] == ["Ana"]
    assert [(f.line, f.kind, f.other) for f in found.faults] == [(3, Kind.ADDRESS_TWICE, 2), (4, Kind.STUDENT_ID_TWICE, 2)]


def test_a_formula_is_kept_as_text_and_said() -> None:
    found = read(HEAD + '=cmd|\' /C calc\'!A0,,"=HYPERLINK(""x"")",,\n')
    assert found.lines == (Line(2, "=cmd|' /C calc'!A0", "", '=HYPERLINK("x")'),)
    assert [(r.line, r.kind, r.column) for r in found.remarks] == [(2, Kind.FORMULA, "name"), (2, Kind.FORMULA, "student_id")]


def test_an_empty_line_in_the_middle_is_passed_over_and_said_and_those_at_the_end_are_nothing() -> None:
    found = read(HEAD + "Ana,,,,\n\n,,,,\nBen,,,,\n\n\n")
    assert [(x.number, x.name) for x in found.lines] == [(2, "Ana"), (5, "Ben")]
    assert [(r.line, r.kind) for r in found.remarks] == [(3, Kind.EMPTY_LINE), (4, Kind.EMPTY_LINE)]


def test_a_language_that_is_no_code_is_not_taken_and_said() -> None:
    found = read(HEAD + "Ana,,,Portuguese (Brazil),\nBen,,,pt-BR,\n")
    assert [x.language for x in found.lines] == ["", "pt-BR"]
    assert [(r.line, r.kind) for r in found.remarks] == [(2, Kind.LANGUAGE)]


def test_a_line_break_within_quotation_marks_is_a_space_and_lines_are_counted_as_an_editor_does() -> None:
    found = read('name,group\n"Ana\nSilva",A\n"Ben\r\n\r\nB.",A\nCem,A\n')
    assert [(x.number, x.name) for x in found.lines] == [(2, "Ana Silva"), (4, "Ben B."), (7, "Cem")]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone() -> None:
    others = "".join(f"P{n},p{n}@x.org,,,\n" for n in range(400))
    found = read(HEAD + '"Ana,a@x.org,,,\n' + others)
    assert [(f.line, f.kind) for f in found.faults] == [(2, Kind.QUOTES)]
    assert len(found.lines) == 400
    assert len(others) > LONGEST_CELL


def test_lines_may_be_shorter_than_the_first() -> None:
    assert read(HEAD + "Ana\nBen,b@x.org\n").lines == (Line(2, "Ana"), Line(3, "Ben", "b@x.org"))


def test_csv_lines_are_written_as_they_are_read() -> None:
    assert next(records(csv_line(['a"b', "c,d", "e\nf"]), ",")).cells == ('a"b', "c,d", "e\nf")
