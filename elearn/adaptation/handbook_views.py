"""A course, or an edition of it, as a handbook: what is to stand in it, on screen and on paper, as one file, as PDF."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.accounts.permissions import Permission, may
from elearn.adaptation import handbook_access as access
from elearn.adaptation import handbook_page as page
from elearn.adaptation import handbook_pdf
from elearn.adaptation.handbook_forms import HandbookForm
from elearn.adaptation.handbook_layout import LaidBook
from elearn.adaptation.handbook_texts import Wanted
from elearn.db import abandon
from elearn.errors import Invalid
from elearn.web.headers import attach

bp = Blueprint("handbooks", __name__)

#: A long course takes a second of the server's time, its PDF many.
DOCUMENTS_PER_PERSON, PDFS_PER_PERSON = 200, 20
WINDOW = timedelta(hours=1)


def _at(rule: str) -> Callable[..., Callable[..., ResponseReturnValue]]:
    """Open a view for a course as it stands, and for an edition of it."""

    def both(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        bp.get(f"/teach/courses/<int:course_id>/handbook{rule}")(view)
        bp.get(f"/teach/courses/<int:course_id>/editions/<int:number>/handbook{rule}")(view)
        return view

    return both


@_at("")
def choose(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Ask what is to stand in the handbook."""
    return _choices(course_id, number)


def _choices(course_id: int, number: int | None, form: HandbookForm | None = None) -> ResponseReturnValue:
    course, edition = access.edition_for_handbook(current_user, course_id, number)
    offered = access.modules_offered(course, edition)
    refused = form is not None
    if form is None:
        form = HandbookForm(formdata=None, data={"modules": [slug for slug, _title in offered]})
        form.offer(offered)
    return render_template(
        "adaptation/handbook.html",
        course=course,
        edition=edition,
        form=form,
        offered=offered,
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
        makes_pdf=handbook_pdf.is_available(),
    ), 422 if refused else 200


def _asked(course_id: int, number: int | None) -> HandbookForm:
    """Return what was asked for, among what there is."""
    form = HandbookForm(formdata=request.args)
    form.offer(access.modules_offered(*access.edition_for_handbook(current_user, course_id, number)))
    form.validate()
    return form


def _laid(course_id: int, number: int | None, wanted: Wanted) -> LaidBook:
    # Who may not have it is told so before anything is counted or made.
    access.edition_for_handbook(current_user, course_id, number)
    throttle.spend("handbook", str(current_user.id), limit=DOCUMENTS_PER_PERSON, window=WINDOW)
    book = access.book_for_reading(current_user, course_id, number, wanted)
    return page.laid(book, with_keys=wanted.questions == "keys")


@_at("/read")
def read(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Show the handbook as one document, ready to be printed."""
    form = _asked(course_id, number)
    if form.errors:
        return _choices(course_id, number, form)
    return page.document(_laid(course_id, number, form.wanted), form.wanted)


@_at("/download")
def download(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Send the handbook as one file that needs no network: its styles and pictures are in it."""
    form = _asked(course_id, number)
    if form.errors:
        return _choices(course_id, number, form)
    pieces = page.whole(_laid(course_id, number, form.wanted), form.wanted)
    sent = (piece.encode() for piece in pieces)
    return attach(Response(sent, content_type="text/html; charset=utf-8"), f"handbook-{course_id}.html")


@_at("/pdf")
def pdf(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Send the handbook as PDF, where that can be made."""
    form = _asked(course_id, number)
    if form.errors:
        return _choices(course_id, number, form)
    if not handbook_pdf.is_available():
        raise Invalid(_("PDF is not made here. Open the handbook and print it to a file in your browser."))
    throttle.spend("handbook-pdf", str(current_user.id), limit=PDFS_PER_PERSON, window=WINDOW)
    document = "".join(page.whole(_laid(course_id, number, form.wanted), form.wanted))
    # Seconds pass, and nobody's writing waits for them.
    abandon()
    return attach(Response(handbook_pdf.made_pdf(document), content_type="application/pdf"), f"handbook-{course_id}.pdf")
