"""The doors of reach: figures come only to those who answer for them."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.countries import countries
from elearn.db import db
from elearn.errors import NotFound
from elearn.reach import queries
from elearn.reach.hierarchy import ladder
from elearn.reach.places import NamedCut, countries_in


@dataclass(frozen=True)
class Scope:
    """What a person answers for: everything, or regions and institutions."""

    everything: bool
    areas: tuple[str, ...]
    institutions: tuple[int, ...]

    @property
    def countries(self) -> frozenset[str]:
        """The countries this person answers for."""
        if self.everything:
            return frozenset(countries())
        return frozenset().union(*(countries_in(area) for area in self.areas))


def scope_of(visitor: Visitor) -> Scope:
    """Return what ``visitor`` answers for."""
    areas = tuple(held.region for held in visitor.memberships if held.region and Permission.SEE_FIGURES in held.permissions)
    return Scope(may(visitor, Permission.SEE_ALL_FIGURES), areas, tuple(visitor.institutions(Permission.SEE_FIGURES)))


def cut_for_viewing(
    visitor: Visitor, language: str, *, institution: str = "", country: str = "", region: str = "", module: str = ""
) -> NamedCut:
    """Return the cut if ``visitor`` answers for it, their own where none is named; not there and not theirs are the same."""
    scope = scope_of(visitor)
    if not (institution or country or region) and not scope.everything:
        institution, region = _own(scope)
    try:
        named = queries.named_cut(language, institution=institution, country=country, region=region, module=module)
    except NotFound:
        raise NotFound from None
    if not _holds(scope, named):
        raise NotFound
    return named


def _own(scope: Scope) -> tuple[str, str]:
    """Return the code of an institution or a region that this person answers for."""
    if scope.areas:
        return "", scope.areas[0]
    if not scope.institutions:
        raise NotFound
    return db.session.scalars(select(Institution.code).where(Institution.id == scope.institutions[0])).one(), ""


def _holds(scope: Scope, named: NamedCut) -> bool:
    if scope.everything:
        return True
    if named.cut.kind == "world":
        return False
    if named.cut.countries is not None:
        return bool(named.cut.countries) and any(named.cut.countries <= countries_in(area) for area in scope.areas)
    steps = ladder([int(named.cut.key)])
    rows = db.session.execute(select(steps.c.above_id, steps.c.country)).all()
    return any(row.above_id in scope.institutions or row.country in scope.countries for row in rows)


def institutions_to_choose(visitor: Visitor) -> list[tuple[str, str]]:
    """Return the institutions (code, name) that ``visitor`` answers for by name; faculties and regions are reached from the tables."""
    rows = db.session.execute(
        select(Institution.code, Institution.name).where(Institution.id.in_(scope_of(visitor).institutions)).order_by(Institution.name_key),
    )
    return [(row.code, row.name) for row in rows]
