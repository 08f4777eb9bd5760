"""The students of a class: the list, and putting many into a group at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn.errors import Invalid, NotFound
from elearn.learning import access
from elearn.learning import enrolment_queries as queries
from elearn.learning.enrolment_access import group_in_class
from elearn.learning.enrolment_service import put_in_groups
from elearn.learning.labels import state_names
from elearn.web.lists import asked_for, page_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_students", __name__)

STUDENTS_A_PAGE = 50
LARGEST_ID = 2**31 - 1


def asked_group(groups: list[tuple[int, str, int]], *, none: bool = False) -> str:
    """Return which of a class's ``groups`` the address asks for; empty: all of them."""
    return asked_for(group=[*(str(group[0]) for group in groups), *(["none"] if none else [])])["group"]


@bp.get("/teach/classes/<int:class_id>/students")
def students(class_id: int) -> ResponseReturnValue:
    """Show the students of a class, narrowed and sorted as asked."""
    taught = access.class_for_teaching(current_user, class_id)
    groups = queries.groups_of(class_id)
    sorts = [sign + sort for sort in queries.SORTS for sign in ("", "-")]
    asked = asked_for("q", state=(*queries.STATES, "all"), sort=sorts) | {"group": asked_group(groups, none=True)}
    narrowed = asked | {"state": "" if asked["state"] == "all" else asked["state"] or "in"}
    counts = queries.counts_by_state(class_id, asked["q"], asked["group"])
    total = sum(counts.values()) if not narrowed["state"] else counts.get(narrowed["state"], 0)
    page = page_of(total, STUDENTS_A_PAGE, url_for("class_students.students", class_id=class_id), asked)
    return render_template(
        "learning/students.html",
        taught=taught,
        lines=queries.student_lines(class_id, narrowed, limit=STUDENTS_A_PAGE, offset=page.offset),
        page=page,
        counts=counts,
        groups=groups,
        states=state_names(),
        names={str(group[0]): group[1] for group in groups},
        sections=sum(len(module.student_keys) for module in taught.edition.modules),
    )


@bp.post("/teach/classes/<int:class_id>/students/group")
def assign(class_id: int) -> ResponseReturnValue:
    """Put the ticked students into a group, or into none."""
    taught = access.class_for_running(current_user, class_id)
    undone = request.form.get("previous", "")
    wanted = _previous(undone) if undone else _ticked()
    for group_id in set(wanted.values()):
        group_in_class(class_id, group_id)
    moved = put_in_groups(taught.course_class, wanted, by_id=current_user.id)
    words = ngettext("%(num)s student has changed groups.", "%(num)s students have changed groups.", len(moved))
    if moved and not undone:
        previous = " ".join(f"{enrolment_id}:{was or ''}" for enrolment_id, was in moved.items())
        flash_with_undo(words, url_for("class_students.assign", class_id=class_id), previous=previous)
    else:
        flash(words if moved else _("Nothing was changed: they were in that group already."), "info")
    return redirect(url_for("class_students.students", class_id=class_id), 303)


def _ticked() -> dict[int, int | None]:
    """Return which places go into which group."""
    ids = [_number(text) for text in request.form.getlist("chosen")]
    if not ids:
        raise Invalid(_("Nobody is ticked. Go back, tick the students, then choose their group."))
    if "group" not in request.form:
        raise Invalid(_("Choose a group."))
    group = request.form["group"]
    return dict.fromkeys(ids[:STUDENTS_A_PAGE], _number(group) if group else None)


def _previous(text: str) -> dict[int, int | None]:
    """Return in which group each place was, as the undo button carries it."""
    pairs = [pair.partition(":") for pair in text.split()[:STUDENTS_A_PAGE]]
    return {_number(place): _number(group) if group else None for place, _colon, group in pairs}


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text[:20]) > LARGEST_ID:
        raise NotFound
    return int(text[:20])
