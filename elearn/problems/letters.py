"""What readers who reported a problem are told by mail."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from elearn import mail
from elearn.accounts.models import Person
from elearn.adaptation.models import Edition
from elearn.catalogue.models import ModuleRevision
from elearn.db import db
from elearn.problems import queries
from elearn.problems.models import ProblemReport


def tell_reporter(report: ProblemReport, words: str) -> None:
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
            *_what_became_of_it(report, words),
            "",
            _("Your report and all answers: %(url)s", url=f"{current_app.config['BASE_URL']}/problems/{report.id}"),
            "",
            _("%(site)s writes to you because you asked to be told.", site=current_app.config["SITE_NAME"]),
        ]
        subject = _("Your report on “%(section)s”", section=report.section_title)
    mail.post([mail.Letter(address, subject, "\n".join(lines) + "\n", reader.id)], about="problem-report", about_id=report.id)


def _what_became_of_it(report: ProblemReport, words: str) -> list[str]:
    became = []
    if report.mended_edition_id:
        number = db.session.get_one(Edition, report.mended_edition_id).number
        became.append(_("It is mended in edition %(number)s of the course.", number=number))
    elif report.mended_by_id:
        version = db.session.get_one(ModuleRevision, report.mended_by_id).version
        became.append(_("It is mended in version %(version)s of the module.", version=version))
    elif report.state == "no-fault":
        became.append(_("It was looked at and found not to be a fault."))
    return [*became, words] if words else became
