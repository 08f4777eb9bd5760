"""A step of a plan: changing it, and adding one of one's own."""

from dataclasses import replace

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.catalogue.labels import form_names
from elearn.errors import Conflict, Invalid
from elearn.learning import plan_service as service
from elearn.learning.plan_access import PlanDesk, check_seen, entry_in_plan, plan_for_teaching
from elearn.learning.plan_forms import OwnStepForm, StepForm
from elearn.learning.plan_views import PLAN, back
from elearn.learning.planning import Entry
from elearn.web.numbers import number_in

bp = Blueprint("plan_steps", __name__)


def _prepared(form: StepForm, desk: PlanDesk) -> StepForm:
    """Return ``form`` with what one can choose in it."""
    sessions = range(1, desk.state.settings.sessions + 1)
    form.session.choices = [(number, _("Session %(number)d", number=number)) for number in sessions]
    if isinstance(form, OwnStepForm):
        form.form.choices = list(form_names().items())
    return form


def _form_of(entry: Entry, desk: PlanDesk) -> StepForm:
    known = {"title": entry.title, "text": entry.text, "form": entry.form, "optional": not entry.required, "notes": entry.notes}
    known |= {"minutes": entry.minutes, "session": entry.session, "seen": str(desk.number)}
    return _prepared((OwnStepForm if entry.own else StepForm)(formdata=None, data=known), desk)


def _wanted(form: StepForm, entry: Entry) -> Entry:
    """Return ``entry`` as the form has it."""
    wanted = replace(entry, minutes=form.minutes.data, session=form.session.data, notes=form.notes.data or "")
    if isinstance(form, OwnStepForm):
        words = {"title": (form.title.data or "").strip(), "text": form.text.data or "", "form": form.form.data}
        wanted = replace(wanted, **words, required=not form.optional.data)
    return wanted


def _page(desk: PlanDesk, form: StepForm, entry: Entry | None, words: str = "") -> str:
    return render_template("learning/plan-step.html", desk=desk, taught=desk.taught, form=form, entry=entry, words=words)


@bp.get(PLAN + "/steps/new")
def new(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the form of a step of one's own."""
    desk = plan_for_teaching(current_user, class_id, slug)
    return _page(
        desk, _prepared(OwnStepForm(formdata=None, data={"minutes": 10, "form": "discussion", "seen": str(desk.number)}), desk), None
    )


@bp.post(PLAN + "/steps/new")
def add(class_id: int, slug: str) -> ResponseReturnValue:
    """Add a step of one's own at the end of a session."""
    desk = plan_for_teaching(current_user, class_id, slug, writing=True)
    form = _prepared(OwnStepForm(), desk)
    if not form.validate_on_submit():
        return _page(desk, form, None), 422
    try:
        check_seen(desk, number_in(form.seen.data))
        number = service.add_step(current_user, desk, _wanted(form, Entry("", "", 0, "", required=True)))
    except Conflict as refusal:
        form.seen.data = str(desk.number)
        return _page(desk, form, None, refusal.message), 409
    return back(desk, number, _("Your step is in the plan."), anchor=f"session-{form.session.data}")


@bp.get(PLAN + "/steps/<place>")
def step(class_id: int, slug: str, place: str) -> ResponseReturnValue:
    """Show a step of the plan and what can be changed of it."""
    desk = plan_for_teaching(current_user, class_id, slug)
    entry = entry_in_plan(desk, place)
    return _page(desk, _form_of(entry, desk), entry)


@bp.post(PLAN + "/steps/<place>")
def change(class_id: int, slug: str, place: str) -> ResponseReturnValue:
    """Change how long a step lasts, its session, and one's notes to it."""
    desk = plan_for_teaching(current_user, class_id, slug, writing=True)
    entry = entry_in_plan(desk, place)
    form = _prepared(OwnStepForm() if entry.own else StepForm(), desk)
    if not form.validate_on_submit():
        return _page(desk, form, entry), 422
    try:
        check_seen(desk, number_in(form.seen.data))
        number = service.change_step(current_user, desk, place, _wanted(form, entry))
    except Conflict as refusal:
        form.seen.data = str(desk.number)
        return _page(desk, form, entry, refusal.message), 409
    except Invalid as refusal:
        form.minutes.errors = list(refusal.fields.values())
        return _page(desk, form, entry), 422
    return back(desk, number, _("The step is changed."), anchor=f"step-{place}")
