"""Reports of problems for those who answer them: the list, a report with its answers, and a section with its reports beside it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.catalogue.queries import current_series
from elearn.errors import Conflict, Invalid
from elearn.problems import access, queries, service
from elearn.problems.access import ReportInView
from elearn.problems.forms import AnswerForm
from elearn.problems.labels import act_names, kind_names, short_kind_names, state_names
from elearn.problems.models import ProblemReport
from elearn.problems.owner_queries import passages_now
from elearn.problems.passages import first_words, same, successor
from elearn.web.lists import asked_for, page_of

bp = Blueprint("problem_handling", __name__)


@bp.get("/problems/")
def reports() -> ResponseReturnValue:
    """Show the reports that somebody has to do with; whoever has to do with none sees their own."""
    sees_all = may(current_user, Permission.SEE_PROBLEMS)
    if not sees_all and not queries.teaches_anywhere(current_user):
        return redirect(url_for("problems.mine"))
    visible = queries.visible_to(current_user)
    series = current_series()
    classes = queries.classes_with_reports(visible)
    modules = [(module.slug, module.text(series.source, series.source).title) for module in series.modules]
    choices = {
        "state": tuple(state_names()),
        "kind": tuple(kind_names()),
        "module": [slug for slug, _title in modules],
        "class": [number for number, _title in classes],
        "whose": ("editors", "classes") if sees_all else (),
    }
    asked = asked_for(**choices)
    page = page_of(queries.count_of_reports(visible, asked), queries.REPORTS_A_PAGE, "/problems/", asked)
    return render_template(
        "problems/reports.html",
        reports=queries.reports(visible, asked, page.offset),
        page=page,
        asked=asked,
        modules=modules,
        classes=classes,
        sees_all=sees_all,
        kinds=short_kind_names(),
        states=state_names(),
        first_words=first_words,
    )


@bp.route("/problems/<int:report_id>", methods=["GET", "POST"])
def report(report_id: int) -> ResponseReturnValue:
    """Show a report with its passage and answers; take an answer from those who give them."""
    if request.method == "GET":
        found = access.report_for_reading(current_user, report_id)
        return _report_page(found, _answer_form(found))
    found = access.report_for_handling(current_user, report_id)
    form = _answer_form(found)
    if not form.validate_on_submit():
        return _report_page(found, form), 422
    try:
        service.answer_report(
            found.report,
            current_user,
            act=form.act.data,
            words=form.words.data,
            mended_in=(form.revision.data or None) if form.act.data == "mended" else None,
            seen=int(form.seen.data) if (form.seen.data or "").isdecimal() and len(form.seen.data) < 10 else 0,  # noqa: PLR2004 (a row's number)
        )
    except Conflict as refusal:
        form.words.errors = [refusal.message]
        return _report_page(found, form), 409
    except Invalid as refusal:
        form.revision.errors = list(refusal.fields.values())
        return _report_page(found, form), 422
    flash(_("Your answer stands below the report."), "success")
    return redirect(url_for("problem_handling.report", report_id=report_id), 303)


def _answer_form(found: ReportInView) -> AnswerForm:
    form = AnswerForm()
    names = {"answered": _("It stays open to more answers"), "mended": _("It is mended"), "no-fault": _("It is not a fault")}
    form.act.choices = list(names.items())
    form.revision.choices = [(0, _("Choose a version")), *(_mending(found.report) if found.may_handle else [])]
    return form


def _mending(report: ProblemReport) -> list[tuple[int, str]]:
    """Return what can have mended a report, with the words for it: editions of the course that it is about, or versions of the series."""
    if report.course_id is not None:
        editions = queries.newer_editions(report.course_id, report.module_id, report.made_at)
        return [(key, _("Edition %(number)s", number=number) + f", {format_date(when, 'medium')}") for key, number, when in editions]
    newer = queries.newer_revisions(report.module_id, queries.facts_of(report).number)
    return [(key, f"{version}: {note}" if note else version) for key, version, note in newer]


def _report_page(found: ReportInView, form: AnswerForm) -> str:
    report, facts = found.report, queries.facts_of(found.report)
    now = passages_now(report) if found.sees_passage else ()
    unchanged = same(now, report.passage_digest, report.passage_place or 0) if report.passage_digest else None
    answers = queries.answers_to(report.id)
    # Beyond this a conflict is shown anew: what is on this page is what was seen.
    form.seen.data = str(answers[-1].id if answers else 0)
    return render_template(
        "problems/report.html",
        view=found,
        report=report,
        facts=facts,
        form=form,
        answers=answers,
        unchanged=unchanged is not None,
        later=None if unchanged or not report.passage else successor(now, report.passage),
        kinds=kind_names(),
        states=state_names(),
        acts=act_names(),
        editor_url=f"/teach/courses/{report.course_id}/{facts.slug}/sections/{report.section_key}" if found.is_author else "",
        section_url=_section_url(report.class_id if found.is_in_class else None, facts.slug, report.section_key, report.language),
    )


def _section_url(class_id: int | None, slug: str, key: str, language: str) -> str:
    if class_id is not None:
        return f"/classes/{class_id}/{slug}/{key}"
    return f"/modules/{slug}/{key}" if language == current_series().source else f"/{language}/modules/{slug}/{key}"


@bp.post("/problems/<int:report_id>/reopen")
def reopen(report_id: int) -> ResponseReturnValue:
    """Open a report again."""
    found = access.report_for_handling(current_user, report_id)
    service.reopen_report(found.report, current_user)
    flash(_("The report is open again."), "success")
    return redirect(url_for("problem_handling.report", report_id=report_id), 303)


@bp.post("/problems/<int:report_id>/pass-on")
def pass_on(report_id: int) -> ResponseReturnValue:
    """Pass a class's report on to the editors."""
    found = access.report_for_passing_on(current_user, report_id)
    service.pass_report_on(found.report, current_user)
    flash(_("The editors find the report among theirs now. You can still answer it."), "success")
    return redirect(url_for("problem_handling.report", report_id=report_id), 303)


@bp.get("/problems/on/<slug>/<key>")
def on_section(slug: str, key: str) -> ResponseReturnValue:
    """Show a section with each unfinished report beside its passage."""
    class_id = access.class_named(request.args.get("class"))
    page = access.page_for_handling(current_user, slug, key, language=request.args.get("language", ""), class_id=class_id)
    found = queries.reports_on(queries.visible_to(current_user), page.module_id, key, page.language, class_id)
    known = page.passages
    beside: dict[int, list[object]] = {}
    elsewhere = []
    for line in found:
        passage = same(known, line.passage_digest, line.passage_place or 0) if line.passage_digest else None
        if passage is None:
            elsewhere.append(line)
        else:
            beside.setdefault(passage.place, []).append(line)
    return render_template(
        "problems/on-section.html",
        page=page,
        passages=known,
        beside=beside,
        elsewhere=elsewhere,
        total=len(found),
        kinds=short_kind_names(),
        states=state_names(),
        first_words=first_words,
    )
