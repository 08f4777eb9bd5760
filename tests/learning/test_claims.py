"""Lines of a roster become places: by a verified address, by the class's code; one place for each person, one seat for each place."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.accounts.acts import AddressVerified
from elearn.accounts.models import EmailAddress, Membership
from elearn.db import db, note, unit_of_work
from elearn.learning import roster_service
from elearn.learning.models import CourseClass, Enrolment, EnrolmentChange
from elearn.learning.roster import read_roster
from elearn.reach.models import Cell
from elearn.reach.recount import recount
from tests.cast import Cast

ROSTER = "name,email,student_id,language,group\nEmil of the list,emil@example.org,18,es,Monday\nZara,zara@example.net,19,ar,Tuesday\n"


@pytest.fixture
def listed(app: Flask, cast: Cast) -> Flask:
    """Bruno's class with two lines that wait: Emil's address is not verified yet."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        mine = db.session.scalars(select(EmailAddress).where(EmailAddress.person_id == cast.emil)).one()
        mine.verified_at = None
        db.session.flush()
        take(cast)
    return app


def take(cast: Cast, text: str = ROSTER):
    return roster_service.import_roster(
        cast.classes["Bruno"], read_roster(text.encode()), by_id=cast.bruno, leave_out_faulty=False, invite=False
    )


def verify(app: Flask, person_id: int, address: str) -> None:
    """Do what a page does when somebody shows that an address is theirs."""
    with app.app_context(), app.test_request_context(), unit_of_work():
        claim = db.session.scalars(select(EmailAddress).where(EmailAddress.address == address, EmailAddress.person_id == person_id)).first()
        if claim is None:
            claim = EmailAddress(person_id=person_id, address=address)
            db.session.add(claim)
        claim.verified_at = clock.now()
        note(AddressVerified(person_id, address))


def lines(app: Flask, cast: Cast, student_id: str) -> list[tuple[object, ...]]:
    """Return the rows with this student id: name, whose, group or not, how it ended."""
    with app.app_context():
        rows = db.session.scalars(
            select(Enrolment).where(Enrolment.class_id == cast.classes["Bruno"], Enrolment.student_id == student_id).order_by(Enrolment.id)
        )
        return [(r.name, r.person_id, r.group_id is not None, r.end_reason) for r in rows]


def steps(app: Flask, kind: str) -> list[dict[str, object]]:
    with app.app_context():
        return list(db.session.scalars(select(EnrolmentChange.details).where(EnrolmentChange.kind == kind).order_by(EnrolmentChange.id)))


def seats(app: Flask, cast: Cast) -> int:
    """Return the seats of Bruno's class as they are kept, having counted them again."""
    with app.app_context():
        assert not recount().differences
        unit = f"class:{cast.classes['Bruno']}"
        found = select(Cell.count).where(Cell.unit == unit, Cell.figure == "seats", Cell.period == "ever", Cell.facet == "")
        return db.session.scalar(found) or 0


def test_a_line_is_no_seat_until_it_is_claimed(listed: Flask, cast: Cast) -> None:
    assert seats(listed, cast) == 1, "Ana's alone"
    verify(listed, cast.emil, "emil@example.org")
    assert seats(listed, cast) == 2
    verify(listed, cast.emil, "emil@example.org")
    assert seats(listed, cast) == 2, "noted once"


def test_a_seat_belongs_to_the_day_on_which_the_line_was_claimed(listed: Flask, cast: Cast) -> None:
    with listed.app_context(), unit_of_work():
        for line in db.session.scalars(select(Enrolment).where(Enrolment.person_id.is_(None))):
            line.enrolled_at = clock.now() - timedelta(days=400)
    verify(listed, cast.emil, "emil@example.org")
    with listed.app_context():
        place = db.session.scalars(select(Enrolment).where(Enrolment.student_id == "18")).one()
        assert clock.now() - place.enrolled_at < timedelta(minutes=1)
    seats(listed, cast)


def test_verifying_an_address_takes_the_line_that_waits_for_it(listed: Flask, browse, cast: Cast) -> None:
    emil = browse(cast.emil)
    assert "Bruno's class" not in emil.get("/home").text
    verify(listed, cast.emil, "emil@example.org")
    assert "Bruno's class" in emil.get("/home").text
    assert lines(listed, cast, "18") == [("Emil of the list", cast.emil, True, None)]
    assert steps(listed, "claimed") == [{"way": "address"}]
    assert lines(listed, cast, "19") == [("Zara", None, True, None)]


def test_an_address_of_somebody_who_is_in_the_class_already_ends_the_line_and_hands_on_what_it_says(
    listed: Flask, browse, cast: Cast
) -> None:
    browse(cast.emil).submit("/join", {"code": cast.codes["Bruno"]})
    assert len(lines(listed, cast, "18")) == 1
    before = seats(listed, cast)
    verify(listed, cast.emil, "emil@example.org")
    assert lines(listed, cast, "18") == [("Emil of the list", None, True, "error"), ("Emil Example", cast.emil, True, None)]
    assert seats(listed, cast) == before == 2
    with listed.app_context(), listed.test_request_context(), unit_of_work():
        again = take(cast)
    assert (again.new, again.seats, again.changed) == (0, 0, 1), "only the name is another"


