"""A demonstration in the database: what is in it, that it is always the same, and where it is refused."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from elearn.accounts import queries as people
from elearn.accounts import service as accounts
from elearn.accounts.models import EmailAddress, Institution, Membership, Person
from elearn.accounts.permissions import Role
from elearn.assessment.models import Answer, Attempt
from elearn.countries import countries
from elearn.db import db, unit_of_work
from elearn.demo.commands import load_numbers, load_once
from elearn.demo.places import DOMAIN, PASSWORD, SAMPLES
from elearn.demo.service import Numbers
from elearn.errors import Conflict, Invalid
from elearn.learning.models import Announcement, ClassGroup, CourseClass, Enrolment, ModuleProgress, Result, SectionMark
from elearn.learning.queries import classes_of
from elearn.reach.recount import recount
from tests.applications import SECRET
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)
SMALL = Numbers(students=30, institutions=12)


def whole() -> dict[str, list[tuple]]:
    """Return who is here, what they did, when, and what it was worth; without what is drawn by chance for safety (codes, orders)."""
    questions = {
        "people": select(Person.name, Person.created_at).order_by(Person.id),
        "institutions": select(Institution.code, Institution.name, Institution.created_at).order_by(Institution.id),
        "classes": select(CourseClass.title, CourseClass.starts_on, CourseClass.ends_on, CourseClass.is_open).order_by(CourseClass.id),
        "enrolments": select(Enrolment.class_id, Enrolment.name, Enrolment.role, Enrolment.enrolled_at).order_by(Enrolment.id),
        "sections": select(SectionMark.enrolment_id, SectionMark.section_key, SectionMark.done, SectionMark.at).order_by(SectionMark.id),
        "results": select(Result.enrolment_id, Result.points, Result.max_points, Result.at).order_by(Result.id),
    }
    return {name: [tuple(row) for row in db.session.execute(question)] for name, question in questions.items()}


def count_of(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def person_with(account: str) -> Person:
    person = people.person_to_sign_in(f"{account}@{DOMAIN}")
    assert person is not None
    return person


def run(app: Flask, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as an operator does, in a process of its own."""
    db.session.rollback()
    settings = {"ELEARN_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"], "ELEARN_SECRET_KEY": SECRET}
    command = [sys.executable, "-c", "from elearn.cli import main; main()", "demo", "load", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False)


def test_the_same_seed_and_day_make_the_same_demonstration(demonstration: Flask, in_published: Flask) -> None:
    with time_machine.travel(TODAY + timedelta(hours=5)):
        load_numbers(SMALL)
    again = whole()
    with demonstration.app_context():
        first = whole()
    assert again == first
    assert again["results"]


def test_another_seed_makes_another_one(demonstration: Flask, in_published: Flask) -> None:
    with time_machine.travel(TODAY):
        load_numbers(Numbers(students=30, institutions=12, seed=7))
    again = whole()
    with demonstration.app_context():
        first = whole()
    assert again["people"] != first["people"]
    assert again["sections"] != first["sections"]


def test_it_is_spread_over_the_world(in_demonstration: Flask) -> None:
    placed = db.session.scalars(select(Institution)).all()
    assert len(placed) == 12
    assert len({institution.country for institution in placed}) == 9
    assert {countries()[i.country].region_m49 for i in placed} == {"002", "019", "142", "150", "009"}
    assert {"university", "police-academy", "judicial-academy"} == {institution.kind for institution in placed}
    assert all(institution.is_demonstration and institution.name.endswith("(demonstration)") for institution in placed)


def test_everybody_in_it_is_invented_and_it_is_marked(in_demonstration: Flask) -> None:
    assert people.is_demonstration()
    assert not people.has_real_people()
    students = select(func.count(func.distinct(Membership.person_id))).where(Membership.role == Role.STUDENT)
    professors = select(func.count(func.distinct(Membership.person_id))).where(
        Membership.role == Role.PROFESSOR, Membership.state == "confirmed"
    )
    assert db.session.scalar(students) == 30
    assert db.session.scalar(professors) == 16
    assert all(address.endswith(f"@{DOMAIN}") for address in db.session.scalars(select(EmailAddress.address)))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.account)
def test_each_printed_sign_in_opens(in_demonstration: Flask, sample) -> None:
    person = accounts.authenticate(sample.email, PASSWORD, remote="127.0.0.1")
    held = db.session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    assert (held.role, held.state) == (sample.role, "confirmed" if sample.is_confirmed else "requested")
    assert person.name == sample.name


