"""A class on a course that is there already: taught on its newest edition."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, may
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.models import Course
from elearn.adaptation.queries import newest_edition
from elearn.db import abandon, db
from elearn.errors import Invalid, NotAllowed
from elearn.learning.class_service import open_class
from elearn.learning.forms import CourseClassForm
from elearn.learning.terms import zones
from elearn.text import render_personal

bp = Blueprint("course_classes", __name__)


def _course(course_id: int) -> tuple[Course, Institution]:
    course = course_for_editing(current_user, course_id)
    institution = db.session.get_one(Institution, course.institution_id)
    if not may(current_user, Permission.PREPARE_CLASSES, institution.id):
        raise NotAllowed(_("You do not teach at the institution of this course, so you cannot make a class on it."))
    return course, institution


@bp.route("/teach/courses/<int:course_id>/new-class", methods=["GET", "POST"])
def new_class(course_id: int) -> ResponseReturnValue:
    """Make a class that is taught on the newest edition of a course."""
    course, institution = _course(course_id)
    edition = newest_edition(course_id)
    form = CourseClassForm(title=course.title)
    if form.validate_on_submit():
        try:
            return redirect(url_for("teaching.class_page", class_id=_made(course_id, form)), 303)
        except Invalid as refusal:
            for name, message in (refusal.fields or {"welcome": refusal.message}).items():
                form[name].errors = [message]
            course, institution = _course(course_id)
    page = render_template(
        "learning/new-class-on-course.html", form=form, course=course, edition=edition, institution=institution, zones=zones()
    )
    return page, 422 if form.errors else 200


def _made(course_id: int, form: CourseClassForm) -> int:
    welcome = form.welcome.data or ""
    # Laying out may take seconds: no one else's writing waits for it.
    abandon()
    welcome_html = str(render_personal(welcome))
    _mine, institution = _course(course_id)
    course_class = open_class(
        edition=newest_edition(course_id),
        institution=institution,
        title=form.title.data.strip(),
        timezone=(form.timezone.data or "").strip() or institution.timezone,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        professor=current_user,
        welcome=welcome,
        welcome_html=welcome_html,
    )
    flash(_("The class is ready. Give the code or the link to your students."), "success")
    return course_class.id
