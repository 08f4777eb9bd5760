"""Groups and countries by lot, from a seed. Pure: the same seed draws the same, on every machine and in every year.

Nothing here is secret or worth money, so what orders people is a digest of the seed and each of them, not a generator of random numbers,
whose order may change with the next version of the language.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import TypeVar

from elearn.countries import countries

T = TypeVar("T", bound=object)

SMALLEST = 2
#: Of groups, and of people in one.
MOST_GROUPS = 200
#: Drawn at once.
MOST_PEOPLE = 5000
LONGEST_SEED = 20
#: Drawn are Member and observer States of the United Nations: exercises ask for a country's own law and its place in treaties. These are
#: the other areas of ISO 3166-1.
NOT_DRAWN = (
    "AI AQ AS AW AX BL BM BQ BV CC CK CW CX EH FK FO GF GG GI GL GP GS GU HK HM IM IO JE KY MF MO MP MQ MS NC NF NU PF PM PN PR RE SH SJ "
    "SX TC TF TK TW UM VG VI WF XK YT"
)


def _lot(seed: str, *what: object) -> bytes:
    return sha256("\0".join([seed, *map(str, what)]).encode()).digest()


def shuffled(things: Iterable[T], seed: str, about: str) -> list[T]:
    """Return ``things`` in the order that the lot gives them; in what order they come does not matter."""
    return sorted(things, key=lambda thing: (_lot(seed, about, thing), str(thing)))


def drawn_groups(people: Iterable[T], size: int, seed: str, count: int = 0) -> tuple[tuple[T, ...], ...]:
    """Return ``people`` in as few groups as keep to ``size``, or in ``count`` groups; their sizes differ by one at most, none is empty."""
    order = shuffled(people, seed, "group")
    count = min(count, len(order)) if count else -(-len(order) // size)
    return tuple(tuple(order[number::count]) for number in range(count))


def drawn_countries(places: Mapping[str, Sequence[str]], count: int, seed: str) -> tuple[str, ...]:
    """Return a country for each of ``count`` groups: another one each while there are enough, spread over regions as evenly as they allow.

    ``places`` has for each country the areas that hold it, the largest first.
    """
    order = _spread({code: tuple(areas) for code, areas in places.items()}, seed)
    return tuple(order[number % len(order)] for number in range(count)) if order else ()


def _spread(places: Mapping[str, tuple[str, ...]], seed: str) -> list[str]:
    """Return all countries so that the first n of them are spread over areas, and those over the areas within."""
    if not any(places.values()):
        return shuffled(places, seed, "country")
    parts: dict[str, dict[str, tuple[str, ...]]] = {}
    for code, areas in places.items():
        parts.setdefault(areas[0] if areas else "", {})[code] = areas[1:]
    queues = [_spread(parts[area], f"{seed}/{area}") for area in shuffled(parts, seed, "area")]
    longest = max(len(queue) for queue in queues)
    return [queue[turn] for turn in range(longest) for queue in queues if turn < len(queue)]


def countries_to_draw(area: str) -> dict[str, tuple[str, str]]:
    """Return the countries of a UN M49 region, or of the world where it is empty, each with the region and subregion that hold it."""
    known = countries().items()
    wanted = [(code, c) for code, c in known if code not in NOT_DRAWN.split() and area in ("", c.region_m49)]
    return {code: (country.region_m49, country.subregion_m49) for code, country in wanted}