def test_the_sample_student_is_halfway_and_has_a_mark_in_the_sample_professors_class(in_demonstration: Flask) -> None:
    (joined,) = classes_of(person_with("student").id, ("student",))
    taught = {each.class_id for each in classes_of(person_with("professor").id, ("professor",))}
    assert joined.class_id in taught
    assert len(taught) == 2
    assert joined.starts_on < TODAY.date() < joined.ends_on
    (progress,) = db.session.scalars(select(ModuleProgress).where(ModuleProgress.enrolment_id == joined.enrolment_id))
    assert progress.done_count >= 5
    assert progress.points is not None
    assert progress.completed_at is None


def test_nothing_lies_in_the_future_or_before_its_class(in_demonstration: Flask) -> None:
    midnight = TODAY.replace(hour=0)
    for moment in (SectionMark.at, Result.at, Attempt.started_at, Answer.saved_at, Enrolment.enrolled_at, Person.created_at):
        latest = db.session.scalar(select(func.max(moment)))
        assert latest is not None
        assert latest < midnight
    early = select(func.count()).select_from(SectionMark).join(Enrolment).where(SectionMark.at < Enrolment.enrolled_at)
    assert db.session.scalar(early) == 0


def test_the_counters_agree_with_a_recount(in_demonstration: Flask) -> None:
    again = recount()
    assert again.people > 10
    assert again.difference_count == 0, again.differences


def test_with_real_people_it_is_refused_and_changes_nothing(context: Flask, cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = whole()
    with pytest.raises(Conflict, match="real people"):
        load_numbers(SMALL)
    load_once()
    assert "real people" in capsys.readouterr().out
    assert whole() == before
    assert not people.is_demonstration()
    result = run(context)
    assert result.returncode == 1
    assert "real people" in result.stderr


def test_a_second_time_changes_nothing(in_demonstration: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    before = whole()
    load_once()
    assert capsys.readouterr().out == ""
    with pytest.raises(Conflict, match="already"):
        load_numbers(SMALL)
    assert whole() == before


def test_without_a_series_it_says_what_to_do_first(empty_app: Flask) -> None:
    with empty_app.app_context(), empty_app.test_request_context():
        with pytest.raises(Conflict, match="elearn content publish"):
            load_numbers(SMALL)
        assert count_of(Person) == 0


def test_a_code_that_is_taken_leaves_nothing_behind(in_published: Flask) -> None:
    with unit_of_work():
        accounts.add_institution(code="SHU", name="Somebody else", kind="university", country="IE")
    with pytest.raises(Invalid, match="SHU"):
        load_numbers(SMALL)
    assert count_of(Person) == 0
    assert not people.is_demonstration()


def test_the_command_loads_and_prints_the_sign_ins(in_published: Flask) -> None:
    result = run(in_published, "--students", "3", "--institutions", "2", "--seed", "5")
    assert result.returncode == 0, result.stderr
    assert PASSWORD in result.stdout
    assert all(sample.email in result.stdout for sample in SAMPLES)
    assert count_of(Institution) == 2
    assert run(in_published).returncode == 1


def test_the_command_speaks_json(in_published: Flask) -> None:
    result = run(in_published, "--students", "1", "--institutions", "1", "--json")
    assert result.returncode == 0, result.stderr
    assert f'"password": "{PASSWORD}"' in result.stdout


def test_the_sample_student_s_class_has_groups_an_announcement_and_somebody_who_left(in_demonstration: Flask) -> None:
    (joined,) = classes_of(person_with("student").id, ("student",))
    first = db.session.get_one(CourseClass, joined.class_id)
    groups = select(ClassGroup.name).where(ClassGroup.class_id == first.id).order_by(ClassGroup.id)
    assert db.session.scalars(groups).all() == ["Tuesday seminar", "Thursday seminar"]
    assert "room 214" in db.session.scalars(select(Announcement).where(Announcement.class_id == first.id)).one().body_html
    (gone,) = db.session.scalars(select(Enrolment).where(Enrolment.end_reason == "left"))
    assert gone.class_id == first.id
    grouped = select(func.count()).select_from(Enrolment).where(Enrolment.class_id == first.id, Enrolment.group_id.is_not(None))
    students = select(func.count()).select_from(Enrolment).where(Enrolment.class_id == first.id, Enrolment.role == "student")
    assert db.session.scalar(grouped) == db.session.scalar(students)
