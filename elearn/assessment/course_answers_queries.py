"""What students in the classes on a course have answered: for whoever is about to change the course's questions."""

from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, select, tuple_

from elearn.adaptation.given_answers import GivenAnswers
from elearn.adaptation.models import Edition
from elearn.assessment.models import Answer, Attempt
from elearn.catalogue.models import Item, ItemRevision
from elearn.db import db
from elearn.learning.models import CourseClass


def answers_on_course(course_id: int, items: Mapping[int, Collection[str]]) -> dict[int, GivenAnswers]:
    """Return by module how many answers were given to these questions, in whatever state they were asked; two statements."""
    classes = select(CourseClass.id).join(Edition, Edition.id == CourseClass.edition_id).where(Edition.course_id == course_id)
    asked = [(module_id, key) for module_id, keys in items.items() for key in keys]
    # An answer that was changed is one answer.
    given = (
        select(Attempt.module_id, Attempt.id, ItemRevision.item_id)
        .join(Answer, Answer.attempt_id == Attempt.id)
        .join(ItemRevision, ItemRevision.id == Answer.item_revision_id)
        .join(Item, Item.id == ItemRevision.item_id)
        .where(Attempt.class_id.in_(classes), Attempt.module_id.in_(items), tuple_(Item.module_id, Item.key).in_(asked))
        .distinct()
        .subquery()
    )
    answers = _counts(select(given.c.module_id, func.count()).group_by(given.c.module_id))
    under_way = _counts(
        select(Attempt.module_id, func.count())
        .where(Attempt.class_id.in_(classes), Attempt.module_id.in_(items), Attempt.finished_at.is_(None))
        .group_by(Attempt.module_id),
    )
    return {module_id: GivenAnswers(answers.get(module_id, 0), under_way.get(module_id, 0)) for module_id in items}


def _counts(asked: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(asked)}
