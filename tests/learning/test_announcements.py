"""Announcements: who reads them, how they are mailed, and what is said where mail does not reach everybody."""

import email
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from elearn import clock
from elearn.accounts.models import EmailAddress, Person
from elearn.db import counted_statements, db, insert, unit_of_work
from elearn.learning.models import Announcement, Enrolment
from elearn.mail import Mail
from tests.cast import address
from tests.learning.conftest import Scene, undo
from tests.learning.test_groups import make
from tests.learning.test_together import at_once

WORDS = {"title": "Room change", "body": "We meet in **room 7**. <script>alert(1)</script>", "group": "", "action": "announce"}


def announce(scene: Scene, who: str = "Bruno", **change: str):
    return scene.browser(who).submit(scene.teach + "announcements/new", WORDS | change)


def sent_to(folder: Path) -> list[str]:
    return sorted(email.message_from_bytes(file.read_bytes())["To"] for file in folder.glob("*.eml"))


def test_an_announcement_stands_on_the_class_s_page_and_in_its_archive(scene: Scene) -> None:
    page = announce(scene)
    assert "On the page only." in page.text
    ana = scene.browser("Ana")
    for path in (scene.learn, scene.learn + "announcements"):
        page = ana.get(path)
        assert "Room change" in page.text
        assert "room 7" in page.text
        assert not page.all("script", src="") or "alert" not in str([s.text for s in page.root.iter("script")])
    assert "announce" in scene.audited()


