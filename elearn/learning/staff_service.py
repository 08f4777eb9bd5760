"""What changes who teaches a class: its professors and assistants."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import audit, clock, throttle
from elearn.accounts import queries as accounts
from elearn.accounts.models import Person
from elearn.db import db
from elearn.errors import Conflict, Invalid
from elearn.learning.class_service import lock
from elearn.learning.enrolment_service import act, end_place, places_of
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.service import enrol
from elearn.learning.staff_queries import is_confirmed_professor
from elearn.learning.terms import UNDO_FOR

#: Addresses of nobody that one person may try: otherwise one could ask who has an account.
UNKNOWN_ADDRESSES, ADDRESSES_WINDOW = 20, timedelta(hours=1)
ROLES = ("professor", "assistant")


def person_to_add(address: str, *, asked_by: int) -> Person:
    """Return whose verified address this is; raise Invalid, saying what to do, where it is nobody's."""
    throttle.check("staff-address", str(asked_by), limit=UNKNOWN_ADDRESSES, window=ADDRESSES_WINDOW)
    person = accounts.verified_owner(address.strip().lower())
    if person is None or person.deactivated_at is not None or person.erased_at is not None:
        throttle.spend("staff-address", str(asked_by), limit=UNKNOWN_ADDRESSES, window=ADDRESSES_WINDOW)
        message = _(
            "Nobody has confirmed this address as theirs. Ask your colleague to sign up here, to confirm the address by the mail that is "
            "sent to it, and to tell you which address that is; then add them again.",
        )
        raise Invalid(message, {"email": message})
    return person


def add_staff(course_class: CourseClass, person: Person, role: str, *, by_id: int) -> bool:
    """Make the person professor or assistant of the class; return whether they gave up a student's place for it."""
    if role not in ROLES:
        message = _("Choose what your colleague is to be.")
        raise Invalid(message, {"role": message})
    if role == "professor" and not is_confirmed_professor(person.id, course_class.institution_id):
        message = _(
            "%(name)s is not confirmed as a professor of this institution. Ask them to request that on their account's page; its "
            "coordinator confirms them. Until then you can add them as an assistant.",
            name=person.name,
        )
        raise Invalid(message, {"email": message})
    return place_as(course_class, person, role, by_id=by_id)


def place_as(course_class: CourseClass, person: Person, role: str, *, by_id: int) -> bool:
    """Give the person this place in the class instead of the one they have; return whether that was a student's."""
    now = next((place for place in places_of(course_class.id, person.id) if place.ended_at is None), None)
    was_student = now is not None and now.role == "student"
    if now is not None:
        if now.role in {role, "professor"}:
            message = _("%(name)s is staff of this class already.", name=person.name)
            raise Invalid(message, {"email": message})
        end_place(course_class, now, "withdrawn", by_id=by_id)
    enrolment_id = enrol(course_class, person.id, person.name, role, by_id=by_id)
    if enrolment_id is None:
        raise Conflict(_("Somebody has added %(name)s at the same moment.", name=person.name))
    audit.record(
        "add-staff",
        "class",
        course_class.id,
        actor_id=by_id,
        institution_id=course_class.institution_id,
        details={"person": person.id, "role": role, "was_student": was_student},
    )
    return was_student


def remove_staff(course_class: CourseClass, enrolment: Enrolment, *, by_id: int) -> None:
    """End a place among the staff, dated; the last professor stays."""
    # First the class, so that two professors cannot remove each other at the same moment.
    lock(course_class)
    db.session.refresh(enrolment, with_for_update=True)
    if enrolment.ended_at is not None:
        raise Conflict(_("This person is no longer staff of this class."))
    if enrolment.role == "professor" and _count_of_professors(course_class.id) < 2:  # noqa: PLR2004 (this one, and another)
        raise Conflict(_("A class needs a professor. Add another one first, or ask your coordinator to hand the class on."))
    end_place(course_class, enrolment, "left" if enrolment.person_id == by_id else "withdrawn", by_id=by_id)
    act(course_class, enrolment, "remove-staff", by_id, role=enrolment.role)


def _count_of_professors(class_id: int) -> int:
    """Return how many professors a class has who can still sign in."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Enrolment)
            .join(Person, Person.id == Enrolment.person_id)
            .where(
                Enrolment.class_id == class_id,
                Enrolment.role == "professor",
                Enrolment.ended_at.is_(None),
                Person.deactivated_at.is_(None),
                Person.erased_at.is_(None),
            ),
        )
        or 0
    )


def bring_staff_back(course_class: CourseClass, enrolment: Enrolment, *, by_id: int) -> None:
    """Undo ``remove_staff``, soon after it: a new place begins, since it counts from when to when somebody taught."""
    if enrolment.ended_at is None:
        return
    if clock.now() > enrolment.ended_at + UNDO_FOR or enrolment.person_id is None:
        raise Conflict(_("It is too late to undo this. Add the person again instead."))
    if enrol(course_class, enrolment.person_id, enrolment.name, enrolment.role, by_id=by_id) is not None:
        act(course_class, enrolment, "bring-staff-back", by_id, role=enrolment.role)
