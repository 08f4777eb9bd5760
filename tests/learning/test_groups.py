"""Groups: making, renaming, removing, putting many students into one, and what is narrowed by them."""

import csv
import io

import pytest
from sqlalchemy import func, select

from elearn.db import db
from elearn.learning.models import ClassGroup, Enrolment, EnrolmentChange
from tests.learning.conftest import Scene, undo
from tests.learning.test_students import fill
from tests.learning.test_together import at_once


def make(scene: Scene, name: str) -> int:
    scene.browser("Bruno").post(scene.teach + "groups", {"name": name})
    with scene.app.app_context():
        return db.session.scalars(
            select(ClassGroup.id).where(ClassGroup.name == " ".join(name.split()), ClassGroup.removed_at.is_(None))
        ).one()


def group_of(scene: Scene, name: str) -> int | None:
    return scene.enrolment(name).group_id


def test_a_group_is_made_renamed_removed_and_brought_back_with_its_students(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    group = make(scene, "  Tuesday   seminar ")
    bruno.post(scene.teach + "students/group", {"chosen": scene.place("Ana"), "group": group})
    page = bruno.submit(scene.teach + f"groups/{group}/rename", {"name": "Wednesday"})
    assert "Wednesday" in page.links()
    assert "Tuesday seminar" in undo(bruno, page).links()
    page = bruno.submit(scene.teach + f"groups/{group}/remove")
    assert group_of(scene, "Ana") is None
    assert "No group yet" in page.text
    make(scene, "Another")
    page = undo(bruno, page)
    assert group_of(scene, "Ana") == group
    assert "Tuesday seminar" in page.links()
    assert scene.history("Ana") == ["joined", "regrouped", "regrouped", "regrouped"]
    assert "Put into no group" in bruno.get(scene.teach + f"students/{scene.place('Ana')}").text
    assert {"add-group", "rename-group", "remove-group", "bring-group-back", "group-students"} <= set(scene.audited())


def test_names_that_cannot_be_are_refused_and_kept(scene: Scene) -> None:
    bruno, group = scene.browser("Bruno"), make(scene, "One")
    make(scene, "Two")
    for name, words in (("", "Give the group a name"), ("   ", "Give the group a name"), ("One", "There is a group"), ("x" * 81, "80")):
        page = bruno.post(scene.teach + "groups", {"name": name}, 422)
        assert words in page.text
        page = bruno.post(scene.teach + f"groups/{group}/rename", {"name": name if name != "One" else "Two"}, 422)
        assert (name.strip() if name != "One" else "Two") in page.form(scene.teach + f"groups/{group}/rename")[
            "name"
        ].strip() or not name.strip()


def test_a_name_is_free_again_once_its_group_is_removed_and_then_the_first_stays_away(scene: Scene) -> None:
    bruno, group = scene.browser("Bruno"), make(scene, "One")
    bruno.post(scene.teach + f"groups/{group}/remove")
    make(scene, "One")
    bruno.post(scene.teach + f"groups/{group}/bring-back", {}, 409)
    bruno.post(scene.teach + f"groups/{group}/rename", {"name": "Ghost"}, 404)


def test_two_groups_of_one_name_made_at_once_are_one(scene: Scene) -> None:
    presses = []
    for name in ("Bruno", "Pia"):
        browser = scene.browser(name)
        presses.append((browser.client, scene.teach + "groups", {"name": "Same", "csrf_token": browser.csrf_token}))
    assert sorted(at_once(presses)) == [303, 422]


def test_many_are_put_into_a_group_at_once_and_that_is_undone(scene: Scene) -> None:
    group, other = make(scene, "One"), make(scene, "Two")
    scene.enrol("Emil", "student")
    bruno = scene.browser("Bruno")
    bruno.post(scene.teach + "students/group", {"chosen": scene.place("Emil"), "group": other})
    page = bruno.submit(scene.teach + "students/group", {"chosen": [scene.place("Ana"), scene.place("Emil")], "group": group})
    assert "2 students have changed groups" in page.text
    assert (group_of(scene, "Ana"), group_of(scene, "Emil")) == (group, group)
    undo(bruno, page)
    assert (group_of(scene, "Ana"), group_of(scene, "Emil")) == (None, other)
    page = bruno.submit(scene.teach + "students/group", {"chosen": scene.place("Ana"), "group": ""})
    assert "Nothing was changed" in page.text


def test_what_cannot_be_grouped_is_refused_and_nothing_is_changed(scene: Scene) -> None:
    group, bruno, path = make(scene, "One"), scene.browser("Bruno"), scene.teach + "students/group"
    foreign = scene.browser("Dora")
    foreign.post(f"/teach/classes/{scene.cast.classes['Dora']}/groups", {"name": "Dora's"})
    with scene.app.app_context():
        theirs = db.session.scalars(select(ClassGroup.id).where(ClassGroup.name == "Dora's")).one()
        emil = db.session.scalars(select(Enrolment.id).where(Enrolment.person_id == scene.people["Emil"])).one()
    bruno.post(path, {"group": group}, 422)
    bruno.post(path, {"chosen": scene.place("Ana")}, 422)
    bruno.post(path, {"chosen": scene.place("Ana"), "group": theirs}, 404)
    bruno.post(path, {"chosen": scene.place("Ana"), "group": "many"}, 404)
    bruno.post(path, {"chosen": "9" * 30, "group": group}, 404)
    bruno.post(path, {"previous": f"{scene.place('Ana')}:{theirs}"}, 404)
    bruno.post(path, {"previous": "nonsense"}, 404)
    bruno.post(path, {"chosen": emil, "group": group})
    bruno.post(path, {"chosen": scene.place("Tito", "assistant"), "group": group})
    assert group_of(scene, "Ana") is None
    with scene.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.group_id.is_not(None))) == 0
    for step in ("rename", "remove", "bring-back"):
        bruno.post(scene.teach + f"groups/{theirs}/{step}", {"name": "Mine"}, 404)


