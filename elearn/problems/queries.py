"""Questions about reports of problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, true

from elearn.accounts.models import EmailAddress, Person
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.models import CourseProfessor, Edition, EditionModule
from elearn.catalogue.models import Module, ModuleRevision
from elearn.db import db
from elearn.learning.access import STAFF
from elearn.learning.models import CourseClass, Enrolment
from elearn.problems.models import ProblemAnswer, ProblemReport

REPORTS_A_PAGE = 25
#: On the page of a section; what is older stands in the list.
MOST_ON_A_PAGE = 200
MOST_ANSWERS = 500
MOST_REVISIONS = 50
#: What still wants somebody to do something.
UNFINISHED = ("open", "answered")


#: What a course wrote itself is its professors', until they pass it on.
_FOR_EDITORS = or_(ProblemReport.course_id.is_(None), ProblemReport.passed_on_at.is_not(None))


def open_reports(module_id: int, key: str, class_id: int | None) -> int:
    """Return how many open reports there are on a section, of a class or (None) of all readers; one statement."""
    report = ProblemReport
    question = select(func.count()).where(report.module_id == module_id, report.section_key == key, report.state == "open")
    question = question.where(_FOR_EDITORS if class_id is None else report.class_id == class_id)
    return db.session.scalar(question) or 0


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """Return what holds for reports that ``visitor`` has to do with: of the series, of classes they teach, on words of their courses."""
    taught = select(Enrolment.class_id).where(Enrolment.person_id == visitor.id, Enrolment.ended_at.is_(None), Enrolment.role.in_(STAFF))
    written = select(CourseProfessor.course_id).where(CourseProfessor.person_id == visitor.id)
    readable = true() if may(visitor, Permission.READ_TEACHER_SECTIONS) else ProblemReport.audience == "everyone"
    theirs = or_(ProblemReport.class_id.in_(taught), ProblemReport.course_id.in_(written)) & readable
    return or_(theirs, _FOR_EDITORS) if may(visitor, Permission.SEE_PROBLEMS) else theirs


def open_reports_for(visitor: Visitor) -> int:
    """Return how many open reports ``visitor`` has to do with: all, or those of the classes they teach; one statement."""
    return db.session.scalar(select(func.count()).where(visible_to(visitor), ProblemReport.state == "open")) or 0


def teaches_anywhere(visitor: Visitor) -> bool:
    """Return whether ``visitor`` is a professor or assistant of some class."""
    question = select(Enrolment.id).where(Enrolment.person_id == visitor.id, Enrolment.ended_at.is_(None), Enrolment.role.in_(STAFF))
    return db.session.scalar(question.limit(1)) is not None


def _asked(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions that a list is narrowed by."""
    report = ProblemReport
    conditions: list[ColumnElement[bool]] = []
    if asked["state"]:
        conditions.append(report.state == asked["state"])
    if asked["kind"]:
        conditions.append(report.kind == asked["kind"])
    if asked["module"]:
        conditions.append(Module.slug == asked["module"])
    if asked["class"]:
        conditions.append(report.class_id == int(asked["class"]))
    if asked["whose"] == "editors":
        conditions.append(or_(report.class_id.is_(None), report.passed_on_at.is_not(None)))
    elif asked["whose"] == "classes":
        conditions.append(report.class_id.is_not(None))
    return conditions


def count_of_reports(visible: ColumnElement[bool], asked: Mapping[str, str]) -> int:
    """Return how many reports a list has."""
    question = select(func.count()).select_from(ProblemReport).join(Module, Module.id == ProblemReport.module_id)
    return db.session.scalar(question.where(visible, *_asked(asked))) or 0


_LINE = (
    ProblemReport.id,
    ProblemReport.kind,
    ProblemReport.state,
    ProblemReport.words,
    ProblemReport.section_key,
    ProblemReport.section_title,
    ProblemReport.language,
    ProblemReport.passage_place,
    ProblemReport.passage_digest,
    ProblemReport.passage,
    ProblemReport.made_at,
    ProblemReport.passed_on_at,
    Module.slug,
    CourseClass.title.label("class_title"),
    Person.name.label("reporter"),
)


