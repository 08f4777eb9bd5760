"""The one door for mail: written down with the work it belongs to, sent after the commit, tried again where a server refuses.

A mail is a row of the same unit of work as what it tells of, so that nothing is mailed that did not happen, and nothing that happened
goes unmailed when a server is away. ``ELEARN_MAIL_URL`` says where mail goes: ``smtp://user:password@host:587`` (encrypted with STARTTLS
unless ``?starttls=0``), ``smtps://host:465``, or ``file:///folder`` (a file each; what laptop mode does). Empty: no mail leaves.
"""

import smtplib
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Index, String, Text, case, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from elearn import clock
from elearn.db import Base, Instant, after_commit, db, own_transaction, table

#: A mail that is being sent belongs to its sender for so long; one whose sender died is then anybody's again.
HELD_FOR = timedelta(minutes=5)
#: How long to wait after the first, second, … refusal; after the last one the mail is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
TIMEOUT_SECONDS = 20
#: A server is waited for several times in a mail: who has less time than this left begins no other one.
SLOWEST_MAIL = timedelta(minutes=2)
MOST_AT_ONCE = 200
LONGEST_SUBJECT = 200
LONGEST_LINE = 900


class Mail(Base):
    """One mail to one address."""

    __tablename__ = "mail"
    __table_args__ = (
        Index(
            "ix_mail_due",
            "due_at",
            sqlite_where=text("sent_at is null and given_up_at is null"),
            postgresql_where=text("sent_at is null and given_up_at is null"),
        ),
        Index("ix_mail_about", "about", "about_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Whom it is for, where they have an account.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    #: Plain text; emptied once the mail is sent or given up, since it may hold a link that opens an account.
    body: Mapped[str] = mapped_column(Text)
    #: What it tells of ("announcement", 17), so that a page can say how its mails fared.
    about: Mapped[str] = mapped_column(String(40), default="")
    about_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    given_up_at: Mapped[datetime | None] = mapped_column(Instant)
    #: What the server said last.
    error: Mapped[str] = mapped_column(String(300), default="")


@dataclass(frozen=True)
class Letter:
    """A mail to be written down."""

    address: str
    subject: str
    body: str
    person_id: int | None = None


class _Refused(Exception):
    """The server did not take a mail; ``for_good``: it never will."""

    def __init__(self, said: str | Exception, *, for_good: bool = False) -> None:
        super().__init__(said if isinstance(said, str) else f"{type(said).__name__}: {said}")
        self.for_good = for_good


def init_app(app: Flask, url: str, sender: str) -> None:
    """Have the mails of ``app`` go where ``url`` says, from ``sender``."""
    app.config.update(MAIL_URL=url, MAIL_FROM=sender)
    app.extensions["mail_lock"] = threading.Lock()


def is_set_up() -> bool:
    """Return whether mail leaves this installation at all."""
    return bool(current_app.config["MAIL_URL"])


def folder() -> Path | None:
    """Return the folder into which mails are written instead of being sent; None: they are sent, or mail is not set up."""
    parts = urlsplit(current_app.config["MAIL_URL"])
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def post(letters: Iterable[Letter], *, about: str = "", about_id: int | None = None) -> int:
    """Write ``letters`` down within this unit of work, to be sent after its commit; return how many.

    Where mail is not set up none is written and 0 returned: the caller says so to the person.
    """
    if not is_set_up():
        return 0
    at = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "person_id": letter.person_id,
            "address": letter.address,
            "subject": " ".join(letter.subject.split())[:LONGEST_SUBJECT],
            "body": letter.body,
            "about": about,
            "about_id": about_id,
            "made_at": at,
            "due_at": at,
        }
        for letter in letters
    ]
    if rows:
        db.session.execute(table(Mail).insert(), rows)
        after_commit(_wake)
    return len(rows)


