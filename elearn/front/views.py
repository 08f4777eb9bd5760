"""The pages that compose rooms: the front page, one's own home, and what a site says of itself."""

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from elearn.accounts import access as accounts_access
from elearn.accounts import institution_queries as institutions
from elearn.accounts import people_queries as people
from elearn.accounts.permissions import Permission, may
from elearn.adaptation.queries import edition
from elearn.assessment import queries as assessment
from elearn.catalogue import queries as catalogue
from elearn.db import db
from elearn.learning import queries as learning
from elearn.reach import public as reach
from elearn.web.guard import public, wants
from elearn.web.kept_pages import same_for_everyone
from elearn.web.pages import Place

bp = Blueprint("front", __name__)


@bp.get("/")
@public
@same_for_everyone(lambda: (catalogue.current_release(), reach.headline("en")))
def home() -> ResponseReturnValue:
    """Show what this is, the series, and whom it reached."""
    series = catalogue.current_series()
    return render_template(
        "front/home.html",
        series=series,
        modules=[m for m in series.modules if m.kind == "module"],
        guides=[m for m in series.modules if m.kind == "guide"],
        headline=reach.headline(str(get_locale() or "en")),
    )


@bp.get("/home")
def home_of_person() -> ResponseReturnValue:
    """Show a person what to do next, in every role they hold."""
    taken = learning.classes_of(current_user.id, ("student",))
    progress = learning.progress_of([c.enrolment_id for c in taken])
    teaching = learning.classes_of(current_user.id, ("professor", "assistant"))
    confirms = may(current_user, Permission.CONFIRM_PEOPLE)
    return render_template(
        "front/person.html",
        studying=[(c, learning.next_stage(learning.stages(edition(c.edition_id), c.enrolment_id, progress))) for c in taken],
        teaching=teaching,
        open_attempts=assessment.open_attempts_of(current_user.id),
        prepares=may(current_user, Permission.PREPARE_CLASSES),
        confirmed=may(current_user, Permission.TEACH),
        waiting=people.count_of_waiting(accounts_access.institutions_for_confirming(current_user)) if confirms else 0,
    )


@bp.get("/coordinate/")
@wants(Permission.SEE_FIGURES)
def coordinate() -> ResponseReturnValue:
    """Show coordinators whose turn it is, and where they find what they look after."""
    registry = accounts_access.registry_for_reading(current_user)
    confirms = may(current_user, Permission.CONFIRM_PEOPLE)
    return render_template(
        "front/coordinate.html",
        confirms=confirms,
        waiting=people.count_of_waiting(accounts_access.institutions_for_confirming(current_user)) if confirms else 0,
        wishes=institutions.count_of_wishes() if registry.everything else 0,
        own=institutions.institutions_with(registry.institutions),
        everything=registry.everything,
    )


@bp.get("/about")
@public
@same_for_everyone(catalogue.current_release)
def about() -> ResponseReturnValue:
    """Say what this site is and who runs it."""
    return render_template("front/about.html", contact=current_app.config["CONTACT"])


@bp.get("/privacy")
@public
@same_for_everyone(catalogue.current_release)
def privacy() -> ResponseReturnValue:
    """Say what is kept of people, and why."""
    return render_template("front/privacy.html", contact=current_app.config["CONTACT"])


@bp.get("/licence")
@public
@same_for_everyone(catalogue.current_release)
def licence() -> ResponseReturnValue:
    """Say under which terms the modules may be used."""
    return render_template("front/licence.html", series=catalogue.current_series())


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Let the modules be found, and nothing of anyone's."""
    private = ("/classes/", "/teach/", "/coordinate/", "/attempts/", "/account", "/join/")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say whether the database answers too."""
    try:
        db.session.execute(text("select 1"))
    except SQLAlchemyError:
        return {"status": "no database"}, 503
    return {"status": "ok"}


def navigation(path: str) -> list[Place]:
    """Return the main navigation as it is for whoever is asking."""
    places = [(_("Modules"), "/modules/"), (_("Reach"), "/reach"), (_("Glossary"), "/glossary")]
    if current_user.is_authenticated:
        places.insert(0, (_("Home"), "/home"))
        if may(current_user, Permission.PREPARE_CLASSES):
            places.insert(1, (_("Teach"), "/teach/"))
        if may(current_user, Permission.SEE_FIGURES):
            places.insert(-1, (_("Coordinate"), "/coordinate/reach"))
    return [Place(label, url, path == url or (url not in {"/", "/reach"} and path.startswith(url))) for label, url in places]
