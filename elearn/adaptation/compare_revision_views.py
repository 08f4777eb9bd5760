"""What became other in a module of the series: its published revisions, and any two of them beside each other, for everyone."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from elearn.adaptation.compare_revision_queries import Revision, compared_revisions, revisions_of
from elearn.catalogue.access import module_for_reading, sees_teacher_sections
from elearn.catalogue.addresses import module_url
from elearn.catalogue.queries import current_release
from elearn.errors import NotFound
from elearn.web.guard import public
from elearn.web.kept_pages import same_for_everyone
from elearn.web.lists import page_of

bp = Blueprint("revisions", __name__)

REVISIONS_A_PAGE = 25
#: So many of the newest can be chosen; older ones are reached from the list.
MOST_CHOICES = 100


@bp.get("/modules/<slug>/changes", defaults={"language": None})
@bp.get("/<lang:language>/modules/<slug>/changes")
@public
@same_for_everyone(current_release)
def changes(slug: str, language: str | None) -> ResponseReturnValue:
    """Show the revisions of a module, and where two are named what is other between them."""
    series, module, content_language = module_for_reading(slug, language)
    revisions, confirmed = revisions_of(module), sees_teacher_sections(current_user)
    is_asked = "from" in request.args or "to" in request.args
    after = _called(revisions, "to", revisions[0])
    before = _called(revisions, "from", next((each for each in revisions if each.number < after.number), after))
    there = module_url(series, module, content_language)
    page = page_of(len(revisions), REVISIONS_A_PAGE, f"{there}changes")
    return render_template(
        "adaptation/revisions.html",
        module=module,
        title=module.text(content_language, series.source).title,
        there=there,
        series_url="/modules/" if content_language == series.source else f"/{content_language}/modules/",
        content_language=content_language,
        source_language=series.source,
        page=page,
        shown=revisions[page.offset : page.offset + page.size],
        oldest=revisions[-1].number,
        choices=dict.fromkeys((*revisions[:MOST_CHOICES], before, after)),
        before=before,
        after=after,
        found=compared_revisions(module.module_id, before, after, content_language, confirmed=confirmed) if is_asked else None,
        confirmed=confirmed,
    )


def _called(revisions: Sequence[Revision], name: str, otherwise: Revision) -> Revision:
    """Return the revision whose number the address names; one that there is not is no page."""
    asked = request.args.get(name)
    if asked is None:
        return otherwise
    found = next((revision for revision in revisions if str(revision.number) == asked), None)
    if found is None:
        raise NotFound
    return found
