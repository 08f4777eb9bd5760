"""What the programme does for and about accounts: deactivating, reactivating, ways back in."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.models import Person, RecoveryCode, SecondFactor
from elearn.accounts.permissions import Role
from elearn.db import db, unit_of_work
from tests.accounts.conftest import at_once
from tests.cast import PASSWORD, Cast, address

ACCOUNTS = "/coordinate/people/accounts"


def test_an_account_is_found_by_address_or_name_also_of_a_student(browse, cast: Cast) -> None:
    root = browse(cast.root)
    for words in (address("Ana"), "ANA@example.org", "ana ex"):
        assert root.get(f"{ACCOUNTS}?q={words}").links()["Ana Example"] == f"{ACCOUNTS}/{cast.ana}"
    assert "No account" in root.get(f"{ACCOUNTS}?q=nobody").text


def test_who_is_deactivated_is_out_at_once_and_undo_lets_them_in(browse, cast: Cast, actions) -> None:
    bruno, root = browse(cast.bruno), browse(cast.root)
    bruno.get("/teach/")
    page = root.submit(f"{ACCOUNTS}/{cast.bruno}/deactivate")
    bruno.get("/teach/", 302)
    browse().post("/sign-in", {"email": address("Bruno"), "password": PASSWORD}, 422)
    assert actions() == [("deactivate-account", cast.institutions["LAG"])]
    root.post(f"{ACCOUNTS}/{cast.bruno}/deactivate", status=409)
    undo = next(f.get("action") for f in page.all("form") if f.get("action", "").endswith("/reactivate"))
    root.submit(undo)
    root.post(undo, status=409)
    browse().post("/sign-in", {"email": address("Bruno"), "password": PASSWORD})
    bruno.get("/teach/", 302)


def test_a_removed_person_is_out_in_the_middle_of_what_they_do(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    browse(cast.root).post(f"{ACCOUNTS}/{cast.ana}/deactivate")
    ana.post(f"/classes/{cast.classes['Bruno']}/leave", {}, 401)


def test_the_last_coordinators_are_not_deactivated(browse, cast: Cast, give, row) -> None:
    root = browse(cast.root)
    assert "last coordinator" in root.post(f"{ACCOUNTS}/{cast.carla}/deactivate", status=409).text
    assert "your own account" in root.post(f"{ACCOUNTS}/{cast.root}/deactivate", status=403).text
    give(cast.bruno, Role.COORDINATOR, cast.institutions["LAG"])
    root.post(f"{ACCOUNTS}/{cast.carla}/deactivate")
    assert row(Person, cast.carla).deactivated_at is not None
    root.post(f"{ACCOUNTS}/{cast.bruno}/deactivate", status=409)


def test_two_programme_coordinators_who_deactivate_each_other_leave_one(app: Flask, browse, cast: Cast, give) -> None:
    give(cast.edda, Role.PROGRAMME_COORDINATOR)
    statuses = at_once(
        [(browse(cast.root), f"{ACCOUNTS}/{cast.edda}/deactivate", {}), (browse(cast.edda), f"{ACCOUNTS}/{cast.root}/deactivate", {})]
    )
    assert statuses.count(303) == 1
    with app.app_context():
        gone = select(func.count()).select_from(Person).where(Person.id.in_([cast.root, cast.edda]), Person.deactivated_at.is_not(None))
        assert db.session.scalar(gone) == 1


def test_a_link_for_a_lost_password_is_shown_once_told_and_written_down(browse, cast: Cast, letters, actions) -> None:
    root = browse(cast.root)
    page = root.submit(f"{ACCOUNTS}/{cast.carla}/link")
    [link] = [e.text for e in page.all("code") if "/set-password/" in (e.text or "")]
    assert "/set-password/" not in root.get(f"{ACCOUNTS}/{cast.carla}").text
    assert actions() == [("make-password-link", cast.institutions["LAG"])]
    [letter] = letters()
    assert letter["To"] == address("Carla")
    assert "/set-password/" not in letter.get_content(), "the link is handed over, not mailed"
    browse().submit(link.removeprefix("http://localhost"), {"password": "quite another one"})
    browse().post("/sign-in", {"email": address("Carla"), "password": "quite another one"})


def test_nobody_makes_a_link_for_themselves_or_for_a_deactivated_account(browse, cast: Cast) -> None:
    root = browse(cast.root)
    root.post(f"{ACCOUNTS}/{cast.root}/link", status=403)
    root.post(f"{ACCOUNTS}/{cast.hugo}/link", status=409)


def test_a_lost_second_factor_is_removed_with_its_codes_and_sign_ins(app: Flask, browse, cast: Cast, letters) -> None:
    with app.app_context(), unit_of_work():
        at = clock.now() - timedelta(days=1)
        db.session.add(RecoveryCode(person_id=cast.carla, code_digest="d", made_at=at))
    carla, root = browse(cast.carla), browse(cast.root)
    assert "set up" in root.get(f"{ACCOUNTS}/{cast.carla}").text
    root.submit(f"{ACCOUNTS}/{cast.carla}/second-factor")
    carla.get("/coordinate/people", 302)
    with app.app_context():
        for kept in (SecondFactor, RecoveryCode):
            assert not db.session.scalar(select(func.count()).select_from(kept).where(kept.person_id == cast.carla))
    assert "second factor" in letters()[0]["Subject"]
    root.post(f"{ACCOUNTS}/{cast.carla}/second-factor", status=409)


def test_a_deleted_account_is_not_there(app: Flask, browse, cast: Cast) -> None:
    root = browse(cast.root)
    root.get(f"{ACCOUNTS}/{cast.ana}")
    with app.app_context(), unit_of_work():
        db.session.get_one(Person, cast.ana).erased_at = clock.now()
    root.get(f"{ACCOUNTS}/{cast.ana}", 404)
    assert "Ana Example" not in root.get(f"{ACCOUNTS}?q=ana").links()


@pytest.mark.parametrize("name", ["Carla", "Rosa", "Edda", "Bruno", "Ana"])
@pytest.mark.parametrize("step", ["deactivate", "reactivate", "link", "second-factor"])
def test_only_the_programme_looks_after_accounts(browse, cast: Cast, name: str, step: str) -> None:
    browse(cast.people[name]).post(f"{ACCOUNTS}/{cast.hugo}/{step}", status=403)
