"""Proposing a passage of a course, the proposals of a course, and those that the editors answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission
from elearn.adaptation import proposal_queries as queries
from elearn.adaptation.course_access import course_for_editing
from elearn.adaptation.licence_labels import licence_called
from elearn.adaptation.proposal_access import section_for_proposing
from elearn.adaptation.proposal_forms import ProposeForm
from elearn.adaptation.proposal_labels import TONES, state_names
from elearn.adaptation.proposal_making_service import make_proposal
from elearn.catalogue.queries import current_series
from elearn.errors import Conflict, Invalid
from elearn.web.guard import wants
from elearn.web.lists import asked_for, page_of

bp = Blueprint("proposal_lists", __name__)

PROPOSALS_A_PAGE = 25


@bp.route("/teach/courses/<int:course_id>/<slug>/sections/<key>/propose", methods=["GET", "POST"])
def propose(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show what a course replaced in a section, and propose it to those whose text it was."""
    writing = request.method == "POST"
    course, module, addressee = section_for_proposing(current_user, course_id, slug, key, writing=writing)
    texts, form, status = queries.texts_of(module, key), ProposeForm(), 200
    if not writing:
        form.seen.data = str(module.overlay.number)
    elif texts and form.validate():
        try:
            made = make_proposal(current_user, course, module, addressee, key, note=form.note.data, seen=form.number)
        except (Invalid, Conflict) as refusal:
            form.note.errors, status = [refusal.message], refusal.status
            form.seen.data = str(module.overlay.number)
        else:
            flash(_("Your text is proposed. The answer will stand here; where mail is set up, it comes by mail, too."), "success")
            return redirect(url_for("proposals.proposal", proposal_id=made), 303)
    else:
        status = 422
    return render_template(
        "adaptation/propose.html",
        course=course,
        module=module,
        section=module.source.section(key),
        to=addressee.course,
        form=form,
        beside=queries.side_by_side(*texts) if texts else None,
        licence=licence_called(addressee.licence),
    ), status


@bp.get("/teach/courses/<int:course_id>/proposals")
def of_course(course_id: int) -> ResponseReturnValue:
    """Show the passages proposed from a course, and to it."""
    course = course_for_editing(current_user, course_id)
    asked = asked_for(state=list(state_names()), whose=("made", "received"))
    return _list("course-proposals", queries.of_course(course_id, asked["whose"]), asked, course=course)


@bp.get("/edit/proposals/")
@wants(Permission.EDIT_SERIES)
def to_editors() -> ResponseReturnValue:
    """Show the passages that professors propose for the series."""
    series = current_series()
    modules = [(each.slug, each.text(series.source, series.source).title) for each in series.modules]
    states = {name: words for name, words in state_names().items() if name != "withdrawn"}
    asked = asked_for(state=list(states), module=[slug for slug, _title in modules])
    return _list("editors-proposals", queries.to_editors(), asked, modules=modules)


def _list(name: str, which: queries.Which, asked: dict[str, str], **more: object) -> str:
    total = queries.count_of_proposals(which, asked)
    page = page_of(total, PROPOSALS_A_PAGE, request.path, asked)
    lines = queries.proposal_lines(which, asked, limit=PROPOSALS_A_PAGE, offset=page.offset)
    return render_template(
        f"adaptation/{name}.html",
        lines=lines,
        page=page,
        asked=asked,
        appeared=queries.appeared_in([line.proposal for line in lines]),
        states=state_names(),
        tones=TONES,
        **more,
    )
