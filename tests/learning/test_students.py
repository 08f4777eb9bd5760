"""The students of a class: the list, one student's page, leaving, withdrawing, removing, coming back."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from elearn import clock
from elearn.db import counted_statements, db, insert, unit_of_work
from elearn.learning.models import Enrolment, EnrolmentChange, ModuleProgress, SectionMark
from elearn.reach.models import Cell
from tests.learning.conftest import SLUG, Scene, undo
from tests.learning.test_together import at_once


def seats(scene: Scene) -> int:
    with scene.app.app_context():
        cell = db.session.get(Cell, ("ever", "seats", "", f"class:{scene.id}"))
        return cell.count if cell else 0


def tally(scene: Scene) -> str:
    """Return how many of how many have the first section done, as the professor's page says."""
    page = scene.browser("Bruno").get(scene.teach)
    table = next(t for t in page.root.iter("table") if "progress-table" in (t.get("class") or ""))
    return "".join(next(table.iter("td")).itertext()).strip()


def fill(scene: Scene, count: int) -> None:
    """Put many students into the class at once."""
    with scene.app.app_context(), unit_of_work():
        at = clock.now()
        rows = [
            {
                "class_id": scene.id,
                "person_id": None,
                "role": "student",
                "name": f"Student {number:05} {'Zeta' if number % 2 else 'Alpha'}",
                "student_id": f"ID{number}",
                "email": "",
                "enrolled_at": at,
            }
            for number in range(count)
        ]
        db.session.execute(insert(Enrolment), rows)


def student(scene: Scene, name: str = "Ana") -> str:
    return scene.teach + f"students/{scene.place(name)}"


def test_the_list_says_who_is_there_and_how_far(scene: Scene) -> None:
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    page = scene.browser("Bruno").get(scene.teach + "students")
    assert "Ana Example" in page.links()
    assert "in the class" in page.text
    assert "Tito" not in page.text


def test_the_list_is_searched_narrowed_and_sorted_by_its_address(scene: Scene) -> None:
    fill(scene, 3)
    scene.person("Élodie")
    scene.enrol("Élodie", "student")
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    bruno, path = scene.browser("Bruno"), scene.teach + "students"
    assert "Élodie Example" in bruno.get(path + "?q=ÉLODIE").text
    assert "Élodie Example" in bruno.get(path + "?q=élodie").text
    assert "Ana Example" not in bruno.get(path + "?q=élodie").text
    assert "Nobody is found" in bruno.get(path + "?q=100%25").text
    assert "Student 00002 Alpha" in bruno.get(path + "?q=id2&state=waiting").text
    assert "Student 0" not in "".join(bruno.get(path).links())

    def order(query: str) -> list[str]:
        return [name for name in bruno.get(path + query).links() if name.endswith(("Example", "Alpha", "Zeta")) and "Bruno" not in name]

    assert order("?state=all&sort=last-name")[0] == "Student 00000 Alpha"
    assert order("?state=all&sort=-last-name")[0] == "Student 00001 Zeta"
    assert order("?sort=-progress")[0] == "Ana Example"
    assert order("?sort=progress")[-1] == "Ana Example"
    assert order("?state=waiting&sort=-name") == ["Student 00002 Alpha", "Student 00001 Zeta", "Student 00000 Alpha"]
    bruno.get(path + "?sort=; drop table&state=nonsense&group=999&page=-1")


