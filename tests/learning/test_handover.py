"""A coordinator's classes: numbers without names, and handing a class on."""

import email
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from elearn import clock
from elearn.accounts.models import Membership, Person
from elearn.adaptation.models import CourseProfessor, Edition
from elearn.audit import AuditEntry
from elearn.db import counted_statements, db, insert, unit_of_work
from elearn.learning.models import CourseClass, Enrolment
from tests.cast import address
from tests.learning.conftest import Scene
from tests.learning.test_together import at_once

LIST = "/coordinate/classes"


def one(scene: Scene) -> str:
    return f"{LIST}/{scene.id}"


def professors(scene: Scene) -> set[int]:
    with scene.app.app_context():
        rows = select(Enrolment.person_id).where(
            Enrolment.class_id == scene.id, Enrolment.role == "professor", Enrolment.ended_at.is_(None)
        )
        return set(db.session.scalars(rows))


def course_professors(scene: Scene) -> set[int]:
    with scene.app.app_context():
        course_id = db.session.get_one(Edition, db.session.get_one(CourseClass, scene.id).edition_id).course_id
        return set(db.session.scalars(select(CourseProfessor.person_id).where(CourseProfessor.course_id == course_id)))


def test_a_coordinator_sees_the_classes_of_their_institution_and_the_programme_all(scene: Scene) -> None:
    carla = scene.browser("Carla").get(LIST)
    assert {"Bruno's class", "Gita's class"} <= set(carla.links()) or "Bruno's class" in carla.text
    assert "Dora's class" not in carla.text
    assert "Dora's class" in scene.browser("Faisal").get(LIST).text
    root = scene.browser("Root").get(LIST)
    assert "Bruno's class" in root.text
    assert "Dora's class" in root.text


def test_numbers_are_shown_and_no_student_s_name(scene: Scene) -> None:
    scene.enrol("Emil", "student")
    scene.browser("Emil").post(scene.learn + "leave")
    for path in (LIST, one(scene)):
        page = scene.browser("Carla").get(path)
        assert "Ana" not in page.text
        assert "Emil" not in page.text
        assert "Bruno Example" in page.text
    scene.browser("Carla").get(scene.teach, 404)
    scene.browser("Carla").get(scene.teach + f"students/{scene.place('Ana')}", 404)


def test_the_list_is_narrowed_by_state_professor_and_words(scene: Scene) -> None:
    root = scene.browser("Root")

    def titles(query: str) -> set[str]:
        page = root.get(LIST + query)
        return {title for title in ("Bruno's class", "Dora's class", "Gita's class") if title in page.text}

    assert titles("?state=running") == {"Bruno's class", "Dora's class", "Gita's class"}
    assert titles("?state=unled") == {"Gita's class"}
    assert titles("?professor=dora") == {"Dora's class"}
    assert titles("?q=LAG-") == {"Bruno's class", "Gita's class"}
    assert titles("?q=bruno&state=over") == set()
    scene.over()
    assert titles("?state=over") == {"Bruno's class"}
    scene.change_class(starts_on=date(2098, 1, 1), ends_on=date(2099, 1, 1))
    assert titles("?state=coming") == {"Bruno's class"}
    assert "No class is found" in root.get(LIST + "?q=100%25").text
    assert len(titles("?state=nonsense&page=0")) == 3


def test_a_class_whose_professor_is_gone_is_found_and_handed_on(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    scene.person("Quinn", professor_at="LAG")
    with scene.app.app_context(), unit_of_work():
        db.session.get_one(Person, scene.people["Bruno"]).erased_at = clock.now()
        db.session.scalars(select(Membership).where(Membership.person_id == scene.people["Pia"])).one().ended_at = clock.now()
    carla = scene.browser("Carla")
    assert "Bruno's class" in carla.get(LIST + "?state=unled").text
    page = carla.get(one(scene))
    assert "No confirmed professor" in page.text
    assert "account closed" in page.text
    page = carla.submit(one(scene), {"person": scene.people["Quinn"], "ends_present": "1"})
    assert "Quinn Example is a professor of this class and of its course now." in page.text
    assert "No longer professors of it: Bruno Example, Pia Example." in page.text
    assert professors(scene) == {scene.people["Quinn"]}
    assert course_professors(scene) == {scene.people["Quinn"]}
    scene.browser("Quinn").get(scene.teach + "settings")
    scene.browser("Pia").get(scene.teach, 404)
    told = sorted(email.message_from_bytes(file.read_bytes())["To"] for file in tmp_path.glob("*.eml"))
    assert told == [address("Pia"), address("Quinn")], "whose account is gone is not written to"
    with scene.app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "hand-on-class")).one()
        assert entry.institution_id == scene.cast.institutions["LAG"]
        assert entry.details["to"] == scene.people["Quinn"]
        assert sorted(entry.details["ended"]) == sorted([scene.people["Bruno"], scene.people["Pia"]])
    scene.assert_counts_agree()


