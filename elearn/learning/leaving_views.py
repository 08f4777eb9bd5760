"""Leaving a class, and coming back at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.learning.enrolment_access import own_place_for_leaving, own_place_for_return
from elearn.learning.enrolment_service import act, bring_back, end_place
from elearn.web.undo import flash_with_undo

bp = Blueprint("leaving", __name__)


@bp.route("/classes/<int:class_id>/leave", methods=["GET", "POST"])
def leave(class_id: int) -> ResponseReturnValue:
    """Say what leaving a class means, and leave it."""
    course_class, place = own_place_for_leaving(current_user, class_id, writing=request.method == "POST")
    if request.method == "GET":
        return render_template("learning/leave.html", course_class=course_class)
    end_place(course_class, place, "left", by_id=current_user.id)
    act(course_class, place, "leave-class", current_user.id)
    flash_with_undo(_("You have left the class “%(title)s”.", title=course_class.title), url_for("leaving.come_back", class_id=class_id))
    return redirect(url_for("learning.class_page", class_id=class_id), 303)


@bp.post("/classes/<int:class_id>/come-back")
def come_back(class_id: int) -> ResponseReturnValue:
    """Undo that one left a class, soon after it."""
    course_class, place = own_place_for_return(current_user, class_id)
    if bring_back(course_class, place, by_id=current_user.id):
        act(course_class, place, "return-to-class", current_user.id)
    flash(_("You are in the class “%(title)s” again.", title=course_class.title), "success")
    return redirect(url_for("learning.class_page", class_id=class_id), 303)
