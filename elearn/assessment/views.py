"""Taking a quiz: in a class, or to practise. Every page works without script; ``static/js/quiz.js`` only saves sooner."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from elearn import clock
from elearn.accounts.permissions import Visitor
from elearn.assessment import access, attempt_access, queries, service, start_service, submit_service, try_service
from elearn.assessment.access import QuizPlace
from elearn.assessment.attempt_access import OwnAttempt
from elearn.assessment.attempt_queries import AttemptLine
from elearn.assessment.labels import grading_words
from elearn.assessment.question_page import asked
from elearn.assessment.questions import questions_of
from elearn.assessment.responses import given_by_form, given_by_script
from elearn.assessment.result_page import laid_out
from elearn.assessment.review import Review, review_of
from elearn.assessment.review_rules import may_see_key
from elearn.assessment.scoring import Total
from elearn.errors import Invalid, NotFound
from elearn.learning.labels import moment
from elearn.learning.progress import Gained, counting_mark, shown_points
from elearn.web.charts import Frame, outcome_bars
from elearn.web.guard import public
from elearn.web.pages import language_of

bp = Blueprint("assessment", __name__)


@bp.context_processor
def _words() -> dict[str, Callable[..., str]]:
    return {"shown_points": shown_points, "moment": moment}


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
    return _quiz_page(access.quiz_for_practice(_visitor(), slug))


@bp.post("/modules/<slug>/quiz")
def start_practice_quiz(slug: str) -> ResponseReturnValue:
    """Begin to practise, or go on with what is open."""
    return _start(access.quiz_for_practice(_visitor(), slug))


def _visitor() -> Visitor | None:
    return current_user if current_user.is_authenticated else None


def _quiz_page(place: QuizPlace) -> ResponseReturnValue:
    lines = place.begun.lines
    finished = [(line, Total(line.points or 0, line.max_points or 0)) for line in lines if line.finished_at is not None]
    return render_template(
        "assessment/quiz.html",
        place=place,
        module_url=_module_url(place.desk.seat.class_id if place.desk else None, place.slug),
        finished=finished,
        counting=_counting(place, finished),
        open_attempt=place.begun.open,
        left=None if not place.allowed else max(place.allowed - len(lines), 0),
        grading=grading_words(place.rules.grading),
        shows_marks=place.rules.shows("marks", clock.now()),
    )


def _counting(place: QuizPlace, finished: list[tuple[AttemptLine, Total]]) -> Total | None:
    """Return the mark that counts of the attempts that are finished."""
    if not finished:
        return None
    gained = [Gained(mark.points, mark.max_points, is_provisional=line.pending_count > 0) for line, mark in finished]
    mark = counting_mark(gained, place.rules.grading)
    return Total(mark.points, mark.max_points)


def _start(place: QuizPlace) -> ResponseReturnValue:
    return redirect(url_for("assessment.attempt", attempt_id=start_service.start_attempt(current_user, place)), 303)


def _module_url(class_id: int | None, slug: str) -> str:
    if class_id is None:
        return url_for("catalogue.module", slug=slug)
    return url_for("learning.module_page", class_id=class_id, slug=slug)


@bp.get("/attempts/<int:attempt_id>")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """Show an attempt: its questions, or once it is submitted its result."""
    found = attempt_access.attempt_for_reading(current_user, attempt_id)
    return _questions_page(found) if found.finished_at is None else _result_page(found)


@bp.post("/attempts/<int:attempt_id>")
def answer(attempt_id: int) -> ResponseReturnValue:
    """Save the answers of the form; then do what was asked: save, look at one, or submit, if none is missing or it does not matter.

    Where the time is over, what comes now is kept as late, and the attempt is closed with what came in time.
    """
    found = attempt_access.attempt_for_taking(current_user, attempt_id)
    action, _colon, key = request.form.get("action", "save").partition(":")
    if action not in {"save", "submit", "submit-anyway", "look"}:
        raise Invalid(_("Say whether to save or to submit."), {"action": _("Choose to save or to submit.")})
    page = url_for("assessment.attempt", attempt_id=attempt_id)
    if found.finish == "submitted" and action != "save":
        flash(_("This attempt was submitted before. Nothing was changed."), "info")
        return redirect(page, 303)
    items = queries.laid_items(found.layout)
    try:
        kept = service.save_answers(found, given_by_form(items, request.form))
        if action == "look" and found.finished_at is None and not found.is_due(clock.now()):
            return _look(found, next((item for item in items if item.key == key), None), kept)
    except Invalid as refusal:
        return _questions_page(found, refusal), 422
    if _is_over(found, kept):
        return redirect(page, 303)
    if action == "save":
        flash(_("Your answers are saved."), "success")
        return redirect(page, 303)
    given = {item.id: kept.standing[item.id].response for item in items if item.id in kept.standing}
    if action == "submit" and not all(item.is_answered(given.get(item.id), found.language) for item in items):
        return redirect(url_for("assessment.attempt", attempt_id=attempt_id, confirm=1, _anchor="submit"), 303)
    submit_service.submit_attempt(found, kept.standing)
    return redirect(page, 303)


def _look(found: OwnAttempt, item: queries.LaidItem | None, kept: service.Kept) -> ResponseReturnValue:
    """Have one answer checked, and show its question again."""
    if item is None:
        raise NotFound
    try_service.look(found, item, kept.standing.get(item.id))
    return redirect(url_for("assessment.attempt", attempt_id=found.id, _anchor=f"question-{item.number}"), 303)


def _is_over(found: OwnAttempt, kept: service.Kept) -> bool:
    """Return whether the attempt's time is over, having closed it and said what became of what was sent."""
    now = clock.now()
    if found.finished_at is None and not found.is_due(now):
        return False
    if found.finished_at is None:
        submit_service.close_due(found, at=now)
    if kept.late:
        words = ngettext(
            "%(num)s answer came after the time was over. It is kept and shown to your professor, but not marked.",
            "%(num)s answers came after the time was over. They are kept and shown to your professor, but not marked.",
            len(kept.late),
        )
        flash(words, "warning")
    else:
        flash(_("The time is over. The attempt is marked with what was saved in time."), "info")
    return True


