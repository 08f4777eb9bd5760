"""Sharing a course's editions with other institutions: with whom, since when, who adapts it; each act can be undone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.adaptation import sharing_service as service
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.models import Course
from elearn.adaptation.sharing_access import course_for_sharing, may_share_course
from elearn.adaptation.sharing_forms import AudienceForm
from elearn.adaptation.sharing_labels import country_called, shared_words
from elearn.adaptation.sharing_page_queries import sharing_page
from elearn.web.lists import asked_for
from elearn.web.numbers import number_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("sharing", __name__, url_prefix="/teach/courses/<int:course_id>/sharing")


@bp.get("")
def sharing(course_id: int) -> ResponseReturnValue:
    """Show with whom a course is shared, what that gives them, and who adapts it."""
    return _page(course_for_editing(current_user, course_id), AudienceForm())


def _page(course: Course, form: AudienceForm) -> str:
    asked = asked_for("q")
    shown = sharing_page(course, asked["q"])
    if not form.is_submitted():
        form.audience.data = shown.sharing.audience
    may_share = may_share_course(current_user, course)
    return render_template(
        "adaptation/sharing.html", course=course, form=form, shown=shown, asked=asked, country=country_called, may_share=may_share
    )


def _back(course_id: int) -> ResponseReturnValue:
    return redirect(url_for("sharing.sharing", course_id=course_id), 303)


@bp.post("")
def change(course_id: int) -> ResponseReturnValue:
    """Share a course with others than before, or with nobody any more."""
    course, form = course_for_sharing(current_user, course_id), AudienceForm()
    if not form.validate():
        return _page(course, form), 422
    former = service.set_audience(current_user, course, form.audience.data)
    if former == form.audience.data:
        flash(_("It is so already: nothing was changed."), "info")
    else:
        flash_with_undo(shared_words(form.audience.data), url_for("sharing.change", course_id=course_id), audience=former)
    return _back(course_id)


@bp.post("/institutions")
def name(course_id: int) -> ResponseReturnValue:
    """Name an institution that may read and adapt the course."""
    course = course_for_sharing(current_user, course_id)
    found = service.name_institution(current_user, course, number_in(request.form.get("institution")))
    undo = url_for("sharing.unname", course_id=course_id, institution_id=found.id)
    flash_with_undo(_("The course is shared with %(institution)s.", institution=found.name), undo)
    return _back(course_id)


@bp.post("/institutions/<int:institution_id>/remove")
def unname(course_id: int, institution_id: int) -> ResponseReturnValue:
    """Have an institution read and adapt the course no more."""
    course = course_for_sharing(current_user, course_id)
    called = service.unname_institution(current_user, course, institution_id)
    words = _("The course is not shared with %(institution)s any more. Courses made of it there stay as they are.", institution=called)
    flash_with_undo(words, url_for("sharing.name", course_id=course_id), institution=str(institution_id))
    return _back(course_id)
