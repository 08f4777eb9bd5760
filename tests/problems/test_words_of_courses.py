"""A report on a passage that a course replaced goes to its professors, one on an untouched passage to the editors."""

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.adaptation import overlays
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import CourseModule, CourseProfessor, Overlay
from elearn.db import db, unit_of_work
from elearn.learning.edition_service import move_classes
from tests.adaptation.test_updates import Professor, replaced
from tests.cast import Cast
from tests.problems.conftest import SLUG, WORDS, new_url, publish_anew, report, reports
from tests.reader import Browser, Page

KEY = "who-is-connected"
THEIRS = "Crime follows daily life"
OURS = "In Lagos, crime follows daily life"
ANSWER = {"act": "answered", "words": "We look into it.", "seen": "0", "revision": "0"}


@pytest.fixture
def bruno(app: Flask, cast: Cast) -> Professor:
    """Bruno, whose class reads a section in which he put a passage of his own."""
    bruno = Professor(app, cast)
    bruno.save(replaced(THEIRS, OURS, KEY))
    teach(bruno, cast)
    return bruno


def teach(bruno: Professor, cast: Cast) -> int:
    with bruno.inside(), unit_of_work():
        edition_id = publish_edition(bruno.course(), person_id=bruno.id).id
        move_classes(bruno.id, bruno.course_id, [cast.classes["Bruno"]], edition_id)
    return edition_id


def reported(browse, cast: Cast, words: str | None, key: str = KEY) -> str:
    """Have Ana report the passage that says ``words`` (None: the page as a whole), and return the address of her report."""
    ana, url = browse(cast.ana), new_url(key, cast.classes["Bruno"])
    page = ana.get(url)
    place = next(i for i, line in enumerate(page.root.iter("option")) if words and words in (line.text or "")) - 1 if words else None
    return report(ana, url, passage=place).response.headers["Location"]


def sees(browser: Browser, url: str) -> bool:
    listed = browser.get("/problems/").links().values()
    there = browser.client.get(url).status_code == 200
    assert (url in listed) == there
    return there


def test_a_report_on_a_passage_of_the_course_s_own_is_its_professors(app: Flask, cast: Cast, bruno: Professor, browse) -> None:
    url = reported(browse, cast, OURS)
    assert [kept.course_id for kept in reports(app)] == [bruno.course_id]
    assert sees(bruno.browser, url)
    for name in ("Edda", "Root", "Dora"):
        assert not sees(browse(cast.people[name]), url), name
        browse(cast.people[name]).post(url, ANSWER, 404)
    page = bruno.browser.get(url)
    assert f"/teach/courses/{bruno.course_id}/{SLUG}/sections/{KEY}" in page.links().values()
    assert "open report" not in browse(cast.edda).get(f"/modules/{SLUG}/{KEY}").text
    # Its professors may find that it is the editors' after all.
    bruno.browser.post(f"{url}/pass-on", {})
    assert sees(browse(cast.edda), url)
    browse(cast.edda).post(url, {**ANSWER, "seen": last(browse(cast.edda).get(url))})


def last(page: Page) -> str:
    return next(e.get("value") for e in page.root.iter("input") if e.get("name") == "seen")


@pytest.mark.parametrize(("words", "key"), [("The most widely used estimates", KEY), (None, "computers-and-networks")])
def test_a_report_on_what_the_course_left_as_it_is_is_the_editors(app: Flask, cast: Cast, bruno: Professor, browse, words, key) -> None:
    url = reported(browse, cast, words, key)
    assert [kept.course_id for kept in reports(app)] == [None]
    assert sees(browse(cast.edda), url)
    assert sees(bruno.browser, url), "the class's professors answer their students, too"


def test_the_page_as_a_whole_is_the_course_s_where_it_wrote_in_it_and_so_is_a_section_that_it_added(
    app: Flask, cast: Cast, bruno: Professor, browse
) -> None:
    head = {"title": "Our law", "kind": "key-issue", "audience": "everyone", "minutes": 5, "outcomes": [], "steps": [], "descriptions": {}}
    bruno.save(lambda module: overlays.with_added(module.overlay.changes, "c1-our-law", head, "The law of Nigeria.\n", after=KEY))
    teach(bruno, cast)
    reported(browse, cast, None)
    reported(browse, cast, "The law of Nigeria.", "c1-our-law")
    assert [kept.course_id for kept in reports(app)] == [bruno.course_id] * 2


