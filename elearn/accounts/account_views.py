"""One's own account: overview, profile, sign-ins."""

from collections.abc import Callable, Sequence
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn import mail
from elearn.accounts import account_access, account_queries, account_service, password_service, queries
from elearn.accounts.account_forms import ProfileForm
from elearn.accounts.devices import browser_and_system
from elearn.accounts.labels import role_names
from elearn.accounts.models import Person
from elearn.accounts.views import sign_out
from elearn.db import db
from elearn.errors import Invalid
from elearn.web.choices import choices_of
from elearn.web.lists import page_of

bp = Blueprint("account", __name__)

SIGN_INS_PER_PAGE = 20


@bp.get("/account")
def overview() -> ResponseReturnValue:
    """Show one's own account; rooms above may have something to say there (``account_notices``)."""
    notices = cast("list[Callable[[int], Sequence[str]]]", current_app.extensions.get("account_notices", []))
    return render_template(
        "accounts/account.html",
        held=db.session.get_one(Person, current_user.id),
        claims=account_queries.claims_of(current_user.id),
        memberships=queries.memberships_of(current_user.id),
        unlisted=account_queries.unlisted_institutions_of(current_user.id),
        role_names=role_names(),
        has_second_factor=account_queries.has_second_factor(current_user.id),
        sign_ins=account_queries.number_of_sign_ins(current_user.id),
        sends_mail=mail.is_set_up(),
        notices=[words for ask in notices for words in ask(current_user.id)],
    )


@bp.route("/account/profile", methods=["GET", "POST"])
def profile() -> ResponseReturnValue:
    """Change one's name, sign-in name, language and time zone."""
    person = db.session.get_one(Person, current_user.id)
    form = ProfileForm(obj=person)
    languages = current_app.config["INTERFACE_LANGUAGES"]
    named = [SelectChoice(tag, Locale.parse(tag, sep="-").get_display_name(tag) or tag) for tag in languages]
    form.language.choices = [SelectChoice("", _("As this browser asks for")), *named]
    if form.validate_on_submit():
        try:
            account_service.change_profile(
                current_user,
                name=form.name.data,
                sign_in_name=form.sign_in_name.data or "",
                language=form.language.data or "",
                timezone=form.timezone.data or "",
            )
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            flash(_("Your profile is saved."), "success")
            return redirect(url_for("account.profile"), 303)
    page = render_template("accounts/profile.html", form=form, zones=sorted(available_timezones()), own_choices=choices_of(current_user.id))
    return page, 422 if form.errors else 200


@bp.get("/account/sign-ins")
def sign_ins() -> ResponseReturnValue:
    """Show in which browsers one is signed in."""
    page = page_of(account_queries.number_of_sign_ins(current_user.id), SIGN_INS_PER_PAGE, url_for("account.sign_ins"))
    found = account_queries.open_sign_ins(current_user.id, offset=page.offset, size=page.size)
    zone = current_user.timezone or "UTC"
    return render_template(
        "accounts/sign-ins.html",
        page=page,
        sign_ins=[(s, device_words(s.user_agent)) for s in found],
        zone=zone,
        shown=lambda moment: format_datetime(moment.astimezone(ZoneInfo(zone)), "short", rebase=False),
    )


def device_words(user_agent: str) -> str:
    """Return what a person knows a device by."""
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or _("A browser that does not say what it is")


@bp.post("/account/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign out another browser, or this one."""
    found = account_access.sign_in_for_ending(current_user, sign_in_id)
    if found.id == current_user.sign_in_id:
        return sign_out()
    account_service.end_sign_in(current_user, found)
    flash(_("That device is signed out."), "success")
    return redirect(url_for("account.sign_ins"), 303)


@bp.post("/account/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    password_service.end_other_sign_ins(current_user)
    flash(_("Every other device is signed out."), "success")
    return redirect(url_for("account.sign_ins"), 303)
