"""Proposed passages: proposing one, those of a course, the editors' list, and a proposal with its difference and its answer."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn.adaptation import proposal_access as access
from elearn.adaptation import proposal_queries as queries
from elearn.adaptation import proposal_service as service
from elearn.adaptation.licence_labels import licence_called
from elearn.adaptation.proposal_access import ProposalInView
from elearn.adaptation.proposal_file_queries import today
from elearn.adaptation.proposal_forms import AnswerForm
from elearn.adaptation.proposal_labels import TONES, state_names
from elearn.adaptation.proposal_queries import proposal_line, side_by_side
from elearn.errors import Conflict, Invalid, NotFound
from elearn.web.undo import flash_with_undo

bp = Blueprint("proposals", __name__, url_prefix="/proposals/<int:proposal_id>")


@bp.get("")
def proposal(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal: the difference, who gives it, and what became of it."""
    return _page(access.proposal_for_reading(current_user, proposal_id), AnswerForm())


def _page(found: ProposalInView, form: AnswerForm) -> str:
    proposal = found.proposal
    line = proposal_line(proposal.id)
    return render_template(
        "adaptation/proposal.html",
        view=found,
        line=line,
        proposal=proposal,
        form=form,
        beside=side_by_side(proposal.before, proposal.after),
        now=today(proposal) if proposal.to_course_id is None else None,
        appeared=queries.appeared_in([proposal]).get(proposal.id),
        states=state_names(),
        tones=TONES,
        licence=licence_called(proposal.licence),
    )


@bp.post("/answer")
def answer(proposal_id: int) -> ResponseReturnValue:
    """Accept or decline a proposal."""
    proposal, form = access.proposal_for_answering(current_user, proposal_id), AnswerForm()
    accept = {"accept": True, "decline": False}.get(request.form.get("act", ""))
    if not form.validate() or accept is None:
        return _page(access.proposal_for_reading(current_user, proposal_id), form), 422
    try:
        overlay = service.answer_proposal(current_user, proposal, accept=accept, words=form.words.data or "")
    except (Invalid, Conflict) as refusal:
        form.words.errors = [refusal.message]
        return _page(access.proposal_for_reading(current_user, proposal_id), form), refusal.status
    if overlay is not None:
        slug = proposal_line(proposal.id).slug
        undo = url_for("structure.undo", course_id=proposal.to_course_id, slug=slug)
        flash_with_undo(_("Accepted. The text is in your course; your next edition has it."), undo, number=str(overlay.number))
    else:
        flash(_("Accepted.") if accept else _("Declined. Whoever proposed it reads your answer."), "success")
    return redirect(url_for("proposals.proposal", proposal_id=proposal_id), 303)


@bp.post("/withdraw")
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Take a proposal back that nobody answered yet."""
    proposal = access.proposal_for_withdrawing(current_user, proposal_id)
    service.withdraw_proposal(current_user, proposal)
    flash(_("The proposal is withdrawn. Your course keeps its text, and you can propose it again."), "success")
    return redirect(url_for("proposals.proposal", proposal_id=proposal_id), 303)


@bp.get("/file")
def file(proposal_id: int) -> ResponseReturnValue:
    """Send the file of the module with the proposed text in it, as the series is published from it."""
    found = access.proposal_for_reading(current_user, proposal_id)
    now = today(found.proposal, with_file=True) if found.is_for_them and found.proposal.to_course_id is None else None
    if now is None:
        raise NotFound
    response = Response(now.text, mimetype="text/markdown")
    response.headers.set("Content-Disposition", "attachment", filename=now.path.rpartition("/")[2])
    return response
