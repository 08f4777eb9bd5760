"""Putting a question of a course right, for the classes that are taught on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn.adaptation import item_access as access
from elearn.adaptation import item_service as service
from elearn.adaptation.publication_queries import unpublished_of
from elearn.catalogue.item_fix import Tried
from elearn.catalogue.item_forms import CourseItemForm
from elearn.catalogue.queries import trusted
from elearn.errors import Conflict, Invalid
from elearn.learning.edition_service import classes_on_course, move_classes

bp = Blueprint("course_items", __name__)


@bp.route("/teach/courses/<int:course_id>/quizzes/<slug>/items/<key>", methods=["GET", "POST"])
def item(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show a question as the course asks it; look at another text for it; have the course, and classes on it, ask that."""
    writing = request.method == "POST" and request.form.get("action") == "save"
    found = access.course_item_for_fixing(current_user, course_id, slug, key, writing=writing)
    classes = classes_on_course(current_user.id, course_id)
    form = CourseItemForm()
    form.classes.choices = [(each.id, each.title) for each in classes]
    if request.method == "GET":
        form.text.data, form.seen.data = service.source_of(found), str(found.overlay.number)
        form.classes.data = [each.id for each in classes]
        return _page(found, form)
    if not form.validate_on_submit():
        return _page(found, form), 422
    looked = service.look(found, form.text.data)
    if not writing:
        return _page(found, form, looked)
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() and len(form.seen.data) < 10 else 0  # noqa: PLR2004 (a row's number)
    try:
        edition_id = service.fix_item(current_user, found, form.text.data, seen=seen, confirmed=form.removed.data or [])
    except Conflict as refusal:
        form.text.errors, form.seen.data = [refusal.message], str(found.overlay.number)
        return _page(found, form, looked, as_it_stands=service.source_of(found)), 409
    except Invalid as refusal:
        for name, message in (refusal.fields or {"text": refusal.message}).items():
            form[name].errors = [message]
        return _page(found, form, looked), 422
    moved = move_classes(current_user.id, course_id, form.classes.data or [], edition_id)
    words = ngettext("Saved. %(num)s class asks it now.", "Saved. %(num)s classes ask it now.", moved)
    flash(words + " " + _("Answers given so far are still marked by the former key."), "success")
    return redirect(url_for("regrades.course_quiz", course_id=course_id, slug=slug, item=key), 303)


def _page(found: access.CourseItem, form: CourseItemForm, looked: Tried | None = None, as_it_stands: str = "") -> str:
    form.removed.choices = [(key, key) for key in (looked.removed if looked else ())]
    return render_template(
        "learning/course-item.html",
        item=found,
        form=form,
        looked=looked,
        as_it_stands=as_it_stands,
        trusted=trusted,
        others_too=not unpublished_of([found.course])[found.course.id].is_nothing,
    )
