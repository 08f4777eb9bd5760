"""The editor of a section of a course."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.adaptation import draft_queries as queries
from elearn.adaptation import draft_service as service
from elearn.adaptation.draft_access import section_for_editing
from elearn.adaptation.draft_queries import EditedSection
from elearn.adaptation.editor_forms import LONGEST_BODY, SectionTextForm
from elearn.adaptation.editor_labels import difference_words, faults_words, moment_words
from elearn.adaptation.preview_service import Preview, brought_together, insertable, preview_of
from elearn.catalogue.queries import trusted
from elearn.errors import Invalid
from elearn.web.guard import takes_up_to, wants_json
from elearn.web.numbers import number_in
from elearn.web.pages import language_of
from elearn.web.undo import flash_with_undo

bp = Blueprint("editor", __name__, url_prefix="/teach/courses/<int:course_id>/<slug>/sections/<key>")

#: Somebody who types gets a preview at each pause; each may take seconds of a processor.
PREVIEWS = 500
WINDOW = timedelta(minutes=10)


@bp.get("")
def edit(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show the text of a section to be written on: its draft, else what the course has."""
    edited = section_for_editing(current_user, course_id, slug, key)
    form = SectionTextForm(formdata=None, data={"title": edited.written.title, "text": edited.written.text})
    form.version.data, form.seen.data = str(edited.version), str(edited.begun_on)
    return _page(edited, form)


