"""A quiz's way out to other systems, and questions' way in."""

from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.accounts.permissions import Permission
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.exchange import labels
from elearn.exchange.access import Place, quiz_for_exchange
from elearn.exchange.formats import FORMATS, read
from elearn.exchange.forms import CHOICES, ImportForm
from elearn.exchange.limits import LARGEST_FILE, Refused
from elearn.exchange.queries import exported
from elearn.exchange.quiz_yaml import written
from elearn.web.guard import takes_up_to, wants
from elearn.web.headers import attach

bp = Blueprint("exchange", __name__)

#: A little more than a file, so that one which is too large is told so beside the field.
LONGEST_BODY = LARGEST_FILE + 2 * 1024 * 1024
#: Reading a large file takes seconds of the server's time.
UPLOADS_PER_PERSON = 40
WINDOW = timedelta(hours=1)
LINES_SHOWN = 300


@bp.get("/teach/quizzes/<slug>/exchange")
@wants(Permission.READ_TEACHER_SECTIONS)
def overview(slug: str) -> ResponseReturnValue:
    """Show what the quiz loses in each format, and take a file of another system."""
    return _overview(quiz_for_exchange(current_user, slug), ImportForm(formdata=None))


def _overview(place: Place, form: ImportForm) -> ResponseReturnValue:
    series, module = place
    reports = {name: labels.lines_of(exported(series, module, name).notes) for name in FORMATS}
    return render_template(
        "exchange/overview.html",
        module=module,
        title=module.text(series.source, series.source).title,
        count=len(module.quiz.item_revision_ids) if module.quiz else 0,
        formats=CHOICES,
        reports=reports,
        form=form,
    ), 422 if form.errors else 200


@bp.get("/teach/quizzes/<slug>/export/<any(gift, moodle, qti):format_>")
@wants(Permission.READ_TEACHER_SECTIONS)
def export(slug: str, format_: str) -> ResponseReturnValue:
    """Send the quiz as a file for another system."""
    series, module = quiz_for_exchange(current_user, slug)
    format_of = FORMATS[format_]
    response = Response(exported(series, module, format_).content, content_type=format_of.content_type)
    return attach(response, f"{slug}{format_of.suffix}")


@bp.post("/teach/quizzes/<slug>/import")
@takes_up_to(LONGEST_BODY)
@wants(Permission.READ_TEACHER_SECTIONS)
def import_(slug: str) -> ResponseReturnValue:
    """Read a file of another system and show what it would be here; nothing is written."""
    place = quiz_for_exchange(current_user, slug)
    series, module = place
    form = ImportForm()
    sent = request.files.get("file")
    content = sent.read() if sent and sent.filename else b""
    if sent:
        # A large file lies on the server's disk until it is closed.
        sent.close()
    # Reading may take seconds: no one else's writing waits for it.
    abandon()
    if not form.validate():
        return _overview(place, form)
    throttle.spend("exchange-upload", str(current_user.id), limit=UPLOADS_PER_PERSON, window=WINDOW)
    abandon()
    try:
        reading = read(form.format.data, content)
    except Refused as refused:
        form.file.errors = [labels.refusal_of(refused)]
        return _overview(place, form)
    lines = labels.lines_of(reading.notes)
    return render_template(
        "exchange/reading.html",
        module=module,
        title=module.text(series.source, series.source).title,
        name=(sent.filename or "").replace("\x00", "")[:200] if sent else "",
        count=len(reading.items),
        lines=lines[:LINES_SHOWN],
        line_count=len(lines),
        text=written(reading.items) if reading.items else "",
    )


@bp.post("/teach/quizzes/<slug>/quiz-yml")
@takes_up_to(LONGEST_BODY * 2)
@wants(Permission.READ_TEACHER_SECTIONS)
def take_home(slug: str) -> ResponseReturnValue:
    """Send the text that the page of what was read shows, as a file; nothing is written."""
    quiz_for_exchange(current_user, slug)
    text = request.form.get("text", "").replace("\r\n", "\n").strip("\n")
    if not text:
        raise Invalid(_("There is no text to send: read a file first."))
    return attach(Response(f"{text}\n", content_type="text/yaml; charset=utf-8"), "quiz.yml")
