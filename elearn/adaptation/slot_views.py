"""The slots of a module of a course: what stands there, what the country offers, and the course's own text, offered in turn."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.adaptation import slot_access as access
from elearn.adaptation import slot_service as service
from elearn.adaptation.slot_forms import OfferForm, SlotActForm, SlotForm
from elearn.adaptation.slot_queries import SlotState
from elearn.adaptation.structure_views import say_done
from elearn.adaptation.update_differences import as_read
from elearn.catalogue.filling_labels import filling_states, slot_names
from elearn.catalogue.queries import trusted
from elearn.db import abandon
from elearn.errors import Conflict, Invalid

bp = Blueprint("slots", __name__, url_prefix="/teach/courses/<int:course_id>/<slug>/country")

OFFERS_A_DAY = 40


@bp.get("/")
def slots(course_id: int, slug: str) -> ResponseReturnValue:
    """Show the slots of a module, with what stands there and what the country offers."""
    desk = access.slots_for_filling(current_user, course_id, slug)
    return render_template(
        "adaptation/slots.html",
        course=desk.course,
        module=desk.module,
        desk=desk,
        names=slot_names(),
        labels=filling_states(),
        as_read=as_read,
    )


@bp.post("/")
def act(course_id: int, slug: str) -> ResponseReturnValue:
    """Take the country's text, pass it over, or have what the text itself says."""
    desk = access.slots_for_filling(current_user, course_id, slug, writing=True)
    form = SlotActForm()
    form.validate()
    what, state = form.act.data or "", desk.state(form.key.data or "")
    saved = service.act_on_slot(
        current_user, desk.course, desk.module, state, what, filling_id=form.filling_id, seen=form.number
    )  # fmt: skip
    words = {
        "follow": _("Your country's text stands in the course now. Students see it once you publish."),
        "pass": _("The course stays as it is until there is another text."),
        "default": _("What holds in general stands there again."),
    }
    say_done(desk.course, desk.module, saved, words[what])
    return _back(course_id, slug)


def _back(course_id: int, slug: str) -> ResponseReturnValue:
    return redirect(url_for("slots.slots", course_id=course_id, slug=slug), 303)


@bp.route("/<key>", methods=["GET", "POST"])
def slot(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show the course's own text for a slot; look at another one; have that stand there."""
    desk = access.slots_for_filling(current_user, course_id, slug)
    state = desk.state(key)
    if request.method == "GET":
        return _page(desk, state, SlotForm(data={"text": state.text, "seen": desk.module.overlay.number}))
    form = SlotForm()
    if not form.validate_on_submit():
        return _page(desk, state, form), 422
    try:
        html = service.looked_at(desk.course, desk.module, form.text.data)
    except Invalid as refusal:
        form.text.errors = [refusal.fields.get("text", refusal.message)]
        return _page(desk, state, form), 422
    if request.form.get("action") != "save":
        return _page(desk, state, form, html=trusted(html))
    # Looking takes a while: no one else's writing waited for it.
    abandon()
    desk = access.slots_for_filling(current_user, course_id, slug, writing=True)
    try:
        saved = service.fill_slot(current_user, desk.course, desk.module, desk.state(key), form.text.data, seen=form.number)
    except Conflict as refusal:
        form.seen.data = str(desk.module.overlay.number)
        return _page(desk, desk.state(key), form, refusal=refusal.message), 409
    say_done(desk.course, desk.module, saved, _("Saved. Students see it once you publish the course."))
    return _back(course_id, slug)


def _page(desk: access.SlotDesk, state: SlotState, form: SlotForm, *, html: str = "", refusal: str = "") -> str:
    page = {
        "html": html,
        "refusal": refusal,
        "course": desk.course,
        "module": desk.module,
        "country": desk.country_name,
        "name": slot_names()[state.slot.key],
        "as_read": as_read,
    }
    return render_template("adaptation/slot.html", state=state, form=form, **page)


@bp.route("/<key>/offer", methods=["GET", "POST"])
def offer(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Offer the course's own text for a slot to every course of the country."""
    desk, state = access.slot_for_offering(current_user, course_id, slug, key)
    form = OfferForm() if request.method == "POST" else OfferForm(data={"credit": desk.usual_names(current_user)})
    if form.validate_on_submit():
        throttle.spend("filling", str(current_user.id), limit=OFFERS_A_DAY, window=timedelta(days=1))
        desk, state = access.slot_for_offering(current_user, course_id, slug, key, writing=True)
        try:
            service.offer_text(current_user, desk.course, desk.module, state, form.credit.data)
        except Invalid as refusal:
            form.credit.errors = [refusal.fields.get("credit", refusal.message)]
        else:
            flash(_("The text waits for the editors. You are told what becomes of it."), "success")
            return _back(course_id, slug)
    page = {"course": desk.course, "module": desk.module, "country": desk.country_name, "name": slot_names()[key]}
    html = trusted(service.looked_at(desk.course, desk.module, state.own or ""))
    return render_template("adaptation/slot-offer.html", state=state, form=form, html=html, **page), 422 if form.errors else 200


@bp.post("/<key>/withdraw")
def withdraw(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Take back what waits for the editors."""
    desk = access.slots_for_filling(current_user, course_id, slug, writing=True)
    service.withdraw_offer(current_user, desk.course, desk.module, desk.state(key))
    flash(_("Your text is taken back. The course keeps it."), "success")
    return _back(course_id, slug)
