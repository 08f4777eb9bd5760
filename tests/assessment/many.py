"""Many students who take a quiz."""

from sqlalchemy import select

from elearn.accounts import service as accounts
from elearn.assessment.access import quiz_in_class
from elearn.assessment.attempt_access import attempt_for_taking
from elearn.assessment.queries import LaidItem, laid_items
from elearn.assessment.responses import Given
from elearn.assessment.service import save_answers
from elearn.assessment.start_service import start_attempt
from elearn.assessment.submit_service import submit_attempt
from elearn.catalogue.models import Item
from elearn.db import db
from elearn.learning import service as learning
from elearn.learning.models import CourseClass
from tests.assessment.conftest import SLUG, right_response, wrong_response
from tests.cast import visitor_of


def add_students(class_id: int, count: int, name: str = "Student") -> list[int]:
    """Put so many new students into a class; call it inside a unit of work."""
    course_class = db.session.get_one(CourseClass, class_id)
    people = []
    for number in range(count):
        email = f"{name.lower()}-{class_id}-{number}@example.org"
        person = accounts.sign_up(name=f"{name} {number}", email=email, password_hash="", role=None, institution_id=None, is_verified=True)
        learning.enrol(course_class, person.id, person.name, "student")
        people.append(person.id)
    return people


def take(person_id: int, class_id: int, responses=right_response, *, submit: bool = True) -> int:
    """Have a person take the quiz of a class; call it inside a unit of work. ``responses``: what to answer an item; None: nothing."""
    visitor = visitor_of(person_id)
    attempt_id = start_attempt(visitor, quiz_in_class(visitor, class_id, SLUG))
    attempt = attempt_for_taking(visitor, attempt_id)
    answers = [(item, responses(item)) for item in laid_items(attempt.layout)]
    kept = save_answers(attempt, [Given(item.key, response) for item, response in answers if response is not None])
    if submit:
        submit_attempt(attempt, kept.standing)
    return attempt_id


def first_right(count: int):
    """Return what answers the first so many items of the module rightly, by key, and the others wrongly."""

    def respond(item: LaidItem):
        return right_response(item) if item.pinned.item_id in first else wrong_response(item)

    first = sorted(db.session.scalars(select(Item.id)))[:count]
    return respond
