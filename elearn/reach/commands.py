"""`elearn reach`."""

import json
import sys
from datetime import datetime

import click

from elearn.accounts.queries import is_demonstration
from elearn.errors import Invalid
from elearn.reach import queries, service
from elearn.reach.formats import as_csv, as_json, as_text
from elearn.reach.full_report import full_report_on
from elearn.reach.recount import Recount
from elearn.reach.recount import recount as count_again

LANGUAGE = "en"


@click.group()
def reach() -> None:
    """Say whom the series reached, and prove it."""


@reach.command()
@click.option("--from", "first_day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day, UTC.")
@click.option("--to", "last_day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The last day, included.")
@click.option("--institution", default="", metavar="CODE", help="Only this institution, by its code.")
@click.option("--country", default="", metavar="XX", help="Only this country, by its ISO 3166-1 alpha-2 code.")
@click.option("--region", default="", metavar="NNN", help="Only this region or subregion, by its UN M49 code.")
@click.option("--format", "wanted", default="text", show_default=True, type=click.Choice(["json", "csv", "text"]))
def report(first_day: datetime, last_day: datetime, institution: str, country: str, region: str, wanted: str) -> None:
    """Print the figures of a period, unrounded, each with its definition."""
    if sum(map(bool, (institution, country, region))) > 1:
        raise click.UsageError("Choose one of --institution, --country and --region.")
    try:
        period = service.period_between(first_day.date(), last_day.date())
    except Invalid as refusal:
        raise click.UsageError(refusal.message) from refusal
    named = queries.named_cut(LANGUAGE, institution=institution, country=country.upper(), region=region)
    found = full_report_on(period, named, LANGUAGE)
    demonstration = is_demonstration()
    if wanted == "json":
        click.echo(json.dumps(as_json(found, demonstration=demonstration), ensure_ascii=False, indent=1))
    elif wanted == "csv":
        click.echo(as_csv(found, demonstration=demonstration), nl=False)
    else:
        click.echo(as_text(found, demonstration=demonstration), nl=False)


@reach.command("recount")
@click.option("--json", "as_program", is_flag=True, help="Print the outcome as JSON.")
@click.option("--repair", is_flag=True, help="Leave the counters as counted now.")
@click.pass_context
def recount(context: click.Context, as_program: bool, repair: bool) -> None:
    """Count everything again from the acts themselves and compare; exit status 1 where the counters differ."""
    with click.progressbar(length=queries.people_with_enrolments(), label="People", file=sys.stderr) as bar:
        again = count_again(repair=repair, step=bar.update)
    if as_program:
        click.echo(json.dumps(_outcome(again, repaired=repair), indent=1))
    else:
        click.echo(f"{again.acts} acts of {again.people} learners make {len(again.cells)} cells.")
        for difference in again.differences:
            words = difference | {"key": " ".join(difference["key"])}
            click.echo("{what} {key}: kept {kept}, counted {counted}".format_map(words), err=True)
        click.echo(_verdict(again, repaired=repair), err=bool(again.difference_count))
    if again.difference_count and not (repair and again.is_repairable):
        context.exit(1)


def _verdict(again: Recount, *, repaired: bool) -> str:
    if not again.difference_count:
        return "The counters agree with the acts."
    return f"{again.difference_count} differences" + (", put right." if repaired and again.is_repairable else ".")


def _outcome(again: Recount, *, repaired: bool) -> dict[str, object]:
    return {
        "agrees": not again.difference_count,
        "repaired": bool(again.difference_count) and repaired and again.is_repairable,
        "learners": again.people,
        "acts": again.acts,
        "cells": len(again.cells),
        "difference_count": again.difference_count,
        "differences": again.differences,
    }
