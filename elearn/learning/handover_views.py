"""A coordinator's classes: how they stand, and handing them on. Numbers only: no student is named here."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission
from elearn.errors import Invalid
from elearn.learning import class_queries as queries
from elearn.learning import handover_access as access
from elearn.learning.handover_queries import MOST_SHOWN, professors_at
from elearn.learning.handover_service import hand_on
from elearn.learning.staff_queries import staff_lines
from elearn.web.guard import wants
from elearn.web.lists import LONGEST_FILTER, asked_for, page_of

bp = Blueprint("handover", __name__)

CLASSES_A_PAGE = 50


@bp.get("/coordinate/classes")
@wants(Permission.CONFIRM_PEOPLE)
def classes() -> ResponseReturnValue:
    """Show the classes of the institutions one answers for."""
    asked = asked_for("q", "professor", state=("running", "coming", "over", "unled"))
    found = queries.CoordinatedClasses(access.institutions_for_handing_on(current_user), asked)
    page = page_of(found.total, CLASSES_A_PAGE, url_for("handover.classes"), asked)
    lines = found.page(CLASSES_A_PAGE, page.offset)
    professors = queries.professors_of([line.id for line in lines])
    return render_template("learning/coordinate-classes.html", lines=lines, page=page, professors=professors)


@bp.route("/coordinate/classes/<int:class_id>", methods=["GET", "POST"])
@wants(Permission.CONFIRM_PEOPLE)
def course_class(class_id: int) -> ResponseReturnValue:
    """Show how a class stands, and hand it on to a professor of its institution."""
    found = access.class_for_handing_on(current_user, class_id)
    fault = ""
    if request.method == "POST":
        try:
            return _hand_on(found)
        except Invalid as refusal:
            fault = refusal.message
    text = " ".join(request.args.get("professor", "").split())[:LONGEST_FILTER]
    choices = professors_at(found.institution.id, text)
    mine = found.course_class
    page = render_template(
        "learning/coordinate-class.html",
        found=found,
        state=queries.state_now(mine.starts_on, mine.ends_on, mine.timezone),
        numbers=queries.numbers_of(class_id),
        staff=staff_lines(class_id),
        choices=choices[:MOST_SHOWN],
        is_cut=len(choices) > MOST_SHOWN,
        text=text,
        fault=fault,
    )
    return page, 422 if fault else 200


def _hand_on(found: access.CoordinatedClass) -> ResponseReturnValue:
    chosen = request.form.get("person", "")
    person_id = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else 0  # noqa: PLR2004 (as an id has)
    ends_present = request.form.get("ends_present") == "1"
    person, ended = hand_on(found.course_class, found.edition.course_id, person_id, current_user, ends_present=ends_present)
    flash(_("%(name)s is a professor of this class and of its course now.", name=person.name), "success")
    if ended:
        flash(_("No longer professors of it: %(names)s.", names=", ".join(ended)), "info")
    return redirect(url_for("handover.course_class", class_id=found.course_class.id), 303)
