"""Answer keys are for those who have been confirmed: to make a class of one's own is not enough."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.accounts.models import Membership
from elearn.accounts.people_service import decide_membership
from elearn.db import db, unit_of_work
from tests.cast import Cast, visitor_of

SLUG = "introduction-to-cybercrime"
KEY = "marking-guide"


@pytest.fixture
def her_class(cast: Cast) -> str:
    return f"/classes/{cast.classes['Gita']}/{SLUG}/"


def decide(app: Flask, cast: Cast, *, confirm: bool) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        asked = db.session.scalars(select(Membership).where(Membership.person_id == cast.gita)).one()
        decide_membership(asked, visitor_of(cast.carla), confirm=confirm)


@pytest.mark.parametrize("decision", ["waiting", "declined"])
def test_a_professor_who_is_not_confirmed_reads_the_own_class_without_answer_keys(app, browse, cast: Cast, her_class, decision) -> None:
    if decision == "declined":
        decide(app, cast, confirm=False)
    gita = browse(cast.gita)
    assert her_class + KEY not in gita.get(her_class).links().values()
    assert her_class + KEY not in gita.get(her_class + "introduction").links().values()
    gita.get(her_class + KEY, 404)


def test_once_confirmed_the_professor_reads_them(app, browse, cast: Cast, her_class) -> None:
    decide(app, cast, confirm=True)
    gita = browse(cast.gita)
    assert her_class + KEY in gita.get(her_class).links().values()
    gita.get(her_class + KEY)
