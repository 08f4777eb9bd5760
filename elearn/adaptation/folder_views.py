"""A course as a folder of Markdown: taking it home, sending it back, looking at what was recognised, using it."""

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn import throttle
from elearn.adaptation import folder_service as service
from elearn.adaptation.folder_access import course_for_files, upload_for_using
from elearn.adaptation.folder_forms import LONGEST_BODY, FolderForm
from elearn.adaptation.folder_labels import note_lines, refusal_words
from elearn.adaptation.folder_look_queries import LookedAt, folder_file, look, made_of
from elearn.archives import BadArchive
from elearn.db import abandon
from elearn.errors import Conflict, Invalid, Refusal
from elearn.web.guard import takes_up_to
from elearn.web.headers import attach
from elearn.web.numbers import numbers_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("course_folder", __name__)

#: Reading a folder takes seconds of the server's time, and so does making one.
UPLOADS_PER_PERSON = 40
WINDOW = timedelta(hours=1)
FAULTS_SHOWN = 200


@bp.get("/teach/courses/<int:course_id>/folder")
def folder(course_id: int) -> ResponseReturnValue:
    """Say what the folder is for, give it, and take it back."""
    return _page(course_for_files(current_user, course_id), FolderForm(formdata=None))


def _page(course: object, form: FolderForm, looked: LookedAt | None = None, status: int = 200) -> ResponseReturnValue:
    faults = looked.faults if looked else ()
    return render_template(
        "adaptation/folder.html", course=course, form=form, faults=faults[:FAULTS_SHOWN], fault_count=len(faults)
    ), status


@bp.post("/teach/courses/<int:course_id>/folder/download")
def download(course_id: int) -> ResponseReturnValue:
    """Send the course's folder as a zip file."""
    course = course_for_files(current_user, course_id)
    throttle.spend("course-folder", str(current_user.id), limit=UPLOADS_PER_PERSON, window=WINDOW)
    course = course_for_files(current_user, course_id)
    return attach(Response(folder_file(course), content_type="application/zip"), f"course-{course_id}.zip")


@bp.post("/teach/courses/<int:course_id>/folder")
@takes_up_to(LONGEST_BODY)
def send(course_id: int) -> ResponseReturnValue:
    """Read a folder that is sent back; where it has no faults, keep it and show what was recognised."""
    course, form = course_for_files(current_user, course_id), FolderForm()
    sent = request.files.get("folder")
    content, name = (sent.read(), sent.filename or "") if sent and sent.filename else (b"", "")
    if sent:
        # A large file lies on the server's disk until it is closed.
        sent.close()
    if not name:
        form.folder.errors = [_("Choose a file.")]
        return _page(course, form, status=422)
    throttle.spend("course-folder", str(current_user.id), limit=UPLOADS_PER_PERSON, window=WINDOW)
    try:
        looked = _look(course_id, content)
    except Refusal as refusal:
        form.folder.errors = [refusal.message]
        return _page(course_for_files(current_user, course_id), form, status=refusal.status)
    if looked.faults:
        form.folder.errors = [_("The folder has faults. Nothing was changed. Put them right in your files, and send the folder again.")]
        return _page(course_for_files(current_user, course_id), form, looked, 422)
    upload_id = service.keep_upload(course_for_files(current_user, course_id), current_user.id, name, content)
    return redirect(url_for("course_folder.preview", course_id=course_id, upload_id=upload_id), 303)


def _look(course_id: int, content: bytes) -> LookedAt:
    """Return what a folder would change; no one else's writing waits for that."""
    abandon()
    try:
        looked = look(course_for_files(current_user, course_id), content)
    except BadArchive as bad:
        message = refusal_words(bad)
        raise Invalid(message, {"folder": message}) from None
    abandon()
    return looked


@bp.get("/teach/courses/<int:course_id>/folder/<int:upload_id>")
def preview(course_id: int, upload_id: int) -> ResponseReturnValue:
    """Show what was recognised; nothing is changed yet."""
    course, upload = upload_for_using(current_user, course_id, upload_id)
    looked = look(course, upload.content or b"")
    found = [(looked.titles[slug], note_lines(each.notes)) for slug, each in looked.changed.items()]
    return render_template("adaptation/folder-preview.html", course=course, upload=upload, looked=looked, found=found)


@bp.post("/teach/courses/<int:course_id>/folder/<int:upload_id>")
def use(course_id: int, upload_id: int) -> ResponseReturnValue:
    """Change the course as the folder says, all together."""
    course, upload = upload_for_using(current_user, course_id, upload_id)
    looked = _look(course_id, upload.content or b"")
    if looked.faults:
        raise Conflict(_("The series or the course changed meanwhile, and the folder has faults now. Please send it again."))
    made = made_of(looked)
    abandon()
    course = course_for_files(current_user, course_id, writing=True)
    numbers = service.use_upload(current_user, course, upload, looked, made)
    if numbers:
        words = ngettext("Done: %(num)s module was changed.", "Done: %(num)s modules were changed.", len(numbers))
        states = " ".join(f"{slug}:{number}" for slug, number in numbers.items())
        flash_with_undo(words, url_for("course_folder.undo", course_id=course_id), states=states)
    else:
        flash(_("The folder is as the course is: nothing was changed."), "info")
    return redirect(url_for("course_folder.folder", course_id=course_id), 303)


@bp.post("/teach/courses/<int:course_id>/folder/undo")
def undo(course_id: int) -> ResponseReturnValue:
    """Take back what a folder changed."""
    course = course_for_files(current_user, course_id, writing=True)
    service.undo_use(current_user, course, numbers_in(request.form.get("states")))
    flash(_("The course is as it was before."), "success")
    return redirect(url_for("course_folder.folder", course_id=course_id), 303)
