"""The class planner: time, steps, two at once, undo, and what is printed."""

import pytest
from sqlalchemy import func, select

from elearn.db import counted_statements, db
from elearn.learning import own_data
from elearn.learning.models import Enrolment
from elearn.learning.plan_models import ClassPlan
from tests.learning.conftest import SLUG, Scene, undo
from tests.learning.test_students import fill
from tests.learning.test_together import at_once
from tests.reader import Browser, Page, text_of


@pytest.fixture
def plan(scene: Scene) -> str:
    return scene.teach + f"plan/{SLUG}"


def seen(page: Page) -> str:
    return page.all("input", name="seen")[0].get("value", "")


def steps(page: Page) -> list[list[str]]:
    """Return the places of the steps of each session, without breaks."""
    sessions = page.all("section", class_="session")
    found = [[item.get("id", "").removeprefix("step-") for item in one.iter("li") if "step " in item.get("class", "")] for one in sessions]
    return [[place for place in places if not place.startswith("break.")] for places in found]


def minutes_of(page: Page) -> list[str]:
    return [text_of(minutes) for minutes in page.all("p", class_="step-minutes")]


def act(browser: Browser, plan: str, what: str, place: str, **more: object) -> Page:
    return browser.submit(plan + "/steps/act", {"act": what, "place": place, "seen": seen(browser.get(plan)), **more})


def retime(browser: Browser, plan: str, minutes: int, sessions: int) -> Page:
    return browser.submit(plan + "/time", {"minutes": minutes, "sessions": sessions, "seen": seen(browser.get(plan))})


def saves(scene: Scene) -> int:
    with scene.app.app_context():
        return db.session.scalar(select(func.count()).select_from(ClassPlan)) or 0


