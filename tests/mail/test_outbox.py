"""Mail as an outbox: written with the work, sent after the commit, tried again, given up, and never sent twice."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from elearn import cli, clock, mail
from elearn.config import Misconfigured, Settings
from elearn.db import db, unit_of_work
from elearn.mail import Letter, Mail
from tests.mail.servers import mail_server, nobody_s_port

ANA = Letter("ana@example.org", "A word", "Good day, Ana.\n")
BRUNO = Letter("bruno@example.org", "Another word", "Good day, Bruno: ünïcödé.\n")


@pytest.fixture
def site(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        yield empty_app


def post(*letters: Letter, **about: object) -> int:
    with unit_of_work():
        return mail.post(letters, **about)


def rows() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)))


class Clock:
    """A clock that stands still until it is put forward."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def forward(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_mail_is_sent_after_the_commit_and_its_words_are_not_kept(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        with unit_of_work():
            assert mail.post([ANA, BRUNO], about="announcement", about_id=7) == 2
            assert not server.taken
        assert [to for to, _ in server.taken] == ["ana@example.org", "bruno@example.org"]
        message = message_from_bytes(server.taken[1][1].encode(), policy=policy.default)
    assert message["Subject"] == "Another word"
    assert message["To"] == "bruno@example.org"
    assert message["From"] == site.config["MAIL_FROM"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert "ünïcödé" in message.get_content()
    for row in rows():
        assert row.sent_at is not None
        assert (row.body, row.error, row.tries) == ("", "", 1)
    assert mail.fates("announcement", [7, 8]) == {7: {"sent": 2, "given-up": 0, "waiting": 0}}


def test_nothing_is_mailed_that_did_not_happen(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        with suppress(RuntimeError), unit_of_work():
            mail.post([ANA])
            raise RuntimeError
        assert rows() == []
        post(BRUNO)
        assert [to for to, _ in server.taken] == ["bruno@example.org"]


def test_where_mail_is_not_set_up_none_is_written(site: Flask) -> None:
    assert not mail.is_set_up()
    assert post(ANA) == 0
    assert rows() == []


def test_an_address_that_the_server_never_takes_is_given_up_at_once_and_the_others_go(site: Flask) -> None:
    with mail_server(refuses={"ana@example.org": "550 no such person"}) as server:
        site.config["MAIL_URL"] = server.url
        post(ANA, BRUNO)
        assert [to for to, _ in server.taken] == ["bruno@example.org"]
        assert server.connections == 1
    refused, sent = rows()
    assert refused.given_up_at is not None
    assert (refused.body, refused.error, refused.sent_at) == ("", "550 no such person", None)
    assert sent.sent_at is not None


@pytest.mark.parametrize("manners", [{"refuses": {"ana@example.org": "450 later"}}, {"refuses_text": "451 later"}])
def test_what_is_refused_for_now_waits_longer_each_time_and_is_given_up_in_the_end(site: Flask, frozen: Clock, manners: dict) -> None:
    with mail_server(**manners) as server:
        site.config["MAIL_URL"] = server.url
        post(ANA)
        for tries, wait in enumerate(mail.WAITS, start=1):
            row = rows()[0]
            assert (row.tries, row.due_at, row.given_up_at) == (tries, frozen.at + wait, None)
            assert "later" in row.error
            assert row.body
            frozen.forward(wait - timedelta(seconds=1))
            assert mail.send_due() == 0
            frozen.forward(timedelta(seconds=1))
            assert mail.send_due() == 1
        row = rows()[0]
        assert row.given_up_at == frozen.at
        assert row.body == ""
        frozen.forward(timedelta(days=30))
        assert mail.send_due() == 0
    assert timedelta(days=1) < sum(mail.WAITS, timedelta()) < timedelta(days=3)


def test_a_server_that_is_away_is_asked_once_and_every_mail_waits(site: Flask, frozen: Clock) -> None:
    site.config["MAIL_URL"] = f"smtp://127.0.0.1:{nobody_s_port()}?starttls=0"
    post(ANA, BRUNO)
    assert [(row.tries, row.due_at) for row in rows()] == [(1, frozen.at + mail.WAITS[0])] * 2
    assert all("ConnectionRefusedError" in row.error for row in rows())
    frozen.forward(mail.WAITS[0])
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        assert mail.send_due() == 2
        assert len(server.taken) == 2
    assert all(row.sent_at == frozen.at and row.error == "" for row in rows())


def test_a_server_that_wants_no_encryption_gets_no_mail_unless_told_so(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url.replace("?starttls=0", "")
        post(ANA)
        assert not server.taken
    assert rows()[0].tries == 1
    assert rows()[0].sent_at is None


def test_a_server_that_hangs_up_keeps_nobody_else_from_their_mail(site: Flask, frozen: Clock) -> None:
    with mail_server(hangs_up_on={"ana@example.org"}) as server:
        site.config["MAIL_URL"] = server.url
        post(ANA, BRUNO)
        frozen.forward(mail.WAITS[0])
        server.hangs_up_on.clear()
        mail.send_due()
        assert sorted(to for to, _ in server.taken) == ["ana@example.org", "bruno@example.org"]


def test_an_address_that_no_mail_can_carry_is_given_up_and_the_others_go(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        bad = ["nowhere", "@example.org", "ana@", "x@" + "y" * 70 + ".org", "line\nbreak@example.org", "a@b\r\nBcc: c@d.org"]
        post(*(Letter(address, "Hello", "Hello") for address in bad), BRUNO)
        assert [to for to, _ in server.taken] == ["bruno@example.org"]
    assert [row.given_up_at is not None for row in rows()] == [True] * len(bad) + [False]


def test_an_address_with_a_comma_is_one_address(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        post(Letter("x,ana@example.org", "Hello", "Hello"))
        assert [to for to, _ in server.taken] == ['"x,ana"@example.org']


def test_a_domain_in_another_script_is_written_as_servers_know_it(site: Flask) -> None:
    with mail_server() as server:
        site.config["MAIL_URL"] = server.url
        post(Letter("ana@bücher.example", "Hello", "Hello"))
        assert [to for to, _ in server.taken] == ["ana@xn--bcher-kva.example"]


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400))
def test_no_subject_adds_a_line_to_the_head(subject: str) -> None:
    row = type("Row", (), {"address": "ana@example.org", "subject": " ".join(subject.split())[:200], "body": "b", "made_at": clock.now()})
    app = Flask("x")
    app.config["MAIL_FROM"] = "elearn <no-reply@localhost>"
    with app.app_context():
        sent = bytes(mail._message(row))
    head = message_from_bytes(sent, policy=policy.default)
    assert set(head.keys()) <= {
        *("To", "From", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert head.get_content().strip() == "b"


def test_two_senders_never_send_the_same_mail(site: Flask) -> None:
    with mail_server(seconds=0.002) as server:
        site.config["MAIL_URL"] = server.url
        with unit_of_work():
            mail.post(Letter(f"{number}@example.org", "s", "b") for number in range(450))
            db.session.info["after_commit"].clear()
        ready = threading.Barrier(4)

        def send() -> None:
            with site.app_context():
                ready.wait()
                mail.send_due()

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(to for to, _ in server.taken) == sorted(f"{number}@example.org" for number in range(450))
    assert all(row.sent_at is not None and row.tries == 1 for row in rows())


def test_a_mail_whose_sender_died_goes_with_the_next_one(site: Flask, frozen: Clock, tmp_path: Path) -> None:
    site.config["MAIL_URL"] = (tmp_path / "mail").as_uri()
    with unit_of_work():
        mail.post([ANA])
        db.session.info["after_commit"].clear()
    assert len(mail._hold()) == 1
    assert mail._hold() == []
    frozen.forward(mail.HELD_FOR)
    post(BRUNO)
    assert len(list((tmp_path / "mail").iterdir())) == 2
    assert all(row.sent_at is not None for row in rows())


def test_a_slow_server_s_batch_is_given_back_in_time(site: Flask, frozen: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail._Post, "put", lambda *_: frozen.forward(timedelta(minutes=1)))
    site.config["MAIL_URL"] = "file:///nowhere"
    monkeypatch.setattr(mail.Path, "mkdir", lambda *_, **__: None)
    with unit_of_work():
        mail.post([Letter(f"{number}@example.org", "s", "b") for number in range(10)])
        db.session.info["after_commit"].clear()
    began = frozen.at
    batch = mail._hold()
    mail._deliver(batch)
    sent = [row for row in rows() if row.sent_at]
    assert 0 < len(sent) < 10
    assert frozen.at < began + mail.HELD_FOR
    assert all(row.due_at == frozen.at and row.tries == 0 for row in rows() if not row.sent_at)


def test_a_folder_that_cannot_be_written_is_a_server_that_is_away(site: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    site.config["MAIL_URL"] = (tmp_path / "file" / "mail").as_uri()
    post(ANA)
    assert rows()[0].tries == 1
    assert "Error" in rows()[0].error


def test_a_mail_is_a_file_that_can_be_opened(site: Flask, tmp_path: Path) -> None:
    site.config["MAIL_URL"] = (tmp_path / "a folder").as_uri()
    assert mail.folder() == tmp_path / "a folder"
    post(ANA, ANA, BRUNO)
    files = sorted((tmp_path / "a folder").iterdir())
    assert len(files) == 3
    assert {file.suffix for file in files} == {".eml"}
    assert "Good day, Ana" in message_from_bytes(files[0].read_bytes(), policy=policy.default).get_content()


def test_outside_of_tests_nobody_waits_for_a_mail_server(site: Flask) -> None:
    with mail_server(seconds=0.5) as server:
        site.config["MAIL_URL"] = server.url
        site.testing = False
        began = threading.active_count()
        post(ANA)
        assert not server.taken
        assert threading.active_count() > began
        with site.extensions["mail_lock"]:
            pass
        for thread in threading.enumerate():
            if thread._target is mail._send_in_background:  # type: ignore[attr-defined]
                thread.join()
        assert len(server.taken) == 1


def test_the_command_sends_what_is_due(site: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with unit_of_work():
        site.config["MAIL_URL"] = (tmp_path / "mail").as_uri()
        mail.post([ANA])
        db.session.info["after_commit"].clear()
    monkeypatch.setenv("ELEARN_DATABASE_URL", site.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("ELEARN_SECRET_KEY", site.config["SECRET_KEY"])
    without = CliRunner().invoke(cli.main, ["mail", "send"])
    assert without.exit_code == 1
    assert "ELEARN_MAIL_URL" in without.output
    monkeypatch.setenv("ELEARN_MAIL_URL", site.config["MAIL_URL"])
    done = CliRunner().invoke(cli.main, ["mail", "send"])
    assert (done.exit_code, done.output) == (0, "1 tried; 0 wait for their next try.\n")
    assert len(list((tmp_path / "mail").iterdir())) == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("mail_url", "imap://host"),
        ("mail_url", "smtp://user:pass/word@host:587"),
        ("mail_url", "smtp://host:99999"),
        ("mail_from", "nobody"),
        ("mail_from", "a <b@c.org>\nBcc: d@e.org"),
    ],
)
def test_settings_of_mail_that_cannot_work_refuse_to_start(setting: str, value: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        Settings.from_environment({}, **{setting: value})
    assert "ELEARN_MAIL_" in refused.value.message
    Settings.from_environment({}, mail_url="smtp://me%40x:p%2Fw@host", mail_from="no-reply@example.org")


def test_the_words_of_a_mail_that_waits_are_kept(site: Flask) -> None:
    site.config["MAIL_URL"] = f"smtp://127.0.0.1:{nobody_s_port()}?starttls=0"
    post(ANA)
    assert rows()[0].body == ANA.body
    with unit_of_work():
        db.session.execute(update(Mail).values(due_at=clock.now()))
    assert mail.send_due() == 1
    assert rows()[0].tries == 2


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=1500), min_size=1, max_size=4))
def test_any_words_arrive_as_they_were_written(lines: list[str]) -> None:
    body = "\n".join(lines) + "\n"
    row = type("Row", (), {"address": "ana@example.org", "subject": "s", "body": body, "made_at": clock.now()})
    app = Flask("x")
    app.config["MAIL_FROM"] = "elearn <no-reply@localhost>"
    with app.app_context():
        sent = mail._message(row).as_bytes(policy=policy.SMTP)
    assert max(map(len, sent.split(b"\r\n"))) < 998
    assert message_from_bytes(sent, policy=policy.SMTP).get_content().replace("\r\n", "\n") == body
