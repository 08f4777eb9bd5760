"""A class and its edition: what another one changes for the students, and moving to it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.adaptation.queries import edition
from elearn.learning.access import TaughtClass
from elearn.learning.edition_access import class_for_moving
from elearn.learning.edition_queries import changes_for_class
from elearn.learning.edition_service import move_class
from elearn.web.numbers import number_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_edition", __name__)


@bp.get("/teach/classes/<int:class_id>/edition")
def show(class_id: int) -> ResponseReturnValue:
    """Show what moving a class to another edition of its course changes for its students; the newest one where none is asked for."""
    movable = class_for_moving(current_user, class_id)
    asked = number_in(request.args.get("to"))
    target = movable.edition(asked) if "to" in request.args else movable.editions[0]
    here = movable.taught.edition
    changes = changes_for_class(class_id, here, edition(target.id)) if target.id != here.id else ()
    return render_template(
        "learning/edition.html",
        taught=movable.taught,
        editions=movable.editions,
        target=target,
        changes=[change for change in changes if not change.is_nothing],
        same=sum(change.is_nothing for change in changes),
    )


@bp.post("/teach/classes/<int:class_id>/edition")
def move(class_id: int) -> ResponseReturnValue:
    """Have a class be taught on another edition of its course."""
    movable = class_for_moving(current_user, class_id)
    target = movable.edition(number_in(request.form.get("to")))
    former = number_in(request.form.get("seen"))
    move_class(current_user, movable.taught.course_class, target.id, seen=former)
    if former == target.id:
        flash(_("The class is on this edition already."), "info")
    else:
        _say_moved(movable.taught, target.number, former, target.id)
    return redirect(url_for("class_edition.show", class_id=class_id), 303)


def _say_moved(taught: TaughtClass, number: int, former: int, now: int) -> None:
    words = _("The class is taught on edition %(number)s now. What students did is kept.", number=number)
    undo = url_for("class_edition.move", class_id=taught.course_class.id)
    flash_with_undo(words, undo, to=str(former), seen=str(now))