def test_it_is_looked_at_before_it_goes_out(scene: Scene) -> None:
    bruno = scene.browser("Bruno")
    page = bruno.post(scene.teach + "announcements/new", WORDS | {"action": "preview"}, 200)
    assert "This is how it will look" in page.text
    assert any("room 7" in (strong.text or "") for strong in page.root.iter("strong"))
    assert "room 7" in page.form(scene.teach + "announcements/new")["body"]
    with scene.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Announcement)) == 0
    assert "Nothing announced yet" in scene.browser("Ana").get(scene.learn + "announcements").text
    assert "Nothing announced yet" in bruno.get(scene.teach + "announcements").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Give the announcement a title"),
        ({"title": "x" * 201}, "longer than 200"),
        ({"body": ""}, "Write what you want to say"),
        ({"body": "x" * 20_001}, "longer than 20000"),
        ({"body": "[" * 19_999}, ""),
        ({"group": "999"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_announced_is_refused_and_kept(scene: Scene, change: dict[str, str], words: str) -> None:
    make(scene, "One")
    typed = WORDS | change
    page = scene.browser("Bruno").post(scene.teach + "announcements/new", typed, 422)
    assert words in page.text
    kept = page.form(scene.teach + "announcements/new")
    assert (kept["title"], kept["body"]) == (typed["title"], typed["body"])


def test_a_group_s_announcement_is_for_the_group_and_the_staff(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    group = make(scene, "Tuesday")
    scene.enrol("Emil", "student")
    scene.browser("Bruno").post(scene.teach + "students/group", {"chosen": scene.place("Ana"), "group": group})
    announce(scene, group=str(group), by_mail="y")
    assert sent_to(tmp_path) == [address(name) for name in ("Ana", "Bruno", "Pia", "Tito")]
    assert "Room change" in scene.browser("Ana").get(scene.learn).text
    assert "to the group “Tuesday”" in scene.browser("Tito").get(scene.learn).text
    for path in (scene.learn, scene.learn + "announcements"):
        assert "Room change" not in scene.browser("Emil").get(path).text
    scene.browser("Bruno").post(scene.teach + f"groups/{group}/remove")
    assert "Room change" not in scene.browser("Ana").get(scene.learn).text, "who is in no group reads no group's announcements"
    assert "Room change" not in scene.browser("Emil").get(scene.learn).text


def test_mail_goes_once_to_whoever_is_there_now_and_has_shown_an_address_to_be_theirs(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    for name in ("Emil", "Dora", "Edda", "Rosa"):
        scene.enrol(name, "student")
    with scene.app.app_context(), unit_of_work():
        db.session.add(EmailAddress(person_id=scene.people["Ana"], address="ana@elsewhere.example", verified_at=clock.now()))
        db.session.scalars(select(EmailAddress).where(EmailAddress.address == address("Emil"))).one().verified_at = None
        db.session.get_one(Person, scene.people["Rosa"]).deactivated_at = clock.now()
    scene.browser("Dora").post(scene.learn + "leave")
    page = scene.browser("Bruno").get(scene.teach + "announcements/new")
    assert "3 of 4 students have a confirmed address" in page.text
    page = announce(scene, by_mail="y")
    assert "5 mails are on their way" in page.text
    assert "5 mails sent" in page.text
    assert sent_to(tmp_path) == [address(name) for name in ("Ana", "Bruno", "Edda", "Pia", "Tito")]
    message = email.message_from_bytes(next(tmp_path.glob("*.eml")).read_bytes())
    body = message.get_payload(decode=True).decode()
    assert "Bruno Example writes to the class “Bruno's class”:" in body
    assert "because you are in this class" in body
    assert f"http://localhost/classes/{scene.id}/" in body


def test_a_server_that_refuses_is_told_of_on_the_page(scene: Scene) -> None:
    scene.app.config["MAIL_URL"] = "smtp://127.0.0.1:9?starttls=0"
    page = announce(scene, by_mail="y")
    assert "4 on their way or to be tried again" in page.text
    with scene.app.app_context(), unit_of_work():
        for mail in db.session.scalars(select(Mail).limit(2)):
            mail.given_up_at = clock.now()
    page = scene.browser("Bruno").get(scene.teach + "announcements")
    assert "2 could not be delivered" in page.text
    assert "0 mails sent" in page.text


def test_where_mail_is_not_set_up_the_page_says_what_to_do(scene: Scene) -> None:
    page = scene.browser("Bruno").get(scene.teach + "announcements/new")
    assert "No mail leaves this installation" in page.text
    assert "by_mail" not in page.form(scene.teach + "announcements/new")
    assert "On the page only." in announce(scene, by_mail="y").text


def test_where_mails_become_files_the_page_says_where(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    assert str(tmp_path) in scene.browser("Bruno").get(scene.teach + "announcements/new").text


def test_an_announcement_is_withdrawn_and_put_back(scene: Scene) -> None:
    announce(scene)
    bruno = scene.browser("Bruno")
    with scene.app.app_context():
        id_ = db.session.scalars(select(Announcement.id)).one()
    path = scene.teach + f"announcements/{id_}/"
    page = bruno.submit(path + "withdraw")
    assert "withdrawn" in page.text
    assert "Room change" not in scene.browser("Ana").get(scene.learn).text
    undo(bruno, page)
    assert "Room change" in scene.browser("Ana").get(scene.learn).text
    assert scene.audited()[-2:] == ["withdraw-announcement", "restore-announcement"]
    scene.browser("Tito").post(path + "withdraw", {}, 403)
    scene.browser("Ana").post(path + "withdraw", {}, 404)
    scene.browser("Dora").post(f"/teach/classes/{scene.cast.classes['Dora']}/announcements/{id_}/withdraw", {}, 404)


def test_an_assistant_withdraws_what_they_wrote(scene: Scene) -> None:
    announce(scene, "Tito")
    with scene.app.app_context():
        id_ = db.session.scalars(select(Announcement.id)).one()
    scene.browser("Tito").post(scene.teach + f"announcements/{id_}/withdraw")


def test_who_has_left_reads_what_was_said_until_then(scene: Scene) -> None:
    announce(scene, title="Before")
    scene.browser("Ana").post(scene.learn + "leave")
    announce(scene, title="After")
    text = scene.browser("Ana").get(scene.learn + "announcements").text
    assert "Before" in text
    assert "After" not in text


def test_there_are_at_most_twenty_a_day_also_when_two_write_at_once(scene: Scene) -> None:
    for number in range(19):
        scene.browser("Bruno").post(scene.teach + "announcements/new", WORDS | {"title": f"Number {number}"})
    presses = []
    for name in ("Bruno", "Pia"):
        browser = scene.browser(name)
        presses.append((browser.client, scene.teach + "announcements/new", WORDS | {"csrf_token": browser.csrf_token}))
    assert sorted(at_once(presses)) == [303, 422]
    page = scene.browser("Tito").post(scene.teach + "announcements/new", WORDS, 422)
    assert "20 announcements were made" in page.text
    assert page.form(scene.teach + "announcements/new")["title"] == "Room change"
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        announce(scene)


def test_the_archive_goes_on_page_after_page_and_the_class_s_page_shows_the_newest(scene: Scene) -> None:
    with scene.app.app_context(), unit_of_work():
        for number in range(45):
            row = {
                "class_id": scene.id,
                "author_id": scene.people["Bruno"],
                "title": f"Number {number:02}",
                "body": "x",
                "body_html": "<p>x</p>",
            }
            db.session.add(Announcement(**row, made_at=clock.now() - timedelta(days=100 - number)))
    ana = scene.browser("Ana")
    page = ana.get(scene.learn)
    assert "Number 44" in page.text
    assert "Number 41" not in page.text
    page = ana.get(page.links()["All announcements"])
    assert "Page 1 of 3" in page.text
    assert "Number 00" in ana.get(scene.learn + "announcements?page=3").text
    assert "Number 00" in scene.browser("Bruno").get(scene.teach + "announcements?page=3").text


def test_writing_to_thousands_takes_as_many_statements_as_writing_to_few(scene: Scene, tmp_path: Path) -> None:
    scene.app.config["MAIL_URL"] = f"file://{tmp_path}"
    counts = []
    for students in (2, 600):
        with scene.app.app_context(), unit_of_work():
            people = [{"name": f"P{students}-{number}", "created_at": clock.now()} for number in range(students)]
            ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
            db.session.execute(
                insert(EmailAddress),
                [{"person_id": id_, "address": f"p{id_}@example.org", "verified_at": clock.now()} for id_ in ids],
            )
            db.session.execute(
                insert(Enrolment),
                [{"class_id": scene.id, "person_id": id_, "role": "student", "name": f"P{id_}", "enrolled_at": clock.now()} for id_ in ids],
            )
        bruno = scene.browser("Bruno")
        bruno.get(scene.teach)
        with counted_statements() as counted:
            bruno.post(scene.teach + "announcements/new", WORDS | {"by_mail": "y"})
        # What sends the mails afterwards is another's work, with a statement for each.
        counts.append(len([statement for statement in counted if not statement.startswith(("UPDATE mail", "SELECT mail"))]))
    assert counts[0] == counts[1] <= 12
    assert len(sent_to(tmp_path)) == 6 + 606
