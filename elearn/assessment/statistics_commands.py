"""`elearn quiz`."""

import json
import sys

import click

from elearn.assessment import statistics_service as service
from elearn.assessment.statistics_queries import kept_quizzes

EVERYTHING = 10**9


@click.group()
def quiz() -> None:
    """Look after quizzes, take one to other systems, and bring questions from them."""


@quiz.command()
@click.option("--refresh", is_flag=True, help="Count anew where marks changed since the last sweep.")
@click.option("--all", "everything", is_flag=True, help="Count every class anew.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def statistics(*, refresh: bool, everything: bool, as_json: bool) -> None:
    """Say how many attempts the statistics count, after counting them anew where that is asked for."""
    counted = 0
    if refresh or everything:
        with click.progressbar(length=0, label="Counting", file=sys.stderr, hidden=as_json) as bar:

            def tell(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            pairs = service.all_classes() if everything else None
            counted = service.refresh_stale(EVERYTHING, tell) if pairs is None else service.refresh_each(pairs, tell)
    kept = [each for quizzes in kept_quizzes(()).values() for each in quizzes]
    known: dict[str, object] = {"counted_anew": counted, "quizzes": len(kept), "attempts": sum(each.attempts for each in kept)}
    oldest = min((each.oldest for each in kept), default=None)
    known["as_of"] = oldest.isoformat(timespec="seconds") if oldest else None
    if as_json:
        click.echo(json.dumps(known))
        return
    click.echo(f"{counted} classes' quizzes counted anew; {known['attempts']} attempts at {known['quizzes']} quizzes are kept", nl=False)
    click.echo(f", the oldest as of {known['as_of']}." if oldest else ".")