@bp.post("/attempts/<int:attempt_id>/answers")
def save(attempt_id: int) -> ResponseReturnValue:
    """Save answers that a script sends; say which are saved, once they are, and which of them came too late to be marked."""
    found = attempt_access.attempt_for_taking(current_user, attempt_id)
    given, sender = given_by_script(_message())
    now = clock.now()
    kept = service.save_answers(found, given, sender=sender, at=now)
    if found.is_due(now):
        submit_service.close_due(found, at=now)
    keys = {item.id: item.key for item in queries.laid_items(found.layout)}
    return {
        "saved": list(dict.fromkeys(each.item for each in given)),
        "late": sorted(keys[item] for item in kept.late),
        "sequence": kept.sequence,
        "seconds_left": found.seconds_left(now),
    }


def _message() -> Any:
    try:
        return request.get_json()
    except RecursionError:
        raise Invalid(_("This message is nested too deeply.")) from None


def _questions_page(found: OwnAttempt, refusal: Invalid | None = None) -> str:
    questions = questions_of(found, request.form if refusal else None, refusal)
    named = {question.field for question in questions if question.fault}
    now = clock.now()
    is_due = found.is_due(now)
    return render_template(
        "assessment/attempt.html",
        attempt=found,
        rules=queries.rules_of(found.edition_id, found.revision_id, found.module_id, found.language),
        quiz_url=_quiz_url(found),
        questions=questions,
        laid=asked(found, questions, is_open=not is_due and not found.closed()),
        answered=sum(question.is_answered for question in questions),
        unplaced=_unplaced(refusal, named),
        closed=found.closed(),
        is_due=is_due,
        seconds_left=None if is_due else found.seconds_left(now),
        timezone=found.timezone or current_user.timezone or "UTC",
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
    now = clock.now()
    if not found.rules.shows("marks", now):
        return render_template(
            "assessment/result-later.html",
            attempt=found,
            rules=queries.rules_of(found.edition_id, found.revision_id, found.module_id, found.language),
            quiz_url=_quiz_url(found),
            timezone=found.timezone or "UTC",
            is_promised=found.rules.review.get("marks") == "closed",
        )
    review = review_of(found)
    allowed = found.rules.attempts if found.class_id is not None else 0
    may_try = (not allowed or found.begun < allowed) and not found.closed()
    return render_template(
        "assessment/result.html",
        attempt=found,
        review=review,
        questions=laid_out(found, review, now),
        shows_key=may_see_key(found.rules, now),
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
