"""Putting a question of the series right in the browser."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission
from elearn.catalogue import item_access as access
from elearn.catalogue import item_service as service
from elearn.catalogue.item_fix import Tried
from elearn.catalogue.item_forms import ItemForm
from elearn.catalogue.queries import trusted
from elearn.errors import Conflict, Invalid
from elearn.web.guard import wants

bp = Blueprint("items", __name__)


@bp.get("/edit/quizzes/<slug>")
@wants(Permission.EDIT_SERIES)
def quiz(slug: str) -> ResponseReturnValue:
    """Show the questions of a quiz, each with the way to put it right."""
    module, title, items = access.quiz_for_fixing(current_user, slug)
    return render_template(
        "catalogue/quiz-items.html", slug=slug, title=title, version=module.revision.version, items=items, trusted=trusted
    )


@bp.route("/edit/quizzes/<slug>/items/<key>", methods=["GET", "POST"])
@wants(Permission.EDIT_SERIES)
def item(slug: str, key: str) -> ResponseReturnValue:
    """Show a question as it is written; look at another text for it; publish that."""
    found = access.item_for_fixing(current_user, slug, key)
    form = ItemForm()
    if request.method == "GET":
        form.text.data, form.seen.data = service.source_of(found), str(found.revision_id)
        return _page(found, form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    looked = service.look(found, form.text.data)
    if request.form.get("action") != "save":
        return _page(found, form, looked)
    if not form.note.data:
        form.note.errors = [_("Say what is put right.")]
        return _page(found, form, looked), 422
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() and len(form.seen.data) < 10 else 0  # noqa: PLR2004 (a row's number)
    try:
        _state, version = service.fix_item(
            current_user, found, form.text.data, note=form.note.data, seen=seen, confirmed=form.removed.data or []
        )
    except Conflict as refusal:
        form.text.errors, form.seen.data = [refusal.message], str(found.revision_id)
        return _page(found, form, looked, as_it_stands=service.source_of(found)), 409
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            form[name].errors = [message]
        return _page(found, form, looked), 422
    flash(_("Published as version %(version)s. Answers given so far are still marked by the former key.", version=version), "success")
    return redirect(url_for("regrades.series_quiz", slug=slug, item=key), 303)


def _page(found: access.FixableItem, form: ItemForm, looked: Tried | None = None, as_it_stands: str = "") -> str:
    removed = looked.removed if looked else ()
    form.removed.choices = [(key, key) for key in removed]
    return render_template("catalogue/item.html", item=found, form=form, looked=looked, as_it_stands=as_it_stands, trusted=trusted)
