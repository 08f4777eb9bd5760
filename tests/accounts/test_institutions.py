"""`elearn institutions import`, and the codes of institutions."""

from datetime import date

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from elearn.accounts import commands, institution_service, service
from elearn.accounts.models import Institution
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from elearn.errors import Invalid

HEADER = "code,name,local_name,kind,country,timezone,ror_id,domains,parent_code,opened_on,closed_on\n"
GOOD = "KE1,Kamau University,Chuo,university,KE,Africa/Nairobi,https://ror.org/02y9nww90,kamau.example,,1970-10-01,\n"


@pytest.fixture
def run(empty_app: Flask, tmp_path):
    """Return a function that imports lines and returns what is said; a refusal is raised, as the `elearn` command would print it."""
    callback = commands.institutions.commands["import"].callback

    def imported(*lines: str) -> str:
        file = tmp_path / "institutions.csv"
        file.write_text(HEADER + "".join(lines), encoding="utf-8")
        result = CliRunner().invoke(commands.institutions, ["import", str(file)], standalone_mode=False)
        if result.exception:
            raise result.exception
        return result.output

    with empty_app.app_context(), empty_app.test_request_context():
        assert callback is not None
        yield imported


def test_a_line_is_kept_whole(run) -> None:
    assert "1 added" in run(GOOD)
    found = db.session.scalars(select(Institution)).one()
    assert (found.code, found.timezone, found.opened_on, found.closed_on) == ("KE1", "Africa/Nairobi", date(1970, 10, 1), None)
    run(GOOD.replace("1970-10-01,", ",2030-12-31"))
    db.session.expire_all()
    assert (found.opened_on, found.closed_on) == (None, date(2030, 12, 31))


@pytest.mark.parametrize(
    ("typed", "instead", "said"),
    [
        ("KE1", "K" * 41, "code"),
        ("KE1", "KÉ1", "code"),
        ("KE1", "大学", "code"),
        ("KE1", "KE 1", "code"),
        ("KE1", 'KE"1', "code"),
        ("Kamau University", "x" * 201, "name"),
        ("Chuo", "x" * 201, "local_name"),
        ("https://ror.org/02y9nww90", "x" * 61, "ror_id"),
        ("kamau.example", "x" * 401, "domains"),
        ("Africa/Nairobi", "Africa/Atlantis", "time zone"),
        ("1970-10-01", "October 1970", "opened_on"),
        ("1970-10-01,", "1970-10-01,1969-01-01", "closed_on"),
        ("Kamau", "Kamau\x00", "name"),
    ],
)
def test_a_line_that_cannot_be_kept_is_named_and_nothing_is_imported(run, typed: str, instead: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        run(GOOD.replace("KE1", "KE2"), GOOD.replace(typed, instead))
    assert refused.value.message.startswith("line 3: ")
    assert said in refused.value.message
    assert not db.session.scalar(select(func.count()).select_from(Institution))


def test_a_changed_country_or_parent_asks_for_a_recount(run) -> None:
    law, other = "KE1-LAW,Law,,university,KE,,,,KE1,,\n", GOOD.replace("KE1", "KE2")
    assert "recount" not in run(GOOD, other, law)
    assert "recount" not in run(GOOD, law)
    assert "elearn reach recount --repair" in run(GOOD.replace(",KE,", ",UG,"))
    assert "elearn reach recount --repair" in run(law.replace(",KE1,,", ",KE2,,"))


@pytest.mark.parametrize("code", ["大学", "A B", "A/B", "", "x" * 41])
def test_a_code_stands_in_file_names_and_headers(empty_app: Flask, code: str) -> None:
    with empty_app.app_context(), empty_app.test_request_context(), pytest.raises(Invalid):
        service.add_institution(code=code, name="N", kind="university", country="KE")


def test_no_line_makes_a_ring(run) -> None:
    law = "KE1-LAW,Law,,university,KE,,,,KE1,,\n"
    run(GOOD, law)
    with pytest.raises(Invalid, match="cannot stand under"):
        run(GOOD.replace(",,1970-10-01", ",KE1-LAW,1970-10-01"), law)


def test_what_somebody_asks_for_is_not_listed_by_the_way(run) -> None:
    run(GOOD)
    with unit_of_work():
        person = service.sign_up(name="Z", email="z@example.org", password_hash="", role=None, institution_id=None)
        asked = institution_service.request_institution(person_id=person.id, name="Academy", country="KE")
    with pytest.raises(Invalid, match="asked for it"):
        run(GOOD.replace("KE1", asked.code))


def test_an_import_is_written_down(run) -> None:
    run(GOOD)
    run(GOOD)
    run(GOOD.replace("Chuo", "Chuo Kikuu"))
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(e.action, e.actor_id, e.institution_id is not None) for e in entries] == [
        ("add-institution", None, True),
        ("change-institution", None, True),
    ], "what changes nothing is no act"
