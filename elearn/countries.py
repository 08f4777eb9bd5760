"""Countries and regions: ISO 3166-1 alpha-2 and UN M49, with names from CLDR and our own overrides."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel import Locale

from elearn.config import PACKAGE

WORLD = "001"
#: Names that differ from CLDR's, by language; designations imply no opinion on status.
OVERRIDES: dict[tuple[str, str], str] = {}


@dataclass(frozen=True)
class Country:
    """A country or area with its place in UN M49."""

    alpha2: str
    alpha3: str
    m49: str
    name_en: str
    subregion_m49: str
    subregion_en: str
    region_m49: str
    region_en: str


@cache
def countries() -> dict[str, Country]:
    """Return every country or area by its alpha-2 code."""
    with (PACKAGE / "countries.csv").open(encoding="utf-8", newline="") as file:
        return {row["alpha2"]: Country(**row) for row in csv.DictReader(file)}


@cache
def regions() -> dict[str, str]:
    """Return the English names of UN M49 regions and subregions by code."""
    named = {c.subregion_m49: c.subregion_en for c in countries().values()}
    return named | {c.region_m49: c.region_en for c in countries().values()}


@cache
def country_name(alpha2: str, language: str = "en") -> str:
    """Return the country's name in ``language``, in English where CLDR has none, and the code itself where nothing is known."""
    if override := OVERRIDES.get((alpha2, language)):
        return override
    country = countries().get(alpha2)
    name = Locale.parse(language, sep="-").territories.get(alpha2)
    return name or (country.name_en if country else alpha2)


@cache
def region_name(m49: str, language: str = "en") -> str:
    """Return the name of a UN M49 area in ``language``."""
    name = Locale.parse(language, sep="-").territories.get(m49)
    return name or regions().get(m49, m49)


@cache
def _time_zones() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, _place, zone, *_rest = line.split("\t")
            found.setdefault(country, []).append(zone)
    return {country: tuple(zones) for country, zones in found.items()}


def time_zones_of(alpha2: str) -> tuple[str, ...]:
    """Return the time zones of a country, in the order of the IANA list; none where it knows none."""
    return _time_zones().get(alpha2, ())