def test_the_present_professors_stay_unless_one_says_otherwise(scene: Scene) -> None:
    scene.person("Quinn", professor_at="LAG")
    carla = scene.browser("Carla")
    carla.post(one(scene), {"person": scene.people["Quinn"]})
    assert professors(scene) == {scene.people[name] for name in ("Bruno", "Pia", "Quinn")}
    assert course_professors(scene) == {scene.people["Bruno"], scene.people["Quinn"]}
    carla.post(one(scene), {"person": scene.people["Quinn"]}, 409)
    carla.post(one(scene), {"person": scene.people["Quinn"], "ends_present": "1"})
    assert professors(scene) == {scene.people["Quinn"]}
    scene.assert_counts_agree()


def test_a_professor_added_after_students_learned_counts_as_the_recount_says(scene: Scene) -> None:
    scene.person("Quinn", professor_at="LAG")
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    scene.browser("Root").post(one(scene), {"person": scene.people["Quinn"], "ends_present": "1"})
    scene.assert_counts_agree()
    scene.browser("Ana").post(scene.section(1), {"state": "done"})
    scene.assert_counts_agree()


@pytest.mark.parametrize("who", ["Dora", "Gita", "Hugo", "Tito", "Ana", "Carla"])
def test_only_a_confirmed_professor_of_the_institution_can_be_handed_a_class(scene: Scene, who: str) -> None:
    page = scene.browser("Carla").post(one(scene), {"person": scene.people[who]}, 422)
    assert "Choose a confirmed professor of this institution." in page.text
    assert professors(scene) == {scene.people["Bruno"], scene.people["Pia"]}


@pytest.mark.parametrize("person", ["", "x", "-1", "²", "9" * 12])
def test_nonsense_is_handed_nothing(scene: Scene, person: str) -> None:
    scene.browser("Carla").post(one(scene), {"person": person}, 422)


def test_two_coordinators_who_hand_on_at_once_do_it_once(scene: Scene) -> None:
    scene.person("Quinn", professor_at="LAG")
    presses = []
    for name in ("Carla", "Root"):
        browser = scene.browser(name)
        presses.append((browser.client, one(scene), {"person": scene.people["Quinn"], "csrf_token": browser.csrf_token}))
    assert sorted(at_once(presses)) == [303, 409]
    assert professors(scene) == {scene.people[name] for name in ("Bruno", "Pia", "Quinn")}


def test_a_professor_is_found_among_many(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        people = [{"name": f"Professor {number:03}", "created_at": clock.now()} for number in range(120)]
        ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
        rows = {"institution_id": scene.cast.institutions["LAG"], "role": "professor", "state": "confirmed", "began_at": clock.now()}
        db.session.execute(insert(Membership), [rows | {"person_id": id_} for id_ in ids])
    page = scene.browser("Carla").get(one(scene))
    assert len(page.all("input", type="radio")) == 50
    assert "Only the first ones are shown" in page.text
    page = scene.browser("Carla").get(one(scene) + "?professor=professor 117")
    assert len(page.all("input", type="radio")) == 1
    assert "pia@example.org" in scene.browser("Carla").get(one(scene) + "?professor=PIA@").text
    assert "Nobody is found" in scene.browser("Carla").get(one(scene) + "?professor=nobody").text


def test_the_list_costs_the_same_however_many_classes_there_are(scene: Scene) -> None:
    root = scene.browser("Root")
    root.get(LIST)
    with counted_statements() as few:
        root.get(LIST)
    with scene.app.app_context(), unit_of_work():
        row = db.session.get_one(CourseClass, scene.id)
        values = {
            name: getattr(row, name) for name in ("institution_id", "edition_id", "timezone", "starts_on", "ends_on", "created_by_id")
        }
        more = [
            values
            | {"code": f"M{number}", "join_code": f"M{number}", "title": f"More {number}", "created_at": clock.now(), "is_open": True}
            for number in range(2000)
        ]
        db.session.execute(insert(CourseClass), more)
    with counted_statements() as many:
        page = root.get(LIST)
    assert len(many) == len(few) <= 7
    assert "Page 1 of 41" in page.text
