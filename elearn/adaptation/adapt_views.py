"""Making a course of one's own of a shared one, and taking single modules."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.adaptation import adapt_service as service
from elearn.adaptation import sharing_access as access
from elearn.adaptation.course_access import courses_for_editing, institutions_for_courses
from elearn.adaptation.queries import edition
from elearn.adaptation.sharing_forms import AdaptForm, TakeForm
from elearn.errors import Conflict, Invalid, NotAllowed

bp = Blueprint("adapting", __name__, url_prefix="/teach/courses/shared/<int:course_id>")


@bp.route("/adapt", methods=["GET", "POST"])
def adapt(course_id: int) -> ResponseReturnValue:
    """Make a course of one's own that stands on the newest edition of a shared one."""
    shared = access.shared_course_for_reading(current_user, course_id)
    places = access.places_for_adapting(current_user, shared)
    form = AdaptForm() if request.method == "POST" else AdaptForm(data={"title": shared.title})
    form.institution.choices = [
        SelectChoice(str(each.id), each.name) for each in institutions_for_courses(current_user) if each.id in places
    ]
    if not form.institution.choices:
        raise NotAllowed(_("This course is yours already, and you teach nowhere else."))
    if form.validate_on_submit():
        try:
            made = service.adapt_course(
                current_user, edition(shared.edition_id), institution_id=int(form.institution.data), title=form.title.data
            )
        except Invalid as refusal:
            form.title.errors = [refusal.message]
        else:
            flash(_("The course is here, and says what “%(title)s” says. Change what you like.", title=shared.title), "success")
            return redirect(url_for("courses.course", course_id=made.id), 303)
    return render_template("adaptation/shared-adapt.html", shared=shared, form=form), 422 if form.errors else 200


@bp.route("/<slug>/take", methods=["GET", "POST"])
def take(course_id: int, slug: str) -> ResponseReturnValue:
    """Put a module of a shared course into one of one's own."""
    shared, contents, module = access.shared_module_for_reading(current_user, course_id, slug)
    places, form, status = access.places_for_adapting(current_user, shared), TakeForm(), 200
    theirs = [each for each in courses_for_editing(current_user) if each.institution_id in places and each.id != course_id]
    form.course.choices = [SelectChoice(str(each.id), each.title) for each in theirs]
    if form.validate_on_submit():
        target = access.course_for_taking(current_user, shared, int(form.course.data), places)
        try:
            service.take_module(current_user, target, contents, module)
        except (Invalid, Conflict) as refusal:
            form.course.errors, status = [refusal.message], refusal.status
        else:
            words = _("“%(module)s” is in your course now, as “%(title)s” has it.", module=module.title, title=shared.title)
            flash(words, "success")
            return redirect(url_for("structure.module", course_id=target.id, slug=slug), 303)
    elif form.errors:
        status = 422
    return render_template("adaptation/shared-take.html", shared=shared, module=module, form=form), status
