"""Publishing a course from its page: what it changed becomes its next edition."""

from elearn import audit
from elearn.accounts.permissions import Visitor
from elearn.adaptation.edition_service import publish_edition
from elearn.adaptation.models import Course, Edition
from elearn.adaptation.publication_queries import unpublished_of
from elearn.db import db


def publish_course(visitor: Visitor, course: Course) -> Edition | None:
    """Return the locked course's next edition; None, and nothing is published, where it would be the same again."""
    if unpublished_of([course])[course.id].is_nothing:
        return None
    edition = publish_edition(course, person_id=visitor.id)
    db.session.flush()
    audit.record(
        "publish-edition",
        "course",
        course.id,
        actor_id=visitor.id,
        institution_id=course.institution_id,
        details={"edition": edition.number},
    )
    return edition
