"""Deleting an account: who somebody was goes, from every table; what they did stays, and every figure with it."""

import threading
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete as core_delete
from sqlalchemy import func, select, update

from elearn import clock
from elearn.accounts import service as accounts
from elearn.accounts.models import EmailAddress, Institution, Membership, OneTimeLink, Person, SecondFactor, SignIn
from elearn.accounts.permissions import Role
from elearn.assessment.models import Answer, Attempt, Mark
from elearn.audit import AuditEntry
from elearn.catalogue.items.registry import TYPES
from elearn.catalogue.models import ItemRevision
from elearn.db import db, unit_of_work
from elearn.errors import NotFound
from elearn.front import own_data, service
from elearn.learning import service as learning
from elearn.learning import views as learning_views
from elearn.learning.models import Announcement, CourseClass, Enrolment, EnrolmentChange, RosterUpload
from elearn.mail import Mail
from elearn.reach.models import Cell
from elearn.reach.recount import recount
from tests.applications import SECRET
from tests.assessment.conftest import class_quiz, sit
from tests.cast import PASSWORD, Cast, address, code_of, make_class, visitor_of
from tests.front.conftest import CANARIES, NAME, Everything, where
from tests.reader import Browser, Page

SURE = {"password": PASSWORD, "understood": "y"}
WORDS = "Somebody who deleted their account"


@pytest.fixture(autouse=True)
def no_second_factors(app: Flask) -> None:
    """Have nobody asked for a code who has not set up a second factor in the test itself."""
    with app.app_context(), unit_of_work():
        db.session.execute(core_delete(SecondFactor))


def delete(browser: Browser, status: int = 303, **fields: str) -> Page:
    return browser.post("/account/delete", SURE | fields, status)


def figures() -> list[tuple[object, ...]]:
    return [tuple(row) for row in db.session.execute(select(Cell.period, Cell.figure, Cell.facet, Cell.unit, Cell.count))]


def gradebook(browser: Browser, class_id: int) -> list[str]:
    """Return the numbers of a class's gradebook, without who they are of."""
    text = browser.client.get(f"/teach/classes/{class_id}/progress.csv").get_data(as_text=True)
    return sorted(line.split(",", 3)[3] for line in text.splitlines())


def test_nothing_of_the_person_is_left_in_any_table(everything: Everything, browse) -> None:
    with everything.app.app_context():
        before = {what: where(canary) for what, canary in CANARIES.items()}
    assert all(before.values()), before
    delete(browse(everything.id))
    with everything.app.app_context():
        assert {what: found for what, canary in CANARIES.items() if (found := where(canary))} == {}
        assert not where("Zinnia")
        left = db.session.get_one(Person, everything.id)
        assert left.erased_at is not None
        assert left.created_at == left.erased_at
        assert (left.name, left.sign_in_name, left.password_hash, left.language, left.timezone) == ("", None, "", "", "")
        for model in (SignIn, EmailAddress, OneTimeLink, SecondFactor):
            assert not db.session.scalar(select(func.count()).select_from(model).where(model.person_id == everything.id))
        assert not db.session.scalar(select(func.count()).select_from(Mail).where(Mail.person_id == everything.id))
        ended = db.session.scalars(select(Membership).where(Membership.person_id == everything.id)).all()
        assert ended
        assert all(each.ended_at for each in ended)


