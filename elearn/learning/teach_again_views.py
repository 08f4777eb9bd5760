"""Teaching a class again: next term's, filled in from this one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn import clock
from elearn.accounts.permissions import Permission, may
from elearn.adaptation.queries import Renewal, renewal_of
from elearn.adaptation.service import edition_to_teach
from elearn.db import abandon
from elearn.errors import Invalid, NotAllowed
from elearn.learning import access, class_service, staff_queries
from elearn.learning.access import TaughtClass
from elearn.learning.class_forms import TeachAgainForm
from elearn.learning.group_service import copy_groups, names_of_groups
from elearn.learning.staff_queries import StaffLine
from elearn.learning.terms import day_in, next_term, zones
from elearn.text import render_personal

bp = Blueprint("teach_again", __name__)


def _class(class_id: int) -> TaughtClass:
    taught = access.class_for_running(current_user, class_id)
    if not may(current_user, Permission.PREPARE_CLASSES, taught.institution.id):
        raise NotAllowed(_("You no longer teach at the institution of this class, so you cannot make another class there."))
    return taught


def _colleagues(taught: TaughtClass) -> list[StaffLine]:
    """Return who may come along: those who can still sign in; as professors, the confirmed ones."""
    lines = staff_queries.staff_lines(taught.course_class.id)
    return [
        line for line in lines if line.person_id != current_user.id and line.is_active and (line.is_confirmed or line.role == "assistant")
    ]


@bp.route("/teach/classes/<int:class_id>/teach-again", methods=["GET", "POST"])
def teach_again(class_id: int) -> ResponseReturnValue:
    """Make a class like this one for another term: same course, new students."""
    taught = _class(class_id)
    form = _form(taught)
    if form.validate_on_submit():
        try:
            return _made(class_id, form)
        except Invalid as refusal:
            for name, message in (refusal.fields or {"welcome": refusal.message}).items():
                form[name].errors = [message]
            taught = _class(class_id)
    renewal: Renewal = renewal_of(taught.edition.course_id)
    page = render_template("learning/teach-again.html", taught=taught, form=form, renewal=renewal, zones=zones())
    return page, 422 if form.errors else 200


def _form(taught: TaughtClass) -> TeachAgainForm:
    mine = taught.course_class
    names = names_of_groups(mine.id)
    colleagues = _colleagues(taught)
    if request.method == "GET":
        later = "term" if request.args.get("later") == "term" else "year"
        starts_on, ends_on = next_term(mine.starts_on, mine.ends_on, day_in(mine.timezone, clock.now()), later=later)
        form = TeachAgainForm(
            data={
                "title": mine.title,
                "starts_on": starts_on,
                "ends_on": ends_on,
                "timezone": mine.timezone,
                "welcome": mine.welcome,
                "colleagues": [str(line.person_id) for line in colleagues],
                "groups": names,
            },
        )
    else:
        form = TeachAgainForm()
    words = {"professor": _("professor"), "assistant": _("assistant")}
    form.colleagues.choices = [SelectChoice(str(line.person_id), f"{line.name} ({words[line.role]})") for line in colleagues]
    form.groups.choices = [SelectChoice(name, name) for name in sorted(names)]
    return form


def _made(class_id: int, form: TeachAgainForm) -> ResponseReturnValue:
    welcome = form.welcome.data or ""
    # Laying out may take seconds: no one else's writing waits for it.
    abandon()
    welcome_html = str(render_personal(welcome))
    taught = _class(class_id)
    title = form.title.data.strip()
    twin = class_service.class_taught_again(taught.course_class, title, form.starts_on.data)
    if twin is not None:
        flash(_("You have made this class already."), "info")
        return redirect(url_for("teaching.class_page", class_id=twin.id), 303)
    class_service.check_term(form.timezone.data.strip(), form.starts_on.data, form.ends_on.data)
    course_class = class_service.open_class(
        edition=edition_to_teach(taught.edition.course_id, person_id=current_user.id),
        institution=taught.institution,
        title=title,
        timezone=form.timezone.data.strip(),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        professor=current_user,
        welcome=welcome,
        welcome_html=welcome_html,
        previous_class_id=taught.course_class.id,
    )
    wanted = set(form.colleagues.data or [])
    along = [(line.person_id, line.name, line.role) for line in _colleagues(taught) if str(line.person_id) in wanted]
    class_service.bring_along(course_class, current_user, along)
    copy_groups(form.groups.data or [], course_class, by_id=current_user.id)
    flash(_("The class is ready. Give the code or the link to your students."), "success")
    return redirect(url_for("teaching.class_page", class_id=course_class.id), 303)
