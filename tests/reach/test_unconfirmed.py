"""Who only says that they are a professor changes no figure: publishing counts for those whom somebody has confirmed there."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.accounts import service as accounts
from elearn.accounts.models import Membership
from elearn.accounts.people_service import decide_membership
from elearn.db import db, unit_of_work
from elearn.reach import queries
from elearn.reach.models import Cell, ProfessorActivity
from elearn.reach.periods import Period
from elearn.reach.places import Cut
from elearn.reach.recount import recount
from tests.cast import Cast, visitor_of
from tests.reach.worlds import World

SLUG = "introduction-to-cybercrime"
MARCH = datetime(2026, 3, 3, 9, tzinfo=UTC)


def equipped(app: Flask) -> int:
    with app.app_context():
        assert not recount().difference_count
        cell = db.session.get(Cell, ("ever", "professors", "", "area:001"))
        return cell.count if cell else 0


def test_a_professor_who_waits_is_not_equipped_by_making_a_class_and_is_once_confirmed_by_the_next(app, browse, cast: Cast) -> None:
    new = {"title": "Mine", "modules": SLUG, "starts_on": "2026-01-01", "ends_on": "2099-01-01", "timezone": "", "welcome": ""}
    new["institution"] = str(cast.institutions["LAG"])
    gita = browse(cast.gita)
    gita.post("/teach/classes/new", new)
    assert equipped(app) == 2, "Bruno and Dora"
    with app.app_context(), app.test_request_context(), unit_of_work():
        asked = db.session.scalars(select(Membership).where(Membership.person_id == cast.gita)).one()
        decide_membership(asked, visitor_of(cast.carla), confirm=True)
    assert equipped(app) == 2, "what was published before stays uncounted"
    gita.post("/teach/classes/new", new)
    assert equipped(app) == 3


@pytest.fixture
def world(empty_app: Flask):
    with empty_app.app_context(), empty_app.test_request_context():
        world = World()
        with unit_of_work():
            world.institution("KE1", "KE")
            world.institution("KE1-LAW", "KE", parent="KE1")
        yield world


@pytest.mark.parametrize(
    ("where", "at", "counts"),
    [
        ("KE1", MARCH - timedelta(microseconds=1), False),
        ("KE1", MARCH, True),
        ("KE1", MARCH + timedelta(days=60), True),
        ("KE1", MARCH + timedelta(days=90), False),
        ("KE1-LAW", MARCH, False),
    ],
)
def test_one_counts_from_the_confirmation_to_the_end_and_only_at_that_institution(world: World, where, at, counts) -> None:
    with unit_of_work():
        world.confirm("dora", "KE1", MARCH)
        world.unconfirm("dora", "KE1", MARCH + timedelta(days=90))
    with unit_of_work():
        world.edition(where, "en", "dora", at)
    rows = db.session.execute(select(ProfessorActivity.month)).all()
    assert [row.month for row in rows] == ([at.date().replace(day=1)] if counts else [])
    assert not recount().difference_count
    part_month = Period(at.date(), at.date())
    assert queries._from_rows(part_month, Cut()).own["professors"] == counts


def test_a_request_that_was_declined_or_is_for_another_role_is_no_confirmation(world: World) -> None:
    with unit_of_work():
        person = world.person("dora")
        for role, state in ((accounts.Role.PROFESSOR, "requested"), (accounts.Role.COORDINATOR, "confirmed")):
            accounts.add_membership(person, role, institution_id=world.institutions["KE1"], state=state, at=MARCH)
    with unit_of_work():
        world.edition("KE1", "en", "dora", MARCH + timedelta(days=1))
    assert not db.session.scalar(select(ProfessorActivity.person_id))
    assert not recount().difference_count
