"""What is kept of oneself: to look at, to take away, to have erased."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from elearn.accounts.proof_service import check_it_is_you, has_second_factor
from elearn.errors import Invalid
from elearn.front import own_data, service
from elearn.front.forms import DeleteForm
from elearn.web.guard import public
from elearn.web.headers import attach, leave_nothing
from elearn.web.own_data import Obstacle

bp = Blueprint("own_data", __name__)


@bp.get("/account/data")
def kept() -> ResponseReturnValue:
    """Show what is kept of the person who asks, and how much it is."""
    parts = [(part.key, part.words, len(part.lines)) for part in own_data.parts_of(current_user.id)]
    return render_template(
        "front/own-data.html",
        parts=[each for each in parts if each[2]],
        nothing=[words.title for _key, words, count in parts if not count],
    )


@bp.get("/account/data/my-data.json")
def download() -> ResponseReturnValue:
    """Send all that is kept of the person who asks."""
    text = own_data.written_out(current_user.id, current_app.config["BASE_URL"])
    return attach(Response(stream_with_context(text), content_type="application/json; charset=utf-8"), "my-data.json")


@bp.route("/account/delete", methods=["GET", "POST"])
def delete() -> ResponseReturnValue:
    """Say what deleting one's account does, and do it for whoever shows that the account is theirs."""
    form, person_id = DeleteForm(), current_user.id
    if form.validate_on_submit():
        try:
            check_it_is_you(person_id, password=form.password.data, code=form.code.data or "", remote=request.remote_addr or "")
            service.delete_account(person_id, by_id=person_id)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        except service.LeavesAGap as refusal:
            return _delete_page(form, refusal.obstacles), 409
        else:
            logout_user()
            session.clear()
            return leave_nothing(redirect(url_for("own_data.deleted"), 303))
    return _delete_page(form, own_data.obstacles_of(person_id)), 422 if form.errors else 200


def _delete_page(form: DeleteForm, obstacles: list[Obstacle]) -> str:
    return render_template("front/delete.html", form=form, obstacles=obstacles, has_second_factor=has_second_factor(current_user.id))


@bp.get("/account-deleted")
@public
def deleted() -> ResponseReturnValue:
    """Say that it is done."""
    return render_template("front/deleted.html", title=_("Your account is deleted"))
