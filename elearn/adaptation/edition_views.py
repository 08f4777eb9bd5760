"""The editions of a course: what is not published yet, publishing it, and those there are."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.adaptation import course_list_queries as queries
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.course_page_queries import course_page
from elearn.adaptation.edition_service import FaultyTexts
from elearn.adaptation.publish_service import publish_course
from elearn.db import abandon
from elearn.web.lists import page_of

bp = Blueprint("editions", __name__)

EDITIONS_A_PAGE = 25


@bp.post("/teach/courses/<int:course_id>/publish")
def publish(course_id: int) -> ResponseReturnValue:
    """Make what the course says now its next edition, or show what has to be put right first."""
    course = course_for_editing(current_user, course_id, writing=True)
    try:
        edition = publish_course(current_user, course)
    except FaultyTexts as refusal:
        abandon()
        course = course_for_editing(current_user, course_id)
        return render_template("adaptation/publish-faults.html", course=course, faults=refusal.faults), 422
    if edition is None:
        flash(_("Nothing has changed since the newest edition: nothing was published."), "info")
        return redirect(url_for("courses.course", course_id=course_id), 303)
    flash(_("Edition %(number)s is published. Classes stay on theirs until you move them.", number=edition.number), "success")
    return redirect(url_for("editions.editions", course_id=course_id), 303)


@bp.get("/teach/courses/<int:course_id>/editions")
def editions(course_id: int) -> ResponseReturnValue:
    """Show the editions of a course, and which classes are taught on which."""
    course = course_for_editing(current_user, course_id)
    total = queries.count_of_editions(course_id)
    page = page_of(total, EDITIONS_A_PAGE, url_for("editions.editions", course_id=course_id))
    lines = queries.edition_lines(course_id, EDITIONS_A_PAGE, page.offset)
    shown = course_page(current_user.id, course)
    return render_template("adaptation/editions.html", course=course, lines=lines, page=page, shown=shown)