def _wake() -> None:
    """Have due mails sent: in a test at once, elsewhere by a thread of this process, so that nobody waits for a mail server."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's documented way to hand an app to a thread)
    if app.testing:
        send_due()
    else:
        threading.Thread(target=_send_in_background, args=(app,), daemon=True).start()


def _send_in_background(app: Flask) -> None:
    # One at a time in a process: the next one finds what this one leaves.
    with app.extensions["mail_lock"], app.app_context():
        send_due()


def send_due() -> int:
    """Send the mails that are due, oldest first; return how many were taken. One that is refused waits, longer each time."""
    taken = 0
    while batch := _hold():
        taken += _deliver(batch)
    return taken


def _hold() -> list[Any]:
    """Return some due mails, held for us: no other process sends them meanwhile."""
    at, mails = clock.now(), table(Mail)
    due = (
        select(mails.c.id)
        .where(mails.c.sent_at.is_(None), mails.c.given_up_at.is_(None), mails.c.due_at <= at)
        .order_by(mails.c.due_at, mails.c.id)
        .limit(MOST_AT_ONCE)
    )
    if db.engine.dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    with own_transaction() as connection:
        ids = list(connection.scalars(due))
        if not ids:
            return []
        held = update(mails).where(mails.c.id.in_(ids)).values(due_at=at + HELD_FOR)
        return sorted(connection.execute(held.returning(mails)), key=lambda row: row.id)


def _deliver(batch: list[Any]) -> int:
    """Try what can be tried while the batch is ours, return how many; each outcome is written down at once, so that little goes twice."""
    ours_until, size = clock.now() + HELD_FOR - SLOWEST_MAIL, len(batch)
    try:
        with _Post(current_app.config["MAIL_URL"]) as box:
            while batch and clock.now() < ours_until:
                try:
                    box.put(_message(batch[0]), f"{clock.now():%Y%m%dT%H%M%S%f}-{batch[0].id}.eml")
                except _Refused as refusal:
                    _write_down(batch.pop(0), refusal)
                else:
                    _write_down(batch.pop(0), None)
    except _Refused as refusal:
        # The server is away: so for every mail not tried yet.
        while batch:
            _write_down(batch.pop(0), refusal)
    # What a slow server left us no time for, others may have at once.
    _set(batch, due_at=clock.now())
    return size - len(batch)


def _write_down(row: Any, refusal: _Refused | None) -> None:
    done: dict[str, Any] = {"tries": row.tries + 1}
    if refusal is None:
        done |= {"sent_at": clock.now(), "body": "", "error": ""}
    elif refusal.for_good or row.tries >= len(WAITS):
        done |= {"given_up_at": clock.now(), "body": "", "error": str(refusal)[:300]}
    else:
        done |= {"due_at": clock.now() + WAITS[row.tries], "error": str(refusal)[:300]}
    _set([row], **done)


def _set(rows: list[Any], **values: Any) -> None:
    with own_transaction() as connection:
        connection.execute(update(Mail).where(Mail.id.in_([row.id for row in rows])).values(**values))


def _message(row: Any) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender = current_app.config["MAIL_FROM"]
    local, _at, domain = row.address.rpartition("@")
    try:
        # A domain in another script has a second name in ASCII, which every server knows.
        message["To"] = Address(username=local, domain=domain.encode("idna").decode())
        message["Subject"] = row.subject
    except (ValueError, HeaderParseError) as error:
        raise _Refused(error, for_good=True) from error
    if not local or not domain:
        raise _Refused("no address", for_good=True)
    message["Date"] = format_datetime(row.made_at)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].strip("> ") or "localhost")
    # Answers of machines ("I am away") are not asked for.
    message["Auto-Submitted"] = "auto-generated"
    # As it is where it can be: who opens the file in an editor finds links in one piece.
    message.set_content(row.body, cte="7bit" if row.body.isascii() and max(map(len, row.body.split("\n"))) < LONGEST_LINE else None)
    return message


class _Post:
    """The way out: a connection to a mail server, or a folder."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)
        self.server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            if self.parts.scheme == "file":
                Path(unquote(self.parts.path)).mkdir(parents=True, exist_ok=True)
            else:
                self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self.__exit__()
            raise _Refused(error) from error
        return self

    def _connect(self) -> None:
        host, options = self.parts.hostname or "localhost", parse_qs(self.parts.query)
        if self.parts.scheme == "smtps":
            self.server = smtplib.SMTP_SSL(host, self.parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        else:
            self.server = smtplib.SMTP(host, self.parts.port or 587, timeout=TIMEOUT_SECONDS)
            if options.get("starttls") != ["0"]:
                self.server.starttls(context=ssl.create_default_context())
        if self.parts.username:
            self.server.login(unquote(self.parts.username), unquote(self.parts.password or ""))

    def __exit__(self, *exc: object) -> None:
        if self.server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.server.quit()
            self.server.close()

    def put(self, message: EmailMessage, name: str) -> None:
        """Send ``message``, or write it into the folder under ``name``; raise _Refused where it is not taken."""
        try:
            if self.server is None:
                (Path(unquote(self.parts.path)) / name).write_bytes(bytes(message))
            else:
                self.server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _Refused(f"{code} {words.decode('utf-8', 'replace')}", for_good=code >= 500) from error  # noqa: PLR2004 (SMTP's "never")
        except (smtplib.SMTPException, OSError) as error:
            raise _Refused(error) from error


def waiting() -> int:
    """Return how many mails are neither sent nor given up."""
    return db.session.scalar(select(func.count()).where(Mail.sent_at.is_(None), Mail.given_up_at.is_(None))) or 0


def fates(about: str, ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return by ``about_id`` how many of its mails are ``sent``, ``given-up`` and ``waiting``; one statement."""
    fate = case((Mail.sent_at.is_not(None), "sent"), (Mail.given_up_at.is_not(None), "given-up"), else_="waiting")
    rows = db.session.execute(
        select(Mail.about_id, fate, func.count()).where(Mail.about == about, Mail.about_id.in_(list(ids))).group_by(Mail.about_id, fate),
    )
    found: dict[int, dict[str, int]] = {}
    for about_id, name, count in rows:
        found.setdefault(about_id or 0, {"sent": 0, "given-up": 0, "waiting": 0})[name] = count
    return found
