"""A module of a course beside what it was made from, what upstream has now, or an edition: what is other, word by word."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.adaptation.compare_queries import Side, compared, side_called, sides_of
from elearn.adaptation.course_access import module_for_editing

bp = Blueprint("compare", __name__)


@bp.get("/teach/courses/<int:course_id>/<slug>/compare")
def compare(course_id: int, slug: str) -> ResponseReturnValue:
    """Show what two texts of a module have in common, and what not."""
    course, module = module_for_editing(current_user, course_id, slug)
    sides = sides_of(course, module)
    before, after = side_called(sides, request.args.get("from", "base")), side_called(sides, request.args.get("to", "mine"))
    confirmed = may(current_user, Permission.READ_TEACHER_SECTIONS)
    return render_template(
        "adaptation/compare.html",
        course=course,
        module=module,
        sides=[(side.name, _words(side)) for side in sides],
        before=(before.name, _words(before)),
        after=(after.name, _words(after)),
        found=compared(course, module, before, after, confirmed=confirmed),
        confirmed=confirmed,
    )


def _words(side: Side) -> str:
    return {
        "mine": _("the course now"),
        "base": _("the original"),
        "upstream": _("upstream now"),
        "edition": _("edition %(number)s", number=side.number),
    }[side.kind]