def test_words_of_a_course_upstream_go_to_that_course_s_professors(app: Flask, cast: Cast, bruno: Professor, browse) -> None:
    """Dora's course stands on Bruno's edition; her students report his words to him, who does not learn who they are."""
    edition_id = teach(bruno, cast)
    dora = browse(cast.dora)
    with app.app_context(), app.test_request_context(), unit_of_work():
        theirs = db.session.scalars(select(CourseProfessor.course_id).where(CourseProfessor.person_id == cast.dora)).one()
        before = db.session.scalars(select(Overlay).where(Overlay.course_id == theirs)).one()
        module_id = db.session.scalars(select(CourseModule.module_id).where(CourseModule.course_id == theirs)).one()
        kept = {"course_id": theirs, "module_id": module_id, "made_by_id": cast.dora, "made_at": before.made_at}
        db.session.add(Overlay(**kept, number=before.number + 1, base_edition_id=edition_id, changes={}))
        db.session.flush()
        course = Professor.course(type("Dora", (), {"course_id": theirs}))
        mine = publish_edition(course, person_id=cast.dora).id
        assert move_classes(cast.dora, theirs, [cast.classes["Dora"]], mine) == 1
    emil, url = browse(cast.emil), new_url(KEY, cast.classes["Dora"])
    options = [line.text or "" for line in emil.get(url).root.iter("option")]
    place = next(i for i, words in enumerate(options) if OURS in words) - 1
    report(emil, url, passage=place)
    report(emil, url, passage=next(i for i, words in enumerate(options) if "The most widely used" in words) - 1)
    first, second = reports(app)
    assert (first.course_id, second.course_id) == (bruno.course_id, None)
    page = bruno.browser.get(f"/problems/{first.id}")
    assert WORDS in page.text
    assert "Emil" not in page.text
    assert "Emil" in dora.get(f"/problems/{first.id}").text
    bruno.browser.get(f"/problems/{second.id}", 404)


def test_a_course_mends_its_words_in_a_newer_edition(app: Flask, cast: Cast, bruno: Professor, browse, tmp_path) -> None:
    app.config["MAIL_URL"] = f"file://{tmp_path}"
    ana, url = browse(cast.ana), new_url(KEY, cast.classes["Bruno"])
    place = next(i for i, line in enumerate(ana.get(url).root.iter("option")) if OURS in (line.text or "")) - 1
    url = report(ana, url, passage=place, wants_mail="y").response.headers["Location"]
    assert "No newer edition of the course is published yet" in bruno.browser.get(url).text
    mended = {**ANSWER, "act": "mended", "words": ""}
    assert "Choose the version that mends it" in bruno.browser.post(url, {**mended, "revision": "0"}, 422).text
    bruno.save(replaced(OURS, "In Lagos and elsewhere, crime follows daily life", KEY))
    edition_id = teach(bruno, cast)
    page = bruno.browser.get(url)
    assert "In Lagos and elsewhere" in page.text
    bruno.browser.submit(url, {**mended, "revision": str(edition_id)})
    assert "in edition 3 of the course" in ana.get(url).text
    [kept] = reports(app)
    assert (kept.state, kept.mended_edition_id) == ("mended", edition_id)
    assert "It is mended in edition 3 of the course." in "".join(path.read_text() for path in tmp_path.rglob("*.eml"))


def test_the_revision_that_mends_a_report_is_offered_to_those_who_adapted_it(app: Flask, cast: Cast, bruno: Professor, browse) -> None:
    key, old, new = "computers-and-networks", "A computer", "Any computer"
    bruno.save(lambda module: overlays.with_head(module.overlay.changes, module.made_on(key), {"minutes": 9}))
    url = reported(browse, cast, None, key)
    assert bruno.offers() == ()
    text = bruno.module().base.source.section(key).markdown
    old = next(line for line in text.split("\n") if len(line.split()) > 8).split(". ")[0]
    publish_anew(app, old, f"{old} {new}")
    revision = bruno.offers()[0].newer.revision_id
    edda = browse(cast.edda)
    edda.submit(url, {**ANSWER, "act": "mended", "words": "", "revision": str(revision)})
    assert "The count of devices is of this year." in bruno.browser.get(bruno.updates).text
    assert "mended" in bruno.browser.get(url).text
