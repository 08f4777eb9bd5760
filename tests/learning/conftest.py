"""What the tests of a class's life share: Bruno's class with a second professor and an assistant, and what must agree with what."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.accounts import service as accounts
from elearn.accounts.credentials import hash_password
from elearn.accounts.permissions import Role
from elearn.adaptation.queries import edition
from elearn.audit import AuditEntry
from elearn.db import db, unit_of_work
from elearn.learning import service as learning
from elearn.learning.models import CourseClass, Enrolment, EnrolmentChange, SectionMark, SectionTally
from elearn.reach.recount import recount
from tests.cast import PASSWORD, Cast, address
from tests.reader import Browser, Page, _fields

SLUG = "introduction-to-cybercrime"


@dataclass
class Scene:
    """Bruno's class. Pia is a professor of it too, Tito assists; Ana is its student."""

    app: Flask
    cast: Cast
    people: dict[str, int]
    keys: tuple[str, ...]

    @property
    def id(self) -> int:
        return self.cast.classes["Bruno"]

    @property
    def teach(self) -> str:
        return f"/teach/classes/{self.id}/"

    @property
    def learn(self) -> str:
        return f"/classes/{self.id}/"

    def section(self, place: int = 0) -> str:
        return f"{self.learn}{SLUG}/{self.keys[place]}"

    def browser(self, name: str | None) -> Browser:
        return Browser.of(self.app, None if name is None else self.people[name])

    def person(self, name: str, *, professor_at: str | None = None) -> int:
        """Return the number of a new person, with a verified address, called ``name`` from now on."""
        with self.app.app_context(), self.app.test_request_context(), unit_of_work():
            person = accounts.sign_up(
                name=f"{name} Example",
                email=address(name),
                password_hash=hash_password(PASSWORD),
                role=None,
                institution_id=None,
                is_verified=True,
            )
            if professor_at:
                accounts.add_membership(person.id, Role.PROFESSOR, institution_id=self.cast.institutions[professor_at])
            self.people[name] = person.id
        return self.people[name]

    def enrol(self, name: str, role: str, at: datetime | None = None) -> int:
        with self.app.app_context(), self.app.test_request_context(), unit_of_work():
            course_class = db.session.get_one(CourseClass, self.id)
            found = learning.enrol(course_class, self.people[name], f"{name} Example", role, at=at)
            assert found is not None
            return found

    def place(self, name: str, role: str = "student") -> int:
        """Return the number of the newest place of a person in the class."""
        with self.app.app_context():
            rows = select(Enrolment.id).where(
                Enrolment.class_id == self.id, Enrolment.person_id == self.people[name], Enrolment.role == role
            )
            return max(db.session.scalars(rows))

    def enrolment(self, name: str, role: str = "student") -> Enrolment:
        with self.app.app_context():
            return db.session.get_one(Enrolment, self.place(name, role))

    def change_class(self, **values: object) -> None:
        with self.app.app_context(), unit_of_work():
            for name, value in values.items():
                setattr(db.session.get_one(CourseClass, self.id), name, value)

    def over(self) -> None:
        """Let the class have ended, with its students in it."""
        self.change_class(starts_on=date(2020, 1, 1), ends_on=date(2020, 6, 30))

    def history(self, name: str, role: str = "student") -> list[str]:
        with self.app.app_context():
            question = (
                select(EnrolmentChange.kind).where(EnrolmentChange.enrolment_id == self.place(name, role)).order_by(EnrolmentChange.id)
            )
            return list(db.session.scalars(question))

    def audited(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))

    def assert_counts_agree(self) -> None:
        """Fail where counters of reach, or the class's tallies, are not what a count of the acts gives."""
        with self.app.app_context(), self.app.test_request_context():
            again = recount()
            assert not again.difference_count, again.differences
            marks = db.session.execute(
                select(SectionMark)
                .join(Enrolment, Enrolment.id == SectionMark.enrolment_id)
                .where(Enrolment.class_id == self.id, Enrolment.ended_at.is_(None))
                .order_by(SectionMark.id)
            ).scalars()
            last = {(mark.enrolment_id, mark.module_id, mark.section_key): mark.done for mark in marks}
            counted = Counter((module, key) for (_place, module, key), done in last.items() if done)
            kept = {
                (row.module_id, row.section_key): row.done
                for row in db.session.scalars(select(SectionTally).where(SectionTally.class_id == self.id))
                if row.done
            }
            assert kept == counted


@pytest.fixture
def scene(app: Flask, cast: Cast) -> Scene:
    with app.app_context():
        found = edition(db.session.get_one(CourseClass, cast.classes["Bruno"]).edition_id).module(SLUG)
        keys = found.student_keys
    scene = Scene(app, cast, dict(cast.people), keys)
    scene.person("Pia", professor_at="LAG")
    scene.person("Tito")
    scene.enrol("Pia", "professor", datetime(2026, 1, 10, tzinfo=UTC))
    scene.enrol("Tito", "assistant")
    return scene


def undo(browser: Browser, page: Page) -> Page:
    """Press the button that takes back what the page says was done last, and return where it leads."""
    forms = [form for form in page.root.iter("form") if "flash" in (form.get("class") or "").split()]
    assert forms, "nothing to undo"
    return browser.submit(forms[-1].get("action"), _fields(forms[-1]))