@bp.post("/preview")
@takes_up_to(LONGEST_BODY)
def preview(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show what would come of a text, and its faults; nothing is kept."""
    edited, form = section_for_editing(current_user, course_id, slug, key), _form()
    throttle.spend("section-preview", str(current_user.id), limit=PREVIEWS, window=WINDOW)
    try:
        _check(form)
        found = preview_of(edited, form.written.text)
    except Invalid as refusal:
        return _refused(edited, form, refusal)
    if not wants_json():
        return _page(edited, form, found)
    faults = [{"line": fault.line, "message": fault.message, "severity": fault.severity} for fault in found.weighed.faults]
    said = {"count": faults_words(found.weighed.errors, found.weighed.warnings), "based": difference_words(found.weighed.difference)}
    return jsonify({"html": found.html, "faults": faults, **said})


@bp.post("/draft")
@takes_up_to(LONGEST_BODY)
def draft(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Keep what was typed."""
    edited, form = section_for_editing(current_user, course_id, slug, key, writing=True), _form()
    try:
        _check(form)
        kept = service.keep_draft(current_user, edited, form.written, version=form.version_seen, seen=form.overlay_seen)
    except Invalid as refusal:
        return _refused(edited, form, refusal)
    except service.Stale:
        if wants_json():
            raise
        return _both(edited, form), 409
    if wants_json():
        begun_on = kept.overlay_number if kept else edited.module.overlay.number
        at = kept.saved_at.isoformat() if kept else ""
        return jsonify({"version": kept.version if kept else edited.version, "at": at, "moved_on": queries.moved_on(edited, begun_on)})
    flash(_("Saved as a draft. Students see it once you have saved it into the course and published that."), "success")
    return _back(edited)


@bp.post("/save")
@takes_up_to(LONGEST_BODY)
def save(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Have the course say what was typed, unless it has faults."""
    edited, form = section_for_editing(current_user, course_id, slug, key), _form()
    try:
        _check(form, wants_title=True)
        found = preview_of(edited, form.written.text)
    except Invalid as refusal:
        return _refused(edited, form, refusal)
    if found.weighed.errors:
        form.text.errors = [_("Put the faults right first, then save it into the course. Until then, keep it as a draft.")]
        return _page(edited, form, found), 422
    edited = section_for_editing(current_user, course_id, slug, key, writing=True)
    try:
        saved = service.save_section(current_user, edited, form.written, version=form.version_seen, seen=form.overlay_seen)
    except service.Stale:
        return _both(edited, form), 409
    if saved is None:
        flash(_("The course has this text already: nothing was changed."), "info")
        return _back(edited)
    words = _("Saved into the course. Students see it once you publish the course.")
    if found.weighed.warnings:
        words = f"{words} {_('The compiler says:')} {faults_words(0, found.weighed.warnings)}"
    flash_with_undo(words, _address("undo_save", edited), number=str(saved.number), version=str(saved.version))
    return _back(edited)


@bp.post("/carry")
@takes_up_to(LONGEST_BODY)
def carry(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show what was typed brought together with what the course has by now; nothing is kept."""
    edited, form = section_for_editing(current_user, course_id, slug, key), _form()
    try:
        _check(form)
    except Invalid as refusal:
        return _refused(edited, form, refusal)
    return _both(edited, form)


@bp.post("/series")
@takes_up_to(LONGEST_BODY)
def series(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Have the draft be the text that the section is based on."""
    return _instead(course_id, slug, key, service.take_series_text, _("The draft is the text that the section is based on again."))


@bp.post("/discard")
@takes_up_to(LONGEST_BODY)
def discard(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Have no draft any more."""
    return _instead(course_id, slug, key, service.discard_draft, _("The draft is discarded. This is what the course has."))


def _instead(course_id: int, slug: str, key: str, take_away: Any, words: str) -> ResponseReturnValue:
    """Do something that takes away what was typed, with the way back."""
    edited, form = section_for_editing(current_user, course_id, slug, key, writing=True), _form()
    try:
        _check(form)
        row = take_away(current_user, edited, form.written, version=form.version_seen, seen=form.overlay_seen)
    except Invalid as refusal:
        return _refused(edited, form, refusal)
    except service.Stale:
        return _both(edited, form), 409
    flash_with_undo(words, _address("undo_draft", edited), version=str(row.version))
    return _back(edited)


@bp.post("/undo-draft")
def undo_draft(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Have the draft be as it was before the last button."""
    edited = section_for_editing(current_user, course_id, slug, key, writing=True)
    service.undo_draft(current_user, edited, version=number_in(request.form.get("version")))
    flash(_("Your draft is back."), "success")
    return _back(edited)


@bp.post("/undo")
def undo_save(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Have the course say what it said before a section was saved."""
    edited = section_for_editing(current_user, course_id, slug, key, writing=True)
    number, version = (number_in(request.form.get(name)) for name in ("number", "version"))
    service.undo_save(current_user, edited, number=number, version=version)
    flash(_("Undone: the course has its former text again, and yours is a draft."), "success")
    return _back(edited)


@bp.get("/insertable")
def pointable(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Return what the text may point at."""
    return jsonify(insertable(section_for_editing(current_user, course_id, slug, key)))


def _form() -> SectionTextForm:
    if "text" not in request.form:
        # An empty field is a text, a missing one is none.
        raise Invalid(_("The form did not arrive whole. Please send it again."))
    return SectionTextForm()


def _check(form: SectionTextForm, *, wants_title: bool = False) -> None:
    """Raise Invalid where the form cannot be taken."""
    form.validate()
    faults = {name: str(errors[0]) for name, errors in form.errors.items() if name}
    if wants_title and not form.title.data:
        faults["title"] = _("Give the section a title.")
    if faults:
        raise Invalid(" ".join(faults.values()), faults)


def _refused(edited: EditedSection, form: SectionTextForm, refusal: Invalid) -> ResponseReturnValue:
    """Return the page with what was typed and why it is not taken; a script is told the latter."""
    if wants_json():
        raise refusal
    for name, message in (refusal.fields or {"text": refusal.message}).items():
        form[name].errors = [message]
    return _page(edited, form), refusal.status


def _zone() -> str:
    return current_user.timezone or "UTC"


def _address(act: str, edited: EditedSection) -> str:
    return url_for(f"editor.{act}", course_id=edited.course.id, slug=edited.module.slug, key=edited.key)


def _back(edited: EditedSection) -> ResponseReturnValue:
    return redirect(_address("edit", edited), 303)


def _page(edited: EditedSection, form: SectionTextForm, found: Preview | None = None) -> str:
    draft = edited.draft
    by_another = queries.name_of(draft.saved_by_id) if draft and draft.saved_by_id != current_user.id else ""
    return render_template(
        "adaptation/edit-section.html",
        edited=edited,
        form=form,
        found=found,
        text_language=language_of(edited.course.language),
        at=lambda act: _address(act, edited),
        saved_at=moment_words(draft.saved_at, _zone()) if draft else "",
        by_another=by_another,
        has_moved_on=queries.moved_on(edited, form.overlay_seen),
        count=faults_words(found.weighed.errors, found.weighed.warnings) if found else "",
        based=difference_words(found.weighed.difference) if found else "",
        trusted=trusted,
    )


def _both(edited: EditedSection, form: SectionTextForm) -> str:
    """Return the page on which what was typed and what somebody else wrote meanwhile stand beside each other, and in one."""
    draft = edited.draft if edited.version != form.version_seen else None
    base, theirs = queries.written_at(edited, edited.known(form.overlay_seen)), edited.written if draft else edited.saved
    mine, seen = form.written, edited.begun_on if draft else edited.module.overlay.number
    who = queries.name_of(draft.saved_by_id) if draft else ""
    when = moment_words(draft.saved_at, _zone()) if draft else ""
    both = brought_together(base, mine, theirs)
    return render_template(
        "adaptation/edit-section-both.html",
        edited=edited,
        both=both.written if both else mine,
        clashes=both.clashes if both else (),
        beside=both.beside if both else (),
        was_merged=both is not None,
        mine=mine,
        theirs=theirs,
        is_draft=draft is not None,
        who=who,
        when=when,
        version=edited.version,
        seen=seen,
        text_language=language_of(edited.course.language),
        at=lambda act: _address(act, edited),
    )
