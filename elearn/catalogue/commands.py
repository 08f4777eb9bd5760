"""`elearn content`: check, publish, export and render the series."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from elearn.catalogue import editorial, measures, renewal, service
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT
from elearn.db import unit_of_work

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def content() -> None:
    """Check, publish, export and render the series."""


@content.command()
@click.argument("path", type=FOLDER, default=CONTENT, required=False)
@click.option("--editorial", "by_standard", is_flag=True, help="Measure the text by the editorial standard too.")
@click.option("--json", "as_json", is_flag=True, help="Print what is found as JSON.")
def check(path: Path, by_standard: bool, as_json: bool) -> None:
    """Read the content folder PATH and print every fault as path:line: code: message.

    The exit status is 1 where there are errors; warnings alone leave it 0.
    """
    reading = read_series(path)
    errors, warnings = list(reading.errors), list(reading.warnings)
    measured = measures.measure(reading.series) if by_standard and reading.series else ()
    if by_standard and reading.series:
        errors += editorial.faults(reading.series, measured)
    if as_json:
        found = {"errors": [asdict(fault) for fault in errors], "warnings": [asdict(fault) for fault in warnings]}
        click.echo(json.dumps(found | {"measures": [asdict(measure) for measure in measured]}, ensure_ascii=False, indent=2))
    else:
        if measured:
            click.echo(measures.table(measured))
        for fault in errors:
            click.echo(str(fault))
        for fault in warnings:
            click.echo(f"{fault} (warning)")
        click.echo(f"{len(errors)} errors, {len(warnings)} warnings.", err=True)
    if errors:
        raise SystemExit(1)


@content.command()
@click.argument("path", type=FOLDER, default=CONTENT, required=False)
def publish(path: Path) -> None:
    """Publish the content folder PATH as one release; the same text again changes nothing."""
    reading = read_series(path)
    with unit_of_work():
        publication = service.publish(reading)
    if publication.release_id is None:
        click.echo("Nothing has changed.")
    else:
        changed = ", ".join([*(["the series"] if publication.series else []), *publication.modules])
        click.echo(f"Release {publication.release_id}: {changed}.")


@content.command()
@click.argument("folder", type=FOLDER)
def export(folder: Path) -> None:
    """Write what is published into FOLDER, byte for byte, for git or another editor."""
    click.echo(f"{service.export(folder)} files.")


@content.command()
def rerender() -> None:
    """Make the HTML of every published revision again, after a change of the allow-list or the compiler."""
    changed = 0
    with unit_of_work():
        for name, texts in renewal.rerender():
            changed += texts
            if sys.stderr.isatty():
                click.echo(f"{name}: {texts} changed", err=True)
    click.echo(f"{changed} texts changed.")
