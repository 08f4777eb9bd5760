"""A class's settings, its way in and its end."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from elearn.db import counted_statements, db
from elearn.learning import class_views
from elearn.learning.models import CourseClass
from tests.learning.conftest import Scene, undo
from tests.learning.test_together import at_once


def form(scene: Scene, browser) -> dict[str, str]:
    return browser.get(scene.teach + "settings").form(scene.teach + "settings")


def test_settings_are_changed_and_the_change_is_audited(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    fields = form(scene, bruno) | {"title": "  Cybercrime, autumn ", "timezone": "Asia/Tokyo", "welcome": "**Karibu** <script>x</script>"}
    page = bruno.submit(scene.teach + "settings", fields)
    assert "The settings are saved." in page.text
    student = scene.browser("Ana").get(scene.learn)
    assert student.heading == "Cybercrime, autumn"
    assert "Karibu" in student.text
    assert "Asia/Tokyo" in student.text
    assert "change-class" in scene.audited()
    bruno.post(scene.teach + "settings", form(scene, bruno))
    assert scene.audited().count("change-class") == 1, "saving what stands already changes nothing"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Give the class a title"),
        ({"title": "x" * 201}, "longer than 200"),
        ({"timezone": "Mars/Olympus"}, "no time zone of that name"),
        ({"timezone": ""}, "Choose a time zone"),
        ({"ends_on": "2019-01-01"}, "ends before it begins"),
        ({"starts_on": "1900-01-01"}, "between the years 2000 and 2199"),
        ({"ends_on": "9999-12-31"}, "between the years 2000 and 2199"),
        ({"ends_on": "soon"}, "Not a valid date"),
        ({"starts_on": ""}, "Enter a date"),
    ],
)
def test_settings_that_cannot_be_are_refused_beside_the_field(scene: Scene, change: dict[str, str], words: str) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.post(scene.teach + "settings", form(scene, bruno) | {"welcome": "My words"} | change, 422)
    assert words in page.text
    assert page.form(scene.teach + "settings")["welcome"] == "My words"
    assert scene.browser("Ana").get(scene.learn).heading == "Bruno's class"


def test_markdown_that_takes_too_long_is_refused_and_kept(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.post(scene.teach + "settings", form(scene, bruno) | {"welcome": "[" * 60000}, 422)
    assert page.form(scene.teach + "settings")["welcome"] == "[" * 60000


def test_the_second_of_two_editors_sees_the_first_one_s_text_and_keeps_the_own(scene: Scene) -> None:
    bruno, pia = scene.browser("Bruno"), scene.browser("Pia")
    hers, his = form(scene, pia), form(scene, bruno)
    pia.post(scene.teach + "settings", hers | {"welcome": "Pia's words"})
    page = bruno.post(scene.teach + "settings", his | {"title": "Bruno's title", "welcome": "Bruno's words"}, 409)
    assert "Pia's words" in page.text
    again = page.form(scene.teach + "settings")
    assert (again["title"], again["welcome"]) == ("Bruno's title", "Bruno's words")
    assert "Pia's words" in scene.browser("Ana").get(scene.learn).text
    bruno.post(scene.teach + "settings", again)
    assert "Bruno's words" in scene.browser("Ana").get(scene.learn).text


def test_of_two_who_save_at_the_same_moment_one_is_told(scene: Scene) -> None:
    presses = []
    for name in ("Bruno", "Pia"):
        browser = scene.browser(name)
        fields = form(scene, browser) | {"title": f"{name} was here", "csrf_token": browser.csrf_token}
        presses.append((browser.client, scene.teach + "settings", fields))
    assert sorted(at_once(presses)) == [303, 409]


def test_a_welcome_is_laid_out_while_nobody_waits_for_it(scene: Scene, monkeypatch) -> None:
    at_work: list[bool] = []

    def render(text: str) -> str:
        at_work.append(db.session().in_transaction())
        return f"<p>{text}</p>"

    monkeypatch.setattr(class_views, "render_personal", render)
    bruno = scene.browser("Bruno")
    bruno.post(scene.teach + "settings", form(scene, bruno) | {"welcome": "Karibu"})
    assert at_work == [False]


def test_the_class_is_closed_to_newcomers_and_opened_again(scene: Scene) -> None:
    bruno, emil = scene.browser("Bruno"), scene.browser("Emil")
    assert "opens nothing now" in bruno.submit(scene.teach + "joining", {"state": "closed"}).text
    emil.post("/join", {"code": scene.cast.codes["Bruno"]}, 422)
    bruno.post(scene.teach + "joining", {"state": "open"})
    bruno.post(scene.teach + "joining", {"state": "ajar"}, 422)
    emil.post("/join", {"code": scene.cast.codes["Bruno"]})


def test_a_new_code_stops_the_old_one(scene: Scene) -> None:
    bruno, emil = scene.browser("Bruno"), scene.browser("Emil")
    old = scene.cast.codes["Bruno"]
    assert old in bruno.get(scene.teach + "join-code").text
    page = bruno.submit(scene.teach + "join-code")
    assert old not in page.text
    emil.post("/join", {"code": old}, 422)
    with scene.app.app_context():
        new = db.session.get_one(CourseClass, scene.id).join_code
    emil.post("/join", {"code": new})
    assert new in page.text


#: In Lagos (UTC+1) it is the 11th already.
LATE = datetime(2026, 3, 10, 23, 30, tzinfo=UTC)


def test_the_class_ends_today_where_it_is_taught_and_that_is_undone(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    with time_machine.travel(LATE):
        bruno = scene.browser("Bruno")
        page = bruno.submit(scene.teach + "end")
        assert "Mar 11, 2026" in page.text
        bruno.post(scene.teach + "end", {}, 409)
        assert "goes on until" in undo(bruno, page).text
        with scene.app.app_context():
            assert db.session.get_one(CourseClass, scene.id).ends_on == date(2099, 12, 31)
    assert scene.audited()[-2:] == ["end-class", "continue-class"]


def test_an_end_is_not_undone_over_dates_that_somebody_changed_since(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.submit(scene.teach + "end")
    scene.change_class(ends_on=date(2090, 1, 1))
    flash = next(f for f in page.root.iter("form") if "flash" in (f.get("class") or ""))
    fields = {e.get("name"): e.get("value") for e in flash.iter("input")}
    bruno.post(scene.teach + "continue", fields, 409)
    for wrong in ("", "soon", "9999-99-99"):
        bruno.post(scene.teach + "continue", {"was": wrong, "ended_on": "2026-01-01"}, 422)


def test_a_class_that_has_not_begun_or_is_over_is_not_ended(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    scene.change_class(starts_on=date(2098, 1, 1))
    assert "begins on" in bruno.get(scene.teach).text
    bruno.post(scene.teach + "end", {}, 409)
    scene.over()
    assert "This class is over" in bruno.get(scene.teach).text
    bruno.post(scene.teach + "end", {}, 409)


def test_the_desk_keeps_running_coming_and_past_classes_apart(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.get("/teach/")
    assert "Running (1)" in page.text
    assert "Past (0)" in page.text
    scene.over()
    page = bruno.get("/teach/")
    assert "Past (1)" in page.text
    assert "Teach it again" in page.text
    assert "No class is running" in bruno.get("/teach/?show=running").text
    assert "No class is to come" in bruno.get("/teach/?show=coming").text
    assert "Bruno's class" in scene.browser("Tito").get("/teach/").text
    assert "You teach no class" in scene.browser("Ana").get("/teach/", 403).text


def test_the_desk_costs_the_same_however_many_classes_there_are(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    bruno.get("/teach/")
    with counted_statements() as few:
        bruno.get("/teach/")
    fields = {"title": "More", "modules": "introduction-to-cybercrime", "starts_on": "2026-01-01", "ends_on": "2099-01-01"}
    for number in range(30):
        bruno.post("/teach/classes/new", fields | {"title": f"More {number}", "institution": str(scene.cast.institutions["LAG"])})
    with counted_statements() as many:
        page = bruno.get("/teach/")
    assert len(many) == len(few) <= 6
    assert "Running (31)" in page.text
    assert "/teach/?show=running&page=2" in page.links().values()
