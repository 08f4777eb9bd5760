"""The pictures of a course: adding them, saying what they show, taking them away."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.adaptation import picture_queries as queries
from elearn.adaptation import picture_service as service
from elearn.adaptation.folder_access import course_for_files
from elearn.adaptation.picture_access import picture_for_editing
from elearn.adaptation.picture_decoding import LARGEST_SENT, SUFFIX, Refused
from elearn.adaptation.picture_forms import PictureForm, WordsForm
from elearn.adaptation.picture_labels import citation, refusal_words
from elearn.adaptation.picture_upload import draw
from elearn.db import abandon
from elearn.errors import Conflict, Invalid
from elearn.web.guard import takes_up_to
from elearn.web.lists import asked_for, page_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("pictures", __name__)

#: A little more than a picture, so that one which is too large is told so beside the field.
LONGEST_BODY = LARGEST_SENT + 3 * 1024 * 1024
#: Reading a picture takes a second of the server's time.
UPLOADS_PER_PERSON = 120
WINDOW = timedelta(hours=1)
PICTURES_A_PAGE = 24


@bp.route("/teach/courses/<int:course_id>/pictures", methods=["GET", "POST"])
@takes_up_to(LONGEST_BODY)
def pictures(course_id: int) -> ResponseReturnValue:
    """Show a course's pictures, and take one."""
    course = course_for_files(current_user, course_id)
    form, status = PictureForm(), 200
    if request.method == "POST":
        try:
            return redirect(url_for("pictures.picture", course_id=course_id, picture_id=_add(course_id, form)), 303)
        except (Invalid, Conflict) as refusal:
            faults = getattr(refusal, "fields", None) or {"picture": refusal.message}
            for name, message in faults.items():
                form[name].errors = [message]
            status = refusal.status
            course = course_for_files(current_user, course_id)
    asked = asked_for("q")
    there = url_for("pictures.pictures", course_id=course_id)
    page = page_of(queries.count_of_pictures(course_id, asked["q"]), PICTURES_A_PAGE, there, asked)
    return render_template(
        "adaptation/pictures.html",
        course=course,
        form=form,
        page=page,
        asked=asked,
        pictures=queries.pictures_listed(course_id, asked["q"], offset=page.offset, size=page.size),
        url_of=_url_of,
        most=service.MOST_PICTURES,
    ), status


def _url_of(picture: object) -> str:
    return f"/media/{picture.digest}{SUFFIX}"  # type: ignore[attr-defined]


def _add(course_id: int, form: PictureForm) -> int:
    """Return the number of the picture that was sent, which the course has now."""
    sent = request.files.get("picture")
    content = sent.read() if sent and sent.filename else b""
    sent_as = (sent.filename or "") if sent else ""
    if sent:
        # A large file lies on the server's disk until it is closed.
        sent.close()
    faults = {} if sent_as else {"picture": _("Choose a picture.")}
    try:
        service.words_of_picture(form.alt.data or "", form.description.data or "")
    except Invalid as refusal:
        faults |= refusal.fields
        if sent_as:
            faults["picture"] = _("Choose the picture again: a browser does not keep it.")
    if faults:
        raise Invalid(next(iter(faults.values())), faults)
    throttle.spend("picture-upload", str(current_user.id), limit=UPLOADS_PER_PERSON, window=WINDOW)
    # Reading a picture takes a second: no one else's writing waits for it.
    abandon()
    try:
        drawn = draw(content)
    except Refused as refused:
        message = refusal_words(refused.code)
        raise Invalid(message, {"picture": message}) from None
    course = course_for_files(current_user, course_id, writing=True)
    added = service.add_picture(
        course, drawn, sent_as=sent_as, alt=form.alt.data or "", description=form.description.data or "", by_id=current_user.id
    )
    if added.is_known:
        flash(_("This picture is here already, as %(name)s. Its words are as they were.", name=added.picture.name), "info")
    else:
        flash(_("The picture is here. Put the line below into a text, where the picture should stand."), "success")
    return added.picture.id


@bp.route("/teach/courses/<int:course_id>/pictures/<int:picture_id>", methods=["GET", "POST"])
def picture(course_id: int, picture_id: int) -> ResponseReturnValue:
    """Show a picture and how a text shows it; change what is said of it."""
    course, found = picture_for_editing(current_user, course_id, picture_id, writing=request.method == "POST")
    form = WordsForm(obj=found)
    if request.method == "POST":
        try:
            service.change_words(course, found, alt=form.alt.data or "", description=form.description.data or "", by_id=current_user.id)
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            flash(_("Saved. Where the picture stands in a text already, change the line there too."), "success")
            return redirect(url_for("pictures.picture", course_id=course_id, picture_id=picture_id), 303)
    return render_template(
        "adaptation/picture.html", course=course, picture=found, form=form, url=_url_of(found), line=citation(found.name, found.alt)
    ), 422 if form.errors else 200


@bp.post("/teach/courses/<int:course_id>/pictures/<int:picture_id>/remove")
def remove(course_id: int, picture_id: int) -> ResponseReturnValue:
    """Take a picture off the list; texts that show it go on showing it."""
    course, found = picture_for_editing(current_user, course_id, picture_id, writing=True)
    service.remove_picture(course, found, by_id=current_user.id)
    undo = url_for("pictures.bring_back", course_id=course_id, picture_id=picture_id)
    flash_with_undo(_("%(name)s is removed from the list. Texts that show it go on showing it.", name=found.name), undo)
    return redirect(url_for("pictures.pictures", course_id=course_id), 303)


@bp.post("/teach/courses/<int:course_id>/pictures/<int:picture_id>/bring-back")
def bring_back(course_id: int, picture_id: int) -> ResponseReturnValue:
    """Undo the removal of a picture."""
    course, found = picture_for_editing(current_user, course_id, picture_id, writing=True)
    service.bring_picture_back(course, found, by_id=current_user.id)
    flash(_("%(name)s is back.", name=found.name), "success")
    return redirect(url_for("pictures.picture", course_id=course_id, picture_id=picture_id), 303)
