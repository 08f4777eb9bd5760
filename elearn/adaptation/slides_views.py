"""A course, or an edition of it, as an outline of slides: on screen, on paper, and as a Markdown file for slide programs."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn import throttle
from elearn.accounts.permissions import Permission, may
from elearn.adaptation import handbook_access as access
from elearn.adaptation import slides_page as page
from elearn.adaptation.handbook_forms import SlidesForm
from elearn.adaptation.handbook_texts import Book
from elearn.web.headers import attach

bp = Blueprint("course_slides", __name__)

OUTLINES_PER_PERSON = 200
WINDOW = timedelta(hours=1)


def _at(rule: str) -> Callable[..., Callable[..., ResponseReturnValue]]:
    """Open a view for a course as it stands, and for an edition of it."""

    def both(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        bp.get(f"/teach/courses/<int:course_id>/slides{rule}")(view)
        bp.get(f"/teach/courses/<int:course_id>/editions/<int:number>/slides{rule}")(view)
        return view

    return both


@_at("")
def choose(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Ask what is to stand on the slides."""
    return _choices(course_id, number)


def _choices(course_id: int, number: int | None, form: SlidesForm | None = None) -> ResponseReturnValue:
    course, edition = access.edition_for_handbook(current_user, course_id, number)
    offered = access.modules_offered(course, edition)
    refused = form is not None
    if form is None:
        form = SlidesForm(formdata=None, data={"modules": [slug for slug, _title in offered]})
        form.offer(offered)
    return render_template(
        "adaptation/slides.html",
        course=course,
        edition=edition,
        form=form,
        offered=offered,
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
    ), 422 if refused else 200


def _asked(course_id: int, number: int | None) -> SlidesForm:
    """Return what was asked for, among what there is."""
    form = SlidesForm(formdata=request.args)
    form.offer(access.modules_offered(*access.edition_for_handbook(current_user, course_id, number)))
    form.validate()
    return form


def _book(course_id: int, number: int | None, form: SlidesForm) -> Book:
    throttle.spend("slides", str(current_user.id), limit=OUTLINES_PER_PERSON, window=WINDOW)
    return access.book_for_reading(current_user, course_id, number, form.wanted)


@_at("/read")
def read(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Show the slides, one below the other; on paper each has a page."""
    form = _asked(course_id, number)
    if form.errors:
        return _choices(course_id, number, form)
    return page.document(_book(course_id, number, form), form.wanted)


@_at("/download")
def download(course_id: int, number: int | None = None) -> ResponseReturnValue:
    """Send the slides as a Markdown file."""
    form = _asked(course_id, number)
    if form.errors:
        return _choices(course_id, number, form)
    text = page.markdown(_book(course_id, number, form), form.wanted, notes=form.notes.data or "marp")
    return attach(Response(text, content_type="text/markdown; charset=utf-8"), f"slides-{course_id}.md")
