"""Keeping records: all of a file or none, each a version that never changes. Flushes; whoever calls commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from elearn import audit, clock
from elearn.accounts.models import Institution
from elearn.catalogue.models import Module
from elearn.db import db
from elearn.errors import Invalid
from elearn.learning.models import CourseClass
from elearn.reach.record_models import ReachRecord
from elearn.reach.record_queries import LONGEST_CHAIN, records_named
from elearn.reach.record_reading import Reading, RecordLine
from elearn.reach.records import Record, is_wider
from elearn.reach.reported import chain_of

#: What tells one version from another.
_SAID = tuple(column.name for column in ReachRecord.__table__.columns if column.name not in {"id", "version", "made_by_id", "made_at"})


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    corrected: int
    unchanged: int


def import_records(reading: Reading, *, state: str = "validated") -> Imported:
    """Keep the records of a file, those that name no state in ``state``; one that is known by its name and differs is its next version.

    Raise Invalid, naming each fault with its line, where anything is wrong: then nothing is kept.
    """
    if reading.faults or not reading.lines:
        raise Invalid("\n".join(reading.faults) or "The file has no records.")
    found = _Named(reading.lines)
    rows = [found.row(line, state) for line in reading.lines]
    faults = [*found.faults]
    if not faults:
        faults = _faults_of_holding(reading.lines, rows)
    if faults:
        db.session.rollback()
        raise Invalid("\n".join(faults))
    return _kept(rows)


class _Named:
    """What the lines name: institutions, classes, modules."""

    def __init__(self, lines: Sequence[RecordLine]) -> None:
        self.faults: list[str] = []
        codes = {line.institution_code for line in lines if line.institution_code}
        asked = select(Institution.code, Institution.id).where(Institution.code.in_(codes), Institution.state == "confirmed")
        self.institutions = {row.code: row.id for row in db.session.execute(asked)} if codes else {}
        classes = {line.overlap_with for line in lines if line.overlap == "same-as-class"}
        held = select(CourseClass.code, CourseClass.id, CourseClass.institution_id).where(CourseClass.code.in_(classes))
        self.classes = {row.code: row for row in db.session.execute(held)} if classes else {}
        slugs = {slug for line in lines for slug in line.modules}
        self.modules = set(db.session.scalars(select(Module.slug).where(Module.slug.in_(slugs)))) if slugs else set()

    def row(self, line: RecordLine, state: str) -> ReachRecord:
        """Return the line as it would be kept, after noting what it names that there is not."""
        institution_id = self.institutions.get(line.institution_code)
        if line.institution_code and institution_id is None:
            self._fault(line, f"there is no institution with the code {line.institution_code}")
        for slug in line.modules:
            if slug not in self.modules:
                self._fault(line, f"there is no module called {slug[:80]}")
        taught = self.classes.get(line.overlap_with) if line.overlap == "same-as-class" else None
        if line.overlap == "same-as-class":
            if taught is None:
                self._fault(line, f"there is no class with the code {line.overlap_with}")
            elif taught.institution_id != institution_id:
                self._fault(line, "the class is another institution's")
        return ReachRecord(
            code=line.code, version=1, kind=line.kind, title=line.title, audience=line.audience, people=line.people, word=line.word,
            institution_id=institution_id, class_id=taught.id if taught else None, countries=list(line.countries), areas=list(line.areas),
            countries_count=line.countries_count, universities_count=line.universities_count, regions_count=line.regions_count,
            modules=list(line.modules), language=line.language, first_day=line.first_day, last_day=line.last_day,
            counts_on=line.counts_on, overlap=line.overlap, overlap_with=line.overlap_with, note=line.note,
            state=line.state or state, made_by_id=None, made_at=clock.now(),
        )  # fmt: skip

    def _fault(self, line: RecordLine, words: str) -> None:
        self.faults.append(f"line {line.line}: {words}.")


def _faults_of_holding(lines: Sequence[RecordLine], rows: Sequence[ReachRecord]) -> list[str]:
    """Return what is wrong with records that are said to lie within others."""
    known = records_named(rows, {line.overlap_with for line in lines if line.overlap == "within"})
    return [
        f"line {line.line}: {fault}."
        for line in lines
        if line.overlap == "within" and (fault := fault_of_holding(known[line.code], known))
    ]  # fmt: skip


def fault_of_holding(record: Record, known: Mapping[str, Record]) -> str:
    """Return what is wrong with a record's being within another; empty: nothing."""
    holder = known.get(record.overlap_with)
    if holder is None:
        return f"there is no record {record.overlap_with}"
    at: Record | None = holder
    for _ in range(LONGEST_CHAIN):
        if at is None or at.overlap != "within":
            break
        if at.overlap_with == record.id:
            return f"{record.id} would lie within itself"
        at = known.get(at.overlap_with)
    if not is_wider(holder.audience, record.audience) or holder.is_return != record.is_return:
        return f"{holder.id} is of another audience"
    if holder.unit not in chain_of(record):
        return f"{holder.id} is of another place"
    if holder.people is not None and record.people is not None and holder.people < record.people:
        return f"{holder.id} has fewer people"
    return ""


def _kept(rows: Iterable[ReachRecord]) -> Imported:
    """Add what is new, and a version of what is known and differs."""
    rows = list(rows)
    newest = select(func.max(ReachRecord.id)).group_by(ReachRecord.code)
    asked = select(ReachRecord).where(ReachRecord.code.in_([row.code for row in rows]), ReachRecord.id.in_(newest))
    before = {row.code: row for row in db.session.scalars(asked)}
    added = corrected = 0
    for row in rows:
        known = before.get(row.code)
        if known is not None and all(getattr(known, name) == getattr(row, name) for name in _SAID):
            continue
        row.version = known.version + 1 if known else 1
        added, corrected = added + (known is None), corrected + (known is not None)
        db.session.add(row)
    db.session.flush()
    audit.record("import-records", "reach", 0, actor_id=None, institution_id=None, details={"added": added, "corrected": corrected})
    return Imported(added, corrected, len(rows) - added - corrected)
