"""The glossary: a list with letters, a page for each term, and definitions where a term is used."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.catalogue import queries, search_service, service
from elearn.catalogue.models import Section
from elearn.db import db, unit_of_work
from tests.cast import Cast
from tests.catalogue import small
from tests.reader import Browser, text_of

TERMS = (
    small.GLOSSARY
    + """- key: zero-day
  module: first
  term: {en: Zero-day}
  definition: {en: "Not known yet."}
"""
)


@pytest.fixture
def reader(empty_app: Flask) -> Browser:
    with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
        french = 'definition: {en: "The *smallest* unit of data.", fr: "Le plus petit."}'
        glossary = TERMS.replace('definition: {en: "The *smallest* unit of data."}', french)
        teaching = "---\ntitle: Key\nkind: assessment\naudience: teacher\nminutes: 5\n---\nA [bit]{glossary}.\n"
        service.publish(
            small.read(
                ("glossary.yml", small.GLOSSARY, glossary),
                ("01-first/en/30-key.md", None, teaching),
            )
        )
    return Browser.of(empty_app, None)


def test_terms_stand_under_their_letters_and_where_old_links_lead(reader: Browser) -> None:
    page = reader.get("/glossary")
    assert [text_of(a) for a in page.all("nav", class_="letters")[0].iter("a")] == ["B", "Z"]
    assert {"bit", "zero-day"} <= {dt.get("id") for dt in page.root.iter("dt")}
    assert page.links()["bit"] == "/glossary/bit"


def test_a_term_says_what_it_is_where_it_is_defined_and_where_it_is_used(reader: Browser) -> None:
    page = reader.get("/glossary/bit")
    assert page.heading == "bit"
    assert "The smallest unit of data." in page.text
    links = page.links()
    assert links["The first module"] == "/modules/first/"
    assert links["One"] == "/modules/first/one"
    assert "Key" not in links, "a section for teachers is not named to others"
    assert "/fr/glossary/bit" in links.values()


def test_those_who_read_sections_for_teachers_are_led_to_them(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        teacher = db.session.scalars(select(Section).where(Section.audience == "teacher")).first()
        teacher.html += '<dl><dt>bit</dt><dd id="term-bit">…</dd></dl>'
        title = teacher.title
        search_service.renew()
    assert title in browse(cast.bruno).get("/glossary/bit").links()
    assert title not in browse(cast.ana).get("/glossary/bit").links()


def test_each_language_has_its_own_and_says_what_is_not_translated(reader: Browser) -> None:
    assert "Le plus petit." in reader.get("/fr/glossary").text
    page = reader.get("/fr/glossary/bit")
    assert page.links()["Un"] == "/fr/modules/first/one"
    assert "not translated" in reader.get("/fr/glossary/zero-day").text
    assert "Zero-day" in reader.get("/fr/glossary").text


@pytest.mark.parametrize("path", ["/glossary/nothing", "/xx/glossary", "/xx/glossary/bit", "/glossary/bit/more"])
def test_what_is_not_there_is_no_page(reader: Browser, path: str) -> None:
    reader.get(path, 404)


def test_a_glossary_without_terms_says_whose_turn_it_is(empty_app: Flask) -> None:
    assert "editors" in Browser.of(empty_app, None).get("/glossary").text


def test_the_shipped_terms_are_all_there_and_each_has_its_page(app: Flask) -> None:
    anyone = Browser.of(app, None)
    page = anyone.get("/glossary")
    with app.app_context():
        keys = [term["key"] for term in queries.current_series().revision.glossary]
    assert [dt.get("id") for dt in page.root.iter("dt")] != []
    assert {dt.get("id") for dt in page.root.iter("dt")} == set(keys)
    for key in keys[:5]:
        anyone.get(f"/glossary/{key}")


def test_a_section_with_terms_brings_their_definitions_and_the_script_and_others_do_not(reader: Browser) -> None:
    with_terms, without = reader.get("/modules/first/one"), reader.get("/modules/first/references")
    scripts = [[s.get("src", "") for s in page.root.iter("script")] for page in (with_terms, without)]
    assert any("terms.js" in src for src in scripts[0])
    assert not any("terms.js" in src for src in scripts[1])
    link = with_terms.all("a", class_="term")[0]
    assert link.get("href") == "/glossary/bit"
    assert text_of(with_terms.all("dd", id="term-bit")[0]) == "The smallest unit of data."


def test_the_script_is_small(reader: Browser) -> None:
    src = next(s.get("src") for s in reader.get("/modules/first/one").root.iter("script") if "terms.js" in s.get("src", ""))
    assert len(reader.client.get(src).get_data()) < 2000
