"""Reach: the page for everyone, and the coordinator's desk."""

import json
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user

from elearn import clock
from elearn.accounts.permissions import Permission
from elearn.accounts.service import is_demonstration
from elearn.catalogue.queries import current_series
from elearn.countries import country_name, region_name, regions
from elearn.errors import Invalid, NotFound
from elearn.reach import access, drawings, public
from elearn.reach.figures import FIGURES
from elearn.reach.formats import as_csv, as_json
from elearn.reach.forms import CutForm
from elearn.reach.full_report import full_report_on
from elearn.reach.periods import Period, academic_year_of, month_of, quarter_of, year_of
from elearn.reach.report import Report
from elearn.web.guard import public as for_everyone
from elearn.web.guard import wants
from elearn.web.headers import attach

bp = Blueprint("reach", __name__)


def _language() -> str:
    return str(get_locale() or "en").replace("_", "-")


@bp.get("/reach")
@for_everyone
def public_page() -> ResponseReturnValue:
    """Show whom the series reached, as far as nobody can be singled out."""
    years = public.years_to_show(_language())
    asked = request.args.get("year", "")
    if asked and asked not in {str(year) for year in years}:
        raise NotFound
    year = int(asked) if asked else next(iter(years), None)
    reach = public.public_reach(year, _language()) if year is not None else None
    return render_template(
        "reach/public.html",
        reach=reach,
        years=years,
        figures=FIGURES,
        drawn=drawings.of_public(reach) if reach else [],
        shown=drawings.shown,
    )


@dataclass(frozen=True)
class Preset:
    """A period to choose with one press."""

    label: str
    period: Period


def _presets() -> list[Preset]:
    today = clock.today()
    return [
        Preset(_("This month"), month_of(today)),
        Preset(_("This quarter"), quarter_of(today)),
        Preset(_("This year"), year_of(today)),
        Preset(_("This academic year"), academic_year_of(today)),
        Preset(_("Last year"), year_of(today.replace(year=today.year - 1, day=1))),
    ]


@bp.get("/coordinate/reach")
@wants(Permission.SEE_FIGURES)
def desk() -> ResponseReturnValue:
    """Show a coordinator the figures they answer for, as a page, CSV or JSON."""
    form = CutForm(request.args)
    scope = access.scope_of(current_user)
    _offer(form, scope)
    try:
        period = form.period(year_of(clock.today()))
        place = form.place()
        wanted = _wanted_format()
    except Invalid as refusal:
        form.take(refusal)
        choice = {"form": form, "presets": _presets(), "address": _address}
        return render_template("reach/desk.html", report=None, refused=refusal.message, **choice), 422
    named = access.cut_for_viewing(current_user, _language(), **place)
    report = full_report_on(period, named, _language())
    if wanted != "html":
        return _download(report, wanted)
    return render_template(
        "reach/desk.html",
        form=form,
        scope=scope,
        presets=_presets(),
        report=report,
        figures=FIGURES,
        drawn=drawings.of_report(report),
        shown=drawings.shown,
        institutions=access.institutions_to_choose(current_user),
        address=_address,
        refused=None,
    )


def _offer(form: CutForm, scope: access.Scope) -> None:
    """Have the form offer what this person answers for."""
    language = _language()
    codes = sorted(scope.countries)
    areas = sorted(regions()) if scope.everything else sorted(scope.areas)
    series = current_series()
    whole = [("", _("All"))]
    form.region.choices = whole + sorted(((code, region_name(code, language)) for code in areas), key=itemgetter(1))
    form.country.choices = whole + sorted(((code, country_name(code, language)) for code in codes), key=itemgetter(1))
    form.module.choices = whole + [(m.slug, m.text(language, series.source).title) for m in series.modules]


def _wanted_format() -> str:
    wanted = request.args.get("format", "html")
    if wanted not in {"html", "csv", "json"}:
        raise Invalid(_("The formats are csv and json."))
    return wanted


def _address(**changes: str) -> str:
    """Return the address of the desk with the present choice, changed: a place chosen replaces the place before."""
    kept = {name: value for name in ("from", "to", "module") if (value := request.args.get(name))}
    if not changes.keys() & {"region", "country", "institution"}:
        kept |= {name: value for name in ("region", "country", "institution") if (value := request.args.get(name))}
    values: dict[str, Any] = kept | changes
    return url_for("reach.desk", **values)


def _download(report: Report, wanted: str) -> Response:
    name = f"reach-{report.named.code.lower()}-{report.period.first_day}-{report.period.last_day}.{wanted}"
    if wanted == "csv":
        # The mark at the start tells spreadsheets that names are in UTF-8.
        body, content_type = "\ufeff" + as_csv(report, demonstration=is_demonstration()), "text/csv; charset=utf-8"
    else:
        found = as_json(report, demonstration=is_demonstration())
        body, content_type = json.dumps(found, ensure_ascii=False, indent=1) + "\n", "application/json"
    return attach(Response(body, content_type=content_type), name)