def test_every_figure_and_mark_stays(everything: Everything, app: Flask, browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    with app.app_context():
        cells, marks = figures(), db.session.execute(select(Mark.id, Mark.points)).all()
        finished = db.session.execute(select(Attempt.id, Attempt.points, Attempt.finished_at)).all()
        assert cells
        assert recount().difference_count == 0
    grades = gradebook(bruno, cast.classes["Bruno"])
    delete(browse(everything.id))
    with app.app_context():
        assert figures() == cells
        assert recount().difference_count == 0
        assert db.session.execute(select(Mark.id, Mark.points)).all() == marks
        assert db.session.execute(select(Attempt.id, Attempt.points, Attempt.finished_at)).all() == finished
    assert gradebook(bruno, cast.classes["Bruno"]) == grades
    line = bruno.client.get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv").get_data(as_text=True)
    assert f",{WORDS},," in line
    assert WORDS in bruno.get(f"/teach/classes/{cast.classes['Bruno']}/").text


def test_choices_stay_and_typed_answers_go(everything: Everything, browse) -> None:
    def answers() -> list[tuple[str, object]]:
        rows = db.session.execute(
            select(ItemRevision.type, Answer.response).join(ItemRevision, ItemRevision.id == Answer.item_revision_id).order_by(Answer.id)
        )
        return [tuple(row) for row in rows]

    with everything.app.app_context():
        before = answers()
    delete(browse(everything.id))
    with everything.app.app_context():
        after = answers()
    assert len(after) == len(before) > 3
    assert {row[0] for row in before} >= {"single-choice", "matching", "short-text", "numeric", "cloze"}
    typed = {name for name, type_ in TYPES.items() if type_.IS_TYPED}
    assert [row for row in after if row[0] not in typed] == [row for row in before if row[0] not in typed]
    assert {row[1] for row in after if row[0] in typed} == {None}


def test_other_people_s_answers_stay(everything: Everything, app: Flask, browse, cast: Cast) -> None:
    emil = sit(app, browse(cast.emil), class_quiz(cast, "Dora"))
    key = emil.item("short-text").key
    emil.send((key, "what Emil wrote"))
    delete(browse(everything.id))
    assert emil.standing()[key] == "what Emil wrote"
    emil.browser.get("/home")


def test_afterwards_nobody_is_signed_in_and_nobody_can_be(app: Flask, browse, cast: Cast) -> None:
    here, elsewhere = browse(cast.ana), browse(cast.ana)
    page = here.submit("/account/delete", SURE)
    assert page.heading == "Your account is deleted"
    here.get("/home", 302)
    elsewhere.get("/home", 302)
    stranger = browse()
    stranger.post("/sign-in", {"email": address("Ana"), "password": PASSWORD}, 422)
    stranger.post("/sign-up", {"name": "Ana again", "email": address("Ana"), "password": PASSWORD, "role": "student", "institution": ""})
    assert stranger.get("/home").heading == "Welcome, Ana again"
    assert not stranger.get("/home").all("progress")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"password": "certainly not mine"}, "This is not your password"),
        ({"password": ""}, "Enter your password"),
        ({"understood": ""}, "Tick this box"),
    ],
)
def test_whoever_does_not_show_that_it_is_them_deletes_nothing(app: Flask, browse, cast: Cast, fields, words: str) -> None:
    browser = browse(cast.ana)
    assert words in browser.post("/account/delete", {k: v for k, v in (SURE | fields).items() if v}, 422).text
    assert browser.get("/home").heading == "Welcome, Ana Example"
    with app.app_context():
        assert db.session.get_one(Person, cast.ana).erased_at is None


