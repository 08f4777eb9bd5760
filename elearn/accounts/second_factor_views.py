"""Setting up, renewing and removing one's second factor."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts import account_queries, second_factor, second_factor_service, service
from elearn.accounts.forms import CodeForm
from elearn.errors import Invalid
from elearn.web.guard import safe_next

bp = Blueprint("second_factor", __name__)


@bp.get("/account/second-factor")
def overview() -> ResponseReturnValue:
    """Show whether a second factor is set up, and what can be done with it."""
    return _page(CodeForm(), "")


def _page(form: CodeForm, doing: str) -> ResponseReturnValue:
    """Return the page; where a code was refused, ``doing`` says in which of its forms."""
    held = account_queries.second_factor_of(current_user.id)
    context: dict[str, object] = {"target": safe_next(request.values.get("next")), "form": form, "doing": doing}
    if held is not None and not held.confirmed_at:
        secret = second_factor_service.secret(held)
        account = next(iter(c.address for c in account_queries.claims_of(current_user.id)), current_user.name)
        address = second_factor.key_address(secret, account=account, issuer=current_app.config["SITE_NAME"])
        context |= {"secret": second_factor.in_groups(secret), "key_address": address, "picture": second_factor.picture(address)}
    page = render_template(
        "accounts/second-factor.html",
        held=held,
        was_shown=account_queries.second_factor_was_shown(current_user.sign_in_id),
        codes_left=account_queries.recovery_codes_left(current_user.id),
        **context,
    )
    return page, 422 if form.errors else 200


def _here() -> str:
    return url_for("second_factor.overview", next=safe_next(request.values.get("next")))


@bp.post("/account/second-factor/begin")
def begin() -> ResponseReturnValue:
    """Make a new secret, to be put into an authenticator."""
    second_factor_service.begin_second_factor(current_user.id)
    return redirect(_here(), 303)


@bp.post("/account/second-factor/confirm")
def confirm() -> ResponseReturnValue:
    """Take the first code, and show the recovery codes: in this answer and nowhere else, so that no browser keeps them."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = second_factor_service.confirm_second_factor(current_user, form.code.data, remote=request.remote_addr or "")
        except Invalid as refusal:
            form.code.errors = [refusal.message]
        else:
            return _codes(codes, is_new=True)
    return _page(form, "confirm")


def _codes(codes: list[str], *, is_new: bool) -> ResponseReturnValue:
    target = safe_next(request.values.get("next"))
    return render_template("accounts/recovery-codes.html", codes=codes, is_new=is_new, target=target)


@bp.post("/account/second-factor/codes")
def renew() -> ResponseReturnValue:
    """Make new recovery codes, and show them once."""
    form = _code_taken()
    if form.errors:
        return _page(form, "renew")
    return _codes(second_factor_service.make_recovery_codes(current_user.id), is_new=False)


@bp.post("/account/second-factor/show")
def show() -> ResponseReturnValue:
    """Take a code in a sign-in that began without one."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            second_factor_service.show_second_factor(current_user, form.code.data, remote=request.remote_addr or "")
        except Invalid as refusal:
            form.code.errors = [refusal.message]
        else:
            flash(_("Your second factor is shown; all your roles work in this sign-in."), "success")
            return redirect(safe_next(request.values.get("next")) or url_for("second_factor.overview"), 303)
    return _page(form, "show")


@bp.post("/account/second-factor/remove")
def remove() -> ResponseReturnValue:
    """Remove it: signing in asks for the password alone, and roles that want it give nothing."""
    form = _code_taken()
    if form.errors:
        return _page(form, "remove")
    service.remove_second_factor(current_user.id, current_user.id)
    flash(_("Your second factor is removed. You can set up a new one at any time."), "success")
    return redirect(url_for("second_factor.overview"), 303)


def _code_taken() -> CodeForm:
    """Return the form with a code; it has errors unless the code was right."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            second_factor_service.take_code(current_user.id, form.code.data, remote=request.remote_addr or "")
        except Invalid as refusal:
            form.code.errors = [refusal.message]
    return form
