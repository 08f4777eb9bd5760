"""What this room keeps of a person: given back to them, and erased with them."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from elearn.catalogue.models import Module
from elearn.db import db
from elearn.problems.models import ProblemAnswer, ProblemReport
from elearn.web.own_data import Lines, Words

WORDS: Mapping[str, Words] = {
    "problem_reports": Words(_l("Problems you reported"), _l("What you said about a passage, so that it can be answered and mended.")),
    "problem_answers": Words(_l("Your answers to reports"), _l("What you wrote to readers who reported a problem.")),
}


def export_of(person_id: int) -> Mapping[str, Lines]:
    """Return the reports that a person made and the answers that they wrote."""
    reports = db.session.execute(
        select(ProblemReport, Module.slug)
        .join(Module, Module.id == ProblemReport.module_id)
        .where(ProblemReport.reporter_id == person_id)
        .order_by(ProblemReport.id),
    )
    answers = db.session.scalars(select(ProblemAnswer).where(ProblemAnswer.author_id == person_id).order_by(ProblemAnswer.id))
    return {
        "problem_reports": [
            {
                "id": report.id,
                "module": slug,
                "section": report.section_key,
                "language": report.language,
                "class_id": report.class_id,
                "passage": report.passage if report.audience == "everyone" else "",
                "kind": report.kind,
                "words": report.words,
                "wants_mail": report.wants_mail,
                "state": report.state,
                "made_at": report.made_at.isoformat(),
            }
            for report, slug in reports
        ],
        "problem_answers": [
            {"report_id": answer.report_id, "act": answer.act, "words": answer.words, "at": answer.at.isoformat()} for answer in answers
        ],
    }


def forget(person_id: int) -> None:
    """Erase what a person wrote; that there was a report, and what became of it, stays under the tombstone."""
    db.session.execute(update(ProblemReport).where(ProblemReport.reporter_id == person_id).values(words="", wants_mail=False))
    db.session.execute(update(ProblemAnswer).where(ProblemAnswer.author_id == person_id).values(words=""))
