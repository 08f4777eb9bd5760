"""Courses that other institutions share: finding them, and reading them as published."""

from babel import Locale
from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from elearn.accounts.permissions import Permission
from elearn.adaptation import sharing_access as access
from elearn.adaptation import sharing_queries as queries
from elearn.adaptation.licence_labels import licence_called, licence_names
from elearn.adaptation.licence_queries import series_licence
from elearn.adaptation.queries import edition, edition_page
from elearn.adaptation.shared_text_queries import compared_with_base, shared_modules
from elearn.adaptation.sharing_labels import country_called
from elearn.catalogue.queries import current_series
from elearn.errors import NotFound
from elearn.web.guard import wants
from elearn.web.lists import asked_for, page_of

bp = Blueprint("shared", __name__, url_prefix="/teach/courses/shared")

COURSES_A_PAGE = 25


def _language_name(tag: str) -> str:
    return str(Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag)


@bp.get("/")
@wants(Permission.PREPARE_CLASSES)
def courses() -> ResponseReturnValue:
    """Show the courses that are shared with one's institutions."""
    theirs, series = access.institutions_for_sharing(current_user), current_series()
    modules = queries.modules_shared(theirs) if theirs else []
    asked = asked_for("q", language=series.languages, module=[slug for slug, _title in modules], licence=list(licence_names()))
    licence = series_licence()
    total = queries.count_of_shared(theirs, asked, licence) if theirs else 0
    page = page_of(total, COURSES_A_PAGE, url_for("shared.courses"), asked)
    return render_template(
        "adaptation/shared-courses.html",
        lines=queries.shared_lines(theirs, asked, licence, COURSES_A_PAGE, page.offset) if total else [],
        page=page,
        asked=asked,
        modules=modules,
        languages=[(tag, _language_name(tag)) for tag in series.languages],
        licences=licence_names(),
        licence_called=lambda own: licence_called(own or licence),
        language_name=_language_name,
        country=country_called,
        is_confirmed=bool(theirs),
    )


@bp.get("/<int:course_id>/")
def course(course_id: int) -> ResponseReturnValue:
    """Show a shared course: its modules and their sections as published, and what was changed in each."""
    shared = access.shared_course_for_reading(current_user, course_id)
    return render_template(
        "adaptation/shared-course.html",
        shared=shared,
        modules=shared_modules(edition(shared.edition_id)),
        licence=licence_called(shared.licence or series_licence()),
        written_in=_language_name(shared.language),
        country=country_called,
        places=access.places_for_adapting(current_user, shared),
    )


@bp.get("/<int:course_id>/<slug>/compare")
def compare(course_id: int, slug: str) -> ResponseReturnValue:
    """Show a module of a shared course beside what it was made from."""
    shared, contents, module = access.shared_module_for_reading(current_user, course_id, slug)
    made_from = next(each.base for each in shared_modules(contents) if each.module == module)
    return render_template(
        "adaptation/shared-compare.html",
        shared=shared,
        module=module,
        base=made_from,
        here=_("edition %(number)s", number=shared.number),
        found=compared_with_base(contents, module),
    )


@bp.get("/<int:course_id>/<slug>/sections/<key>")
def section(course_id: int, slug: str, key: str) -> ResponseReturnValue:
    """Show a section of a shared course as its students read it."""
    shared, contents, module = access.shared_module_for_reading(current_user, course_id, slug)
    line = module.line(key)
    if line is None:
        raise NotFound
    place = module.lines.index(line)
    return render_template(
        "adaptation/shared-section.html",
        shared=shared,
        module=module,
        line=line,
        page=edition_page(contents.id, module.module_id, key),
        before=module.lines[place - 1] if place else None,
        after=module.lines[place + 1] if place + 1 < len(module.lines) else None,
    )
