"""Whom the edition names on which a class is taught, for everyone in the class."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.adaptation.attribution_queries import credits_of
from elearn.adaptation.licence_labels import licence_called
from elearn.adaptation.licence_queries import edition_called
from elearn.adaptation.licences import address_of
from elearn.learning.access import seat_in_class

bp = Blueprint("class_sources", __name__)


@bp.get("/classes/<int:class_id>/attribution")
def attribution(class_id: int) -> ResponseReturnValue:
    """Show who made what of the modules of a class, under which licence, and what was changed."""
    seat = seat_in_class(current_user, class_id)
    return render_template(
        "learning/attribution.html",
        seat=seat,
        edition=edition_called(seat.edition.course_id, seat.edition.number),
        credits=credits_of(seat.edition.id, confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS)),
        licence_called=licence_called,
        address_of=address_of,
    )
