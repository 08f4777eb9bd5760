"""One student of a class: progress, marks, history, and what a professor may do."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Invalid
from elearn.learning import enrolment_access as doors
from elearn.learning import enrolment_queries as queries
from elearn.learning import enrolment_service as service
from elearn.learning.access import TaughtClass
from elearn.learning.class_forms import ExtensionForm, StudentForm
from elearn.learning.labels import moment, state_names, words_of_step
from elearn.learning.models import Enrolment
from elearn.learning.progress import percent
from elearn.learning.queries import mark_of, progress_of, stages
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_student", __name__)


def _url(action: str, enrolment: Enrolment) -> str:
    return url_for(f"class_student.{action}", class_id=enrolment.class_id, enrolment_id=enrolment.id)


def _back(enrolment: Enrolment) -> ResponseReturnValue:
    return redirect(_url("student", enrolment), 303)


def slip_url(class_id: int, enrolment_id: int) -> str | None:
    """Return where a password slip is made; None in an installation without slips."""
    path = f"/teach/classes/{class_id}/students/{enrolment_id}/slip"
    adapter = current_app.create_url_adapter(request)
    return path if adapter is not None and adapter.test(path, method="POST") else None


@bp.get("/teach/classes/<int:class_id>/students/<int:enrolment_id>")
def student(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show a student of a class to those who teach it."""
    taught, enrolment = doors.student_for_seeing(current_user, class_id, enrolment_id)
    form = StudentForm(formdata=None, data={"name": enrolment.name, "student_id": enrolment.student_id})
    return _page(taught, enrolment, form, ExtensionForm(formdata=None, data={"until": enrolment.extended_until}))


def _page(taught: TaughtClass, enrolment: Enrolment, form: StudentForm, extension: ExtensionForm) -> str:
    groups = queries.groups_of(enrolment.class_id)
    history = queries.history_of(enrolment.id)
    mentioned = {step.details[side] for step in history for side in ("from", "to") if step.details.get(side)}
    names = queries.group_names(sorted(mentioned))
    results: dict[int, list[tuple[queries.ResultLine, int]]] = {}
    for line in queries.results_of(enrolment.id):
        results.setdefault(line.module_id, []).append((line, percent(line.points, line.max_points)))
    known = stages(taught.edition, enrolment.id, progress_of([enrolment.id]))
    return render_template(
        "learning/student.html",
        taught=taught,
        enrolment=enrolment,
        state=queries.state_of_place(enrolment),
        states=state_names(),
        moment=moment,
        stages=known,
        mark=mark_of(known),
        results=results,
        history=[(step, words_of_step(step, names)) for step in history],
        groups=groups,
        form=form,
        extension=extension,
        slip_url=slip_url(enrolment.class_id, enrolment.id) if enrolment.person_id is not None else None,
    )


@bp.post("/teach/classes/<int:class_id>/students/<int:enrolment_id>/correct")
def correct(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Put right how a student stands in this class's list."""
    taught, enrolment = doors.student_for_changing(current_user, class_id, enrolment_id)
    form = StudentForm()
    was = {"name": enrolment.name, "student_id": enrolment.student_id}
    if form.validate_on_submit():
        try:
            service.correct(
                taught.course_class, enrolment, name=form.name.data, student_id=form.student_id.data or "", by_id=current_user.id
            )
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
    if form.errors:
        return _page(taught, enrolment, form, ExtensionForm(formdata=None, data={"until": enrolment.extended_until})), 422
    flash_with_undo(_("The list is corrected."), _url("correct", enrolment), **was)
    return _back(enrolment)


@bp.post("/teach/classes/<int:class_id>/students/<int:enrolment_id>/extend")
def extend(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Let a student work on after the class's end, or no longer."""
    taught, enrolment = doors.student_for_changing(current_user, class_id, enrolment_id)
    form = ExtensionForm()
    was = enrolment.extended_until
    if form.validate_on_submit():
        try:
            service.extend(taught.course_class, enrolment, form.until.data, by_id=current_user.id)
        except Invalid as refusal:
            form.until.errors = [refusal.message]
    if form.errors:
        named = StudentForm(formdata=None, data={"name": enrolment.name, "student_id": enrolment.student_id})
        return _page(taught, enrolment, named, form), 422
    until = enrolment.extended_until
    words = (
        _("%(name)s may work until the end of %(day)s.", name=enrolment.name, day=format_date(until))
        if until
        else _("%(name)s has as long as everybody.", name=enrolment.name)
    )
    flash_with_undo(words, _url("extend", enrolment), until=was.isoformat() if was else "")
    return _back(enrolment)


@bp.post("/teach/classes/<int:class_id>/students/<int:enrolment_id>/<any(withdraw, remove):step>")
def end(class_id: int, enrolment_id: int, step: str) -> ResponseReturnValue:
    """End a student's place: withdrawn from today, or removed as an error, as if it never was."""
    taught, enrolment = doors.student_for_changing(current_user, class_id, enrolment_id)
    course_class = taught.course_class
    if step == "withdraw":
        service.end_place(course_class, enrolment, "withdrawn", by_id=current_user.id)
        words = _("%(name)s is withdrawn from this class.", name=enrolment.name)
    else:
        service.remove_as_error(course_class, enrolment, by_id=current_user.id)
        words = _("%(name)s is removed from this class as an error.", name=enrolment.name)
    service.act(course_class, enrolment, "withdraw-student" if step == "withdraw" else "remove-student", current_user.id)
    flash_with_undo(words, _url("bring_back", enrolment))
    return _back(enrolment)


@bp.post("/teach/classes/<int:class_id>/students/<int:enrolment_id>/bring-back")
def bring_back(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Undo that a student was withdrawn or removed; who left by themselves comes back by themselves."""
    taught, enrolment = doors.student_for_changing(current_user, class_id, enrolment_id)
    service.check_brought_back(enrolment)
    if service.bring_back(taught.course_class, enrolment, by_id=current_user.id):
        service.act(taught.course_class, enrolment, "bring-student-back", current_user.id)
    flash(_("%(name)s is in the class again.", name=enrolment.name), "success")
    return _back(enrolment)
