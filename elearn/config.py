"""Settings: environment variables with the prefix ``ELEARN_``, read once; a bad value refuses to start."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from elearn.errors import Refusal

PACKAGE = Path(__file__).resolve().parent
_SHIPPED = PACKAGE / "shipped"
#: Where templates, static files and content stand: beside the package in a checkout, inside it in a wheel.
HOUSE = _SHIPPED if _SHIPPED.is_dir() else PACKAGE.parent
TEMPLATES = HOUSE / "templates"
STATIC = HOUSE / "static"
CONTENT = HOUSE / "content" / "modules"
MIGRATIONS = PACKAGE / "migrations"

SHORTEST_SECRET = 32


class Misconfigured(Refusal):
    """A setting is missing or cannot be used; the message names it."""


def default_data_dir() -> Path:
    """Return the user's data folder for this application."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "elearn"


def _setting(variable: str, meaning: str, default: str = "") -> str:
    return field(default=default, metadata={"variable": variable, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs from one installation to another."""

    database_url: str = _setting("ELEARN_DATABASE_URL", "Address of the database; empty, on a loopback address: laptop mode.")
    secret_key: str = _setting("ELEARN_SECRET_KEY", f"Signs cookies; at least {SHORTEST_SECRET} characters, the same for all servers.")
    data_dir: str = _setting("ELEARN_DATA_DIR", "Folder of laptop mode: key and SQLite database.", str(default_data_dir()))
    base_url: str = _setting(
        "ELEARN_BASE_URL", "Address under which people reach the site; https makes cookies secure.", "http://127.0.0.1:8000"
    )
    site_name: str = _setting("ELEARN_SITE_NAME", "Name shown at the top of every page.", "elearn")
    mail_url: str = _setting(
        "ELEARN_MAIL_URL", "Where mail goes: smtp://user:password@host:587, smtps://host:465 or file:///folder; empty: no mail is sent."
    )
    mail_from: str = _setting("ELEARN_MAIL_FROM", "Sender of the site's mails.", "elearn <no-reply@localhost>")
    jobs: str = _setting("ELEARN_JOBS", "Who runs background jobs: thread (each server process) or none (`elearn jobs work`).", "thread")
    contact: str = _setting("ELEARN_CONTACT", "Address of the people who run this site, shown on the about page.")
    trusted_proxies: str = _setting("ELEARN_TRUSTED_PROXIES", "How many proxies in front set X-Forwarded-For.", "0")
    measure: str = _setting("ELEARN_MEASURE", "1 adds the number of SQL statements to each answer (Server-Timing).", "")
    debug: str = _setting("ELEARN_DEBUG", "1 shows stack traces; refused in production.", "")
    laptop: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **changes: str | bool) -> "Settings":
        """Return the settings of the environment, with ``changes`` on top; raise Misconfigured where one cannot be used."""
        environment = os.environ if environment is None else environment
        read = {
            f.name: environment[f.metadata["variable"]]
            for f in fields(cls)
            if "variable" in f.metadata and environment.get(f.metadata["variable"])
        }
        settings = cls(**{**read, **changes})  # type: ignore[arg-type]
        settings.check()
        return settings

    def check(self) -> None:
        """Raise Misconfigured, naming the setting, where one cannot be used."""
        if urlsplit(self.base_url).scheme not in {"http", "https"}:
            raise Misconfigured("ELEARN_BASE_URL must begin with http:// or https://.")
        self._check_mail()
        if self.jobs not in {"thread", "none"}:
            raise Misconfigured("ELEARN_JOBS must be thread or none.")
        if not self.trusted_proxies.isdecimal():
            raise Misconfigured("ELEARN_TRUSTED_PROXIES must be a whole number.")
        if not self.laptop and self.debug:
            raise Misconfigured("ELEARN_DEBUG is on; production refuses to start with it.")

    def _check_mail(self) -> None:
        parts = urlsplit(self.mail_url)
        if self.mail_url and parts.scheme not in {"smtp", "smtps", "file"}:
            raise Misconfigured("ELEARN_MAIL_URL must begin with smtp://, smtps:// or file://.")
        try:
            _port = parts.port
        except ValueError as error:
            raise Misconfigured(f"ELEARN_MAIL_URL: {error}. A password with special characters is written percent-encoded.") from error
        if not re.fullmatch(r"([^<>@\r\n]* )?<?[^<>@\s]+@[^<>@\s]+>?", self.mail_from):
            raise Misconfigured("ELEARN_MAIL_FROM must be an address such as: elearn <no-reply@example.org>.")

    def check_served(self) -> None:
        """Raise Misconfigured where what a server needs is missing: a key and a database."""
        if len(self.secret_key) < SHORTEST_SECRET:
            raise Misconfigured(f"ELEARN_SECRET_KEY is missing or shorter than {SHORTEST_SECRET} characters.")
        if not self.database_url:
            raise Misconfigured("ELEARN_DATABASE_URL is missing.")

    @property
    def https(self) -> bool:
        """Whether people reach the site by https."""
        return urlsplit(self.base_url).scheme == "https"


def normalised_database_url(url: str) -> str:
    """Return ``url`` in the form that names our PostgreSQL driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