def test_guessing_the_password_is_limited(browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    for _ in range(accounts.TRIES_PER_ACCOUNT):
        delete(browser, 422, password="certainly not mine")
    delete(browser, 429)
    assert browser.get("/home").heading == "Welcome, Ana Example"


def test_whoever_has_a_second_factor_is_asked_for_it(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(SecondFactor(person_id=cast.ana, nonce="3" * 64, begun_at=clock.now(), confirmed_at=clock.now()))
    browser = browse(cast.ana)
    assert browser.get("/account/delete").all("input", name="code")
    delete(browser, 422)
    delete(browser, 422, code="000000")
    assert browser.get("/home").heading == "Welcome, Ana Example"
    assert not browse(cast.emil).get("/account/delete").all("input", name="code")


def test_a_get_deletes_nothing(browse, cast: Cast) -> None:
    browser = browse(cast.ana)
    browser.get("/account/delete?password=x&understood=y")
    assert browser.get("/home").heading == "Welcome, Ana Example"


@pytest.mark.parametrize(("who", "role"), [("Carla", Role.COORDINATOR), ("Root", Role.PROGRAMME_COORDINATOR)])
def test_the_last_coordinator_stays_until_there_is_another(app: Flask, browse, cast: Cast, who: str, role: Role) -> None:
    browser, code = browse(cast.people[who]), {"code": code_of(who, SECRET)}
    place = cast.institutions["LAG"] if role is Role.COORDINATOR else None
    assert "is the last" in browser.get("/account/delete").text
    assert "is the last" in delete(browser, 409, **code).text
    with app.app_context(), unit_of_work():
        # Somebody whose account does not work is nobody to hand on to.
        accounts.add_membership(cast.hugo, role, institution_id=place)
        accounts.add_membership(cast.emil, role, institution_id=place, state="requested")
    delete(browser, 409, **code)
    with app.app_context(), unit_of_work():
        accounts.add_membership(cast.edda, role, institution_id=place)
    assert "is the last" not in browser.get("/account/delete").text
    delete(browser, **code)
    assert "is the last" in browse(cast.edda).get("/account/delete").text


def test_the_only_professor_of_a_running_class_hands_it_on_first(app: Flask, browse, cast: Cast) -> None:
    class_id, bruno = cast.classes["Bruno"], browse(cast.bruno)
    page = delete(bruno, 409)
    assert page.links()["Hand on “Bruno's class”"] == f"/teach/classes/{class_id}/staff"
    with app.app_context(), unit_of_work():
        learning.enrol(db.session.get_one(CourseClass, class_id), cast.dora, "Dora Example", "professor")
    delete(bruno)
    with app.app_context():
        left = db.session.scalars(select(Enrolment).where(Enrolment.person_id == cast.bruno, Enrolment.class_id == class_id)).one()
        assert (left.end_reason, left.name) == ("left", "")
        assert db.session.scalars(select(EnrolmentChange.kind).where(EnrolmentChange.enrolment_id == left.id)).all() == ["joined", "left"]
        assert recount().difference_count == 0
    assert "Bruno" not in browse(cast.ana).get(f"/classes/{class_id}/").text.replace("Bruno's class", "")


@pytest.mark.parametrize("what", ["over", "empty"])
def test_a_class_that_nobody_is_taught_in_holds_nobody(app: Flask, browse, cast: Cast, what: str) -> None:
    with app.app_context(), unit_of_work():
        if what == "over":
            db.session.execute(update(CourseClass).values(starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1)))
        else:
            db.session.execute(update(Enrolment).where(Enrolment.role == "student").values(ended_at=clock.now(), end_reason="left"))
    delete(browse(cast.bruno))


def test_what_a_professor_wrote_for_a_class_stays_and_their_name_goes(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        class_id = cast.classes["Bruno"]
        learning.enrol(db.session.get_one(CourseClass, class_id), cast.dora, "Dora Example", "professor")
        db.session.get_one(Person, cast.bruno).name = NAME
        words = {"title": "Wear purple-prose hats", "body": "purple-prose", "body_html": "<p>purple-prose</p>"}
        db.session.add(Announcement(class_id=class_id, author_id=cast.bruno, made_at=clock.now(), **words))
        sent = {"sent_at": clock.now(), "name": "zinnia's list.csv", "content": b"name\nSomebody Else\n"}
        db.session.add(RosterUpload(class_id=class_id, sent_by_id=cast.bruno, **sent))
    delete(browse(cast.bruno))
    with app.app_context():
        assert where("purple-prose") == {"announcement.title", "announcement.body", "announcement.body_html"}
        assert where("Zinnia") == set()
        assert where("Bruno Example") == set()
        assert where(address("Bruno")) == set()
        # The class's own words: its title was chosen for it, and stands on its students' pages.
        assert where("Bruno's class") == {"course_class.title", "course.title", "edition.title"}


def test_the_log_says_that_it_was_done_and_no_name(everything: Everything, app: Flask, browse) -> None:
    delete(browse(everything.id))
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "erase-account")).one()
        assert (entry.actor_id, entry.subject_id, entry.details) == (everything.id, everything.id, {})


