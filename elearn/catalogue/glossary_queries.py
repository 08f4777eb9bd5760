"""Questions about the terms of the series. They belong to a release, so what one process has read of them is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from rapidfuzz import fuzz, process
from sqlalchemy import select

from elearn import cache
from elearn.catalogue.models import SearchEntry
from elearn.catalogue.queries import PublishedSeries, current_release, current_series, trusted
from elearn.db import db
from elearn.words import sort_key

#: How much alike, of 100, a term has to be to be offered instead of what was typed.
ALIKE = 75
#: With more first letters than this (Chinese), a row of them helps nobody.
MOST_LETTERS = 40


@dataclass(frozen=True)
class Term:
    """A term of the glossary in one language; where it is not translated, in the source language."""

    key: str
    name: str
    definition: Markup
    language: str
    #: The slug of the module that defines it.
    module: str
    #: Every language that has it, with its name there.
    names: Mapping[str, str]


@dataclass(frozen=True)
class Use:
    """A section that uses a term."""

    module_id: int
    key: str
    language: str
    title: str
    audience: str


def terms(series: PublishedSeries, language: str) -> tuple[Term, ...]:
    """Return the terms of the series in the order of ``language``."""
    return cache.kept("glossaries", (series.release_id, language), lambda: _terms(series, language), most=20)


def _terms(series: PublishedSeries, language: str) -> tuple[Term, ...]:
    entries = series.revision.glossary if series.revision else []
    found = []
    for entry in entries:
        is_there = language in entry["term"] and language in entry["definition"]
        found.append(_term(entry, language if is_there else series.source))
    return tuple(sorted(found, key=lambda term: (sort_key(term.name), term.key)))


def _term(entry: Mapping[str, Any], language: str) -> Term:
    definition = trusted(entry["definition"][language])
    return Term(entry["key"], entry["term"][language], definition, language, entry["module"], entry["term"])


def by_letter(found: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """Return the terms under their first letters, as people look for them; one group without a letter where there are too many."""
    found = list(found)
    groups: dict[str, list[Term]] = {}
    for term in found:
        groups.setdefault(sort_key(term.name)[:1].upper(), []).append(term)
    return list(groups.items()) if len(groups) <= MOST_LETTERS else [("", found)]


def uses(key: str) -> list[Use]:
    """Return the sections that use a term, in the order of the series, those for teachers among them."""
    return cache.kept("term-uses", current_release(), _uses, most=2).get(key, [])


def _uses() -> dict[str, list[Use]]:
    """Return by term the sections of the newest release that use it."""
    columns = (SearchEntry.module_id, SearchEntry.key, SearchEntry.language, SearchEntry.title, SearchEntry.audience, SearchEntry.terms)
    question = select(*columns).where(SearchEntry.kind == "section").order_by(SearchEntry.place, SearchEntry.language)
    found: dict[str, list[Use]] = {}
    for row in db.session.execute(question):
        for term in row.terms:
            found.setdefault(term, []).append(Use(row.module_id, row.key, row.language, row.title, row.audience))
    return found


def nearest_term(typed: str, language: str) -> Term | None:
    """Return the term whose name is most like what was typed; None: none is like it."""
    by_key = {term.key: term for term in terms(current_series(), language)}
    names = {key: sort_key(term.name) for key, term in by_key.items()}
    found = process.extractOne(sort_key(typed), names, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return by_key[found[2]] if found else None
