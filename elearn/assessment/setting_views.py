"""What those who teach a class see of its quizzes, set for them, give single students, and accept of what came late."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn import clock
from elearn.adaptation.queries import ModuleInEdition
from elearn.assessment import late_service
from elearn.assessment import setting_queries as queries
from elearn.assessment import setting_service as service
from elearn.assessment.attempt_queries import SETTING_NAMES
from elearn.assessment.labels import grading_words
from elearn.assessment.review_rules import may_see_key
from elearn.assessment.rules import SHOWN, author_rules, class_rules
from elearn.assessment.setting_forms import QuizExtensionForm, QuizSettingForm
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.learning.access import TaughtClass, class_for_running, class_for_teaching
from elearn.learning.labels import moment

bp = Blueprint("quiz_settings", __name__)


def _may_mark(taught: TaughtClass) -> None:
    # Anyone can make a class: answers, and what is right, are for those who were confirmed.
    if not taught.sees_teacher_sections(current_user):
        raise NotAllowed(_("Answers are shown once your institution's coordinator has confirmed you."))


def _module(taught: TaughtClass, slug: str) -> ModuleInEdition:
    module = taught.edition.module(slug)
    if module is None or module.quiz is None:
        raise NotFound
    return module


@bp.get("/teach/classes/<int:class_id>/quizzes")
def quizzes(class_id: int) -> ResponseReturnValue:
    """Show the quizzes of a class: by which rules they are taken, and how far the class is."""
    taught = class_for_teaching(current_user, class_id)
    settings, numbers = queries.settings_of_quizzes(class_id), queries.numbers_of_quizzes(class_id)
    lines = [
        (module, _rules(module, settings.get(module.module_id)), numbers.get(module.module_id, queries.QuizNumbers()))
        for module in taught.edition.modules
        if module.quiz is not None
    ]
    return render_template("assessment/quizzes.html", taught=taught, lines=lines, grading_words=grading_words, moment=moment)


def _rules(module: ModuleInEdition, setting: Any) -> Any:
    return class_rules(author_rules(module.quiz), {name: getattr(setting, name) for name in SETTING_NAMES} if setting else None)


@bp.route("/teach/classes/<int:class_id>/quizzes/<slug>", methods=["GET", "POST"])
def quiz(class_id: int, slug: str) -> ResponseReturnValue:
    """Show what the class sets for a quiz, and change it; who saves second sees what was saved first, and keeps what they typed."""
    taught = class_for_running(current_user, class_id) if request.method == "POST" else class_for_teaching(current_user, class_id)
    module = _module(taught, slug)
    setting = queries.settings_of_quizzes(class_id).get(module.module_id)
    form = QuizSettingForm(data=_filled_in(taught, setting)) if request.method == "GET" else QuizSettingForm()
    if not form.validate_on_submit():
        return _page(taught, module, form), 422 if form.errors else 200
    try:
        service.set_quiz(
            taught.course_class,
            module.module_id,
            author_rules(module.quiz),
            _wanted(taught, form),
            by_id=current_user.id,
            seen=form.seen.data or "",
        )
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            form[name].errors = [message]
        return _page(taught, module, form), 422
    except Conflict as refusal:
        form.seen.data = service.version_of(setting)
        return _page(taught, module, form, theirs=_rules(module, setting), words=refusal.message), 409
    flash(_("The settings are saved."), "success")
    return redirect(url_for("quiz_settings.quiz", class_id=class_id, slug=slug), 303)


def _filled_in(taught: TaughtClass, setting: Any) -> dict[str, object]:
    if setting is None:
        return {f"show_{what}": "submitted" for what in SHOWN}
    zone = ZoneInfo(taught.course_class.timezone)
    known: dict[str, object] = {name: getattr(setting, name) for name in SETTING_NAMES if name != "review"}
    moments = {name: at.astimezone(zone).replace(tzinfo=None) for name in ("opens_at", "closes_at") if (at := getattr(setting, name))}
    shown = {f"show_{what}": (setting.review or {}).get(what, "submitted") for what in SHOWN}
    chosen = {name: getattr(setting, name) or "" for name in ("grading", "feedback")}
    return known | moments | shown | chosen | {"seen": service.version_of(setting)}


def _utc(taught: TaughtClass, typed: datetime | None) -> datetime | None:
    """Return the moment that was typed as a time of the class's zone."""
    return typed.replace(tzinfo=ZoneInfo(taught.course_class.timezone)).astimezone(UTC) if typed else None


