"""Making reports of problems, answering them, and saying what became of them. Flushes; whoever calls commits."""

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit, clock, mail
from elearn.accounts.models import Person
from elearn.accounts.permissions import Visitor
from elearn.catalogue.models import ModuleRevision
from elearn.db import db, insert, table
from elearn.errors import Conflict, Invalid
from elearn.learning.models import CourseClass
from elearn.problems import queries
from elearn.problems.access import ReportedPage
from elearn.problems.models import LONGEST_PASSAGE, ProblemAnswer, ProblemReport
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


def answer_report(report: ProblemReport, by: Visitor, *, act: str, words: str, revision_id: int | None, seen: int) -> None:
    """Say something about a locked report, and leave it in the state that ``act`` gives; ``seen`` is the last answer ``by`` knew of.

    The same again changes nothing; what somebody else said meanwhile has to be read first.
    """
    last = queries.last_answer(report.id)
    if last and (last.author_id, last.act, last.words, last.revision_id) == (by.id, act, words, revision_id):
        return
    if (last.id if last else 0) != seen:
        raise Conflict(_("Somebody else wrote or did something here while you were writing. Read it, then send yours if it still fits."))
    if act == "mended":
        _check_that_it_is_newer(report, revision_id)
    report.state = STATES[act]
    report.mended_by_id = revision_id
    _add(report, by, act, words, revision_id)
    if report.wants_mail and report.reporter_id not in {None, by.id}:
        _tell_reporter(report, words, revision_id)


def _check_that_it_is_newer(report: ProblemReport, revision_id: int | None) -> None:
    revision, before = (db.session.get(ModuleRevision, key) if key else None for key in (revision_id, report.revision_id))
    if revision is None or before is None or revision.module_id != report.module_id or revision.number <= before.number:
        raise Invalid(_("Choose the version that mends it."), {"revision": _("Choose a version that is newer than the one reported on.")})


def reopen_report(report: ProblemReport, by: Visitor) -> None:
    """Leave a locked report open; an open one stays as it is."""
    if report.state != "open":
        report.state, report.mended_by_id = "open", None
        _add(report, by, "reopened")


def pass_report_on(report: ProblemReport, by: Visitor) -> None:
    """Have the editors find a class's report, locked, among theirs; it stays with the class, too."""
    if report.passed_on_at is None:
        report.passed_on_at = clock.now()
        _add(report, by, "passed-on")


def _add(report: ProblemReport, by: Visitor, act: str, words: str = "", revision_id: int | None = None) -> None:
    db.session.add(ProblemAnswer(report_id=report.id, act=act, author_id=by.id, words=words, revision_id=revision_id, at=clock.now()))
    institution_id = None
    if report.class_id is not None:
        institution_id = db.session.scalar(select(CourseClass.institution_id).where(CourseClass.id == report.class_id))
    details = {"act": act, "class": report.class_id, "revision": revision_id}
    audit.record("handle-report", "problem-report", report.id, actor_id=by.id, institution_id=institution_id, details=details)
    db.session.flush()


def _tell_reporter(report: ProblemReport, words: str, revision_id: int | None) -> None:
    """Write to whoever wished to be told, if their address is theirs."""
    address = queries.verified_address_of(report.reporter_id) if report.reporter_id else None
    if address is None:
        return
    reader = db.session.get_one(Person, report.reporter_id)
    with force_locale(reader.language or "en"):
        lines = [
            _("Hello %(name)s,", name=reader.name),
            "",
            _("you reported a problem with “%(section)s”. This is the answer:", section=report.section_title),
            "",
            *_what_became_of_it(report, words, revision_id),
            "",
            _("Your report and all answers: %(url)s", url=f"{current_app.config['BASE_URL']}/problems/{report.id}"),
            "",
            _("%(site)s writes to you because you asked to be told.", site=current_app.config["SITE_NAME"]),
        ]
        subject = _("Your report on “%(section)s”", section=report.section_title)
    mail.post([mail.Letter(address, subject, "\n".join(lines) + "\n", reader.id)], about="problem-report", about_id=report.id)


def _what_became_of_it(report: ProblemReport, words: str, revision_id: int | None) -> list[str]:
    became = []
    if report.state == "mended" and revision_id:
        version = db.session.get_one(ModuleRevision, revision_id).version
        became.append(_("It is mended in version %(version)s of the module.", version=version))
    elif report.state == "no-fault":
        became.append(_("It was looked at and found not to be a fault."))
    return [*became, words] if words else became
