"""Places: the units that figures are counted in, and the cuts that people ask for (pure)."""

from dataclasses import dataclass
from functools import cache

from elearn.countries import WORLD, countries

WORLD_UNIT = f"area:{WORLD}"


def class_unit(class_id: int) -> str:
    """Return the key of a class's unit."""
    return f"class:{class_id}"


def institution_unit(institution_id: int) -> str:
    """Return the key of an institution's unit."""
    return f"institution:{institution_id}"


def country_unit(alpha2: str) -> str:
    """Return the key of a country's unit."""
    return f"country:{alpha2}"


def area_unit(m49: str) -> str:
    """Return the key of the unit of a region, a subregion or the world."""
    return f"area:{m49}"


@cache
def units_of_country(alpha2: str) -> tuple[str, ...]:
    """Return the units that hold a country, the country first and the world last."""
    country = countries().get(alpha2)
    areas = () if country is None else (area_unit(country.subregion_m49), area_unit(country.region_m49))
    return tuple(dict.fromkeys((country_unit(alpha2), *areas, WORLD_UNIT)))


@cache
def units_of_area(m49: str) -> tuple[str, ...]:
    """Return the units that hold a region, a subregion or the world, itself first and the world last."""
    region = next((c.region_m49 for c in countries().values() if c.subregion_m49 == m49), m49)
    return tuple(dict.fromkeys((area_unit(m49), area_unit(region), WORLD_UNIT)))


@cache
def region_of(alpha2: str) -> str | None:
    """Return the region (UN M49) of a country; None where the list does not place it."""
    country = countries().get(alpha2)
    return country.region_m49 if country else None


@cache
def countries_in(m49: str) -> frozenset[str]:
    """Return the countries of a region or subregion."""
    return frozenset(c.alpha2 for c in countries().values() if m49 in {c.region_m49, c.subregion_m49})


@cache
def region_codes() -> dict[str, frozenset[str]]:
    """Return the countries of each region of the world."""
    return {code: countries_in(code) for code in sorted({c.region_m49 for c in countries().values()})}


def module_facet(module_id: int) -> str:
    """Return the facet of one module."""
    return f"module:{module_id}"


def language_facet(tag: str) -> str:
    """Return the facet of one language."""
    return f"language:{tag}"


@dataclass(frozen=True)
class Cut:
    """What a report is about: a place, and in it everything, one module or one language."""

    #: ``world``, ``area`` (a region or subregion), ``country``, ``institution`` or ``class``.
    kind: str = "world"
    #: M49 code, alpha-2 code, or the id of the institution or class; empty for the world.
    key: str = ""
    #: Empty, or what ``module_facet`` or ``language_facet`` returns.
    facet: str = ""

    @property
    def unit(self) -> str:
        """The key of the unit that this cut is."""
        return WORLD_UNIT if self.kind == "world" else f"{self.kind}:{self.key}"

    @property
    def countries(self) -> frozenset[str] | None:
        """The countries to which the cut is limited; None where it is not limited by country."""
        if self.kind == "area":
            return countries_in(self.key)
        return frozenset({self.key}) if self.kind == "country" else None


@dataclass(frozen=True)
class NamedCut:
    """A cut as people call it."""

    cut: Cut
    #: ``world``, ``region``, ``subregion``, ``country``, ``institution`` or ``class``.
    kind: str
    code: str
    name: str
    #: The module's slug, where the cut is of one module.
    module: str = ""
