"""`elearn demo`."""

import json
import sys

import click

from elearn.accounts import queries as people
from elearn.accounts.credentials import hash_password
from elearn.db import db, unit_of_work
from elearn.demo.places import PASSWORD, SAMPLES
from elearn.demo.service import Loader, Numbers, check_loadable

USUAL = Numbers()


@click.group()
def demo() -> None:
    """Look at the platform with invented people in it."""


@demo.command()
@click.option("--students", default=USUAL.students, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--institutions", default=USUAL.institutions, show_default=True, type=click.IntRange(1, 500))
@click.option("--seed", default=USUAL.seed, show_default=True, help="The same seed invents the same people and histories on the same day.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins as JSON.")
def load(students: int, institutions: int, seed: int, as_json: bool) -> None:
    """Fill an empty database with a demonstration and print its sign-ins.

    The database is marked as a demonstration for good: every page says so. One that holds real people is refused.
    """
    load_numbers(Numbers(students, institutions, seed))
    if as_json:
        click.echo(json.dumps({"password": PASSWORD, "sign_ins": [{"email": s.email, "role": s.role, "note": s.note} for s in SAMPLES]}))
    else:
        print_sign_ins()


def load_once() -> None:
    """Fill the database with a demonstration of the usual size and print its sign-ins, where it holds neither one nor real people."""
    is_loaded, has_real_people = people.is_demonstration(), people.has_real_people()
    if is_loaded:
        return
    if has_real_people:
        click.echo("This database holds real people: no demonstration is loaded into it.")
        return
    load_numbers(USUAL)
    print_sign_ins()


def load_numbers(numbers: Numbers) -> None:
    """Leave a demonstration of these numbers in the database, whole, or raise Conflict and leave nothing."""
    check_loadable()
    # Hashing, and reading so far, hold no write turn.
    hashed = hash_password(PASSWORD)
    db.session.rollback()
    with unit_of_work():
        loader = Loader(numbers, hashed)
        with click.progressbar(
            loader.load(),
            length=len(loader.plan.classes),
            label="Loading the demonstration",
            hidden=not sys.stderr.isatty(),
            file=sys.stderr,
        ) as classes:
            for _each in classes:
                pass


def print_sign_ins() -> None:
    """Print with whose eyes one can look at the demonstration."""
    click.echo(f"Demonstration data is loaded: everybody in it is invented. The password of all is {PASSWORD}\n")
    for sample in SAMPLES:
        click.echo(f"  {sample.email:26}{sample.role + ('' if sample.is_confirmed else ' (asked)'):24}{sample.note}")
    click.echo()
