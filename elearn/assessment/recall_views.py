"""The review queue: questions that were answered wrong come back, one by one, to whoever wants them to. Every page works without script."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_login import current_user

from elearn.assessment import recall_access as access
from elearn.assessment import recall_service as service
from elearn.assessment.queries import LaidItem
from elearn.assessment.recall import laid, question_asked, recollection
from elearn.assessment.recall_queries import Queue, Waiting, habit_of, queue_of
from elearn.assessment.responses import LONGEST_NUMBER, given_by_form, read_given
from elearn.errors import Invalid
from elearn.learning.progress import shown_points
from elearn.web.guard import safe_next
from elearn.web.undo import flash_with_undo

bp = Blueprint("recall", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"shown_points": shown_points}


@bp.get("/review")
def review() -> ResponseReturnValue:
    """Show the next question that is due, or when the next one comes; the first time, ask whether questions shall come back."""
    wanted = habit_of(current_user.id)
    if not wanted:
        return render_template("assessment/review-offer.html", was_asked=wanted is not None)
    queue = queue_of(current_user)
    if queue.due:
        return _question_page(queue, queue.due[0])
    next_on = format_date(queue.next_on, "full") if queue.next_on else ""
    return render_template("assessment/review-nothing.html", queue=queue, next_on=next_on)


def _question_page(queue: Queue, waiting: Waiting, refusal: Invalid | None = None) -> str:
    question = question_asked(waiting, request.form if refusal else None, refusal)
    return render_template("assessment/review.html", queue=queue, waiting=waiting, question=question, refusal=refusal)


@bp.post("/review")
def answer() -> ResponseReturnValue:
    """Mark the answer to one question; "I do not know" is an answer, too."""
    queue, waiting = access.question_for_answering(current_user, _number("item"))
    number = _number("number")
    if not service.is_asked(queue, waiting, number):
        return _to(service.answered_before(current_user, waiting, number))
    item = laid(waiting.pinned.id, waiting.item_id, number, waiting.language)
    try:
        response = None if request.form.get("action") == "pass" else _response(item)
    except Invalid as refusal:
        return _question_page(queue, waiting, refusal), 422
    return _to(service.answer_question(current_user, queue, waiting, response, item.graded(response), number=number))


def _response(item: LaidItem) -> Any:
    """Return what the form answers; raise Invalid where it cannot be taken, or says nothing."""
    sent = read_given([item], given_by_form([item], request.form))
    response = next((each.response for each in sent), None)
    if response is None:
        words = _("Answer the question first, or say that you do not know.")
        raise Invalid(words, {item.field: words})
    return response


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER):
        words = _("The page did not say which question this is. Please look at the review page again.")
        raise Invalid(words, {name: words})
    return int(text)


def _to(answer_id: int) -> ResponseReturnValue:
    return redirect(url_for("recall.answered", answer_id=answer_id), 303)


@bp.get("/review/<int:answer_id>")
def answered(answer_id: int) -> ResponseReturnValue:
    """Show how an answer was marked, what is right, and where it is taught."""
    given = access.review_answer_for_reading(current_user, answer_id)
    back_on = format_date(given.due_on, "full") if given.due_on else ""
    left = len(queue_of(current_user, if_wanted=True).due)
    return render_template("assessment/review-answered.html", known=recollection(given), back_on=back_on, left=left)


@bp.post("/review/habit")
def switch() -> ResponseReturnValue:
    """Have questions come back from now on, or no longer."""
    wanted = request.form.get("wanted")
    if wanted not in {"on", "off"}:
        words = _("Say whether questions shall come back or not.")
        raise Invalid(words, {"wanted": words})
    service.switch_review(current_user.id, on=wanted == "on")
    back = safe_next(request.form.get("next")) or url_for("recall.review")
    if wanted == "on":
        flash(_("Questions that you answered wrong come back to you from now on."), "success")
    else:
        flash_with_undo(_("Reviewing is switched off. What you answered is kept."), url_for("recall.switch"), wanted="on", next=back)
    return redirect(back, 303)
