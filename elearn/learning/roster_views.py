"""A class's roster: sending a file, looking at what it would do, importing it, taking it home again."""

from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn import mail, throttle
from elearn.accounts.service import TRIES_WINDOW
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.learning import access, roster_access, roster_queries
from elearn.learning import roster_labels as labels
from elearn.learning import roster_service as service
from elearn.learning.roster import COLUMNS, LARGEST_FILE, Roster, read_roster, roster_line
from elearn.learning.roster_forms import ImportForm, RosterForm
from elearn.learning.spreadsheet import csv_line, guarded_cell
from elearn.web.guard import takes_up_to
from elearn.web.headers import attach

bp = Blueprint("rosters", __name__)

#: A little more than a file, so that one which is too large is told so beside the field.
LONGEST_BODY = LARGEST_FILE + 2 * 1024 * 1024
#: Reading a large file takes a second of the server's time.
UPLOADS_PER_PERSON = 40
LINES_SHOWN = 100
FAULTS_SHOWN = 200


@bp.route("/teach/classes/<int:class_id>/roster", methods=["GET", "POST"])
@takes_up_to(LONGEST_BODY)
def roster_page(class_id: int) -> ResponseReturnValue:
    """Show how things stand with the roster, and take a new one to be looked at."""
    form = RosterForm()
    if request.method == "POST":
        taught = roster_access.class_for_rosters(current_user, class_id)
        try:
            return redirect(url_for("rosters.preview", class_id=class_id, upload_id=_keep(class_id, form)), 303)
        except Invalid as refusal:
            form[next(iter(refusal.fields), "roster")].errors = [refusal.message]
    taught = access.class_for_running(current_user, class_id)
    confirmed = roster_access.is_confirmed_for(current_user, taught)
    return render_template(
        "learning/roster.html",
        taught=taught,
        form=form,
        confirmed=confirmed,
        counts=roster_queries.roster_counts(class_id),
        uploads=roster_queries.uploads_waiting(class_id) if confirmed else (),
    ), 422 if form.errors else 200


def _keep(class_id: int, form: RosterForm) -> int:
    """Return the number of the roster that was sent, once it is known that it can be read."""
    throttle.spend("roster-upload", str(current_user.id), limit=UPLOADS_PER_PERSON, window=TRIES_WINDOW)
    sent = request.files.get("roster")
    pasted = form.pasted.data or ""
    content = sent.read() if sent and sent.filename else pasted.encode()
    if not content:
        message = _("Choose a file, or paste the lines below.")
        raise Invalid(message, {"roster": message})
    # Reading may take a second: no one else's writing waits for it.
    abandon()
    try:
        service.check_readable(read_roster(content))
    except Invalid as refusal:
        raise Invalid(refusal.message, {"roster" if sent and sent.filename else "pasted": refusal.message}) from None
    name = (sent.filename or "").replace("\x00", "") if sent and sent.filename else _("pasted lines")
    return service.keep_upload(class_id, current_user.id, name, content).id