def _wanted(taught: TaughtClass, form: QuizSettingForm) -> dict[str, Any]:
    return {
        "opens_at": _utc(taught, form.opens_at.data),
        "closes_at": _utc(taught, form.closes_at.data),
        "minutes": form.minutes.data,
        "attempts": form.attempts.data,
        "grading": form.grading.data or None,
        "feedback": form.feedback.data or None,
        "penalty": form.penalty.data,
        "review": {what: form[f"show_{what}"].data for what in SHOWN},
        "is_blind": form.is_blind.data,
    }


def _page(
    taught: TaughtClass,
    module: ModuleInEdition,
    form: QuizSettingForm,
    extension: QuizExtensionForm | None = None,
    *,
    theirs: Any = None,
    words: str = "",
) -> str:
    class_id = taught.course_class.id
    return render_template(
        "assessment/quiz-settings.html",
        taught=taught,
        module=module,
        form=form,
        author=author_rules(module.quiz),
        extension=extension or _extension_form(class_id),
        extensions=queries.extensions_of(class_id, module.module_id),
        numbers=queries.numbers_of_quizzes(class_id).get(module.module_id, queries.QuizNumbers()),
        theirs=theirs,
        words=words,
        grading_words=grading_words,
        moment=moment,
    )


def _extension_form(class_id: int) -> QuizExtensionForm:
    form = QuizExtensionForm(prefix="extension-")
    form.student.choices = [("", _("Choose a student")), *((str(key), name) for key, name in queries.students_of(class_id))]
    return form


@bp.post("/teach/classes/<int:class_id>/quizzes/<slug>/extensions")
def extend(class_id: int, slug: str) -> ResponseReturnValue:
    """Give one student a later closing, more minutes or more attempts; nothing of each takes it back."""
    taught = class_for_running(current_user, class_id)
    module = _module(taught, slug)
    setting = queries.settings_of_quizzes(class_id).get(module.module_id)
    form = _extension_form(class_id)
    if not form.validate() or not _is_extended(taught, module, form, setting):
        return _page(taught, module, QuizSettingForm(formdata=None, data=_filled_in(taught, setting)), form), 422
    flash(_("The student has it from now on."), "success")
    return redirect(url_for("quiz_settings.quiz", class_id=class_id, slug=slug, _anchor="extensions"), 303)


def _is_extended(taught: TaughtClass, module: ModuleInEdition, form: QuizExtensionForm, setting: Any) -> bool:
    """Return whether the student of a valid form has what it gives them; if not, the form says why."""
    wanted = {
        "closes_at": _utc(taught, form.closes_at.data),
        "more_minutes": form.more_minutes.data or 0,
        "more_attempts": form.more_attempts.data or 0,
    }
    rules, student = _rules(module, setting), int(form.student.data)
    try:
        service.extend_quiz(taught.course_class, module.module_id, student, rules, wanted, by_id=current_user.id)
    except Invalid as refusal:
        for name, message in refusal.fields.items():
            form[name].errors = [message]
        return False
    return True


@bp.get("/teach/classes/<int:class_id>/quizzes/<slug>/late")
def late(class_id: int, slug: str) -> ResponseReturnValue:
    """Show the answers of a quiz that came after its time was over."""
    taught = class_for_teaching(current_user, class_id)
    _may_mark(taught)
    module = _module(taught, slug)
    rules = _rules(module, queries.settings_of_quizzes(class_id).get(module.module_id))
    return render_template(
        "assessment/late.html",
        taught=taught,
        module=module,
        answers=queries.late_answers(class_id, module.module_id),
        key_is_shown=may_see_key(rules, clock.now()),
        moment=moment,
    )


@bp.post("/teach/classes/<int:class_id>/quizzes/<slug>/late")
def accept_late(class_id: int, slug: str) -> ResponseReturnValue:
    """Have the late answers that were ticked count, and their attempts marked anew."""
    taught = class_for_running(current_user, class_id)
    _may_mark(taught)
    module = _module(taught, slug)
    ticked = set(request.form.getlist("answer"))
    accepted = [answer for answer in queries.late_answers(class_id, module.module_id) if str(answer.id) in ticked]
    if not accepted:
        flash(_("Tick the answers that are to count."), "warning")
    else:
        count = late_service.accept_late(taught.course_class, accepted, by_id=current_user.id)
        flash(ngettext("%(num)s late answer counts now.", "%(num)s late answers count now.", count), "success")
    return redirect(url_for("quiz_settings.late", class_id=class_id, slug=slug), 303)
