"""The groups of a class."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.errors import Invalid, NotFound
from elearn.learning import access
from elearn.learning import enrolment_access as doors
from elearn.learning import group_service as service
from elearn.learning.access import TaughtClass
from elearn.learning.class_forms import GroupForm
from elearn.learning.enrolment_queries import groups_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("class_groups", __name__)


def _back(class_id: int) -> ResponseReturnValue:
    return redirect(url_for("class_groups.groups", class_id=class_id), 303)


@bp.route("/teach/classes/<int:class_id>/groups", methods=["GET", "POST"])
def groups(class_id: int) -> ResponseReturnValue:
    """Show a class's groups, and make one."""
    taught = access.class_for_running(current_user, class_id)
    form = GroupForm()
    if form.validate_on_submit():
        try:
            service.add_group(taught.course_class, form.name.data, by_id=current_user.id)
        except Invalid as refusal:
            form.name.errors = [refusal.message]
        else:
            flash(_("The group is made. Put students into it on the page of students."), "success")
            return _back(class_id)
    return _page(taught, form), 422 if form.errors else 200


def _page(taught: TaughtClass, form: GroupForm, *, wrong: int | None = None, typed: str = "", words: str = "") -> str:
    lines = groups_of(taught.course_class.id)
    return render_template("learning/groups.html", taught=taught, form=form, groups=lines, wrong=wrong, typed=typed, words=words)


@bp.post("/teach/classes/<int:class_id>/groups/<int:group_id>/rename")
def rename(class_id: int, group_id: int) -> ResponseReturnValue:
    """Give a group another name."""
    taught, group = doors.group_for_changing(current_user, class_id, group_id)
    if group.removed_at is not None:
        raise NotFound
    typed = request.form.get("name", "")
    try:
        was = service.rename_group(taught.course_class, group, typed, by_id=current_user.id)
    except Invalid as refusal:
        return _page(taught, GroupForm(formdata=None), wrong=group_id, typed=typed, words=refusal.message), 422
    undo = url_for("class_groups.rename", class_id=class_id, group_id=group_id)
    flash_with_undo(_("The group is called “%(name)s” now.", name=group.name), undo, name=was)
    return _back(class_id)


@bp.post("/teach/classes/<int:class_id>/groups/<int:group_id>/remove")
def remove(class_id: int, group_id: int) -> ResponseReturnValue:
    """Remove a group: its students stay in the class, in no group."""
    taught, group = doors.group_for_changing(current_user, class_id, group_id)
    if group.removed_at is None:
        service.remove_group(taught.course_class, group, by_id=current_user.id)
    undo = url_for("class_groups.bring_back", class_id=class_id, group_id=group_id)
    flash_with_undo(_("The group “%(name)s” is removed. Its students are in no group now.", name=group.name), undo)
    return _back(class_id)


@bp.post("/teach/classes/<int:class_id>/groups/<int:group_id>/bring-back")
def bring_back(class_id: int, group_id: int) -> ResponseReturnValue:
    """Undo the removal of a group."""
    taught, group = doors.group_for_changing(current_user, class_id, group_id)
    service.bring_group_back(taught.course_class, group, by_id=current_user.id)
    flash(_("The group “%(name)s” is back, with its students.", name=group.name), "success")
    return _back(class_id)
