"""Updates from upstream: what there is, what taking it would do, taking it, undoing that, and putting it off."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from elearn.accounts.permissions import Permission, may
from elearn.adaptation import course_access as access
from elearn.adaptation import update_service as service
from elearn.adaptation import update_wording_service
from elearn.adaptation.course_queries import AdaptedModule
from elearn.adaptation.models import Course
from elearn.adaptation.slot_queries import country_offers
from elearn.adaptation.update_differences import as_read, word_pieces
from elearn.adaptation.update_forms import Answer, PutOffForm, UpdateForm, UpdatesForm, answers_in, choices_of, strays
from elearn.adaptation.update_labels import page_words
from elearn.adaptation.update_preview_queries import Preview, previews_of
from elearn.adaptation.update_queries import Offer, offers_of
from elearn.errors import Conflict
from elearn.web.numbers import numbers_in
from elearn.web.undo import flash_with_undo

bp = Blueprint("course_updates", __name__)


@bp.route("/teach/courses/<int:course_id>/updates", methods=["GET", "POST"])
def overview(course_id: int) -> ResponseReturnValue:
    """Show what upstream has newer for the modules of a course; take all that asks nothing."""
    writing = request.method == "POST"
    course = access.course_for_editing(current_user, course_id, writing=writing)
    offers = offers_of(course)
    found, withdrawn = previews_of(course, offers), [offer for offer in offers if not offer.newer]
    ready = [each for each in found if each.is_ready]
    form = UpdatesForm()
    plan = " ".join(f"{each.offer.slug}:{each.number}:{each.offer.pin}" for each in ready)
    stale = writing and (not form.validate() or form.modules.data != plan)
    if writing and ready and not stale:
        return _taken(course, ready)
    page = render_template(
        "adaptation/updates.html",
        course=course,
        previews=found,
        withdrawn=withdrawn,
        from_country=country_offers(course),
        ready=ready,
        plan=plan,
        stale=stale,
        words=page_words(),
    )
    return page, 409 if writing else 200


def _taken(course: Course, found: Sequence[Preview]) -> ResponseReturnValue:
    taken = service.take_updates(current_user, course, [each.update for each in found])
    words = ngettext("%(num)s module is updated.", "%(num)s modules are updated.", len(taken))
    told = " ".join(f"{slug}:{number}" for slug, number in taken.items())
    more = _("Your students see it once you publish an edition and move their class to it.")
    flash_with_undo(f"{words} {more}", url_for("course_updates.undo", course_id=course.id), modules=told)
    return redirect(url_for("course_updates.overview", course_id=course.id), 303)


@bp.post("/teach/courses/<int:course_id>/updates/undo")
def undo(course_id: int) -> ResponseReturnValue:
    """Leave modules as they were before an update, all of them or none."""
    course = access.course_for_editing(current_user, course_id, writing=True)
    form = UpdatesForm()
    numbers = numbers_in(form.modules.data or "") if form.validate() else {}
    service.undo_updates(current_user, course, numbers)
    return redirect(url_for("course_updates.overview", course_id=course_id), 303)


@bp.post("/teach/courses/<int:course_id>/<slug>/update/put-off")
def put_off(course_id: int, slug: str) -> ResponseReturnValue:
    """Have an update not offered now, or offered again."""
    course, module = access.module_for_editing(current_user, course_id, slug, writing=True)
    form = PutOffForm()
    offer = _offer(course, module)
    if form.validate() and form.wanted.data == "now":
        service.offer_again(course, module.module_id)
    elif offer is None or offer.newer is None or form.upstream.data != offer.pin:
        raise Conflict(_("Upstream has changed meanwhile. Please look at the update again."))
    else:
        service.put_off(current_user, course, slug, offer.newer)
        words = _("“%(module)s” stays as it is until upstream has something newer again.", module=offer.title)
        flash_with_undo(words, url_for("course_updates.put_off", course_id=course_id, slug=slug), wanted="now")
    return redirect(url_for("course_updates.overview", course_id=course_id), 303)


def _offer(course: Course, module: AdaptedModule) -> Offer | None:
    return next((offer for offer in offers_of(course) if offer.module_id == module.module_id), None)


@bp.route("/teach/courses/<int:course_id>/<slug>/update", methods=["GET", "POST"])
def update(course_id: int, slug: str) -> ResponseReturnValue:
    """Show what an update of one module would do, and ask what only its professors can decide; take it."""
    writing = request.method == "POST"
    course, module = access.module_for_editing(current_user, course_id, slug, writing=writing)
    offer, form = _offer(course, module), UpdateForm()
    answers = answers_in(request.form)
    if offer is None or offer.newer is None:
        left = strays(answers, ())
        page = render_template("adaptation/update-none.html", course=course, module=module, offer=offer, left=left, stale=writing)
        return page, 409 if writing else 200
    found = previews_of(course, [offer], choices_of(answers))[0]
    if not writing:
        return _page(course, found, answers, {}, stale=False)
    seen = f"{module.overlay.number} {offer.pin}"
    if not form.validate() or f"{form.seen.data} {form.upstream.data}" != seen:
        return _page(course, found, answers, {}, stale=True), 409
    faults = update_wording_service.faults_of(course, found.update, choices_of(answers))
    if faults:
        return _page(course, found, answers, faults, stale=False), 422
    return _taken(course, [found])


def _page(course: Course, found: Preview, answers: Mapping[str, Answer], faults: Mapping[str, Sequence[str]], *, stale: bool) -> str:
    more: dict[str, Any] = {
        "answers": answers,
        "faults": faults,
        "stale": stale,
        "as_read": as_read,
        "left": strays(answers, found.update.questions),
    }
    confirmed = may(current_user, Permission.READ_TEACHER_SECTIONS)
    return render_template(
        "adaptation/update.html", course=course, preview=found, confirmed=confirmed, words=page_words(), word_pieces=word_pieces, **more
    )
