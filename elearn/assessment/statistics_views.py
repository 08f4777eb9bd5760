"""Statistics of quizzes: of one class for those who teach it, of many for coordinators and editors."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from elearn import throttle
from elearn.accounts.permissions import Permission, may
from elearn.assessment import statistics_access as access
from elearn.assessment import statistics_drawings as drawings
from elearn.assessment import statistics_labels as labels
from elearn.assessment import statistics_queries as queries
from elearn.assessment.statistics_report import ItemLine, QuizReport, quiz_report
from elearn.assessment.statistics_service import refresh_statistics
from elearn.catalogue.queries import current_series
from elearn.errors import NotFound
from elearn.jobs.service import enqueue
from elearn.learning.labels import moment
from elearn.web.guard import wants
from elearn.web.headers import attach
from elearn.web.lists import LONGEST_FILTER

bp = Blueprint("statistics", __name__)

#: More attempts than these are counted in the background only: on SQLite nobody else can write meanwhile.
MOST_AT_ONCE = 1000
#: Each adds up every answer of a class.
COUNTS_PER_PERSON, WINDOW = 30, timedelta(minutes=10)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "moment": moment,
        "shown": drawings.shown,
        "quiz_labels": labels.QUIZ_FIGURES,
        "item_labels": labels.ITEM_FIGURES,
        "why_none": labels.why_none,
        "steady": labels.STEADY,
        "totals_drawing": drawings.totals_drawing,
        "answers_drawing": drawings.answers_drawing,
    }


@bp.get("/teach/classes/<int:class_id>/quizzes/<slug>/statistics")
def class_statistics(class_id: int, slug: str) -> ResponseReturnValue:
    """Show how a class did at a quiz, and how its questions did."""
    taught, pool = access.pool_of_class(current_user, class_id)
    module = access.quiz_of_class(taught, slug)
    report = quiz_report(pool, module.module_id, _asked_quiz(), taught.edition.language)
    return render_template(
        "assessment/class-statistics.html",
        taught=taught,
        module=module,
        pool=pool,
        report=report,
        since=queries.finished_since(class_id, module.module_id, report.quiz.newest if report else None),
        timezone=taught.course_class.timezone,
        may_fix=False,
        slug=slug,
        base=url_for("statistics.class_statistics", class_id=class_id, slug=slug),
        opened=_opened(report),
        address=lambda question: _address("statistics.class_statistics", question, class_id=class_id, slug=slug),
        export=_address("statistics.class_csv", class_id=class_id, slug=slug),
    )


@bp.post("/teach/classes/<int:class_id>/quizzes/<slug>/statistics")
def refresh(class_id: int, slug: str) -> ResponseReturnValue:
    """Count the attempts of a class at a quiz anew."""
    throttle.spend("count-statistics", str(current_user.id), limit=COUNTS_PER_PERSON, window=WINDOW)
    taught, _pool = access.pool_of_class(current_user, class_id)
    module = access.quiz_of_class(taught, slug)
    if queries.finished_since(class_id, module.module_id, None) > MOST_AT_ONCE:
        place = {"class_id": class_id, "module_id": module.module_id}
        enqueue("count-statistics", place, key=f"statistics:{class_id}:{module.module_id}", person_id=current_user.id)
        flash(_("This class has so many attempts that they are counted in the background. Please look again in a minute."), "info")
    else:
        counted = refresh_statistics(class_id, module.module_id)
        flash(ngettext("%(num)s attempt is counted.", "%(num)s attempts are counted.", counted), "success")
    return redirect(url_for("statistics.class_statistics", class_id=class_id, slug=slug), 303)


@bp.get("/teach/classes/<int:class_id>/quizzes/<slug>/statistics.csv")
def class_csv(class_id: int, slug: str) -> ResponseReturnValue:
    """Send the same figures as CSV."""
    taught, pool = access.pool_of_class(current_user, class_id)
    module = access.quiz_of_class(taught, slug)
    report = quiz_report(pool, module.module_id, _asked_quiz(), taught.edition.language)
    return _download(report, f"{taught.course_class.code.lower()}-{slug}")


@bp.get("/coordinate/quizzes/")
@wants(Permission.SEE_FIGURES)
def coordinated_quizzes() -> ResponseReturnValue:
    """Show a coordinator which quizzes have figures."""
    return _quizzes(_coordinated(), "statistics.coordinated_statistics", "coordinate")


@bp.get("/coordinate/quizzes/<slug>/statistics")
@wants(Permission.SEE_FIGURES)
def coordinated_statistics(slug: str) -> ResponseReturnValue:
    """Show a coordinator how the classes they answer for did at a quiz."""
    return _pooled(slug, _coordinated(), "coordinate")


@bp.get("/coordinate/quizzes/<slug>/statistics.csv")
@wants(Permission.SEE_FIGURES)
def coordinated_csv(slug: str) -> ResponseReturnValue:
    """Send the same figures as CSV."""
    return _pooled_csv(slug, _coordinated())


@bp.get("/edit/quizzes/")
@wants(Permission.SEE_ITEM_STATISTICS)
def edited_quizzes() -> ResponseReturnValue:
    """Show an editor which quizzes have figures."""
    return _quizzes(access.pool_for_editing(), "statistics.edited_statistics", "edit")


@bp.get("/edit/quizzes/<slug>/statistics")
@wants(Permission.SEE_ITEM_STATISTICS)
def edited_statistics(slug: str) -> ResponseReturnValue:
    """Show an editor how a quiz and its questions did, over all institutions."""
    return _pooled(slug, access.pool_for_editing(), "edit")


@bp.get("/edit/quizzes/<slug>/statistics.csv")
@wants(Permission.SEE_ITEM_STATISTICS)
def edited_csv(slug: str) -> ResponseReturnValue:
    """Send the same figures as CSV."""
    return _pooled_csv(slug, access.pool_for_editing())


def _coordinated() -> access.Pool:
    return access.pool_for_coordinating(current_user, _asked_institution())


def _quizzes(pool: access.Pool, endpoint: str, desk: str) -> str:
    series, language = current_series(), _language()
    kept = queries.kept_quizzes(pool.where)
    lines = [
        (
            module.text(language, series.source).title,
            url_for(endpoint, slug=module.slug, institution=_asked_institution() or None),
            kept.get(module.module_id, []),
        )
        for module in series.modules
        if module.quiz is not None
    ]
    return render_template("assessment/pooled-quizzes.html", lines=lines, pool=pool, desk=desk, **_choice(desk))


def _pooled(slug: str, pool: access.Pool, desk: str) -> str:
    module_id, title = _module(slug)
    report = quiz_report(pool, module_id, _asked_quiz(), _language())
    endpoint = "coordinated" if desk == "coordinate" else "edited"
    return render_template(
        "assessment/pooled-statistics.html",
        title=title,
        pool=pool,
        report=report,
        desk=desk,
        may_fix=desk == "edit" and may(current_user, Permission.EDIT_SERIES) and current_series().module(slug) is not None,
        slug=slug,
        timezone=current_user.timezone or "UTC",
        base=url_for(f"statistics.{endpoint}_statistics", slug=slug),
        opened=_opened(report),
        address=lambda question: _address(f"statistics.{endpoint}_statistics", question, slug=slug),
        export=_address(f"statistics.{endpoint}_csv", slug=slug),
        **_choice(desk),
    )


def _choice(desk: str) -> dict[str, Any]:
    """Return between which institutions one may choose, and which is chosen."""
    return {
        "institutions": access.institutions_to_choose(current_user) if desk == "coordinate" else [],
        "institution": _asked_institution(),
    }


def _pooled_csv(slug: str, pool: access.Pool) -> ResponseReturnValue:
    module_id, _title = _module(slug)
    return _download(quiz_report(pool, module_id, _asked_quiz(), _language()), slug)


def _module(slug: str) -> tuple[int, str]:
    """Return the module with this slug and its title; one that the series no longer has may have figures still."""
    series = current_series()
    module = series.module(slug)
    if module is not None:
        return module.module_id, module.text(_language(), series.source).title
    module_id = queries.module_id_of(slug)
    if module_id is None:
        raise NotFound
    return module_id, slug


def _download(report: QuizReport | None, name: str) -> Response:
    if report is None:
        raise NotFound(_("No attempt is counted yet, so that there is nothing to download."))
    body = "".join(drawings.csv_lines(report, demonstration=current_app.extensions["is_demonstration"]()))
    return attach(Response(body, content_type="text/csv; charset=utf-8"), f"{name}-statistics.csv")


def _address(endpoint: str, question: object = None, **values: Any) -> str:
    """Return an address that keeps what is asked for, with a question opened."""
    kept: dict[str, Any] = {"quiz": _asked_quiz() or None, "institution": _asked_institution() or None, "question": question}
    return url_for(endpoint, **values, **kept, _anchor="question" if question else None)


def _opened(report: QuizReport | None) -> Sequence[ItemLine]:
    """Return the questions that are looked at closely: the one asked for, or all."""
    asked = request.args.get("question", "")
    items = report.items if report else ()
    return [item for item in items if asked in {"all", str(item.id)}]


def _asked_quiz() -> str:
    return request.args.get("quiz", "")[:LONGEST_FILTER]


def _asked_institution() -> str:
    return request.args.get("institution", "")[:LONGEST_FILTER]


def _language() -> str:
    return str(get_locale() or "en").replace("_", "-")