def test_a_list_of_ten_thousand_takes_as_many_statements_as_one_of_three(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    fill(scene, 3)
    paths = [
        scene.teach + "students" + query
        for query in ("?state=all", "?state=all&sort=last-name&page=100", "?q=student&sort=-progress&state=waiting")
    ]
    for path in (*paths, scene.teach):
        bruno.get(path)
    few = []
    for path in (*paths, scene.teach):
        with counted_statements() as counted:
            bruno.get(path)
        few.append(len(counted))
    fill(scene, 10_000)
    for path, before in zip((*paths, scene.teach), few, strict=True):
        with counted_statements() as counted:
            page = bruno.get(path)
        assert len(counted) == before <= 10, path
    assert "10004 students" in bruno.get(paths[0]).text.replace(",", "")
    assert "10003 lines of your roster wait" in page.text.replace(",", "")


def test_a_student_s_page_shows_progress_marks_and_history(scene: Scene) -> None:
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    page = scene.browser("Bruno").get(student(scene))
    assert page.heading == "Ana Example"
    assert f"1/{len(scene.keys)}" in page.text
    assert "Joined the class" in page.text
    for name in ("Pia", "Tito"):
        scene.browser(name).get(student(scene))


def test_a_name_is_corrected_in_this_class_alone_and_that_is_undone(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.submit(student(scene) + "/correct", {"name": "  Ana   Ñusta ", "student_id": "S-1"})
    assert page.heading == "Ana Ñusta"
    assert "S-1" in page.text
    assert "Ana Example" in scene.browser("Ana").get("/account").text
    page = undo(bruno, page)
    assert page.heading == "Ana Example"
    assert scene.history("Ana") == ["joined", "corrected", "corrected"]
    with scene.app.app_context():
        steps = db.session.scalars(select(EnrolmentChange.details).where(EnrolmentChange.kind == "corrected")).all()
        assert "Ñusta" not in str(steps), "the history is never changed, so it holds no names"


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": ""}, "Enter a name"), ({"name": "x" * 201}, "longer than 200"), ({"student_id": "x" * 61}, "longer than 60")],
)
def test_a_name_that_cannot_be_is_refused_and_kept(scene: Scene, change: dict[str, str], words: str) -> None:
    fields = {"name": "Typed", "student_id": "typed too"} | change
    page = scene.browser("Bruno").post(student(scene) + "/correct", fields, 422)
    assert words in page.text
    kept = page.form(student(scene) + "/correct")
    assert {name: kept[name] for name in fields} == fields


@pytest.mark.parametrize("name", ["x", "x" * 200, "🦉", "عمر", "=cmd|' /C calc'!A0", "<script>alert(1)</script>"])
def test_names_of_every_kind_stand_as_typed(scene: Scene, name: str) -> None:
    bruno = scene.browser("Bruno")
    assert bruno.submit(student(scene) + "/correct", {"name": name, "student_id": ""}).heading == name
    assert name in bruno.get(scene.teach + "students", query_string={"q": name}).links()


def test_withdrawing_is_dated_and_read_only_and_undone(scene: Scene) -> None:
    ana, bruno = scene.browser("Ana"), scene.browser("Bruno")
    ana.post(scene.section(), {"state": "done"})
    scene.enrol("Emil", "student")
    assert tally(scene) == "1/2"
    page = bruno.submit(student(scene) + "/withdraw")
    assert "withdrawn" in page.text
    assert tally(scene) == "0/1"
    assert seats(scene) == 2, "leaving keeps the seat"
    assert "Everything you did in it can still be read" in ana.get(scene.learn).text
    section = ana.get(scene.section())
    assert "You marked this section as done" in section.text
    assert not any("mark-form" in (f.get("class") or "") for f in section.root.iter("form"))
    assert "You have not been in this class since" in ana.post(scene.section(1), {"state": "done"}, 403).text
    ana.post(f"{scene.learn}{SLUG}/quiz", {}, 403)
    undo(bruno, page)
    assert tally(scene) == "1/2"
    ana.post(scene.section(1), {"state": "done"})
    assert scene.history("Ana") == ["joined", "withdrawn", "returned"]
    assert {"withdraw-student", "bring-student-back"} <= set(scene.audited())
    scene.assert_counts_agree()


def test_removing_an_error_voids_the_seat_and_undoing_it_brings_back_the_seat_of_that_day(scene: Scene) -> None:
    with time_machine.travel(datetime(2026, 2, 3, tzinfo=UTC)):
        scene.enrol("Emil", "student")
    bruno, emil = scene.browser("Bruno"), scene.browser("Emil")
    emil.post(scene.section(), {"state": "done"})
    page = bruno.submit(student(scene, "Emil") + "/remove")
    assert seats(scene) == 1
    emil.get(scene.learn, 404)
    emil.get(scene.section(), 404)
    scene.assert_counts_agree()
    undo(bruno, page)
    assert seats(scene) == 2
    assert scene.enrolment("Emil").enrolled_at.date() == date(2026, 2, 3)
    with scene.app.app_context():
        assert db.session.get_one(Cell, ("2026-02", "seats", "", f"class:{scene.id}")).count == 1
    scene.assert_counts_agree()


def test_who_was_removed_as_an_error_and_joins_again_takes_a_seat_of_today_with_all_they_did(scene: Scene) -> None:
    with time_machine.travel(datetime(2026, 2, 3, tzinfo=UTC)):
        scene.enrol("Emil", "student")
    emil = scene.browser("Emil")
    emil.post(scene.section(), {"state": "done"})
    scene.browser("Bruno").post(student(scene, "Emil") + "/remove")
    emil.post("/join", {"code": scene.cast.codes["Bruno"]})
    assert scene.enrolment("Emil").enrolled_at.date() == clock.today()
    assert f"1 of {len(scene.keys)}" in emil.get(scene.learn).text
    with scene.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment).where(Enrolment.person_id == scene.people["Emil"])) == 2
    scene.assert_counts_agree()


