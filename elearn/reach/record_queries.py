"""Records as the counting rule reads them; a few statements, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.catalogue.models import Module
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.reach.periods import Period
from elearn.reach.places import class_unit, institution_unit, units_of_country
from elearn.reach.queries import Place
from elearn.reach.record_models import ReachRecord
from elearn.reach.records import VERIFIED, Record

#: A record in a record in a record, so far; beyond that nothing is held.
LONGEST_CHAIN = 12


def records_in(period: Period) -> list[Record]:
    """Return the records of which some version counts in a period, each in its newest version with what was confirmed before."""
    codes = select(ReachRecord.code).where(ReachRecord.counts_on.between(period.first_day, period.last_day))
    return _records(db.session.scalars(select(ReachRecord).where(ReachRecord.code.in_(codes)).order_by(ReachRecord.id)).all())


def with_holders(records: Iterable[Record]) -> dict[str, Record]:
    """Return records by name, with those that hold them, wherever and whenever these count."""
    known = {record.id: record for record in records}
    for _ in range(LONGEST_CHAIN):
        wanted = {each.overlap_with for each in known.values() if each.overlap == "within"} - known.keys()
        if not wanted:
            break
        found = _records(db.session.scalars(select(ReachRecord).where(ReachRecord.code.in_(wanted)).order_by(ReachRecord.id)).all())
        if not found:
            break
        known |= {record.id: record for record in found}
    return known


def records_named(rows: Sequence[ReachRecord], codes: Collection[str]) -> dict[str, Record]:
    """Return records by name: ``rows``, kept or not, those called ``codes``, and all that hold them."""
    ours = {row.code for row in rows}
    asked = select(ReachRecord).where(ReachRecord.code.in_(set(codes) - ours)).order_by(ReachRecord.id)
    return with_holders([*_records(rows), *_records(db.session.scalars(asked).all())])


def _records(rows: Sequence[ReachRecord]) -> list[Record]:
    versions: dict[str, list[ReachRecord]] = defaultdict(list)
    for row in rows:
        versions[row.code].append(row)
    chains = chains_of({row.institution_id for row in rows if row.institution_id is not None})
    found = []
    for of_one in versions.values():
        of_one.sort(key=lambda row: row.version)
        now = _record(of_one[-1], chains)
        before = next((row for row in reversed(of_one[:-1]) if row.state in VERIFIED), None)
        found.append(replace(now, corrects=_record(before, chains)) if before else now)
    return found


def _record(row: ReachRecord, chains: dict[int, tuple[str, ...]]) -> Record:
    return Record(
        row.code,
        row.kind,
        row.audience,
        row.people,
        row.first_day,
        row.last_day,
        row.word or None,
        row.counts_on,
        chains.get(row.institution_id or 0, ()),
        frozenset(row.countries),
        frozenset(row.areas),
        row.countries_count,
        row.universities_count,
        row.regions_count,
        frozenset(row.modules),
        row.language,
        row.overlap,
        class_unit(row.class_id) if row.class_id is not None else row.overlap_with,
        row.state,
    )


def chains_of(institution_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return, by institution, the units that hold it, from itself over those above it in its country to the world; one statement a step."""
    parents: dict[int, tuple[int | None, str]] = {}
    missing = set(institution_ids)
    while missing:
        asked = select(Institution.id, Institution.parent_id, Institution.country).where(Institution.id.in_(missing))
        parents |= {row.id: (row.parent_id, row.country) for row in db.session.execute(asked)}
        missing = {parent for parent, _ in parents.values() if parent is not None} - parents.keys()
    return {institution_id: _chain(institution_id, parents) for institution_id in institution_ids if institution_id in parents}


def _chain(institution_id: int, parents: dict[int, tuple[int | None, str]]) -> tuple[str, ...]:
    country = parents[institution_id][1]
    chain: list[int] = []
    at: int | None = institution_id
    while at is not None and at in parents and parents[at][1] == country and at not in chain:
        chain.append(at)
        at = parents[at][0]
    return (*map(institution_unit, chain), *units_of_country(country))


def places_of(*records: Iterable[Record]) -> dict[str, Place]:
    """Return by unit the institutions as which records count: the topmost of each one's country."""
    units = {_topmost(record.institution) for taken in records for record in taken if record.institution}
    ids = {int(unit.removeprefix("institution:")) for unit in units}
    columns = (Institution.id, Institution.code, Institution.name, Institution.kind, Institution.country)
    rows = db.session.execute(select(*columns).where(Institution.id.in_(ids))) if ids else ()
    return {institution_unit(row.id): Place(*row) for row in rows}


def _topmost(chain: tuple[str, ...]) -> str:
    return [unit for unit in chain if unit.startswith("institution:")][-1]


def modules_of(slugs: Collection[str], language: str) -> list[tuple[str, int, str]]:
    """Return slug, number and title of modules, in the order of the series; those it no longer has come last."""
    rows = db.session.execute(select(Module.slug, Module.id).where(Module.slug.in_(slugs))) if slugs else ()
    series = current_series()
    titles = {module.slug: module.text(language, series.source).title for module in series.modules}
    order = {slug: place for place, slug in enumerate(titles)}
    return sorted(
        ((row.slug, row.id, titles.get(row.slug, row.slug)) for row in rows), key=lambda line: (order.get(line[0], len(order)), line[0])
    )