def reports(visible: ColumnElement[bool], asked: Mapping[str, str], offset: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of reports, newest first."""
    return db.session.execute(
        select(*_LINE)
        .join(Module, Module.id == ProblemReport.module_id)
        .outerjoin(CourseClass, CourseClass.id == ProblemReport.class_id)
        .outerjoin(Person, Person.id == ProblemReport.reporter_id)
        .where(visible, *_asked(asked))
        .order_by(ProblemReport.made_at.desc(), ProblemReport.id.desc())
        .limit(REPORTS_A_PAGE)
        .offset(offset),
    ).all()


def classes_with_reports(visible: ColumnElement[bool]) -> list[tuple[str, str]]:
    """Return (id, title) of the classes from which reports came."""
    rows = db.session.execute(
        select(CourseClass.id, CourseClass.title)
        .where(CourseClass.id.in_(select(ProblemReport.class_id).where(visible)))
        .order_by(CourseClass.title, CourseClass.id)
        .limit(200),
    )
    return [(str(row.id), row.title) for row in rows]


def reports_on(
    visible: ColumnElement[bool], module_id: int, key: str, language: str, class_id: int | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the unfinished reports on a section's text, oldest first."""
    report = ProblemReport
    question = (
        select(*_LINE)
        .join(Module, Module.id == report.module_id)
        .outerjoin(CourseClass, CourseClass.id == report.class_id)
        .outerjoin(Person, Person.id == report.reporter_id)
        .where(visible, report.module_id == module_id, report.section_key == key, report.language == language)
        .where(report.state.in_(UNFINISHED))
        .order_by(report.id)
        .limit(MOST_ON_A_PAGE)
    )
    return db.session.execute(question if class_id is None else question.where(report.class_id == class_id)).all()


def reports_by(person_id: int, offset: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return a page of what somebody reported, newest first."""
    return db.session.execute(
        select(*_LINE)
        .join(Module, Module.id == ProblemReport.module_id)
        .outerjoin(CourseClass, CourseClass.id == ProblemReport.class_id)
        .outerjoin(Person, Person.id == ProblemReport.reporter_id)
        .where(ProblemReport.reporter_id == person_id)
        .order_by(ProblemReport.id.desc())
        .limit(REPORTS_A_PAGE)
        .offset(offset),
    ).all()


def count_of_reports_by(person_id: int) -> int:
    """Return how many reports somebody made."""
    return db.session.scalar(select(func.count()).where(ProblemReport.reporter_id == person_id)) or 0


@dataclass(frozen=True)
class ReportFacts:
    """What a report's page says of where it was made."""

    slug: str
    version: str
    number: int
    class_title: str | None
    reporter: str | None


def facts_of(report: ProblemReport) -> ReportFacts:
    """Return what stands around a report."""
    row = db.session.execute(
        select(Module.slug, ModuleRevision.version, ModuleRevision.number, CourseClass.title, Person.name)
        .select_from(ProblemReport)
        .join(Module, Module.id == ProblemReport.module_id)
        .join(ModuleRevision, ModuleRevision.id == ProblemReport.revision_id)
        .outerjoin(CourseClass, CourseClass.id == ProblemReport.class_id)
        .outerjoin(Person, Person.id == ProblemReport.reporter_id)
        .where(ProblemReport.id == report.id),
    ).one()
    return ReportFacts(*row)


def answers_to(report_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return what was said and done about a report, oldest first: id, act, words, when, by whom, and what mends it.

    What mends it is a version of the series, or the number of a course's edition.
    """
    return db.session.execute(
        select(
            ProblemAnswer.id, ProblemAnswer.act, ProblemAnswer.words, ProblemAnswer.at, Person.name, ModuleRevision.version,
            Edition.number.label("edition"),
        )
        .join(Person, Person.id == ProblemAnswer.author_id)
        .outerjoin(ModuleRevision, ModuleRevision.id == ProblemAnswer.revision_id)
        .outerjoin(Edition, Edition.id == ProblemAnswer.edition_id)
        .where(ProblemAnswer.report_id == report_id)
        .order_by(ProblemAnswer.id)
        .limit(MOST_ANSWERS),
    ).all()


def last_answer(report_id: int) -> ProblemAnswer | None:
    """Return what was said or done last about a report."""
    question = select(ProblemAnswer).where(ProblemAnswer.report_id == report_id).order_by(ProblemAnswer.id.desc())
    return db.session.scalars(question.limit(1)).first()


def newer_revisions(module_id: int, number: int) -> list[tuple[int, str, str]]:
    """Return (id, version, release note) of the revisions of a module after ``number``, newest first."""
    rows = db.session.execute(
        select(ModuleRevision.id, ModuleRevision.version, ModuleRevision.changes)
        .where(ModuleRevision.module_id == module_id, ModuleRevision.number > number)
        .order_by(ModuleRevision.number.desc())
        .limit(MOST_REVISIONS),
    )
    return [(row.id, row.version, row.changes.get(row.version, "")) for row in rows]


def newer_editions(course_id: int, module_id: int, after: datetime) -> list[tuple[int, int, datetime]]:
    """Return (id, number, when) of the editions of a course with the module that were published after a moment, newest first."""
    rows = db.session.execute(
        select(Edition.id, Edition.number, Edition.published_at)
        .join(EditionModule, (EditionModule.edition_id == Edition.id) & (EditionModule.module_id == module_id))
        .where(Edition.course_id == course_id, Edition.published_at > after)
        .order_by(Edition.number.desc())
        .limit(MOST_REVISIONS),
    )
    return [(row.id, row.number, row.published_at) for row in rows]


def revision_in(edition_id: int, module_id: int) -> int:
    """Return the revision of the series to which a module of an edition goes back."""
    here = (EditionModule.edition_id == edition_id, EditionModule.module_id == module_id)
    return db.session.scalars(select(EditionModule.revision_id).where(*here)).one()


def verified_address_of(person_id: int) -> str | None:
    """Return the address to which somebody may be written."""
    question = select(EmailAddress.address).where(EmailAddress.person_id == person_id, EmailAddress.verified_at.is_not(None))
    return db.session.scalars(question.order_by(EmailAddress.id).limit(1)).first()
