"""The pages that compose rooms: the front page, one's own home, and what a site says of itself."""

import importlib.metadata

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from elearn import mail
from elearn.accounts import access as accounts_access
from elearn.accounts import institution_queries as institutions
from elearn.accounts import people_queries as people
from elearn.accounts.permissions import Permission, may
from elearn.catalogue import queries as catalogue
from elearn.db import db
from elearn.front.help import chapters
from elearn.front.home import parts_of_home
from elearn.front.privacy import what_is_kept
from elearn.reach import public as reach
from elearn.web.guard import public, wants
from elearn.web.home import Group
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
    parts = parts_of_home(current_user)
    is_new = not current_user.memberships and all(part.group is Group.NOW for part in parts)
    return render_template("front/person.html", parts=parts, is_new=is_new)


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
    version = importlib.metadata.version("elearn")
    return render_template("front/about.html", contact=current_app.config["CONTACT"], series=catalogue.current_series(), version=version)


@bp.get("/help")
@public
@same_for_everyone(catalogue.current_release)
def help_page() -> ResponseReturnValue:
    """Answer what people ask."""
    contact = current_app.config["CONTACT"]
    goes = "folder" if mail.folder() else "sent" if mail.is_set_up() else "none"
    return render_template("front/help.html", chapters=chapters(mail=goes, contact=contact), contact=contact)


@bp.get("/privacy")
@public
@same_for_everyone(catalogue.current_release)
def privacy() -> ResponseReturnValue:
    """Say what is kept of people, and why."""
    return render_template(
        "front/privacy.html",
        contact=current_app.config["CONTACT"],
        kept=what_is_kept(),
        cookie=current_app.config["SESSION_COOKIE_NAME"],
    )


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
    private = (
        "/classes/",
        "/teach/",
        "/coordinate/",
        "/edit/",
        "/attempts/",
        "/review",
        "/progress",
        "/account",
        "/join/",
        "/home",
        "/problems",
    )
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
    """Return the main navigation as it is for whoever is asking: what is one's own first, then what is everybody's."""
    places = []
    # Not the proxy: it would be asked who that is for each permission.
    visitor = current_user._get_current_object()  # noqa: SLF001 (the documented name)
    if visitor.is_authenticated:
        places.append((_("Home"), "/home"))
        if may(visitor, Permission.PREPARE_CLASSES):
            places.append((_("Teach"), "/teach/"))
        if may(visitor, Permission.SEE_FIGURES):
            places.append((_("Coordinate"), "/coordinate/"))
        if may(visitor, Permission.SEE_PROBLEMS):
            places.append((_("Reports"), "/problems/"))
        if may(visitor, Permission.SEE_ITEM_STATISTICS) and not may(visitor, Permission.SEE_FIGURES):
            places.append((_("Questions"), "/edit/quizzes/"))
    places += [(_("Modules"), "/modules/"), (_("Search"), "/search"), (_("Glossary"), "/glossary"), (_("Reach"), "/reach")]
    return [Place(label, url, path == url or path.startswith(url.rstrip("/") + "/")) for label, url in places]
