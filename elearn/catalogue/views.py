"""Reading the series without an account."""

from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from elearn import media
from elearn.catalogue import access, queries
from elearn.catalogue.addresses import module_url
from elearn.catalogue.filling_queries import in_country
from elearn.catalogue.labels import bloom_names, contents_label, labelled_steps, level_names, section_kind_names
from elearn.catalogue.open_reports import open_reports_line
from elearn.catalogue.queries import PublishedModule, PublishedSeries
from elearn.errors import NotFound
from elearn.web.contents import ContentsLink, steps_beside
from elearn.web.guard import public
from elearn.web.headers import A_YEAR, PICTURE_POLICY
from elearn.web.kept_pages import same_for_everyone

bp = Blueprint("catalogue", __name__)

SUFFIXES = "svg, png, jpg, jpeg, webp"


@bp.get("/modules/", defaults={"language": None})
@bp.get("/<lang:language>/modules/")
@public
@same_for_everyone(queries.current_release)
def series(language: str | None) -> ResponseReturnValue:
    """Show the series."""
    published = queries.current_series()
    if language is not None and language not in published.languages:
        raise NotFound
    return render_template(
        "catalogue/series.html",
        series=published,
        content_language=language or published.source,
        modules=[m for m in published.modules if m.kind == "module"],
        guides=[m for m in published.modules if m.kind == "guide"],
        url_of=lambda module: module_url(published, module, language or published.source),
        level_names=level_names(),
    )


@bp.get("/modules/<slug>/", defaults={"language": None})
@bp.get("/<lang:language>/modules/<slug>/")
@public
@same_for_everyone(queries.current_release)
def module(slug: str, language: str | None) -> ResponseReturnValue:
    """Show a module: what one can do after it, how long it takes, its sections."""
    published, found, content_language = access.module_for_reading(slug, language)
    return render_template(
        "catalogue/module.html",
        **_frame(published, found, content_language, None),
        overview=queries.trusted(found.text(content_language, published.source).overview_html),
        outcomes=[(outcome["id"], outcome["bloom"]) for outcome in found.revision.outcomes],
        bloom_names=bloom_names(),
        level_names=level_names(),
        required=[m for m in map(published.module, found.revision.requires) if m is not None],
    )


@bp.get("/modules/<slug>/<key>", defaults={"language": None})
@bp.get("/<lang:language>/modules/<slug>/<key>")
@public
@same_for_everyone(queries.current_release)
def section(slug: str, key: str, language: str | None) -> ResponseReturnValue:
    """Show a section."""
    published, found, content_language = access.module_for_reading(slug, language)
    if key == "guide":
        return guide(published, found, content_language)
    line = access.line_for_reading(current_user, found.lines(content_language, published.source), key)
    frame = _frame(published, found, content_language, key)
    page, choice = in_country(queries.section_page(line.id), found.module_id, request.args.get("country", ""))
    previous, following = steps_beside(frame["contents"], _quiz_step(found, content_language))
    return render_template(
        "catalogue/section.html",
        **frame,
        line=line,
        page=page,
        choice=choice,
        open_reports=open_reports_line(found.module_id, found.slug, key, page.language),
        previous=previous,
        following=following,
        steps=labelled_steps(page.steps),
    )


def guide(published: PublishedSeries, found: PublishedModule, language: str) -> ResponseReturnValue:
    """Show what a module offers to those who teach it."""
    kinds = ("class-structure", "exercise", "assessment", "tools", "core-reading", "advanced-reading")
    lines = [line for line in found.lines(language, published.source) if line.kind in kinds or line.audience == "teacher"]
    return render_template(
        "catalogue/guide.html",
        **_frame(published, found, language, None),
        lines=[line for line in lines if line.audience == "everyone" or access.sees_teacher_sections(current_user)],
        withheld=not access.sees_teacher_sections(current_user) and any(line.audience == "teacher" for line in lines),
        kinds=section_kind_names(),
    )


def _frame(published: PublishedSeries, found: PublishedModule, language: str, key: str | None) -> dict[str, Any]:
    """Return what every page of a module shows."""
    base = module_url(published, found, language)
    lines = access.lines_for_reading(current_user, found.lines(language, published.source))
    return {
        "series": published,
        "module": found,
        "text": found.text(language, published.source),
        "content_language": language,
        "base_url": base,
        "series_url": "/modules/" if language == published.source else f"/{language}/modules/",
        "translations": [(tag, module_url(published, found, tag)) for tag in published.languages if tag in found.texts],
        "contents": [
            ContentsLink(line.title, base + line.key, line.key == key, contents_label(line.kind, line.audience), line.minutes)
            for line in lines
        ],
        "minutes": sum(line.minutes for line in lines),
    }


def _quiz_step(found: PublishedModule, language: str) -> tuple[str, str] | None:
    if found.quiz is None:
        return None
    return found.quiz.title.get(language) or _("Quiz"), f"/modules/{found.slug}/quiz"


@bp.get(f"/media/<digest>.<any({SUFFIXES}):suffix>")
@public
def picture(digest: str, suffix: str) -> Response:
    """Send a picture; its address is its digest, so it never changes. The series' are public; a course's want a sign-in."""
    name, kept_by = queries.picture_name(digest), "public"
    if name is None and current_user.is_authenticated:
        name, kept_by = media.other_name(digest), "private"
    kind = media.content_type(f"x.{suffix}")
    if name is None or not name.endswith(f".{suffix}") or kind is None:
        raise NotFound
    response = Response(media.bytes_of([digest])[digest], content_type=kind)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    response.headers["Cache-Control"] = f"{kept_by}, max-age={A_YEAR}, immutable"
    return response
