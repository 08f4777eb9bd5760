"""Home: what to do next, for every role."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock
from elearn.accounts import institution_service, service
from elearn.accounts.models import EmailAddress, InstallationMark, Institution, Membership
from elearn.accounts.people_service import decide_membership
from elearn.accounts.permissions import Role
from elearn.db import counted_statements, db, unit_of_work
from elearn.learning import claims
from elearn.learning.models import CourseClass
from tests.assessment.conftest import class_quiz, sit
from tests.cast import NAMES, Cast, make_class, visitor_of
from tests.reader import Browser


def test_a_student_is_led_to_where_they_stopped(browse, cast: Cast) -> None:
    ana = browse(cast.ana)
    page = ana.get("/home")
    begin = next(url for words, url in page.links().items() if words.startswith("Begin "))
    ana.post(begin, {"state": "done"})
    page = ana.get("/home")
    assert "1 of " in page.text
    following = next(url for words, url in page.links().items() if words.startswith("Go on: "))
    assert following != begin
    assert ana.get(following).status == 200


def test_a_quiz_that_was_begun_is_told_and_then_no_longer(app: Flask, browse, cast: Cast) -> None:
    sitting = sit(app, browse(cast.ana), class_quiz(cast))
    assert sitting.browser.get("/home").links()["Go on with it"] == sitting.path
    sitting.post(**sitting.fields(), action="submit")
    assert "Go on with it" not in sitting.browser.get("/home").links()


def test_somebody_in_no_class_is_told_whose_turn_it_is(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        nora = service.sign_up(name="Nora", email="nora@example.org", password_hash="", role=None, institution_id=None).id
    page = browse(nora).get("/home")
    assert "It is your professor's turn" in page.text
    assert "It is your professor's turn" not in browse(cast.ana).get("/home").text


def test_a_professor_who_waits_is_told_for_whom(app: Flask, browse, cast: Cast) -> None:
    assert "turn of the coordinator of Lagoon University" in browse(cast.gita).get("/home").text
    assert "You are not confirmed yet" not in browse(cast.bruno).get("/home").text
    with app.app_context(), unit_of_work():
        db.session.execute(update(Membership).where(Membership.person_id == cast.carla).values(ended_at=clock.now()))
    assert "it is the programme's turn" in browse(cast.gita).get("/home").text


def test_a_professor_who_was_declined_reads_the_word_that_went_with_it(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        asked = db.session.scalars(select(Membership).where(Membership.person_id == cast.gita)).one()
        decide_membership(asked, visitor_of(cast.carla), confirm=False)
        asked.note = "You teach at the other campus <b>"
    page = browse(cast.gita).get("/home")
    assert "You teach at the other campus <b>" in page.text
    with app.app_context(), unit_of_work():
        service.add_membership(cast.gita, Role.PROFESSOR, institution_id=cast.institutions["LAG"])
    assert "other campus" not in browse(cast.gita).get("/home").text


@pytest.mark.parametrize(
    ("state", "words"), [("requested", "the programme's turn to add it"), ("declined", "they can still give you a role")]
)
def test_whoever_asked_for_an_institution_is_told_how_it_stands(app: Flask, browse, cast: Cast, state: str, words: str) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        nora = service.sign_up(name="Nora", email="nora@example.org", password_hash="", role=None, institution_id=None).id
        asked = institution_service.request_institution(person_id=nora, name="Universität Übersee", country="DE")
        service.add_membership(nora, Role.PROFESSOR, institution_id=asked.id, state="requested")
        asked.state = state
    page = browse(nora).get("/home")
    assert "Universität Übersee" in page.text
    assert words in page.text


def test_a_professor_sees_who_began_and_gives_out_the_code_where_nobody_came(app: Flask, browse, cast: Cast) -> None:
    page = browse(cast.bruno).get("/home")
    assert "1 student · 0 have begun" in page.text
    with app.app_context(), unit_of_work():
        make_class(visitor_of(cast.bruno), db.session.get_one(Institution, cast.institutions["LAG"]), "An empty class")
    browse(cast.ana).post(
        next(url for words, url in browse(cast.ana).get("/home").links().items() if words.startswith("Begin ")), {"state": "done"}
    )
    page = browse(cast.bruno).get("/home")
    assert "1 student · 1 have begun" in page.text
    assert "Give out the code" in page.links()
    assert "Make a class" in page.links()


def test_a_class_that_is_over_asks_for_nothing(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(CourseClass).values(starts_on=date(2020, 1, 1), ends_on=date(2020, 6, 1)))
    for who in (cast.ana, cast.bruno):
        page = browse(who).get("/home")
        assert "over since" in page.text
        assert "Bruno's class" in page.links()
        assert not [words for words in page.links() if words.startswith(("Begin ", "Go on", "Give out"))]


def test_coordinators_see_who_waits_for_them_and_nobody_else_s(browse, cast: Cast) -> None:
    assert browse(cast.carla).get("/home").links()["Decide"] == "/coordinate/people"
    assert "Decide" not in browse(cast.faisal).get("/home").links()
    assert "nobody waits" in browse(cast.faisal).get("/home").text
    assert "1 person waits" in browse(cast.root).get("/home").text
    assert "Figures" in browse(cast.rosa).get("/home").links()


def test_the_programme_sees_institutions_that_are_asked_for(app: Flask, browse, cast: Cast) -> None:
    assert "asked for" not in browse(cast.root).get("/home").text
    with app.app_context(), app.test_request_context(), unit_of_work():
        institution_service.request_institution(person_id=cast.gita, name="A new one", country="DE")
    assert "1 institution is asked for" in browse(cast.root).get("/home").text
    assert "asked for" not in browse(cast.carla).get("/home").text


def test_a_role_that_waits_for_the_second_factor_says_so(app: Flask, cast: Cast, browse) -> None:
    page = Browser.of(app, cast.carla, second_factor=False).get("/home")
    assert page.links()["To the second factor"] == "/account/second-factor"
    assert "Decide" not in page.links()
    assert "You are in no class yet" not in page.text
    assert "To the second factor" not in browse(cast.carla).get("/home").links()


def test_an_address_that_was_not_verified_is_told_where_mail_leaves(app: Flask, browse, cast: Cast, tmp_path) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(update(EmailAddress).where(EmailAddress.person_id == cast.ana).values(verified_at=None))
    assert "To your addresses" not in browse(cast.ana).get("/home").links()
    app.config["MAIL_URL"] = tmp_path.as_uri()
    assert "ana@example.org" in browse(cast.ana).get("/home").text
    assert "To your addresses" not in browse(cast.emil).get("/home").links()


def test_editors_find_the_series(browse, cast: Cast) -> None:
    assert browse(cast.edda).get("/home").links()["The published series"] == "/modules/"
    assert "The published series" not in browse(cast.bruno).get("/home").links()


def test_home_costs_a_bounded_number_of_statements_for_everyone(app: Flask, browse, cast: Cast, tmp_path) -> None:
    app.config["MAIL_URL"] = tmp_path.as_uri()
    with app.app_context(), unit_of_work():
        lagos = db.session.get_one(Institution, cast.institutions["LAG"])
        for number in range(5):
            made = make_class(visitor_of(cast.bruno), lagos, f"Class {number}")
            for name in ("Ana", "Emil", "Edda"):
                claims.join_class(visitor_of(cast.people[name]), made.join_code)
    few: dict[str, int] = {}
    for name in NAMES:
        if name == "Hugo":
            continue
        browser = browse(cast.people[name])
        browser.get("/home")
        with counted_statements() as counted:
            browser.get("/home")
        few[name] = len(counted)
        # One for each card of a room; who looks after the site has one more, for its jobs, and who is proposed passages, for those.
        assert len(counted) <= 9 + (name in {"Root", "Bruno", "Dora", "Gita", "Edda"}), (name, counted)
    assert few["Ana"] == few["Emil"]
    with app.app_context(), unit_of_work():
        made = make_class(visitor_of(cast.bruno), db.session.get_one(Institution, cast.institutions["LAG"]), "One more")
        claims.join_class(visitor_of(cast.ana), made.join_code)
    for name in ("Ana", "Bruno"):
        browser = browse(cast.people[name])
        browser.get("/home")
        with counted_statements() as counted:
            browser.get("/home")
        assert len(counted) == few[name]


def test_home_is_the_same_in_a_demonstration(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), unit_of_work():
        db.session.add(InstallationMark(key="demonstration", value="1"))
    assert browse(cast.ana).get("/home").heading == "Welcome, Ana Example"


def test_an_installation_with_nothing_in_it_says_whose_turn_it_is(empty_app: Flask) -> None:
    with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
        first = service.sign_up(name="First", email="first@example.org", password_hash="", role=None, institution_id=None, is_verified=True)
        service.add_membership(first.id, Role.PROGRAMME_COORDINATOR)
        service.add_membership(first.id, Role.EDITOR)
        person_id = first.id
    stranger = Browser(empty_app)
    for path in ("/", "/about", "/licence", "/privacy", "/help", "/glossary"):
        assert stranger.get(path).status == 200
    assert "It is the editors' turn" in stranger.get("/").text
    page = Browser.of(empty_app, person_id).get("/home")
    assert "0 learners in" in page.text
    assert "Nothing is published yet" in page.text
    assert "nobody waits" in page.text
