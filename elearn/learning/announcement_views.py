"""Announcements: writing one to a class, and reading them."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn import mail
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.learning import access
from elearn.learning import announcement_queries as queries
from elearn.learning import announcement_service as service
from elearn.learning import enrolment_access as doors
from elearn.learning.class_forms import AnnouncementForm
from elearn.learning.enrolment_queries import groups_of
from elearn.learning.labels import moment
from elearn.learning.staff_queries import students_with_address
from elearn.text import render_personal
from elearn.web.lists import page_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("announcements", __name__)

ANNOUNCEMENTS_A_PAGE = 20


@bp.get("/classes/<int:class_id>/announcements")
def archive(class_id: int) -> ResponseReturnValue:
    """Show what was announced to those in a class, newest first."""
    seat = access.seat_in_class(current_user, class_id)
    page = page_of(queries.count_for(seat), ANNOUNCEMENTS_A_PAGE, url_for("announcements.archive", class_id=class_id))
    lines = queries.announcements_for(seat, ANNOUNCEMENTS_A_PAGE, page.offset)
    return render_template("learning/class-announcements.html", seat=seat, lines=lines, page=page, moment=moment)


@bp.get("/teach/classes/<int:class_id>/announcements")
def announcements(class_id: int) -> ResponseReturnValue:
    """Show what was announced to a class, with how the mails fared."""
    taught = access.class_for_teaching(current_user, class_id)
    page = page_of(queries.count_in_class(class_id), ANNOUNCEMENTS_A_PAGE, url_for("announcements.announcements", class_id=class_id))
    lines = queries.announcements_in_class(class_id, ANNOUNCEMENTS_A_PAGE, page.offset)
    fates = mail.fates(service.ABOUT, [line.id for line in lines if line.by_mail])
    return render_template("learning/announcements.html", taught=taught, lines=lines, page=page, fates=fates, moment=moment)


@bp.route("/teach/classes/<int:class_id>/announcements/new", methods=["GET", "POST"])
def new(class_id: int) -> ResponseReturnValue:
    """Write an announcement; it may be looked at before it goes out."""
    taught = access.class_for_teaching(current_user, class_id)
    form = AnnouncementForm()
    groups = groups_of(class_id)
    form.group.choices = [SelectChoice("", _("The whole class")), *(SelectChoice(str(id_), name) for id_, name, _count in groups)]
    if request.method == "GET":
        form.by_mail.data = mail.is_set_up()
    preview = None
    if form.validate_on_submit():
        # Laying out may take seconds: no one else's writing waits for it.
        abandon()
        try:
            preview = render_personal(form.body.data)
            if request.form.get("action") != "preview":
                return _announce(class_id, form, str(preview))
        except Invalid as refusal:
            for name, message in (refusal.fields or {"body": refusal.message}).items():
                form[name].errors = [message]
        taught = access.class_for_teaching(current_user, class_id)
    have, total = students_with_address(class_id, None)
    page = render_template(
        "learning/new-announcement.html",
        taught=taught,
        form=form,
        preview=preview,
        has_groups=bool(groups),
        mail_is_set_up=mail.is_set_up(),
        folder=mail.folder(),
        have=have,
        total=total,
    )
    return page, 422 if form.errors else 200


def _announce(class_id: int, form: AnnouncementForm, html: str) -> ResponseReturnValue:
    taught = access.class_for_teaching(current_user, class_id)
    group = doors.group_in_class(class_id, int(form.group.data) if form.group.data else None)
    _id, mails = service.announce(
        taught.course_class,
        current_user,
        title=form.title.data.strip(),
        body=form.body.data,
        body_html=html,
        group=group,
        by_mail=bool(form.by_mail.data),
    )
    if form.by_mail.data and mail.is_set_up():
        flash(
            ngettext(
                "Your announcement stands on the class's page, and %(num)s mail is on its way.",
                "Your announcement stands on the class's page, and %(num)s mails are on their way.",
                mails,
            ),
            "success",
        )
    else:
        flash(_("Your announcement stands on the class's page."), "success")
    return redirect(url_for("announcements.announcements", class_id=class_id), 303)


@bp.post("/teach/classes/<int:class_id>/announcements/<int:announcement_id>/<any(withdraw, restore):step>")
def change(class_id: int, announcement_id: int, step: str) -> ResponseReturnValue:
    """Take an announcement off the class's pages, or put it back."""
    taught, found = doors.announcement_for_changing(current_user, class_id, announcement_id)
    if step == "withdraw":
        service.withdraw(taught.course_class, found, current_user)
        undo = url_for("announcements.change", class_id=class_id, announcement_id=announcement_id, step="restore")
        words = _("Nobody sees the announcement any more.")
        if found.by_mail:
            words += " " + _("Mails that have gone cannot be called back.")
        flash_with_undo(words, undo)
    else:
        service.restore(taught.course_class, found, current_user)
        flash(_("The announcement stands on the class's page again."), "success")
    return redirect(url_for("announcements.announcements", class_id=class_id), 303)
