"""Making reports of problems, answering them, and saying what became of them. Flushes; whoever calls commits."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.catalogue.models import ModuleRevision
from elearn.db import db, insert, table
from elearn.errors import Conflict, Invalid
from elearn.learning.models import CourseClass
from elearn.problems import queries
from elearn.problems.access import ReportedPage
from elearn.problems.letters import tell_reporter
from elearn.problems.models import LONGEST_PASSAGE, ProblemAnswer, ProblemReport
from elearn.problems.owner_queries import course_that_wrote
from elearn.problems.passages import Passage

#: What an answer makes of a report.
STATES = {"answered": "answered", "mended": "mended", "no-fault": "no-fault"}


@dataclass(frozen=True)
class Wording:
    """What a reader says."""

    kind: str
    words: str
    wants_mail: bool
    #: Drawn for the form.
    once: str


def make_report(page: ReportedPage, passage: Passage | None, said: Wording, by_id: int | None) -> int | None:
    """Keep a report and return its id; None: this form was sent before, and made one."""
    values = {
        "module_id": page.module_id,
        "revision_id": page.revision_id,
        "section_key": page.key,
        "section_title": page.title,
        "language": page.language,
        "audience": page.audience,
        "class_id": page.class_id,
        "course_id": course_that_wrote(page.edition_id, page.module_id, page.key, passage) if page.edition_id else None,
        "passage_place": passage.place if passage else None,
        "passage_digest": passage.digest if passage else "",
        "passage": passage.text[:LONGEST_PASSAGE] if passage else "",
        "kind": said.kind,
        "words": said.words,
        "reporter_id": by_id,
        "wants_mail": said.wants_mail and by_id is not None,
        "state": "open",
        "made_at": clock.now(),
        "once": said.once,
    }
    reports = table(ProblemReport)
    return db.session.scalar(insert(reports).values(**values).on_conflict_do_nothing(index_elements=["once"]).returning(reports.c.id))


def answer_report(report: ProblemReport, by: Visitor, *, act: str, words: str, mended_in: int | None, seen: int) -> None:
    """Say something about a locked report, and leave it in the state that ``act`` gives; ``seen`` is the last answer ``by`` knew of.

    ``mended_in`` is a revision of the module, or an edition of the course whose words the report is about.

    The same again changes nothing; what somebody else said meanwhile has to be read first.
    """
    last = queries.last_answer(report.id)
    said_before = last and (last.edition_id if report.course_id else last.revision_id)
    if last and (last.author_id, last.act, last.words, said_before) == (by.id, act, words, mended_in):
        return
    if (last.id if last else 0) != seen:
        raise Conflict(_("Somebody else wrote or did something here while you were writing. Read it, then send yours if it still fits."))
    report.mended_by_id = report.mended_edition_id = None
    if act == "mended" and report.course_id:
        report.mended_edition_id = mended_in
        report.mended_by_id = _revision_below(report, mended_in)
    elif act == "mended":
        _check_that_it_is_newer(report, mended_in)
        report.mended_by_id = mended_in
    report.state = STATES[act]
    _add(report, by, act, words)
    if report.wants_mail and report.reporter_id not in {None, by.id}:
        tell_reporter(report, words)


def _revision_below(report: ProblemReport, edition_id: int | None) -> int:
    """Return the revision on which an edition that mends a report stands; raise Invalid where it is not a newer one of the course."""
    newer = queries.newer_editions(report.course_id or 0, report.module_id, report.made_at)
    if edition_id not in {key for key, _number, _when in newer}:
        raise Invalid(_("Choose the edition that mends it."), {"revision": _("Choose an edition that is newer than the report.")})
    return queries.revision_in(edition_id or 0, report.module_id)


def _check_that_it_is_newer(report: ProblemReport, revision_id: int | None) -> None:
    revision, before = (db.session.get(ModuleRevision, key) if key else None for key in (revision_id, report.revision_id))
    if revision is None or before is None or revision.module_id != report.module_id or revision.number <= before.number:
        raise Invalid(_("Choose the version that mends it."), {"revision": _("Choose a version that is newer than the one reported on.")})


def reopen_report(report: ProblemReport, by: Visitor) -> None:
    """Leave a locked report open; an open one stays as it is."""
    if report.state != "open":
        report.state, report.mended_by_id, report.mended_edition_id = "open", None, None
        _add(report, by, "reopened")


def pass_report_on(report: ProblemReport, by: Visitor) -> None:
    """Have the editors find a class's report, locked, among theirs; it stays with the class, too."""
    if report.passed_on_at is None:
        report.passed_on_at = clock.now()
        _add(report, by, "passed-on")


def _add(report: ProblemReport, by: Visitor, act: str, words: str = "") -> None:
    mends = {"revision_id": report.mended_by_id, "edition_id": report.mended_edition_id}
    db.session.add(ProblemAnswer(report_id=report.id, act=act, author_id=by.id, words=words, **mends, at=clock.now()))
    institution_id = None
    if report.class_id is not None:
        institution_id = db.session.scalar(select(CourseClass.institution_id).where(CourseClass.id == report.class_id))
    details = {"act": act, "class": report.class_id, "course": report.course_id, "revision": report.mended_by_id}
    audit.record("handle-report", "problem-report", report.id, actor_id=by.id, institution_id=institution_id, details=details)
    db.session.flush()
