"""Handing a class, with its course, on to another professor."""

from flask_babel import gettext as _
from sqlalchemy import select

from elearn import audit
from elearn.accounts.models import Person
from elearn.accounts.permissions import Visitor
from elearn.adaptation import service as adaptation
from elearn.db import db
from elearn.errors import Conflict, Invalid
from elearn.learning.class_service import lock
from elearn.learning.enrolment_service import end_place
from elearn.learning.letter_service import tell
from elearn.learning.models import CourseClass, Enrolment
from elearn.learning.staff_queries import is_confirmed_professor
from elearn.learning.staff_service import place_as


def hand_on(
    course_class: CourseClass, course_id: int, person_id: int, coordinator: Visitor, *, ends_present: bool
) -> tuple[Person, list[str]]:
    """Make a confirmed professor of the institution professor of the class and of its course.

    ``ends_present``: instead of those who are professors of it now.
    Return who it is now, and the names of those whose place ended. Everybody concerned is written to.
    """
    lock(course_class)
    person = db.session.get(Person, person_id)
    if person is None or person.deactivated_at or person.erased_at or not is_confirmed_professor(person_id, course_class.institution_id):
        message = _("Choose a confirmed professor of this institution.")
        raise Invalid(message, {"person": message})
    present = _professors(course_class.id)
    others = [place for place in present if place.person_id != person_id]
    is_new = len(others) == len(present)
    if not is_new and not (ends_present and others):
        raise Conflict(_("%(name)s is a professor of this class already.", name=person.name))
    if is_new:
        place_as(course_class, person, "professor", by_id=coordinator.id)
    adaptation.share_course(course_id, person_id)
    ended = others if ends_present else []
    for place in ended:
        end_place(course_class, place, "withdrawn", by_id=coordinator.id)
    ended_ids = [place.person_id for place in ended if place.person_id is not None]
    adaptation.unshare_course(course_id, ended_ids)
    audit.record(
        "hand-on-class",
        "class",
        course_class.id,
        actor_id=coordinator.id,
        institution_id=course_class.institution_id,
        details={"to": person_id, "course": course_id, "ended": ended_ids},
    )
    _tell(course_class, person, ended_ids, coordinator)
    return person, [place.name for place in ended]


def _professors(class_id: int) -> list[Enrolment]:
    """Return the places of a class's professors, locked."""
    here = (Enrolment.class_id == class_id, Enrolment.role == "professor", Enrolment.ended_at.is_(None))
    return list(db.session.scalars(select(Enrolment).where(*here).order_by(Enrolment.id).with_for_update()))


def _tell(course_class: CourseClass, person: Person, ended_ids: list[int], coordinator: Visitor) -> None:
    named = {"name": coordinator.name, "title": course_class.title}
    words = _("%(name)s, who coordinates your institution, has handed the class “%(title)s” and its course on to you.", **named)
    subject = _("You teach in “%(title)s”", title=course_class.title)
    tell([person.id], course_class, subject, words, path=f"/teach/classes/{course_class.id}/")
    if ended_ids:
        subject = _("You no longer teach in “%(title)s”", title=course_class.title)
        words = _("%(name)s, who coordinates your institution, has handed the class “%(title)s” on to somebody else.", **named)
        tell(ended_ids, course_class, subject, words, path="/home")
