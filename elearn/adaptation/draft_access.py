"""The door to the sections of courses, for those who may write them."""

from elearn.accounts.permissions import Visitor
from elearn.adaptation.course_access import check_may_read, module_for_editing
from elearn.adaptation.draft_queries import EditedSection, edited_section
from elearn.errors import NotFound


def section_for_editing(visitor: Visitor, course_id: int, slug: str, key: str, *, writing: bool = False) -> EditedSection:
    """Return a section of a course that the visitor may change, for ``writing`` with the course locked."""
    course, module = module_for_editing(visitor, course_id, slug, writing=writing)
    edited = edited_section(course, module, key)
    if edited is None:
        raise NotFound
    check_may_read(visitor, edited.section.head["audience"])
    return edited
