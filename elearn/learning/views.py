"""Learning in a class: joining, reading, marking sections done."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Invalid
from elearn.learning import access, claims, queries, service
from elearn.learning.announcement_queries import announcements_for
from elearn.learning.forms import JoinForm
from elearn.learning.labels import moment
from elearn.learning.models import CourseClass
from elearn.learning.progress import key_to_resume, percent
from elearn.learning.section_page import contents_of, module_url, section_page
from elearn.learning.slip_codes import typed_slip_code
from elearn.learning.slip_service import counted
from elearn.web.guard import public

bp = Blueprint("learning", __name__)

#: Announcements on the page of a class; the others stand in its archive.
NEWEST = 3


@bp.route("/join", methods=["GET", "POST"])
@public
def join_by_form() -> ResponseReturnValue:
    """Join a class, or take the place on a slip, by typing a code."""
    form = JoinForm()
    if form.validate_on_submit():
        if typed_slip_code(form.code.data):
            return redirect(url_for("claiming.place", code=typed_slip_code(form.code.data)), 303)
        try:
            return _join(form.code.data)
        except Invalid as refusal:
            form.code.errors = [refusal.message]
    return render_template("learning/join.html", form=form, course_class=None), 422 if form.errors else 200


@bp.get("/join/<code>")
@public
def join_by_link(code: str) -> ResponseReturnValue:
    """Show which class the link opens; nothing is joined by following it."""
    if typed_slip_code(code):
        return redirect(url_for("claiming.place", code=typed_slip_code(code)))
    form = JoinForm(data={"code": code})
    try:
        course_class = _opened(partial(service.class_to_join, code))
    except Invalid as refusal:
        form.code.errors = [refusal.message]
        return render_template("learning/join.html", form=form, course_class=None, teaches=False), 422
    role = claims.role_in(course_class.id, current_user.id) if current_user.is_authenticated else None
    if role == "student":
        return redirect(url_for("learning.class_page", class_id=course_class.id))
    return render_template("learning/join.html", form=form, course_class=course_class, teaches=role is not None)


def _opened(open_: Callable[[], CourseClass]) -> CourseClass:
    person_id = current_user.id if current_user.is_authenticated else None
    return counted(open_, remote=request.remote_addr or "", person_id=person_id)


def _join(code: str) -> ResponseReturnValue:
    if not current_user.is_authenticated:
        course_class = _opened(partial(service.class_to_join, code))
        return redirect(url_for("learning.join_by_link", code=course_class.join_code), 303)
    course_class = _opened(partial(claims.join_class, current_user, code))
    if claims.teaches(course_class.id, current_user.id):
        flash(_("You teach this class, so you did not join it as a student."), "info")
    else:
        flash(_("You are in the class “%(title)s”.", title=course_class.title), "success")
    return redirect(url_for("learning.class_page", class_id=course_class.id), 303)


@bp.get("/classes/<int:class_id>/")
def class_page(class_id: int) -> ResponseReturnValue:
    """Show a class to those who are in it."""
    seat = access.seat_in_class(current_user, class_id)
    stages = queries.stages(seat.edition, seat.enrolment_id, queries.progress_of([seat.enrolment_id]))
    return render_template(
        "learning/class.html",
        seat=seat,
        stages=stages,
        mark=queries.mark_of(stages),
        following=None if seat.is_staff else queries.next_stage(stages),
        course_class=queries.class_facts(class_id),
        staff=queries.staff_of(class_id),
        closed=seat.closed(),
        news=announcements_for(seat, NEWEST + 1),
        newest=NEWEST,
        moment=moment,
    )


@bp.get("/classes/<int:class_id>/<slug>/")
def module_page(class_id: int, slug: str) -> ResponseReturnValue:
    """Show a module as the class has it."""
    desk = access.desk_for_learning(current_user, class_id, slug)
    order = desk.module.student_keys
    return render_template(
        "learning/module.html",
        desk=desk,
        contents=contents_of(desk),
        resume=key_to_resume(desk.done, desk.last_key, order),
        percent=percent(desk.points, desk.max_points or 0) if desk.points is not None else None,
    )


@bp.get("/classes/<int:class_id>/<slug>/<key>")
def section(class_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show a section as the class has it; at most two short statements, that of the visitor included."""
    desk = access.desk_for_learning(current_user, class_id, slug)
    line = access.line_for_reading(desk, key)
    return section_page(desk, line)


@bp.post("/classes/<int:class_id>/<slug>/<key>")
def mark(class_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Mark a section done or not done, and go on to the next one or stay."""
    desk = access.desk_for_learning(current_user, class_id, slug, writing=True)
    wanted = request.form.get("state")
    if wanted not in {"done", "not-done"}:
        raise Invalid(_("Say whether the section is done."), {"state": _("Choose done or not done.")})
    service.mark_section(desk, key, is_done=wanted == "done")
    order = desk.module.student_keys
    base = module_url(desk)
    if wanted == "not-done":
        return redirect(base + key, 303)
    place = order.index(key)
    if place + 1 < len(order):
        return redirect(base + order[place + 1], 303)
    return redirect(base + "quiz" if desk.module.quiz is not None else base, 303)
