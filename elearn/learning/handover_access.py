"""The door to classes that one answers for without teaching them: a coordinator's."""

from dataclasses import dataclass

from sqlalchemy import select

from elearn.accounts.access import institutions_for_confirming
from elearn.accounts.models import Institution
from elearn.accounts.permissions import Permission, Visitor, may
from elearn.adaptation.queries import EditionContents, edition
from elearn.db import db
from elearn.errors import NotFound
from elearn.learning.models import CourseClass


@dataclass(frozen=True)
class CoordinatedClass:
    """A class as a coordinator of its institution sees it."""

    course_class: CourseClass
    institution: Institution
    edition: EditionContents


def institutions_for_handing_on(visitor: Visitor) -> list[int] | None:
    """Return at which institutions ``visitor`` hands classes on: where they answer for its people; None: everywhere."""
    return institutions_for_confirming(visitor)


def class_for_handing_on(visitor: Visitor, class_id: int) -> CoordinatedClass:
    """Return a class of an institution for whose people ``visitor`` answers; not there and not theirs are the same."""
    row = db.session.execute(
        select(CourseClass, Institution).join(Institution, Institution.id == CourseClass.institution_id).where(CourseClass.id == class_id),
    ).first()
    if row is None or not may(visitor, Permission.CONFIRM_PEOPLE, row[1].id):
        raise NotFound
    return CoordinatedClass(row[0], row[1], edition(row[0].edition_id))
