"""The end of a class: read-only for students and kept; more time for one; everything for the staff."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from elearn import clock
from elearn.db import counted_statements, db
from elearn.learning.models import Enrolment
from tests.learning.conftest import SLUG, Scene, undo

ENDED = "This class ended on Jun 30, 2020; everything in it can still be read."


def quiz(scene: Scene) -> str:
    return f"{scene.learn}{SLUG}/quiz"


def test_after_its_last_day_everything_is_read_and_nothing_changed(scene: Scene) -> None:
    ana = scene.browser("Ana")
    ana.post(scene.section(0), {"state": "done"})
    attempt = ana.post(quiz(scene)).response.headers["Location"]
    question = next(name for name in ana.get(attempt).form(attempt) if name.startswith("seen-"))
    scene.over()
    for path in (scene.learn, f"{scene.learn}{SLUG}/", scene.section(0), scene.section(1), quiz(scene), attempt):
        page = ana.get(path)
        assert ENDED in page.text, path
        assert not [
            f
            for f in page.root.iter("form")
            if f.get("method") == "post"
            and "/sign-out" not in f.get("action", "")
            and not [b for b in f.iter("fieldset") if b.get("disabled") is not None]
        ], path
        assert not [b for b in page.root.iter("button") if b.get("name") == "action"], path
    assert "You marked this section as done" in ana.get(scene.section(0)).text
    for path, fields in (
        (scene.section(1), {"state": "done"}),
        (scene.section(0), {"state": "not-done"}),
        (quiz(scene), {}),
        (attempt, {"action": "save"}),
        (attempt, {"action": "submit-anyway"}),
    ):
        assert ENDED in ana.post(path, fields, 403).text
    answer = ana.client.post(
        attempt + "/answers", json={"answers": [], "seen": question}, headers={"X-CSRFToken": ana.csrf_token, "Accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json["detail"] == ENDED
    assert "not submitted and is not marked" in ana.get(attempt).text
    assert "A quiz you began" not in ana.get("/home").text
    scene.assert_counts_agree()


def test_the_staff_can_still_do_everything(scene: Scene) -> None:
    scene.over()
    bruno = scene.browser("Bruno")
    assert "ended on" in bruno.get(scene.teach).text
    bruno.post(quiz(scene))
    bruno.post(scene.teach + "groups", {"name": "Late"})
    bruno.submit(scene.teach + f"students/{scene.place('Ana')}/correct", {"name": "Ana Late", "student_id": ""})
    bruno.post(scene.teach + "announcements/new", {"title": "Marks", "body": "They are out."})
    assert "Marks" in scene.browser("Ana").get(scene.learn).text


#: The class's days are those of Lagos, an hour ahead of UTC.
@pytest.mark.parametrize(
    ("at", "status"), [(datetime(2026, 3, 10, 22, 59, tzinfo=UTC), 303), (datetime(2026, 3, 10, 23, 0, tzinfo=UTC), 403)]
)
def test_the_last_day_ends_at_midnight_where_the_class_is(scene: Scene, at: datetime, status: int) -> None:
    scene.change_class(ends_on=date(2026, 3, 10))
    with time_machine.travel(at):
        scene.browser("Ana").post(scene.section(), {"state": "done"}, status)


def test_before_its_first_day_students_may_join_and_read(scene: Scene) -> None:
    scene.change_class(starts_on=date(2098, 1, 1))
    scene.browser("Ana").get(scene.section())
    scene.browser("Emil").post("/join", {"code": scene.cast.codes["Bruno"]})


def extend(scene: Scene, until: str, status: int = 303):
    return scene.browser("Bruno").post(scene.teach + f"students/{scene.place('Ana')}/extend", {"until": until}, status)


def test_an_extension_keeps_the_class_open_for_one_student_until_its_day(scene: Scene) -> None:
    scene.enrol("Emil", "student")
    yesterday, tomorrow = clock.today() - timedelta(days=3), clock.today() + timedelta(days=5)
    scene.change_class(ends_on=yesterday)
    ana, emil = scene.browser("Ana"), scene.browser("Emil")
    ana.post(scene.section(), {"state": "done"}, 403)
    bruno = scene.browser("Bruno")
    page = bruno.submit(scene.teach + f"students/{scene.place('Ana')}/extend", {"until": tomorrow.isoformat()})
    assert "may work until the end of" in page.text
    assert "You have more time" in ana.get(scene.learn).text
    ana.post(scene.section(), {"state": "done"})
    attempt = ana.post(quiz(scene)).response.headers["Location"]
    ana.post(attempt, {"action": "submit-anyway"})
    emil.post(scene.section(), {"state": "done"}, 403)
    emil.post(quiz(scene), {}, 403)
    with time_machine.travel(clock.now() + timedelta(days=7)):
        scene.browser("Ana").post(scene.section(1), {"state": "done"}, 403)
    undo(bruno, page)
    ana.post(scene.section(1), {"state": "done"}, 403)
    assert scene.history("Ana") == ["joined", "extended", "extended"]
    assert scene.audited().count("extend-enrolment") == 2
    assert "Extension ended" in bruno.get(scene.teach + f"students/{scene.place('Ana')}").text


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2020-06-30", "The class itself goes on until then"),
        ("2019-01-01", "The class itself goes on until then"),
        ("2021-07-02", "At most a year"),
        ("9999-12-31", "At most a year"),
        ("soon", "Not a valid date"),
    ],
)
def test_an_extension_that_cannot_be_is_refused(scene: Scene, until: str, words: str) -> None:
    scene.over()
    page = extend(scene, until, 422)
    assert words in page.text
    assert page.form(scene.teach + f"students/{scene.place('Ana')}/extend")["until"] == until
    assert scene.enrolment("Ana").extended_until is None


def test_who_is_not_in_the_class_gets_no_extension(scene: Scene) -> None:
    scene.over()
    scene.browser("Bruno").post(scene.teach + f"students/{scene.place('Ana')}/withdraw")
    extend(scene, "2020-08-01", 409)


def test_a_section_of_a_class_that_is_over_costs_two_statements_too(scene: Scene) -> None:
    scene.over()
    ana = scene.browser("Ana")
    ana.get(scene.section())
    with counted_statements() as statements:
        ana.get(scene.section())
    assert len(statements) <= 2, statements


def test_pages_made_for_one_do_not_show_another_s_state(scene: Scene) -> None:
    scene.enrol("Emil", "student")
    scene.change_class(ends_on=clock.today() - timedelta(days=3))
    extend(scene, (clock.today() + timedelta(days=5)).isoformat())
    for name, may in (("Ana", True), ("Emil", False), ("Ana", True), ("Emil", False)):
        page = scene.browser(name).get(scene.section())
        assert bool([b for b in page.root.iter("button") if b.get("name") == "state"]) is may
        assert ("This class ended on" in page.text) is not may


def test_a_place_that_was_left_costs_its_page_no_statement_more(scene: Scene) -> None:
    ana = scene.browser("Ana")
    ana.post(scene.learn + "leave")
    with scene.app.app_context():
        assert db.session.get_one(Enrolment, scene.place("Ana")).ended_at is not None
    ana.get(scene.section())
    with counted_statements() as statements:
        ana.get(scene.section())
    assert len(statements) <= 2, statements
