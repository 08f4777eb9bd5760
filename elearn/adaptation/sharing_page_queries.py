"""What the page says on which a course is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elearn.adaptation.course_list_queries import count_of_editions
from elearn.adaptation.licence_labels import licence_called
from elearn.adaptation.licence_queries import licence_of
from elearn.adaptation.models import Course
from elearn.adaptation.sharing_queries import Adapter, Sharing, adapters_of, institutions_found, sharing_of


@dataclass(frozen=True)
class SharingPage:
    """A course, as far as others have to do with it."""

    sharing: Sharing
    editions: int
    adapters: Sequence[Adapter]
    #: Institutions whose name was searched.
    found: Sequence[Any]
    licence: str


def sharing_page(course: Course, words: str) -> SharingPage:
    """Return what is said of a course's sharing, with institutions whose name holds ``words``; five statements at most."""
    found = institutions_found(course.id, words) if words else ()
    licence = licence_called(licence_of(course))
    return SharingPage(sharing_of(course.id), count_of_editions(course.id), adapters_of(course.id), found, licence)
