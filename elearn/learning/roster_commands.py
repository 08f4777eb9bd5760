"""`elearn roster`."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import select

from elearn.db import db, unit_of_work
from elearn.errors import NotFound
from elearn.learning import roster_service as service
from elearn.learning.models import CourseClass
from elearn.learning.roster import LARGEST_FILE, Roster, read_roster
from elearn.learning.roster_labels import fault_words, remark_words
from elearn.learning.roster_plan import Plan

#: How many odd lines are named one by one.
MOST_NAMED = 200


@click.group()
def roster() -> None:
    """Look after the rosters of classes."""


@roster.command("import")
@click.option("--class", "code", required=True, help="The class's code, such as KE1-17.")
@click.option("--leave-out-faulty", is_flag=True, help="Take the good lines and leave out those with faults.")
@click.option("--invite", is_flag=True, help="Write to the new people whose address has no account yet.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(code: str, file: Path, *, leave_out_faulty: bool, invite: bool, as_json: bool) -> None:
    """Bring a class's roster to the state of a CSV file (name,email,student_id,language,group); all lines or none.

    Whoever has verified an address in it is in the class at once; the others wait until they claim their line. Nobody is removed.
    """
    read = _read(file)
    service.check_readable(read)
    with unit_of_work():
        class_id = db.session.scalar(select(CourseClass.id).where(CourseClass.code == code))
        if class_id is None:
            raise NotFound(f"There is no class with the code {code}.")
        plan = service.planned(class_id, read)
        _name_odd_lines(read, plan)
        outcome = service.import_roster(class_id, read, by_id=None, leave_out_faulty=leave_out_faulty, invite=invite)
    if as_json:
        click.echo(json.dumps(asdict(outcome) | {"encoding": read.encoding, "ignored_columns": list(read.ignored_columns)}))
    else:
        click.echo(
            f"{outcome.new} new lines wait to be claimed, {outcome.seats} students in the class at once, {outcome.changed} changed, "
            f"{outcome.same} there already, {outcome.gone} stay out, {outcome.left_out} left out.",
        )


def _read(file: Path) -> Roster:
    if file.stat().st_size > LARGEST_FILE:
        return read_roster(b" " * (LARGEST_FILE + 1))
    read = read_roster(file.read_bytes())
    if read.encoding != "UTF-8":
        click.echo(f"The file is not UTF-8; read as {read.encoding}.", err=True)
    if read.ignored_columns:
        click.echo(f"Columns that were not used: {', '.join(read.ignored_columns)}.", err=True)
    return read


def _name_odd_lines(read: Roster, plan: Plan) -> None:
    odd = sorted((*read.faults, *plan.faults), key=lambda fault: fault.line)
    for fault in odd[:MOST_NAMED]:
        click.echo(f"line {fault.line}: {fault_words(fault)}", err=True)
    if len(odd) > MOST_NAMED:
        click.echo(f"... and {len(odd) - MOST_NAMED} more.", err=True)
    for remark in read.remarks[:MOST_NAMED]:
        click.echo(f"line {remark.line}: {remark_words(remark)}", err=True)
