"""`elearn users erase`, `deactivate`, `reactivate`, as an operator types them."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from elearn import cli
from elearn.accounts import service
from elearn.accounts.models import Person, SignIn
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from tests.cast import PASSWORD, Cast, address
from tests.front.conftest import where


@pytest.fixture
def run(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ELEARN_DATABASE_URL", app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setenv("ELEARN_SECRET_KEY", "a secret for tests only, long enough")
    return lambda *words, typed=None: CliRunner().invoke(cli.main, ["users", *words], input=typed)


def test_an_operator_erases_somebody_who_types_the_address_again(app: Flask, cast: Cast, run) -> None:
    done = run("erase", "--email", address("Ana"), typed=f"{address('Ana').upper()}\n")
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert where("Ana Example") == set()
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "erase-account")).one()
        assert (entry.actor_id, entry.subject_id) == (None, cast.ana)


def test_another_address_typed_again_erases_nobody(app: Flask, cast: Cast, run) -> None:
    done = run("erase", "--email", address("Ana"), typed=f"{address('Emil')}\n")
    assert done.exit_code == 1
    assert "Nothing was changed" in done.stderr
    with app.app_context():
        assert db.session.get_one(Person, cast.ana).name == "Ana Example"
        assert db.session.get_one(Person, cast.emil).name == "Emil Example"


def test_a_script_is_not_asked(app: Flask, cast: Cast, run) -> None:
    assert run("erase", "--email", address("Ana"), "--yes").exit_code == 0
    assert run("erase", "--email", address("Ana"), "--yes").exit_code == 1


def test_a_gap_is_left_only_where_the_operator_says_so(app: Flask, cast: Cast, run) -> None:
    refused = run("erase", "--email", address("Bruno"), "--yes")
    assert refused.exit_code == 1
    assert "only professor of “Bruno's class”" in refused.stderr
    assert run("erase", "--email", address("Bruno"), "--yes", "--regardless").exit_code == 0


def test_an_address_that_two_claim_and_none_has_verified_means_nobody(app: Flask, cast: Cast, run) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        for name in ("One", "Two"):
            service.sign_up(name=name, email="both@example.org", password_hash="", role=None, institution_id=None)
        # Somebody else's claim does not keep an operator from meaning its verified owner.
        service.sign_up(name="Thornbury", email=address("Ana"), password_hash="", role=None, institution_id=None)
    refused = run("erase", "--email", "both@example.org", "--yes")
    assert refused.exit_code == 1
    assert "2 accounts claim" in refused.stderr
    assert run("erase", "--email", address("Ana"), "--yes").exit_code == 0
    with app.app_context():
        assert where("Ana Example") == set()
        assert where("Thornbury") == {"person.name", "person.name_key"}


def test_deactivating_keeps_somebody_out_and_reactivating_lets_them_in(app: Flask, browse, cast: Cast, run) -> None:
    browser = browse(cast.ana)
    browser.get("/home")
    assert run("deactivate", "--email", address("Ana")).exit_code == 0
    browser.get("/home", 302)
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 422)
    assert run("deactivate", "--email", address("Ana")).exit_code == 1
    assert run("reactivate", "--email", address("Ana")).exit_code == 0
    assert run("reactivate", "--email", address("Ana")).exit_code == 1
    # What was ended stays ended: somebody may have held the copied cookie.
    browser.get("/home", 302)
    browse().post("/sign-in", {"email": address("Ana"), "password": PASSWORD})
    with app.app_context():
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == "person").order_by(AuditEntry.id)).all()
        assert actions[-2:] == ["deactivate-account", "reactivate-account"]
        assert db.session.scalars(select(SignIn).where(SignIn.person_id == cast.ana, SignIn.ended_at.is_(None))).all()


@pytest.mark.parametrize("command", ["erase", "deactivate", "reactivate"])
def test_nobody_of_that_address(run, command: str) -> None:
    done = run(command, "--email", "nobody@example.org", *(["--yes"] if command == "erase" else []))
    assert done.exit_code == 1
    assert "nobody@example.org" in done.stderr


def test_an_operator_is_told_what_somebody_deactivated_leaves_behind(cast: Cast, run) -> None:
    done = run("deactivate", "--email", address("Bruno"))
    assert done.exit_code == 0
    assert "only professor of “Bruno's class”" in done.stderr
    assert "Look after this" not in run("deactivate", "--email", address("Ana")).stderr
