"""One's addresses, and the page on which an address is confirmed."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import clock, mail, throttle
from elearn.accounts import account_access, account_queries, address_service, password_service, service
from elearn.accounts.account_forms import AddAddressForm
from elearn.accounts.models import Person
from elearn.db import db
from elearn.errors import Conflict, Invalid, TooMany
from elearn.web.guard import public
from elearn.web.undo import flash_with_undo

bp = Blueprint("addresses", __name__)

#: Where the browser keeps the address that was just removed, so that it can be put back.
REMOVED = "removed-address"
UNDO_FOR = timedelta(minutes=10)


@bp.route("/account/addresses", methods=["GET", "POST"])
def addresses() -> ResponseReturnValue:
    """Show one's addresses, or add one."""
    form = AddAddressForm()
    if form.validate_on_submit():
        try:
            _add(form)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            return redirect(url_for("addresses.addresses"), 303)
    page = render_template(
        "accounts/addresses.html",
        form=form,
        claims=account_queries.claims_of(current_user.id),
        most=address_service.MOST_ADDRESSES,
        sends_mail=mail.is_set_up(),
        folder=mail.folder(),
    )
    return page, 422 if form.errors else 200


def _add(form: AddAddressForm) -> None:
    address = form.email.data
    password_service.check_current_password(current_user, form.password.data, "password")
    may_write = address_service.may_write_to(address, "verify-address")
    address_service.add_address(current_user.id, address)
    _say_sent(address, is_sent=may_write and address_service.send_confirmation(current_user.id, address))


def _say_sent(address: str, *, is_sent: bool) -> None:
    if is_sent:
        flash(_("We have sent a mail to %(address)s. Open the link in it to confirm that it is yours.", address=address), "success")
    elif mail.is_set_up():
        flash(_("%(address)s is noted. It had many mails of ours this hour: have the next one sent later.", address=address), "info")
    else:
        flash(_("%(address)s is noted. This site sends no mail, so it cannot be confirmed.", address=address), "info")


@bp.post("/account/addresses/<int:address_id>/send")
def send(address_id: int) -> ResponseReturnValue:
    """Send the confirmation mail again."""
    address = account_access.address_for_changing(current_user, address_id).address
    if not mail.is_set_up():
        raise Conflict(_("This site sends no mail, so an address cannot be confirmed by mail."))
    if not address_service.may_write_to(address, "verify-address"):
        raise TooMany(
            _("This address had many mails of ours this hour. Look into the folder for unwanted mail, or try again in an hour."),
            int(address_service.MAILS_WINDOW.total_seconds()),
        )
    claim = account_access.address_for_changing(current_user, address_id)
    if claim.verified_at:
        raise Conflict(_("This address is confirmed already."))
    address_service.send_confirmation(current_user.id, address)
    _say_sent(address, is_sent=True)
    return redirect(url_for("addresses.addresses"), 303)


@bp.post("/account/addresses/<int:address_id>/remove")
def remove(address_id: int) -> ResponseReturnValue:
    """Take an address from one's account."""
    claim = account_access.address_for_changing(current_user, address_id)
    address, verified_at = claim.address, claim.verified_at
    address_service.remove_address(claim)
    session[REMOVED] = {
        "person": current_user.id,
        "address": address,
        "was_verified": verified_at is not None,
        "at": clock.now().timestamp(),
    }
    flash_with_undo(_("%(address)s is removed from your account.", address=address), url_for("addresses.restore"))
    return redirect(url_for("addresses.addresses"), 303)


@bp.post("/account/addresses/restore")
def restore() -> ResponseReturnValue:
    """Put back the address that was just removed in this browser."""
    kept = session.pop(REMOVED, None)
    if kept is None or kept["person"] != current_user.id or clock.now().timestamp() - kept["at"] > UNDO_FOR.total_seconds():
        raise Conflict(_("It is too late to undo this. Add the address again below."))
    address_service.restore_address(current_user.id, kept["address"], clock.now() if kept["was_verified"] else None)
    flash(_("%(address)s is yours again.", address=kept["address"]), "success")
    return redirect(url_for("addresses.addresses"), 303)


@bp.route("/verify-address/<token>", methods=["GET", "POST"])
@public
def verify(token: str) -> ResponseReturnValue:
    """Show a button that confirms the address a mail was sent to: programs that read mails open its links, but press nothing."""
    remote, limit, window = request.remote_addr or "", service.TRIES_PER_ADDRESS, service.TRIES_WINDOW
    if request.method == "GET":
        link = account_queries.open_link(token, "verify-address")
        if link is None:
            return render_template("accounts/link-over.html", purpose="verify-address"), 404
        name = db.session.get_one(Person, link.person_id).name
        return render_template("accounts/verify-address.html", address=link.address, name=name)
    throttle.check("one-time-link", remote, limit=limit, window=window)
    try:
        person_id, address = service.take_one_time_link(token, "verify-address")
    except Invalid:
        throttle.spend("one-time-link", remote, limit=limit, window=window)
        return render_template("accounts/link-over.html", purpose="verify-address"), 422
    address_service.confirm_address(person_id, address or "")
    flash(_("%(address)s is confirmed.", address=address), "success")
    if current_user.is_authenticated and current_user.id == person_id:
        return redirect(url_for("addresses.addresses"), 303)
    return redirect(url_for("front.home_of_person" if current_user.is_authenticated else "accounts.sign_in"), 303)
