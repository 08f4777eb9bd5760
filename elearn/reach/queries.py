"""Figures of a cut and a period: from counters where they keep it, from rows where they do not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import CTE, ColumnElement, CompoundSelect, String, Subquery, case, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from elearn.accounts.models import Institution
from elearn.adaptation.models import Edition
from elearn.catalogue.models import Module
from elearn.countries import WORLD, countries, country_name, region_name, regions
from elearn.db import db
from elearn.errors import NotFound
from elearn.learning.models import CourseClass, Enrolment
from elearn.reach import sources
from elearn.reach.hierarchy import ladder
from elearn.reach.models import Cell
from elearn.reach.periods import FIRST_YEAR, Period
from elearn.reach.places import WORLD_UNIT, Cut, NamedCut, area_unit, country_unit, institution_unit, module_facet, region_codes, region_of

COUNTED = ("learners", "professors", "seats")


@dataclass(frozen=True)
class Place:
    """An institution, as tables name it."""

    id: int
    code: str
    name: str
    kind: str
    country: str


@dataclass(frozen=True)
class Counts:
    """What was counted for a cut and a period, by (what, unit); what is not there is nought."""

    own: dict[str, int]
    units: dict[tuple[str, str], int]
    #: Learners by facet of the cut.
    facets: dict[str, int]
    #: The institutions of the cut with anything counted: the topmost ones, or those directly below the cut's own.
    places: list[Place] = field(default_factory=list)

    def of(self, what: str, unit: str) -> int:
        """Return how many ``what`` a unit has."""
        return self.units.get((what, unit), 0)


def counts(period: Period, cut: Cut) -> Counts:
    """Return what is counted for ``cut`` in ``period``: a few rows of counters, or a query over rows where no counter keeps it."""
    return _from_cells(period.key, cut) if period.key is not None else _from_rows(period, cut)


def _counted_in(cut: Cut) -> tuple[str, ...]:
    """Return what is kept of a cut: professors and seats belong to no module and no language, professors to no class."""
    if cut.facet:
        return ("learners",)
    return ("learners", "seats") if cut.kind == "class" else COUNTED


def _from_cells(key: str, cut: Cut) -> Counts:
    connection = db.session.connection()
    of_period = (Cell.period == key, Cell.facet == cut.facet, Cell.figure.in_(_counted_in(cut)), Cell.count > 0)
    rows = connection.execute(
        select(*_PLACE, Cell.figure, Cell.count.label("number"))
        .join(Cell, Cell.unit == _unit_of(Institution.id))
        .where(*of_period, *_listed_in(cut))
        .order_by(Institution.name_key, Institution.id),
    ).all()
    places = list(dict.fromkeys(Place(*row[:5]) for row in rows))
    units = {(row.figure, institution_unit(row.id)): row.number for row in rows}
    reached = {place.country for place in places}
    wanted = {cut.unit, *map(country_unit, reached), *(area_unit(r) for c in reached if (r := region_of(c)))}
    found = connection.execute(select(Cell.figure, Cell.unit, Cell.count.label("number")).where(*of_period, Cell.unit.in_(sorted(wanted))))
    units |= {(row.figure, row.unit): row.number for row in found}
    own = {what: units.get((what, cut.unit), 0) for what in _counted_in(cut)}
    return Counts(own, units, {} if cut.facet else _facets_in_cells(key, cut), places)


def _facets_in_cells(key: str, cut: Cut) -> dict[str, int]:
    facets = union_all(
        select(literal("module:") + cast(Module.id, String)),
        select(literal("language:") + Edition.language).distinct(),
    )
    rows = db.session.connection().execute(
        select(Cell.facet, Cell.count.label("number")).where(
            Cell.period == key,
            Cell.figure == "learners",
            Cell.facet.in_(facets),
            Cell.unit == cut.unit,
            Cell.count > 0,
        ),
    )
    return {row.facet: row.number for row in rows}


_PLACE = (Institution.id, Institution.code, Institution.name, Institution.kind, Institution.country)


def _unit_of(column: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[str]:
    return literal("institution:") + cast(column, String)


def _listed_in(cut: Cut) -> list[ColumnElement[bool]]:
    """Return the conditions on the institutions that a report of ``cut`` lists."""
    if cut.kind == "class":
        return [Institution.id.is_(None)]
    above = select(Institution.id, Institution.country).subquery("above")
    has_one_above = select(literal(1)).where(above.c.id == Institution.parent_id, above.c.country == Institution.country).exists()
    if cut.kind == "institution":
        return [Institution.parent_id == int(cut.key), has_one_above]
    return [~has_one_above, *_in_countries(cut)]


def _in_countries(cut: Cut) -> list[ColumnElement[bool]]:
    return [] if cut.countries is None else [Institution.country.in_(sorted(cut.countries))]


def _from_rows(period: Period, cut: Cut) -> Counts:
    sought = {"learners": sources.learners, "professors": sources.professors, "seats": sources.seats}
    steps = ladder()
    units: dict[tuple[str, str], int] = {}
    for what in _counted_in(cut):
        source = sought[what](period)
        held = _held(steps).subquery("held")
        rows = db.session.connection().execute(
            select(held.c.unit, func.count(source.c.who.distinct()))
            .join(source, source.c.institution_id == held.c.institution_id)
            .where(*_within(cut, source, steps))
            .group_by(held.c.unit),
        )
        units |= {(what, row[0]): row[1] for row in rows}
    own = {what: units.get((what, WORLD_UNIT), 0) for what in _counted_in(cut)}
    reached = [
        Place(*row)
        for row in db.session.connection().execute(select(*_PLACE).where(*_listed_in(cut)).order_by(Institution.name_key, Institution.id))
        if any((what, institution_unit(row.id)) in units for what in COUNTED)
    ]
    return Counts(own, units, {} if cut.facet else _facets_in_rows(period, cut, steps), reached)


def _held(steps: CTE) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the pairs (``unit``, ``institution_id``) of every unit of a report and the institutions it holds."""
    region = case(
        *((Institution.country.in_(sorted(held_by)), area_unit(code)) for code, held_by in region_codes().items()),
        else_=None,
    )
    return union_all(
        select(_unit_of(steps.c.above_id).label("unit"), steps.c.id.label("institution_id")),
        select(literal("country:") + Institution.country, Institution.id),
        select(region, Institution.id),
        select(literal(WORLD_UNIT), Institution.id),
    )


