"""The quiz of a module of a course: its questions and its rules. Nothing here is published by itself."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.adaptation import question_service as service
from elearn.adaptation.course_access import check_may_read, module_for_editing
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course
from elearn.adaptation.question_forms import QuestionActForm, QuestionForm, RulesForm, as_lines
from elearn.adaptation.question_queries import questions_of
from elearn.adaptation.question_trial import Trial
from elearn.adaptation.structure_views import say_done
from elearn.catalogue.queries import trusted
from elearn.db import abandon
from elearn.errors import Conflict, Invalid, NotFound

bp = Blueprint("course_questions", __name__, url_prefix="/teach/courses/<int:course_id>/<slug>")


def _quiz(course_id: int, slug: str, *, writing: bool = False) -> tuple[Course, AdaptedModule]:
    """Return a course with a module that has a quiz, for those who may read what is right in it."""
    course, module = module_for_editing(current_user, course_id, slug, writing=writing)
    if module.base.source.quiz is None:
        raise NotFound
    check_may_read(current_user, "teacher")
    return course, module


def _back(course_id: int, slug: str) -> ResponseReturnValue:
    return redirect(url_for("course_questions.questions", course_id=course_id, slug=slug), 303)


@bp.get("/questions")
def questions(course_id: int, slug: str) -> ResponseReturnValue:
    """Show the questions of a module of a course, and how each stands to the series."""
    course, module = _quiz(course_id, slug)
    lines = questions_of(module)
    return render_template("adaptation/questions.html", course=course, module=module, lines=lines, trusted=trusted, confirmed=True)


@bp.post("/questions")
def act(course_id: int, slug: str) -> ResponseReturnValue:
    """Leave a question out, have it again, take the series' again, or remove one's own."""
    course, module = _quiz(course_id, slug, writing=True)
    form = QuestionActForm()
    form.validate()
    what = form.act.data or ""
    saved = service.act_on_question(current_user, course, module, form.key.data or "", what, seen=form.number)
    words = {
        "exclude": _("The question is left out."),
        "include": _("The question is asked again."),
        "restore": _("The question is the series' again."),
        "remove": _("The question is removed."),
    }
    say_done(course, module, saved, words[what])
    return _back(course_id, slug)


@bp.route("/questions/<key>", methods=["GET", "POST"])
def question(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show a question as the course asks it; look at another text for it; have the course ask that."""
    course, module = _quiz(course_id, slug)
    if key not in {line.key for line in questions_of(module)}:
        raise NotFound
    form = QuestionForm()
    if request.method == "GET":
        form.text.data, form.seen.data = service.source_of(module, key), str(module.overlay.number)
        return _page(course, module, form, key)
    if not form.validate_on_submit():
        return _page(course, module, form, key), 422
    looked = _looked(module, form, key)
    if looked is None:
        return _page(course, module, form, key), 422
    if request.form.get("action") != "save":
        return _page(course, module, form, key, looked)
    # Looking takes a while: no one else's writing waited for it.
    abandon()
    course, module = _quiz(course_id, slug, writing=True)
    confirmed = form.removed.data or []
    try:
        saved = service.save_question(
            current_user, course, module, key, form.text.data, looked, confirmed=confirmed, seen=form.number
        )  # fmt: skip
    except (Conflict, Invalid) as refusal:
        return _refused(course, module, form, key, looked, refusal)
    say_done(course, module, saved, _("Saved. Students are asked it once you publish the course."))
    return _back(course_id, slug)


@bp.route("/add-question", methods=["GET", "POST"])
def add(course_id: int, slug: str) -> ResponseReturnValue:
    """Look at a question more; have the course ask it."""
    course, module = _quiz(course_id, slug)
    form = QuestionForm()
    if request.method == "GET":
        form.seen.data = str(module.overlay.number)
        return _page(course, module, form, "")
    if not form.validate_on_submit():
        return _page(course, module, form, ""), 422
    form.text.data = service.one_of(form.text.data)
    key = service.new_key(course, module, form.text.data)
    looked = _looked(module, form, key, is_new=True)
    if looked is None or request.form.get("action") != "save":
        return _page(course, module, form, "", looked), 422 if looked is None else 200
    abandon()
    course, module = _quiz(course_id, slug, writing=True)
    try:
        saved = service.add_question(current_user, course, module, form.text.data, looked, seen=form.number)
    except (Conflict, Invalid) as refusal:
        return _refused(course, module, form, "", looked, refusal)
    say_done(course, module, saved, _("The question is added. Students are asked it once you publish the course."))
    return _back(course_id, slug)


def _looked(module: AdaptedModule, form: QuestionForm, key: str, *, is_new: bool = False) -> Trial | None:
    try:
        return service.look(module, key, form.text.data, is_new=is_new)
    except Invalid as refusal:
        form.text.errors = [refusal.message]
        return None


def _refused(
    course: Course, module: AdaptedModule, form: QuestionForm, key: str, looked: Trial, refusal: Conflict | Invalid
) -> ResponseReturnValue:
    if isinstance(refusal, Conflict):
        form.text.errors, form.seen.data = [refusal.message], str(module.overlay.number)
        now = service.source_of(module, key) if key else ""
        return _page(course, module, form, key, looked, as_it_stands=now), 409
    for name, message in refusal.fields.items():
        form[name].errors = [message]
    return _page(course, module, form, key, looked), 422


def _page(course: Course, module: AdaptedModule, form: Any, key: str, looked: Trial | None = None, as_it_stands: str = "") -> str:
    form.removed.choices = [(each, each) for each in (looked.removed if looked else ())]
    return render_template(
        "adaptation/question.html",
        course=course,
        module=module,
        form=form,
        key=key,
        looked=looked,
        as_it_stands=as_it_stands,
        trusted=trusted,
        example_outcome=next((line.pinned.outcome for line in questions_of(module)), "outcome"),
    )


@bp.route("/quiz", methods=["GET", "POST"])
def rules(course_id: int, slug: str) -> ResponseReturnValue:
    """Show the rules of a quiz; have the course say them otherwise."""
    course, module = _quiz(course_id, slug, writing=request.method == "POST")
    quiz = module.source.quiz or {}
    shown = {"pass_mark": quiz["pass_mark"], "attempts": quiz["attempts"], "draw": as_lines(quiz["draw"]), "seen": module.overlay.number}
    form = RulesForm() if request.method == "POST" else RulesForm(data=shown)
    tags: dict[str, int] = {}
    for line in questions_of(module):
        for tag in line.pinned.tags if not line.is_excluded else ():
            tags[tag] = tags.get(tag, 0) + 1
    status, stale = 200, ""
    if form.validate_on_submit():
        try:
            saved = service.change_rules(current_user, course, module, form.rules, seen=form.number)
        except Conflict as refusal:
            status, stale, form.seen.data = 409, refusal.message, str(module.overlay.number)
        else:
            say_done(course, module, saved, _("Saved. It holds for attempts begun once you have published the course."))
            return redirect(url_for("course_questions.rules", course_id=course_id, slug=slug), 303)
    page = render_template(
        "adaptation/quiz-rules.html", course=course, module=module, form=form, tags=sorted(tags.items()), stale=stale, confirmed=True
    )
    return page, 422 if form.errors else status
