"""The class structure of a module of the series, fitted to the time one has: without a class, for everyone, and nothing is kept."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn.catalogue.access import lines_for_reading, module_for_reading
from elearn.catalogue.addresses import module_url
from elearn.catalogue.queries import section_page
from elearn.errors import NotFound
from elearn.learning.plan_forms import USUAL_MINUTES, WeeksForm
from elearn.learning.plan_labels import laid_out, shortfall_words
from elearn.learning.plan_states import PlanState, Settings, first_plan
from elearn.learning.planning import Frame, Shortfall, replanned
from elearn.web.guard import public

bp = Blueprint("quick_plans", __name__)


@bp.get("/modules/<slug>/planner", defaults={"language": None})
@bp.get("/<lang:language>/modules/<slug>/planner")
@public
def show(slug: str, language: str | None) -> ResponseReturnValue:
    """Show a class structure in so many weekly sessions of so many minutes; without a time, as its author wrote it."""
    series, module, content_language = module_for_reading(slug, language)
    known = lines_for_reading(current_user, module.lines(content_language, series.source))
    lines = [line for line in known if line.kind == "class-structure"]
    asked = request.args.get("structure")
    line = next((line for line in lines if asked in (None, line.key)), None)
    if line is None:
        raise NotFound
    state, form = _fitted(first_plan(line.key, section_page(line.id).steps))
    return render_template(
        "learning/quick-plan.html",
        form=form,
        line=line,
        lines=lines,
        title=module.text(content_language, series.source).title,
        there=module_url(series, module, content_language),
        series_url="/modules/" if content_language == series.source else f"/{content_language}/modules/",
        content_language=content_language,
        usual=USUAL_MINUTES,
        settings=state.settings,
        **laid_out(state),
    )


def _fitted(state: PlanState) -> tuple[PlanState, WeeksForm]:
    """Return the plan in the time that the address asks for, and the form that asks; where it does not fit, as its author wrote it."""
    mine: dict[str, Any] = {"minutes": state.settings.minutes, "weeks": state.settings.sessions}
    if not request.args.keys() & {"minutes", "weeks"}:
        return state, WeeksForm(formdata=None, data=mine, meta={"csrf": False})
    form = WeeksForm(request.args, meta={"csrf": False})
    if not form.validate():
        return state, form
    frame = Frame(form.minutes.data, form.weeks.data)
    planned = replanned(state.entries, frame)
    if isinstance(planned, Shortfall):
        form.minutes.errors = [shortfall_words(planned)]
        return state, form
    return PlanState(state.section_key, Settings(frame.minutes, frame.sessions), planned), form
