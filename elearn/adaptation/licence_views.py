"""The licence of a course, and whom its editions name."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import licence_labels as labels
from elearn.adaptation.attribution_queries import credits_of
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.licence_queries import edition_called, series_licence
from elearn.adaptation.licence_service import choose_licence
from elearn.adaptation.licences import OFFERED, address_of
from elearn.adaptation.sharing_access import shared_course_for_reading
from elearn.adaptation.sharing_forms import LicenceForm
from elearn.errors import Invalid

bp = Blueprint("licence", __name__)


@bp.route("/teach/courses/<int:course_id>/licence", methods=["GET", "POST"])
def licence(course_id: int) -> ResponseReturnValue:
    """Show under which licence a course is, and whom it names; choose others."""
    course, form = course_for_editing(current_user, course_id, writing=request.method == "POST"), LicenceForm()
    names = labels.licence_names()
    of_series = _("As the series: %(licence)s", licence=labels.licence_called(series_licence()))
    form.licence.choices = [SelectChoice("", of_series), *(SelectChoice(each, names[each]) for each in OFFERED)]
    if request.method == "GET":
        form.licence.data, form.authors.data = course.licence, course.authors
    elif form.validate():
        try:
            is_other = choose_licence(current_user, course, form.licence.data or "", form.authors.data or "")
        except Invalid as refusal:
            form.licence.errors = [refusal.fields["licence"]]
        else:
            said = _("Saved. It holds from your next edition on.") if is_other else _("It is so already: nothing was changed.")
            flash(said, "success" if is_other else "info")
            return redirect(url_for("licence.licence", course_id=course_id), 303)
    return render_template("adaptation/licence.html", course=course, form=form), 422 if form.errors else 200


@bp.get("/teach/courses/<int:course_id>/editions/<int:number>/attribution")
def attribution(course_id: int, number: int) -> ResponseReturnValue:
    """Show whom an edition of one's course names."""
    course = course_for_editing(current_user, course_id)
    edition = edition_called(course.id, number)
    return render_template(
        "adaptation/attribution.html",
        course=course,
        edition=edition,
        credits=credits_of(edition.id, confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS)),
        licence_called=labels.licence_called,
        address_of=address_of,
    )


@bp.get("/teach/courses/shared/<int:course_id>/attribution")
def shared_attribution(course_id: int) -> ResponseReturnValue:
    """Show whom the newest edition of a shared course names."""
    shared = shared_course_for_reading(current_user, course_id)
    return render_template(
        "adaptation/shared-attribution.html",
        shared=shared,
        edition=edition_called(course_id, shared.number),
        credits=credits_of(shared.edition_id, confirmed=True),
        licence_called=labels.licence_called,
        address_of=address_of,
    )
