"""The fixed cast: who is who in every test.

Ana (student), Bruno (professor) and Carla (coordinator) are of one institution; Dora (professor), Emil (student) and Faisal
(coordinator) of another, on another continent. Gita signed up as a professor and is not confirmed; Hugo's account is deactivated.
Edda edits, Rosa coordinates a region (Africa), Root the programme.

Whose role wants a second factor has one: ``code_of`` gives its codes.
"""

from dataclasses import dataclass
from datetime import date

import pyotp
from sqlalchemy import select

from elearn import clock
from elearn.accounts import queries, second_factor, service
from elearn.accounts.credentials import hash_password
from elearn.accounts.models import Institution, Person, RecoveryCode, SecondFactor
from elearn.accounts.permissions import Role, Visitor
from elearn.adaptation import service as adaptation
from elearn.adaptation.edition_service import publish_edition
from elearn.catalogue.queries import current_series
from elearn.db import db
from elearn.learning import claims, class_service
from elearn.learning.models import CourseClass

PASSWORD = "correct horse battery"
WITH_SECOND_FACTOR = ("Carla", "Faisal", "Edda", "Rosa", "Root")
RECOVERY_CODES = 12
NAMES = ("Ana", "Bruno", "Carla", "Dora", "Emil", "Faisal", "Gita", "Hugo", "Edda", "Rosa", "Root")


def address(name: str) -> str:
    return f"{name.lower()}@example.org"


def code_of(name: str, key: str, *, steps: int = 0) -> str:
    """Return what the authenticator of ``name`` shows now, under the installation's key; ``steps``: so many steps later."""
    seconds = clock.now().timestamp() + steps * second_factor.STEP_SECONDS
    return pyotp.TOTP(second_factor.secret_of(f"the nonce of {name}", key)).at(int(seconds))


def recovery_code_of(name: str, number: int) -> str:
    """Return a recovery code of ``name``, from 0 to 11; each works once, where a code of this half minute is used up."""
    return f"{name}-{number:04}"


@dataclass(frozen=True)
class Cast:
    """Ids of the cast and of what they stand on."""

    people: dict[str, int]
    institutions: dict[str, int]
    #: Bruno's class, which Ana has joined; Dora's class, which Emil has joined; Gita's class, which nobody can join.
    classes: dict[str, int]
    codes: dict[str, str]

    def __getattr__(self, name: str) -> int:
        try:
            return self.people[name.capitalize()]
        except KeyError:
            raise AttributeError(name) from None

    @classmethod
    def found(cls) -> "Cast":
        return cls(
            {p.name.split()[0]: p.id for p in db.session.scalars(select(Person))},
            {i.code: i.id for i in db.session.scalars(select(Institution))},
            {c.title.split("'")[0]: c.id for c in db.session.scalars(select(CourseClass))},
            {c.title.split("'")[0]: c.join_code for c in db.session.scalars(select(CourseClass))},
        )


def visitor_of(person_id: int) -> Visitor:
    """Return the visitor that a signed-in person would be."""
    person = db.session.get_one(Person, person_id)
    token = service.begin_sign_in(person, user_agent="tests", remember=False, second_factor=True).token
    visitor = queries.visitor_signed_in(token)
    assert visitor is not None
    return visitor


def make_cast() -> None:
    """Put the cast into the database; call it inside a unit of work."""
    hashed = hash_password(PASSWORD)
    lagos = service.add_institution(code="LAG", name="Lagoon University", kind="university", country="NG", timezone="Africa/Lagos")
    lima = service.add_institution(code="LIM", name="Universidad del Rímac", kind="university", country="PE", timezone="America/Lima")
    people = {
        name: service.sign_up(
            name=f"{name} Example", email=address(name), password_hash=hashed, role=None, institution_id=None, is_verified=True
        )
        for name in NAMES
    }
    for name, role, institution in (
        ("Bruno", Role.PROFESSOR, lagos),
        ("Carla", Role.COORDINATOR, lagos),
        ("Dora", Role.PROFESSOR, lima),
        ("Faisal", Role.COORDINATOR, lima),
        ("Hugo", Role.PROFESSOR, lagos),
    ):
        service.add_membership(people[name].id, role, institution_id=institution.id)
    service.add_membership(people["Gita"].id, Role.PROFESSOR, institution_id=lagos.id, state="requested")
    service.add_membership(people["Edda"].id, Role.EDITOR)
    service.add_membership(people["Rosa"].id, Role.REGIONAL_COORDINATOR, region="002")
    service.add_membership(people["Root"].id, Role.PROGRAMME_COORDINATOR)
    for name, institution in (("Bruno", lagos), ("Dora", lima), ("Gita", lagos)):
        make_class(visitor_of(people[name].id), institution, f"{name}'s class")
    classes = {c.title: c for c in db.session.scalars(select(CourseClass))}
    claims.join_class(visitor_of(people["Ana"].id), classes["Bruno's class"].join_code)
    claims.join_class(visitor_of(people["Emil"].id), classes["Dora's class"].join_code)
    people["Hugo"].deactivated_at = clock.now()
    for name in WITH_SECOND_FACTOR:
        give_second_factor(people[name], name)


def give_second_factor(person: Person, name: str) -> None:
    """Leave ``person`` with the authenticator of ``name``, confirmed, and recovery codes."""
    at = clock.now()
    db.session.add(SecondFactor(person_id=person.id, nonce=f"the nonce of {name}", begun_at=at, confirmed_at=at))
    digests = [second_factor.digest_of_recovery_code(person.id, recovery_code_of(name, number)) for number in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_digest=digest, made_at=at) for digest in digests)
    db.session.flush()


def make_class(professor: Visitor, institution: Institution, title: str, **more: object) -> CourseClass:
    """Return a class on every module of the series, taught by ``professor``."""
    series = current_series()
    course = adaptation.make_course(
        institution_id=institution.id,
        title=title,
        slugs=[m.slug for m in series.modules if m.kind == "module"],
        language=series.source,
        person_id=professor.id,
    )
    return class_service.open_class(
        edition=publish_edition(course, person_id=professor.id),
        institution=institution,
        title=title,
        timezone=institution.timezone,
        starts_on=more.pop("starts_on", date(2020, 1, 1)),
        ends_on=more.pop("ends_on", date(2099, 12, 31)),
        professor=professor,
        **more,
    )
