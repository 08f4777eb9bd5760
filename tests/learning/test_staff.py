"""Several professors and assistants: adding, removing, leaving, and what each means for the counts."""

import email
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from elearn import clock
from elearn.accounts.models import EmailAddress, Membership, Person
from elearn.db import db, unit_of_work
from elearn.learning.models import Enrolment
from tests.cast import address
from tests.learning.conftest import Scene, undo
from tests.learning.test_together import at_once


def mails(folder: Path) -> list[tuple[str, str]]:
    found = [email.message_from_bytes(file.read_bytes()) for file in sorted(folder.glob("*.eml"))]
    return [(mail["To"], mail.get_payload(decode=True).decode()) for mail in found]


def staff_rows(scene: Scene, name: str) -> list[Enrolment]:
    with scene.app.app_context():
        rows = select(Enrolment).where(
            Enrolment.class_id == scene.id, Enrolment.person_id == scene.people[name], Enrolment.role != "student"
        )
        return list(db.session.scalars(rows.order_by(Enrolment.id)))


def test_a_professor_adds_a_colleague_who_is_told_and_may_run_the_class(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    scene.person("Quinn", professor_at="LAG")
    page = scene.browser("Bruno").submit(scene.teach + "staff", {"email": " QUINN@example.org", "role": "professor"})
    assert "Quinn Example is a professor of this class now." in page.text
    ((to, words),) = mails(tmp_path)
    assert to == address("Quinn")
    assert "Bruno Example has added you" in words
    assert f"http://localhost/classes/{scene.id}/" in words
    scene.browser("Quinn").get(scene.teach + "settings")
    assert "add-staff" in scene.audited()
    scene.assert_counts_agree()


@pytest.mark.parametrize(
    ("who", "role", "words"),
    [
        ("nobody@example.org", "assistant", "Nobody has confirmed this address"),
        ("hugo@example.org", "assistant", "Nobody has confirmed this address"),
        ("dora@example.org", "professor", "is not confirmed as a professor of this institution"),
        ("gita@example.org", "professor", "is not confirmed as a professor of this institution"),
        ("pia@example.org", "professor", "is staff of this class already"),
        ("pia@example.org", "assistant", "is staff of this class already"),
        ("tito@example.org", "assistant", "is staff of this class already"),
        ("emil@example.org", "dean", "Not a valid choice"),
        ("", "assistant", "Enter the address"),
        ("x" * 300, "assistant", "longer than 254"),
    ],
)
def test_who_cannot_be_added_is_refused_with_a_reason_and_the_address_kept(scene: Scene, who: str, role: str, words: str) -> None:
    page = scene.browser("Bruno").post(scene.teach + "staff", {"email": who, "role": role}, 422)
    assert words in page.text
    assert page.form("")["email"] == who


def test_an_address_that_is_only_claimed_adds_nobody(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        db.session.scalars(select(EmailAddress).where(EmailAddress.address == address("Emil"))).one().verified_at = None
    page = scene.browser("Bruno").post(scene.teach + "staff", {"email": address("Emil"), "role": "assistant"}, 422)
    assert "Nobody has confirmed this address" in page.text


def test_asking_who_has_an_account_is_throttled(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    for number in range(20):
        bruno.post(scene.teach + "staff", {"email": f"guess{number}@example.org", "role": "assistant"}, 422)
    bruno.post(scene.teach + "staff", {"email": address("Emil"), "role": "assistant"}, 429)


def test_a_student_who_becomes_an_assistant_gives_up_the_student_s_place_and_is_told(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    ana = scene.browser("Ana")
    ana.post(scene.section(), {"state": "done"})
    page = scene.browser("Bruno").submit(scene.teach + "staff", {"email": address("Ana"), "role": "assistant"})
    assert "Their place as a student ended" in page.text
    assert "Your place as a student of it has ended" in mails(tmp_path)[0][1]
    assert scene.history("Ana") == ["joined", "withdrawn"]
    assert scene.enrolment("Ana").end_reason == "withdrawn"
    assert "You teach this class" in ana.get(scene.learn).text
    ana.post(scene.section(1), {"state": "done"}, 403)
    scene.assert_counts_agree()


def test_an_assistant_becomes_professor_with_a_place_that_begins_now(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        db.session.add(
            Membership(
                person_id=scene.people["Tito"],
                institution_id=scene.cast.institutions["LAG"],
                role="professor",
                state="confirmed",
                began_at=clock.now(),
                decided_at=clock.now(),
            )
        )
    scene.browser("Ana").post(scene.section(), {"state": "done"})
    scene.browser("Bruno").post(scene.teach + "staff", {"email": address("Tito"), "role": "professor"})
    first, second = staff_rows(scene, "Tito")
    assert (first.role, first.ended_at is not None) == ("assistant", True)
    assert (second.role, second.ended_at) == ("professor", None)
    scene.assert_counts_agree()


def test_an_assistant_sees_and_announces_and_runs_nothing(scene: Scene) -> None:
    tito = scene.browser("Tito")
    for path in ("", "students", f"students/{scene.place('Ana')}", "announcements", "announcements/new", "progress.csv"):
        tito.get(scene.teach + path)
    page = tito.get(scene.teach)
    assert "Settings" not in page.links()
    assert "Roster" not in page.links()
    for path in ("settings", "staff", "groups", "teach-again", "join-code"):
        assert "You assist in it" in tito.get(scene.teach + path, 403).text
    tito.post(scene.teach + "joining", {"state": "closed"}, 403)
    tito.post(scene.teach + f"staff/{scene.place('Pia', 'professor')}/remove", {}, 403)
    assert "Correct" not in tito.get(scene.teach + f"students/{scene.place('Ana')}").text


def test_removing_a_colleague_is_dated_and_can_be_undone_with_a_new_place(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.submit(scene.teach + f"staff/{scene.place('Pia', 'professor')}/remove")
    assert "Pia Example is no longer staff" in page.text
    scene.browser("Pia").get(scene.teach, 404)
    undo(bruno, page)
    scene.browser("Pia").get(scene.teach + "settings")
    first, second = staff_rows(scene, "Pia")
    assert first.ended_at is not None
    assert first.end_reason == "withdrawn"
    assert second.ended_at is None
    assert second.enrolled_at >= first.ended_at
    scene.assert_counts_agree()


def test_the_last_professor_stays(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    bruno.post(scene.teach + f"staff/{scene.place('Pia', 'professor')}/remove")
    page = bruno.post(scene.teach + f"staff/{scene.place('Bruno', 'professor')}/remove", {}, 409)
    assert "A class needs a professor" in page.text
    assert "the only professor" in bruno.get(scene.teach + "staff").text


def test_a_colleague_whose_account_is_closed_is_no_last_professor_to_lean_on(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        db.session.get_one(Person, scene.people["Pia"]).deactivated_at = clock.now()
    scene.browser("Bruno").post(scene.teach + f"staff/{scene.place('Bruno', 'professor')}/remove", {}, 409)


def test_two_professors_who_remove_each_other_at_once_leave_one(scene: Scene) -> None:
    bruno, pia = scene.browser("Bruno"), scene.browser("Pia")
    presses = [
        (bruno.client, scene.teach + f"staff/{scene.place('Pia', 'professor')}/remove", {"csrf_token": bruno.csrf_token}),
        (pia.client, scene.teach + f"staff/{scene.place('Bruno', 'professor')}/remove", {"csrf_token": pia.csrf_token}),
    ]
    statuses = sorted(at_once(presses))
    assert statuses in ([303, 404], [303, 409])
    with scene.app.app_context():
        left = select(Enrolment.id).where(Enrolment.class_id == scene.id, Enrolment.role == "professor", Enrolment.ended_at.is_(None))
        assert len(db.session.scalars(left).all()) == 1


def test_two_who_add_the_same_colleague_at_once_make_one_place(scene: Scene) -> None:
    scene.person("Quinn", professor_at="LAG")
    presses = []
    for name in ("Bruno", "Pia", "Bruno"):
        browser = scene.browser(name)
        fields = {"email": address("Quinn"), "role": "professor", "csrf_token": browser.csrf_token}
        presses.append((browser.client, scene.teach + "staff", fields))
    statuses = sorted(at_once(presses))
    assert statuses[0] == 303
    assert set(statuses[1:]) <= {409, 422}
    assert len(staff_rows(scene, "Quinn")) == 1


def test_one_leaves_and_takes_it_back_within_the_hour_only(scene: Scene) -> None:
    tito, path = scene.browser("Tito"), scene.teach + f"staff/{scene.place('Tito', 'assistant')}"
    page = tito.submit(path + "/remove")
    assert "You have left the staff" in page.text
    tito.get(scene.teach, 404)
    undo(tito, page)
    tito.get(scene.teach)
    path = scene.teach + f"staff/{scene.place('Tito', 'assistant')}"
    tito.post(path + "/remove")
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        tito.post(path + "/bring-back", {}, 404)
        scene.browser("Bruno").post(path + "/bring-back", {}, 409)


def test_who_was_removed_does_not_bring_themselves_back(scene: Scene) -> None:
    path = scene.teach + f"staff/{scene.place('Tito', 'assistant')}"
    scene.browser("Bruno").post(path + "/remove")
    scene.browser("Tito").post(path + "/bring-back", {}, 404)


def test_a_student_s_place_is_no_staff_place(scene: Scene) -> None:
    scene.browser("Bruno").post(scene.teach + f"staff/{scene.place('Ana')}/remove", {}, 404)
    scene.browser("Bruno").post(scene.teach + f"students/{scene.place('Tito', 'assistant')}/withdraw", {}, 404)


def test_whoever_is_not_confirmed_adds_nobody_and_learns_of_nobody(scene: Scene) -> None:
    path = f"/teach/classes/{scene.cast.classes['Gita']}/staff"
    scene.browser("Gita").post(path, {"email": address("Ana"), "role": "assistant"}, 403)
    scene.browser("Gita").post(path, {"email": "nobody@example.org", "role": "assistant"}, 403)
    scene.browser("Bruno").post(scene.teach + "staff", {"email": address("Emil"), "role": "assistant"})
