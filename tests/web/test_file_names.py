"""Downloads have names that every browser takes, also where an institution's code is from before there was a rule for it."""

import pytest
from flask import Flask

from elearn.accounts.models import Institution
from elearn.db import db, unit_of_work
from elearn.learning.models import CourseClass
from elearn.reach import public
from tests.cast import Cast

CODE = '大学"é'


@pytest.fixture
def odd(app: Flask, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.get_one(Institution, cast.institutions["LAG"]).code = CODE
        db.session.get_one(CourseClass, cast.classes["Bruno"]).code = f"{CODE}-1"


def test_a_gradebook_has_a_name_in_any_script(odd, browse, cast: Cast) -> None:
    answer = browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv").response
    name = answer.headers["Content-Disposition"]
    assert name.isascii()
    assert "filename*=UTF-8''%E5%A4%A7%E5%AD%A6%22%C3%A9-1-progress.csv" in name


def test_a_report_has_a_name_in_any_script(odd, browse, cast: Cast) -> None:
    answer = browse(cast.root).get("/coordinate/reach", query_string={"institution": CODE, "format": "csv"}).response
    name = answer.headers["Content-Disposition"]
    assert name.isascii()
    assert "filename*=UTF-8''reach-%E5%A4%A7%E5%AD%A6%22%C3%A9-" in name


def test_a_plain_name_stays_plain(browse, cast: Cast) -> None:
    answer = browse(cast.bruno).get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv").response
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=lag-")


@pytest.mark.parametrize("year", ["002025000", "0" * 500 + "2026", "２０２６", "2025.0", "-1", "2026 "])
def test_a_year_is_the_one_on_the_page_letter_for_letter(browse, cast: Cast, monkeypatch, year: str) -> None:
    monkeypatch.setattr(public, "years_to_show", lambda language: [2026, 2025, 2])
    browse().get("/reach", 404, query_string={"year": year})
