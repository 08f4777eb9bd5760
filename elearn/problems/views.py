"""Reporting a problem with a passage, with or without an account, and seeing what became of it."""

import re
import secrets
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.validators import AnyOf

from elearn import mail, throttle
from elearn.problems import access, queries, service
from elearn.problems.access import ReportedPage
from elearn.problems.forms import ReportForm
from elearn.problems.labels import kind_names, short_kind_names, state_names
from elearn.problems.passages import first_words, selected
from elearn.problems.service import Wording
from elearn.web.guard import public
from elearn.web.lists import page_of
from elearn.web.typed import as_written

bp = Blueprint("problems", __name__)

WINDOW = timedelta(hours=1)
REPORTS_PER_PERSON = 20
#: A whole class may sit behind one address.
REPORTS_PER_ADDRESS = 60
LONGEST_SELECTION = 300
_ONCE = re.compile(r"[0-9a-f]{32}")


@bp.route("/problems/new", methods=["GET", "POST"])
@public
def new() -> ResponseReturnValue:
    """Report a problem with the page that the address names."""
    page = access.page_for_reporting(
        current_user,
        request.args.get("module", ""),
        request.args.get("section", ""),
        language=request.args.get("language", ""),
        class_id=access.class_named(request.args.get("class")),
    )
    form = _form(page)
    if form.validate_on_submit():
        return _made(page, form)
    if request.method == "GET":
        form.once.data = secrets.token_hex(16)
        chosen = selected(page.passages, request.args.get("passage", "")[:LONGEST_SELECTION])
        form.passage.data = chosen.value if chosen else ""
    answer = render_template("problems/new.html", form=form, page=page, mail=mail.is_set_up(), longest=LONGEST_SELECTION)
    return answer, 422 if form.errors else 200


def _form(page: ReportedPage) -> ReportForm:
    form = ReportForm()
    known = [(p.value, f"{number}. {p.first_words}") for number, p in enumerate((p for p in page.passages if p.text), start=1)]
    form.passage.choices = [("", _("The page as a whole")), *known]
    form.kind.choices = list(kind_names().items())
    if form.passage.data and form.passage.data not in {value for value, _words in form.passage.choices}:
        # What was chosen is not on the page any more: it has to be chosen again, and all else stays as typed.
        form.passage.validate_choice = False
        changed = _("The page has changed since you opened this form. Please choose the passage again.")
        form.passage.validators = [AnyOf([], message=changed)]
    if not (current_user.is_authenticated and mail.is_set_up() and queries.verified_address_of(current_user.id)):
        del form.wants_mail
    return form


def _made(page: ReportedPage, form: ReportForm) -> ResponseReturnValue:
    """Keep the report and lead back to where its reader was."""
    person_id = current_user.id if current_user.is_authenticated else None
    throttle.spend("report-from", request.remote_addr or "", limit=REPORTS_PER_ADDRESS, window=WINDOW)
    if person_id is not None:
        throttle.spend("report", str(person_id), limit=REPORTS_PER_PERSON, window=WINDOW)
    once = form.once.data or ""
    said = Wording(
        form.kind.data,
        as_written(form.words.data),
        wants_mail=bool(form.wants_mail and form.wants_mail.data),
        once=once if _ONCE.fullmatch(once) else secrets.token_hex(16),
    )
    passage = next((p for p in page.passages if p.value == form.passage.data), None)
    report_id = service.make_report(page, passage, said, person_id)
    if person_id is None:
        flash(_("Thank you. Your report has reached the editors."), "success")
        return redirect(page.url, 303)
    flash(_("Thank you. Your report has been sent; the answer will stand here."), "success")
    return redirect(url_for("problems.mine") if report_id is None else url_for("problem_handling.report", report_id=report_id), 303)


@bp.get("/problems/mine")
def mine() -> ResponseReturnValue:
    """Show somebody what they reported, and what became of it."""
    page = page_of(queries.count_of_reports_by(current_user.id), queries.REPORTS_A_PAGE, "/problems/mine")
    return render_template(
        "problems/mine.html",
        reports=queries.reports_by(current_user.id, page.offset),
        page=page,
        kinds=short_kind_names(),
        states=state_names(),
        first_words=first_words,
    )
