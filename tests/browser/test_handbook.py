"""A course on paper and as slides, as Chromium shows and prints them: on a telephone, in the dark, from right to left, page by page."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from elearn.adaptation.models import Course
from elearn.db import db, unit_of_work
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.pages]


@pytest.fixture
def place(app: Flask, cast: Cast) -> str:
    with app.app_context():
        return f"/teach/courses/{db.session.scalars(select(Course.id).where(Course.created_by_id == cast.bruno)).one()}"


def printed(page: Page) -> list[tuple[int, int]]:
    """Return the sizes of the pages on which the page is printed, in points."""
    made = page.pdf(prefer_css_page_size=True).decode("latin-1")
    boxes = re.findall(r"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", made)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_handbook_and_slides_are_chosen_and_read(walk, place: str, width: int, scheme: str) -> None:
    bruno = walk(width=width, color_scheme=scheme).sign_in("Bruno").go(f"{place}/handbook")
    bruno.page.get_by_label("With the sections for teachers").check()
    bruno.page.get_by_label("With keys and explanations").check()
    bruno.press("Open the handbook")
    assert "What good answers to the exercises hold" in bruno.text
    bruno.page.get_by_role("link", name="Four cases from four regions").first.click()
    assert bruno.page.url.endswith("#m1.case-studies")
    bruno.press("Choose again", "link").press("Slides", "link").press("Open the slides")
    assert "The ILOVEYOU worm" in bruno.text


def test_without_script_the_one_file_is_sent(walk, place: str, tmp_path: Path) -> None:
    bruno = walk(script=False).sign_in("Bruno").go(f"{place}/handbook")
    with bruno.page.expect_download() as download:
        bruno.page.get_by_role("button", name="Download as one file").click()
    file = tmp_path / "handbook.html"
    download.value.save_as(file)
    bruno.page.goto(f"file://{file}")
    assert bruno.page.locator("h1").inner_text() == "Bruno's class"
    # Its pictures are there, and nothing was asked for but the file itself.
    sizes = bruno.page.locator("img").evaluate_all("all => all.map(each => each.naturalWidth)")
    assert len(sizes) > 1
    assert all(sizes)
    assert bruno.strangers == [f"file://{file}"]
    assert not bruno.complaints


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_a_handbook_is_printed_on_its_paper(walk, place: str, paper: str, size: tuple[int, int]) -> None:
    bruno = walk().sign_in("Bruno").go(f"{place}/handbook/read?paper={paper}")
    pages = printed(bruno.page)
    assert len(pages) > 30
    assert set(pages) == {size}


def test_each_slide_is_printed_on_a_page_of_its_own(walk, place: str) -> None:
    bruno = walk().sign_in("Bruno").go(f"{place}/slides/read")
    slides = bruno.page.locator(".slide").count()
    pages = printed(bruno.page)
    assert len(pages) == slides
    assert set(pages) == {(842, 473)}


def test_a_handbook_runs_from_right_to_left(app: Flask, cast: Cast, walk, place: str) -> None:
    with app.app_context(), unit_of_work():
        db.session.scalars(select(Course).where(Course.created_by_id == cast.bruno)).one().language = "ar"
    for width in (360, 1280):
        bruno = walk(width=width).sign_in("Bruno").go(f"{place}/handbook/read?questions=plain").go(f"{place}/slides/read")
        assert bruno.page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
