"""The modules of a course: added, taken out, put in order, with their weeks and weights; each act can be undone."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import arrange_service as service
from elearn.adaptation.arrangement import Arranged, as_typed, moved
from elearn.adaptation.course_access import course_for_editing, module_for_editing
from elearn.adaptation.course_forms import VersionForm, as_numbers, faults_of, plan_in, plan_of, typed_rows
from elearn.adaptation.course_page_queries import course_page
from elearn.adaptation.models import Course
from elearn.errors import Conflict
from elearn.web.numbers import number_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("course_modules", __name__)

_STEPS = {"up": -1, "down": 1}


def _back(course_id: int) -> ResponseReturnValue:
    return redirect(url_for("courses.course", course_id=course_id) + "#modules", 303)


@bp.post("/teach/courses/<int:course_id>/modules")
def arrange(course_id: int) -> ResponseReturnValue:
    """Leave the modules in the order, weeks and weights that were typed, or one of them a place further up or down."""
    course, form = course_for_editing(current_user, course_id, writing=True), VersionForm()
    before = service.arrangement_of(course)
    typed = typed_rows(request.form, [each.module_id for each in before])
    faults = faults_of(typed)
    fresh = form.validate() and form.seen == course.version
    if faults or not fresh:
        return _again(course, typed, faults, stale=not fresh)
    wanted = as_typed(before, as_numbers(typed))
    slug, _space, way = request.form.get("move", "").partition(" ")
    wanted = moved(wanted, number_in(slug), _STEPS.get(way, 0))
    if service.arrange(current_user, course, wanted, seen=course.version):
        _flash_arranged(course, before)
    else:
        flash(_("The modules stand so already: nothing was changed."), "info")
    return _back(course_id)


def _again(course: Course, typed: Mapping[int, tuple[str, str, str]], faults: Mapping[str, str], *, stale: bool) -> ResponseReturnValue:
    """Show the course with what was typed; a version that is not the newest any more is made so, to be looked at and sent again."""
    page = render_template(
        "adaptation/course.html",
        course=course,
        shown=course_page(current_user.id, course),
        typed=typed,
        faults=faults,
        stale=stale,
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
    )
    return page, 409 if stale else 422


def _flash_arranged(course: Course, before: tuple[Arranged, ...]) -> None:
    undo = url_for("course_modules.rearrange", course_id=course.id)
    flash_with_undo(_("Saved. Students see it once you publish the course."), undo, plan=plan_of(before), version=str(course.version))


@bp.post("/teach/courses/<int:course_id>/modules/undo")
def rearrange(course_id: int) -> ResponseReturnValue:
    """Leave the modules as they stood before."""
    course, form = course_for_editing(current_user, course_id, writing=True), VersionForm()
    if not form.validate() or form.seen != course.version:
        raise Conflict(_("This cannot be undone any more: the modules of the course were changed again since."))
    service.arrange(current_user, course, plan_in(request.form.get("plan", "")), seen=form.seen)
    return _back(course_id)


@bp.post("/teach/courses/<int:course_id>/modules/add")
def add(course_id: int) -> ResponseReturnValue:
    """Put a module of the series at the end of the course."""
    course = course_for_editing(current_user, course_id, writing=True)
    title = service.add_module(current_user, course, request.form.get("module", "")[:80])
    flash(_("“%(module)s” is in the course now.", module=title), "success")
    return _back(course_id)


@bp.post("/teach/courses/<int:course_id>/<slug>/take-out")
def take_out(course_id: int, slug: str) -> ResponseReturnValue:
    """Take a module out of the course; classes keep their edition, and what was changed in it is kept."""
    course, module = module_for_editing(current_user, course_id, slug, writing=True)
    form = VersionForm()
    order = [each.module_id for each in service.arrangement_of(course)]
    stood = service.take_out(current_user, course, slug, seen=form.seen if form.validate() else 0)
    after = order[order.index(stood.module_id) + 1 :][:1]
    flash_with_undo(
        _("“%(module)s” is taken out. Classes keep it until you publish, and move them.", module=module.source.title),
        url_for("course_modules.put_back", course_id=course_id),
        plan=plan_of([stood]),
        before=str(after[0] if after else 0),
    )
    return _back(course_id)


@bp.post("/teach/courses/<int:course_id>/modules/put-back")
def put_back(course_id: int) -> ResponseReturnValue:
    """Undo taking a module out."""
    course = course_for_editing(current_user, course_id, writing=True)
    stood = plan_in(request.form.get("plan", ""))
    if len(stood) != 1:
        raise Conflict(_("This cannot be undone any more. Add the module again: it comes back as you had it."))
    service.put_back(current_user, course, stood[0], number_in(request.form.get("before")))
    return _back(course_id)
