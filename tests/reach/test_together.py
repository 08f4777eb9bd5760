"""Many people at once, and one person in many tabs: nobody is counted twice or lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from flask import Flask

from elearn.db import db, unit_of_work
from elearn.reach.models import Cell
from elearn.reach.recount import recount
from tests.reach.worlds import BEGAN, World, town

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)


def all_at_once(app: Flask, jobs: list) -> None:
    """Run every job in a unit of work and a thread of its own, from the same moment on."""
    ready = threading.Barrier(len(jobs))

    def run(job) -> None:
        with app.app_context(), app.test_request_context():
            ready.wait()
            with unit_of_work():
                job()
            db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()


def test_one_person_in_eight_tabs_counts_once_and_a_class_gets_its_professor(empty_app: Flask) -> None:
    classes = ("ke", "law", "law-fr", "ug", "school", "fr")
    with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
        world: World = town()
        for where in classes:
            world.enrol(where, "ana", "student", BEGAN)
            world.enrol(where, "dora", "professor", BEGAN)
        world.person("late")
        world.confirm("dora", "KE1", BEGAN)
    for month in range(3):
        at = NOVEMBER + timedelta(days=31 * month)
        jobs = [lambda where=where, at=at: world.mark(where, "ana", 0, at) for where in classes]
        jobs += [lambda at=at: world.mark("ke", "ana", 1, at), lambda at=at: world.edition("KE1", "en", "dora", at)]
        all_at_once(empty_app, jobs)
    # A professor comes to a class in the same moment as its first learner of the month.
    at = NOVEMBER + timedelta(days=31 * 5)
    for number, where in enumerate(classes):
        with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
            world.enrol(where, f"first {number}", "student", BEGAN)
        all_at_once(
            empty_app,
            [lambda w=where, n=number: world.mark(w, f"first {n}", 0, at), lambda w=where: world.enrol(w, "late", "professor", at)],
        )
    with empty_app.app_context(), empty_app.test_request_context():
        assert db.session.get_one(Cell, ("ever", "learners", "", "area:001")).count == 7
        assert db.session.get_one(Cell, ("2026-11", "professors", "", "area:001")).count == 1
        again = recount()
        assert not again.difference_count, again.differences


def test_a_large_load_and_single_acts_at_once_agree(empty_app: Flask) -> None:
    with empty_app.app_context(), empty_app.test_request_context(), unit_of_work():
        world = town()
        for number in range(600):
            world.enrol("ke", f"student {number}", "student", BEGAN)
        for number in range(4):
            world.enrol("law", f"student {number}", "student", BEGAN)

    def load() -> None:
        for number in range(600):
            world.mark("ke", f"student {number}", 0, NOVEMBER)

    all_at_once(empty_app, [load, *(lambda n=n: world.mark("law", f"student {n}", 0, NOVEMBER) for n in range(4))])
    with empty_app.app_context(), empty_app.test_request_context():
        assert db.session.get_one(Cell, ("2026", "learners", "", "institution:1")).count == 600
        assert not recount().difference_count
