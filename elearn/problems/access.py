"""The doors of the problems room: a page to report on, and reports, come only to those who may read them."""

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.models import CourseProfessor
from elearn.adaptation.queries import edition_page
from elearn.catalogue import access as catalogue_access
from elearn.catalogue.addresses import module_url
from elearn.catalogue.queries import section_page
from elearn.db import db
from elearn.errors import NotAllowed, NotFound
from elearn.learning import access as learning_access
from elearn.learning.models import Enrolment
from elearn.problems.models import ProblemReport
from elearn.problems.passages import Passage, passages

LONGEST_NUMBER = 9


@dataclass(frozen=True)
class ReportedPage:
    """The page of a section, in the series or in a class, as a report points at it."""

    module_id: int
    slug: str
    module_title: str
    revision_id: int
    key: str
    title: str
    audience: str
    #: Of the text.
    language: str
    class_id: int | None
    #: On which the class is taught.
    edition_id: int | None
    html: Markup
    url: str

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its paragraphs, headings, lists, tables and directives."""
        return passages(self.html)


def class_named(typed: str | None) -> int | None:
    """Return the class that an address names, if it names one; what cannot be a class's number is no page."""
    if typed is None:
        return None
    if not typed.isascii() or not typed.isdecimal() or len(typed) > LONGEST_NUMBER:
        raise NotFound
    return int(typed)


def page_for_reporting(visitor: object, slug: str, key: str, *, language: str = "", class_id: int | None = None) -> ReportedPage:
    """Return the page if ``visitor`` may read it: one of a class only for those in it."""
    if class_id is not None:
        if not isinstance(visitor, Visitor):
            raise NotFound
        return _page_of_class(visitor, slug, key, class_id)
    series, module, content_language = catalogue_access.module_for_reading(slug, language or None)
    line = catalogue_access.line_for_reading(visitor, module.lines(content_language, series.source), key)
    page = section_page(line.id)
    return ReportedPage(
        module.module_id,
        slug,
        module.text(content_language, series.source).title,
        module.revision.id,
        key,
        line.title,
        line.audience,
        page.language,
        None,
        None,
        page.html,
        module_url(series, module, content_language) + key,
    )


def _page_of_class(visitor: Visitor, slug: str, key: str, class_id: int) -> ReportedPage:
    desk = learning_access.desk_for_learning(visitor, class_id, slug)
    line = learning_access.line_for_reading(desk, key)
    module = desk.module
    page = edition_page(desk.seat.edition.id, module.module_id, key)
    return ReportedPage(
        module.module_id,
        slug,
        module.title,
        module.revision_id,
        key,
        line.title,
        line.audience,
        page.language,
        class_id,
        desk.seat.edition.id,
        page.html,
        f"/classes/{class_id}/{slug}/{key}",
    )


def page_for_handling(visitor: Visitor, slug: str, key: str, *, language: str = "", class_id: int | None = None) -> ReportedPage:
    """Return the page if ``visitor`` has to do with the reports on it."""
    page = page_for_reporting(visitor, slug, key, language=language, class_id=class_id)
    if class_id is None:
        if not may(visitor, Permission.SEE_PROBLEMS):
            raise NotFound
    elif not learning_access.seat_in_class(visitor, class_id).is_staff:
        raise NotFound
    return page


@dataclass(frozen=True)
class ReportInView:
    """A report, and what whoever is asking may do with it."""

    report: ProblemReport
    is_own: bool
    #: Whether they are among those to whom it is made.
    is_for_them: bool
    may_handle: bool
    may_pass_on: bool
    sees_passage: bool
    #: Whether the class is theirs to read in; else they are led to the series.
    is_in_class: bool
    #: Whether it is about words of a course that they may change.
    is_author: bool
    #: Whether they learn who made it: beside the class's staff and the editors nobody does, since a course may be another institution's.
    sees_reporter: bool


def report_for_reading(visitor: Visitor, report_id: int) -> ReportInView:
    """Return the report to whoever made it and to those who have to do with it; not there and not theirs are the same."""
    return _in_view(visitor, report_id, lock=False)


def report_for_handling(visitor: Visitor, report_id: int) -> ReportInView:
    """Return the report, locked, if ``visitor`` answers it; raise NotAllowed for those who may only read it."""
    found = _in_view(visitor, report_id, lock=True)
    if not found.may_handle:
        raise NotAllowed(_("You can read this report. It is answered by those whose words it is about."))
    return found


def report_for_passing_on(visitor: Visitor, report_id: int) -> ReportInView:
    """Return the report, locked, if ``visitor`` is a professor of its class, or of the course whose words it is about."""
    found = _in_view(visitor, report_id, lock=True)
    if not found.may_pass_on:
        raise NotAllowed(_("The professors of the class pass its reports on to the editors."))
    return found


def _in_view(visitor: Visitor, report_id: int, *, lock: bool) -> ReportInView:
    question = select(ProblemReport).where(ProblemReport.id == report_id)
    report = db.session.scalar(question.with_for_update() if lock else question)
    if report is None:
        raise NotFound
    everything = report.audience == "everyone" or may(visitor, Permission.READ_TEACHER_SECTIONS)
    role = _role_in_class(visitor, report.class_id) if everything else None
    is_own = report.reporter_id == visitor.id
    is_author = everything and report.course_id is not None and db.session.get(CourseProfessor, (report.course_id, visitor.id)) is not None
    # What a course wrote itself is its professors', until they pass it on.
    for_editors = report.course_id is None or report.passed_on_at is not None
    is_editor = for_editors and may(visitor, Permission.SEE_PROBLEMS)
    if not (is_own or is_editor or is_author or role in learning_access.STAFF):
        raise NotFound
    return ReportInView(
        report,
        is_own=is_own,
        is_for_them=is_editor or is_author or role in learning_access.STAFF,
        may_handle=(for_editors and may(visitor, Permission.HANDLE_PROBLEMS)) or is_author or role == "professor",
        may_pass_on=is_author or role == "professor",
        sees_passage=everything,
        is_in_class=role is not None,
        is_author=is_author,
        sees_reporter=is_editor or role in learning_access.STAFF,
    )


def _role_in_class(visitor: Visitor, class_id: int | None) -> str | None:
    if class_id is None:
        return None
    return db.session.scalar(
        select(Enrolment.role).where(Enrolment.class_id == class_id, Enrolment.person_id == visitor.id, Enrolment.ended_at.is_(None)),
    )
