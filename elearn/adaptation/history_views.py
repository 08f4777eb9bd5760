"""The history of a module of a course: every state it has had, and the way back to each."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import course_list_queries as queries
from elearn.adaptation.change_counts import counts_of
from elearn.adaptation.course_access import module_for_editing
from elearn.adaptation.course_service import restore
from elearn.adaptation.structure_forms import SeenForm
from elearn.adaptation.structure_labels import act_names
from elearn.adaptation.structure_views import say_done
from elearn.errors import Conflict, NotFound
from elearn.web.lists import page_of

bp = Blueprint("course_history", __name__, url_prefix="/teach/courses/<int:course_id>/<slug>/history")

STATES_A_PAGE = 25


@bp.get("")
def history(course_id: int, slug: str) -> ResponseReturnValue:
    """Show every state that a module of a course has had, the newest first."""
    course, module = module_for_editing(current_user, course_id, slug)
    total = queries.count_of_changes(course_id, module.module_id)
    page = page_of(total, STATES_A_PAGE, url_for("course_history.history", course_id=course_id, slug=slug))
    return render_template(
        "adaptation/history.html",
        course=course,
        module=module,
        lines=queries.change_lines(course_id, module.module_id, STATES_A_PAGE, page.offset),
        page=page,
        acts=act_names(),
        counts_of=counts_of,
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
    )


@bp.post("/<int:number>/restore")
def bring_back(course_id: int, slug: str, number: int) -> ResponseReturnValue:
    """Leave a module as it was in an earlier state, base and all; the states since then stay in its history."""
    course, module = module_for_editing(current_user, course_id, slug, writing=True)
    form = SeenForm()
    if not form.validate() or form.number != module.overlay.number:
        raise Conflict(_("Somebody changed this module of the course meanwhile. Nothing was restored."))
    if not 1 <= number < module.overlay.number:
        raise NotFound
    saved = restore(current_user, course, module, number=number)
    say_done(course, module, saved, _("The module is as it was in state %(number)s.", number=number))
    return redirect(url_for("course_history.history", course_id=course_id, slug=slug), 303)
