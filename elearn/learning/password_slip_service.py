"""What changes slips for passwords: a professor makes one for a student, who chooses a new password with it."""

from datetime import datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from elearn import audit, clock, throttle
from elearn.accounts import in_person_service
from elearn.accounts.models import Person
from elearn.accounts.permissions import Visitor
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotAllowed
from elearn.learning import slip_queries as queries
from elearn.learning.models import CourseClass, Enrolment, Slip
from elearn.learning.roster_labels import password_changed_notice, password_slip_notice
from elearn.learning.slip_service import opens_nothing
from elearn.mail import Letter, post

LASTS = timedelta(hours=48)
#: A class loses some passwords over the holidays; a professor who needs more asks a coordinator.
SLIPS_PER_HOUR = 30


def make_password_slip(course_class: CourseClass, place: Enrolment, visitor: Visitor) -> Slip:
    """Return a slip with which the student of ``place`` may choose a new password within two days; earlier ones are revoked.

    Raise NotAllowed for whoever is more than a student anywhere: a professor must not come into a colleague's account by it.
    """
    throttle.spend("password-slip", str(visitor.id), limit=SLIPS_PER_HOUR, window=timedelta(hours=1))
    # The count ended the transaction: what was read before is read anew, and held.
    student = db.session.scalars(select(Person).where(Person.id == place.person_id).with_for_update(key_share=True)).one()
    _check_is_student(student)
    if not queries.took_it_themselves(place):
        raise NotAllowed(_("This student was put into the class by a roster. They get a new password by mail, from “Sign in”."))
    at = clock.now()
    _revoke_password_slips(student.id, at)
    slip = Slip(kind="password", enrolment_id=place.id, made_by_id=visitor.id, made_at=at, expires_at=at + LASTS)
    db.session.add(slip)
    db.session.flush()
    slip.code_digest = queries.digest_of(queries.code_of(slip.id, slip.enrolment_id, slip.made_at))
    audit.record(
        # Coordinators read of the class, and not which student: they see numbers, never names.
        "make-password-slip",
        "enrolment",
        place.id,
        actor_id=visitor.id,
        institution_id=course_class.institution_id,
        details={"class": course_class.id, "slip": slip.id},
    )
    base = current_app.config["BASE_URL"].rstrip("/")
    subject, body = password_slip_notice(name=student.name, professor=visitor.name, title=course_class.title, url=f"{base}/account")
    post([Letter(address, subject, body, student.id) for address in queries.verified_addresses(student.id)], about="slip", about_id=slip.id)
    return slip


def _check_is_student(person: Person) -> None:
    if person.deactivated_at is not None or person.erased_at is not None:
        raise Conflict(_("This account does not work any more. Ask a coordinator."))
    if queries.holds_office(person.id):
        message = _("This person is more than a student, so nobody makes slips for them: they get a new password by mail, from “Sign in”.")
        raise NotAllowed(message)


def _revoke_password_slips(person_id: int, at: datetime) -> None:
    theirs = select(Enrolment.id).where(Enrolment.person_id == person_id)
    old = update(Slip).where(Slip.kind == "password", queries.is_live(), Slip.enrolment_id.in_(theirs)).values(revoked_at=at)
    db.session.execute(old.execution_options(synchronize_session=False))


def use_password_slip(typed: str, password_hash: str) -> Person:
    """Return the person whose password is now the one hashed; every sign-in of theirs is over, and a second factor is asked as before."""
    at, opened = clock.now(), queries.slip_opened_by(typed)
    if opened is None or opened.slip.kind != "password" or opened.place.person_id is None:
        raise opens_nothing()
    if opened.slip.expires_at <= at:
        message = _("This slip is too old; ask your professor for a new one.")
        raise Invalid(message, {"code": message})
    person = db.session.scalars(select(Person).where(Person.id == opened.place.person_id).with_for_update(key_share=True)).one()
    if person.deactivated_at is not None or person.erased_at is not None or queries.holds_office(person.id):
        raise opens_nothing()
    used = (
        update(Slip)
        .where(Slip.id == opened.slip.id, queries.is_live())
        .values(used_at=at, used_by_id=person.id)
        .returning(Slip.id)
        .execution_options(synchronize_session=False)
    )
    if db.session.scalar(used) is None:
        raise opens_nothing()
    in_person_service.replace_password(person, password_hash)
    audit.record("set-password", "person", person.id, actor_id=person.id, details={"slip": opened.slip.id})
    subject, body = password_changed_notice(name=person.name)
    post([Letter(address, subject, body, person.id) for address in queries.verified_addresses(person.id)])
    return person
