"""Coordinators' pages about people: who holds or asks for which role, and what may be done about it."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import mail
from elearn.accounts import access
from elearn.accounts import people_queries as queries
from elearn.accounts import people_service as service
from elearn.accounts.labels import membership_state_names, role_meanings, role_names
from elearn.accounts.models import Membership
from elearn.accounts.people_forms import WordForm
from elearn.accounts.permissions import Permission, Role
from elearn.countries import region_name
from elearn.web.guard import wants
from elearn.web.lists import asked_for, page_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("people", __name__)

PEOPLE_A_PAGE = 50


@bp.get("/coordinate/people")
@wants(Permission.CONFIRM_PEOPLE)
def people() -> ResponseReturnValue:
    """Show everyone who holds, asks for or held a role where the visitor confirms people."""
    places = access.institutions_for_confirming(current_user)
    sorts = [sign + name for name in queries.SORTS for sign in ("", "-")]
    roles = {value: name for value, name in role_names().items() if value in _roles_shown(places)}
    asked = asked_for("q", "institution", state=queries.STATES, role=tuple(roles), sort=sorts)
    page = page_of(queries.count_of_people(places, asked), PEOPLE_A_PAGE, url_for("people.people"), asked)
    return render_template(
        "accounts/people.html",
        rows=[(row, queries.state_of(row[0])) for row in queries.people_page(places, asked, offset=page.offset, size=page.size)],
        page=page,
        asked=asked,
        everywhere=places is None,
        several=places is None or len(places) > 1,
        role_names=role_names(),
        roles=roles,
        state_names=membership_state_names(),
    )


def _roles_shown(places: list[int] | None) -> frozenset[Role]:
    """Return the roles of which who looks after ``places`` (None: everything) sees the people."""
    return frozenset(Role) if places is None else frozenset({Role.PROFESSOR, Role.COORDINATOR})


@bp.get("/coordinate/people/<int:membership_id>")
@wants(Permission.CONFIRM_PEOPLE)
def membership(membership_id: int) -> ResponseReturnValue:
    """Show one role of a person, what each step means, and the steps that there are."""
    return _membership_page(access.membership_for_reading(current_user, membership_id), WordForm())


def _membership_page(found: Membership, form: WordForm) -> ResponseReturnValue:
    named = queries.named_membership(found.id)
    places = access.institutions_for_confirming(current_user)
    others = [(m, name, queries.state_of(m)) for m, name in queries.memberships_at(found.person_id, places) if m.id != found.id]
    return render_template(
        "accounts/people-membership.html",
        named=named,
        state=queries.state_of(found),
        is_own=found.person_id == current_user.id,
        other_role=Role.PROFESSOR if found.role == Role.COORDINATOR else Role.COORDINATOR,
        others=others,
        addresses=queries.verified_addresses(found.person_id),
        region=region_name(found.region) if found.region else "",
        role_names=role_names(),
        role_meanings=role_meanings(),
        state_names=membership_state_names(),
        one_time_link=session.pop("one_time_link", None),
        form=form,
    ), 422 if form.errors else 200


@bp.post("/coordinate/people/<int:membership_id>/<any(confirm, decline, end):step>")
@wants(Permission.CONFIRM_PEOPLE)
def decide(membership_id: int, step: str) -> ResponseReturnValue:
    """Confirm, decline or end somebody's role, with a word to them."""
    found = access.membership_for_deciding(current_user, membership_id)
    form = WordForm()
    if not form.validate_on_submit():
        return _membership_page(found, form)
    word, here = form.word.data or "", url_for("people.membership", membership_id=membership_id)
    if step == "end":
        told = service.end_membership(found, current_user, word=word)
        if found.person_id == current_user.id:
            flash(_("Your role has ended. Another coordinator can give it to you again."), "success")
            return redirect("/home", 303)
        flash_with_undo(f"{_('The role has ended.')} {in_words(told=told)}", url_for("people.reinstate", membership_id=membership_id))
        return redirect(here, 303)
    told = service.decide_membership(found, current_user, confirm=step == "confirm", word=word)
    flash(f"{_('Confirmed.') if step == 'confirm' else _('Declined.')} {in_words(told=told)}", "success")
    return redirect(here, 303)


@bp.post("/coordinate/people/<int:membership_id>/reinstate")
@wants(Permission.CONFIRM_PEOPLE)
def reinstate(membership_id: int) -> ResponseReturnValue:
    """Give somebody the role again that ended or was declined: as a new one, so that what was stays to be read."""
    new = service.reinstate_membership(access.membership_for_deciding(current_user, membership_id), current_user)
    flash(_("The role is theirs again."), "success")
    return redirect(url_for("people.membership", membership_id=new.id), 303)


@bp.post("/coordinate/people/<int:membership_id>/role")
@wants(Permission.CONFIRM_PEOPLE)
def change_role(membership_id: int) -> ResponseReturnValue:
    """Make a professor a coordinator, or a coordinator a professor."""
    new = service.change_role(access.membership_for_deciding(current_user, membership_id), current_user)
    flash_with_undo(_("The role has changed: %(role)s.", role=role_names()[new.role]), url_for("people.change_role", membership_id=new.id))
    return redirect(url_for("people.membership", membership_id=new.id), 303)


def in_words(*, told: bool) -> str:
    """Return whether somebody hears of a decision by mail."""
    if told:
        return _("They are told by mail.")
    if mail.is_set_up():
        return _("They have no verified address: no mail goes to them. They read it on their home page.")
    return _("No mail leaves this site: they read it on their home page.")