def _within(cut: Cut, source: Subquery, steps: CTE) -> list[ColumnElement[bool]]:
    """Return the conditions that keep ``source`` to the cut."""
    limits: list[ColumnElement[bool]] = []
    if cut.kind == "class":
        limits.append(source.c.class_id == int(cut.key))
    elif cut.kind == "institution":
        limits.append(source.c.institution_id.in_(select(steps.c.id).where(steps.c.above_id == int(cut.key))))
    elif cut.countries is not None:
        limits.append(source.c.institution_id.in_(select(Institution.id).where(*_in_countries(cut))))
    kind, _, value = cut.facet.partition(":")
    if kind == "module":
        limits.append(source.c.module_id == int(value))
    elif kind == "language":
        limits.append(source.c.language == value)
    return limits


def _facets_in_rows(period: Period, cut: Cut, steps: CTE) -> dict[str, int]:
    source = sources.learners(period)
    limits = _within(cut, source, steps)
    found: dict[str, int] = {}
    for name, column in (("module", source.c.module_id), ("language", source.c.language)):
        rows = db.session.connection().execute(select(column, func.count(source.c.who.distinct())).where(*limits).group_by(column))
        found |= {f"{name}:{row[0]}": row[1] for row in rows}
    return found


def topmost_of(institution_id: int) -> Place | None:
    """Return the institution as which this one counts: the topmost of its country."""
    steps = ladder([institution_id])
    rows = (
        db.session.connection()
        .execute(
            select(*_PLACE, Institution.parent_id).join(steps, steps.c.above_id == Institution.id),
        )
        .all()
    )
    held = {row.id for row in rows}
    return next((Place(*row[:5]) for row in rows if row.parent_id not in held), None)


