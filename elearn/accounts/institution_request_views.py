"""Institutions that people ask for: the programme adds, merges or declines them, with a word to the person."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.accounts import access
from elearn.accounts import institution_queries as queries
from elearn.accounts import institution_service as service
from elearn.accounts.institution_forms import DeclineForm, ListForm, MergeForm
from elearn.accounts.institution_views import put_faults, set_choices
from elearn.accounts.labels import kind_names, role_names
from elearn.accounts.models import Institution
from elearn.accounts.people_views import in_words
from elearn.accounts.permissions import Permission
from elearn.countries import country_name, time_zones_of
from elearn.errors import Invalid
from elearn.web.guard import wants
from elearn.web.lists import page_of

bp = Blueprint("institution_requests", __name__)

WISHES_A_PAGE = 20


@dataclass
class Forms:
    """The three decisions."""

    add: ListForm
    merge: MergeForm
    decline: DeclineForm


@bp.get("/coordinate/institutions/requests")
@wants(Permission.MANAGE_INSTITUTIONS)
def wishes() -> ResponseReturnValue:
    """Show the institutions that wait for a decision, each with those of the list that it may be."""
    page = page_of(queries.count_of_wishes(), WISHES_A_PAGE, url_for("institution_requests.wishes"))
    waiting = queries.wishes(offset=page.offset, size=page.size)
    known = queries.known_in({wish.institution.country for wish in waiting})
    language = str(get_locale() or "en")
    return render_template(
        "accounts/institution-requests.html",
        rows=[
            (wish, country_name(wish.institution.country, language), wish.likest(known[wish.institution.country])[:3]) for wish in waiting
        ],
        page=page,
        kind_names=kind_names(),
    )


@bp.get("/coordinate/institutions/requests/<int:institution_id>")
@wants(Permission.MANAGE_INSTITUTIONS)
def wish(institution_id: int) -> ResponseReturnValue:
    """Show an institution that somebody asked for, what it may be, and the three decisions."""
    found = access.request_for_deciding(current_user, institution_id)
    if found.state != "requested":
        return redirect(url_for("institutions.institution", institution_id=found.id))
    return _page(found, _forms(found))


def _forms(found: Institution) -> Forms:
    zones = time_zones_of(found.country)
    prefilled = {
        "name": found.name,
        "local_name": found.local_name,
        "kind": found.kind,
        "country": found.country,
        "code": queries.free_code(found.name, found.country),
        "timezone": zones[0] if zones else "UTC",
    }
    # Three forms on a page: what they have in common has ids of its own in each.
    forms = Forms(ListForm(data=prefilled), MergeForm(prefix="merge"), DeclineForm(prefix="decline"))
    set_choices(forms.add)
    return forms


def _page(found: Institution, forms: Forms) -> ResponseReturnValue:
    wish = queries.wishes(institution_id=found.id)[0]
    likely = wish.likest(queries.known_in({found.country})[found.country])
    forms.merge.into.choices = [SelectChoice(str(each.known.id), "") for each in likely]
    names = role_names()
    asks_for = names[wish.membership.role] if wish.membership else ""
    for confirming in (forms.add.confirm, forms.merge.confirm):
        confirming.label.text = _("and confirm %(name)s there as: %(role)s", name=wish.person, role=asks_for)
    refused = any(form.errors for form in (forms.add, forms.merge, forms.decline))
    return render_template(
        "accounts/institution-request.html",
        wish=wish,
        likely=likely,
        forms=forms,
        asks_for=asks_for,
        is_own=wish.person_id == current_user.id,
        country=country_name(found.country, str(get_locale() or "en")),
        kind_names=kind_names(),
        zones=time_zones_of(found.country),
    ), 422 if refused else 200


@bp.post("/coordinate/institutions/requests/<int:institution_id>/add")
@wants(Permission.MANAGE_INSTITUTIONS)
def add(institution_id: int) -> ResponseReturnValue:
    """List the institution, with everything that the form says of it."""
    found = access.request_for_deciding(current_user, institution_id)
    service.check_undecided(found)
    forms = _forms(found)
    if forms.add.validate_on_submit():
        word = (forms.add.word.data or "").strip()
        try:
            told = service.list_requested(found, current_user, forms.add.attributes, confirm=forms.add.confirm.data, word=word)
        except Invalid as refusal:
            put_faults(forms.add, refusal)
        else:
            return _decided(found, f"{_('%(name)s is listed now.', name=found.name)} {in_words(told=told)}")
    return _page(found, forms)


@bp.post("/coordinate/institutions/requests/<int:institution_id>/merge")
@wants(Permission.MANAGE_INSTITUTIONS)
def merge(institution_id: int) -> ResponseReturnValue:
    """Say which institution of the list it is."""
    found = access.request_for_deciding(current_user, institution_id)
    service.check_undecided(found)
    forms = _forms(found)
    form = forms.merge
    form.into.validate_choice = False
    if form.validate_on_submit():
        into = _chosen(form)
        if into is None:
            form.other.errors = [_("Choose one, or enter the code of an institution in the list.")]
        else:
            told = service.merge_requested(found, into, current_user, confirm=form.confirm.data, word=(form.word.data or "").strip())
            words = _("%(name)s is merged with %(into)s.", name=found.name, into=into.name)
            return _decided(into, f"{words} {in_words(told=told)}")
    return _page(found, forms)


def _chosen(form: MergeForm) -> Institution | None:
    """Return the institution of the list that was chosen; a code that was typed goes before."""
    if form.other.data:
        return queries.listed_with_code(form.other.data)
    number = form.into.data or ""
    return queries.listed_with_id(int(number)) if number.isdecimal() and len(number) <= 9 else None  # noqa: PLR2004 (fits a row's number)


@bp.post("/coordinate/institutions/requests/<int:institution_id>/decline")
@wants(Permission.MANAGE_INSTITUTIONS)
def decline(institution_id: int) -> ResponseReturnValue:
    """Say no, and why."""
    found = access.request_for_deciding(current_user, institution_id)
    service.check_undecided(found)
    forms = _forms(found)
    if forms.decline.validate_on_submit():
        told = service.decline_requested(found, current_user, word=(forms.decline.word.data or "").strip())
        return _decided(found, f"{_('%(name)s is declined.', name=found.name)} {in_words(told=told)}")
    return _page(found, forms)


def _decided(found: Institution, words: str) -> ResponseReturnValue:
    """Go on to the next one that waits, or to the institution where none does."""
    flash(words, "success")
    if queries.count_of_wishes():
        return redirect(url_for("institution_requests.wishes"), 303)
    return redirect(url_for("institutions.institution", institution_id=found.id), 303)
