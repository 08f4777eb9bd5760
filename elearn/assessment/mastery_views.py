"""Mastery by learning outcome: a page of the student's own, and one of a class for those who teach it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from elearn.assessment.class_mastery_queries import FEWEST_STUDENTS, ClassMastery, class_mastery
from elearn.assessment.mastery import FEWEST_QUESTIONS, MASTERED_FROM, Level
from elearn.assessment.mastery_queries import ModuleMastery, mastery_of
from elearn.assessment.recall_queries import habit_of, queue_of
from elearn.learning.access import class_for_teaching
from elearn.learning.progress import shown_points
from elearn.web.charts import Frame, outcome_bars
from elearn.web.pages import language_of

bp = Blueprint("mastery", __name__)


@bp.get("/progress")
def progress() -> ResponseReturnValue:
    """Show how well one masters what one's modules teach, what to read again, and what comes back for review."""
    modules = mastery_of(current_user.id)
    wanted = habit_of(current_user.id)
    queue = queue_of(current_user) if wanted else None
    return render_template(
        "assessment/progress.html",
        modules=[(module, _chart(module, number)) for number, module in enumerate(modules, start=1)],
        levels=_levels(),
        tones={Level.MASTERED: "right", Level.ON_THE_WAY: "accent", Level.NOT_YET: "wrong", Level.TOO_FEW: "plain"},
        mastered_from=MASTERED_FROM,
        fewest=FEWEST_QUESTIONS,
        wanted=wanted,
        queue=queue,
        next_on=format_date(queue.next_on, "full") if queue and queue.next_on else "",
        shown_points=shown_points,
    )


@bp.get("/teach/classes/<int:class_id>/mastery")
def class_page(class_id: int) -> ResponseReturnValue:
    """Show those who teach a class how well it masters each outcome: numbers of the class, and nobody's own."""
    taught = class_for_teaching(current_user, class_id)
    modules = class_mastery(taught)
    return render_template(
        "assessment/class-mastery.html",
        taught=taught,
        modules=[(module, _chart(module, number)) for number, module in enumerate(modules, start=1)],
        levels=_levels(),
        order=(Level.MASTERED, Level.ON_THE_WAY, Level.NOT_YET, Level.TOO_FEW),
        mastered_from=MASTERED_FROM,
        fewest=FEWEST_QUESTIONS,
        fewest_students=FEWEST_STUDENTS,
    )


def _levels() -> dict[Level, str]:
    return {
        Level.TOO_FEW: _("too few to say"),
        Level.NOT_YET: _("not yet"),
        Level.ON_THE_WAY: _("on the way"),
        Level.MASTERED: _("mastered"),
    }


def _chart(module: ModuleMastery | ClassMastery, number: int) -> Markup:
    bars = [(line.words, float(line.total.percent)) for line in module.lines or ()]
    frame = Frame(
        f"mastery-{number}",
        _("Result by learning outcome: %(title)s", title=module.title),
        ngettext(
            "%(num)s outcome; the dashed line is the pass mark, %(mark)s per cent.",
            "%(num)s outcomes; the dashed line is the pass mark, %(mark)s per cent.",
            len(bars),
            mark=module.pass_mark,
        ),
        _("No question of this quiz belongs to an outcome."),
        direction=language_of(str(get_locale() or "en").replace("_", "-")).direction,  # type: ignore[arg-type]
    )
    return outcome_bars(bars, frame, pass_mark=float(module.pass_mark), pass_label=_("Pass mark %(mark)s %%", mark=module.pass_mark))
