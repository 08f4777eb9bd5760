"""Teaching again: next term's class on today's text, with colleagues and groups, without students."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from elearn import clock
from elearn.accounts.models import Membership
from elearn.adaptation.models import Edition, Overlay
from elearn.catalogue import service as catalogue
from elearn.catalogue.reader import read_series
from elearn.db import db, unit_of_work
from elearn.learning.models import ClassGroup, CourseClass, Enrolment
from elearn.learning.terms import last_day, next_term, state_of
from tests import shipped
from tests.learning.conftest import Scene
from tests.learning.test_groups import make
from tests.learning.test_together import at_once


def filled_in(scene: Scene, query: str = "") -> dict[str, object]:
    page = scene.browser("Bruno").get(scene.teach + "teach-again" + query)
    fields = dict(page.form(scene.teach + "teach-again"))
    for name in ("colleagues", "groups"):
        fields[name] = [box.get("value") for box in page.all("input", name=name) if box.get("checked") is not None]
    return fields


def made(scene: Scene) -> CourseClass:
    with scene.app.app_context():
        return db.session.scalars(select(CourseClass).where(CourseClass.previous_class_id == scene.id)).one()


def staff(class_id: int) -> dict[int, str]:
    rows = db.session.execute(select(Enrolment.person_id, Enrolment.role).where(Enrolment.class_id == class_id))
    return {row[0]: row[1] for row in rows}


def test_next_term_s_class_has_colleagues_groups_and_welcome_and_no_students(scene: Scene) -> None:
    scene.change_class(starts_on=date(2025, 9, 1), ends_on=date(2026, 1, 31), welcome="Karibu", welcome_html="<p>Karibu</p>")
    make(scene, "Tuesday")
    fields = filled_in(scene)
    assert fields["title"] == "Bruno's class"
    assert fields["welcome"] == "Karibu"
    assert fields["groups"] == ["Tuesday"]
    assert date.fromisoformat(fields["starts_on"]).month == 9
    page = scene.browser("Bruno").submit(scene.teach + "teach-again", fields | {"title": "Next year"})
    assert page.heading == "Next year"
    assert "Nobody has joined yet" in page.text
    assert "Bruno's class" in page.links()
    assert "Next year" in scene.browser("Bruno").get(scene.teach).links()
    new = made(scene)
    with scene.app.app_context():
        assert staff(new.id) == {scene.people["Bruno"]: "professor", scene.people["Pia"]: "professor", scene.people["Tito"]: "assistant"}
        assert db.session.scalars(select(ClassGroup.name).where(ClassGroup.class_id == new.id)).all() == ["Tuesday"]
        old = db.session.get_one(CourseClass, scene.id)
        assert (new.institution_id, new.timezone, new.join_code == old.join_code) == (old.institution_id, old.timezone, False)
    scene.assert_counts_agree()


def test_only_the_colleagues_ticked_come_along(scene: Scene) -> None:
    scene.browser("Bruno").post(scene.teach + "teach-again", filled_in(scene) | {"colleagues": [str(scene.people["Tito"])]})
    new = made(scene)
    with scene.app.app_context():
        assert set(staff(new.id)) == {scene.people["Bruno"], scene.people["Tito"]}


def test_nobody_else_comes_along(scene: Scene) -> None:
    fields = filled_in(scene) | {"colleagues": [str(scene.people["Dora"])]}
    assert "not a valid choice" in scene.browser("Bruno").post(scene.teach + "teach-again", fields, 422).text
    with scene.app.app_context(), unit_of_work():
        db.session.scalars(select(Membership).where(Membership.person_id == scene.people["Pia"])).one().ended_at = clock.now()
    assert "Pia" not in scene.browser("Bruno").get(scene.teach + "teach-again").text


def renew(scene: Scene, folder: Path) -> None:
    """Have the series publish a newer revision of its first module."""
    shipped.lay_out(folder)
    module = folder / "01-introduction-to-cybercrime" / "module.yml"
    text = module.read_text()
    text = re.sub(r"^version: .*$", "version: 9.0.0", text, count=1, flags=re.MULTILINE)
    module.write_text(text.replace("changes:\n", "changes:\n  9.0.0: A word put right.\n", 1))
    section = next((module.parent / "en").glob("10-*.md"))
    section.write_text(section.read_text() + "\nOne paragraph more.\n")
    with scene.app.app_context(), unit_of_work():
        catalogue.publish(read_series(folder))


def test_a_course_that_changes_nothing_moves_to_today_s_text(scene: Scene, tmp_path: Path) -> None:
    renew(scene, tmp_path / "series")
    page = scene.browser("Bruno").get(scene.teach + "teach-again")
    assert "on the series as it stands today" in page.text
    scene.browser("Bruno").post(scene.teach + "teach-again", filled_in(scene))
    new = made(scene)
    with scene.app.app_context():
        old = db.session.get_one(CourseClass, scene.id)
        assert new.edition_id != old.edition_id
        assert db.session.get_one(Edition, new.edition_id).number == 2
        assert db.session.get_one(Edition, new.edition_id).course_id == db.session.get_one(Edition, old.edition_id).course_id
    assert "on the series as it stands today" not in scene.browser("Bruno").get(scene.teach + "teach-again").text
    scene.assert_counts_agree()


def test_a_course_that_changes_the_series_stays_on_its_newest_edition_and_says_so(scene: Scene, tmp_path: Path) -> None:
    renew(scene, tmp_path / "series")
    with scene.app.app_context(), unit_of_work():
        course_id = db.session.get_one(Edition, db.session.get_one(CourseClass, scene.id).edition_id).course_id
        db.session.scalars(select(Overlay).where(Overlay.course_id == course_id)).first().changes = {"sections": ["another"]}
    assert "The series has moved on" in scene.browser("Bruno").get(scene.teach + "teach-again").text
    scene.browser("Bruno").post(scene.teach + "teach-again", filled_in(scene))
    new = made(scene)
    with scene.app.app_context():
        assert new.edition_id == db.session.get_one(CourseClass, scene.id).edition_id


def test_a_class_on_the_newest_text_needs_no_new_edition(scene: Scene) -> None:
    scene.browser("Bruno").post(scene.teach + "teach-again", filled_in(scene))
    new = made(scene)
    with scene.app.app_context():
        assert new.edition_id == db.session.get_one(CourseClass, scene.id).edition_id


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Give the class a title"),
        ({"timezone": "Mars/Olympus"}, "no time zone of that name"),
        ({"ends_on": "2001-01-01"}, "ends before it begins"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(scene: Scene, change: dict[str, str], words: str) -> None:
    page = scene.browser("Bruno").post(scene.teach + "teach-again", filled_in(scene) | {"welcome": "My words"} | change, 422)
    assert words in page.text
    assert page.form(scene.teach + "teach-again")["welcome"] == "My words"


def test_two_presses_make_one_class(scene: Scene) -> None:
    fields = filled_in(scene)
    presses = []
    for _ in range(3):
        browser = scene.browser("Bruno")
        presses.append((browser.client, scene.teach + "teach-again", fields | {"csrf_token": browser.csrf_token}))
    assert at_once(presses) == [303] * 3
    made(scene)


def test_who_no_longer_teaches_at_the_institution_makes_no_class_there(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        db.session.scalars(select(Membership).where(Membership.person_id == scene.people["Bruno"])).one().ended_at = clock.now()
    assert "You no longer teach at the institution" in scene.browser("Bruno").get(scene.teach + "teach-again", 403).text


def test_half_a_year_later_is_a_press_away(scene: Scene) -> None:
    scene.change_class(starts_on=clock.today(), ends_on=clock.today() + timedelta(days=100))
    page = scene.browser("Bruno").get(scene.teach + "teach-again")
    later = scene.browser("Bruno").get(page.links()["Half a year later instead"])
    assert later.form(scene.teach + "teach-again")["starts_on"] == (clock.today() + timedelta(weeks=26)).isoformat()


days = st.dates(date(2000, 1, 1), date(2199, 12, 31))


@given(days, st.integers(0, 700), days, st.sampled_from(["year", "term"]))
def test_next_term_is_as_long_and_not_over(starts: date, length: int, today: date, later: str) -> None:
    first, last = next_term(starts, starts + timedelta(days=length), today, later=later)
    assert last - first == timedelta(days=length)
    assert first > starts
    assert last >= today


@given(days, st.integers(0, 700), days)
def test_a_class_is_in_one_state(starts: date, length: int, today: date) -> None:
    ends = starts + timedelta(days=length)
    assert {"coming": today < starts, "over": today > ends, "running": starts <= today <= ends}[state_of(starts, ends, today)]


@given(days, st.none() | days)
def test_an_extension_never_shortens(ends: date, until: date | None) -> None:
    assert last_day(ends, until) >= ends
    assert until is None or last_day(ends, until) >= until
