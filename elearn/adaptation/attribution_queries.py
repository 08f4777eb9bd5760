"""Whom an edition names: by module, through all courses down from the series, who made what, and what was changed.

Two statements for each course that a text came through, and a few beside, however many modules.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.adaptation.base_queries import Base, BaseRef, bases_of
from elearn.adaptation.deltas import changes_nothing
from elearn.adaptation.models import Course, Edition, EditionModule, Overlay
from elearn.adaptation.texts import ModuleSource
from elearn.adaptation.upstream_chain_queries import HIGHEST
from elearn.catalogue.models import ModuleRevision
from elearn.catalogue.queries import current_series
from elearn.db import db

_PICTURE = re.compile(r'!\[(?P<alt>[^\]\n]{0,300})\]\(media/(?P<name>[A-Za-z0-9._-]+)(?: "(?P<caption>[^"\n]{0,500})")?\)')


@dataclass(frozen=True)
class Step:
    """One text that a module came through: an edition of a course, or a revision of the series."""

    title: str
    #: Who made it, as they wish to be named.
    authors: str
    #: Which state of what.
    source: str
    #: Where it can be read; empty: not by everyone.
    url: str
    licence: str
    #: What was changed of the text before it, in words; none: nothing, or it is the first one.
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PictureCredit:
    """A picture in texts that are not the series'."""

    name: str
    alt: str
    #: What stands below it, with who made it; empty: nothing is said.
    caption: str


@dataclass(frozen=True)
class Credits:
    """Whom a module in an edition names."""

    slug: str
    title: str
    #: This edition first, the series last.
    steps: tuple[Step, ...]
    pictures: tuple[PictureCredit, ...]


@dataclass(frozen=True)
class _Came:
    """A module in an edition, and the overlay that made it."""

    module: EditionModule
    edition: Edition
    overlay: Overlay
    institution: str

    @property
    def ref(self) -> BaseRef:
        return BaseRef(self.module.module_id, 0, self.edition.id)


def credits_of(edition_id: int, *, confirmed: bool) -> tuple[Credits, ...]:
    """Return whom an edition names, in its order; titles of what is for teachers only for who is ``confirmed`` as one."""
    came = _chain(edition_id)
    own = sorted((each for each in came.values() if each.edition.id == edition_id), key=lambda each: each.module.position)
    language = own[0].edition.language if own else current_series().source
    bases = bases_of({*came, *(BaseRef.of(each.overlay) for each in came.values())}, language)
    revisions = _revisions({each.overlay.base_revision_id for each in came.values() if each.overlay.base_revision_id})
    return tuple(_credits(each, came, bases, revisions, confirmed=confirmed) for each in own)


def _chain(edition_id: int) -> dict[BaseRef, _Came]:
    found: dict[BaseRef, _Came] = {}
    asked, wanted = {edition_id}, None
    for _step in range(HIGHEST):
        rows = db.session.execute(
            select(EditionModule, Edition, Overlay, Institution.name)
            .join(Edition, Edition.id == EditionModule.edition_id)
            .join(Overlay, Overlay.id == EditionModule.overlay_id)
            .join(Course, Course.id == Edition.course_id)
            .join(Institution, Institution.id == Course.institution_id)
            .where(Edition.id.in_(asked)),
        )
        level = [each for each in (_Came(*row) for row in rows) if wanted is None or each.ref in wanted]
        found |= {each.ref: each for each in level}
        wanted = {BaseRef.of(each.overlay) for each in level if each.overlay.base_edition_id} - found.keys()
        asked = {ref.edition_id for ref in wanted}
        if not asked:
            break
    return found


def _revisions(ids: set[int]) -> dict[int, Any]:
    columns = (ModuleRevision.id, ModuleRevision.version, ModuleRevision.authors, ModuleRevision.licence)
    return {row.id: row for row in db.session.execute(select(*columns).where(ModuleRevision.id.in_(ids)))}


def _credits(own: _Came, came: dict[BaseRef, _Came], bases: dict[BaseRef, Base], revisions: dict[int, Any], *, confirmed: bool) -> Credits:
    steps, at, series = [], own, current_series().revision
    while True:
        base = BaseRef.of(at.overlay)
        first = revisions.get(at.overlay.base_revision_id or 0)
        steps.append(_of_course(at, bases[base].source, first, confirmed=confirmed))
        if base not in came:
            break
        at = came[base]
    slug = bases[own.ref].source.slug
    if first is not None:
        source = _("version %(version)s, %(publisher)s", version=first.version, publisher=series.publisher if series else "")
        made = ", ".join(first.authors) or (series.publisher if series else "")
        steps.append(Step(bases[base].source.title, made, source, f"/modules/{slug}/", first.licence))
    return Credits(slug, own.module.title, tuple(steps), _pictures(bases[own.ref].source, confirmed=confirmed))


def _of_course(at: _Came, base: ModuleSource, first: Any, *, confirmed: bool) -> Step:
    edition = at.edition
    source = _("edition %(number)s of “%(course)s”", number=edition.number, course=edition.title)
    changes = tuple(_changes(at.overlay.changes, base, confirmed=confirmed))
    # An edition of before courses had licences is under that of the series.
    licence = edition.licence or (first.licence if first is not None else "")
    return Step(at.module.title, edition.authors or at.institution, source, "", licence, changes)


def _changes(changes: dict[str, Any], base: ModuleSource, *, confirmed: bool) -> list[str]:
    sections = changes.get("sections", {})
    there = {section.key: section.head for section in base.sections}
    own = [key for key, entry in sections.items() if "text" in entry and not changes_nothing(entry["text"])]
    replaced = _names([there[key] for key in own if key in there], confirmed=confirmed)
    hidden = _names([there[key] for key in changes.get("hidden", ()) if key in there], confirmed=confirmed)
    added = _names([entry["head"] for entry in changes.get("added", {}).values()], confirmed=confirmed)
    questions, more, fewer = (len(changes.get(name, ())) for name in ("items", "added_items", "excluded"))
    places = len(changes.get("slots", {}) | changes.get("fillings", {}))
    is_arranged = changes.keys() & {"order", "title", "summary", "quiz"}
    said = [
        _("Passages replaced in: %(titles)s", titles=replaced) if replaced else "",
        _("Left out: %(titles)s", titles=hidden) if hidden else "",
        _("Added: %(titles)s", titles=added) if added else "",
        ngettext("%(num)s question changed", "%(num)s questions changed", questions) if questions else "",
        ngettext("%(num)s question added", "%(num)s questions added", more) if more else "",
        ngettext("%(num)s question left out", "%(num)s questions left out", fewer) if fewer else "",
        ngettext("%(num)s place filled for the country", "%(num)s places filled for the country", places) if places else "",
        _("Order, titles, rules or details changed") if is_arranged or any(entry.get("head") for entry in sections.values()) else "",
    ]
    return [words for words in said if words]


def _names(heads: Sequence[Any], *, confirmed: bool) -> str:
    shown = [str(head["title"]) for head in heads if confirmed or head.get("audience") != "teacher"]
    return "; ".join(shown)


def _pictures(source: ModuleSource, *, confirmed: bool) -> tuple[PictureCredit, ...]:
    """Return the pictures in texts of courses, each once."""
    found: dict[str, PictureCredit] = {}
    for section in source.sections:
        if section.section_id is None and (confirmed or section.head["audience"] != "teacher"):
            for match in _PICTURE.finditer(section.markdown):
                found.setdefault(match["name"], PictureCredit(match["name"], match["alt"], match["caption"] or ""))
    return tuple(found.values())