@bp.get("/teach/classes/<int:class_id>/roster/<int:upload_id>")
def preview(class_id: int, upload_id: int) -> ResponseReturnValue:
    """Show what importing the roster would do; nothing is written yet."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    upload = roster_access.upload_for_importing(taught, upload_id)
    return _preview(taught, upload.id, upload.name, read_roster(upload.content or b""), ImportForm(formdata=None))


def _preview(taught: access.TaughtClass, upload_id: int, name: str, roster: Roster, form: ImportForm) -> ResponseReturnValue:
    plan = service.planned(taught.course_class.id, roster)
    faults = sorted((*roster.faults, *plan.faults), key=lambda fault: fault.line)
    faulty = len({fault.line for fault in faults})
    words = ngettext("Leave the faulty line out", "Leave the %(many)s faulty lines out", faulty, many=f"{faulty:,}")
    form.leave_out_faulty.label.text = words
    return render_template(
        "learning/roster-preview.html",
        taught=taught,
        upload_id=upload_id,
        name=name,
        roster=roster,
        form=form,
        counts={step.value: number for step, number in plan.counts.items()},
        faulty=faulty,
        good=len(plan.moves),
        faults=[(fault.line, labels.fault_words(fault)) for fault in faults[:FAULTS_SHOWN]],
        remarks=[(remark.line, labels.remark_words(remark)) for remark in roster.remarks[:FAULTS_SHOWN]],
        lines=[(move.line, labels.step_words(move)) for move in plan.moves[:LINES_SHOWN]],
        invitable=sum(1 for move in plan.moves if move.step == "new" and move.line.email),
        mail_goes=mail.is_set_up(),
    ), 422 if form.errors else 200


@bp.post("/teach/classes/<int:class_id>/roster/<int:upload_id>")
def import_(class_id: int, upload_id: int) -> ResponseReturnValue:
    """Import the roster, whole but for faulty lines that are to be left out, or not at all."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    upload = roster_access.upload_for_importing(taught, upload_id)
    form, name, content = ImportForm(), upload.name, upload.content or b""
    # As above: reading holds nobody up.
    abandon()
    roster = read_roster(content)
    try:
        service.close_upload(upload_id)
        outcome = service.import_roster(
            class_id, roster, by_id=current_user.id, leave_out_faulty=form.leave_out_faulty.data, invite=form.invite.data
        )
    except Invalid as refusal:
        abandon()
        form.leave_out_faulty.errors = [refusal.message]
        return _preview(roster_access.class_for_rosters(current_user, class_id), upload_id, name, roster, form)
    flash(labels.outcome_words(outcome.new, outcome.seats, outcome.changed), "success")
    if outcome.left_out:
        flash(ngettext("%(num)d faulty line was left out.", "%(num)d faulty lines were left out.", outcome.left_out), "warning")
    return redirect(url_for("rosters.roster_page", class_id=class_id), 303)


@bp.post("/teach/classes/<int:class_id>/roster/<int:upload_id>/drop")
def drop(class_id: int, upload_id: int) -> ResponseReturnValue:
    """Throw a roster away that was sent and not imported."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    service.drop_upload(roster_access.upload_for_importing(taught, upload_id))
    flash(_("The file is thrown away; nothing was imported."), "success")
    return redirect(url_for("rosters.roster_page", class_id=class_id), 303)


@bp.get("/teach/classes/<int:class_id>/roster/<int:upload_id>/faults.csv")
def faults(class_id: int, upload_id: int) -> ResponseReturnValue:
    """Send every faulty line's number and what is wrong with it."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    roster = read_roster(roster_access.upload_for_importing(taught, upload_id).content or b"")
    odd = sorted((*roster.faults, *service.planned(class_id, roster).faults), key=lambda fault: fault.line)
    lines = [csv_line(["line", "reason"]), *(csv_line([str(fault.line), guarded_cell(labels.fault_words(fault))]) for fault in odd)]
    response = Response("\ufeff" + "".join(lines), content_type="text/csv; charset=utf-8")
    return attach(response, f"{taught.course_class.code.lower()}-faulty-lines.csv")


@bp.get("/teach/classes/<int:class_id>/roster.csv")
def download(class_id: int) -> ResponseReturnValue:
    """Send the class's roster in the format in which it is imported."""
    taught = access.class_for_running(current_user, class_id)
    response = Response(stream_with_context(_lines(class_id)), content_type="text/csv; charset=utf-8")
    return attach(response, f"{taught.course_class.code.lower()}-roster.csv")


def _lines(class_id: int) -> Iterator[str]:
    # The mark at the start has spreadsheets read it as UTF-8.
    yield "\ufeff" + csv_line(COLUMNS)
    for batch in roster_queries.roster_rows(class_id):
        yield "".join(roster_line(*row) for row in batch)
