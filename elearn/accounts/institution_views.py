"""The registry of institutions: list, one institution, adding, changing."""

from collections.abc import Iterable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.accounts import access
from elearn.accounts import institution_queries as queries
from elearn.accounts import institution_service as service
from elearn.accounts.institution_forms import CorrectionForm, InstitutionForm
from elearn.accounts.labels import institution_state_names, kind_names, role_names
from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, may
from elearn.countries import countries, country_name, time_zones_of
from elearn.errors import Invalid
from elearn.web.guard import wants
from elearn.web.lists import asked_for, page_of

bp = Blueprint("institutions", __name__)

INSTITUTIONS_A_PAGE = 50
RECOUNT = "elearn reach recount --repair"


@bp.get("/coordinate/institutions")
@wants(Permission.READ_INSTITUTIONS)
def institutions() -> ResponseReturnValue:
    """Show the institutions that the visitor may read."""
    registry = access.registry_for_reading(current_user)
    sorts = [sign + name for name in queries.SORTS for sign in ("", "-")]
    states = tuple(institution_state_names()) if registry.everything else ()
    asked = asked_for("q", country=tuple(countries()), kind=tuple(kind_names()), state=states, sort=sorts)
    narrowed = asked if registry.everything else {**asked, "state": ""}
    total = queries.count_of_institutions(registry.condition, narrowed)
    page = page_of(total, INSTITUTIONS_A_PAGE, url_for("institutions.institutions"), asked)
    language = str(get_locale() or "en")
    return render_template(
        "accounts/institutions.html",
        rows=queries.institutions_page(registry.condition, narrowed, offset=page.offset, size=page.size),
        page=page,
        asked=asked,
        everything=registry.everything,
        countries=named_countries(queries.countries_listed(registry.condition)),
        country_name=lambda code: country_name(code, language),
        kind_names=kind_names(),
        state_names=institution_state_names(),
        asked_for=queries.count_of_wishes() if registry.everything else 0,
    )


@bp.get("/coordinate/institutions/<int:institution_id>")
@wants(Permission.READ_INSTITUTIONS)
def institution(institution_id: int) -> ResponseReturnValue:
    """Show one institution of the registry, who looks after it, and what stands under it."""
    found = access.institution_for_reading(current_user, institution_id)
    if found.state == "requested":
        return redirect(url_for("institution_requests.wish", institution_id=found.id))
    above = queries.institutions_with([i for i in (found.parent_id, found.merged_into_id) if i])
    return render_template(
        "accounts/institution.html",
        institution=found,
        parent=next((i for i in above if i.id == found.parent_id), None),
        into=next((i for i in above if i.id == found.merged_into_id), None),
        parts=queries.parts_of(found.id),
        coordinators=queries.coordinators_of(found.id),
        counts=queries.counts_of_roles(found.id),
        country=country_name(found.country, str(get_locale() or "en")),
        kind_names=kind_names(),
        state_names=institution_state_names(),
        role_names=role_names(),
        may_change=access.may_correct(current_user, found),
        may_open_people=found.id in (access.institutions_for_confirming(current_user) or [])
        or may(current_user, Permission.CONFIRM_ALL_PEOPLE),
    )


@bp.route("/coordinate/institutions/new", methods=["GET", "POST"])
@wants(Permission.MANAGE_INSTITUTIONS)
def new() -> ResponseReturnValue:
    """Add an institution to the registry."""
    form = InstitutionForm(timezone="UTC")
    set_choices(form)
    if form.validate_on_submit():
        try:
            added = service.add_listed(current_user, form.attributes)
        except Invalid as refusal:
            put_faults(form, refusal)
        else:
            flash(_("%(name)s is listed now.", name=added.name), "success")
            return redirect(url_for("institutions.institution", institution_id=added.id), 303)
    return _form_page(form, None)


@bp.route("/coordinate/institutions/<int:institution_id>/edit", methods=["GET", "POST"])
@wants(Permission.CORRECT_INSTITUTIONS)
def edit(institution_id: int) -> ResponseReturnValue:
    """Change an institution: the programme all of it, its own coordinators what they know best."""
    found = access.institution_for_correcting(current_user, institution_id)
    everything = may(current_user, Permission.MANAGE_INSTITUTIONS)
    parent = queries.institutions_with([found.parent_id] if found.parent_id else [])
    above = parent[0].code if parent else ""
    form = InstitutionForm(obj=found, parent_code=above) if everything else CorrectionForm(obj=found)
    if isinstance(form, InstitutionForm):
        set_choices(form)
    if form.validate_on_submit():
        try:
            moved = service.change_institution(found, current_user, form.attributes)
        except Invalid as refusal:
            put_faults(form, refusal)
        else:
            flash(_("The changes are saved."), "success")
            if moved:
                words = _("Its country or the one above it has changed: its figures follow when the operator runs")
                flash(f"{words} “{RECOUNT}”.", "warning")
            return redirect(url_for("institutions.institution", institution_id=found.id), 303)
    return _form_page(form, found)


def _form_page(form: CorrectionForm, found: Institution | None) -> ResponseReturnValue:
    country = form.country.data if isinstance(form, InstitutionForm) else (found.country if found else "")
    return render_template(
        "accounts/institution-form.html",
        form=form,
        institution=found,
        name=found.name if found else "",
        zones=time_zones_of(country or ""),
        everything=isinstance(form, InstitutionForm),
        recount=RECOUNT,
    ), 422 if form.errors else 200


def put_faults(form: CorrectionForm, refusal: Invalid) -> None:
    """Put what is refused beside the fields; what belongs to none beside the name."""
    for name, message in (refusal.fields or {"name": refusal.message}).items():
        form[name].errors = [*form[name].errors, message]


def set_choices(form: InstitutionForm) -> None:
    """Offer kinds and countries."""
    form.kind.choices = [SelectChoice(value, label) for value, label in kind_names().items()]
    form.country.choices = [SelectChoice("", _("Choose …")), *(SelectChoice(code, name) for code, name in named_countries(countries()))]


def named_countries(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return these countries with their names, by name."""
    language = str(get_locale() or "en")
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda pair: pair[1])