def test_joining_by_code_takes_the_line_that_waits_for_a_verified_address(app: Flask, browse, cast: Cast) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        take(cast, "name,email,student_id,group\nE.,second@example.org,18,Monday\n")
        # Verified without the class knowing: while it had no confirmed professor, say.
        db.session.add(EmailAddress(person_id=cast.emil, address="second@example.org", verified_at=clock.now()))
    browse(cast.emil).submit("/join", {"code": cast.codes["Bruno"]})
    assert lines(app, cast, "18") == [("E.", cast.emil, True, None)]
    assert steps(app, "claimed") == [{"way": "code"}]
    assert seats(app, cast) == 2


def test_joining_by_code_with_an_address_that_is_only_claimed_takes_no_line(listed: Flask, browse, cast: Cast) -> None:
    browse(cast.emil).submit("/join", {"code": cast.codes["Bruno"]})
    assert lines(listed, cast, "18") == [("Emil of the list", None, True, None)]
    assert len(steps(listed, "joined")) >= 1


def test_a_professor_of_the_class_takes_no_line_of_it(listed: Flask, cast: Cast) -> None:
    with listed.app_context(), listed.test_request_context(), unit_of_work():
        take(cast, "name,email\nBoth,both@example.org\n")
    verify(listed, cast.bruno, "both@example.org")
    with listed.app_context():
        assert db.session.scalars(select(Enrolment).where(Enrolment.name == "Both")).one().person_id is None


def test_a_professor_who_follows_the_students_link_is_told_so_and_nothing_changes(listed: Flask, browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    assert "You teach this class, so you cannot join it" in bruno.get(f"/join/{cast.codes['Bruno']}").text
    assert "You teach this class, so you did not join it" in bruno.submit("/join", {"code": cast.codes["Bruno"]}).text
    with listed.app_context():
        assert db.session.scalars(select(Enrolment.role).where(Enrolment.person_id == cast.bruno)).all() == ["professor"]


def test_a_professor_of_another_class_joins_as_a_student(listed: Flask, browse, cast: Cast) -> None:
    dora = browse(cast.dora)
    assert "Join this class" in dora.get(f"/join/{cast.codes['Bruno']}").text
    assert "You are in the class" in dora.submit("/join", {"code": cast.codes["Bruno"]}).text
    assert seats(listed, cast) == 2


@pytest.mark.parametrize("how", ["over", "unconfirmed"])
def test_no_line_of_a_class_that_is_over_or_has_no_confirmed_professor_is_claimed(listed: Flask, cast: Cast, how: str) -> None:
    with listed.app_context(), unit_of_work():
        if how == "over":
            db.session.get_one(CourseClass, cast.classes["Bruno"]).ends_on = date(2021, 1, 1)
        else:
            db.session.scalars(select(Membership).where(Membership.person_id == cast.bruno)).one().state = "requested"
    verify(listed, cast.emil, "emil@example.org")
    assert lines(listed, cast, "18") == [("Emil of the list", None, True, None)]


def test_who_left_and_claims_a_line_goes_on_as_one_seat(listed: Flask, browse, cast: Cast) -> None:
    browse(cast.emil).submit("/join", {"code": cast.codes["Bruno"]})
    with listed.app_context(), unit_of_work():
        place = db.session.scalars(
            select(Enrolment).where(Enrolment.person_id == cast.emil, Enrolment.class_id == cast.classes["Bruno"])
        ).one()
        place.ended_at, place.end_reason = clock.now(), "left"
    verify(listed, cast.emil, "emil@example.org")
    with listed.app_context():
        current = select(Enrolment).where(
            Enrolment.person_id == cast.emil, Enrolment.class_id == cast.classes["Bruno"], Enrolment.ended_at.is_(None)
        )
        assert db.session.scalars(current).one().student_id == "18"
    assert seats(listed, cast) == 2


def test_a_line_that_waits_is_no_student_on_the_class_s_page(listed: Flask, browse, cast: Cast) -> None:
    bruno = browse(cast.bruno)
    assert "1 student" in bruno.get(f"/teach/classes/{cast.classes['Bruno']}/").text
    assert "Zara" not in bruno.get(f"/teach/classes/{cast.classes['Bruno']}/progress.csv").response.get_data(as_text=True)
    assert "2 lines wait to be claimed" in bruno.get(f"/teach/classes/{cast.classes['Bruno']}/roster").text


def test_an_import_with_seats_and_claims_is_counted_as_it_is_counted_again(app: Flask, cast: Cast) -> None:
    with app.app_context(), app.test_request_context(), unit_of_work():
        outcome = take(cast)
    assert (outcome.new, outcome.seats) == (1, 1)
    assert seats(app, cast) == 2
    verify(app, cast.dora, "zara@example.net")
    assert seats(app, cast) == 3
