"""Mailboxes that can be opened, a clock that stands still, and somebody whose university is not listed, with a class prepared there."""

import re
import threading
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts import institution_service, service
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.permissions import Role
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from tests.cast import Cast, make_class, visitor_of


@dataclass
class Mailbox:
    """What was mailed since it was last looked at."""

    folder: Path
    seen: int = 0

    def new(self) -> list[EmailMessage]:
        files = sorted(self.folder.iterdir()) if self.folder.exists() else []
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files[self.seen :]]
        self.seen = len(files)
        return found

    def only(self, to: str) -> EmailMessage:
        """Return the one new mail, which is for ``to``."""
        (found,) = self.new()
        assert found["To"] == to
        return found

    def link(self, to: str) -> str:
        """Return the path of the link in the one new mail, which is for ``to``."""
        found = re.search(r"http://localhost(/(?:verify-address|set-password)/\S+)", self.only(to).get_content())
        assert found
        return found[1]


@pytest.fixture
def mailbox(app: Flask, tmp_path: Path) -> Mailbox:
    app.config["MAIL_URL"] = (tmp_path / "mail").as_uri()
    return Mailbox(tmp_path / "mail")


@pytest.fixture(autouse=True)
def early_in_the_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the clock go on from one minute past the next hour: tries are counted in windows, and a test's are all in one."""
    real, began = clock.now, clock.now()
    ahead = began.replace(minute=1, second=0, microsecond=0) + timedelta(hours=1) - began
    monkeypatch.setattr(clock, "now", lambda: real() + ahead)


NAME = "University of the Lagoon"


@dataclass(frozen=True)
class Asking:
    """Zoë, who asks for an institution, and what she prepared there."""

    person: int
    institution: int
    membership: int
    class_id: int
    join_code: str

    @property
    def path(self) -> str:
        return f"/coordinate/institutions/requests/{self.institution}"


def ask(name: str = NAME, country: str = "NG", person: str = "Zoë Nyström", address: str = "zoe@example.net") -> Asking:
    """Have a new professor ask for an institution and prepare a class there; call it inside a unit of work."""
    zoe = service.sign_up(name=person, email=address, password_hash="", role=None, institution_id=None, is_verified=True)
    institution = institution_service.request_institution(person_id=zoe.id, name=name, country=country)
    asked = service.add_membership(zoe.id, Role.PROFESSOR, institution_id=institution.id, state="requested")
    course_class = make_class(visitor_of(zoe.id), institution, "Zoë's class")
    return Asking(zoe.id, institution.id, asked.id, course_class.id, course_class.join_code)


@pytest.fixture
def asking(app: Flask, cast: Cast) -> Asking:
    with app.app_context(), app.test_request_context(), unit_of_work():
        return ask()


@pytest.fixture
def letters(app: Flask, tmp_path: Path):
    """Have mail go to a folder; return a function that reads what is there."""
    app.config["MAIL_URL"] = f"file://{tmp_path}/mail"

    def read() -> list:
        found = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(tmp_path.glob("mail/*.eml")))
        return list(found)

    return read


@pytest.fixture
def membership(app: Flask):
    """Return a function that gives the id of a person's newest membership."""

    def newest(person_id: int) -> int:
        with app.app_context():
            return db.session.scalars(select(Membership.id).where(Membership.person_id == person_id).order_by(Membership.id.desc())).first()

    return newest


@pytest.fixture
def row(app: Flask):
    """Return a function that gives a row as it is now."""

    def now(model: type, number: int):
        with app.app_context():
            found = db.session.get(model, number)
            assert found is not None
            db.session.expunge(found)
            return found

    return now


@pytest.fixture
def actions(app: Flask):
    """Return a function that gives the newest entries of the audit: action and institution."""

    def newest(count: int = 1) -> list[tuple[str, int | None]]:
        with app.app_context():
            entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(count)).all()
            return [(entry.action, entry.institution_id) for entry in reversed(entries)]

    return newest


@pytest.fixture
def give(app: Flask):
    """Return a function that gives a person a role."""

    def given(person_id: int, role: Role, institution_id: int | None = None, **more: object) -> int:
        with app.app_context(), unit_of_work():
            return service.add_membership(person_id, role, institution_id=institution_id, **more).id

    return given


@pytest.fixture
def newcomer(app: Flask):
    """Return a function that makes a person with a verified address."""

    def made(name: str, address: str) -> int:
        with app.app_context(), app.test_request_context(), unit_of_work():
            return service.sign_up(name=name, email=address, password_hash="", role=None, institution_id=None, is_verified=True).id

    return made


def at_once(requests: list) -> list[int]:
    """Send (browser, path, fields) all at the same moment and return the statuses, in their order."""
    ready = threading.Barrier(len(requests))
    statuses = [0] * len(requests)
    sent = [(browser.client, path, dict(fields) | {"csrf_token": browser.csrf_token}) for browser, path, fields in requests]

    def press(number: int) -> None:
        client, path, fields = sent[number]
        ready.wait()
        statuses[number] = client.post(path, data=fields).status_code

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(sent))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


__all__ = ["Asking", "Institution", "Person", "ask", "at_once"]
