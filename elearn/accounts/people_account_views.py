"""Giving roles to people who may have no account yet, and the programme's care for accounts."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn import clock, throttle
from elearn.accounts import access, people_service
from elearn.accounts import institution_queries as institutions
from elearn.accounts import people_account_service as service
from elearn.accounts import people_queries as queries
from elearn.accounts.labels import membership_state_names, role_meanings, role_names
from elearn.accounts.models import Institution, Person
from elearn.accounts.people_forms import GiveRoleForm
from elearn.accounts.permissions import AT_AN_INSTITUTION, Permission, Role
from elearn.countries import countries, region_name
from elearn.errors import Invalid
from elearn.web.guard import wants
from elearn.web.lists import asked_for
from elearn.web.undo import flash_with_undo

bp = Blueprint("people_account", __name__)

#: Who gives roles learns which addresses have an account: so often in so long, and no oftener.
ROLES_GIVEN = 60
WINDOW = timedelta(hours=1)


@bp.route("/coordinate/people/new", methods=["GET", "POST"])
@wants(Permission.CONFIRM_PEOPLE)
def new() -> ResponseReturnValue:
    """Give somebody a role; where they have no account, one is made, which a one-time link opens."""
    form = GiveRoleForm()
    places = access.institutions_for_confirming(current_user)
    own = institutions.institutions_with(places) if places is not None else []
    _set_choices(form, everywhere=places is None, own=own)
    if form.validate_on_submit():
        throttle.spend("give-role", str(current_user.id), limit=ROLES_GIVEN, window=WINDOW)
        try:
            return _give(form, own, everywhere=places is None)
        except Invalid as refusal:
            for name, message in (refusal.fields or {"email": refusal.message}).items():
                form[name].errors = [message]
    return render_template(
        "accounts/people-new.html",
        form=form,
        everywhere=places is None,
        own=own,
        meanings=[(role_names()[choice.value], role_meanings()[choice.value]) for choice in form.role.choices],
    ), 422 if form.errors else 200


def _set_choices(form: GiveRoleForm, *, everywhere: bool, own: Sequence[Institution]) -> None:
    roles = [Role.PROFESSOR, Role.COORDINATOR]
    if everywhere:
        roles += [Role.EDITOR, Role.REGIONAL_COORDINATOR, Role.PROGRAMME_COORDINATOR]
    form.role.choices = [SelectChoice(role.value, role_names()[role]) for role in roles]
    language = str(get_locale() or "en")
    codes = sorted({code for c in countries().values() for code in (c.region_m49, c.subregion_m49)}) if everywhere else []
    named = sorted((region_name(code, language), code) for code in codes)
    form.region.choices = [SelectChoice("", _("Choose …")), *(SelectChoice(code, f"{name} ({code})") for name, code in named)]
    if request.method == "GET":
        form.institution.data = own[0].code if len(own) == 1 else request.args.get("institution", "")[:40]
        form.role.data = request.args.get("role") if request.args.get("role") in {role.value for role in roles} else roles[0].value


def _give(form: GiveRoleForm, own: Sequence[Institution], *, everywhere: bool) -> ResponseReturnValue:
    role = Role(form.role.data)
    institution = _place(form, role, own, everywhere=everywhere)
    region = form.region.data if role is Role.REGIONAL_COORDINATOR else None
    if role is Role.REGIONAL_COORDINATOR and not region:
        message = _("Choose a region.")
        raise Invalid(message, {"region": message})
    address = form.email.data
    person = service.owner_of(address)
    if person is not None:
        given = people_service.give_role(person, role, current_user, institution=institution, region=region)
        told = people_service.tell_of_role(given, current_user)
        words = _("%(name)s holds the role now.", name=person.name)
        flash(f"{words} {_('They are told by mail.') if told else _('No mail leaves this site: please tell them.')}", "success")
        return redirect(url_for("people.membership", membership_id=given.id), 303)
    person, token, by_mail = service.invite(form.name.data, address)
    given = people_service.give_role(person, role, current_user, institution=institution, region=region)
    if by_mail:
        what = role_names()[role] + (f", {institution.name}" if institution else "")
        words = _("%(name)s made an account for you, with the role: %(what)s.", name=current_user.name, what=what)
        service.send_invitation(person, address, token, words)
        flash(_("An account is made. The link that opens it is on its way to %(address)s.", address=address), "success")
    else:
        _keep_to_show(person, token)
        flash(_("An account is made. Hand the link below over: it is shown once."), "success")
    return redirect(url_for("people.membership", membership_id=given.id), 303)


def _place(form: GiveRoleForm, role: Role, own: Sequence[Institution], *, everywhere: bool) -> Institution | None:
    """Return the institution of a role that stands at one; raise Invalid where it is not one at which the visitor may give it."""
    if role not in AT_AN_INSTITUTION:
        return None
    code = (form.institution.data or "").strip()
    found = institutions.listed_with_code(code) if code else None
    if found is None or (not everywhere and found.id not in {each.id for each in own}):
        message = _("Enter the code of the institution, as it stands in the list of institutions.")
        raise Invalid(message, {"institution": message})
    return found


def _keep_to_show(person: Person, token: str) -> None:
    """Have the next page show the link, and no page after it."""
    base = current_app.config["BASE_URL"].rstrip("/")
    session["one_time_link"] = {"name": person.name, "url": base + url_for("passwords.set_password", token=token)}


@bp.get("/coordinate/people/accounts")
@wants(Permission.MANAGE_ACCOUNTS)
def accounts() -> ResponseReturnValue:
    """Find an account, also of somebody who holds no role."""
    asked = asked_for("q")
    found = queries.accounts_named(asked["q"]) if asked["q"] else []
    return render_template("accounts/people-accounts.html", asked=asked, found=found)


@bp.get("/coordinate/people/accounts/<int:person_id>")
@wants(Permission.MANAGE_ACCOUNTS)
def account(person_id: int) -> ResponseReturnValue:
    """Show an account and the ways to help its owner."""
    person = access.person_for_account_care(current_user, person_id)
    return render_template(
        "accounts/people-account.html",
        found=queries.account_of(person, clock.now()),
        memberships=[(m, name, queries.state_of(m)) for m, name in queries.memberships_at(person.id, None)],
        is_own=person.id == current_user.id,
        is_above=queries.rank_of(person.id) > queries.rank_of(current_user.id),
        role_names=role_names(),
        state_names=membership_state_names(),
        one_time_link=session.pop("one_time_link", None),
    )


@bp.post('/coordinate/people/accounts/<int:person_id>/<any(deactivate, reactivate, link, "second-factor"):step>')
@wants(Permission.MANAGE_ACCOUNTS)
def care(person_id: int, step: str) -> ResponseReturnValue:
    """Deactivate or reactivate an account, make a link for a lost password, or remove a lost second factor."""
    person = access.person_for_account_care(current_user, person_id)
    if step == "deactivate":
        service.deactivate(person, current_user)
        flash_with_undo(
            _("%(name)s is signed out and cannot sign in any more.", name=person.name),
            url_for("people_account.care", person_id=person.id, step="reactivate"),
        )
    elif step == "reactivate":
        service.reactivate(person, current_user)
        flash(_("%(name)s can sign in again.", name=person.name), "success")
    elif step == "link":
        _keep_to_show(person, service.make_link(person, current_user))
    else:
        service.remove_second_factor(person, current_user)
        flash(_("The second factor is removed. %(name)s signs in with the password and sets a new one up.", name=person.name), "success")
    return redirect(url_for("people_account.account", person_id=person.id), 303)
