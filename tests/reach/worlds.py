"""Small worlds for counting: institutions, modules, classes and people, and what people do through the services of learning."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy import insert, select

from elearn.accounts import service as accounts
from elearn.accounts.models import Institution, Membership, Person
from elearn.accounts.permissions import Role, Visitor
from elearn.adaptation.acts import EditionPublished
from elearn.adaptation.models import Course, Edition
from elearn.adaptation.queries import EditionContents
from elearn.assessment.models import Attempt
from elearn.catalogue.models import Module, ModuleRevision, Release
from elearn.db import db, note
from elearn.learning import service as learning
from elearn.learning.access import Seat
from elearn.learning.acts import SeatVoided
from elearn.learning.models import CourseClass, Enrolment, Result, SectionMark
from elearn.learning.result_service import Learner, record_activity

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """Ids of what stands in a small world; each method is called inside a unit of work."""

    institutions: dict[str, int] = field(default_factory=dict)
    modules: list[int] = field(default_factory=list)
    #: By institution's code and language.
    editions: dict[tuple[str, str], int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)

    def institution(self, code: str, country: str, *, parent: str | None = None, kind: str = "university") -> int:
        row = Institution(
            code=code,
            name=f"University {code}",
            kind=kind,
            country=country,
            parent_id=self.institutions[parent] if parent else None,
            created_at=BEGAN,
        )
        db.session.add(row)
        db.session.flush()
        self.institutions[code] = row.id
        return row.id

    def module(self, slug: str) -> int:
        number = len(self.modules) + 1
        module = Module(slug=slug, kind="module")
        release = Release(released_at=BEGAN)
        db.session.add_all([module, release])
        db.session.flush()
        db.session.execute(
            insert(ModuleRevision).values(
                module_id=module.id,
                release_id=release.id,
                number=1,
                version="1.0.0",
                position=number,
                folder=slug,
                digest="0" * 64,
                changes={},
                level="introductory",
                hours_tenths=10,
                disciplines=[],
                keywords=[],
                outcomes=[],
                content_notes=[],
                requires=[],
                authors=[],
                licence="CC-BY-4.0",
            ),
        )
        self.modules.append(module.id)
        return module.id

    def person(self, name: str, *, invented: bool = False) -> int:
        if name not in self.people:
            row = Person(name=name, created_at=BEGAN, is_demonstration=invented)
            db.session.add(row)
            db.session.flush()
            self.people[name] = row.id
        return self.people[name]

    def confirm(self, person: str, institution: str, at: datetime) -> None:
        """Have somebody confirmed as professor, who is not now."""
        if self._membership(person, institution) is None:
            accounts.add_membership(self.person(person), Role.PROFESSOR, institution_id=self.institutions[institution], at=at)

    def unconfirm(self, person: str, institution: str, at: datetime) -> None:
        """Have somebody be professor no longer."""
        if membership := self._membership(person, institution):
            membership.ended_at = at
            db.session.flush()

    def _membership(self, person: str, institution: str) -> Membership | None:
        return db.session.scalar(
            select(Membership).where(
                Membership.person_id == self.person(person),
                Membership.institution_id == self.institutions[institution],
                Membership.ended_at.is_(None),
            ),
        )

    def edition(self, institution: str, language: str, person: str, at: datetime) -> int:
        """Publish an edition, and say so as adaptation does."""
        person_id, institution_id = self.person(person), self.institutions[institution]
        course = Course(institution_id=institution_id, title="C", language=language, created_by_id=person_id, created_at=at)
        db.session.add(course)
        db.session.flush()
        edition = Edition(course_id=course.id, number=1, title="C", language=language, published_by_id=person_id, published_at=at)
        db.session.add(edition)
        db.session.flush()
        self.editions[institution, language] = edition.id
        note(EditionPublished(person_id, institution_id, at))
        return edition.id

    def course_class(self, name: str, institution: str, language: str, maker: str, at: datetime = BEGAN) -> int:
        self.confirm(maker, institution, at)
        edition_id = self.editions.get((institution, language)) or self.edition(institution, language, maker, at)
        row = CourseClass(
            code=name,
            institution_id=self.institutions[institution],
            edition_id=edition_id,
            title=name,
            timezone="UTC",
            starts_on=date(2024, 1, 1),
            ends_on=date(2030, 1, 1),
            join_code=name,
            created_by_id=self.person(maker),
            created_at=at,
        )
        db.session.add(row)
        db.session.flush()
        self.classes[name] = row.id
        return row.id

    def enrol(self, course_class: str, person: str, role: str, at: datetime) -> int | None:
        """Enrol a person; whoever is in the class stays as they are."""
        row = db.session.get_one(CourseClass, self.classes[course_class])
        return learning.enrol(row, self.person(person), person, role, at=at)

    def current(self, course_class: str, person: str) -> Enrolment | None:
        return db.session.scalar(
            select(Enrolment).where(
                Enrolment.class_id == self.classes[course_class],
                Enrolment.person_id == self.person(person),
                Enrolment.ended_at.is_(None),
            ),
        )

    def leave(self, course_class: str, person: str, at: datetime, *, error: bool = False) -> None:
        enrolment = self.current(course_class, person)
        if enrolment is None or (error and not self.is_first(enrolment)):
            return
        enrolment.ended_at, enrolment.end_reason = at, "error" if error else "left"
        db.session.flush()
        if error and enrolment.role == "student":
            row = db.session.get_one(CourseClass, enrolment.class_id)
            note(SeatVoided(row.id, row.institution_id, enrolment.enrolled_at))

    def is_first(self, enrolment: Enrolment) -> bool:
        return not db.session.scalar(
            select(Enrolment.id).where(
                Enrolment.class_id == enrolment.class_id,
                Enrolment.person_id == enrolment.person_id,
                Enrolment.role == "student",
                Enrolment.id != enrolment.id,
                Enrolment.end_reason.is_(None) | (Enrolment.end_reason != "error"),
            ),
        )

    def seat(self, course_class: str, person: str) -> Seat | None:
        enrolment = self.current(course_class, person)
        if enrolment is None or enrolment.role != "student":
            return None
        row = db.session.get_one(CourseClass, enrolment.class_id)
        edition = db.session.get_one(Edition, row.edition_id)
        contents = EditionContents(edition.id, edition.course_id, 1, "C", edition.language, ())
        visitor = Visitor(self.person(person), person, "en", "UTC")
        return Seat(enrolment.id, "student", row.id, row.title, row.institution_id, "UTC", contents, visitor)

    def mark(self, course_class: str, person: str, module: int, at: datetime, *, done: bool = True) -> None:
        """Have a student say that a section is done, or not done after all."""
        seat = self.seat(course_class, person)
        if seat is None:
            return
        mark = SectionMark(
            enrolment_id=seat.enrolment_id, module_id=self.modules[module], section_key="a", edition_id=seat.edition.id, done=done, at=at
        )
        db.session.add(mark)
        if done:
            record_activity(learner(seat, self.modules[module]), at)

    def submit(self, course_class: str, person: str, module: int, at: datetime) -> None:
        """Have a student submit a quiz."""
        seat = self.seat(course_class, person)
        if seat is None:
            return
        attempt = Attempt(
            person_id=seat.visitor.id,
            class_id=seat.class_id,
            edition_id=seat.edition.id,
            enrolment_id=seat.enrolment_id,
            module_id=self.modules[module],
            revision_id=db.session.scalars(select(ModuleRevision.id)).first(),
            number=1,
            language=seat.edition.language,
            seed=1,
            layout=[],
            started_at=at,
            finished_at=at,
            finish="submitted",
        )
        db.session.add(attempt)
        db.session.flush()
        db.session.add(
            Result(enrolment_id=seat.enrolment_id, module_id=self.modules[module], attempt_id=attempt.id, points=0, max_points=1, at=at)
        )
        record_activity(learner(seat, self.modules[module]), at)


def learner(seat: Seat, module_id: int) -> Learner:
    """Return who sits there, as the gradebook knows them."""
    return Learner(seat.visitor.id, seat.enrolment_id, seat.class_id, seat.institution_id, module_id, seat.edition.language)


def town() -> World:
    """Return a world of two universities (one with a faculty), a school and an academy in three countries of two regions."""
    world = World()
    world.institution("KE1", "KE")
    world.institution("KE1-LAW", "KE", parent="KE1")
    world.institution("KE1-ABROAD", "UG", parent="KE1")
    world.institution("KE2", "KE", kind="school")
    world.institution("FR1", "FR")
    for slug in ("one", "two"):
        world.module(slug)
    for name, institution, language in (
        ("ke", "KE1", "en"),
        ("law", "KE1-LAW", "en"),
        ("law-fr", "KE1-LAW", "fr"),
        ("ug", "KE1-ABROAD", "en"),
        ("school", "KE2", "en"),
        ("fr", "FR1", "fr"),
    ):
        world.course_class(name, institution, language, "Maker")
    return world
