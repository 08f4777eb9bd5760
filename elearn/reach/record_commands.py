"""`elearn returns`."""

import json
from pathlib import Path

import click

from elearn.db import unit_of_work
from elearn.reach.record_reading import read_records
from elearn.reach.record_service import import_records

STATES = ("draft", "claimed", "verified", "validated")


@click.group()
def returns() -> None:
    """Look after what is reported of teaching and events outside the platform."""


@returns.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--state", default="validated", show_default=True, type=click.Choice(STATES), help="Of records that name no status.")
@click.option("--json", "as_program", is_flag=True, help="Print the outcome as JSON.")
def import_(file: Path, state: str, as_program: bool) -> None:
    """Keep the records of a CSV file; one that is known by its record_id and differs is a new version of it. All lines or none."""
    reading = read_records(file.read_bytes())
    with unit_of_work():
        found = import_records(reading, state=state)
    if reading.encoding != "UTF-8":
        click.echo(f"The file is not UTF-8; read as {reading.encoding}.", err=True)
    if as_program:
        click.echo(json.dumps(vars(found)))
    else:
        click.echo(f"{found.added} added, {found.corrected} corrected, {found.unchanged} unchanged.")
