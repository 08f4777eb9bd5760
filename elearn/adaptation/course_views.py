"""Courses: those one may change, a new one, the course itself, and who may change it."""

from babel import Locale
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import colleague_service as colleagues
from elearn.adaptation import course_list_queries as queries
from elearn.adaptation.arrange_service import make_own_course, rename
from elearn.adaptation.course_access import course_for_editing, institutions_for_courses
from elearn.adaptation.course_forms import ColleagueForm, NewCourseForm, TitleForm
from elearn.adaptation.course_page_queries import course_page
from elearn.catalogue.queries import current_series
from elearn.errors import Invalid
from elearn.web.guard import wants
from elearn.web.lists import page_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("courses", __name__)

COURSES_A_PAGE = 25


@bp.get("/teach/courses/")
@wants(Permission.PREPARE_CLASSES)
def courses() -> ResponseReturnValue:
    """Show the courses that one may change."""
    page = page_of(queries.count_of_courses(current_user.id), COURSES_A_PAGE, url_for("courses.courses"))
    lines = queries.course_lines(current_user.id, COURSES_A_PAGE, page.offset)
    return render_template("adaptation/courses.html", lines=lines, page=page)


@bp.route("/teach/courses/new", methods=["GET", "POST"])
@wants(Permission.PREPARE_CLASSES)
def new_course() -> ResponseReturnValue:
    """Make a course of chosen modules; nothing is published yet."""
    form, series = NewCourseForm(), current_series()
    institutions = institutions_for_courses(current_user)
    modules = [module for module in series.modules if module.kind == "module"]
    form.institution.choices = [SelectChoice(str(each.id), each.name) for each in institutions]
    form.language.choices = [SelectChoice(tag, _language_name(tag)) for tag in series.languages]
    form.modules.choices = [SelectChoice(each.slug, each.text(series.source, series.source).title) for each in modules]
    if form.validate_on_submit():
        course = make_own_course(
            current_user, int(form.institution.data), form.title.data, slugs=form.modules.data, language=form.language.data
        )
        flash(_("The course is here. Change what you like; students see it once you have published it."), "success")
        return redirect(url_for("courses.course", course_id=course.id), 303)
    return render_template("adaptation/new-course.html", form=form), 422 if form.errors else 200


def _language_name(tag: str) -> str:
    return str(Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag)


@bp.get("/teach/courses/<int:course_id>/")
def course(course_id: int) -> ResponseReturnValue:
    """Show a course: its modules in order, what is changed in each, and what is not published yet."""
    found = course_for_editing(current_user, course_id)
    return render_template(
        "adaptation/course.html",
        course=found,
        shown=course_page(current_user.id, found),
        typed=None,
        faults={},
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
    )


@bp.route("/teach/courses/<int:course_id>/colleagues", methods=["GET", "POST"])
def people(course_id: int) -> ResponseReturnValue:
    """Show who may change a course; add a professor of its institution."""
    found = course_for_editing(current_user, course_id, writing=request.method == "POST")
    form = ColleagueForm()
    if form.validate_on_submit():
        try:
            person = colleagues.add_colleague(current_user, found, form.email.data)
        except Invalid as refusal:
            form.email.errors = [refusal.message]
        else:
            flash(_("%(name)s may change this course now.", name=person.name), "success")
            return redirect(url_for("courses.people", course_id=course_id), 303)
    page = render_template("adaptation/colleagues.html", course=found, form=form, lines=queries.colleagues_of(found))
    return page, 422 if form.errors else 200


@bp.post("/teach/courses/<int:course_id>/colleagues/<int:person_id>/remove")
def remove_person(course_id: int, person_id: int) -> ResponseReturnValue:
    """Have somebody change the course no more."""
    found = course_for_editing(current_user, course_id, writing=True)
    person = colleagues.remove_colleague(current_user, found, person_id)
    if person_id == current_user.id:
        flash(_("You cannot change “%(title)s” any more. A colleague can add you again.", title=found.title), "success")
        return redirect(url_for("courses.courses"), 303)
    undo = url_for("courses.bring_person_back", course_id=course_id, person_id=person_id)
    flash_with_undo(_("%(name)s cannot change this course any more.", name=person.name), undo)
    return redirect(url_for("courses.people", course_id=course_id), 303)


@bp.post("/teach/courses/<int:course_id>/colleagues/<int:person_id>/bring-back")
def bring_person_back(course_id: int, person_id: int) -> ResponseReturnValue:
    """Undo the removal of a colleague."""
    found = course_for_editing(current_user, course_id, writing=True)
    colleagues.bring_colleague_back(current_user, found, person_id)
    return redirect(url_for("courses.people", course_id=course_id), 303)


@bp.route("/teach/courses/<int:course_id>/title", methods=["GET", "POST"])
def title(course_id: int) -> ResponseReturnValue:
    """Give a course another title."""
    found = course_for_editing(current_user, course_id, writing=request.method == "POST")
    form = TitleForm(obj=found)
    if form.validate_on_submit():
        former = found.title
        if rename(current_user, found, form.title.data):
            flash_with_undo(_("The course is called “%(title)s” now.", title=found.title), request.path, title=former)
        return redirect(url_for("courses.course", course_id=course_id), 303)
    return render_template("adaptation/course-title.html", course=found, form=form), 422 if form.errors else 200
