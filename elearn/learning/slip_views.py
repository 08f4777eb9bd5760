"""Slips as professors make and print them."""

import functools

import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn import mail
from elearn.errors import NotFound
from elearn.learning import access, password_slip_service, roster_access, roster_queries
from elearn.learning import slip_queries as queries
from elearn.learning import slip_service as service
from elearn.learning.access import TaughtClass
from elearn.learning.models import Slip
from elearn.learning.slip_codes import drawn_path
from elearn.web.guard import safe_next
from elearn.web.lists import asked_for, page_of

bp = Blueprint("slips", __name__)

#: In the session until its page has been shown: the number of the password slip just made; the code is not there.
_SHOW = "password-slip"


@bp.get("/teach/classes/<int:class_id>/slips")
def slips(class_id: int) -> ResponseReturnValue:
    """Show the lines of the roster that nobody has claimed, and whether each has a slip."""
    taught = access.class_for_running(current_user, class_id)
    groups = roster_queries.groups_of(class_id)
    asked = asked_for("q", group=[str(group.id) for group in groups])
    group_id = int(asked["group"]) if asked["group"] else None
    counts = queries.slip_counts(class_id, group_id, asked["q"])
    page = page_of(counts.lines, queries.LINES_A_PAGE, url_for("slips.slips", class_id=class_id), asked)
    return render_template(
        "learning/slips.html",
        taught=taught,
        confirmed=roster_access.is_confirmed_for(current_user, taught),
        groups=groups,
        asked=asked,
        counts=counts,
        page=page,
        lines=queries.lines_page(class_id, group_id, asked["q"], page.offset),
    )


@bp.post("/teach/classes/<int:class_id>/slips/<any(make, renew):act>")
def change(class_id: int, act: str) -> ResponseReturnValue:
    """Make slips for lines that have none, or new codes for those that have; for all, a group, or one line."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    group_id, line_id = _narrowed(taught)
    if act == "make":
        made = service.make_slips(taught.course_class, current_user, group_id=group_id, line_id=line_id)
        words = ngettext("%(num)d slip is ready to print.", "%(num)d slips are ready to print.", made)
        flash(words if made else _("Everybody who waits has a slip already."), "success" if made else "info")
    else:
        made = service.renew_slips(taught.course_class, current_user, group_id=group_id, line_id=line_id)
        words = ngettext("%(num)d new code; the old one opens nothing now.", "%(num)d new codes; the old ones open nothing now.", made)
        flash(words, "success")
    back = safe_next(request.form.get("next"))
    own = url_for("slips.slips", class_id=class_id)
    return redirect(back if back and back.split("?")[0] == own else own, 303)


def _narrowed(taught: TaughtClass) -> tuple[int | None, int | None]:
    """Return the group and the line that are meant; None where all are. Those of other classes are not there."""
    typed_group, typed_line = (request.values.get(name, "") for name in ("group", "line"))
    line_id = group_id = None
    if typed_line:
        number = int(typed_line) if typed_line.isdecimal() and len(typed_line) < 10 else 0  # noqa: PLR2004 (as many digits as a row's number has)
        line_id = roster_access.line_for_slips(taught, number).id
    if typed_group:
        group_id = next((g.id for g in roster_queries.groups_of(taught.course_class.id) if str(g.id) == typed_group), None)
        if group_id is None:
            raise NotFound
    return group_id, line_id


@bp.get("/teach/classes/<int:class_id>/slips/print")
def print_(class_id: int) -> ResponseReturnValue:
    """Show the slips as they are to be printed and cut."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    group_id, line_id = _narrowed(taught)
    counts = queries.slip_counts(class_id, group_id)
    asked = {"group": str(group_id or ""), "line": str(line_id or "")}
    page = page_of(1 if line_id else counts.slips, queries.SLIPS_A_PRINT, url_for("slips.print_", class_id=class_id), asked)
    printed = queries.slips_to_print(class_id, group_id, line_id, page.offset)
    base = current_app.config["BASE_URL"].rstrip("/")
    return render_template(
        "learning/slips-print.html",
        taught=taught,
        page=page,
        slips=[(slip, *_drawing(f"{base}/join/{slip.code}")) for slip in printed],
        join_address=_typed_address(f"{base}/join"),
    )


def _typed_address(url: str) -> str:
    """Return an address as one types it."""
    return url.removeprefix("https://").removeprefix("http://")


@functools.lru_cache(maxsize=512)
def _drawing(url: str) -> tuple[str, int]:
    """Return the path of a QR code that leads to ``url``, and how many modules wide it is."""
    rows = segno.make_qr(url, error="m").matrix
    return drawn_path(rows), len(rows)


@bp.post("/teach/classes/<int:class_id>/students/<int:enrolment_id>/slip")
def make_password_slip(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Make a slip with which a student chooses a new password."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    place = roster_access.student_for_slips(taught, enrolment_id)
    slip = password_slip_service.make_password_slip(taught.course_class, place, current_user)
    session[_SHOW] = slip.id
    return redirect(url_for("slips.password_slip", class_id=class_id, enrolment_id=enrolment_id), 303)


@bp.get("/teach/classes/<int:class_id>/students/<int:enrolment_id>/slip")
def password_slip(class_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Show a password slip, once; otherwise say what such a slip does, with a button that makes one."""
    taught = roster_access.class_for_rosters(current_user, class_id)
    place = roster_access.student_for_slips(taught, enrolment_id)
    slip = queries.slip_made_by(session.pop(_SHOW, None), enrolment_id, current_user.id)
    return render_template(
        "learning/password-slip.html",
        taught=taught,
        place=place,
        slip=slip,
        code=_code(slip),
        sign_in_name=queries.sign_in_name_of(place.person_id) if slip else None,
        address=_typed_address(current_app.config["BASE_URL"].rstrip("/") + "/slip"),
        mail_goes=mail.is_set_up(),
    )


def _code(slip: Slip | None) -> str:
    return queries.code_of(slip.id, slip.enrolment_id, slip.made_at) if slip else ""
