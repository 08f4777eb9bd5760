"""A class's settings: title, dates, welcome; its way in; its end."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from elearn.db import abandon
from elearn.errors import Conflict, Invalid
from elearn.learning import access
from elearn.learning import class_service as service
from elearn.learning.access import TaughtClass
from elearn.learning.class_forms import SettingsForm
from elearn.learning.terms import zones
from elearn.text import render_personal
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_settings", __name__)


def back(class_id: int) -> ResponseReturnValue:
    """Go to the settings of a class."""
    return redirect(url_for("class_settings.settings", class_id=class_id), 303)


@bp.route("/teach/classes/<int:class_id>/settings", methods=["GET", "POST"])
def settings(class_id: int) -> ResponseReturnValue:
    """Show a class's settings, and change them; who saves second sees what was saved first, and keeps what they typed."""
    taught = access.class_for_running(current_user, class_id)
    form = SettingsForm(data=_filled_in(taught)) if request.method == "GET" else SettingsForm()
    if not form.validate_on_submit():
        return _page(taught, form), 422 if form.errors else 200
    welcome = form.welcome.data or ""
    # Laying out may take seconds: no one else's writing waits for it.
    abandon()
    try:
        welcome_html = str(render_personal(welcome))
        taught = access.class_for_running(current_user, class_id)
        wanted = service.Settings(
            form.title.data.strip(),
            form.starts_on.data,
            form.ends_on.data,
            form.timezone.data.strip(),
            welcome,
            welcome_html,
        )
        service.change_settings(taught.course_class, current_user, wanted, seen=form.seen.data or "")
    except Invalid as refusal:
        for name, message in (refusal.fields or {"welcome": refusal.message}).items():
            form[name].errors = [message]
        return _page(taught, form), 422
    except Conflict as refusal:
        theirs = service.settings_of(taught.course_class)
        form.seen.data = theirs.version
        return _page(taught, form, theirs=theirs, words=refusal.message), 409
    flash(_("The settings are saved."), "success")
    return back(class_id)


def _filled_in(taught: TaughtClass) -> dict[str, object]:
    known = service.settings_of(taught.course_class)
    return {
        "title": known.title,
        "starts_on": known.starts_on,
        "ends_on": known.ends_on,
        "timezone": known.timezone,
        "welcome": known.welcome,
        "seen": known.version,
    }


def _page(taught: TaughtClass, form: SettingsForm, *, theirs: service.Settings | None = None, words: str = "") -> str:
    return render_template("learning/settings.html", taught=taught, form=form, zones=zones(), theirs=theirs, words=words)


@bp.post("/teach/classes/<int:class_id>/joining")
def set_joining(class_id: int) -> ResponseReturnValue:
    """Open or close the class to new students."""
    taught = access.class_for_running(current_user, class_id)
    wanted = request.form.get("state")
    if wanted not in {"open", "closed"}:
        raise Invalid(_("Say whether new students may join."))
    service.set_open(taught.course_class, current_user, is_open=wanted == "open")
    flash(_("New students can join.") if wanted == "open" else _("The code opens the class no longer."), "success")
    return back(class_id)


@bp.route("/teach/classes/<int:class_id>/join-code", methods=["GET", "POST"])
def join_code(class_id: int) -> ResponseReturnValue:
    """Say what a new join code means, and give the class one."""
    taught = access.class_for_running(current_user, class_id)
    if request.method == "GET":
        return render_template("learning/join-code.html", taught=taught)
    service.renew_join_code(taught.course_class, current_user)
    flash(_("The class has a new code. The old one opens nothing any more."), "success")
    return back(class_id)


@bp.post("/teach/classes/<int:class_id>/end")
def end(class_id: int) -> ResponseReturnValue:
    """Make today the class's last day."""
    taught = access.class_for_running(current_user, class_id)
    was = service.end_today(taught.course_class, current_user)
    words = _("Today, %(day)s, is the last day of this class.", day=format_date(taught.course_class.ends_on))
    fields = {"was": was.isoformat(), "ended_on": taught.course_class.ends_on.isoformat()}
    flash_with_undo(words, url_for("class_settings.take_back_end", class_id=class_id), **fields)
    return back(class_id)


@bp.post("/teach/classes/<int:class_id>/continue")
def take_back_end(class_id: int) -> ResponseReturnValue:
    """Undo that the class ends today."""
    taught = access.class_for_running(current_user, class_id)
    was, ended_on = _day("was"), _day("ended_on")
    service.take_back_end(taught.course_class, current_user, was=was, ended_on=ended_on)
    flash(_("The class goes on until %(day)s.", day=format_date(was)), "success")
    return back(class_id)


def _day(name: str) -> date:
    """Return a day that a button carries."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(_("This is no date.")) from None
