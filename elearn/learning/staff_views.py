"""Who teaches a class: a list, adding a colleague, removing one, leaving oneself."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import mail
from elearn.accounts.models import Person
from elearn.errors import Invalid
from elearn.learning import access, roster_access, staff_queries
from elearn.learning import enrolment_access as doors
from elearn.learning import staff_service as service
from elearn.learning.class_forms import StaffForm
from elearn.learning.letter_service import tell
from elearn.learning.models import CourseClass
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_staff", __name__)


@bp.route("/teach/classes/<int:class_id>/staff", methods=["GET", "POST"])
def staff(class_id: int) -> ResponseReturnValue:
    """Show who teaches a class, and add a colleague."""
    taught = access.class_for_running(current_user, class_id)
    form = StaffForm()
    if form.validate_on_submit():
        try:
            _add(class_id, form.email.data, form.role.data)
        except Invalid as refusal:
            for name, message in (refusal.fields or {"email": refusal.message}).items():
                form[name].errors = [message]
            taught = access.class_for_running(current_user, class_id)
        else:
            return redirect(url_for("class_staff.staff", class_id=class_id), 303)
    return render_template("learning/staff.html", taught=taught, form=form, lines=staff_queries.staff_lines(class_id)), (
        422 if form.errors else 200
    )


def _add(class_id: int, address: str, role: str) -> None:
    # Whoever is not confirmed neither learns whose an address is nor writes to anybody.
    roster_access.class_for_rosters(current_user, class_id)
    # First: what is counted of tries ends the transaction.
    person = service.person_to_add(address, asked_by=current_user.id)
    course_class = roster_access.class_for_rosters(current_user, class_id).course_class
    was_student = service.add_staff(course_class, person, role, by_id=current_user.id)
    told = _tell(course_class, person, role, was_student=was_student)
    flash(
        _("%(name)s is a professor of this class now.", name=person.name)
        if role == "professor"
        else _("%(name)s assists in this class now.", name=person.name),
        "success",
    )
    if was_student:
        flash(_("Their place as a student ended with it; what they did as one is kept, and counted in the class no more."), "info")
    if not told:
        flash(_("No mail was sent to them. Please tell them yourself."), "info")


def _tell(course_class: CourseClass, person: Person, role: str, *, was_student: bool) -> bool:
    named = {"name": current_user.name, "title": course_class.title}
    words = (
        _("%(name)s has added you to the class “%(title)s” as one of its professors.", **named)
        if role == "professor"
        else _("%(name)s has added you to the class “%(title)s” as an assistant.", **named)
    )
    if was_student:
        words += " " + _("Your place as a student of it has ended with that. What you did as a student is kept.")
    subject = _("You teach in “%(title)s”", title=course_class.title)
    return mail.is_set_up() and bool(tell([person.id], course_class, subject, words))


@bp.post("/teach/classes/<int:class_id>/staff/<int:enrolment_id>/remove")
def remove(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """End somebody's place among the staff, or one's own."""
    taught, place = doors.staff_for_removing(current_user, class_id, enrolment_id)
    service.remove_staff(taught.course_class, place, by_id=current_user.id)
    undo = url_for("class_staff.bring_back", class_id=class_id, enrolment_id=enrolment_id)
    if place.person_id == current_user.id:
        flash_with_undo(_("You have left the staff of “%(title)s”.", title=taught.course_class.title), undo)
        return redirect(url_for("teaching.desk") if current_user.memberships else "/home", 303)
    words = _("%(name)s is no longer staff of this class.", name=place.name)
    subject = _("You no longer teach in “%(title)s”", title=taught.course_class.title)
    told = _("%(name)s has ended your place among the staff of “%(title)s”.", name=current_user.name, title=taught.course_class.title)
    if place.person_id is not None:
        tell([place.person_id], taught.course_class, subject, told, path="/home")
    flash_with_undo(words, undo)
    return redirect(url_for("class_staff.staff", class_id=class_id), 303)


@bp.post("/teach/classes/<int:class_id>/staff/<int:enrolment_id>/bring-back")
def bring_back(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Undo that somebody's place among the staff was ended."""
    course_class, place = doors.staff_for_bringing_back(current_user, class_id, enrolment_id)
    service.bring_staff_back(course_class, place, by_id=current_user.id)
    flash(_("%(name)s is staff of this class again.", name=place.name), "success")
    return redirect(url_for("teaching.class_page", class_id=class_id), 303)
