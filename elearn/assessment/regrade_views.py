"""Marking answers again: choose a question and a policy, look at what would change, apply it, undo it."""

from datetime import timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn import throttle
from elearn.accounts.permissions import Permission
from elearn.assessment import regrade_access as access
from elearn.assessment import regrade_labels as labels
from elearn.assessment import regrade_list_queries as queries
from elearn.assessment import regrade_service as service
from elearn.assessment.item_choice_queries import ItemChoice, items_of
from elearn.assessment.regrade_changes import change_csv
from elearn.assessment.regrade_forms import RegradeForm, UndoForm
from elearn.errors import Invalid
from elearn.jobs.queries import jobs_of
from elearn.web.guard import wants
from elearn.web.headers import attach
from elearn.web.lists import asked_for, page_of

bp = Blueprint("regrades", __name__)

#: Each marks every answer to the question once more, to see what would change.
REGRADES_PER_PERSON, WINDOW = 30, timedelta(minutes=10)


@bp.route("/teach/classes/<int:class_id>/quizzes/<slug>/regrade", methods=["GET", "POST"])
def class_quiz(class_id: int, slug: str) -> ResponseReturnValue:
    """Show what was marked again in the quiz of a class; begin to mark a question again."""
    return _quiz_page(access.class_quiz_for_regrading(current_user, class_id, slug))


@bp.route("/teach/courses/<int:course_id>/quizzes/<slug>/regrade", methods=["GET", "POST"])
def course_quiz(course_id: int, slug: str) -> ResponseReturnValue:
    """Do the same in all classes of a course."""
    return _quiz_page(access.course_quiz_for_regrading(current_user, course_id, slug))


@bp.route("/edit/quizzes/<slug>/regrade", methods=["GET", "POST"])
@wants(Permission.EDIT_SERIES)
def series_quiz(slug: str) -> ResponseReturnValue:
    """Do the same everywhere."""
    return _quiz_page(access.series_quiz_for_regrading(current_user, slug))


def _quiz_page(ground: access.Ground) -> ResponseReturnValue:
    items = items_of(ground.module_id, ground.item_revision_ids, ground.course_id)
    asked = request.values.get("item", "")
    item = next((each for each in items if each.key == asked), None)
    form = _form(ground, item) if item else None
    if item and form and form.validate_on_submit():
        throttle.spend("regrade", str(current_user.id), limit=REGRADES_PER_PERSON, window=WINDOW)
        try:
            regrade_id = service.start_regrade(
                current_user,
                ground,
                item,
                policy=form.policy.data,
                revision_id=form.revision.data or 0,
                reason=form.reason.data,
                scope=form.scope.data,
            )
        except Invalid as refusal:
            for name, message in refusal.fields.items():
                form[name].errors = [message]
        else:
            return redirect(url_for("regrades.regrade", regrade_id=regrade_id), 303)
    page = render_template(
        "assessment/regrade-quiz.html",
        ground=ground,
        items=items,
        item=item,
        form=form,
        log=queries.log_of(ground.module_id, class_id=ground.class_id, course_id=ground.course_id),
        **labels.page_words(),
    )
    return page, 422 if request.method == "POST" else 200


def _form(ground: access.Ground, item: ItemChoice) -> RegradeForm:
    form = RegradeForm()
    form.policy.choices = list(labels.policy_names().items())
    scopes = ["class", "course"] if ground.is_whole_course and ground.scope == "class" else [ground.scope]
    form.scope.choices = [(scope, labels.scope_names()[scope]) for scope in scopes]
    last = item.revisions[-1].id
    form.revision.choices = [
        (each.id, _("state %(number)d (the newest)", number=each.number) if each.id == last else _("state %(number)d", number=each.number))
        for each in reversed(item.revisions)
    ]
    if request.method == "GET":
        form.scope.data, form.revision.data = scopes[0], last
    return form


@bp.get("/teach/regrades/<int:regrade_id>")
def regrade(regrade_id: int) -> ResponseReturnValue:
    """Show what a regrade changes, or has changed."""
    return _regrade_page(access.regrade_for_reading(current_user, regrade_id), UndoForm())


def _regrade_page(found: access.RegradeInView, undo: UndoForm) -> str:
    shown = found.regrade
    asked = asked_for(which=tuple(labels.narrowing_names()))
    page = None
    lines: list[queries.ChangeLine] = []
    if found.shows_names and shown.counts is not None:
        total = queries.count_of_changes(shown.id, asked["which"])
        page = page_of(total, queries.LINES_A_PAGE, f"/teach/regrades/{shown.id}", asked)
        lines = list(queries.change_lines(shown.id, asked["which"], offset=page.offset))
    job = next(iter(jobs_of([shown.job_id] if shown.job_id else [])), None)
    return render_template(
        "assessment/regrade.html",
        view=found,
        regrade=shown,
        job=job if job and (job.is_unfinished or job.state == "failed") and not job.is_for_later else None,
        asked=asked,
        page=page,
        lines=lines,
        class_lines=[] if found.shows_names or shown.counts is None else queries.class_lines(shown.id),
        narrowings=labels.narrowing_names(),
        undo=undo,
        quiz_url=_quiz_url(found),
        facts=queries.facts_of(shown),
        **labels.page_words(),
    )


def _quiz_url(found: access.RegradeInView) -> str:
    if found.regrade.scope == "class":
        return url_for("regrades.class_quiz", class_id=found.regrade.class_id, slug=found.slug)
    if found.regrade.scope == "course":
        return url_for("regrades.course_quiz", course_id=found.regrade.course_id, slug=found.slug)
    return url_for("regrades.series_quiz", slug=found.slug)


@bp.post("/teach/regrades/<int:regrade_id>/apply")
def apply(regrade_id: int) -> ResponseReturnValue:
    """Have the marks of the dry run given, unless attempts came in since: those are counted first."""
    found = access.regrade_for_deciding(current_user, regrade_id)
    if news := service.apply_regrade(current_user, found):
        words = ngettext(
            "%(num)s attempt came in or was marked since this was counted. It is being counted now: look again, then apply.",
            "%(num)s attempts came in or were marked since this was counted. They are being counted now: look again, then apply.",
            news,
        )
        flash(words, "warning")
    else:
        flash(_("The answers are being marked again. The students concerned are told."), "success")
    return redirect(url_for("regrades.regrade", regrade_id=regrade_id), 303)


@bp.post("/teach/regrades/<int:regrade_id>/undo")
def undo(regrade_id: int) -> ResponseReturnValue:
    """Have every mark be what it was before."""
    found = access.regrade_for_deciding(current_user, regrade_id)
    form = UndoForm()
    if not form.validate_on_submit():
        return _regrade_page(found, form), 422
    service.undo_regrade(current_user, found, form.reason.data)
    flash(_("It is being undone: every mark becomes what it was before. The students concerned are told."), "success")
    return redirect(url_for("regrades.regrade", regrade_id=regrade_id), 303)


@bp.get("/teach/regrades/<int:regrade_id>/changes.csv")
def changes_csv(regrade_id: int) -> ResponseReturnValue:
    """Send what a regrade changes: by name for those who teach the class, else class by class."""
    found = access.regrade_for_reading(current_user, regrade_id)
    lines = change_csv(regrade_id, shows_names=found.shows_names)
    return attach(Response(stream_with_context(lines), content_type="text/csv; charset=utf-8"), f"regrade-{regrade_id}.csv")
