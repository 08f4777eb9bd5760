"""Who may change a course."""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from elearn import audit, throttle
from elearn.accounts import queries as accounts
from elearn.accounts.models import Membership, Person
from elearn.accounts.permissions import Visitor
from elearn.adaptation.models import Course, CourseProfessor
from elearn.adaptation.service import share_course
from elearn.db import db
from elearn.errors import Conflict, Invalid, NotFound

#: Addresses of nobody that one person may try: otherwise one could ask who has an account.
UNKNOWN_ADDRESSES, ADDRESSES_WINDOW = 20, timedelta(hours=1)


def add_colleague(visitor: Visitor, course: Course, address: str) -> Person:
    """Return the professor of the course's institution whose address this is, who may change the course from now on."""
    throttle.check("colleague-address", str(visitor.id), limit=UNKNOWN_ADDRESSES, window=ADDRESSES_WINDOW)
    person = accounts.verified_owner(address.strip().lower())
    if person is None or not _teaches_there(person, course):
        throttle.spend("colleague-address", str(visitor.id), limit=UNKNOWN_ADDRESSES, window=ADDRESSES_WINDOW)
        message = _(
            "No professor of this institution has confirmed this address as theirs. Ask your colleague to sign up here as a professor "
            "of it, to confirm the address by the mail that is sent to it, and to tell you which address that is; then add them again.",
        )
        raise Invalid(message, {"email": message})
    _add(visitor, course, person.id)
    return person


def _teaches_there(person: Person, course: Course) -> bool:
    """Return whether the person is, or has asked to be, a professor of the course's institution, and can sign in."""
    asked = select(Membership.id).where(
        Membership.person_id == person.id,
        Membership.institution_id == course.institution_id,
        Membership.role == "professor",
        Membership.state.in_(("confirmed", "requested")),
        Membership.ended_at.is_(None),
    )
    return person.deactivated_at is None and person.erased_at is None and db.session.scalar(asked.limit(1)) is not None


def _add(visitor: Visitor, course: Course, person_id: int) -> None:
    if db.session.get(CourseProfessor, (course.id, person_id)):
        return
    share_course(course.id, person_id)
    _record("share-course", visitor, course, person_id)


def remove_colleague(visitor: Visitor, course: Course, person_id: int) -> Person:
    """Return the person who may change the locked course no more; the last who can stays."""
    person = db.session.get(Person, person_id)
    if person is None or db.session.get(CourseProfessor, (course.id, person_id)) is None:
        raise NotFound
    others = (
        select(func.count())
        .select_from(CourseProfessor)
        .join(Person, Person.id == CourseProfessor.person_id)
        .where(CourseProfessor.course_id == course.id, Person.id != person_id, Person.deactivated_at.is_(None), Person.erased_at.is_(None))
    )
    if not db.session.scalar(others):
        raise Conflict(_("A course needs somebody who can change it. Add a colleague first."))
    db.session.execute(delete(CourseProfessor).where(CourseProfessor.course_id == course.id, CourseProfessor.person_id == person_id))
    _record("unshare-course", visitor, course, person_id)
    return person


def bring_colleague_back(visitor: Visitor, course: Course, person_id: int) -> None:
    """Undo ``remove_colleague``: only somebody who is a professor of the institution comes back."""
    person = db.session.get(Person, person_id)
    if person is None or not _teaches_there(person, course):
        raise NotFound
    _add(visitor, course, person_id)


def _record(action: str, visitor: Visitor, course: Course, person_id: int) -> None:
    audit.record(
        action, "course", course.id, actor_id=visitor.id, institution_id=course.institution_id, details={"person": person_id}
    )  # fmt: skip
