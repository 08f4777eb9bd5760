"""Wordings of the professor's own that an update is taken with: looked at by the compiler before they are kept."""

from collections.abc import Mapping

from flask_babel import gettext as _

from elearn.adaptation.models import Course
from elearn.adaptation.picture_queries import course_pictures
from elearn.adaptation.update_labels import may_be_worded
from elearn.adaptation.update_merge_queries import Update
from elearn.catalogue.passage_queries import desk_of
from elearn.catalogue.passages import look

#: A passage in somebody's own wording, in characters.
LONGEST_PASSAGE = 20_000


def faults_of(course: Course, update: Update, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is wrong with wordings of the professor's own, by key of the question; each fault names its line."""
    keys = [section.key for section in update.after.sections]
    desk = course_pictures(course.id).beside(desk_of(update.upstream.revision_id, course.language), keys) if texts else None
    found: dict[str, list[str]] = {}
    for question in update.questions:
        text = texts.get(question.key)
        if text is None or desk is None:
            continue
        if not may_be_worded(question):
            found[question.key] = [_("Choose one of the two: this cannot be worded here.")]
        elif not text.strip():
            found[question.key] = [_("Write your wording, or choose one of the others.")]
        elif len(text) > LONGEST_PASSAGE:
            found[question.key] = [_("This is longer than %(most)s characters.", most=LONGEST_PASSAGE)]
        elif faults := look(desk, text).errors:
            found[question.key] = [_("Line %(line)s: %(fault)s", line=fault.line, fault=fault.message) for fault in faults]
    return found