def test_progress_and_csv_are_narrowed_by_group(scene: Scene) -> None:
    group, empty = make(scene, "One"), make(scene, "Empty")
    scene.enrol("Emil", "student")
    bruno = scene.browser("Bruno")
    bruno.post(scene.teach + "students/group", {"chosen": scene.place("Ana"), "group": group})
    for name in ("Ana", "Emil"):
        scene.browser(name).post(scene.section(), {"state": "done"})
    page = bruno.get(scene.teach + f"?group={group}")
    assert "Ana Example" in page.text
    assert "Emil Example" not in page.text
    assert "1/1" in page.text
    assert "Nobody is in this group" in bruno.get(scene.teach + f"?group={empty}").text
    assert "Emil Example" in bruno.get(scene.teach + "?group=999").text
    answer = bruno.get(page.links()["Download progress (CSV)"]).response
    assert f"group-{group}" in answer.headers["Content-Disposition"]
    assert [line["name"] for line in csv.DictReader(io.StringIO(answer.get_data(as_text=True)))] == ["Ana Example"]
    bruno.get(scene.teach + "progress.csv?group=999", 404)
    bruno.get(scene.teach + "progress.csv?group=x", 404)
    assert "Emil Example" in bruno.get(scene.teach + "students?group=none").text
    assert "Emil Example" not in bruno.get(scene.teach + f"students?group={group}").text


@pytest.mark.slow
def test_a_group_of_thousands_is_removed_and_brought_back_whole(scene: Scene) -> None:
    group = make(scene, "All")
    fill(scene, 3000)
    with scene.app.app_context():
        db.session.execute(
            Enrolment.__table__.update().where(Enrolment.role == "student", Enrolment.class_id == scene.id).values(group_id=group)
        )
        db.session.commit()
    bruno = scene.browser("Bruno")
    page = bruno.submit(scene.teach + f"groups/{group}/remove")
    undo(bruno, page)
    with scene.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.group_id == group)) == 3001
        assert db.session.scalar(select(func.count()).select_from(EnrolmentChange).where(EnrolmentChange.kind == "regrouped")) == 6002
