"""Searching the series, without an account or with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Row

from elearn.catalogue import access, glossary_queries, queries, search_queries
from elearn.catalogue.addresses import module_url, term_url
from elearn.catalogue.queries import PublishedSeries
from elearn.catalogue.search_queries import KINDS, RESULTS_A_PAGE, Search
from elearn.catalogue.search_question import LONGEST_QUESTION, Question, read_question
from elearn.catalogue.search_snippets import Piece, marked, snippet
from elearn.web.guard import public
from elearn.web.lists import Page, asked_for, page_of

bp = Blueprint("search", __name__)


@dataclass(frozen=True)
class Result:
    """Something found, as the page shows it."""

    url: str
    title: list[Piece]
    snippet: list[Piece]
    #: Where it stands: the module of a section; what it is otherwise.
    place: str
    language: str
    for_teachers: bool


@bp.get("/search")
@public
def search() -> ResponseReturnValue:
    """Show what the series has to say about some words."""
    series = queries.current_series()
    typed = " ".join(request.args.get("q", "")[: LONGEST_QUESTION + 1].split())
    question = read_question(typed)
    asked = asked_for(kind=KINDS, language=series.languages)
    wanted = Search(
        question,
        reader_language=reader_language(series),
        with_teacher_sections=access.sees_teacher_sections(current_user),
        **asked,
    )
    total = search_queries.count_of_results(wanted) if question.parts else 0
    page = page_of(total, RESULTS_A_PAGE, "/search", {"q": typed[:LONGEST_QUESTION]} | asked)
    found: Sequence[Row[*tuple[Any, ...]]] = ()
    if total:
        found = search_queries.results(wanted, page.offset)
    elif len(question.parts) > 1:
        found = search_queries.results_with_some(wanted)
    return render_template(
        "catalogue/search.html",
        typed=typed[:LONGEST_QUESTION],
        longest=LONGEST_QUESTION,
        question=question,
        results=_shown(series, found, question),
        total=total,
        page=page,
        kinds=_kinds(page),
        languages=series.languages,
        nearest=glossary_queries.nearest_term(typed, wanted.reader_language) if question.parts and not total else None,
    )


def _kinds(page: Page) -> list[tuple[str, str, bool]]:
    """Return what the results may be narrowed to: words, address, whether they are."""
    names = {"": _("Everything"), "module": _("Modules and guides"), "section": _("Sections"), "term": _("Glossary")}
    return [(words, page.address(kind=kind), page.asked["kind"] == kind) for kind, words in names.items()]


def reader_language(series: PublishedSeries) -> str:
    """Return the language of the series that is the reader's own, as far as we know it."""
    own = getattr(current_user, "language", "")
    return own if own in series.languages else request.accept_languages.best_match(series.languages, series.source)


def _shown(series: PublishedSeries, found: Sequence[Row[*tuple[Any, ...]]], question: Question) -> list[Result]:
    modules = {module.module_id: module for module in series.modules}
    shown = []
    for row in found:
        module = modules.get(row.module_id)
        if row.kind == "term":
            url, place = term_url(series, row.key, row.language), _("Glossary")
        elif module is None:
            # Published a moment ago, and this process has not heard of it yet.
            continue
        elif row.kind == "section":
            url, place = module_url(series, module, row.language) + row.key, module.text(row.language, series.source).title
        else:
            url, place = module_url(series, module, row.language), _("Module") if module.kind == "module" else _("Teaching guide")
        pieces = snippet(row.text, row.folded_text, question)
        shown.append(Result(url, marked(row.title, question), pieces, place, row.language, row.audience == "teacher"))
    return shown