def test_a_plan_begins_as_its_author_wrote_it_and_looking_saves_nothing(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    assert bruno.get(scene.teach).links()["Plan"] == scene.teach + "plan/"
    page = bruno.get(scene.teach + "plan/")
    assert "as its author wrote it" in page.text
    page = bruno.get(plan)
    assert len(steps(page)) == 1
    assert "Classification clinic" in page.text
    assert seen(page) == "0"
    for part in ("/groups", "/details", "/handout", "/page", "/steps/new", "/steps/basics.0"):
        bruno.get(plan + part)
    assert saves(scene) == 0


def test_the_page_of_a_class_structure_leads_those_who_teach_to_the_plan(scene: Scene, plan: str) -> None:
    structure = f"{scene.learn}{SLUG}/class-structure"
    assert plan in scene.browser("Bruno").get(structure).links().values()
    assert plan not in scene.browser("Ana").get(structure).links().values()


@pytest.mark.parametrize("minutes", [50, 90, 120, 180])
def test_the_structure_plans_itself_for_the_time_there_is(scene: Scene, plan: str, minutes: int) -> None:
    bruno = scene.browser("Bruno")
    page = retime(bruno, plan, minutes, 3)
    assert len(steps(page)) == 3
    assert all(steps(page))
    assert f"3 sessions of {minutes} minutes" in page.text
    assert "too long" not in page.text
    assert f"3 sessions of {minutes} minutes" in bruno.get(scene.teach + "plan/").text


def test_what_cannot_fit_says_what_would_and_saves_nothing(scene: Scene, plan: str) -> None:
    page = scene.browser("Bruno").post(plan + "/time", {"minutes": 50, "sessions": 1, "seen": "0"}, 422)
    assert "need" in page.text
    assert "2 sessions would do" in page.text
    assert page.form(plan + "/time#time")["minutes"] == "50"
    assert saves(scene) == 0


@pytest.mark.parametrize(
    ("minutes", "sessions"),
    [("", "1"), ("x", "1"), ("-5", "1"), ("19", "1"), ("301", "1"), ("90", "0"), ("90", "31"), ("9" * 40, "1"), ("90", "²")],
)
def test_no_time_that_cannot_be_is_taken(scene: Scene, plan: str, minutes: str, sessions: str) -> None:
    page = scene.browser("Bruno").post(plan + "/time", {"minutes": minutes, "sessions": sessions, "seen": "0"}, 422)
    assert page.form(plan + "/time#time")["minutes"] == minutes
    assert saves(scene) == 0


def test_a_step_moves_down_and_back_up(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    before = steps(bruno.get(plan))[0]
    after = steps(act(bruno, plan, "down", before[0]))[0]
    assert after[:2] == [before[1], before[0]]
    assert steps(act(bruno, plan, "up", before[0]))[0] == before
    assert "plan-class" in scene.audited()


def test_an_optional_step_is_left_out_and_comes_back_where_it_was_and_a_needed_one_stays(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    before = steps(bruno.get(plan))
    page = act(bruno, plan, "leave-out", "connectivity.0")
    assert "connectivity.0" not in steps(page)[0]
    page = act(bruno, plan, "bring-back", "connectivity.0")
    assert steps(page) == before
    page = bruno.post(plan + "/steps/act", {"act": "leave-out", "place": "basics.0", "seen": seen(page)}, 409)
    assert "may not be left out" in page.text
    assert steps(bruno.get(plan)) == before


def test_minutes_session_and_notes_of_a_step_are_changed_and_a_full_session_says_so(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    retime(bruno, plan, 120, 2)
    place = steps(bruno.get(plan))[0][0]
    fields = bruno.get(plan + f"/steps/{place}").form("")
    page = bruno.submit(plan + f"/steps/{place}", {**fields, "minutes": "60", "session": "2", "notes": "Bring <chalk>"})
    assert place in steps(page)[1]
    assert "Bring <chalk>" in page.text
    assert "too long" in page.text
    assert "Bring <chalk>" in bruno.get(plan + "/page").text
    assert "chalk" not in bruno.get(plan + "/handout").text
    again = bruno.get(plan + f"/steps/{place}").form("")
    assert (again["minutes"], again["session"], again["notes"]) == ("60", "2", "Bring <chalk>")


@pytest.mark.parametrize(
    ("field", "typed"), [("minutes", "0"), ("minutes", "301"), ("minutes", "ten"), ("session", "9"), ("session", ""), ("notes", "x" * 1001)]
)
def test_a_step_that_cannot_be_keeps_what_was_typed(scene: Scene, plan: str, field: str, typed: str) -> None:
    bruno = scene.browser("Bruno")
    sent = {"minutes": "10", "session": "1", "notes": "Mine", "seen": "0", field: typed}
    page = bruno.post(plan + "/steps/basics.0", sent, 422)
    if field != "session":
        assert page.form("")[field] == typed
    assert saves(scene) == 0


@pytest.mark.parametrize("place", ["nothing.0", "basics.7", "basics", "x" * 300, "%00", "..%2f"])
def test_a_step_that_is_not_there_is_no_page(scene: Scene, plan: str, place: str) -> None:
    bruno = scene.browser("Bruno")
    assert bruno.client.get(plan + f"/steps/{place}").status_code in {400, 404}
    bruno.post(plan + "/steps/act", {"act": "up", "place": place, "seen": "0"}, 404)
    bruno.post(plan + "/steps/act", {"act": "fly", "place": "basics.0", "seen": "0"}, 404)


def test_a_step_of_ones_own_is_added_changed_and_left_out(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    fields = bruno.get(plan + "/steps/new").form("")
    refused = bruno.post(plan + "/steps/new", {**fields, "text": "Kept"}, 422)
    assert refused.form("")["text"] == "Kept"
    page = bruno.submit(plan + "/steps/new", {**fields, "title": "A guest & friend", "minutes": "15", "optional": "y"})
    assert steps(page)[0][-1] == "own.1.0"
    fields = bruno.get(plan + "/steps/own.1.0").form("")
    assert (fields["title"], fields["optional"]) == ("A guest & friend", "y")
    assert "A police guest" in bruno.submit(plan + "/steps/own.1.0", {**fields, "title": "A police guest"}).text
    assert "A police guest" in bruno.get(plan + "/handout").text
    assert "own.1.0" not in steps(act(bruno, plan, "leave-out", "own.1.0"))[0]


def test_undo_leads_back_step_by_step_to_what_the_author_wrote_and_no_further(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    first = bruno.get(plan)
    act(bruno, plan, "down", "opening.0")
    retime(bruno, plan, 90, 2)
    page = act(bruno, plan, "leave-out", "connectivity.0")
    page = undo(bruno, page)
    assert len(steps(page)) == 2
    page = bruno.submit(plan + "/undo", {"seen": seen(page)})
    assert len(steps(page)) == 1
    assert steps(page) != steps(first)
    page = bruno.submit(plan + "/undo", {"seen": seen(page)})
    assert steps(page) == steps(first)
    assert "Undo the last change" not in page.text
    bruno.post(plan + "/undo", {"seen": seen(page)}, 409)


def test_who_comes_second_is_told_so_and_keeps_what_they_typed(scene: Scene, plan: str) -> None:
    bruno, pia = scene.browser("Bruno"), scene.browser("Pia")
    old = seen(bruno.get(plan))
    act(pia, plan, "down", "opening.0")
    order = steps(pia.get(plan))
    for path, fields in (
        ("/time", {"minutes": 90, "sessions": 2}),
        ("/steps/act", {"act": "up", "place": "theories.0"}),
        ("/undo", {}),
        ("/begin-again", {"structure": "class-structure"}),
        ("/groups/forget", {}),
    ):
        assert "Somebody changed this plan" in bruno.post(plan + path, {**fields, "seen": old}, 409).text
    page = bruno.post(plan + "/steps/basics.0", {"minutes": 33, "session": 1, "notes": "Mine", "seen": old}, 409)
    assert (page.form("")["minutes"], page.form("")["notes"]) == ("33", "Mine")
    details = bruno.post(plan + "/details", {"prepare": "A pencil", "seen": old}, 409)
    assert details.form(plan + "/details")["prepare"] == "A pencil"
    draw = bruno.post(plan + "/groups", {"way": "numbers", "people": 7, "by": "size", "number": 3, "area": "", "seen": old}, 409)
    assert draw.form(plan + "/groups")["people"] == "7"
    assert steps(bruno.get(plan)) == order
    # What the page now carries is accepted.
    bruno.submit(plan + "/steps/basics.0", page.form(""))
    assert "Mine" in bruno.get(plan).text


def test_of_two_presses_at_once_one_counts(scene: Scene, plan: str) -> None:
    presses = []
    for name, place in (("Bruno", "opening.0"), ("Pia", "basics.0")):
        browser = scene.browser(name)
        fields = {"act": "down", "place": place, "seen": "0", "csrf_token": browser.csrf_token}
        presses.append((browser.client, plan + "/steps/act", fields))
    assert sorted(at_once(presses)) == [303, 409]
    assert saves(scene) == 1


def test_beginning_again_takes_the_authors_steps_and_keeps_the_time(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    retime(bruno, plan, 120, 2)
    before = steps(bruno.get(plan))
    act(bruno, plan, "down", "opening.0")
    act(bruno, plan, "leave-out", "treaties.0")
    page = bruno.submit(plan + "/begin-again", {"structure": "class-structure", "seen": seen(bruno.get(plan))})
    assert steps(page) == before
    bruno.post(plan + "/begin-again", {"structure": "introduction", "seen": seen(page)}, 404)


def test_days_and_words_stand_on_the_handout_and_nothing_else_does(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    retime(bruno, plan, 120, 2)
    fields = bruno.get(plan + "/details").form(plan + "/details")
    wanted = {"first_on": "2027-03-02", "weekdays": [1, 3], "starts_at": "09:30", "reads": "introduction", "prepare": "A <pencil>"}
    page = bruno.submit(plan + "/details", {**fields, **wanted, "questions": "Why?\n\n  What for?  "})
    assert "Tuesday, March 2, 2027" in page.text
    assert "Thursday, March 4, 2027" in page.text
    assert "09:30" in page.text
    handout = bruno.get(plan + "/handout")
    for words in ("Tuesday, March 2, 2027", "09:30", "A <pencil>", "What for?", "Classification clinic", "120 minutes"):
        assert words in handout.text
    # The texts of steps are written for whoever teaches.
    assert "show of hands" not in handout.text
    assert "show of hands" in bruno.get(plan + "/page").text
    again = bruno.get(plan + "/details")
    assert again.form(plan + "/details")["prepare"] == "A <pencil>"
    assert [box.get("value") for box in again.all("input", name="weekdays") if box.get("checked") is not None] == ["1", "3"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("first_on", "9999-12-31"),
        ("first_on", "0001-01-01"),
        ("first_on", "soon"),
        ("weekdays", "9"),
        ("weekdays", "x"),
        ("starts_at", "26:00"),
        ("reads", "marking-guide"),
        ("reads", "nothing"),
        ("prepare", "x" * 4001),
        ("questions", "x" * 4001),
    ],
)
def test_details_that_cannot_be_are_refused(scene: Scene, plan: str, field: str, typed: str) -> None:
    page = scene.browser("Bruno").post(plan + "/details", {"prepare": "Kept", "seen": "0", field: typed}, 422)
    if field != "prepare":
        assert page.form(plan + "/details")["prepare"] == "Kept"
    assert saves(scene) == 0


def test_those_who_teach_plan_and_nobody_else_sees_it(scene: Scene, plan: str) -> None:
    for name in ("Bruno", "Pia", "Tito"):
        retime(scene.browser(name), plan, 90, 2 if name == "Pia" else 3)
    for name in ("Ana", "Dora", "Gita", "Carla", "Root"):
        for part in ("", "/groups", "/details", "/handout", "/page", "/steps/new"):
            scene.browser(name).get(plan + part, 404)
        scene.browser(name).post(plan + "/time", {"minutes": 90, "sessions": 2, "seen": "3"}, 404)
    assert saves(scene) == 3


def test_the_pages_of_a_plan_ask_little_however_many_students_there_are(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    bruno.submit(plan + "/groups", {"way": "students", "by": "size", "number": 4, "area": "", "seen": "0"})
    paths = ("", "/groups", "/handout", "/page", "/details")
    few = [len(_statements(bruno, plan + path)) for path in paths]
    fill(scene, 1000)
    page = bruno.submit(plan + "/groups", {"way": "students", "by": "count", "number": 40, "area": "", "seen": "1"})
    with scene.app.app_context():
        students = db.session.scalar(
            select(func.count()).select_from(Enrolment).where(Enrolment.class_id == scene.id, Enrolment.role == "student")
        )
    drawn = page.all("ul", class_="drawn")[0]
    assert students == 1001
    assert len(list(drawn.iter("bdi"))) == students
    assert len(list(drawn)) == 40
    many = [len(_statements(bruno, plan + path)) for path in paths]
    assert many == few
    assert 3 <= min(many) <= max(many) <= 7


def _statements(browser: Browser, path: str) -> list[str]:
    with counted_statements() as statements:
        browser.get(path)
    return list(statements)


def test_an_account_takes_along_which_plans_it_changed(scene: Scene, plan: str) -> None:
    act(scene.browser("Bruno"), plan, "down", "opening.0")
    with scene.app.app_context():
        kept = own_data.export_of(scene.people["Bruno"])["plans_made"]
        assert [(line["module"], line["act"]) for line in kept] == [(SLUG, "move")]
        assert not list(own_data.export_of(scene.people["Pia"])["plans_made"])


def test_a_note_alone_does_not_make_a_stretched_step_longer_for_good(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    retime(bruno, plan, 180, 1)
    before = minutes_of(bruno.get(plan))
    retime(bruno, plan, 180, 2)
    fields = bruno.get(plan + "/steps/opening.0").form("")
    assert fields["minutes"] == "15"
    bruno.submit(plan + "/steps/opening.0", {**fields, "notes": "Chalk"})
    page = retime(bruno, plan, 180, 1)
    assert "Chalk" in page.text
    assert minutes_of(page) == before


def test_beginning_again_where_the_authors_steps_do_not_fit_says_so_and_changes_nothing(scene: Scene, plan: str) -> None:
    bruno = scene.browser("Bruno")
    for place in ("basics.0", "classification.0", "theories.0", "measuring.0", "challenges.0"):
        fields = bruno.get(plan + f"/steps/{place}").form("")
        bruno.submit(plan + f"/steps/{place}", {**fields, "minutes": "5"})
    before = steps(retime(bruno, plan, 50, 1))
    page = bruno.post(plan + "/begin-again", {"structure": "class-structure", "seen": seen(bruno.get(plan))}, 422)
    assert "2 sessions would do" in page.text
    assert steps(bruno.get(plan)) == before