def slugs_of_modules(module_ids: Collection[int]) -> dict[int, str]:
    """Return the slugs of these modules."""
    rows = db.session.connection().execute(select(Module.id, Module.slug).where(Module.id.in_(sorted(module_ids))))
    return {row.id: row.slug for row in rows}


def years_counted(through: int) -> list[int]:
    """Return the calendar years, up to ``through``, in which anyone learned or was equipped."""
    rows = db.session.connection().execute(
        select(Cell.period)
        .distinct()
        .where(
            Cell.period.in_([str(year) for year in range(FIRST_YEAR, through + 1)]),
            Cell.figure.in_(("learners", "professors")),
            Cell.facet == "",
            Cell.unit == WORLD_UNIT,
            Cell.count > 0,
        )
        .order_by(Cell.period),
    )
    return [int(row.period) for row in rows]


def learners_by_month(cut: Cut, months: Sequence[str]) -> dict[str, int]:
    """Return the learners of a cut in each of these months (counter keys)."""
    rows = db.session.connection().execute(
        select(Cell.period, Cell.count.label("number")).where(
            Cell.period.in_(months), Cell.figure == "learners", Cell.facet == cut.facet, Cell.unit == cut.unit
        ),
    )
    return {row.period: row.number for row in rows}


def people_with_enrolments() -> int:
    """Return how many people at most have learned: what a recount's progress is measured by."""
    question = select(func.count(Enrolment.person_id.distinct())).where(Enrolment.role == "student")
    return db.session.scalar(question) or 0


def place_of_class(class_id: int) -> int | None:
    """Return the institution to which a class belongs."""
    return db.session.scalar(select(CourseClass.institution_id).where(CourseClass.id == class_id))


def named_cut(language: str, *, institution: str = "", country: str = "", region: str = "", module: str = "") -> NamedCut:
    """Return the cut that at most one of these codes names, and of it one module; raise NotFound, naming the code, where there is none."""
    facet = ""
    if module:
        module_id = db.session.scalar(select(Module.id).where(Module.slug == module))
        if module_id is None:
            raise NotFound(_("There is no module called %(code)s.", code=module))
        facet = module_facet(module_id)
    if institution:
        listed = select(Institution.id, Institution.name).where(Institution.code == institution, Institution.state == "confirmed")
        row = db.session.execute(listed).first()
        if row is None:
            raise NotFound(_("There is no institution with the code %(code)s.", code=institution))
        return NamedCut(Cut("institution", str(row.id), facet), "institution", institution, row.name, module)
    if country:
        if country not in countries():
            raise NotFound(_("There is no country with the code %(code)s.", code=country))
        return NamedCut(Cut("country", country, facet), "country", country, country_name(country, language), module)
    if region and region != WORLD:
        if region not in regions():
            raise NotFound(_("There is no region with the code %(code)s.", code=region))
        kind = "region" if region in region_codes() else "subregion"
        return NamedCut(Cut("area", region, facet), kind, region, region_name(region, language), module)
    return NamedCut(Cut(facet=facet), "world", WORLD, _("The world"), module)


def class_cut(class_id: int) -> NamedCut:
    """Return the cut of one class; raise NotFound where there is none."""
    row = db.session.execute(select(CourseClass.code, CourseClass.title).where(CourseClass.id == class_id)).first()
    if row is None:
        raise NotFound(_("There is no such class."))
    return NamedCut(Cut("class", str(class_id)), "class", row.code, row.title)
