"""The class structure of a module, fitted to a time without a class: for everyone, and nothing is written."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.db import counted_statements, db
from elearn.learning.plan_models import ClassPlan
from tests.learning.conftest import SLUG
from tests.reader import Browser

PLAN = f"/modules/{SLUG}/planner"


@pytest.fixture
def anyone(app: Flask) -> Browser:
    return Browser.of(app, None)


def test_without_a_time_it_is_as_its_author_wrote_it_and_the_structures_page_leads_there(anyone: Browser) -> None:
    link = anyone.get(f"/modules/{SLUG}/class-structure").links()["Fit it to the time you have"]
    page = anyone.get(link)
    assert "1 session of" in page.text
    assert "Classification clinic" in page.text


@pytest.mark.parametrize("minutes", [50, 90, 120, 180])
def test_the_address_says_what_time_there_is(app: Flask, anyone: Browser, minutes: int) -> None:
    page = anyone.get(f"{PLAN}?minutes={minutes}&weeks=3")
    assert f"3 sessions of {minutes} minutes" in page.text
    assert len(page.all("section", class_="plan-session")) == 3
    assert page.form("")["minutes"] == str(minutes)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ClassPlan)) == 0


def test_what_does_not_fit_says_what_would_and_shows_the_structure_as_it_is(anyone: Browser) -> None:
    page = anyone.get(f"{PLAN}?minutes=50&weeks=1")
    assert "2 sessions would do" in page.text
    assert page.form("")["minutes"] == "50"
    assert "Classification clinic" in page.text


@pytest.mark.parametrize(
    "asked", ["minutes=&weeks=1", "minutes=x&weeks=1", "minutes=90", "minutes=-1&weeks=2", "minutes=90&weeks=31", "weeks=" + "9" * 50]
)
def test_no_time_that_cannot_be_is_taken(anyone: Browser, asked: str) -> None:
    page = anyone.get(f"{PLAN}?{asked}")
    assert page.all("div", class_="error-summary")
    assert "Classification clinic" in page.text


def test_a_module_without_a_structure_has_no_plan(anyone: Browser) -> None:
    anyone.get("/modules/nothing/planner", 404)
    anyone.get(f"{PLAN}?structure=introduction", 404)
    anyone.get(f"{PLAN}?structure={'x' * 500}", 404)
    anyone.get(f"/xx/modules/{SLUG}/planner", 404)


def test_it_asks_the_database_little(anyone: Browser) -> None:
    anyone.get(PLAN)
    with counted_statements() as statements:
        anyone.get(f"{PLAN}?minutes=90&weeks=2")
    assert len(statements) <= 3
