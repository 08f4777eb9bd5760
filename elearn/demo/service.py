"""Putting a demonstration into the database: everything people do goes through the services that real people's acts go through."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from elearn import clock
from elearn.accounts import queries as people
from elearn.accounts import service as accounts
from elearn.accounts.models import Institution, Person
from elearn.accounts.permissions import Role, Visitor
from elearn.catalogue.queries import current_series
from elearn.demo.class_life import enliven
from elearn.demo.places import COORDINATOR, EDITOR, PROGRAMME, REGIONAL, UNCONFIRMED, Sample
from elearn.demo.plan import Plan, PlannedClass, Someone, make_plan
from elearn.demo.teaching import attend, close_if_over, open_planned
from elearn.errors import Conflict

#: How long ago the professor who is not confirmed asked.
ASKED = timedelta(days=2, hours=-9)
#: How long before joining a class one signs up.
SIGN_UP = timedelta(minutes=3)


@dataclass(frozen=True)
class Numbers:
    """How large a demonstration is, and the seed that it grows from."""

    students: int = 400
    institutions: int = 12
    seed: int = 2026


def check_loadable() -> None:
    """Raise Conflict where a demonstration does not belong: beside real people, or a second time, or without a series."""
    if people.is_demonstration():
        raise Conflict("This database holds a demonstration already.")
    if people.has_real_people():
        raise Conflict("This database holds real people; a demonstration belongs into one of its own.")
    if not any(module.kind == "module" for module in current_series().modules):
        raise Conflict("No module is published yet: run `elearn content publish` first.")


class Loader:
    """A demonstration on its way into the database; call it inside one unit of work."""

    def __init__(self, numbers: Numbers, password_hash: str) -> None:
        check_loadable()
        self.plan: Plan = make_plan(
            students=numbers.students,
            institutions=numbers.institutions,
            seed=numbers.seed,
            today=clock.today(),
        )
        self._hash = password_hash
        self._institutions: list[Institution] = []
        self._professors: list[Visitor] = []
        self._students: dict[int, Visitor] = {}

    def load(self) -> Iterator[PlannedClass]:
        """Yield each class once all that was done in it is in the database; the database is marked first."""
        accounts.mark_as_demonstration()
        self._add_institutions()
        self._add_staff()
        for number, planned in enumerate(self.plan.classes):
            self._teach(number, planned)
            yield planned

    def _add_institutions(self) -> None:
        for place in self.plan.places:
            institution = accounts.add_institution(
                code=place.code,
                name=place.name,
                local_name=place.local_name,
                kind=place.kind,
                country=place.country,
                timezone=place.timezone,
                is_demonstration=True,
            )
            institution.created_at = self.plan.began_at
            self._institutions.append(institution)

    def _add_staff(self) -> None:
        at = self.plan.began_at
        for someone in self.plan.professors:
            self._professors.append(self._add(someone, Role.PROFESSOR, at))
        for someone in self.plan.coordinators[1:]:
            self._add(someone, Role.COORDINATOR, at)
        for sample in (COORDINATOR, REGIONAL, PROGRAMME, EDITOR):
            self._add_sample(sample)
        asked = self.plan.until - ASKED
        self._sign_up(UNCONFIRMED.name, UNCONFIRMED.email, asked, role=UNCONFIRMED.role, institution_id=self._institutions[0].id)

    def _add_sample(self, sample: Sample) -> None:
        at = self.plan.began_at
        person = self._sign_up(sample.name, sample.email, at)
        institution_id = self._institutions[0].id if sample.role is Role.COORDINATOR else None
        accounts.add_membership(person.id, sample.role, institution_id=institution_id, region=sample.region, at=at)

    def _add(self, someone: Someone, role: Role, at: datetime) -> Visitor:
        person = self._sign_up(someone.name, someone.email, at)
        accounts.add_membership(person.id, role, institution_id=self._institutions[someone.place].id, at=at)
        return Visitor(person.id, person.name, "", "")

    def _sign_up(
        self,
        name: str,
        email: str,
        at: datetime,
        *,
        role: Role | None = None,
        institution_id: int | None = None,
    ) -> Person:
        return accounts.sign_up(
            name=name,
            email=email,
            password_hash=self._hash,
            role=role,
            institution_id=institution_id,
            at=at,
            is_demonstration=True,
            is_verified=True,
        )

    def _teach(self, number: int, planned: PlannedClass) -> None:
        """Leave the database with a class, its students and all they did."""
        seed = f"{self.plan.seed}:class:{number}"
        professors = [self._professors[professor] for professor in planned.professors]
        course_class = open_planned(planned, self._institutions[planned.place], professors, seed)
        for attendance in planned.attendances:
            if attendance.student not in self._students:
                someone = self.plan.students[attendance.student]
                self._students[attendance.student] = self._add(someone, Role.STUDENT, attendance.joined_at - SIGN_UP)
            attend(planned, course_class, attendance, self._students[attendance.student], seed)
        if any(attendance.student == 0 for attendance in planned.attendances):
            # The sample student's class; another one leaves it.
            others = [attendance.student for attendance in planned.attendances if attendance.student]
            enliven(course_class, planned.term, professors[0], self._students[others[-1]].id if others else None)
        close_if_over(planned, course_class, professors[0])
