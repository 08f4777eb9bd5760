"""What the page of a course shows: its modules, what is changed in each, and what is not published yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.models import Institution
from elearn.adaptation.arrangement import Arranged
from elearn.adaptation.change_counts import ChangeCounts, counts_of
from elearn.adaptation.course_classes import ClassOnCourse, classes_on
from elearn.adaptation.course_list_queries import Colleague, colleagues_of
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.models import Course, Edition
from elearn.adaptation.publication_queries import Place, Unpublished, unpublished
from elearn.adaptation.update_queries import offers_of
from elearn.catalogue.models import ModuleRevision
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class ModuleRow:
    """A module in the list of a course's."""

    module: AdaptedModule
    counts: ChangeCounts
    #: What its text stands on, in words: the version of the series, or the edition of another course; empty: not known.
    base: str
    #: Whether upstream has something newer that nobody put off; whether upstream has it no more.
    has_update: bool
    is_withdrawn: bool
    #: new, changed, or empty: as published.
    unpublished: str


@dataclass(frozen=True)
class CoursePage:
    """A course as its page shows it."""

    institution: str
    rows: tuple[ModuleRow, ...]
    unpublished: Unpublished
    colleagues: tuple[Colleague, ...]
    classes: tuple[ClassOnCourse, ...]
    #: (slug, title) of the modules of the series that the course does not have.
    others: tuple[tuple[str, str], ...]

    @property
    def arranged(self) -> tuple[Arranged, ...]:
        """The modules in their order, for the form that changes it."""
        return tuple(Arranged(row.module.module_id, row.module.week, row.module.weight) for row in self.rows)


def course_page(person_id: int, course: Course) -> CoursePage:
    """Return what the page of a course shows to one who may change it; ten statements at most, however many modules."""
    modules = adapted_modules(course)
    places = [Place(module.module_id, module.week, module.weight, module.overlay.id) for module in modules]
    open_ = unpublished({course: places})[course.id]
    institution = db.session.get_one(Institution, course.institution_id)
    return CoursePage(
        institution.name,
        _rows(course, modules, open_),
        open_,
        tuple(colleagues_of(course)),
        tuple(classes_on(person_id, [course.id]).get(course.id, ())),
        _others(course, modules),
    )


def _rows(course: Course, modules: Sequence[AdaptedModule], open_: Unpublished) -> tuple[ModuleRow, ...]:
    series = {module.module_id: module.revision for module in current_series().modules}
    # What stands on the series' newest revision needs no asking.
    moved = [m for m in modules if m.base.ref.edition_id or m.module_id not in series or series[m.module_id].id != m.base.ref.revision_id]
    offers = {offer.module_id: offer for offer in offers_of(course)} if moved else {}
    rows, bases = [], base_names(modules)
    for module in modules:
        offer = offers.get(module.module_id)
        state = "new" if module.module_id in open_.added else "changed" if module.module_id in open_.changed else ""
        rows.append(
            ModuleRow(
                module,
                counts_of(module.overlay.changes),
                bases[module.module_id],
                offer is not None and offer.newer is not None and not offer.is_put_off,
                offer is not None and offer.newer is None,
                state,
            ),
        )
    return tuple(rows)


def module_row(course: Course, module: AdaptedModule) -> ModuleRow:
    """Return one module as its own page shows it; what is published is not asked."""
    return _rows(course, [module], Unpublished(None))[0]


def base_names(modules: Sequence[AdaptedModule]) -> dict[int, str]:
    """Return by module what its text stands on, in words; a statement where that is not the newest of the series."""
    versions = {module.revision.id: module.revision.version for module in current_series().modules}
    older = [m.base.ref.revision_id for m in modules if m.base.ref.revision_id and m.base.ref.revision_id not in versions]
    if older:
        rows = db.session.execute(select(ModuleRevision.id, ModuleRevision.version).where(ModuleRevision.id.in_(older)))
        versions |= {row.id: row.version for row in rows}
    ids = [m.base.ref.edition_id for m in modules if m.base.ref.edition_id]
    named = db.session.execute(select(Edition.id, Edition.title, Edition.number).where(Edition.id.in_(ids))) if ids else ()
    editions = {row.id: _("edition %(number)s of “%(course)s”", number=row.number, course=row.title) for row in named}
    return {
        m.module_id: editions[m.base.ref.edition_id]
        if m.base.ref.edition_id
        else _("version %(version)s of the series", version=versions[m.base.ref.revision_id])
        for m in modules
    }


def _others(course: Course, modules: Sequence[AdaptedModule]) -> tuple[tuple[str, str], ...]:
    series, here = current_series(), {module.module_id for module in modules}
    others = [module for module in series.modules if module.kind == "module" and module.module_id not in here]
    return tuple((module.slug, module.text(course.language, series.source).title) for module in others)