def test_one_who_left_can_be_removed_as_an_error_later_but_not_brought_back(scene: Scene) -> None:
    scene.browser("Ana").post(scene.learn + "leave")
    bruno = scene.browser("Bruno")
    assert "They come back with the join code" in bruno.get(student(scene)).text
    bruno.post(student(scene) + "/bring-back", {}, 409)
    bruno.post(student(scene) + "/remove")
    bruno.post(student(scene) + "/remove", {}, 409)
    assert seats(scene) == 0
    scene.assert_counts_agree()
    bruno.post(student(scene) + "/bring-back")
    assert seats(scene) == 1
    scene.assert_counts_agree()


def test_leaving_is_explained_first_and_can_be_taken_back(scene: Scene) -> None:
    ana = scene.browser("Ana")
    ana.post(scene.section(), {"state": "done"})
    assert "What you did is kept" in ana.get(scene.learn + "leave").text
    page = ana.submit(scene.learn + "leave")
    assert "Bruno's class" in page.heading
    assert "Ana Example" not in scene.browser("Bruno").get(scene.teach).text
    assert "Ana Example" in scene.browser("Bruno").get(scene.teach + "students?state=left").text
    ana.post(scene.learn + "leave", {}, 404)
    scene.assert_counts_agree()
    undo(ana, page)
    ana.post(scene.section(1), {"state": "done"})
    ana.post(scene.learn + "come-back")
    assert scene.history("Ana") == ["joined", "left", "returned"]
    scene.assert_counts_agree()


def test_leaving_is_taken_back_within_the_hour_only_and_then_the_code_does(scene: Scene) -> None:
    ana = scene.browser("Ana")
    ana.post(scene.learn + "leave")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        ana.post(scene.learn + "come-back", {}, 409)
        ana.post("/join", {"code": scene.cast.codes["Bruno"]})
    assert scene.history("Ana") == ["joined", "left", "returned"]


def test_who_was_withdrawn_does_not_bring_themselves_back(scene: Scene) -> None:
    scene.browser("Bruno").post(student(scene) + "/withdraw")
    scene.browser("Ana").post(scene.learn + "come-back", {}, 409)
    scene.browser("Bruno").post(scene.learn + "leave", {}, 404)
    scene.browser("Emil").post(scene.learn + "come-back", {}, 404)


def test_coming_back_from_many_tabs_at_once_opens_one_place(scene: Scene) -> None:
    ana = scene.browser("Ana")
    ana.post(scene.section(), {"state": "done"})
    ana.post(scene.learn + "leave")
    tabs = [scene.browser("Ana") for _ in range(6)]
    presses = [(tab.client, "/join", {"code": scene.cast.codes["Bruno"], "csrf_token": tab.csrf_token}) for tab in tabs]
    assert at_once(presses) == [303] * 6
    with scene.app.app_context():
        own = select(func.count()).select_from(Enrolment).where(Enrolment.person_id == scene.people["Ana"])
        assert db.session.scalar(own) == 1
    assert scene.history("Ana") == ["joined", "left", "returned"]
    scene.assert_counts_agree()


