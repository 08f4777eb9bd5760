"""The `elearn` command; each room adds its own group."""

import functools
import os
import secrets
import sys
from collections.abc import Callable
from copy import copy
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication
from sqlalchemy.exc import DatabaseError

from elearn import mail
from elearn.accounts import commands as accounts_commands
from elearn.app import create_app
from elearn.assessment import statistics_commands
from elearn.catalogue import commands as catalogue_commands
from elearn.catalogue import service as catalogue
from elearn.catalogue.reader import read_series
from elearn.config import CONTENT, MIGRATIONS, SHORTEST_SECRET, Misconfigured, Settings
from elearn.db import db, unit_of_work
from elearn.demo import commands as demo_commands
from elearn.errors import Refusal
from elearn.exchange import commands as exchange_commands
from elearn.front import commands as front_commands
from elearn.jobs import commands as jobs_commands
from elearn.jobs import runner as jobs
from elearn.learning import roster_commands
from elearn.reach import commands as reach_commands
from elearn.reach import record_commands

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
WORKERS = 2


def laptop_settings(base_url: str | None = None) -> Settings:
    """Return the settings of laptop mode: a key and an SQLite database under the data folder, made if they are not there."""
    folder = Path(Settings.from_environment(laptop=True).data_dir).expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(SHORTEST_SECRET * 2), encoding="utf-8")
    return Settings.from_environment(
        secret_key=key.read_text(encoding="utf-8"),
        database_url=f"sqlite:///{folder / 'elearn.sqlite3'}",
        base_url=base_url or Settings.base_url,
        # Where there is no mail server, a mail is a file that one can open.
        mail_url=os.environ.get("ELEARN_MAIL_URL") or (folder / "mail").as_uri(),
        laptop=True,
    )


def settings_here() -> Settings:
    """Return the environment's settings, or those of laptop mode where it names no database."""
    return Settings.from_environment() if os.environ.get("ELEARN_DATABASE_URL") else laptop_settings()


def schema_revisions(app: Flask) -> tuple[str | None, str | None]:
    """Return the schema the database has and the one this software wants."""
    with app.app_context(), db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present, ScriptDirectory(str(MIGRATIONS)).get_current_head()


def check_schema(app: Flask) -> None:
    """Raise Misconfigured, in one sentence, where the database is missing, locked or of another schema."""
    try:
        present, wanted = schema_revisions(app)
    except DatabaseError as error:
        raise Misconfigured(f"The database does not answer: {str(error.orig).strip().splitlines()[0]}") from error
    if present != wanted:
        raise Misconfigured(f"The database has schema {present or 'none'}, this software wants {wanted}: run `elearn db upgrade`.")


