"""The class planner: which modules are planned, and the plan of one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Invalid, NotFound
from elearn.learning import plan_service as service
from elearn.learning.access import class_for_teaching
from elearn.learning.plan_access import PlanDesk, plan_for_changing, plan_for_teaching
from elearn.learning.plan_forms import USUAL_MINUTES, TimeForm
from elearn.learning.plan_labels import act_words, laid_out
from elearn.learning.plan_queries import newest_plans, structures_of
from elearn.web.numbers import number_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("plans", __name__)

PLAN = "/teach/classes/<int:class_id>/plan/<slug>"


def seen_number() -> int:
    """Return the number of the plan that the page with this form showed."""
    return number_in(request.form.get("seen"))


def flash_change(desk: PlanDesk, number: int, words: str) -> None:
    """Have the next page say what was done and offer to undo it; ``number`` is that of the plan that counts now."""
    if number == desk.number:
        flash(_("Nothing was changed."), "info")
    else:
        flash_with_undo(words, url_for("plans.undo", class_id=desk.class_id, slug=desk.module.slug), seen=str(number))


def back(desk: PlanDesk, number: int, words: str, *, anchor: str | None = None) -> ResponseReturnValue:
    """Go to the plan, which says what was done."""
    flash_change(desk, number, words)
    return redirect(url_for("plans.show", class_id=desk.class_id, slug=desk.module.slug, _anchor=anchor), 303)


@bp.get("/teach/classes/<int:class_id>/plan/")
def index(class_id: int) -> ResponseReturnValue:
    """Show which modules of a class have a structure to plan, and which are planned."""
    taught = class_for_teaching(current_user, class_id)
    confirmed = taught.sees_teacher_sections(current_user)
    plans = newest_plans(class_id)
    lines = [
        (module, plans.get(module.module_id))
        for module in taught.edition.modules
        if structures_of(module, for_teachers=confirmed) or (confirmed and module.module_id in plans)
    ]
    return render_template("learning/plans.html", taught=taught, lines=lines)


@bp.get(PLAN)
def show(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the plan of a module; before anything is saved, the structure as its author wrote it."""
    desk = plan_for_teaching(current_user, class_id, slug)
    settings = desk.state.settings
    return _page(desk, TimeForm(formdata=None, data={"minutes": settings.minutes, "sessions": settings.sessions}))


def _page(desk: PlanDesk, form: TimeForm) -> str:
    form.seen.data = str(desk.number)
    return render_template("learning/plan.html", desk=desk, taught=desk.taught, form=form, usual=USUAL_MINUTES, **laid_out(desk.state))


@bp.post(PLAN + "/time")
def set_time(class_id: int, slug: str) -> ResponseReturnValue:
    """Plan the module anew for so many sessions of so many minutes."""
    desk, form = plan_for_changing(current_user, class_id, slug, seen_number()), TimeForm()
    if form.validate_on_submit():
        minutes, sessions = form.minutes.data, form.sessions.data
        try:
            number = service.replan(current_user, desk, minutes=minutes, sessions=sessions)
        except Invalid as refusal:
            form.minutes.errors = list(refusal.fields.values())
        else:
            return back(desk, number, _("Planned for the time that you have."))
    return _page(desk, form), 422


@bp.post(PLAN + "/begin-again")
def begin_again(class_id: int, slug: str) -> ResponseReturnValue:
    """Plan the module from a structure as its author wrote it, in the time that the class has."""
    desk = plan_for_changing(current_user, class_id, slug, seen_number())
    try:
        number = service.begin_again(current_user, desk, request.form.get("structure", ""))
    except Invalid as refusal:
        flash(" ".join(refusal.fields.values()), "error")
        settings = desk.state.settings
        return _page(desk, TimeForm(formdata=None, data={"minutes": settings.minutes, "sessions": settings.sessions})), 422
    return back(desk, number, _("The plan begins with the author's steps again."))


@bp.post(PLAN + "/steps/act")
def act(class_id: int, slug: str) -> ResponseReturnValue:
    """Move a step up or down, leave it out, or bring it back."""
    desk = plan_for_changing(current_user, class_id, slug, seen_number())
    place, wanted = request.form.get("place", ""), request.form.get("act", "")
    if wanted in {"up", "down"}:
        number = service.move_step(current_user, desk, place, -1 if wanted == "up" else 1)
    elif wanted == "leave-out":
        number = service.leave_out(current_user, desk, place)
    elif wanted == "bring-back":
        number = service.bring_back(current_user, desk, place)
    else:
        raise NotFound
    return back(desk, number, act_words(wanted), anchor=f"step-{place}")


@bp.post(PLAN + "/undo")
def undo(class_id: int, slug: str) -> ResponseReturnValue:
    """Take back the newest change; again, the one before it."""
    desk = plan_for_changing(current_user, class_id, slug, seen_number())
    service.undo(current_user, desk)
    flash(_("The last change is undone."), "success")
    return redirect(url_for("plans.show", class_id=class_id, slug=slug), 303)
