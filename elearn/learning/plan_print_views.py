"""A plan on paper: the handout for students, one page for the professor, and what the handout says."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Conflict
from elearn.learning.plan_access import PlanDesk, check_seen, plan_for_teaching
from elearn.learning.plan_draw_queries import drawn_for
from elearn.learning.plan_forms import DetailsForm
from elearn.learning.plan_labels import laid_out, weekday_choices
from elearn.learning.plan_queries import read_before
from elearn.learning.plan_service import set_details
from elearn.learning.plan_states import Settings
from elearn.learning.plan_views import PLAN, back, seen_number

bp = Blueprint("plan_prints", __name__)


def _prepared(form: DetailsForm, desk: PlanDesk) -> DetailsForm:
    form.weekdays.choices = weekday_choices()
    form.reads.choices = [(line.key, line.title) for line in desk.module.lines if line.audience == "everyone"]
    return form


def _page(desk: PlanDesk, form: DetailsForm, words: str = "") -> str:
    return render_template("learning/plan-details.html", desk=desk, taught=desk.taught, form=form, words=words)


@bp.get(PLAN + "/details")
def details(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the days of a plan and what its handout says."""
    desk = plan_for_teaching(current_user, class_id, slug)
    names = ("first_on", "weekdays", "starts_at", "prepare", "questions")
    known = {name: getattr(desk.state.settings, name) for name in names} | {"seen": str(desk.number)}
    # A section that is gone, or for teachers now, is no choice any more.
    known["reads"] = [line.key for line in read_before(desk.module, desk.state.settings.reads)]
    return _page(desk, _prepared(DetailsForm(formdata=None, data=known), desk))


@bp.post(PLAN + "/details")
def set_(class_id: int, slug: str) -> ResponseReturnValue:
    """Change the days of a plan and what its handout says."""
    desk = plan_for_teaching(current_user, class_id, slug, writing=True)
    form = _prepared(DetailsForm(), desk)
    if not form.validate_on_submit():
        return _page(desk, form), 422
    wanted = Settings(
        0,
        0,
        form.first_on.data,
        tuple(form.weekdays.data or ()),
        form.starts_at.data,
        form.prepare.data or "",
        form.questions.data or "",
        tuple(form.reads.data or ()),
    )
    try:
        check_seen(desk, seen_number())
        number = set_details(current_user, desk, wanted)
    except Conflict as refusal:
        form.seen.data = str(desk.number)
        return _page(desk, form, refusal.message), 409
    return back(desk, number, _("Days and handout are saved."))


@bp.get(PLAN + "/handout")
def handout(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the handout for students, ready to print: nothing that only teachers may read, and no notes."""
    desk = plan_for_teaching(current_user, class_id, slug)
    settings = desk.state.settings
    return render_template(
        "learning/plan-handout.html",
        desk=desk,
        taught=desk.taught,
        drawn=drawn_for(desk, str(get_locale())),
        reads=read_before(desk.module, settings.reads),
        questions=[line.strip() for line in settings.questions.splitlines() if line.strip()],
        **laid_out(desk.state),
    )


@bp.get(PLAN + "/page")
def sheet(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the plan on one page for the professor, with texts and notes, ready to print."""
    desk = plan_for_teaching(current_user, class_id, slug)
    drawn = drawn_for(desk, str(get_locale()))
    return render_template("learning/plan-sheet.html", desk=desk, taught=desk.taught, drawn=drawn, **laid_out(desk.state))
