"""What countries put into the slots of the series: read by everyone, decided by editors."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission
from elearn.catalogue import filling_access as access
from elearn.catalogue import filling_queries as queries
from elearn.catalogue import filling_service as service
from elearn.catalogue.filling_forms import DecisionForm
from elearn.catalogue.filling_labels import filling_states, slot_names
from elearn.catalogue.queries import trusted
from elearn.countries import country_name
from elearn.errors import Invalid
from elearn.web.guard import wants
from elearn.web.lists import asked_for, page_of

bp = Blueprint("fillings", __name__)

STATES = ("proposed", "approved", "declined", "withdrawn")


@bp.get("/edit/country-texts/")
@wants(Permission.EDIT_SERIES)
def fillings() -> ResponseReturnValue:
    """Show what professors propose for their countries, and what became of it."""
    counts = queries.count_in_states()
    asked = asked_for(state=STATES)
    state = asked["state"] or "proposed"
    page = page_of(counts.get(state, 0), queries.A_PAGE, url_for("fillings.fillings"), asked)
    return render_template(
        "catalogue/fillings.html",
        fillings=queries.fillings_in_state(state, offset=page.offset),
        page=page,
        state=state,
        counts=counts,
        states=filling_states(),
        slots=slot_names(),
        country_name=country_name,
    )


@bp.route("/edit/country-texts/<int:filling_id>", methods=["GET", "POST"])
@wants(Permission.EDIT_SERIES)
def filling(filling_id: int) -> ResponseReturnValue:
    """Show a country's text beside what stands now; approve it, decline it, or end it."""
    facts = access.filling_for_deciding(current_user, filling_id, writing=request.method == "POST")
    form = DecisionForm()
    if request.method == "GET":
        return _page(facts, form)
    acts = {"approve": service.approve_filling, "decline": service.decline_filling, "end": service.end_filling}
    if not form.validate_on_submit() or form.act.data not in acts:
        return _page(facts, form), 422
    try:
        acts[form.act.data](current_user, facts.filling, form.word.data)
    except Invalid as refusal:
        form.word.errors = [refusal.fields.get("word", refusal.message)]
        return _page(facts, form), 422
    words = {
        "approve": _("It stands now. Readers can choose the country, and its courses are offered the text."),
        "decline": _("It is declined, and its author can read why."),
        "end": _("It is not offered any more. Courses that follow it keep it."),
    }
    flash(words[form.act.data], "success")
    return redirect(url_for("fillings.fillings"), 303)


def _page(facts: queries.FillingFacts, form: DecisionForm) -> str:
    filling = facts.filling
    standing = queries.standing_fillings(filling.module_id, filling.language) if filling.module_id else {}
    stands = standing.get((filling.country, filling.key))
    other = queries.filling_named(stands.id) if stands and stands.id != filling.id else None
    return render_template(
        "catalogue/filling.html",
        facts=facts,
        filling=filling,
        form=form,
        other=other,
        trusted=trusted,
        states=filling_states(),
        slot=slot_names()[filling.key],
        country=country_name(filling.country),
    )
