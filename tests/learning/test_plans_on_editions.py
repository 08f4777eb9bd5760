"""A class's plan stands on the class structure of its edition: one of the course's own, one for teachers only, one that is gone."""

import pytest

from elearn.adaptation import overlays
from elearn.learning.planning import SHORTEST
from tests.adaptation.test_updates import Professor
from tests.learning.conftest import SLUG, Scene
from tests.learning.test_editions import move
from tests.learning.test_plans import act, seen, steps

KEY = "class-structure"
STEPS = [
    {"key": "hello", "title": "Our own opening", "minutes": 20, "form": "discussion", "required": True, "text": "Ask the room."},
    {"key": "law", "title": "Our own law", "minutes": 25, "form": "lecture", "required": False, "text": "The act."},
]
HEAD = {
    "title": "A structure of ours",
    "kind": KEY,
    "audience": "everyone",
    "minutes": 5,
    "outcomes": [],
    "steps": STEPS,
    "descriptions": {},
}


@pytest.fixture
def bruno(scene: Scene) -> Professor:
    return Professor(scene.app, scene.cast)


@pytest.fixture
def plan(scene: Scene) -> str:
    return scene.teach + f"plan/{SLUG}"


def moved(scene: Scene, bruno: Professor, change) -> None:
    """Have the class be on an edition with this change."""
    bruno.save(change)
    move(scene, bruno, bruno.publish())


def with_audience(module, audience: str):
    return overlays.with_head(module.overlay.changes, module.made_on(KEY), {"audience": audience})


def test_the_steps_of_a_course_are_what_its_class_plans(scene: Scene, bruno: Professor, plan: str) -> None:
    moved(scene, bruno, lambda m: overlays.with_head(m.overlay.changes, m.made_on(KEY), {"steps": STEPS}))
    page = bruno.browser.get(plan)
    assert steps(page) == [["hello.0", "law.0"]]
    assert "Our own opening" in page.text


def test_a_plan_stays_when_the_edition_changes_and_can_begin_again_with_the_new_steps(scene: Scene, bruno: Professor, plan: str) -> None:
    act(bruno.browser, plan, "down", "opening.0")
    before = steps(bruno.browser.get(plan))
    moved(scene, bruno, lambda m: overlays.with_head(m.overlay.changes, m.made_on(KEY), {"steps": STEPS}))
    page = bruno.browser.get(plan)
    assert steps(page) == before
    page = bruno.browser.submit(plan + "/begin-again", {"structure": KEY, "seen": seen(page)})
    assert steps(page) == [["hello.0", "law.0"]]


def test_a_second_structure_can_be_chosen(scene: Scene, bruno: Professor, plan: str) -> None:
    moved(scene, bruno, lambda m: overlays.with_added(m.overlay.changes, "c1-ours", HEAD, "Ours.\n", after=KEY))
    page = bruno.browser.get(plan)
    assert "A structure of ours" in page.text
    page = bruno.browser.submit(plan + "/begin-again", {"structure": "c1-ours", "seen": "0"})
    assert steps(page) == [["hello.0", "law.0"]]


def test_a_structure_for_teachers_only_is_planned_by_the_confirmed_and_stays_off_the_handout(
    scene: Scene, bruno: Professor, plan: str
) -> None:
    moved(scene, bruno, lambda m: with_audience(m, "teacher"))
    fields = bruno.browser.get(plan + "/steps/new").form("")
    bruno.browser.submit(plan + "/steps/new", {**fields, "title": "A visit"})
    assert "Classification clinic" in bruno.browser.get(plan).text
    assert "Classification clinic" in bruno.browser.get(plan + "/page").text
    handout = bruno.browser.get(plan + "/handout").text
    assert "Classification clinic" not in handout
    assert "A visit" in handout
    # Tito assists, and nobody has confirmed him as a professor.
    for part in ("", "/handout", "/page", "/groups", "/details"):
        scene.browser("Tito").get(plan + part, 404)
    assert SLUG not in str(scene.browser("Tito").get(scene.teach + "plan/").links().values())


def test_a_module_without_a_class_structure_has_no_plan_and_says_whose_turn_it_is(scene: Scene, bruno: Professor, plan: str) -> None:
    moved(scene, bruno, lambda m: overlays.hidden(m.overlay.changes, KEY))
    for part in ("", "/handout", "/page", "/groups", "/details", "/steps/new"):
        bruno.browser.get(plan + part, 404)
    assert plan not in bruno.browser.get(scene.teach + "plan/").links().values()
    bruno.browser.post(plan + "/time", {"minutes": 90, "sessions": 1, "seen": "0"}, 404)


def test_a_plan_whose_structure_is_gone_stays_for_the_confirmed_and_its_steps_are_on_no_handout(
    scene: Scene, bruno: Professor, plan: str
) -> None:
    scene.browser("Tito").get(plan)
    page = act(bruno.browser, plan, "down", "opening.0")
    before = steps(page)
    moved(scene, bruno, lambda m: overlays.hidden(m.overlay.changes, KEY))
    page = bruno.browser.get(plan)
    assert steps(page) == before
    assert "does not have it any more" in page.text
    assert "Classification clinic" not in bruno.browser.get(plan + "/handout").text
    assert steps(act(bruno.browser, plan, "up", "opening.0")) != before
    scene.browser("Tito").get(plan, 404)
    # There is no structure to go back to.
    page = bruno.browser.submit(plan + "/undo", {"seen": seen(bruno.browser.get(plan))})
    assert "Undo the last change" not in page.text
    bruno.browser.post(plan + "/undo", {"seen": seen(page)}, 409)


def test_a_structure_without_steps_begins_with_a_session_to_fill(scene: Scene, bruno: Professor, plan: str) -> None:
    moved(scene, bruno, lambda m: overlays.with_head(m.overlay.changes, m.made_on(KEY), {"steps": []}))
    page = bruno.browser.get(plan)
    assert steps(page) == [[]]
    assert f"1 session of {SHORTEST} minutes" in page.text
    fields = bruno.browser.get(plan + "/steps/new").form("")
    page = bruno.browser.submit(plan + "/steps/new", {**fields, "title": "A visit"})
    assert steps(page) == [["own.1.0"]]
