"""Signing in, with a second factor where there is one, up and out."""

import hashlib
import hmac
from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from wtforms.fields.choices import SelectChoice

from elearn import clock, throttle
from elearn.accounts import account_queries, queries, second_factor_service, service, sign_up_service
from elearn.accounts.credentials import hash_password
from elearn.accounts.forms import UNLISTED, CodeForm, SignInForm, SignUpForm
from elearn.accounts.models import Person
from elearn.accounts.permissions import Role
from elearn.countries import countries, country_name
from elearn.db import abandon, db
from elearn.errors import Invalid
from elearn.web.guard import public, safe_next
from elearn.web.headers import leave_nothing

bp = Blueprint("accounts", __name__)


#: Where the browser keeps a sign-in whose password was right and whose second factor is still to be shown.
HALF_DONE = "half-done"
HALF_DONE_FOR = timedelta(minutes=10)


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
            return enter(person, remember=form.remember.data, target=target)
    elif request.method == "GET" and current_user.is_authenticated:
        return redirect(target or url_for("front.home_of_person"))
    return render_template("accounts/sign-in.html", form=form, target=target), 422 if form.errors else 200


def enter(person: Person, *, remember: bool = False, target: str | None = None) -> ResponseReturnValue:
    """Have the browser carry a new sign-in of ``person``, and nothing from before it; their second factor is asked for first."""
    if current_user.is_authenticated:
        service.end_sign_in(current_user)
    session.clear()
    if account_queries.has_second_factor(person.id):
        session[HALF_DONE] = {
            "person": person.id,
            "stamp": _stamp(person),
            "at": clock.now().timestamp(),
            "remember": remember,
            "next": target,
        }
        return redirect(url_for("accounts.sign_in_code"), 303)
    return _welcome(person, remember=remember, target=target)


def _welcome(person: Person, *, remember: bool, target: str | None, second_factor: bool = False) -> ResponseReturnValue:
    agent = request.headers.get("User-Agent", "")
    visitor = service.begin_sign_in(person, user_agent=agent, remember=remember, second_factor=second_factor)
    session.permanent = remember
    login_user(visitor)
    return redirect(target or url_for("front.home_of_person"), 303)


def _stamp(person: Person) -> str:
    """Return what changes with the password: a sign-in half done with an earlier one is worth nothing."""
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), person.password_hash.encode(), hashlib.sha256).hexdigest()[:32]


def _half_done() -> tuple[Person, bool, str | None] | None:
    """Return whose sign-in waits for its second factor in this browser, whether to remember it, and where to go then."""
    kept = session.get(HALF_DONE)
    if kept is None or clock.now().timestamp() - kept["at"] > HALF_DONE_FOR.total_seconds():
        return None
    person = db.session.get(Person, kept["person"])
    if person is None or person.deactivated_at or person.erased_at or not hmac.compare_digest(kept["stamp"], _stamp(person)):
        return None
    return person, kept["remember"], safe_next(kept["next"])


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    """Show the second factor, and be signed in."""
    waiting = _half_done()
    if waiting is None:
        session.pop(HALF_DONE, None)
        flash(_("Please sign in again: it took more than 10 minutes, or your password has changed."), "info")
        return redirect(url_for("accounts.sign_in"), 302 if request.method == "GET" else 303)
    person, remember, target = waiting
    person_id = person.id
    form = CodeForm()
    if form.validate_on_submit():
        try:
            second_factor_service.take_code(person_id, form.code.data, remote=request.remote_addr or "")
        except Invalid as refusal:
            form.code.errors = [refusal.message]
        else:
            session.clear()
            return _welcome(db.session.get_one(Person, person_id), remember=remember, target=target, second_factor=True)
    return render_template("accounts/sign-in-code.html", form=form), 422 if form.errors else 200


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
    """Make an account; whether or not somebody has the address, the answer is the same."""
    form = SignUpForm()
    form.institution.choices = _institution_choices()
    form.institution_country.choices = _country_choices()
    target = safe_next(request.values.get("next"))
    if form.validate_on_submit():
        try:
            person, is_new = _new_or_known(form)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            answer = enter(person, target=target)
            if not is_new:
                flash(_("You have an account with this address and password: this is it."), "info")
            return answer
    return render_template("accounts/sign-up.html", form=form, target=target), 422 if form.errors else 200


def _new_or_known(form: SignUpForm) -> tuple[Person, bool]:
    """Return the account that the form makes, or the one there is with its address and password, and whether it is new."""
    remote, password = request.remote_addr or "", form.password.data
    throttle.spend("sign-up-from", remote, limit=service.SIGN_UPS_PER_ADDRESS, window=service.TRIES_WINDOW)
    wish = _wish(form)
    known = sign_up_service.known_person(wish.address, password, remote=remote)
    # As in `authenticate`: hashing holds nobody up. It is done for everyone, so that it takes as long.
    known_id = known.id if known else None
    abandon()
    hashed = hash_password(password)
    if known_id is not None:
        return db.session.get_one(Person, known_id), False
    return sign_up_service.sign_up_once(wish, password, hashed), True


def _wish(form: SignUpForm) -> sign_up_service.Wish:
    name, address = form.name.data, form.email.data
    chosen, named = form.institution.data or "", " ".join((form.institution_name.data or "").split())
    if form.role.data != Role.PROFESSOR.value:
        return sign_up_service.Wish(name, address)
    if not named:
        return sign_up_service.Wish(name, address, institution_id=int(chosen))
    country = form.institution_country.data
    if any(i.country == country and i.name.casefold() == named.casefold() for i in queries.institutions_to_choose()):
        message = _("This institution is in the list: choose it there.")
        raise Invalid(message, {"institution": message})
    return sign_up_service.Wish(name, address, unlisted=sign_up_service.NewInstitution(named, country, form.institution_kind.data))


def _institution_choices() -> list[SelectChoice]:
    language = str(get_locale() or "en")
    named = [(country_name(i.country, language), i) for i in queries.institutions_to_choose()]
    named.sort(key=lambda pair: (pair[0], pair[1].name))
    return [
        SelectChoice("", _("Choose …")),
        SelectChoice(UNLISTED, _("Not in this list")),
        *(SelectChoice(str(i.id), i.name, optgroup=country) for country, i in named),
    ]


def _country_choices() -> list[SelectChoice]:
    language = str(get_locale() or "en")
    named = sorted((country_name(code, language), code) for code in countries())
    return [SelectChoice("", _("Choose …")), *(SelectChoice(code, name) for name, code in named)]
