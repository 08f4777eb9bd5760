"""How like two institutions are, and which code a new one might get (pure)."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

#: As many are shown at least, however unlike, so that the eye has something to go by.
MOST_SHOWN = 6
#: From here on two names are likely of the same institution.
LIKELY = 80
LONGEST_STEM = 12
SMALL_WORDS = frozenset("a al an and da das de del der des di do dos du e el et for für i in la las le les los of the und y".split())  # noqa: SIM905 (a line of words)


@dataclass(frozen=True)
class Known:
    """An institution of the registry, as far as it can be like another."""

    id: int
    code: str
    name: str
    local_name: str
    domains: str


@dataclass(frozen=True)
class Likely:
    """An institution of the registry and how like it is to the one asked for, from 0 to 100."""

    known: Known
    percent: int
    same_domain: bool

    @property
    def is_likely(self) -> bool:
        """Whether the two may well be the same."""
        return self.same_domain or self.percent >= LIKELY


def folded(name: str) -> str:
    """Return ``name`` without capitals, accents and punctuation, in whatever script."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def likeness(one: str, other: str) -> int:
    """Return how like two names are: 100 for the same words in any order, less where some are spelt otherwise or missing."""
    one, other = folded(one), folded(other)
    if not one or not other:
        return 0
    # A name within a longer one ("Law School of X" in "X") is like it, but not the same.
    return round(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other), 0.9 * fuzz.token_set_ratio(one, other)))


def domain_of(address: str) -> str:
    """Return the domain of an e-mail address, in lower case."""
    return address.rpartition("@")[2].lower()


def in_domains(domain: str, domains: str) -> bool:
    """Return whether ``domain`` is one of ``domains`` (separated by spaces), or stands under one."""
    return any(domain == known or domain.endswith("." + known) for known in domains.lower().split())


def likest(name: str, domains: Collection[str], registry: Iterable[Known], *, most: int = MOST_SHOWN) -> list[Likely]:
    """Return the institutions of ``registry`` that are most like one of this name whose people write from ``domains``, likest first."""
    found = [
        Likely(
            known,
            max(likeness(name, known.name), likeness(name, known.local_name)),
            any(in_domains(domain, known.domains) for domain in domains),
        )
        for known in registry
    ]
    return sorted(found, key=lambda likely: (not likely.same_domain, -likely.percent, likely.known.name, likely.known.id))[:most]


def suggested_code(name: str, country: str, taken: Collection[str]) -> str:
    """Return a free code made of the country and the name: its one word, or the initials of its words."""
    words = [word.upper() for word in re.findall(r"[a-z0-9]+", folded(name)) if word not in SMALL_WORDS]
    # A name in another script leaves nothing: a number does then.
    stem = (words[0] if len(words) == 1 else "".join(word[0] for word in words))[:LONGEST_STEM]
    code = f"{country}-{stem}" if stem else f"{country}-1"
    used = {each.upper() for each in taken}
    number = 2
    free = code
    while free.upper() in used:
        free = f"{country}-{stem}-{number}" if stem else f"{country}-{number}"
        number += 1
    return free
