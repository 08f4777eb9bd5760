"""Forgotten and changed passwords."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import mail, throttle
from elearn.accounts import account_queries, password_service, service
from elearn.accounts.account_forms import ChangePasswordForm
from elearn.accounts.credentials import hash_password
from elearn.accounts.forms import ForgottenForm, NewPasswordForm
from elearn.accounts.models import Person
from elearn.accounts.views import enter
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.web.guard import public

bp = Blueprint("passwords", __name__)


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Send a link to choose a new password, where mail leaves this site; else say whom to ask."""
    form = ForgottenForm()
    if form.validate_on_submit() and mail.is_set_up():
        password_service.ask_for_link(form.email.data, remote=request.remote_addr or "")
        return redirect(url_for("passwords.asked"), 303)
    return render_template("accounts/forgotten.html", form=form, sends_mail=mail.is_set_up()), 422 if form.is_submitted() else 200


@bp.get("/forgotten/asked")
@public
def asked() -> ResponseReturnValue:
    """Say, whoever was named, what happens now."""
    return render_template("accounts/forgotten-asked.html", folder=mail.folder(), hours=password_service.RESET_LASTS.seconds // 3600)


@bp.route("/set-password/<token>", methods=["GET", "POST"])
@public
def set_password(token: str) -> ResponseReturnValue:
    """Choose a password through a one-time link."""
    form = NewPasswordForm()
    if request.method == "GET" and account_queries.open_link(token, "set-password") is None:
        return render_template("accounts/link-over.html", purpose="set-password"), 404
    if form.validate_on_submit():
        try:
            person = _person_of_link(token, form.password.data)
        except Invalid:
            return render_template("accounts/link-over.html", purpose="set-password"), 422
        answer = enter(person)
        flash(_("Your new password is set."), "success")
        return answer
    return render_template("accounts/set-password.html", form=form), 422 if form.errors else 200


def _person_of_link(token: str, password: str) -> Person:
    """Return the person of the link, with this password; links that are none are counted for the address they come from."""
    remote, limit, window = request.remote_addr or "", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW
    throttle.check("one-time-link", remote, limit=limit, window=window)
    # As in `authenticate`: hashing holds nobody up.
    abandon()
    hashed = hash_password(password)
    try:
        return password_service.set_password_by_link(token, hashed)
    except Invalid:
        throttle.spend("one-time-link", remote, limit=limit, window=window)
        raise


@bp.route("/account/password", methods=["GET", "POST"])
def change() -> ResponseReturnValue:
    """Choose another password, knowing the present one."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            password_service.check_current_password(current_user, form.present.data, "present")
        except Invalid as refusal:
            form.present.errors = [refusal.message]
        else:
            abandon()
            password_service.change_password(current_user, hash_password(form.password.data))
            flash(_("Your password is changed. Every other device is signed out."), "success")
            return redirect(url_for("account.overview"), 303)
    return render_template("accounts/password.html", form=form), 422 if form.errors else 200
