"""The doors to a course's handbook and slides, for those who may change the course."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from elearn.accounts.permissions import Visitor
from elearn.adaptation.course_access import check_may_read, course_for_editing
from elearn.adaptation.course_queries import adapted_modules
from elearn.adaptation.handbook_queries import edition_book, titles_of
from elearn.adaptation.handbook_service import draft_book
from elearn.adaptation.handbook_texts import Book, Wanted
from elearn.adaptation.models import Course, Edition
from elearn.db import db
from elearn.errors import Invalid, NotFound

#: So many letters of a course are laid out in one document; a module of the series has some 150,000.
LARGEST = 12_000_000


def edition_for_handbook(visitor: Visitor, course_id: int, number: int | None) -> tuple[Course, Edition | None]:
    """Return a course that the visitor may change, with its edition of this number; None: the course as it stands."""
    course = course_for_editing(visitor, course_id)
    if number is None:
        return course, None
    edition = db.session.scalars(select(Edition).where(Edition.course_id == course_id, Edition.number == number)).one_or_none()
    if edition is None:
        raise NotFound
    return course, edition


def modules_offered(course: Course, edition: Edition | None) -> Sequence[tuple[str, str]]:
    """Return the modules that can be taken, in order, by slug and title."""
    return titles_of(edition) if edition else [(module.slug, module.source.title) for module in adapted_modules(course)]


def book_for_reading(visitor: Visitor, course_id: int, number: int | None, wanted: Wanted) -> Book:
    """Return what is wanted of a course; what is for teachers only where the visitor may read it."""
    course, edition = edition_for_handbook(visitor, course_id, number)
    if wanted.is_for_teachers:
        check_may_read(visitor, "teacher")
    book = edition_book(course, edition, wanted) if edition else draft_book(course, wanted)
    if sum(len(section.html) for module in book.modules for section in module.sections) > LARGEST:
        raise Invalid(_("This is too much for one document. Please choose fewer modules."))
    return book
