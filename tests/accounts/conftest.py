"""A mailbox that can be opened (mails are files in a folder of the test's own), and a clock on which no window of tries ends midway."""

import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from elearn import clock


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
