"""The terms of the series, each defined once."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn.catalogue import access, glossary_queries, queries
from elearn.catalogue.addresses import glossary_url, module_url, term_url
from elearn.catalogue.glossary_queries import Term
from elearn.catalogue.queries import PublishedSeries
from elearn.errors import NotFound
from elearn.web.guard import public
from elearn.web.kept_pages import same_for_everyone

bp = Blueprint("glossary", __name__)


def _series_in(language: str | None) -> tuple[PublishedSeries, str]:
    """Return the series and the language in which its glossary is read."""
    series = queries.current_series()
    if language is not None and language not in series.languages:
        raise NotFound
    return series, language or series.source


@bp.get("/glossary", defaults={"language": None})
@bp.get("/<lang:language>/glossary")
@public
@same_for_everyone(queries.current_release)
def terms(language: str | None) -> ResponseReturnValue:
    """Show the terms of the series; each stands under its key, where links of before lead."""
    series, content_language = _series_in(language)
    return render_template(
        "catalogue/glossary.html",
        series=series,
        content_language=content_language,
        groups=glossary_queries.by_letter(glossary_queries.terms(series, content_language)),
        url_of=lambda term: term_url(series, term.key, content_language),
        translations=[(tag, glossary_url(series, tag)) for tag in series.languages],
    )


@bp.get("/glossary/<key>", defaults={"language": None})
@bp.get("/<lang:language>/glossary/<key>")
@public
@same_for_everyone(queries.current_release)
def term(key: str, language: str | None) -> ResponseReturnValue:
    """Show a term: its definition, the module that defines it, and the sections that use it."""
    series, content_language = _series_in(language)
    found = next((known for known in glossary_queries.terms(series, content_language) if known.key == key), None)
    if found is None:
        raise NotFound
    module = series.module(found.module)
    return render_template(
        "catalogue/term.html",
        series=series,
        term=found,
        content_language=content_language,
        glossary_url=glossary_url(series, content_language),
        module=module,
        module_url=module_url(series, module, content_language) if module else "",
        places=_places(series, found, content_language),
        translations=[(tag, name, term_url(series, key, tag)) for tag, name in found.names.items() if tag != found.language],
    )


def _places(series: PublishedSeries, found: Term, language: str) -> list[tuple[str, str, str]]:
    """Return (module, section, address) of the sections that use the term and that whoever asks may read."""
    modules = {module.module_id: module for module in series.modules}
    everything = access.sees_teacher_sections(current_user)
    places = []
    for use in glossary_queries.uses(found.key):
        module = modules.get(use.module_id)
        if module and use.language == language and (everything or use.audience == "everyone"):
            places.append((module.text(language, series.source).title, use.title, module_url(series, module, language) + use.key))
    return places