def test_leaving_joining_and_marking_at_the_same_moment_keeps_every_count_right(scene: Scene) -> None:
    scene.enrol("Emil", "student")
    for name in ("Ana", "Emil"):
        for place in range(3):
            scene.browser(name).post(scene.section(place), {"state": "done"})
    presses = []
    for name in ("Ana", "Emil"):
        for path, fields in (
            (scene.learn + "leave", {}),
            ("/join", {"code": scene.cast.codes["Bruno"]}),
            (scene.section(3), {"state": "done"}),
            (scene.section(0), {"state": "not-done"}),
        ):
            tab = scene.browser(name)
            presses.append((tab.client, path, fields | {"csrf_token": tab.csrf_token}))
    statuses = at_once(presses)
    assert set(statuses) <= {303, 403, 404, 409}
    scene.assert_counts_agree()


def test_two_professors_who_withdraw_the_same_student_at_once_do_it_once(scene: Scene) -> None:
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    presses = [
        (browser.client, student(scene) + "/withdraw", {"csrf_token": browser.csrf_token})
        for browser in (scene.browser("Bruno"), scene.browser("Pia"))
    ]
    assert sorted(at_once(presses)) == [303, 409]
    assert scene.history("Ana") == ["joined", "withdrawn"]
    scene.assert_counts_agree()


def test_progress_can_be_made_again_from_the_marks_after_a_return(scene: Scene) -> None:
    ana = scene.browser("Ana")
    for place in range(2):
        ana.post(scene.section(place), {"state": "done"})
    ana.post(scene.learn + "leave")
    ana.post("/join", {"code": scene.cast.codes["Bruno"]})
    ana.post(scene.section(0), {"state": "not-done"})
    with scene.app.app_context():
        progress = db.session.scalars(select(ModuleProgress)).one()
        assert progress.done == [scene.keys[1]]
        assert db.session.scalar(select(func.count()).select_from(SectionMark)) == 3
    scene.assert_counts_agree()


def test_places_of_other_classes_are_not_there(scene: Scene) -> None:
    with scene.app.app_context():
        foreign = db.session.scalars(
            select(Enrolment.id).where(Enrolment.class_id == scene.cast.classes["Dora"], Enrolment.role == "student")
        ).one()
    bruno = scene.browser("Bruno")
    bruno.get(scene.teach + f"students/{foreign}", 404)
    for step in ("correct", "extend", "withdraw", "remove", "bring-back"):
        bruno.post(scene.teach + f"students/{foreign}/{step}", {"name": "Mine"}, 404)


def test_a_line_that_nobody_has_claimed_is_no_seat_whatever_becomes_of_it(scene: Scene) -> None:
    with scene.app.app_context(), scene.app.test_request_context(), unit_of_work():
        line = Enrolment(class_id=scene.id, role="student", name="On Paper", enrolled_at=clock.now())
        db.session.add(line)
        db.session.flush()
        path = scene.teach + f"students/{line.id}"
    bruno = scene.browser("Bruno")
    assert "Nobody has taken this place yet" in bruno.get(path).text
    assert "1 line of your roster waits to be claimed" in bruno.get(scene.teach).text
    assert seats(scene) == 1
    page = bruno.submit(path + "/remove")
    assert seats(scene) == 1
    scene.assert_counts_agree()
    undo(bruno, page)
    bruno.post(path + "/withdraw")
    assert seats(scene) == 1
    scene.assert_counts_agree()


def test_the_longest_name_of_rare_letters_is_corrected_and_taken_back(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    first, second = ("".join(chr(0x4E00 + (number * step) % 20000) for number in range(200)) for step in (7919, 104729))
    bruno.post(student(scene) + "/correct", {"name": first, "student_id": "x" * 60})
    bruno.get(student(scene))
    page = bruno.submit(student(scene) + "/correct", {"name": second, "student_id": ""})
    assert undo(bruno, page).heading == first


def test_whoever_left_is_not_brought_back_by_way_of_an_error(scene: Scene) -> None:
    scene.browser("Ana").post(f"{scene.learn}leave", {})
    bruno, path = scene.browser("Bruno"), f"{scene.teach}students/{scene.place('Ana')}"
    bruno.post(path + "/bring-back", {}, 409)
    bruno.post(path + "/remove", {})
    bruno.post(path + "/bring-back", {})
    assert scene.enrolment("Ana").end_reason == "left"
    bruno.post(path + "/bring-back", {}, 409)
    scene.assert_counts_agree()
