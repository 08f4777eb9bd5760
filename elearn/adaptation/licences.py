"""Under which licences texts may be brought together: the compatibility chart of Creative Commons, as data. Pure.

https://creativecommons.org/faq/#can-i-combine-material-under-different-creative-commons-licenses-in-my-work and the chart for the licence
of an adaptation below it. A course is an adaptation of each of its modules: its licence has to be one that the licence of each of them
permits. Licences are SPDX identifiers, in version 4.0.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """What a licence asks of those who adapt a text."""

    names_author: bool = True
    share_alike: bool = False
    non_commercial: bool = False
    no_derivatives: bool = False


KNOWN: dict[str, Terms] = {
    "CC0-1.0": Terms(names_author=False),
    "CC-BY-4.0": Terms(),
    "CC-BY-SA-4.0": Terms(share_alike=True),
    "CC-BY-NC-4.0": Terms(non_commercial=True),
    "CC-BY-NC-SA-4.0": Terms(share_alike=True, non_commercial=True),
    "CC-BY-ND-4.0": Terms(no_derivatives=True),
    "CC-BY-NC-ND-4.0": Terms(non_commercial=True, no_derivatives=True),
}
#: What a course may be published under: others are to adapt it in their turn.
OFFERED = tuple(name for name, terms in KNOWN.items() if not terms.no_derivatives)


def hindrance(source: str, wanted: str) -> str:
    """Return why a text under ``source`` may not become part of a course under ``wanted``; empty where it may.

    no-derivatives, share-alike, non-commercial or attribution: what ``source`` asks and ``wanted`` does not keep; unknown: a licence that
    nobody here knows goes with itself alone.
    """
    terms = KNOWN.get(source)
    if terms and terms.no_derivatives:
        return "no-derivatives"
    if source == wanted:
        return ""
    given = KNOWN.get(wanted)
    if terms is None or given is None or given.no_derivatives:
        return "unknown"
    if terms.share_alike:
        return "share-alike"
    if terms.non_commercial and not given.non_commercial:
        return "non-commercial"
    return "attribution" if terms.names_author and not given.names_author else ""


def fitting(sources: Iterable[str]) -> tuple[str, ...]:
    """Return the licences under which a course of texts under ``sources`` may be published."""
    there = set(sources)
    return tuple(name for name in OFFERED if not any(hindrance(source, name) for source in there))


def address_of(licence: str) -> str:
    """Return where the licence is to be read; empty for one that nobody here knows."""
    if licence == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if licence not in KNOWN:
        return ""
    return f"https://creativecommons.org/licenses/{licence.removeprefix('CC-').removesuffix('-4.0').lower()}/4.0/"
