"""Groups and countries of a plan, drawn by lot."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Conflict, Invalid
from elearn.learning import plan_draw_service as service
from elearn.learning.plan_access import PlanDesk, check_seen, plan_for_changing, plan_for_teaching
from elearn.learning.plan_draw_queries import drawn_for
from elearn.learning.plan_forms import DrawForm
from elearn.learning.plan_labels import area_choices, by_choices, way_choices
from elearn.learning.plan_states import Draw
from elearn.learning.plan_views import PLAN, flash_change, seen_number

bp = Blueprint("plan_draws", __name__)

#: People in a group, where nothing was drawn yet.
USUAL_SIZE = 4


def _prepared(form: DrawForm) -> DrawForm:
    form.way.choices, form.by.choices, form.area.choices = way_choices(), by_choices(), area_choices()
    return form


def _known(desk: PlanDesk) -> dict[str, object]:
    """Return what the form begins with: what was drawn last."""
    draw = desk.state.draw or Draw("students", "", USUAL_SIZE)
    number = {"by": "count", "number": draw.count} if draw.count else {"by": "size", "number": draw.size}
    return {"way": draw.way, "people": draw.people or None, "area": draw.area, "seen": str(desk.number)} | number


def _page(desk: PlanDesk, form: DrawForm, words: str = "") -> str:
    drawn = drawn_for(desk, str(get_locale()))
    return render_template("learning/plan-groups.html", desk=desk, taught=desk.taught, form=form, drawn=drawn, words=words)


def _wanted(form: DrawForm) -> Draw:
    by_count = form.by.data == "count"
    size, count = (0, form.number.data) if by_count else (form.number.data, 0)
    people = form.people.data if form.way.data == "numbers" else 0
    return Draw(form.way.data, (form.seed.data or "").strip(), size, people, form.area.data, count=count)


@bp.get(PLAN + "/groups")
def groups(class_id: int, slug: str) -> ResponseReturnValue:
    """Show what was drawn, and the form that draws."""
    desk = plan_for_teaching(current_user, class_id, slug)
    return _page(desk, _prepared(DrawForm(formdata=None, data=_known(desk))))


@bp.post(PLAN + "/groups")
def draw(class_id: int, slug: str) -> ResponseReturnValue:
    """Draw groups and countries."""
    desk = plan_for_teaching(current_user, class_id, slug, writing=True)
    form = _prepared(DrawForm())
    if not form.validate_on_submit():
        return _page(desk, form), 422
    try:
        check_seen(desk, seen_number())
        number = service.draw(current_user, desk, _wanted(form))
    except Conflict as refusal:
        form.seen.data = str(desk.number)
        return _page(desk, form, refusal.message), 409
    except Invalid as refusal:
        form.way.errors = list(refusal.fields.values())
        return _page(desk, form), 422
    flash_change(desk, number, _("The lot is drawn."))
    return redirect(url_for("plan_draws.groups", class_id=class_id, slug=slug), 303)


@bp.post(PLAN + "/groups/forget")
def forget(class_id: int, slug: str) -> ResponseReturnValue:
    """Have the plan without groups and countries."""
    desk = plan_for_changing(current_user, class_id, slug, seen_number())
    number = service.forget_draw(current_user, desk)
    flash_change(desk, number, _("The plan has no groups now."))
    return redirect(url_for("plan_draws.groups", class_id=class_id, slug=slug), 303)