class Group(click.Group):
    """A group whose commands end with 1 and one line where something is refused."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(f"elearn: {refusal.message}", err=True)
            for name, message in getattr(refusal, "fields", {}).items():
                if message != refusal.message:
                    click.echo(f"elearn: {name}: {message}", err=True)
            raise SystemExit(1) from refusal


@click.group(cls=Group)
@click.version_option(package_name="elearn")
def main() -> None:
    """Read, adapt and teach university modules on cybercrime, and count whom they reached."""


def with_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run ``command`` in an application whose database has the right schema."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        app = create_app(settings_here())
        check_schema(app)
        with app.app_context(), app.test_request_context():
            try:
                return command(*arguments, **options)
            finally:
                db.session.remove()
                db.engine.dispose()

    return run


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=WORKERS, show_default=True, type=click.IntRange(1, 64))
@click.option("--demo", is_flag=True, help="Load the demonstration into an empty database first.")
def run(host: str, port: int, workers: int, demo: bool) -> None:
    """Serve the application with gunicorn.

    On a loopback address and without ELEARN_DATABASE_URL this is laptop mode: key and SQLite database live under
    ELEARN_DATA_DIR, the database is migrated and the shipped content published by itself.
    """
    if not os.environ.get("ELEARN_DATABASE_URL") and host in LOOPBACK:
        app = create_app(laptop_settings(base_url=os.environ.get("ELEARN_BASE_URL") or f"http://{host}:{port}"))
        _prepare_laptop(app, demo=demo)
    else:
        app = create_app(Settings.from_environment())
        check_schema(app)
    with app.app_context():
        # A connection is not to be shared with the workers.
        db.engine.dispose()
    click.echo(f"Serving on http://{host}:{port}/  (Ctrl+C ends it)")
    sys.stdout.flush()
    sys.argv = ["elearn run"]
    Server(
        app,
        bind=f"{host}:{port}",
        workers=workers,
        worker_class="gthread",
        threads=4,
        timeout=60,
        loglevel="warning",
        preload_app=True,
        # Not before: a thread does not outlive the fork.
        post_worker_init=lambda _worker: jobs.start(app),
    ).run()


class Server(BaseApplication):
    """gunicorn around an application that is already made: workers share its memory."""

    def __init__(self, app: Flask, **options: object) -> None:
        self.app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self.app


def _prepare_laptop(app: Flask, *, demo: bool) -> None:
    """Leave the laptop's database at the right schema with the shipped content published."""
    with app.app_context():
        present, wanted = schema_revisions(app)
        if present != wanted:
            upgrade(directory=str(MIGRATIONS))
    with app.app_context(), app.test_request_context():
        reading = read_series(CONTENT)
        try:
            with unit_of_work():
                catalogue.publish(reading)
        except Refusal as refusal:
            click.echo(f"The content is not published anew: {refusal.message}", err=True)
        if demo:
            demo_commands.load_once()


@main.group("db")
def database() -> None:
    """Look after the database."""


@database.command("upgrade")
def upgrade_database() -> None:
    """Bring the database to the schema that this software wants."""
    app = create_app(settings_here())
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
    present, _wanted = schema_revisions(app)
    click.echo(f"The database has schema {present}.")


@main.group("mail")
def post() -> None:
    """Look after the mails that are waiting."""


@post.command("send")
@with_app
def send_mail() -> None:
    """Send the mails that are due: for a timer, every few minutes."""
    if not mail.is_set_up():
        raise Misconfigured("ELEARN_MAIL_URL is missing: no mail is sent.")
    taken = mail.send_due()
    click.echo(f"{taken} tried; {mail.waiting()} wait for their next try.")


@main.command("config")
def show_settings() -> None:
    """List the settings, their meaning and what they are now."""
    settings = Settings.from_environment(laptop=True)
    for setting in fields(Settings):
        if "variable" in setting.metadata:
            value = str(getattr(settings, setting.name))
            shown = "(set)" if value and setting.name in {"secret_key", "database_url", "mail_url"} else value or "(not set)"
            click.echo(f"{setting.metadata['variable']} = {shown}\n    {setting.metadata['meaning']}")
            click.echo(f"    Default: {setting.default or 'none'}")


ROOMS = (
    accounts_commands.users,
    accounts_commands.institutions,
    catalogue_commands.content,
    roster_commands.roster,
    statistics_commands.quiz,
    demo_commands.demo,
    reach_commands.reach,
    record_commands.returns,
    jobs_commands.jobs,
)
#: Groups of other rooms to which the front adds what concerns all rooms; importing it has done so.
ADDED = (front_commands, exchange_commands)
#: Reads files alone, and needs no database.
WITHOUT_DATABASE = frozenset({"check"})


def _served(group: click.Group) -> click.Group:
    """Return a copy of a room's group whose commands run in an application; the room's own stays as it is, for its tests."""
    served = copy(group)
    served.commands = {}
    for name, command in group.commands.items():
        served.commands[name] = copy(command)
        if command.callback is not None and name not in WITHOUT_DATABASE:
            served.commands[name].callback = with_app(command.callback)
    return served


for _group in ROOMS:
    main.add_command(_served(_group))
