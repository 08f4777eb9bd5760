"""Marking by people: the answers of a class that wait for it, and one of them with its rubric."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.assessment import essay_service as service
from elearn.assessment import marking_access as access
from elearn.assessment import marking_queries as queries
from elearn.assessment.marking_access import WrittenAnswer
from elearn.assessment.marking_forms import LONGEST_COMMENT, MarkForm, mark_as_given, typed_mark
from elearn.assessment.marking_page import page_words, shown_rubric, text_of_question
from elearn.catalogue.items.writing import paragraphs_of
from elearn.errors import Conflict, Invalid
from elearn.learning.access import Seat
from elearn.learning.labels import moment
from elearn.learning.progress import shown_points
from elearn.web.lists import asked_for, page_of

bp = Blueprint("marking", __name__)

ANSWERS_A_PAGE = 25


@bp.get("/teach/classes/<int:class_id>/marking")
def queue(class_id: int) -> ResponseReturnValue:
    """Show the answers of a class that wait to be marked, oldest first, or those that are marked."""
    seat = access.seat_for_marking(current_user, class_id)
    questions = queries.questions_to_mark(class_id, current_user.id)
    asked = asked_for(state=("marked",), question=_choices(questions))
    chosen = _chosen(questions, asked["question"])
    state = asked["state"] or "waiting"
    total = sum(question.waiting if state == "waiting" else question.marked for question in chosen)
    page = page_of(total, ANSWERS_A_PAGE, url_for("marking.queue", class_id=class_id), asked)
    lines = queries.written_lines(class_id, current_user.id, [question.item_id for question in chosen], state, ANSWERS_A_PAGE, page.offset)
    by_item = {question.item_id: question for question in questions}
    return render_template(
        "assessment/marking.html",
        seat=seat,
        state=state,
        quizzes=_quizzes(seat, questions),
        page=page,
        lines=[(line, by_item[line.item_id], _who(class_id, line, by_item[line.item_id])) for line in lines],
        waiting=sum(question.waiting for question in chosen),
        marked=sum(question.marked for question in chosen),
        any_question=bool(questions),
        is_of_many=len(chosen) > 1,
        moment=moment,
        shown_points=shown_points,
    )


def _choices(questions: Sequence[queries.Question]) -> list[str]:
    """Return what the list may be narrowed to: a quiz, or one question of it."""
    return [*{question.slug: None for question in questions}, *(f"{question.slug}.{question.key}" for question in questions)]


def _chosen(questions: Sequence[queries.Question], narrowed: str) -> list[queries.Question]:
    return [each for each in questions if narrowed in {"", each.slug, f"{each.slug}.{each.key}"}]


def _quizzes(seat: Seat, questions: Sequence[queries.Question]) -> list[tuple[str, str, list[tuple[queries.Question, str]]]]:
    """Return the quizzes (slug, title) with their questions and the beginnings of what these ask."""
    found: dict[str, tuple[str, str, list[tuple[queries.Question, str]]]] = {}
    for question in questions:
        title = access.title_of_module(seat, question.module_id, question.slug)
        words = text_of_question(question.revision_id, seat.edition.language)
        found.setdefault(question.slug, (question.slug, title, []))[2].append((question, words))
    return list(found.values())


def _who(class_id: int, line: queries.WrittenLine, question: queries.Question) -> str:
    return access.name_or_code(class_id, question.module_id, line.person_id, line.name, is_hidden=question.hides_names)


@bp.get("/teach/classes/<int:class_id>/marking/<int:attempt_id>/<key>")
def answer(class_id: int, attempt_id: int, key: str) -> ResponseReturnValue:
    """Show one answer with its rubric, and all the marks it was given."""
    found = access.answer_for_marking(current_user, class_id, attempt_id, key)
    newest = found.newest
    form = mark_as_given(found.item.definition, dict(newest.levels), newest.comment, newest.points, newest.id)
    return _page(found, form)


@bp.post("/teach/classes/<int:class_id>/marking/<int:attempt_id>/<key>")
def mark(class_id: int, attempt_id: int, key: str) -> ResponseReturnValue:
    """Mark an answer and go on with the next, or only work out what the levels chosen are worth."""
    found = access.answer_for_marking(current_user, class_id, attempt_id, key, writing=True)
    form = typed_mark(request.form, found.item.definition)
    action = request.form.get("action", "save")
    if action not in {"save", "save-next", "total"}:
        raise Invalid(_("Say whether to save the mark."), {"action": _("Choose to save.")})
    # Who did not see the newest mark is told of it first; only then is there something to change, and a reason to give.
    is_change = not found.newest.is_pending and found.newest.id == form.seen
    if not form.check(found.item.definition, may_adjust=found.seat.role == "professor", is_change=is_change) and action != "total":
        return _page(found, form), 422
    if action == "total":
        return _page(found, form)
    points = form.points(found.item.definition)
    assert points is not None, "a form that was checked says its points"
    judgement = service.Judgement(form.levels, points, form.comment, form.reason)
    try:
        service.mark_answer(found, judgement, current_user, seen=form.seen)
    except Conflict as refusal:
        form.seen = found.newest.id
        return _page(found, form, refusal), 409
    flash(_("Saved: %(points)s points for %(who)s.", points=shown_points(points), who=found.who), "success")
    return redirect(_next_url(found) if action == "save-next" else _url(found.seat.class_id, attempt_id, key), 303)


def _narrowed(found: WrittenAnswer) -> str:
    """Return what the list was narrowed to, from which this answer was opened."""
    return asked_for(question=_choices(found.questions))["question"]


def _url(class_id: int, attempt_id: int, key: str) -> str:
    question = request.args.get("question", "")[:200] or None
    return url_for("marking.answer", class_id=class_id, attempt_id=attempt_id, key=key, question=question)


def _next_url(found: WrittenAnswer) -> str:
    """Return where the next answer stands that waits; the queue, where none does."""
    narrowed = _narrowed(found)
    items = [question.item_id for question in _chosen(found.questions, narrowed)]
    following = queries.next_waiting(found.seat.class_id, current_user.id, items, (found.attempt_id, found.item.key))
    if following:
        return _url(found.seat.class_id, *following)
    flash(_("Nothing else waits to be marked here."), "info")
    return url_for("marking.queue", class_id=found.seat.class_id, question=narrowed or None)


def _page(found: WrittenAnswer, form: MarkForm, conflict: Conflict | None = None) -> str:
    words: dict[str, Any] = page_words(found)
    narrowed = _narrowed(found)
    chosen = _chosen(found.questions, narrowed)
    items = [question.item_id for question in chosen]
    skip = queries.next_waiting(found.seat.class_id, current_user.id, items, (found.attempt_id, found.item.key))
    return render_template(
        "assessment/marking-answer.html",
        answer=found,
        form=form,
        conflict=conflict,
        rubric=shown_rubric(found.item.definition, found.language, form.levels),
        rubric_of=lambda given: shown_rubric(found.item.definition, found.language, given.levels),
        paragraphs_of=paragraphs_of,
        total=form.points(found.item.definition) if "instead" not in form.faults else None,
        is_change=not found.newest.is_pending,
        may_adjust=found.seat.role == "professor",
        longest_comment=LONGEST_COMMENT,
        waiting=sum(question.waiting for question in chosen),
        queue_url=url_for("marking.queue", class_id=found.seat.class_id, question=narrowed or None),
        here=_url(found.seat.class_id, found.attempt_id, found.item.key),
        skip_url=_url(found.seat.class_id, *skip) if skip else None,
        moment=moment,
        shown_points=shown_points,
        **words,
    )
