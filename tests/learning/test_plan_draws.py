"""Groups and countries of a plan, drawn by lot: from whom, into how many, again, and what paper shows of them."""

import pytest
from sqlalchemy import select

from elearn.db import db, unit_of_work
from elearn.learning.models import Enrolment
from elearn.learning.plan_models import ClassPlan
from tests.learning.conftest import SLUG, Scene, undo
from tests.learning.test_groups import make
from tests.learning.test_plans import seen
from tests.learning.test_students import fill
from tests.reader import Browser, Page, text_of


@pytest.fixture
def groups(scene: Scene) -> str:
    return scene.teach + f"plan/{SLUG}/groups"


def draw(browser: Browser, groups: str, **wanted: object) -> Page:
    fields = browser.get(groups).form(groups) | {"way": "students", "by": "size", "number": 3, "area": "", "seed": ""}
    return browser.submit(groups, {**fields, **wanted})


def drawn(page: Page) -> list[tuple[str, list[str]]]:
    """Return what each group is called, and its members."""
    [shown] = page.all("ul", class_="drawn")
    return [(text_of(group.find("p")), [text_of(name) for name in group.findall("p")[1].iter("bdi")]) for group in shown]


def names(page: Page) -> list[list[str]]:
    return [members for _name, members in drawn(page)]


def test_students_are_drawn_into_groups_of_a_size_each_in_one_with_another_country(scene: Scene, groups: str) -> None:
    fill(scene, 10)
    bruno = scene.browser("Bruno")
    assert "Nothing is drawn yet" in bruno.get(groups).text
    page = draw(bruno, groups)
    found = drawn(page)
    assert [len(members) for _name, members in found] == [3, 3, 3, 2]
    assert len({member for _name, members in found for member in members}) == 11
    assert len({name.partition("· ")[2] for name, _members in found} - {""}) == 4


def test_so_many_groups_are_drawn_as_one_asks_for_and_none_is_empty(scene: Scene, groups: str) -> None:
    fill(scene, 10)
    bruno = scene.browser("Bruno")
    assert [len(members) for members in names(draw(bruno, groups, by="count", number=4))] == [3, 3, 3, 2]
    assert len(names(draw(bruno, groups, by="count", number=200))) == 11


def test_drawing_again_gives_others_a_seed_the_same_and_undo_the_former_ones(scene: Scene, groups: str) -> None:
    fill(scene, 30)
    bruno = scene.browser("Bruno")
    first = draw(bruno, groups)
    seed = text_of(next(code for code in first.root.iter("code")))
    second = draw(bruno, groups)
    assert drawn(second) != drawn(first)
    undo(bruno, second)
    assert drawn(bruno.get(groups)) == drawn(first)
    draw(bruno, groups)
    assert drawn(draw(bruno, groups, seed=seed)) == drawn(first)


def test_the_area_is_where_countries_come_from_and_none_gives_none(scene: Scene, groups: str) -> None:
    bruno = scene.browser("Bruno")
    page = draw(bruno, groups, way="numbers", people=60, number=20, area="009")
    assert all(name.partition("· ")[2] for name, _members in drawn(page))
    assert not {"Kenya", "Peru", "France", "Japan"} & {name.partition("· ")[2] for name, _members in drawn(page)}
    page = draw(bruno, groups, way="numbers", people=60, number=20, area="none")
    assert [name for name, _members in drawn(page)] == ["Group 1", "Group 2", "Group 3"]


def test_the_groups_of_the_class_get_countries_and_keep_their_students(scene: Scene, groups: str) -> None:
    bruno = scene.browser("Bruno")
    refused = bruno.post(groups, {"way": "groups", "by": "size", "number": 3, "area": "", "seen": "0"}, 422)
    assert "The class has no groups" in refused.text
    monday = make(scene, "Monday")
    make(scene, "Tuesday")
    bruno.post(scene.teach + "students/group", {"chosen": scene.place("Ana"), "group": monday})
    page = draw(bruno, groups, way="groups")
    assert [(name.partition(" ·")[0], members) for name, members in drawn(page)] == [("Monday", ["Ana Example"]), ("Tuesday", [])]
    bruno.post(scene.teach + f"groups/{monday}/remove")
    assert [name.partition(" ·")[0] for name, _members in drawn(bruno.get(groups))] == ["Tuesday"]


def test_who_leaves_is_in_no_group_any_more_and_who_comes_is_named_as_new(scene: Scene, groups: str) -> None:
    bruno = scene.browser("Bruno")
    fill(scene, 3)
    draw(bruno, groups)
    scene.enrol("Emil", "student")
    page = bruno.get(groups)
    assert "1 student came after the draw" in page.text
    assert "Emil Example" in page.text
    with scene.app.app_context(), unit_of_work():
        gone = db.session.get_one(Enrolment, scene.place("Ana"))
        gone.name, gone.name_key = "", ""
    assert "Ana Example" not in [name for members in names(bruno.get(groups)) for name in members]


def test_a_class_without_students_draws_numbers(scene: Scene, groups: str) -> None:
    bruno = scene.browser("Bruno")
    with scene.app.app_context(), unit_of_work():
        for one in db.session.scalars(select(Enrolment).where(Enrolment.class_id == scene.id, Enrolment.role == "student")):
            one.ended_at, one.end_reason = one.enrolled_at, "error"
    refused = bruno.post(groups, {"way": "students", "by": "size", "number": 3, "area": "", "seen": "0"}, 422)
    assert "Draw numbers instead" in refused.text
    page = draw(bruno, groups, way="numbers", people=7)
    assert sorted(int(number) for members in names(page) for number in members) == list(range(1, 8))
    assert [sorted(map(int, members)) for members in names(page)] == [list(map(int, members)) for members in names(page)]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("way", "everybody"),
        ("way", ""),
        ("by", "weight"),
        ("number", "0"),
        ("number", "1"),
        ("number", "201"),
        ("number", ""),
        ("number", "9" * 30),
        ("people", ""),
        ("people", "0"),
        ("people", "5001"),
        ("people", "many"),
        ("area", "Atlantis"),
        ("seed", "x" * 21),
    ],
)
def test_what_cannot_be_drawn_is_refused_and_keeps_what_was_typed(scene: Scene, groups: str, field: str, typed: str) -> None:
    sent = {"way": "numbers", "people": "20", "by": "size", "number": "4", "area": "", "seed": "mine", "seen": "0", field: typed}
    page = scene.browser("Bruno").post(groups, sent, 422)
    kept = page.form(groups)
    assert kept["seed"] == sent["seed"]
    assert kept["number"] == sent["number"]
    with scene.app.app_context():
        assert db.session.scalars(select(ClassPlan)).first() is None


def test_groups_stand_on_the_handout_and_go_when_one_plans_without_them(scene: Scene, groups: str) -> None:
    bruno = scene.browser("Bruno")
    fill(scene, 3)
    page = draw(bruno, groups)
    for paper in ("handout", "page"):
        shown = bruno.get(groups.replace("groups", paper))
        assert drawn(shown) == drawn(page)
        # Nothing of a student but the name.
        assert "ID1" not in shown.text
    bruno.submit(groups + "/forget", {"seen": seen(page)})
    assert "Ana Example" not in bruno.get(groups.replace("groups", "handout")).text
    assert "Nothing is drawn yet" in bruno.get(groups).text


def test_the_largest_draw_is_taken(scene: Scene, groups: str) -> None:
    page = draw(scene.browser("Bruno"), groups, way="numbers", people=5000, by="count", number=200)
    assert {len(members) for members in names(page)} == {25}
