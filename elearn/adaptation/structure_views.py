"""A module of a course: its sections in order, and what is done to them; each act can be undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import structure_labels as labels
from elearn.adaptation import structure_service as service
from elearn.adaptation.course_access import check_may_read, module_for_editing
from elearn.adaptation.course_page_queries import module_row
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.course_service import undo_change
from elearn.adaptation.models import Course, Overlay
from elearn.adaptation.section_changes import states_of
from elearn.adaptation.structure_forms import AboutForm, ActForm, HeadForm, NewSectionForm, SeenForm
from elearn.errors import Conflict
from elearn.web.undo import flash_with_undo

bp = Blueprint("structure", __name__, url_prefix="/teach/courses/<int:course_id>/<slug>")


@bp.get("/")
def module(course_id: int, slug: str) -> ResponseReturnValue:
    """Show the sections of a module of a course, and how each stands to the series."""
    course, found = module_for_editing(current_user, course_id, slug)
    return render_template(
        "adaptation/module.html",
        course=course,
        module=found,
        row=module_row(course, found),
        states=states_of(found.base.source, found.overlay.changes, found.held),
        drafts=service.keys_with_drafts(course, found),
        badges=labels.state_badges,
        intents=labels.intent_words(),
        kinds=labels.kind_names(),
        confirmed=may(current_user, Permission.READ_TEACHER_SECTIONS),
    )


def back(course: Course, module: AdaptedModule) -> ResponseReturnValue:
    """Return to the page of a module."""
    return redirect(url_for("structure.module", course_id=course.id, slug=module.slug), 303)


def say_done(course: Course, module: AdaptedModule, saved: Overlay, words: str) -> None:
    """Have the next page say what was done, with the way back; or that nothing was."""
    if saved.number == module.overlay.number:
        flash(_("It is so already: nothing was changed."), "info")
    else:
        undo = url_for("structure.undo", course_id=course.id, slug=module.slug)
        flash_with_undo(words, undo, number=str(saved.number))


@bp.post("/sections")
def act(course_id: int, slug: str) -> ResponseReturnValue:
    """Hide a section, show it, move it, say how it stands to the series, take the series' text again, or remove one's own."""
    course, found = module_for_editing(current_user, course_id, slug, writing=True)
    form = ActForm()
    form.validate()
    key, what = form.key.data or "", form.act.data or ""
    title = service.state_of(found, key).section.title
    saved = service.act_on_section(current_user, course, found, key, what, seen=form.number)
    say_done(course, found, saved, labels.done_words(what, title))
    page = url_for("structure.module", course_id=course.id, slug=slug)
    return redirect(page if what == "remove" else f"{page}#section-{key}", 303)


@bp.post("/undo")
def undo(course_id: int, slug: str) -> ResponseReturnValue:
    """Leave a module as it was before its newest change."""
    course, found = module_for_editing(current_user, course_id, slug, writing=True)
    form = SeenForm(seen=request.form.get("number", "")[:10])
    undo_change(current_user, course, found, number=form.number)
    flash(_("Undone: the module is as it was before."), "success")
    return back(course, found)


@bp.route("/sections/<key>/head", methods=["GET", "POST"])
def head(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show what a section says of itself; have the course say it otherwise."""
    course, found = module_for_editing(current_user, course_id, slug, writing=request.method == "POST")
    section = service.state_of(found, key).section
    check_may_read(current_user, section.head["audience"])
    form = HeadForm(data={**section.head, "seen": found.overlay.number}) if request.method == "GET" else HeadForm()
    form.audience.choices = [SelectChoice(*pair) for pair in labels.audience_names().items()]
    if request.method == "GET":
        form.audience.process_data(section.head["audience"])
    if form.validate_on_submit():
        fields = {name: form[name].data for name in ("title", "minutes", "audience")}
        try:
            saved = service.change_head(current_user, course, found, key, fields, seen=form.number)
        except Conflict as refusal:
            return _stale(course, found, form, refusal, "section-head", section=section)
        say_done(course, found, saved, _("Saved. Students see it once you publish the course."))
        return redirect(url_for("structure.module", course_id=course.id, slug=slug) + f"#section-{key}", 303)
    return _form_page("section-head", course, found, form, section=section)


@bp.route("/add-section", methods=["GET", "POST"])
def add_section(course_id: int, slug: str) -> ResponseReturnValue:
    """Add a section of the course's own."""
    course, found = module_for_editing(current_user, course_id, slug, writing=request.method == "POST")
    states = states_of(found.base.source, found.overlay.changes, found.held)
    places = {"first": _("before all others")} | {s.section.key: _("behind “%(section)s”", section=s.section.title) for s in states}
    form = NewSectionForm() if request.method == "POST" else NewSectionForm(data={"minutes": 10, "seen": found.overlay.number})
    names = labels.kind_names()
    for name, choices in (
        ("kind", {kind: names[kind] for kind in labels.ADDABLE_KINDS}),
        ("audience", labels.audience_names()),
        ("after", places),
    ):
        form[name].choices = [SelectChoice(*pair) for pair in choices.items()]
    if request.method == "GET":
        form.after.process_data(next(reversed(places)))
    if form.validate_on_submit():
        fields = {name: form[name].data for name in ("title", "minutes", "audience", "kind")}
        try:
            key, saved = service.add_section(current_user, course, found, fields, after=form.after.data, seen=form.number)
        except Conflict as refusal:
            return _stale(course, found, form, refusal, "add-section")
        say_done(course, found, saved, _("“%(section)s” is added. Now write its text.", section=fields["title"]))
        return redirect(url_for("structure.module", course_id=course.id, slug=slug) + f"#section-{key}", 303)
    return _form_page("add-section", course, found, form)


@bp.route("/about", methods=["GET", "POST"])
def about(course_id: int, slug: str) -> ResponseReturnValue:
    """Show what a module is called and what it is about; have the course say it otherwise."""
    course, found = module_for_editing(current_user, course_id, slug, writing=request.method == "POST")
    shown = {"title": found.source.title, "summary": found.source.summary, "seen": found.overlay.number}
    form = AboutForm() if request.method == "POST" else AboutForm(data=shown)
    if form.validate_on_submit():
        try:
            saved = service.change_about(current_user, course, found, form.title.data, form.summary.data, seen=form.number)
        except Conflict as refusal:
            return _stale(course, found, form, refusal, "module-about")
        say_done(course, found, saved, _("Saved. Students see it once you publish the course."))
        return back(course, found)
    return _form_page("module-about", course, found, form)


def _form_page(name: str, course: Course, module: AdaptedModule, form: Any, **more: Any) -> ResponseReturnValue:
    page = render_template(f"adaptation/{name}.html", course=course, module=module, form=form, stale=False, **more)
    return page, 422 if form.errors else 200


def _stale(course: Course, module: AdaptedModule, form: Any, refusal: Conflict, name: str, **more: Any) -> ResponseReturnValue:
    """Show what was typed again, made from the newest state now, to be looked at and sent once more."""
    form.seen.data = str(module.overlay.number)
    page = render_template(f"adaptation/{name}.html", course=course, module=module, form=form, stale=True, refusal=refusal.message, **more)
    return page, 409
