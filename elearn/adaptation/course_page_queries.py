"""What the page of a course shows: its modules, what is changed in each, and what is not published yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from elearn.accounts.models import Institution
from elearn.adaptation.arrangement import Arranged
from elearn.adaptation.change_counts import ChangeCounts, counts_of
from elearn.adaptation.course_classes import ClassOnCourse, classes_on
from elearn.adaptation.course_list_queries import Colleague, colleagues_of
from elearn.adaptation.course_queries import AdaptedModule, adapted_modules
from elearn.adaptation.models import Course
from elearn.adaptation.proposal_recent_queries import RecentProposals, recent_proposals
from elearn.adaptation.publication_queries import Place, Unpublished, unpublished
from elearn.adaptation.upstream_queries import Upstream, upstream_of
from elearn.catalogue.queries import current_series
from elearn.db import db


@dataclass(frozen=True)
class ModuleRow:
    """A module in the list of a course's."""

    module: AdaptedModule
    counts: ChangeCounts
    upstream: Upstream
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
    proposals: RecentProposals

    @property
    def arranged(self) -> tuple[Arranged, ...]:
        """The modules in their order, for the form that changes it."""
        return tuple(Arranged(row.module.module_id, row.module.week, row.module.weight) for row in self.rows)


def course_page(person_id: int, course: Course) -> CoursePage:
    """Return what the page of a course shows to one who may change it; thirteen statements at most, however many modules."""
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
        recent_proposals(course.id),
    )


def _rows(course: Course, modules: Sequence[AdaptedModule], open_: Unpublished) -> tuple[ModuleRow, ...]:
    upstream = upstream_of(course, modules)
    rows = []
    for module in modules:
        state = "new" if module.module_id in open_.added else "changed" if module.module_id in open_.changed else ""
        rows.append(ModuleRow(module, counts_of(module.overlay.changes), upstream[module.module_id], state))
    return tuple(rows)


def module_row(course: Course, module: AdaptedModule) -> ModuleRow:
    """Return one module as its own page shows it; what is published is not asked."""
    return _rows(course, [module], Unpublished(None))[0]


def _others(course: Course, modules: Sequence[AdaptedModule]) -> tuple[tuple[str, str], ...]:
    series, here = current_series(), {module.module_id for module in modules}
    others = [module for module in series.modules if module.kind == "module" and module.module_id not in here]
    return tuple((module.slug, module.text(course.language, series.source).title) for module in others)