def test_a_roster_s_line_does_not_keep_the_address(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        line = {"class_id": cast.classes["Dora"], "role": "student", "enrolled_at": clock.now()}
        db.session.add(Enrolment(name="A. E.", email=address("Ana"), **line))
        db.session.add(Enrolment(name="B. E.", email="somebody@example.org", **line))
    delete(browse(cast.ana))
    with app.app_context():
        assert where(address("Ana")) == set()
        assert where("somebody@example.org") == {"enrolment.email"}


def test_a_mail_that_waits_is_not_sent_any_more(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        at = clock.now()
        for person_id, name in ((cast.ana, "Ana"), (cast.emil, "Emil")):
            db.session.add(
                Mail(person_id=person_id, address=address(name), subject="Soon", body=f"Dear {name}", made_at=at, due_at=at),
            )
    delete(browse(cast.ana))
    with app.app_context():
        assert db.session.scalars(select(Mail.body)).all() == ["Dear Emil"]


def test_deleting_twice_finds_nobody_the_second_time(context: Flask, cast: Cast) -> None:
    with unit_of_work():
        service.delete_account(cast.ana, by_id=None)
    with pytest.raises(NotFound), unit_of_work():
        service.delete_account(cast.ana, by_id=None)


def meanwhile(app: Flask, act) -> None:
    """Have ``act`` done by somebody else, in a context and transaction of their own, before going on."""
    faults: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context(), app.test_request_context(), unit_of_work():
                act()
        except BaseException as fault:  # noqa: BLE001 (told to the test)
            faults.append(fault)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not faults


def test_an_act_under_way_in_another_tab_is_refused(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    """Ana joins a class; after she was found to be signed in, and before anything is written, her account is deleted elsewhere."""
    joining = learning_views.claims.join_class

    def interrupted(*arguments, **more):
        db.session.rollback()
        meanwhile(app, lambda: service.delete_account(cast.ana, by_id=cast.ana))
        return joining(*arguments, **more)

    monkeypatch.setattr(learning_views.claims, "join_class", interrupted)
    page = browse(cast.ana).post("/join", {"code": cast.codes["Dora"]}, 409)
    assert "deleted meanwhile" in page.text
    with app.app_context():
        assert where("Ana Example") == set()
        assert not db.session.scalars(
            select(Enrolment).where(Enrolment.class_id == cast.classes["Dora"], Enrolment.person_id == cast.ana)
        ).all()


def test_an_answer_that_comes_in_while_the_account_is_deleted_is_not_kept(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    sitting = sit(app, browse(cast.ana), class_quiz(cast))
    text = sitting.item("short-text")
    token = sitting.browser.csrf_token
    begun, answers = threading.Event(), []
    forgetting = own_data.forget

    def slowly(person_id: int) -> None:
        begun.set()
        # The other tab runs into the locks meanwhile; were there none, it would be done by now.
        sending.join(1)
        forgetting(person_id)

    def send() -> None:
        begun.wait(10)
        message = {"answers": [{"item": text.key, "response": "saffron words"}]}
        headers = {"X-CSRFToken": token}
        answers.append(sitting.browser.client.post(f"{sitting.path}/answers", json=message, headers=headers).status_code)

    monkeypatch.setattr(own_data, "forget", slowly)
    sending = threading.Thread(target=send)
    sending.start()
    with app.app_context(), app.test_request_context(), unit_of_work():
        service.delete_account(cast.ana, by_id=cast.ana)
    sending.join(20)
    assert answers in ([401], [409])
    with app.app_context():
        assert where("saffron words") == set()


def test_two_last_coordinators_who_leave_at_once_do_not_both(app: Flask, browse, cast: Cast, monkeypatch) -> None:
    with app.app_context(), unit_of_work():
        accounts.add_membership(cast.edda, Role.COORDINATOR, institution_id=cast.institutions["LAG"])
    statuses: dict[str, int] = {}
    forgetting = own_data.forget
    both = threading.Barrier(2, timeout=2)

    def together(person_id: int) -> None:
        forgetting(person_id)
        # Were they not made to wait for each other, both would come here.
        try:
            both.wait()
        except threading.BrokenBarrierError:
            return

    def leave(name: str) -> None:
        fields = SURE | {"code": code_of(name, SECRET), "csrf_token": browsers[name].csrf_token}
        statuses[name] = browsers[name].client.post("/account/delete", data=fields).status_code

    monkeypatch.setattr(own_data, "forget", together)
    browsers = {name: browse(cast.people[name]) for name in ("Carla", "Edda")}
    threads = [threading.Thread(target=leave, args=(name,)) for name in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses.values()) == [303, 409]


def test_a_class_made_by_somebody_who_left_can_be_joined_where_another_teaches_it(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        lagos = db.session.get_one(Institution, cast.institutions["LAG"])
        accounts.add_membership(cast.dora, Role.PROFESSOR, institution_id=lagos.id)
        made = make_class(visitor_of(cast.bruno), lagos, "Handed on")
        learning.enrol(made, cast.dora, "Dora Example", "professor")
        learning.enrol(db.session.get_one(CourseClass, cast.classes["Bruno"]), cast.dora, "Dora Example", "professor")
        code = made.join_code
    delete(browse(cast.bruno))
    browse(cast.emil).post("/join", {"code": code})
