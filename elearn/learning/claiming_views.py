"""Slips as students use them: taking a place with or without an account, choosing a new password."""

from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.accounts import in_person_service
from elearn.accounts import service as accounts
from elearn.accounts.credentials import hash_password
from elearn.accounts.models import Person
from elearn.accounts.views import enter
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.learning import claims, password_slip_service, slip_queries
from elearn.learning import slip_service as service
from elearn.learning.roster import name_key
from elearn.learning.slip_forms import NewAccountForm, PasswordSlipForm, TakePlaceForm
from elearn.learning.slip_queries import OpenedSlip
from elearn.web.guard import public

bp = Blueprint("claiming", __name__)


@bp.get("/slip/<code>")
@public
def place(code: str) -> ResponseReturnValue:
    """Show whose place in which class the slip opens; nothing is taken by following it."""
    try:
        opened = _opened(code)
    except Invalid as refusal:
        return _opens_nothing(refusal)
    form = TakePlaceForm() if current_user.is_authenticated else NewAccountForm()
    if isinstance(form, NewAccountForm):
        form.sign_in_name.data = in_person_service.free_sign_in_name(opened.place.name)
    return _page(opened, code, form)


@bp.post("/slip/<code>")
@public
def take_place(code: str) -> ResponseReturnValue:
    """Take the place on the slip: as oneself, or with a new account."""
    try:
        opened = _opened(code)
    except Invalid as refusal:
        return _opens_nothing(refusal)
    return _take_as_oneself(opened, code) if current_user.is_authenticated else _take_anew(opened, code)


def _opened(code: str) -> OpenedSlip:
    return service.counted(partial(service.slip_to_claim, code), remote=request.remote_addr or "", person_id=_person_id())


def _person_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _page(opened: OpenedSlip, code: str, form: NewAccountForm | TakePlaceForm) -> ResponseReturnValue:
    return render_template(
        "learning/slip-place.html",
        opened=opened,
        code=code,
        form=form,
        names_differ=current_user.is_authenticated and _names_differ(opened),
        teaches=current_user.is_authenticated and claims.teaches(opened.course_class.id, current_user.id),
    ), 422 if form.errors else 200


def _names_differ(opened: OpenedSlip) -> bool:
    return name_key(current_user.name) != name_key(opened.place.name)


def _opens_nothing(refusal: Invalid) -> ResponseReturnValue:
    return render_template("learning/slip-refused.html", message=refusal.message), 422


def _take_as_oneself(opened: OpenedSlip, code: str) -> ResponseReturnValue:
    form = TakePlaceForm()
    form.validate_on_submit()
    if _names_differ(opened) and not form.is_me.data:
        form.is_me.errors = [_("Say that this place is yours.")]
        return _page(opened, code, form)
    class_id, title = opened.course_class.id, opened.course_class.title
    service.claim_place(opened, current_user.id)
    return _in_class(class_id, title)


def _in_class(class_id: int, title: str) -> ResponseReturnValue:
    flash(_("You are in the class “%(title)s”.", title=title), "success")
    return redirect(url_for("learning.class_page", class_id=class_id), 303)


def _take_anew(opened: OpenedSlip, code: str) -> ResponseReturnValue:
    form = NewAccountForm()
    if not form.validate_on_submit():
        return _page(opened, code, form)
    # As in signing up: hashing holds nobody up. What the slip opens is looked at again afterwards.
    abandon()
    hashed = hash_password(form.password.data)
    try:
        opened = _opened(code)
        person = service.claim_with_new_account(
            opened, sign_in_name=form.sign_in_name.data, password_hash=hashed, email=form.email.data or ""
        )
    except Invalid as refusal:
        if "sign_in_name" not in refusal.fields:
            return _opens_nothing(refusal)
        form.sign_in_name.errors = [refusal.message]
        return _page(opened, code, form)
    class_id, title = opened.course_class.id, opened.course_class.title
    enter(person)
    flash(_("Your account is made. Next time, sign in as “%(name)s”.", name=person.sign_in_name), "success")
    return _in_class(class_id, title)


@bp.route("/slip", methods=["GET", "POST"])
@public
def new_password() -> ResponseReturnValue:
    """Choose a new password with a slip that one's professor made."""
    form = PasswordSlipForm()
    if form.validate_on_submit():
        throttle.check("join-from", request.remote_addr or "", limit=service.CODES_PER_ADDRESS, window=accounts.TRIES_WINDOW)
        opened = slip_queries.slip_opened_by(form.code.data)
        if opened is not None and opened.slip.kind == "place":
            # The other kind of slip, typed on the wrong page.
            return redirect(url_for("claiming.place", code=form.code.data), 303)
        try:
            person = _with_new_password(form)
        except Invalid as refusal:
            form.code.errors = [refusal.message]
        else:
            return _to_sign_in(person)
    return render_template("learning/slip-password.html", form=form), 422 if form.errors else 200


def _with_new_password(form: PasswordSlipForm) -> Person:
    abandon()
    hashed = hash_password(form.password.data)
    use = partial(password_slip_service.use_password_slip, form.code.data, hashed)
    return service.counted(use, remote=request.remote_addr or "", person_id=None)


def _to_sign_in(person: Person) -> ResponseReturnValue:
    """Send whoever chose a password to sign in with it: a second factor is asked there as always."""
    if current_user.is_authenticated:
        # Somebody else, perhaps, who has walked away from a shared computer.
        accounts.end_sign_in(current_user)
    session.clear()
    name = person.sign_in_name
    words = _("Your new password is set. Sign in as “%(name)s”.", name=name) if name else _("Your new password is set. Sign in with it.")
    flash(words, "success")
    return redirect(url_for("accounts.sign_in"), 303)
