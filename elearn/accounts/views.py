"""Signing up, in and out; one's account; confirming people."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from wtforms.fields.choices import SelectChoice

from elearn import throttle
from elearn.accounts import access, queries, service
from elearn.accounts.credentials import hash_password
from elearn.accounts.forms import ActionForm, NewPasswordForm, SignInForm, SignUpForm
from elearn.accounts.models import Person
from elearn.accounts.permissions import Permission, Role
from elearn.countries import country_name
from elearn.db import abandon, db
from elearn.errors import Invalid
from elearn.web.guard import public, safe_next, wants
from elearn.web.headers import leave_nothing

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in, and go on to where one wanted to be."""
    form = SignInForm()
    target = safe_next(request.values.get("next"))
    if form.validate_on_submit():
        try:
            person = service.authenticate(form.email.data, form.password.data, remote=request.remote_addr or "")
        except Invalid as refusal:
            form.password.errors = [refusal.message]
        else:
            service.rehash_if_weak(person, form.password.data)
            _welcome(person.id, remember=form.remember.data)
            return redirect(target or url_for("front.home_of_person"), 303)
    elif request.method == "GET" and current_user.is_authenticated:
        return redirect(target or url_for("front.home_of_person"))
    return render_template("accounts/sign-in.html", form=form, target=target), 422 if form.errors else 200


def _welcome(person_id: int, *, remember: bool) -> None:
    """Have the browser carry a new sign-in, and nothing from before it."""
    if current_user.is_authenticated:
        service.end_sign_in(current_user)
    person = db.session.get_one(Person, person_id)
    visitor = service.begin_sign_in(person, user_agent=request.headers.get("User-Agent", ""), remember=remember)
    session.clear()
    session.permanent = remember
    login_user(visitor)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in, here and on the server."""
    if current_user.is_authenticated:
        service.end_sign_in(current_user)
    logout_user()
    session.clear()
    flash(_("You are signed out."), "success")
    return leave_nothing(redirect(url_for("front.home"), 303))


@bp.route("/sign-up", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    """Make an account."""
    form = SignUpForm()
    form.institution.choices = _institution_choices()
    target = safe_next(request.values.get("next"))
    if form.validate_on_submit():
        try:
            throttle.spend(
                "sign-up-from",
                request.remote_addr or "",
                limit=service.SIGN_UPS_PER_ADDRESS,
                window=service.TRIES_WINDOW,
            )
            person_id = _new_person(form)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            _welcome(person_id, remember=False)
            return redirect(target or url_for("front.home_of_person"), 303)
    return render_template("accounts/sign-up.html", form=form, target=target), 422 if form.errors else 200


def _new_person(form: SignUpForm) -> int:
    hashed = hash_password(form.password.data)
    role = Role(form.role.data)
    chosen = form.institution.data or ""
    if role is Role.PROFESSOR and not chosen.isdecimal():
        message = _("Choose your institution.")
        raise Invalid(message, {"institution": message})
    person = service.sign_up(
        name=form.name.data,
        email=form.email.data,
        password_hash=hashed,
        role=role if role is Role.PROFESSOR else None,
        institution_id=int(chosen) if role is Role.PROFESSOR else None,
    )
    return person.id


def _institution_choices() -> list[SelectChoice]:
    language = str(get_locale() or "en")
    named = [(country_name(i.country, language), i) for i in queries.institutions_to_choose()]
    named.sort(key=lambda pair: (pair[0], pair[1].name))
    return [SelectChoice("", _("Choose …")), *(SelectChoice(str(i.id), i.name, optgroup=country) for country, i in named)]


@bp.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Choose a password through a one-time link."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        person = _person_of_link(token, form.password.data)
        _welcome(person.id, remember=False)
        flash(_("Your password is set, and you are signed in."), "success")
        return redirect(url_for("front.home_of_person"), 303)
    return render_template("accounts/set-password.html", form=form), 422 if form.errors else 200


def _person_of_link(token: str, password: str) -> Person:
    """Return the person of the link, with this password; links that are none are counted for the address they come from."""
    remote, limit, window = request.remote_addr or "", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW
    throttle.check("one-time-link", remote, limit=limit, window=window)
    # As in `authenticate`: hashing holds nobody up.
    abandon()
    hashed = hash_password(password)
    try:
        return service.use_one_time_link(token, hashed)
    except Invalid:
        throttle.spend("one-time-link", remote, limit=limit, window=window)
        raise


@bp.get("/account")
def account() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template(
        "accounts/account.html",
        addresses=queries.addresses_of(current_user.id),
        memberships=queries.memberships_of(current_user.id),
        role_names=role_names(),
        action=ActionForm(),
    )


def role_names() -> dict[str, str]:
    """Return what roles are called."""
    return {
        Role.STUDENT: _("Student"),
        Role.PROFESSOR: _("Professor"),
        Role.COORDINATOR: _("Coordinator"),
        Role.EDITOR: _("Editor"),
        Role.REGIONAL_COORDINATOR: _("Regional coordinator"),
        Role.PROGRAMME_COORDINATOR: _("Programme coordinator"),
    }


@bp.get("/coordinate/people")
@wants(Permission.CONFIRM_PEOPLE)
def people() -> ResponseReturnValue:
    """Show who waits to be confirmed."""
    waiting = queries.requests_to_confirm(access.institutions_for_confirming(current_user))
    return render_template("accounts/people.html", waiting=waiting, role_names=role_names(), action=ActionForm())


@bp.post("/coordinate/people/<int:membership_id>/<any(confirm, decline):decision>")
@wants(Permission.CONFIRM_PEOPLE)
def decide(membership_id: int, decision: str) -> ResponseReturnValue:
    """Confirm or decline somebody."""
    membership = access.membership_for_deciding(current_user, membership_id)
    service.decide_membership(membership, current_user, confirm=decision == "confirm")
    flash(_("Confirmed.") if decision == "confirm" else _("Declined."), "success")
    return redirect(url_for("accounts.people"), 303)
