"""Taking a quiz: in a class, or to practise. Every page works without script; ``static/js/quiz.js`` only saves sooner."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time, get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from elearn.assessment import access, queries, service
from elearn.assessment.access import OwnAttempt, QuizPlace
from elearn.assessment.questions import questions_of
from elearn.assessment.responses import given_by_form, given_by_script
from elearn.assessment.review import Review, review_of
from elearn.assessment.scoring import Total
from elearn.errors import Invalid
from elearn.learning.progress import shown_points
from elearn.web.charts import Frame, outcome_bars
from elearn.web.guard import public
from elearn.web.pages import language_of

bp = Blueprint("assessment", __name__)


@bp.context_processor
def _words() -> dict[str, Callable[..., str]]:
    return {"shown_points": shown_points, "moment": _moment}


def _moment(at: datetime, timezone: str) -> str:
    """Return a moment as people of ``timezone`` write it; the page names the zone."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{format_date(local, 'medium', rebase=False)}, {format_time(local, 'short', rebase=False)}"


@bp.get("/classes/<int:class_id>/<slug>/quiz")
def class_quiz(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the quiz of a module in a class: its rules, and how one did so far."""
    return _quiz_page(access.quiz_in_class(current_user, class_id, slug))


@bp.post("/classes/<int:class_id>/<slug>/quiz")
def start_class_quiz(class_id: int, slug: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the one that is open."""
    return _start(access.quiz_in_class(current_user, class_id, slug, writing=True))


@bp.get("/modules/<slug>/quiz")
@public
def practice_quiz(slug: str) -> ResponseReturnValue:
    """Show the quiz of a module of the series, which anyone signed in may practise."""
    return _quiz_page(access.quiz_for_practice(slug))


@bp.post("/modules/<slug>/quiz")
def start_practice_quiz(slug: str) -> ResponseReturnValue:
    """Begin to practise, or go on with what is open."""
    return _start(access.quiz_for_practice(slug))


def _quiz_page(place: QuizPlace) -> ResponseReturnValue:
    begun = []
    if current_user.is_authenticated:
        begun = queries.attempts_at(current_user.id, place.module_id, place.class_id, place.edition_id)
    finished = [(line, Total(line.points or 0, line.max_points or 0)) for line in begun if line.finished_at is not None]
    return render_template(
        "assessment/quiz.html",
        place=place,
        module_url=_module_url(place.desk.seat.class_id if place.desk else None, place.slug),
        finished=finished,
        best=max((mark for _line, mark in finished), key=lambda mark: mark.share, default=None),
        open_attempt=next((line for line in begun if line.finished_at is None), None),
        left=None if not place.allowed else max(place.allowed - len(begun), 0),
    )


def _start(place: QuizPlace) -> ResponseReturnValue:
    return redirect(url_for("assessment.attempt", attempt_id=service.start_attempt(current_user, place)), 303)


def _module_url(class_id: int | None, slug: str) -> str:
    if class_id is None:
        return url_for("catalogue.module", slug=slug)
    return url_for("learning.module_page", class_id=class_id, slug=slug)


@bp.get("/attempts/<int:attempt_id>")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """Show an attempt: its questions, or once it is submitted its result."""
    found = access.attempt_for_reading(current_user, attempt_id)
    return _questions_page(found) if found.finished_at is None else _result_page(found)


@bp.post("/attempts/<int:attempt_id>")
def answer(attempt_id: int) -> ResponseReturnValue:
    """Save the answers of the form; submit them, if that is what was asked and none is missing, or it does not matter."""
    found = access.attempt_for_taking(current_user, attempt_id)
    action = request.form.get("action", "save")
    if action not in {"save", "submit", "submit-anyway"}:
        raise Invalid(_("Say whether to save or to submit."), {"action": _("Choose to save or to submit.")})
    page = url_for("assessment.attempt", attempt_id=attempt_id)
    if found.finished_at is not None and action != "save":
        flash(_("This attempt was submitted before. Nothing was changed."), "info")
        return redirect(page, 303)
    items = queries.laid_items(found.layout)
    try:
        answers = service.save_answers(found, given_by_form(items, request.form))
    except Invalid as refusal:
        return _questions_page(found, refusal), 422
    if action == "save":
        flash(_("Your answers are saved."), "success")
        return redirect(page, 303)
    if action == "submit" and any(item.id not in answers or answers[item.id].response is None for item in items):
        return redirect(url_for("assessment.attempt", attempt_id=attempt_id, confirm=1, _anchor="submit"), 303)
    service.submit_attempt(found, answers)
    return redirect(page, 303)


@bp.post("/attempts/<int:attempt_id>/answers")
def save(attempt_id: int) -> ResponseReturnValue:
    """Save answers that a script sends; say which are saved, once they are."""
    found = access.attempt_for_taking(current_user, attempt_id)
    given, sender = given_by_script(_message())
    answers = service.save_answers(found, given, sender=sender)
    saved = list(dict.fromkeys(each.item for each in given))
    return {"saved": saved, "sequence": max((known.sequence for known in answers.values()), default=0)}


def _message() -> Any:
    try:
        return request.get_json()
    except RecursionError:
        raise Invalid(_("This message is nested too deeply.")) from None


def _questions_page(found: OwnAttempt, refusal: Invalid | None = None) -> str:
    questions = questions_of(found, request.form if refusal else None, refusal)
    named = {question.field for question in questions if question.fault}
    return render_template(
        "assessment/attempt.html",
        attempt=found,
        rules=queries.rules_of(found.edition_id, found.revision_id, found.module_id, found.language),
        quiz_url=_quiz_url(found),
        questions=questions,
        answered=sum(question.is_answered for question in questions),
        unplaced=_unplaced(refusal, named),
        closed=found.closed(),
        confirm="confirm" in request.args and not all(question.is_answered for question in questions),
    )


def _unplaced(refusal: Invalid | None, named: set[str]) -> list[str]:
    """Return what is wrong with no question of the page."""
    if refusal is None:
        return []
    return [message for name, message in refusal.fields.items() if name not in named] or ([] if named else [refusal.message])


def _quiz_url(found: OwnAttempt) -> str:
    if found.place_class_id is not None:
        return url_for("assessment.class_quiz", class_id=found.place_class_id, slug=found.slug)
    return url_for("assessment.practice_quiz", slug=found.slug)


def _result_page(found: OwnAttempt) -> str:
    review = review_of(found)
    allowed = review.rules.allowed if found.class_id is not None else 0
    may_try = (not allowed or found.begun < allowed) and not found.closed()
    return render_template(
        "assessment/result.html",
        attempt=found,
        review=review,
        quiz_url=_quiz_url(found),
        module_url=_module_url(found.place_class_id, found.slug),
        chart=_chart(review),
        may_try=may_try,
        left=allowed - found.begun if allowed else None,
    )


def _chart(review: Review) -> Markup:
    mark = review.rules.pass_mark
    bars = [(outcome.words, float(outcome.total.percent)) for outcome in review.outcomes]
    frame = Frame(
        "outcomes",
        _("Result by learning outcome"),
        ngettext(
            "%(num)s outcome; the dashed line is the pass mark, %(mark)s per cent.",
            "%(num)s outcomes; the dashed line is the pass mark, %(mark)s per cent.",
            len(bars),
            mark=mark,
        ),
        _("No question of this quiz belongs to an outcome."),
        direction=language_of(str(get_locale() or "en").replace("_", "-")).direction,  # type: ignore[arg-type]
    )
    return outcome_bars(bars, frame, pass_mark=float(mark), pass_label=_("Pass mark %(mark)s %%", mark=mark))
