"""Questions about what countries put into the slots of the series."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select

from elearn import cache
from elearn.accounts.models import Institution, Person
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.fillings import SLOT_MARK, slots_in, with_credit, with_fillings
from elearn.catalogue.models import Module
from elearn.catalogue.queries import SectionPage, current_release, current_series, trusted
from elearn.countries import countries, country_name
from elearn.db import db

A_PAGE = 25


@dataclass(frozen=True)
class Standing:
    """A country's text that stands now."""

    id: int
    country: str
    key: str
    credit: str
    since: datetime


def standing_fillings(module_id: int, language: str) -> Mapping[tuple[str, str], Standing]:
    """Return the texts for the slots of a module by country and slot: the newest, one for the module itself before one for all."""
    return standing_in([module_id], language)[module_id]


def standing_in(module_ids: Collection[int], language: str) -> dict[int, Mapping[tuple[str, str], Standing]]:
    """Return the same for several modules; one statement at most, and none while the release is the same."""
    release = current_release()

    def make(missing: list[tuple[int, int, str]]) -> dict[tuple[int, int, str], dict[tuple[str, str], Standing]]:
        found = _standing([module_id for _, module_id, _ in missing], language, release)
        return {key: found[key[1]] for key in missing}

    keys = [(release, module_id, language) for module_id in dict.fromkeys(module_ids)]
    return {module_id: found for (_, module_id, _), found in cache.kept_each("fillings", keys, make, most=500).items()}


def _standing(module_ids: Collection[int], language: str, release: int) -> dict[int, dict[tuple[str, str], Standing]]:
    columns = (Filling.id, Filling.country, Filling.key, Filling.credit, Filling.module_id, Filling.decided_at)
    rows = db.session.execute(
        select(*columns)
        .where(or_(Filling.module_id.is_(None), Filling.module_id.in_(module_ids)))
        .where(Filling.language == language, Filling.state == "approved", Filling.release_id <= release)
        # What comes later takes the place of what came before: a module's own stands behind the one for all.
        .order_by(case((Filling.module_id.is_(None), 0), else_=1), Filling.release_id, Filling.id),
    ).all()
    found: dict[int, dict[tuple[str, str], Standing]] = {module_id: {} for module_id in module_ids}
    for row in rows:
        line = Standing(row.id, row.country, row.key, row.credit, row.decided_at)
        for module_id in module_ids if row.module_id is None else [row.module_id]:
            found[module_id][row.country, row.key] = line
    return found


@dataclass(frozen=True)
class CountryChoice:
    """For which countries a page can be read."""

    #: The one that it is read for; empty: any.
    country: str
    #: Whether that country has a text for the page.
    has_text: bool
    #: (code, name), by name.
    countries: list[tuple[str, str]]


def in_country(page: SectionPage, module_id: int, country: str) -> tuple[SectionPage, CountryChoice | None]:
    """Return a page with what a country puts into its slots, and what else can be chosen; None: nothing can."""
    country = country if country in countries() else ""
    slots = slots_in(page.html) if SLOT_MARK in page.html else ()
    standing = standing_fillings(module_id, page.language) if slots else {}
    codes = {code for code, key in standing if key in slots}
    named = sorted(((code, country_name(code, page.language)) for code in codes), key=lambda pair: pair[1])
    choice = CountryChoice(country, country in codes, named) if slots and (named or country) else None
    if country not in codes:
        return page, choice
    html = with_fillings(page.html, texts_for(module_id, page.language, country))
    return replace(page, html=trusted(html)), choice


def texts_for(module_id: int, language: str, country: str) -> dict[str, str]:
    """Return a country's texts for the slots of a module, as HTML, by slot; one statement."""
    ids = {line.id: key for (code, key), line in standing_fillings(module_id, language).items() if code == country}
    rows = db.session.execute(select(Filling.id, Filling.html).where(Filling.id.in_(ids))) if ids else ()
    return {ids[row.id]: row.html for row in rows}


def followed_texts(ids: Collection[int]) -> dict[int, str]:
    """Return the Markdown of texts that courses follow, each with whom it names; whatever became of them since."""
    if not ids:
        return {}
    columns = (Filling.id, Filling.markdown, Filling.country, Filling.language, Filling.credit)
    rows = db.session.execute(select(*columns).where(Filling.id.in_(ids)))
    return {row.id: with_credit(row.markdown, row.country, row.language, row.credit) for row in rows}


def filling_named(filling_id: int) -> Filling | None:
    """Return a text as it stands in the database."""
    return db.session.get(Filling, filling_id)


@dataclass(frozen=True)
class FillingFacts:
    """Where a text belongs, in words, and who proposed it."""

    filling: Filling
    #: Empty: every module.
    slug: str
    module: str
    person: str
    institution: str


def fillings_in_state(state: str, *, offset: int = 0, size: int = A_PAGE) -> list[FillingFacts]:
    """Return the texts in a state: those that wait with the oldest first, others with the newest; one statement."""
    order = Filling.id if state == "proposed" else Filling.id.desc()
    return [_facts(row) for row in db.session.execute(_asked().where(Filling.state == state).order_by(order).offset(offset).limit(size))]


def count_in_states() -> dict[str, int]:
    """Return how many texts there are in each state; what came with the series is not counted."""
    asked = select(Filling.state, func.count()).where(Filling.made_by_id.is_not(None)).group_by(Filling.state)
    return {row[0]: row[1] for row in db.session.execute(asked)}


def count_waiting() -> int:
    """Return how many texts wait for an editor."""
    return db.session.scalar(select(func.count()).select_from(Filling).where(Filling.state == "proposed")) or 0


def facts_of(filling_id: int) -> FillingFacts | None:
    """Return a text with where it belongs."""
    row = db.session.execute(_asked().where(Filling.id == filling_id)).one_or_none()
    return _facts(row) if row else None


def proposals_for(institution_id: int, module_id: int, language: str) -> dict[str, FillingFacts]:
    """Return by slot what an institution proposed last for a module."""
    asked = _asked().where(Filling.institution_id == institution_id, Filling.module_id == module_id, Filling.language == language)
    return {row.Filling.key: _facts(row) for row in db.session.execute(asked.order_by(Filling.id))}


def waiting_proposal(institution_id: int, module_id: int, language: str, key: str) -> Filling | None:
    """Return, locked, what an institution proposed for a slot and nobody has decided yet."""
    here = (Filling.institution_id == institution_id, Filling.module_id == module_id, Filling.language == language, Filling.key == key)
    asked = select(Filling).where(*here, Filling.state == "proposed").order_by(Filling.id.desc()).limit(1)
    return db.session.scalar(asked.with_for_update().execution_options(populate_existing=True))


def _asked() -> Any:
    return (
        select(Filling, Module.slug, Person.name.label("person"), Institution.name.label("institution"))
        .outerjoin(Module, Module.id == Filling.module_id)
        .join(Person, Person.id == Filling.made_by_id)
        .outerjoin(Institution, Institution.id == Filling.institution_id)
    )


def _facts(row: Any) -> FillingFacts:
    series = current_series()
    module = series.module(row.slug) if row.slug else None
    title = module.text(row.Filling.language, series.source).title if module else row.slug or ""
    return FillingFacts(row.Filling, row.slug or "", title, row.person, row.institution or "")
