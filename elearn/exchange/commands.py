"""`elearn quiz`: a quiz out to other systems, and questions in."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from elearn.assessment.statistics_commands import quiz
from elearn.catalogue.queries import current_series
from elearn.errors import Invalid, NotFound
from elearn.exchange import labels
from elearn.exchange.formats import FORMATS, read
from elearn.exchange.limits import LARGEST_FILE, Refused
from elearn.exchange.queries import exported
from elearn.exchange.quiz_yaml import written
from elearn.exchange.report import Note

FORMAT = click.option("--format", "name", required=True, type=click.Choice(list(FORMATS)), help="The format of the file.")


@quiz.command("export")
@FORMAT
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(name: str, slug: str, file: Path, *, as_json: bool) -> None:
    """Write the quiz of the module SLUG into FILE, and say what the other system will not know or not do."""
    series = current_series()
    module = series.module(slug)
    if module is None or module.quiz is None:
        raise NotFound(f"No module {slug} with a quiz is published.")
    made = exported(series, module, name)
    file.write_bytes(made.content)
    if as_json:
        click.echo(json.dumps({"file": str(file), "report": _told(made.notes)}, ensure_ascii=False, indent=2))
    else:
        _say(made.notes)


@quiz.command("import")
@FORMAT
@click.option("--json", "as_json", is_flag=True, help="Print the questions and the report as JSON.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_(name: str, file: Path, *, as_json: bool) -> None:
    """Print the questions of FILE as a quiz.yml, and say what was left out or changed. Nothing is published."""
    content = file.read_bytes() if file.stat().st_size <= LARGEST_FILE else b"\0" * (LARGEST_FILE + 1)
    try:
        reading = read(name, content)
    except Refused as refused:
        raise Invalid(labels.refusal_of(refused)) from None
    if as_json:
        told = {"items": reading.items, "report": _told(reading.notes)}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2, default=_number))
    else:
        click.echo(written(reading.items), nl=False)
        _say(reading.notes)


def _number(value: Any) -> float:
    assert isinstance(value, Decimal)
    return float(value)


def _told(notes: tuple[Note, ...]) -> list[dict[str, str]]:
    return [{"item": note.item, "code": note.code, "detail": note.detail, "words": labels.words_of(note)} for note in notes]


def _say(notes: tuple[Note, ...]) -> None:
    for line in labels.lines_of(notes):
        of = f" ({', '.join(line.items)})" if line.items else ""
        click.echo(f"{line.words}{of}", err=True)
