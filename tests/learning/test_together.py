"""Two presses at once, or two professors: nobody is told of a fault, and nothing is there twice."""

import threading

from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.db import db, unit_of_work
from elearn.learning.models import CourseClass, Enrolment
from elearn.reach.models import Cell
from elearn.reach.recount import recount
from tests.cast import Cast

NEW = {
    "title": "At once",
    "modules": "introduction-to-cybercrime",
    "starts_on": "2026-01-01",
    "ends_on": "2099-01-01",
    "timezone": "",
    "welcome": "",
}


def at_once(requests: list) -> list[int]:
    """Send (client, path, fields) all at the same moment and return the statuses."""
    ready = threading.Barrier(len(requests))
    statuses: list[int] = []

    def press(client, path, fields) -> None:
        ready.wait()
        statuses.append(client.post(path, data=fields).status_code)

    threads = [threading.Thread(target=press, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_joining_from_many_tabs_at_once_takes_one_seat(app: Flask, browse, cast: Cast) -> None:
    tabs = [browse(cast.emil) for _ in range(6)]
    fields = {"code": cast.codes["Bruno"]}
    assert at_once([(tab.client, "/join", fields | {"csrf_token": tab.csrf_token}) for tab in tabs]) == [303] * 6
    with app.app_context():
        taken = select(func.count()).select_from(Enrolment).where(Enrolment.person_id == cast.emil)
        assert db.session.scalar(taken.where(Enrolment.class_id == cast.classes["Bruno"])) == 1
        assert db.session.get_one(Cell, ("ever", "seats", "", f"class:{cast.classes['Bruno']}")).count == 2
        assert not recount().difference_count


def test_classes_made_at_once_have_codes_of_their_own(app: Flask, browse, cast: Cast) -> None:
    presses = []
    for person, institution in ((cast.bruno, "LAG"), (cast.gita, "LAG"), (cast.dora, "LIM"), (cast.bruno, "LAG")):
        browser = browse(person)
        fields = NEW | {"institution": str(cast.institutions[institution]), "csrf_token": browser.csrf_token}
        presses.append((browser.client, "/teach/classes/new", fields))
    assert at_once(presses) == [303] * 4
    with app.app_context():
        for made in db.session.scalars(select(CourseClass)):
            assert made.code.endswith(f"-{made.id}")


def test_who_leaves_and_comes_back_has_the_seat_they_had(app: Flask, browse, cast: Cast) -> None:
    seats = ("ever", "seats", "", f"class:{cast.classes['Bruno']}")
    with app.app_context(), unit_of_work():
        place = db.session.scalars(
            select(Enrolment).where(Enrolment.class_id == cast.classes["Bruno"], Enrolment.person_id == cast.ana)
        ).one()
        place.ended_at, place.end_reason = clock.now(), "left"
    browse(cast.ana).post("/join", {"code": cast.codes["Bruno"]})
    with app.app_context():
        assert db.session.get_one(Cell, seats).count == 1
        assert not recount().difference_count
